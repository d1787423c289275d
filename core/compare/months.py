"""A month beside an earlier one: each figure with its change and interval, and who became mass affluent or left."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from math import isnan, nan
from typing import Final

import numpy as np
import pandas as pd

from core.figures import between, coefficient, count, share
from core.months.dates import written
from core.months.month import WEALTH, Month
from core.months.moves import Moves, points
from core.schema import CLUSTER, HIGH_POTENTIAL, ID, MASS_AFFLUENT, NO_SEGMENT, NOT_CLUSTERED, OUTLIERS, YES_NO
from core.segments.refresh import GONE, NEW, places_of, then_and_now, with_ids_of
from core.strategy.rates import change
from core.views import tables
from core.views.suppress import MINIMUM

CUSTOMERS: Final = "customers"
AFFLUENT: Final = "mass_affluent"
SEGMENT_SHARE: Final = "segment_share"
TITLES: Final[Mapping[str, str]] = {  # figure → its title; a share is of those known
    CUSTOMERS: "Customers",
    AFFLUENT: "Mass affluent",
    "high_potential": "High potential",
    SEGMENT_SHARE: "Share of the customers",
}
OF_FLAG: Final[Mapping[str, str]] = {MASS_AFFLUENT: AFFLUENT, HIGH_POTENTIAL: "high_potential"}
CHANGES: Final = ["figure", "segment", "before", "after", "change", "low", "high"]
GROUP_KEYS: Final = {"not_clustered": NOT_CLUSTERED, "outliers": OUTLIERS}  # KPIs that are the share of such a group
BECAME, CEASED = "Became mass affluent", "No longer mass affluent"
ARRIVED, LEFT = "New, and mass affluent", "Gone, and was mass affluent"
ROSE, FELL, SAME, NOT_KNOWN = "rose", "fell", "as before", "not known in both"
REASON: Final = "reason"
PEOPLE: Final = [ID, "what", "segment_before", "segment_after", "wealth_before", "wealth_after", REASON]
YES, NO = YES_NO[:2]
Match = tuple[pd.DataFrame, np.ndarray]
Row = tuple[str, str, float, float, float, float, float]  # of `Changes.table`


@dataclass(frozen=True, eq=False)
class Changes:
    """The figures of two months.

    `table` has a row per figure of `TITLES` and segment (empty for all customers): before, after (a number of
    customers, else a share), change, low and high (95% interval of the change; NaN for a number of customers, which is
    counted, not estimated). A share that is unknown in one of the months has no row.
    """

    earlier: date
    later: date
    table: pd.DataFrame

    def text(self, figure: str, segment: str = "") -> str:
        """`"+1.2 points since 2024-01 (0.4 to 2.0)"`, or `"+30 since 2024-01"`; empty where it is not known."""
        figure, segment = (SEGMENT_SHARE, GROUP_KEYS[figure]) if figure in GROUP_KEYS else (figure, segment)
        if (figure, segment) not in self._rows.index:
            return ""
        row, since = self._rows.loc[(figure, segment)], f"since {written(self.earlier)}"
        if isnan(row["low"]):
            return f"{'+' if row['change'] > 0 else ''}{count(row['change'])} {since}"
        return f"{points(row['change'])} points {since} ({_interval(row['low'], row['high'])})"

    @cached_property
    def _rows(self) -> pd.DataFrame:
        return self.table.set_index(["figure", "segment"])

    def readable(self, names: Mapping[str, str]) -> pd.DataFrame:
        """The table as texts: figure, before, after, change, interval."""
        rows = [
            (_title(figure, segment, names), *_texts(before, after, by, low, high))
            for figure, segment, before, after, by, low, high in self.table.itertuples(index=False, name=None)
        ]
        return pd.DataFrame(rows, columns=["figure", "before", "after", "change", "interval"])


def changes_between(earlier: Month, later: Month, moves: Moves | None, *, hide: bool = False) -> Changes:
    """The figures of both months with their changes.

    Customers who are in both months make a share's two values correlated: its interval is that of Zou and Donner
    (`rates.difference`), without ids that of two samples (Newcombe). `moves` are those between the months, small groups
    in them. With `hide` only figures stay that give no small group away: the customers, and the mass affluent where
    the moves show them.
    """
    sizes = (earlier.customers, later.customers)
    rows: list[Row] = [(CUSTOMERS, "", *sizes, sizes[1] - sizes[0], nan, nan)]
    if hide:
        rows = rows if min(sizes) >= MINIMUM else []
        rows += _hidden_share(moves)
    else:
        match = _match(earlier, later)
        affluent = _joint(earlier, later, MASS_AFFLUENT, match)
        labels = _labels(earlier, later)
        rows += _flag(affluent, MASS_AFFLUENT, "")
        if HIGH_POTENTIAL in earlier.flags and HIGH_POTENTIAL in later.flags:
            rows += _flag(_joint(earlier, later, HIGH_POTENTIAL, match), HIGH_POTENTIAL, "")
        rows += [row for label in labels for row in _part(affluent, label)]
        rows += [
            row for label in labels if label not in NO_SEGMENT for row in _flag(affluent, MASS_AFFLUENT, label)
        ]  # fmt: skip
    table = pd.DataFrame(rows, columns=CHANGES)
    return Changes(earlier.month, later.month, table)


def people_between(earlier: Month, later: Month) -> pd.DataFrame | None:
    """Each customer who became mass affluent, no longer is, or is new or gone and mass affluent; None without ids.

    Returns
    -------
    DataFrame
        The customer's id, what (`BECAME`, `CEASED`, `ARRIVED`, `LEFT`), segment before and after (empty where absent),
        wealth before and after, reason (whether the measure of wealth rose, fell, is as before or is not known in
        both). It names persons: it must not leave while small groups are hidden.
    """
    match = _match(earlier, later)
    if match is None or later.members is None:
        return None
    then, at = match
    stayed = np.flatnonzero(at >= 0)
    new = np.ones(len(later.members), bool)
    new[at[stayed]] = False
    was, now = (one[MASS_AFFLUENT].astype("str").to_numpy() for one in (then, later.members))
    both_was, both_now = was[stayed], now[at[stayed]]
    nobody = np.empty(0, "int64")
    parts = {
        BECAME: _both(stayed, at, (both_was == NO) & (both_now == YES)),
        CEASED: _both(stayed, at, (both_was == YES) & (both_now == NO)),
        ARRIVED: (nobody, np.flatnonzero(new & (now == YES))),
        LEFT: (np.flatnonzero((at < 0) & (was == YES)), nobody),
    }
    found = [_people(what, then, later.members, *places) for what, places in parts.items()]
    return pd.concat(found, ignore_index=True)


def counted(people: pd.DataFrame) -> pd.DataFrame:
    """How many of `people_between` there are: what, segment (the one they are in, or were in), reason, customers."""
    segment = people["segment_after"].where(people["segment_after"] != "", people["segment_before"])
    table = people.assign(segment=segment).groupby(["what", "segment", REASON], sort=False).size()
    rows = table.rename("customers").reset_index()
    order = [BECAME, CEASED, ARRIVED, LEFT]
    return rows.sort_values(
        ["what", "customers", "segment"], ascending=[True, False, True], ignore_index=True,
        key=lambda column: column.map(order.index) if column.name == "what" else column,
    )  # fmt: skip


def _match(earlier: Month, later: Month) -> Match | None:
    """The customers of the earlier month with their ids as the later spells them, and where each stands there."""
    if earlier.members is None or later.members is None:
        return None
    then, _ = with_ids_of(earlier.members, later.members)
    return then, places_of(then, later.members)


def _joint(earlier: Month, later: Month, flag: str, match: Match | None) -> pd.DataFrame:
    """Customers by segment and flag in both months: a small table of counts; `New` before, `Gone` after."""
    names = [(column, side) for column in (CLUSTER, flag) for side in ("before", "after")]
    if match is None or later.members is None:
        alone = [_alone(earlier, flag).assign(side=0), _alone(later, flag).assign(side=1)]
        table = pd.concat(alone, ignore_index=True)
        for column, side in names:
            here = table["side"].eq(side == "after")
            table[f"{column} {side}"] = table[column].where(here, GONE if side == "after" else NEW)
        return table
    then, at = match
    columns = {}
    for column in (CLUSTER, flag):
        columns[f"{column} before"], columns[f"{column} after"] = then_and_now(then[column], later.members[column], at)
    return tables.count(pd.DataFrame(columns), [*columns])


def _alone(month: Month, flag: str) -> pd.DataFrame:
    """The customers of a month by segment and flag, from its counts."""
    counts, labels = month.counts, month.counts[CLUSTER].astype("str")
    yes, known = counts[f"{flag}_yes"], counts[f"{flag}_known"]
    parts = {YES: yes, NO: known - yes, YES_NO[2]: counts["customers"] - known}
    found = [pd.DataFrame({CLUSTER: labels, flag: value, "customers": part}) for value, part in parts.items()]
    return pd.concat(found, ignore_index=True)


def _labels(earlier: Month, later: Month) -> list[str]:
    labels = {*earlier.counts[CLUSTER].astype("str"), *later.counts[CLUSTER].astype("str")}
    return sorted(labels, key=lambda label: (label in NO_SEGMENT, label.zfill(2)))


def _flag(table: pd.DataFrame, flag: str, label: str) -> list[Row]:
    """The share with a flag, of all customers or of a segment's in each month."""
    of = [table[f"{flag} {side}"].isin((YES, NO)).to_numpy() for side in ("before", "after")]
    if label:
        of = [one & _is(table, CLUSTER, side, label) for one, side in zip(of, ("before", "after"), strict=True)]
    return _share(table, OF_FLAG[flag], label, [_is(table, flag, side, YES) for side in ("before", "after")], of)


