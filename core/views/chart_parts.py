"""Parts that charts share: labels and colours of segments, axes, legends, tooltips, frames."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from core import figures
from core.schema import CLUSTER, NO_SEGMENT, NOT_CLUSTERED, OUTLIERS
from core.views import chart_text
from core.views.palette import GREY, colours

Names = Mapping[str, str]

HEIGHT = 260
ROW = 44  # pixels a horizontal bar takes with its two-line label
LABEL_SIZE = 12
AVERAGE = 24  # pixels above bars that the number of all takes
SHORT_FROM = 1000
A_CHARACTER, LINE = 0.54, 1.2  # a character's width and a line's height, as shares of the size of the font


def label(cluster: str, names: Names) -> str:
    """`"2 Younger · short tenure"`: number and name, as every visual writes a segment."""
    return cluster if cluster in NO_SEGMENT else f"{cluster} {names[cluster]}"


def labelled(table: pd.DataFrame, names: Names) -> pd.DataFrame:
    """Add `segment`, and turn cluster labels into text, so that the browser gets no unused categories."""
    clusters = table[CLUSTER].astype("str").tolist()
    return table.assign(**{CLUSTER: clusters, "segment": [label(cluster, names) for cluster in clusters]})


def labels(names: Names) -> list[str]:
    """All segments as visuals write them."""
    return [label(cluster, names) for cluster in names]


def segment_colour(names: Names, *, legend: alt.Legend | None) -> alt.Color:
    """The colour of segments. All of them are in the scale, so that a filter changes no colour."""
    return alt.Color(
        "segment:N", title=None, scale=alt.Scale(domain=labels(names), range=colours(names)), legend=legend
    )


NO_NUMBER = {OUTLIERS: "Outliers", NOT_CLUSTERED: "None"}  # in place of a segment's number
NO_SEGMENT_FILL = 0.15  # opacity of the marks of groups that are no segment: hollow, and still a mark to click
IN_NO_SEGMENT: dict[str, Any] = {"test": {"field": "segment", "oneOf": list(NO_SEGMENT)}}
# Of their outlines, as a property of marks: the channel is not for arcs. No grey could be told from twelve colours.
DASHED = alt.expr(f"datum.segment == '{NOT_CLUSTERED}' ? [4, 3] : datum.segment == '{OUTLIERS}' ? [1.5, 2] : [1, 0]")


def hollow() -> dict[str, Any]:
    """The encodings by which marks of groups that are no segment have an outline in place of a colour.

    Altair takes ten times as long to find the class of a dictionary. Vega has no hatching: the line is `DASHED`.
    """
    return {
        "fillOpacity": alt.FillOpacityValue(1, condition=IN_NO_SEGMENT | {"value": NO_SEGMENT_FILL}),
        "stroke": alt.StrokeValue(None, condition=IN_NO_SEGMENT | {"value": GREY}),
    }


def ink() -> alt.ColorValue:
    """The colour of a text on a mark: that of the field `ink`, or of all text where that is empty."""
    test = {"test": "datum.ink", "field": "ink", "type": "nominal", "scale": None}
    return alt.ColorValue(alt.Undefined, condition=test)


# What a screen reader says of a mark: `Segment 2 Younger, 18.0%, 719 customers`.
SEGMENT = f"(indexof({list(NO_SEGMENT)}, datum.segment) < 0 ? 'Segment ' : '') + datum.segment"
CUSTOMERS = f"format(datum.customers, '{figures.COUNT_FORM}') + (datum.customers == 1 ? ' customer' : ' customers')"
PART = "datum.inner"
SHARE = f"format(datum.share, '{figures.SHARE_FORM}')"


def spoken(*parts: str) -> alt.DescriptionValue:
    """A mark's text for a screen reader: expressions of its parts, with no text of the data in them."""
    return alt.DescriptionValue(alt.expr(" + ', ' + ".join(f"({part})" for part in parts)))


LEGEND_COLUMNS, LEGEND_CHARACTERS = 5, 36  # of a row below a chart that is 230 pixels wide


def legend(**more: Any) -> alt.Legend:
    """A legend below the chart."""
    how: dict[str, Any] = {"orient": "bottom", "direction": "horizontal", "symbolType": "circle", "titleOrient": "top"}
    return alt.Legend(**how | {"columns": LEGEND_COLUMNS} | more)


