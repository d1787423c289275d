"""How each table hides small groups: every table does, row by row, unless it is declared otherwise here.

What is not of the form of `tables.count` cannot be hidden so, and is refused while small groups are hidden.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from core.measures.columns import columns_of
from core.strategy.audience import moves
from core.views import tables

Build = Callable[..., Any]


@dataclass(frozen=True)
class Disclosure:
    """How a table hides small groups (`suppress.shown`), or the `reason` why it is handed out as it is.

    `cells` says whether each row is a group that is shown. `whole` makes the table of everybody by the first key,
    for a table that leaves some of them out.
    """

    cells: bool = True
    whole: Build | None = None
    reason: str = ""


BY_ROW: Final = Disclosure()
DECLARED: Final[Mapping[Build, Disclosure]] = {
    tables.ages: Disclosure(cells=False),  # a box is of all ages of a segment
    tables.age_by_value: Disclosure(whole=tables.by_cluster),  # it leaves out those of unknown age or value
    tables.totals: Disclosure(reason="`kpis.kpis` hides each figure; a page of few customers ends before it."),
    tables.places: Disclosure(reason="It is added up by state and by region, and these are hidden (`maps.by_state`)."),
    tables.measured: Disclosure(reason="It counts nobody: it says in how many decimals a number is summed."),
    columns_of: Disclosure(reason="It counts nobody: it names columns and their values, as the filters offer them."),
    moves: Disclosure(reason="Only sums of its rows are shown: `Analysis.hides` says which may be."),
}


def refused(build: Build) -> TypeError:
    """The error of a table that is neither declared nor of a form that can be hidden."""
    name = getattr(build, "__qualname__", build)
    return TypeError(
        f"What {name} makes may tell of few customers: count by `tables.count`, or declare it in DECLARED."
    )


def disclosure_of(build: Build) -> Disclosure:
    """How the table that `build` makes hides small groups: row by row unless it is declared otherwise."""
    return DECLARED.get(build, BY_ROW)
