"""The KPI cards: a figure each, with what it is a part of."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from core.figures import percent
from core.schema import NOT_CLUSTERED, OUTLIERS
from core.views.summary import counted, of_whom
from core.views.suppress import is_small
from core.views.tables import Totals

HIDDEN: Final = "Hidden"
FEW: Final = "protects a small group"
SHARE_HIDDEN: Final = "share hidden"


@dataclass(frozen=True)
class Card:
    """A figure: what it is, its value, and what it is a part of."""

    label: str
    value: str
    note: str = ""


def kpis(totals: Totals, everybody: int, *, groups: Collection[str] | None = None) -> list[Card]:
    """Customers (of `everybody`), mass affluent, high potential, not clustered, outliers if any.

    Where small groups are hidden, `groups` are those by cluster that may be shown.
    """
    whole, hide = totals.customers, groups is not None
    base = of_whom(whole, everybody)
    cards = [
        Card("Total customers", f"{whole:,}", f"of {everybody:,} in the data"),
        _flag("Total mass affluent", totals.mass_affluent, totals.mass_affluent_known, whole, hide),
        _flag("High potential", totals.high_potential, totals.high_potential_known, whole, hide),
        _part(NOT_CLUSTERED, totals.not_clustered, whole, base, groups),
    ]
    return [*cards, _part(OUTLIERS, totals.outliers, whole, base, groups)] if totals.outliers else cards


def unknown_affluence(totals: Totals, *, hide: bool = False) -> str:
    """How many may or may not be mass affluent, as a sentence; empty if that is known of all."""
    unknown = totals.customers - totals.mass_affluent_known
    if not unknown:
        return ""
    known, yes = totals.mass_affluent_known, totals.mass_affluent
    few = hide and (is_small(unknown, totals.customers) or is_small(yes, known))  # the card beside it tells yes
    number = "Some customers" if few else counted(unknown, "customer")
    return f"{number} may or may not be mass affluent: what the rule needs is missing. Shares are of those known."


def _flag(label: str, yes: int, known: int, whole: int, hide: bool) -> Card:
    if hide and is_small(yes, whole):
        return Card(label, HIDDEN, FEW)
    if hide and (is_small(yes, known) or is_small(known, whole)):
        return Card(label, f"{yes:,}", SHARE_HIDDEN)
    return Card(label, f"{yes:,}" if known else "Unknown", f"{percent(yes, known)} of {known:,} known")


def _part(label: str, part: int, whole: int, base: str, groups: Collection[str] | None) -> Card:
    if part and groups is not None and label not in groups:
        return Card(label, HIDDEN, FEW)
    return Card(label, f"{part:,}", f"{percent(part, whole)} {base}")
