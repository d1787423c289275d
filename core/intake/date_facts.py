"""The facts about a column of dates: order of day and month, and what bare numbers count."""

from collections.abc import Mapping
from typing import Final

import numpy as np

from core.cleaning.date_forms import Order
from core.cleaning.dates import is_half_converted
from core.cleaning.epochs import NO_EPOCH, likeliest_epoch, years_of
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
    bare = own.counts["bare"] and column.name != BIRTH
    epoch = _epoch(own.counts, _birth_years(whole, rules) if bare else np.empty(0), column.name, whole, rules)
    if is_half_converted(own.counts):
        warnings.append(SWAPPED)
    if epoch == NO_EPOCH:
        warnings.append("its numbers make sense as no count of days or seconds, and are set to missing")
    return Fact(date_order=order, epoch=epoch, warnings=tuple(warnings))


def _birth_years(whole: Whole, rules: Rules) -> np.ndarray:
    """The years of birth that the birth dates or the ages say, one for each distinct value."""
    for name in (name for name in (BIRTH, "age", "birth_year") if name in whole.headers):
        counts = whole.votes_of(name).counts
        keys = ["written", _epoch(counts, np.empty(0), name, whole, rules)] if name == BIRTH else [BORN]
        for key in filter(None, keys):
            if len(years := years_of(counts, key)):
                return years
    return np.empty(0)


def _epoch(counts: Mapping[str, int], born: np.ndarray, name: str, whole: Whole, rules: Rules) -> str:
    from_1904 = bool(whole.files.get(name, frozenset()) & whole.from_1904)
    return likeliest_epoch(counts, born, rules.as_of, birth=name == BIRTH, from_1904=from_1904)


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
