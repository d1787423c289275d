"""Hide differences of the segments that a visual of their column would hide."""

from collections.abc import Callable

import pandas as pd

from core.schema import CLUSTER, YES_NO
from core.views.counted import is_counted
from core.views.rounding import to_figures
from core.views.summary import share
from core.views.suppress import is_small, shown
from core.views.tables import FLAGS, by_cluster, count, measured

Counted = Callable[[str], pd.DataFrame | None]


def shown_differences(differences: pd.DataFrame, customers: pd.DataFrame, counted: Counted) -> pd.DataFrame:
    """The rows of `explain.differences` that a table of the segments by that column alone would show, too.

    `counted` gives the customers by segment and a column, None where there are no sums by it.
    """
    sizes = shown(by_cluster(customers))
    visible = [_visible(customers, counted, column, part, sizes) for column, part in differences.groupby("column")]
    return differences[differences.index.isin(pd.Index([]).append(visible))].reset_index(drop=True)


def rounded_differences(differences: pd.DataFrame, sizes: pd.DataFrame) -> pd.DataFrame:
    """The rows of `explain.differences` with whole percents, and the first figures of means.

    A flag has the share that the table by cluster without small groups, `sizes`, has: its counts are rounded. Those of
    a category are shown elsewhere, too.
    """
    is_share, is_flag = differences["value"] != "", differences["column"].isin(FLAGS)
    rounded = differences[["here", "everybody"]].apply(lambda of: of.round(2).where(is_share, to_figures(of)))
    shares = {flag: dict(zip(sizes[CLUSTER].astype("str"), share(sizes, flag), strict=True)) for flag in FLAGS}
    for at, row in differences[is_flag].iterrows():
        yes = shares[row["column"]][row["cluster"]]
        rounded.loc[at, "here"] = round(yes if row["value"] == YES_NO[0] else 1 - yes, 2)
    effect = differences["effect"]
    return differences.assign(**rounded, effect=effect.round(2).where(~is_flag, effect.round(1)))


def _visible(
    customers: pd.DataFrame, counted: Counted, column: str, part: pd.DataFrame, sizes: pd.DataFrame
) -> pd.Index:
    """The index of the differences in one column that may be shown."""
    if column in FLAGS:
        return part.index[part["cluster"].isin(sizes.loc[sizes[f"{column}_known"] > 0, CLUSTER])]
    if (part["value"] == "").all():  # a number
        known = _with_number(customers, column)
        in_segment = sizes[CLUSTER].map(known).fillna(0)
        few = is_small(in_segment, sizes["customers"])
        if is_small(in_segment[~few].sum(), known.sum()):  # the mean of everybody less those shown is that of few
            return part.index[:0]
        return part.index[part["cluster"].isin(sizes.loc[~few, CLUSTER])]
    if (table := counted(column)) is None:
        return part.index[:0]
    cells = shown(table)
    pairs = set(zip(cells[CLUSTER].astype("str"), cells[column].astype("str"), strict=True))
    return part.index[[pair in pairs for pair in zip(part["cluster"], part["value"], strict=True)]]


def _with_number(customers: pd.DataFrame, column: str) -> pd.Series:
    """By segment, the customers of whom a number is known."""
    if is_counted(customers):
        return count(customers, [CLUSTER], sums=measured(customers, [column])).set_index(CLUSTER)[f"{column}_n"]
    return count(customers.loc[customers[column].notna(), [CLUSTER]], [CLUSTER]).set_index(CLUSTER)["customers"]
