"""Choices of how a visual shows customers, which the analyst makes beside its title."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from core.customer_base import CustomerBase
from core.schema import FILTERS
from core.visuals.choices import PICKED
from core.visuals.described import described
from core.visuals.segmented import SegmentedCustomers

BEST: Final = ""  # the choice that follows the data: the best category there is
AUTOMATIC: Final = "Automatic"  # its text


@dataclass(frozen=True)
class Option:
    """A choice that a visual offers; `SegmentedCustomers.picks` has what was picked, by `key`.

    Parameters
    ----------
    key : str
        Its name in the session and in links, where the text of what was picked stands beside it.
    label : str
        What is chosen: `Map by`.
    texts : callable
        Value → text of everything that customers of a base could be offered.
    possible : callable
        The values that there are; the first one is shown unless another is picked. None or one is no choice.
    changes_column : bool
        Whether a mark stands for values of another column under another choice, so that clicks do not outlive it.
    """

    key: str
    label: str
    texts: Callable[[CustomerBase], Mapping[str, str]]
    possible: Callable[[SegmentedCustomers], Sequence[str]]
    changes_column: bool = False

    def chosen(self, of: SegmentedCustomers) -> str:
        """The value that is shown: what was picked, if it is possible; empty where nothing is."""
        possible, picked = self.possible(of), of.picks.get(self.key, "")
        return picked if picked in possible else next(iter(possible), "")


def of_category(placeholder: str, label: str) -> Option:
    """The choice of the category that a placeholder stands for, one of `choices.PICKED`."""

    def possible(of: SegmentedCustomers) -> Sequence[str]:
        found = of.choices.options[placeholder]
        return [BEST, *(name for name in of.study.categories if name in found)] if len(found) > 1 else []

    return Option(
        PICKED[placeholder], label, lambda study: {BEST: AUTOMATIC, **labels([*study.categories], study)}, possible,
        changes_column=True,
    )  # fmt: skip


def labels(names: Sequence[str], study: CustomerBase) -> dict[str, str]:
    """Column → its label, and its name too where two share one."""
    found: dict[str, str] = {}
    for name in names:
        column = described(name, study)
        label = column.label if column else FILTERS.get(name, name)
        found[name] = f"{label} ({name})" if label in found.values() else label
    return found