def _part(table: pd.DataFrame, label: str) -> list[Row]:
    """The share of a segment, or of a group that is none, of all customers."""
    of = [~_is(table, CLUSTER, "before", NEW), ~_is(table, CLUSTER, "after", GONE)]
    return _share(table, SEGMENT_SHARE, label, [_is(table, CLUSTER, side, label) for side in ("before", "after")], of)


def _is(table: pd.DataFrame, column: str, side: str, value: str) -> np.ndarray:
    found: np.ndarray = table[f"{column} {side}"].astype("str").eq(value).to_numpy()
    return found


def _share(
    table: pd.DataFrame, figure: str, label: str, yes: Sequence[np.ndarray], of: Sequence[np.ndarray]
) -> list[Row]:  # fmt: skip
    """One row, none where nobody counts in one of the months; `yes` and `of` are rows of the table, by month."""
    customers = table["customers"].to_numpy()

    def size(rows: np.ndarray) -> int:
        return int(customers[rows].sum())

    one, other = ((size(yes[at] & of[at]), size(of[at])) for at in (0, 1))
    if not (one[1] and other[1]):
        return []
    both = of[0] & of[1]
    overlap = (size(both), size(both & yes[0]), size(both & yes[1]), size(both & yes[0] & yes[1]))
    by, low, high = change(one, other, overlap)
    return [(figure, label, one[0] / one[1], other[0] / other[1], by, low, high)]


