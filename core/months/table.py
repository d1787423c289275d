"""The table of months: customers, shares of the segments, mass affluent with an interval, new and gone."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from typing import Final

import numpy as np
import pandas as pd

from core.months.dates import written
from core.months.month import Month
from core.months.moves import Moves, moves_between, why_no_moves
from core.schema import CLUSTER, MASS_AFFLUENT, NO_SEGMENT
from core.segments.refresh import GONE, NEW
from core.strategy.rates import wilson
from core.views.suppress import MINIMUM, hidden_note, shown

MONTH: Final = "month"


@dataclass(frozen=True, eq=False)
class OverTime:
    """Some months beside each other, without small groups where these are hidden.

    `shares` has a row per month and group: month, Cluster, customers, share (of all customers of the month). `months`
    has a row per month: month, file, customers, rejected (rows), mass_affluent, known (of whom it is known), share, low
    and high (Wilson, 95%), new and gone since the month before, became and ceased (mass affluent); NaN for what is
    hidden or cannot be known. `moves` are those of each month to the next, None without ids.
    """

    shares: pd.DataFrame
    months: pd.DataFrame
    moves: tuple[Moves | None, ...]
    note: str = ""

    def by_group(self, column: str) -> pd.DataFrame:
        """A column of `shares` with a row per month and a column per group, segments first; NaN for what is hidden."""
        labels = sorted({*self.shares[CLUSTER]}, key=lambda label: (label in NO_SEGMENT, label.zfill(2)))
        cells = self.shares.pivot_table(column, MONTH, CLUSTER, aggfunc="first", observed=True)
        return cells.reindex(index=self.months[MONTH], columns=labels)


def over_time(months: Sequence[Month], moves: Sequence[Moves | None], *, hide: bool = False) -> OverTime:
    """The table of some months in their order; `moves` are those of each to the next, small groups in them."""
    each = [None if one is None else one.hidden if hide else one for one in moves]
    table = pd.concat([one.counts.assign(**{MONTH: written(one.month)}).astype({CLUSTER: "str"}) for one in months])
    sizes = {written(one.month): one.customers for one in months}
    groups = table[[MONTH, CLUSTER, "customers"]].reset_index(drop=True)
    flags = [f"{MASS_AFFLUENT}_yes", f"{MASS_AFFLUENT}_known"]
    whole = table.groupby(MONTH, as_index=False)[["customers", *flags]].sum()
    notes = []
    if hide:  # each month by itself: nothing is shown of all months together
        notes = [
            [shown(table[table[MONTH] == month].reset_index(drop=True), nested=True) for month in sizes]
            for table in (groups, whole)
        ]
        groups, whole = (pd.concat(parts, ignore_index=True) for parts in notes)
    rates = whole.set_index(MONTH)
    rows = [
        {
            MONTH: written(one.month), "file": one.file, **_size(one, hide=hide),
            **_rate(*(int(rates[flag].get(written(one.month), 0)) for flag in flags)),
            **_changes(move),
        }
        for one, move in zip(months, [None, *each], strict=True)
    ]  # fmt: skip
    shares = groups.assign(share=groups["customers"] / groups[MONTH].map(sizes).to_numpy())
    note = hidden_note(*chain(*notes), of=[MASS_AFFLUENT], shares="")
    return OverTime(shares, pd.DataFrame(rows), tuple(each), note)


def moves_of_each(months: Sequence[Month]) -> list[Moves | None]:
    """The moves of each month to the next, small groups in them; None without ids."""
    return [None if why_no_moves(*pair) else moves_between(*pair) for pair in pairwise(months)]


def _size(one: Month, *, hide: bool) -> dict[str, float]:
    few = hide and one.customers < MINIMUM
    return {"customers": np.nan if few else one.customers, "rejected": np.nan if hide else one.rejected}


def _rate(yes: int, known: int) -> dict[str, float]:
    """Nobody is known where the share is hidden."""
    low, high = wilson(yes, known)
    if not known:
        return dict.fromkeys(("mass_affluent", "known", "share", "low", "high"), np.nan)
    return {"mass_affluent": yes, "known": known, "share": yes / known, "low": low, "high": high}


def _changes(move: Moves | None) -> dict[str, float]:
    kinds = move.kinds if move else {}
    found = {
        "new": kinds.get(NEW), "gone": kinds.get(GONE),
        "became": move.became if move else None, "ceased": move.ceased if move else None,
    }  # fmt: skip
    return {name: np.nan if value is None else float(value) for name, value in found.items()}
