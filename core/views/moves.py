"""Who moves from which segment to which with another number of segments: table, sentence and chart."""

from collections.abc import Mapping, Sequence
from typing import Final

import altair as alt
import numpy as np
import pandas as pd

from core import figures
from core.schema import NO_SEGMENT
from core.views.chart_parts import framed, label, labels, segment_axis
from core.views.map_shades import Theme
from core.views.palette import DARK_INK, LIGHT_INK

BEFORE, AFTER = "before", "after"  # the segment of a customer with the one and the other number
PART: Final = 0.2  # of a segment: fewer that move elsewhere are no part to speak of
DEEP: Final = "#1f5fa8"  # all of a segment
PALE: Final = {"light": "#dbe7f3", "dark": "#1c2a3a"}  # hardly anybody of it: near to the page
INK_TURNS: Final = {"light": 0.45, "dark": 0.0}  # the share from which light text has the higher contrast
LEAST: Final = 0.01
ROW: Final = 44  # pixels, for the two lines of a label


def moves(before: pd.Categorical, after: pd.Categorical) -> pd.DataFrame:
    """Customers by their segment with the one and with the other number, in the order of the labels.

    Returns
    -------
    DataFrame
        before, after (both categories), customers; only pairs that occur. Small groups are in it: hide them before it
        is shown.
    """
    width = len(after.categories)
    pairs = np.bincount(before.codes.astype("int64") * width + after.codes, minlength=len(before.categories) * width)
    found = np.flatnonzero(pairs)
    return pd.DataFrame(
        {
            BEFORE: pd.Categorical.from_codes(found // width, dtype=before.dtype),
            AFTER: pd.Categorical.from_codes(found % width, dtype=after.dtype),
            "customers": pairs[found],
        }
    )


def sizes(moved: pd.DataFrame, side: str) -> pd.DataFrame:
    """Customers by segment with the number of one `side` (`BEFORE` or `AFTER`); small groups are in it."""
    return moved.groupby(side, observed=True, as_index=False)["customers"].sum()


def shares(shown: pd.DataFrame, whole: pd.DataFrame) -> pd.DataFrame:
    """The moves between segments, with the share of the segment that they leave.

    Parameters
    ----------
    shown : DataFrame
        Rows of `moves` that may be shown.
    whole : DataFrame
        `sizes` before that may be shown.
    """
    between = shown[~shown[BEFORE].isin(NO_SEGMENT) & ~shown[AFTER].isin(NO_SEGMENT)]
    between = between.merge(whole.rename(columns={"customers": "size"}), on=BEFORE)
    return between.assign(share=between["customers"] / between["size"])


def in_words(table: pd.DataFrame) -> str:
    """What becomes of the segments, in one or two sentences; `table` is that of `shares`."""
    if table.empty:
        return ""
    parts, by_segment = table[table["share"] >= PART], table.groupby(BEFORE, observed=True)
    stay = by_segment["customers"].max().sum() / by_segment["size"].first().sum()
    splits = {name: rows[AFTER].tolist() for name, rows in parts.groupby(BEFORE, observed=True) if len(rows) > 1}
    whole = parts[~parts[BEFORE].isin(splits)]
    merges = {name: rows[BEFORE].tolist() for name, rows in whole.groupby(AFTER, observed=True) if len(rows) > 1}
    said = [f"segment {name} splits into {_and(after)}" for name, after in splits.items()]
    said += [f"segments {_and(before)} merge into {name}" for name, before in merges.items()]
    return f"{'; '.join([f'{figures.share(float(stay), 0)} of the customers stay with most of their segment', *said])}."


def matrix(
    table: pd.DataFrame, before: Mapping[str, str], after: Mapping[str, str], *, theme: Theme = "light", title: str = ""
) -> alt.LayerChart:
    """A cell per pair of segments, shaded by the share of the segment on its row that moves to that of its column.

    Parameters
    ----------
    table : DataFrame
        That of `shares`.
    before, after : mapping
        Label → name of the segments of each side.
    title : str
        That of the columns; by itself the number of segments.
    """
    rows, columns = _segments(before), _segments(after)
    data = table.assign(
        segment=[label(name, before) for name in table[BEFORE]],
        goes_to=[label(name, after) for name in table[AFTER]],
        written=[figures.share(share, 0) for share in table["share"]],
        text=[figures.coefficient(100 * share, 0) if share >= LEAST else "<1" for share in table["share"]],
        counted=[figures.count(customers) for customers in table["customers"]],
    )[["segment", AFTER, "goes_to", "share", "written", "text", "counted"]]
    data = data.astype({AFTER: "str"})  # without categories that do not occur
    base = alt.Chart(data).encode(
        x=alt.X(
            f"{AFTER}:N", title=f"{title or f'Segment of {len(columns)}'} (% of the row)", sort=None,
            scale=alt.Scale(domain=list(columns)),
            axis=alt.Axis(orient="top", labelAngle=0, ticks=False, domain=False),
        ),
        y=segment_axis(rows).scale(domain=labels(rows)),
        tooltip=[
            alt.Tooltip("segment:N", title="From"), alt.Tooltip("goes_to:N", title="To"),
            alt.Tooltip("counted:N", title="Customers"), alt.Tooltip("written:N", title="Of the segment"),
        ],
    )  # fmt: skip
    colour = alt.Color("share:Q", legend=None, scale=alt.Scale(domain=[0, 1], range=[PALE[theme], DEEP]))
    cells = base.mark_rect(cornerRadius=3).encode(color=colour)
    ink = alt.condition(f"datum.share >= {INK_TURNS[theme]}", alt.value(LIGHT_INK), alt.value(DARK_INK))
    texts = base.mark_text(fontSize=12).encode(text="text:N", color=ink)
    chart: alt.LayerChart = framed(alt.layer(cells, texts), height=ROW * len(rows) + 50)
    return chart


def _segments(names: Mapping[str, str]) -> dict[str, str]:
    return {label: name for label, name in names.items() if label not in NO_SEGMENT}


def _and(words: Sequence[str]) -> str:
    *others, last = words
    return f"{', '.join(others)} and {last}" if others else last
