"""The band of the mass affluent, decided by the numbers of all customers: an absolute one, or one of percentiles."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from math import floor
from typing import Final

import numpy as np
import pandas as pd

from core.countries.currencies import band_of
from core.figures import exact
from core.meanings import meaning_of
from core.rules import AUTO_MEASURE, MassAffluent
from core.schema import Column
from core.segments.default_features import MOSTLY_MISSING
from core.segments.raw_values import raw_features
from core.segments.rows import InMemory, PartialSums, Rows, moments
from core.wealth import GIVEN, NO_MEASURE, Wealth, best_first, measure_named, wealth_columns

# Percentiles of a relative band. A bank's mass affluent are the tier below the wealthiest few: the fourth quarter
# from the top, without the top twentieth, whom private banking serves.
RELATIVE: Final = (0.70, 0.95)
# Share of those known that a band may hold: a smaller group bears no strategy of its own, a larger one is most people.
SENSIBLE: Final = (0.05, 0.60)
NEAR: Final = 0.02  # share of the customers by which both ends together may be off, and still go by the percentiles
RowsOf = Callable[[Sequence[str]], Rows]


@dataclass(frozen=True)
class _Measure:
    """A column that can measure wealth: how many customers have it known, of how many."""

    column: Column
    known: int
    customers: int


def in_memory(customers: pd.DataFrame) -> RowsOf:
    """Some columns of customers who are here."""
    return lambda names: InMemory(raw_features(customers, names))


def decide_wealth(
    rows_of: RowsOf,
    columns: Sequence[Column],
    rule: MassAffluent,
    *,
    by_segment: bool = False,
    lost: Mapping[str, str] | None = None,
) -> Wealth:
    """The wealth measure of some customers and its band.

    Parameters
    ----------
    rows_of : callable
        Column names → the rows with these columns, missing where unknown.
    rule : MassAffluent
        What the analyst decided of measure and bounds.
    by_segment : bool
        Whether a column of wealth segments tells who is mass affluent (`flags.knows_segments`).
    lost : mapping of str, optional
        Column → a sentence, if values of the column were lost that were mostly large, or mostly small.
    """
    measures = _measures(rows_of, _possible(columns, rule, by_segment=by_segment))
    if by_segment or not measures:
        return replace(_named(measures), by_segment=by_segment, why=_why_none(rule, by_segment=by_segment))
    found = [_with_band(measures[0], rows_of, rule)]
    while not found[-1].has_band and len(found) < len(measures):
        found.append(_with_band(measures[len(found)], rows_of, rule))
    wealth = found[-1] if found[-1].has_band else found[0]
    return replace(wealth, doubt=(lost or {}).get(wealth.measure, ""))


def _possible(columns: Sequence[Column], rule: MassAffluent, *, by_segment: bool) -> list[Column]:
    """The columns that can measure wealth, best first; the one that the rule names, where the band counts."""
    if rule.measure == AUTO_MEASURE or by_segment:
        return wealth_columns(columns)
    named = measure_named(rule.measure, columns)
    return [named] if named else []


def _measures(rows_of: RowsOf, columns: Sequence[Column]) -> list[_Measure]:
    """Those of the columns that somebody has a number of, best first.

    Of several of one meaning that of most money in most hands: few members of a credit union have a certificate.
    """
    if not columns:
        return []
    rows = rows_of([column.name for column in columns])
    known = rows.partial_sums(_known)
    held = known["held"] / np.maximum(known["known"], 1)
    means = _means(rows, columns, held) if _are_compared(columns) else {}
    place = {column.name: at for at, column in enumerate(best_first(columns, means))}
    measures = [
        _Measure(column, int(known["known"][i]), int(known["rows"][0]))
        for i, column in enumerate(columns)
        if known["known"][i]
    ]
    return sorted(measures, key=lambda one: (one.known < MOSTLY_MISSING * one.customers, place[one.column.name]))


def _are_compared(columns: Sequence[Column]) -> bool:
    """Whether some columns have one meaning, or are assets and balances, of which the larger one is better."""
    meanings = [column.meaning for column in columns]
    return len({*meanings}) < len(meanings) or {"assets", "balance"} <= {*meanings}


def _means(rows: Rows, columns: Sequence[Column], held: np.ndarray) -> dict[str, float]:
    """The mean of each column times the share of customers who have any of it."""
    means = moments(rows).mean * held
    return {column.name: float(f"{mean:.9g}") for column, mean in zip(columns, means, strict=True)}


def _known(block: np.ndarray) -> PartialSums:
    is_known = ~np.isnan(block)
    return {
        "rows": np.array([len(block)]),
        "known": is_known.sum(axis=0),
        "held": (is_known & (block != 0)).sum(axis=0),
    }


def _named(measures: Sequence[_Measure]) -> Wealth:
    """The first measure, as yet without a band."""
    if not measures:
        return Wealth()
    column = measures[0].column
    return Wealth(column.name, column.header, column.meaning, currency=column.currency)


def _why_none(rule: MassAffluent, *, by_segment: bool) -> str:
    if by_segment:
        return "by the wealth segment"
    return NO_MEASURE if rule.measure == AUTO_MEASURE else f"no column is {rule.measure.replace('_', ' ')}"


def _with_band(measure: _Measure, rows_of: RowsOf, rule: MassAffluent) -> Wealth:
    wealth = _named([measure])
    if rule.min_measure is not None and rule.max_measure is not None:
        return replace(wealth, low=rule.min_measure, high=rule.max_measure, why=GIVEN)
    decided = _decided(measure, rows_of([measure.column.name]), wealth)
    if rule.min_measure is not None:
        return replace(decided, low=rule.min_measure, why=f"the lower end {GIVEN}; {decided.why}")
    if rule.max_measure is not None and decided.has_band:
        return replace(decided, high=rule.max_measure, why=f"the upper end {GIVEN}; {decided.why}")
    return decided


def _decided(measure: _Measure, rows: Rows, wealth: Wealth) -> Wealth:
    """The absolute band if it holds a sensible share, else the relative one; no band if that does not either."""
    has_band = meaning_of(measure.column.meaning).has_band
    absolute = band_of(wealth.currency) if has_band else None
    why_not = "no one currency is known" if has_band else ""
    if absolute:
        counts = rows.partial_sums(partial(_inside, *absolute))
        part = int(counts["inside"][0]) / measure.known
        if _is_sensible(part):
            return replace(wealth, low=absolute[0], high=absolute[1], why="usual band of amounts")
        # Without the share itself: that of a few customers would say who they are.
        many = "too few" if part < SENSIBLE[0] else "most"
        why_not = f"{many} have {exact(absolute[0])} to below {exact(absolute[1])}"
    found = _relative(rows, measure.known)
    if found is None:
        return replace(wealth, why=f"{wealth.name} parts the customers into no sensible group, too many are equal")
    if meaning_of(measure.column.meaning).money and found[0] <= 0:
        return replace(wealth, why=f"hardly anybody has more than 0 of {wealth.name}")
    low, high = (f"{end:.0%}"[:-1] for end in RELATIVE)
    usual = f"{low}th to below {high}th percentile"
    why = "; ".join(filter(None, (f"nearest to the {usual}, {found[2]}" if found[2] else usual, why_not)))
    return replace(wealth, low=found[0], high=found[1], relative=True, why=why)


def _is_sensible(part: float) -> bool:
    return SENSIBLE[0] <= part <= SENSIBLE[1]


def _inside(low: float, high: float, block: np.ndarray) -> PartialSums:
    return {"inside": np.array([np.count_nonzero((block >= low) & (block < high))])}


def _relative(rows: Rows, known: int) -> tuple[float, float | None, str] | None:
    """The band whose ends are nearest to the percentiles, and why they are not near; None if no share is sensible.

    Many customers can have one value. So each end may be the value at its percentile or the next one above it, and
    the band may have no upper end.
    """
    (at,) = rows.ranked([[min(floor(end * known), known - 1) for end in RELATIVE]])
    below = rows.partial_sums(partial(_around, at.tolist()))
    lows, highs = (_ends(float(value), below, i, known) for i, value in enumerate(at))
    highs.append((None, 1.0))
    bands = [
        (abs(low_share - RELATIVE[0]) + abs(high_share - RELATIVE[1]), low, high)
        for low, low_share in lows
        for high, high_share in highs
        if low is not None and (high is None or high > low) and _is_sensible(high_share - low_share)
    ]
    if not bands:
        return None
    away, low, high = min(bands, key=lambda band: band[0])
    repeats = any(below[f"equal {i}"][0] > 1 for i in range(len(RELATIVE)))
    return low, high, "" if away <= NEAR else "many are equal" if repeats else "the customers are few"


def _around(values: Sequence[float], block: np.ndarray) -> PartialSums:
    """By each value: how many lie below it, how many are equal, and the next value above."""
    known = block[~np.isnan(block)]
    return {
        name: numbers
        for i, value in enumerate(values)
        for name, numbers in (
            (f"below {i}", np.array([np.count_nonzero(known < value)])),
            (f"equal {i}", np.array([np.count_nonzero(known == value)])),
            (f"least {i}", np.array([known[known > value].min(initial=np.inf)])),
        )
    }


def _ends(value: float, around: Mapping[str, np.ndarray], i: int, known: int) -> list[tuple[float | None, float]]:
    """The value and the next one above, each with the share of those known below it."""
    below, equal, above = (around[f"{name} {i}"][0] for name in ("below", "equal", "least"))
    after: list[tuple[float | None, float]] = [(float(above), (below + equal) / known)] if np.isfinite(above) else []
    return [(value, below / known), *after]
