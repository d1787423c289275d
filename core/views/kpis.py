"""The KPI cards: a figure each, with what it is a part of."""

from dataclasses import dataclass
from typing import Final

from core.schema import OUTLIERS
from core.views.summary import counted, percent
from core.views.suppress import MINIMUM, is_small
from core.views.tables import Totals

HIDDEN: Final = "Hidden"


@dataclass(frozen=True)
class Card:
    """A figure: what it is, its value, and what it is a part of."""

    label: str
    value: str
    note: str = ""


def kpis(totals: Totals, everybody: int, *, hide: bool = False) -> list[Card]:
    """Customers (of `everybody`), mass affluent, high potential, not clustered, outliers if any; `hide` few."""
    whole = totals.customers
    cards = [
        Card("Total customers", f"{whole:,}", f"of {everybody:,} in the data"),
        _flag("Total mass affluent", totals.mass_affluent, totals.mass_affluent_known, whole, hide),
        _flag("High potential", totals.high_potential, totals.high_potential_known, whole, hide),
        _part("Not clustered", totals.not_clustered, whole, hide),
    ]
    return [*cards, _part(OUTLIERS, totals.outliers, whole, hide)] if totals.outliers else cards


def unknown_affluence(totals: Totals, *, hide: bool = False) -> str:
    """How many may or may not be mass affluent, as a sentence; empty if that is known of all."""
    unknown = totals.customers - totals.mass_affluent_known
    if not unknown:
        return ""
    few = hide and is_small(unknown, totals.customers)
    number = "A few customers" if few else counted(unknown, "customer")
    return f"{number} may or may not be mass affluent: what the rule needs is missing. Shares are of those known."


def _flag(label: str, yes: int, known: int, whole: int, hide: bool) -> Card:
    if hide and (is_small(yes, known) or is_small(known, whole)):
        return _few(label)
    return Card(label, f"{yes:,}" if known else "Unknown", f"{percent(yes, known)} of {known:,} known")


def _part(label: str, part: int, whole: int, hide: bool) -> Card:
    if hide and is_small(part, whole):
        return _few(label)
    return Card(label, f"{part:,}", f"{percent(part, whole)} of customers")


def _few(label: str) -> Card:
    return Card(label, HIDDEN, f"fewer than {MINIMUM} customers")
