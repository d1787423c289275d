"""Who moved from which segment to which between two months, who is new or gone, and who became mass affluent."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from math import isnan, nan
from typing import Final

import numpy as np
import pandas as pd
from scipy.linalg import null_space

from core.figures import coefficient, count, percent, share
from core.months.dates import written
from core.months.month import Month
from core.schema import CLUSTER, MASS_AFFLUENT, NO_SEGMENT, YES_NO
from core.segments.refresh import GONE, NEW, places_of, then_and_now, with_ids_of
from core.strategy.rates import change
from core.views.chart_parts import label
from core.views.moves import AFTER, BEFORE, moves, shares
from core.views.summary import counted
from core.views.suppress import HIDDEN, MINIMUM, hidden_note, shown

STAYED, MOVED = "Stayed", "Moved"
KIND: Final = "kind"  # Stayed, Moved, New or Gone
KINDS: Final = (STAYED, MOVED, NEW, GONE)
# Whether somebody is in the earlier and in the later file: their sizes stand beside the moves, so they hide them, too.
IN_BEFORE, IN_AFTER = "in before", "in after"
SIDES: Final = [BEFORE, AFTER]
# The sets of columns whose totals are shown beside the rows.
LINES: Final = ((IN_BEFORE, BEFORE), (IN_AFTER, AFTER), (IN_BEFORE, KIND), (IN_AFTER, KIND))
MARGINS: Final = ((IN_BEFORE,), (IN_AFTER,), *LINES)
YES, NO = YES_NO[:2]
ROUNDING: Final = 1e-9  # of a null space of zeros and ones


@dataclass(frozen=True, eq=False)
class Moves:
    """The customers of two months by what they were and are.

    `earlier` and `later` are the months, `sizes` the customers of the earlier by segment. `segments` and `affluent`
    have a row per combination that occurs: whether they are in either file, kind, before, after (segments, or Yes, No
    and Unknown; New before, Gone after) and customers. `kinds` is how many stayed, moved, are new and gone; None where
    that is hidden. Small groups are in all of them unless they are `hidden`. `ids` is a sentence on ids that are spelt
    in two ways, or never meet.
    """

    earlier: date
    later: date
    sizes: pd.DataFrame
    segments: pd.DataFrame
    affluent: pd.DataFrame
    kinds: Mapping[str, int | None]
    ids: str = ""

    @cached_property
    def hidden(self) -> "Moves":
        """The same without small groups, and without those that subtraction from any total shown would reveal."""
        segments, affluent = (_without_small(table) for table in (self.segments, self.affluent))
        whole = self.segments.groupby([IN_BEFORE, IN_AFTER, KIND], as_index=False)["customers"].sum()
        left = {*shown(whole, margins=MARGINS[:2])[KIND]}.union(kind for kind in KINDS if not self.kinds[kind])
        if segments.empty:  # the totals alone may tell
            left = set()
        kinds = {kind: number if kind in left else None for kind, number in self.kinds.items()}
        return replace(self, segments=segments, affluent=affluent, kinds=kinds, ids="")

    def flagged(self, before: str, after: str) -> int | None:
        """How many went from one value of the flag of the mass affluent to another; None if hidden or unknown."""
        table = self.affluent
        row = table[(table[BEFORE] == before) & (table[AFTER] == after)]
        if not (table[BEFORE].isin((YES, NO)) & table[AFTER].isin((YES, NO))).any():
            return None  # the flag is not known in one of the months
        return int(row["customers"].iloc[0]) if len(row) else None if table.attrs.get(HIDDEN) else 0

    @property
    def became(self) -> int | None:
        """How many are mass affluent who were not."""
        return self.flagged(NO, YES)

    @property
    def ceased(self) -> int | None:
        """How many were mass affluent and are not."""
        return self.flagged(YES, NO)

    @cached_property
    def rates(self) -> tuple[tuple[int, int], tuple[int, int]] | None:
        """How many are mass affluent and of how many it is known, in both months; None where some of it is hidden."""
        table = self.affluent
        if table.attrs.get(HIDDEN):
            return None
        known = [table[table[side].isin((YES, NO))] for side in SIDES]
        (yes, n), (yes_later, n_later) = (
            (int(one.loc[one[side] == YES, "customers"].sum()), int(one["customers"].sum()))
            for side, one in zip(SIDES, known, strict=True)
        )
        return (yes, n), (yes_later, n_later)

    @cached_property
    def change(self) -> tuple[float, float, float]:
        """By how much the share of the mass affluent has changed, with the ends of its 95% interval; NaN if unknown.

        Customers of both months make the two shares correlated, and so the interval shorter.
        """
        if self.rates is None:
            return nan, nan, nan
        table = self.affluent
        known = table[SIDES].isin([YES, NO]).all(axis=1)
        before, after = (known & table[side].eq(YES) for side in SIDES)
        sizes = [int(table.loc[rows, "customers"].sum()) for rows in (known, before, after, before & after)]
        return change(*self.rates, (sizes[0], sizes[1], sizes[2], sizes[3]))

    @cached_property
    def of_segments(self) -> pd.DataFrame:
        """The moves from each segment, to another or out of the file, with their share of it (`views.moves.shares`)."""
        table = self.segments[[BEFORE, AFTER, "customers"]]
        return shares(table[table[BEFORE] != NEW], self.sizes)

    def note(self) -> str:
        """How many groups are hidden, and why; empty where none is."""
        return hidden_note(self.segments, self.affluent, shares="")

    def in_words(self, names: Mapping[str, str]) -> str:
        """What became of the customers, in a few sentences; without what is hidden."""
        kinds, when = self.kinds, f"{written(self.earlier)} and {written(self.later)}"
        said = []
        stayed, moved = kinds[STAYED], kinds[MOVED]
        if stayed is not None and moved is not None:
            both = stayed + moved
            if not both:
                return f"Nobody is in both {when}, so that all are new or gone."
            stay = f"{count(stayed)} ({percent(stayed, both)}) stayed where they were"
            said.append(f"Of {counted(both, 'customer')} in both {when}, {stay}.")
        if largest := self._largest(names):
            said.append(largest)
        new, gone = kinds[NEW], kinds[GONE]
        if new is not None and gone is not None:
            said.append(f"{count(new)} {_are(new)} new, {count(gone)} {_are(gone)} gone.")
        became, ceased = self.became, self.ceased
        if became is not None and ceased is not None:
            said.append(f"{count(became)} became mass affluent, {count(ceased)} no longer {_are(ceased)}.")
        by, low, high = self.change
        if not isnan(by):
            interval = f"({share(0.95, 0)} interval {points(low)} to {points(high)})"
            said.append(f"The share of mass affluent changed by {points(by)} points {interval}.")
        return " ".join(said)

    @property
    def about_ids(self) -> str:
        """The sentence on ids, without the id of a customer."""
        return re.split(r": |, such as ", self.ids)[0]

    def _largest(self, names: Mapping[str, str]) -> str:
        table = self.segments[(self.segments[KIND] == MOVED)]
        table = table[~table[BEFORE].isin(NO_SEGMENT) & ~table[AFTER].isin(NO_SEGMENT)]
        if table.empty:
            return ""
        row = table.loc[table["customers"].idxmax()]
        which = "The largest move shown" if self.segments.attrs.get(HIDDEN) else "The largest move"
        sides = f"from {label(row[BEFORE], names)} to {label(row[AFTER], names)}"
        return f"{which} is that of {count(row['customers'])} {sides}."


def points(change: float) -> str:
    """A change of a share in percentage points, with its sign: `"+1.2"`."""
    text = coefficient(100 * change, 1)
    return f"+{text}" if change > 0 and text != coefficient(0.0, 1) else text


def _are(number: int) -> str:
    return "is" if number == 1 else "are"


def why_no_moves(earlier: Month, later: Month) -> str:
    """Why nobody can be found again, as a sentence; empty where they can."""
    files = [month.file for month in (earlier, later) if month.members is None]
    lack = "lacks" if len(files) == 1 else "lack"
    return f"No moves, shares only: {' and '.join(files)} {lack} a customer id." if files else ""


def moves_between(earlier: Month, later: Month) -> Moves:
    """Count the customers of two months by what they were and are, found again by their id.

    Ids that differ in leading zeros, `.0`, blanks or case only are the same, if no other id is (`refresh.with_ids_of`).

    Raises
    ------
    ValueError
        A month has no ids.
    """
    if earlier.members is None or later.members is None:
        raise ValueError("A month has no ids, so that nobody can be found again.")
    then, said = with_ids_of(earlier.members, later.members)
    at = places_of(then, later.members)
    segments, affluent = (
        _with_kinds(moves(*then_and_now(then[name], later.members[name], at))) for name in (CLUSTER, MASS_AFFLUENT)
    )
    kinds = {kind: int(segments.loc[segments[KIND] == kind, "customers"].sum()) for kind in KINDS}
    sizes = earlier.counts[[CLUSTER, "customers"]].rename(columns={CLUSTER: BEFORE}).astype({BEFORE: "str"})
    return Moves(earlier.month, later.month, sizes, segments, affluent, kinds, said)


def _with_kinds(table: pd.DataFrame) -> pd.DataFrame:
    before, after = table[BEFORE].astype("str"), table[AFTER].astype("str")
    is_new, is_gone = before.eq(NEW), after.eq(GONE)
    kind = np.select([is_new, is_gone, before.eq(after)], [NEW, GONE, STAYED], MOVED)
    return pd.DataFrame(
        {
            IN_BEFORE: np.where(is_new, NO, YES), IN_AFTER: np.where(is_gone, NO, YES), KIND: kind,
            BEFORE: before, AFTER: after, "customers": table["customers"],
        }
    )  # fmt: skip


def _without_small(table: pd.DataFrame) -> pd.DataFrame:
    """The rows that may be shown, without those from which a small one could be worked out in several steps."""
    left = shown(table, margins=MARGINS)
    hidden = ~table.set_index(SIDES).index.isin(left.set_index(SIDES).index)
    totals = _totals_shown(table)
    for row in table["customers"].argsort():  # the smallest first
        if not _told(table, hidden, totals):
            break
        hidden[row] = True
    rows = table[~hidden].reset_index(drop=True)
    rows.attrs[HIDDEN] = int(hidden.sum())
    return rows


def _totals_shown(table: pd.DataFrame) -> np.ndarray:
    """A line of 0 and 1 per total that a reader has, 1 for the rows that it adds up: (totals, rows)."""
    found = []
    for keys in map(list, MARGINS):
        sums = table.groupby(keys, as_index=False)["customers"].sum()
        by_side = BEFORE in keys or AFTER in keys
        seen = shown(sums, nested=True) if by_side else sums[(sums["customers"] >= MINIMUM) | (len(keys) == 1)]
        at = table[keys].merge(seen[keys].assign(line=range(len(seen))), how="left")["line"].to_numpy("float64")
        found += [at == line for line in range(len(seen))]
    return np.array(found, "float64").reshape(-1, len(table))


def _told(table: pd.DataFrame, hidden: np.ndarray, totals: np.ndarray) -> bool:
    """Whether the totals determine a small row that is hidden: no other numbers would add up to them."""
    few = (table["customers"] < MINIMUM).to_numpy()[hidden]
    if not few.any():
        return False
    free = null_space(totals[:, hidden])
    return bool((np.abs(free[few]) < ROUNDING).all(axis=1).any())