def _hidden_share(moves: Moves | None) -> list[Row]:
    left = moves.hidden if moves else None
    if left is None or left.rates is None or isnan(left.change[0]):
        return []
    before, after = (yes / n for yes, n in left.rates)
    return [(AFFLUENT, "", before, after, *left.change)]


def _both(stayed: np.ndarray, at: np.ndarray, chosen: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The rows of both months of some who stayed."""
    return stayed[chosen], at[stayed[chosen]]


def _people(what: str, then: pd.DataFrame, now: pd.DataFrame, before: np.ndarray, after: np.ndarray) -> pd.DataFrame:
    size = max(len(before), len(after))
    rows = now.iloc[after] if len(after) else then.iloc[before]

    def side(frame: pd.DataFrame, places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        if not len(places):
            return np.full(size, "", object), np.full(size, nan)
        wealth = frame[WEALTH].to_numpy("float64")[places] if WEALTH in frame else np.full(size, nan)
        return frame[CLUSTER].astype("str").to_numpy()[places], wealth

    (segment, wealth), (segment_after, wealth_after) = side(then, before), side(now, after)
    by = wealth_after - wealth
    reason = np.select([by > 0, by < 0, by == 0], [ROSE, FELL, SAME], NOT_KNOWN)
    if what in (ARRIVED, LEFT):
        reason = np.full(size, "", object)
    columns = (rows[ID].to_numpy(), what, segment, segment_after, wealth, wealth_after, reason)
    return pd.DataFrame(dict(zip(PEOPLE, columns, strict=True)))


def _title(figure: str, segment: str, names: Mapping[str, str]) -> str:
    if not segment:
        return TITLES[figure]
    name = segment if segment in NO_SEGMENT else f"{segment} {names.get(segment, '')}".rstrip()
    return name if figure == SEGMENT_SHARE else f"{TITLES[figure]} in {name}"


def _texts(before: float, after: float, by: float, low: float, high: float) -> tuple[str, str, str, str]:
    if isnan(low):
        return count(before), count(after), f"{'+' if by > 0 else ''}{count(by)}", ""
    return share(before), share(after), f"{points(by)} points", _interval(low, high)


def _interval(low: float, high: float) -> str:
    return between(lambda end: coefficient(100 * end, 1), low, high)
