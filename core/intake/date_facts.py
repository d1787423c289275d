"""The facts about a column of dates: order of day and month, and what bare numbers count."""

from typing import Final

import numpy as np

from core.cleaning.date_forms import Order
from core.cleaning.dates import is_half_converted
from core.cleaning.epochs import EPOCHS, likeliest_epoch, possible_epochs, years_of
from core.cleaning.values import Fact
from core.errors import AmbiguousDatesError
from core.intake.votes import BORN, Votes, Whole
from core.rules import Rules
from core.schema import Column

BIRTH: Final = "date_of_birth"
SWAPPED: Final = (
    "real dates have days up to the 12th only, texts later days only: a spreadsheet has probably swapped day and month"
    " of the real ones. Export the dates as text, or as 1980-12-31"
)


def date_fact(own: Votes, column: Column, whole: Whole, rules: Rules) -> Fact:
    """The facts of a column with the votes `own`."""
    order, warnings = _date_order(own, column, whole, rules)
    epoch, other = _epoch(column.name, whole, rules)
    if other:
        labels = EPOCHS[epoch].label, EPOCHS[other].label
        warnings.append(f"its numbers are read as {labels[0]}, but they can be {labels[1]} as well")
    if is_half_converted(own.counts):
        warnings.append(SWAPPED)
    return Fact(date_order=order, epoch=epoch, warnings=tuple(warnings))


def _epoch(name: str, whole: Whole, rules: Rules) -> tuple[str, str]:
    """The epoch of a column and another possible one; the date columns of a file are likely to have the same."""
    shares = _possible(name, whole, rules)
    if shares is None:
        return "", ""
    files = whole.files.get(name, frozenset())
    for other in whole.columns:
        if other.kind == "date" and other.name != name and files & whole.files.get(other.name, frozenset()):
            beside = _possible(other.name, whole, rules)
            shares = {key: share for key, share in shares.items() if key in (beside or shares)} or shares
    return likeliest_epoch(shares, from_1904=bool(files & whole.from_1904))


def _possible(name: str, whole: Whole, rules: Rules) -> dict[str, float] | None:
    """The possible epochs of a column; None where it has no bare number."""
    counts = whole.votes_of(name).counts
    if not counts["bare"]:
        return None
    birth = name == BIRTH
    born = np.empty(0) if birth else _birth_years(whole, rules)
    return possible_epochs(counts, born, rules.as_of, birth=birth)


def _birth_years(whole: Whole, rules: Rules) -> np.ndarray:
    """The years of birth that the birth dates or the ages say, one for each distinct value."""
    for name in (name for name in (BIRTH, "age", "birth_year") if name in whole.headers):
        counts = whole.votes_of(name).counts
        keys = [BORN] if name != BIRTH else ["written"]
        if name == BIRTH and (shares := _possible(name, whole, rules)):
            keys.append(likeliest_epoch(shares, from_1904=False)[0])
        for key in keys:
            if len(years := years_of(counts, key)):
                return years
    return np.empty(0)


def _date_order(own: Votes, column: Column, whole: Whole, rules: Rules) -> tuple[Order, list[str]]:
    """The order that the values prove, or the analyst's answer, or the likelier one."""
    day, month, chosen = own.counts["day_first"], own.counts["month_first"], rules.intake.date_order
    likelier: Order = "month_first" if month > day else "day_first"
    if chosen != "auto":
        if own.counts[chosen] or day == month:
            return chosen, []
        words = likelier.replace("_", " "), chosen.replace("_", " ")
        return likelier, [f"dates are read {words[0]}, which they prove, and not {words[1]} as chosen"]
    if day == month and own.unsure:
        raise AmbiguousDatesError(
            f"Dates such as {own.unsure.strip()} can be read day first and month first.",
            "Say which it is: “Date order” in the sidebar, or --date-order on the command line.",
            file=whole.table,
            column=whole.headers[column.name],
        )
    return likelier, []
