"""How the values of a category are spread within each segment: tiles, bars to 100 %, or a table in shades.

Where all segments are spread alike, tiles and bars would be the same picture again and again: then the shares
themselves are written, in a table in shades.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

import altair as alt
import pandas as pd

from core import figures
from core.schema import CLUSTER, NO_SEGMENT, UNKNOWN, YES_NO
from core.views.chart_parts import (
    CUSTOMERS,
    DASHED,
    HEIGHT,
    LABEL_SIZE,
    PART,
    ROW,
    SEGMENT,
    SHARE,
    Names,
    hollow,
    ink,
    label,
    labelled,
    labels,
    layered,
    legend,
    legend_columns,
    number_labels,
    plain_axis,
    rows_height,
    segment_axis,
    segment_colour,
    spoken,
    tile_text,
    tooltips,
)
from core.views.palette import PAIR, ink_of
from core.views.summary import alike, most_frequent
from core.views.tables import WHOLE
from core.views.treemap import NUMBERS, SIDE, tiles

BAR = 32  # pixels of a row that a bar has, however few there are
AXIS_AND_LEGEND, LEGEND_ROW = 110, 20  # pixels below stacked bars, and of each further row of the legend
NEUTRAL = "#6f8296"  # a legend symbol that stands for no segment
BAR_WITH_TEXT = 0.08  # smallest share with room for its label
OWN_COLOURS = alt.Resolve(scale=alt.ScaleResolveMap(color="independent"))  # of each layer
OPACITY = {"Yes": 1.0, "No": 0.45, UNKNOWN: 0.15}  # of the parts of a stacked bar
PALEST = 0.3  # of a known value among several, darker than the unknown
SHADES: Final = [0.05, 0.45]  # opacity of no and of the largest share: text in the theme's colour is legible on both
CELL: Final = 44  # pixels of a row of the table in shades


def treemap(table: pd.DataFrame, inner: str, *, names: Names, title: str) -> alt.LayerChart:
    """Nested tiles: a band per segment, in it the values of `inner`, which has a title, area by customers.

    `shaded_table` where segments are `alike`.
    """
    if alike(table, inner):
        sizes = table.groupby(table[inner].astype("str"))["customers"].sum()
        return shaded_table(table, inner, [*sizes.sort_values(ascending=False).index], names=names, title=title)
    laid_out = labelled(tiles(most_frequent(table, inner), inner), names)
    across = alt.Scale(domain=[-NUMBERS, SIDE], nice=False, zero=False)
    down = alt.Scale(domain=[0, SIDE], nice=False, zero=False, reverse=True)
    base = alt.Chart().encode(
        x=alt.X("x:Q", axis=None, scale=across),
        y=alt.Y("y:Q", axis=None, scale=down),
        tooltip=tooltips(
            {"segment": "Segment", "inner": title},
            {"customers": figures.COUNT_FORM, "share": figures.SHARE_FORM},
            {"share": "Share of the segment"},
        ),
    )
    rects = base.mark_rect(cornerRadius=2, strokeDash=DASHED).encode(
        x2=alt.X2("x2:Q"),
        y2=alt.Y2("y2:Q"),
        color=segment_colour(names, legend=None),
        description=spoken(SEGMENT, PART, SHARE, CUSTOMERS),
        **hollow(),
    )
    pixels = f"max(0, (datum.x2 - datum.x) / {SIDE + NUMBERS} * width - 8)"
    pixels_down = f"((datum.y2 - datum.y) / {SIDE} * height - 8)"
    texts = base.mark_text(
        aria=False, align="left", baseline="top", dx=5, dy=5, **tile_text("datum.text", pixels, pixels_down, 11)
    ).encode(color=ink())
    numbers = base.mark_text(aria=False, align="right", baseline="top", dx=-5, dy=4, fontWeight=600).encode(
        text=alt.Text("number:N")
    )
    height = 2 * max(HEIGHT - 40, ROW * int(table[CLUSTER].nunique())) + 120 + AXIS_AND_LEGEND
    chart = layered(laid_out.drop(columns=CLUSTER), rects, texts, numbers, height=height)
    chart.resolve = OWN_COLOURS
    return chart


def stacked_shares(table: pd.DataFrame, inner: str, *, names: Names, legend_title: str) -> alt.LayerChart:
    """Bars to 100 % by cluster, split by the values of `inner`: the cluster's colour, paler from value to value.

    Where groups are hidden from the table, a bar ends short by their share. `shaded_table` where segments are `alike`.
    """
    if alike(table, inner):
        return shaded_table(table, inner, [*_opacities(table[inner])], names=names, title=legend_title)
    opacity = _opacities(table[inner])
    data = _parts(table, inner, [*opacity], names)
    base = alt.Chart().encode(
        y=segment_axis(names),
        tooltip=tooltips(
            {"segment": "Segment", "inner": legend_title},
            {"customers": figures.COUNT_FORM, "share": figures.SHARE_FORM},
        ),
    )
    paler = alt.Scale(domain=[*opacity], range=[*opacity.values()])
    columns = legend_columns([*opacity])
    below = AXIS_AND_LEGEND + LEGEND_ROW * (-(-len(opacity) // columns) - 1)
    percent_axis = alt.Axis(format="%", tickCount=5)
    across = {
        "x": alt.X(
            "start:Q", title="Share of the segment's customers", axis=percent_axis, scale=alt.Scale(domain=[0, 1])
        ),
        "x2": alt.X2("end:Q"),
    }
    bars = base.mark_bar(size=BAR).encode(
        **across,
        color=segment_colour(names, legend=None),
        opacity=alt.Opacity(
            "inner:N", title=legend_title, scale=paler, legend=legend(symbolFillColor=NEUTRAL, columns=columns)
        ),
        fillOpacity=hollow()["fillOpacity"],
        description=spoken(SEGMENT, PART, SHARE, CUSTOMERS),
    )
    # The palest parts hardly stand out from the page: a line in the segment's colour goes around each.
    outlines = base.mark_bar(aria=False, size=BAR, filled=False, strokeWidth=1, strokeDash=DASHED).encode(
        **across, color=segment_colour(names, legend=None)
    )
    texts = base.mark_text(aria=False, fontSize=12, fontWeight=600).encode(
        x=alt.X("middle:Q"), text=alt.Text("text:N"), color=ink()
    )
    chart = layered(data.drop(columns=CLUSTER), bars, outlines, texts, height=rows_height(data, below=below))
    chart.resolve = OWN_COLOURS
    return chart


def shaded_table(table: pd.DataFrame, inner: str, order: Sequence[str], *, names: Names, title: str) -> alt.LayerChart:
    """The share of each segment in shades: a row per value of `inner`, in an `order`, and a column per segment."""
    data = pd.DataFrame(_with_shares(table, inner, names))
    data["text"] = [figures.share(part, 0) for part in data["share"]]
    occurring = set(data["inner"])
    rows = [value for value in order if value in occurring]
    base = alt.Chart().encode(
        x=alt.X(
            "segment:N",
            sort=labels(names),
            title="Segment",
            axis=alt.Axis(
                orient="top", labelAngle=0, labelExpr=number_labels(), labelFontSize=LABEL_SIZE, ticks=False,
                domain=False,
            ),
        ),
        y=alt.Y("inner:N", sort=rows, title=None, axis=plain_axis(130)),
        tooltip=tooltips(
            {"segment": "Segment", "inner": title},
            {"customers": figures.COUNT_FORM, "share": figures.SHARE_FORM},
            {"share": "Share of the segment"},
        ),
    )  # fmt: skip
    known = data.loc[~data["segment"].isin(NO_SEGMENT), "share"]  # those in no segment are few, and often all alike
    most = float((known if len(known) else data["share"]).max())
    shades = alt.Scale(domain=[0, max(most, 0.01)], range=SHADES, clamp=True)
    cells = base.mark_rect(color=PAIR[0]).encode(
        opacity=alt.Opacity("share:Q", scale=shades, legend=None),
        description=spoken(SEGMENT, PART, SHARE, CUSTOMERS),
    )
    texts = base.mark_text(aria=False, fontSize=12).encode(text=alt.Text("text:N"))
    return layered(data.drop(columns=CLUSTER), cells, texts, height=max(120, CELL * len(rows) + 60))


def _parts(table: pd.DataFrame, inner: str, order: Sequence[str], names: Names) -> pd.DataFrame:
    """`_with_shares` and where each part of a bar starts and ends, with the share as text on the first of them."""
    upto: Counter[str] = Counter()
    rows = sorted(_with_shares(table, inner, names), key=lambda row: order.index(row["inner"]))
    for row in rows:
        cluster, share = row[CLUSTER], row["share"]
        start = upto[cluster]
        upto[cluster] += share
        has_text = row["inner"] == order[0] and share >= BAR_WITH_TEXT
        row |= {"end": upto[cluster], "start": upto[cluster] - share, "middle": (start + upto[cluster]) / 2}
        row |= {"text": figures.share(share, 0) if has_text else "", "ink": ink_of(cluster)}
    return pd.DataFrame(rows)


def _with_shares(table: pd.DataFrame, inner: str, names: Names) -> list[dict[str, Any]]:
    """The most frequent values with `segment`, `inner` as text, and their `share` of all customers of the segment.

    Rows in place of a table: they are few, and columns take several times as long.
    """
    whole = table.attrs.get(WHOLE) or table.groupby(CLUSTER, observed=True)["customers"].sum().to_dict()
    table = most_frequent(table, inner)
    keys = zip(table[CLUSTER].astype("str"), table[inner].astype("str"), table["customers"].tolist(), strict=True)
    return [
        {CLUSTER: cluster, "customers": customers, "segment": label(cluster, names), "inner": value,
         "share": customers / whole[cluster]}
        for cluster, value, customers in keys
    ]  # fmt: skip


def _opacities(values: pd.Series) -> dict[str, float]:
    """Value → how opaque its part of a bar is: from dark to pale in the order of the categories, Unknown last."""
    occurring = values.astype("category").cat.remove_unused_categories().cat.categories.astype("str")
    known = [value for value in occurring if value != UNKNOWN]
    if set(known) <= set(YES_NO):
        return OPACITY
    paler = (1 - PALEST) / max(len(known) - 1, 1)
    shades = {value: round(1 - i * paler, 3) for i, value in enumerate(known)}
    return shades | ({UNKNOWN: OPACITY[UNKNOWN]} if UNKNOWN in occurring else {})
