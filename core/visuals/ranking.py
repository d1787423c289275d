"""Groups of customers ranked by their share of mass affluent, as a table for people."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Final

import numpy as np
import pandas as pd

from core.figures import count
from core.schema import MASS_AFFLUENT, UNKNOWN
from core.strategy.rates import wilson, z_for
from core.views.sheet import ENDS, Sheet, SheetColumn
from core.views.summary import mean, share
from core.views.suppress import BLANK

MOST: Final = 10  # rows shown; all others are one more
RANKED: Final = (
    "First is whose share is high for sure: a few customers do not lead by chance. The order is that of the lower ends "
    "of intervals which allow for how many groups are compared; these are wider than those shown."
)
YES, KNOWN = f"{MASS_AFFLUENT}_yes", f"{MASS_AFFLUENT}_known"


def ranked_title(table: pd.DataFrame | None, by: str) -> str:
    """What a ranked table shows: `by` says of what groups, as in "by postcode"."""
    known = table is None or bool(table[KNOWN].any())
    return f"{'Highest share of mass affluent' if known else 'Most customers'} {by}"


def ranked(
    table: pd.DataFrame, names: Sequence[SheetColumn], *, measure: str = "", measure_title: str = "", sign: str = "",
    label: Callable[[pd.DataFrame], Mapping[str, pd.Series]], marks: Sequence[str] = (),
) -> Sheet:  # fmt: skip
    """The sheet of a table of counts by few keys (`tables.count`): the best groups, and the others as one row.

    Parameters
    ----------
    table : DataFrame
        Keys, `customers`, the counts of mass affluent, and the sums of `measure` if there are any.
    names : sequence of SheetColumn
        The columns that name a group.
    measure, measure_title, sign : str
        The number whose mean is shown, what it is called, and the sign of its currency.
    label : callable
        From the columns of keys, as texts, those of `names`.
    marks : sequence of str
        The keys that a click on a row filters by.
    """
    keys = table.iloc[:, : table.columns.get_loc("customers")].astype("str")
    texts = pd.DataFrame({**label(keys)}, columns=[name.name for name in names])
    rows = texts.join(table.drop(columns=keys.columns))
    is_unknown = rows[names[0].name] == UNKNOWN
    known, unknown = in_order(rows[~is_unknown]), rows[is_unknown]
    few = len(known) <= MOST + 1  # one group as "others" would tell less
    top, rest = (known, known.head(0)) if few else (known[:MOST], known[MOST:])
    hidden = [name for name, number in table.attrs.get(BLANK, {}).items() if number]
    # Of each region there can be one whose place is unknown: together they would be most of the table.
    last = _together(unknown, UNKNOWN, names, hidden) if len(unknown) > 1 else unknown
    values = [*keys[[*marks]].itertuples(index=False, name=None)]
    shown = [top, _together(rest, f"Other ({count(len(rest))})", names, hidden), last]
    return Sheet(
        (*names, *_columns(table, measure, measure_title, sign)),
        with_figures(pd.concat(shown, ignore_index=True), measure),
        pd.concat([known, unknown], ignore_index=True),
        [
            *(values[row] for row in top.index),
            *[()][: len(rest)],
            *(values[row] if len(unknown) == 1 else () for row in unknown.index[:1]),
        ],
        partial(with_figures, measure=measure),
    )


def in_order(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows, the one first that has the highest share for sure; where no share is known, most customers first.

    By the share itself, two of two customers would lead before 300 of 400. The lower end of an interval falls as
    customers get fewer (Evan Miller, "How Not To Sort By Average Rating", 2009). Its level takes into account how many
    groups are compared: of a thousand postcodes some have six of six by chance alone.
    """
    z = z_for(len(rows))
    low = [wilson(yes, known, z)[0] for yes, known in zip(rows[YES].tolist(), rows[KNOWN].tolist(), strict=True)]
    return rows.take(np.lexsort((-rows["customers"].to_numpy(), -np.array(low, "float64"))))  # NaN stands last


def with_figures(rows: pd.DataFrame, measure: str = "") -> pd.DataFrame:
    """The rows with `affluent`, `share`, the ends of its 95% interval, and `mean`; NaN where they are not known."""
    known = rows[KNOWN] > 0
    ends = np.array([wilson(*one) for one in zip(rows[YES].tolist(), rows[KNOWN].tolist(), strict=True)])
    interval = zip((f"share{end}" for end in ENDS), ends.reshape(-1, 2).T, strict=True)
    more = {"mean": mean(rows, measure)} if _has(rows, measure) else {}
    affluent = rows[YES].astype("float64").where(known)
    return rows.assign(affluent=affluent, share=share(rows, MASS_AFFLUENT), **dict(interval), **more)


def _columns(table: pd.DataFrame, measure: str, title: str, sign: str) -> list[SheetColumn]:
    """The columns of figures: those on mass affluent only where somebody is known to be or not."""
    affluent = [
        SheetColumn("affluent", "Affluent", "count", "How many of them are mass affluent.", "Mass affluent"),
        SheetColumn(
            "share", "Share", "share", "Mass affluent, of those of whom it is known. In brackets its 95% interval."
        ),
    ]
    return [
        SheetColumn("customers", "Customers", "count"),
        *(affluent if table[KNOWN].any() else []),
        *([SheetColumn("mean", "Average", "number", title, title, sign)] if _has(table, measure) else []),
    ]


def _has(table: pd.DataFrame, measure: str) -> bool:
    return bool(measure) and f"{measure}_n" in table


def _together(rest: pd.DataFrame, text: str, names: Sequence[SheetColumn], hidden: Sequence[str]) -> pd.DataFrame:
    """The row of several groups, without any if there are none.

    It has none of the flags and measures that are `hidden` (`suppress.shown`) in one of them, as far as can be told:
    the sum of the others would pass for that of all.
    """
    if rest.empty:
        return rest
    counts = rest.select_dtypes("number").sum().astype("int64").to_frame().T
    for name in hidden:
        own = [f"{name}_known", f"{name}_yes", f"{name}_n", *(one for one in counts if one.startswith(f"{name}_sum_"))]
        own = [one for one in own if one in counts]
        if not (rest[own[0]] > 0).all():
            counts[own] = 0
    first, *others = [name.name for name in names]
    return counts.assign(**{first: text} | dict.fromkeys(others, ""))