def legend_columns(values: Sequence[str]) -> int:
    """How many entries of a legend stand beside each other, so that the longest is not cut on a narrow screen."""
    longest = max(map(len, values), default=0)
    return max(1, min(LEGEND_COLUMNS, LEGEND_CHARACTERS // (longest + 3)))  # a symbol is as wide as three characters


def segment_axis(names: Names) -> alt.Y:
    """The axis of a bar per segment."""
    # A label has two lines, so that a narrow chart can show it: the first and the last trait, since names that agree in
    # two differ in the third. The tooltip has the others.
    traits = "split(datum.label, ' · ')"
    axis = alt.Axis(
        labelExpr=f"indexof(datum.label, ' · ') < 0 ? {cut('datum.label', 170)} : "
        f"[{cut(f'{traits}[0]', 170)}, {cut(f'peek({traits})', 170)}]",
        labelLimit=alt.expr(chart_text.limit("datum.label", "170")),
        labelOverlap=False,
        labelOffset=-5,
        labelFontSize=LABEL_SIZE,
        labelPadding=8,
        ticks=False,
        domain=False,
    )
    return alt.Y("segment:N", sort=labels(names), title=None, axis=axis)


def plain_axis(pixels: int = 180) -> alt.Axis:
    """The axis of a bar chart's labels, of at most some pixels: no line, no ticks."""
    return alt.Axis(
        ticks=False, domain=False, labelFontSize=LABEL_SIZE, labelPadding=8,
        labelExpr=cut("datum.label", pixels), labelLimit=alt.expr(chart_text.limit("datum.label", str(pixels))),
    )  # fmt: skip


def short_axis(**more: Any) -> alt.Axis:
    """An axis whose numbers are large, and so written short: 12.4 k."""
    return alt.Axis(labelExpr=figures.style().axis_labels(), **more)


def number_axis(title: str, size: float, sign: str = "", **more: Any) -> alt.Axis:
    """An axis of numbers, short ones from thousands on, by the `size` of its bins or of its largest mark.

    Money has its `sign` at every number.
    """
    shown = chart_text.title(title)
    if sign:
        return alt.Axis(title=shown, labelExpr=figures.axis_labels(sign), **more)
    if size >= SHORT_FROM:
        return short_axis(title=shown, **more)
    return alt.Axis(title=shown, format=figures.AXIS_FORM, **more)


def average_axis(average: float, text: str) -> alt.Axis:
    """An axis above bars that says one number only, the average of all, with a dashed line down through the bars."""
    return alt.Axis(
        values=[average], labelExpr=f"'Average: ' + {json.dumps(text)}", orient="top", title=None, ticks=False,
        domain=False, grid=True, gridDash=[4, 3], gridColor=GREY, gridWidth=1.5, zindex=1, labelPadding=4,
        labelFontSize=LABEL_SIZE, labelBound=False, labelFlush=False,
    )  # fmt: skip


def number_labels() -> str:
    """The expression of an axis's labels of segments: their numbers, a word for the groups that are none."""
    return f"{json.dumps(NO_NUMBER)}[datum.label] || split(datum.label, ' ')[0]"


def cut(text: str, pixels: int) -> str:
    """The expression of a label cut to some pixels."""
    return chart_text.fitted(text, str(pixels), LABEL_SIZE)


def tile_text(text: str, pixels: str, down: str, size: int) -> dict[str, Any]:
    """The arguments of a text mark for the label of a tile with so many pixels across and `down`.

    It takes a line, or else one per word; there is none where it does not fit.
    """
    width = A_CHARACTER * size
    longer = rf"test(regexp('\\S{{' + (1 + floor({pixels} / {width})) + ',}}'), {text})"  # a word that does not fit
    words = f"split({text}, ' ')"
    wrapped = f"{longer} || {LINE * size} * length({words}) > {down} ? '' : {words}"
    return {
        "text": alt.expr(f"length({text}) * {width} <= {pixels} ? {chart_text.fitted(text, pixels, size)} : {wrapped}"),
        "limit": alt.expr(chart_text.limit(text, pixels)),
        "fontSize": size,
        "lineHeight": LINE * size,
    }


def tooltips(
    texts: Mapping[str, str], numbers: Mapping[str, str], titles: Mapping[str, str] | None = None
) -> list[alt.Tooltip]:
    """The lines of a tooltip: field → title of texts, field → format of numbers, and the titles of these."""
    named = {"customers": "Customers", "share": "Share"} | dict(titles or {})
    return [alt.Tooltip(f"{name}:N", title=chart_text.key(title)) for name, title in texts.items()] + [
        alt.Tooltip(f"{name}:Q", title=chart_text.key(named[name]), format=form) for name, form in numbers.items()
    ]


def rows_height(data: pd.DataFrame, below: int = 0) -> int:
    """Pixels for a row per segment and, `below` them, an axis or a legend."""
    return max(HEIGHT - 40, ROW * int(data["segment"].nunique())) + below


def room_for_text(values: pd.Series | np.ndarray, factor: float) -> alt.Scale:
    """A scale from 0 that leaves room for the text at the end of the longest bar."""
    least, most = (float(values.min()), float(values.max())) if len(values) else (0.0, 0.0)
    return alt.Scale(domain=[min(0.0, least), (most if most > 0 else 0.01) * factor], nice=False)


def layered(data: pd.DataFrame, *layers: alt.Chart, height: int) -> alt.LayerChart:
    """Layers of one table, framed.

    The layers are set after the chart is made: Altair's constructor compares each with all others, which takes longer
    than making them.
    """
    chart = alt.LayerChart(data=data, layer=[])
    chart.layer = list(layers)
    framed(chart, height=height)
    return chart


def framed(chart: Any, *, height: int) -> Any:
    """The chart of a height in pixels, without a line around it.

    In place: Altair's own `properties` and `configure_view` each copy all layers and put them together again.
    """
    style = figures.style()
    chart.height, chart.config = height, alt.Config(view=alt.ViewConfig(stroke=None))
    if not style.is_english:
        chart.config.locale = {"number": dict(style.chart_locale)}
    return chart
