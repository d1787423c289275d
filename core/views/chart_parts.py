"""Parts that charts share: labels and colours of segments, axes, legends, tooltips, frames."""

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import pandas as pd

from core import figures
from core.schema import CLUSTER, NO_SEGMENT
from core.views import chart_text
from core.views.palette import colours

Names = Mapping[str, str]

HEIGHT = 260
ROW = 44  # pixels a horizontal bar takes with its two-line label
LABEL_SIZE = 12
SHORT_FROM = 1000


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


LEGEND_COLUMNS, LEGEND_CHARACTERS = 5, 36  # of a row below a chart that is 230 pixels wide


def legend(**more: Any) -> alt.Legend:
    """A legend below the chart."""
    how: dict[str, Any] = {"orient": "bottom", "direction": "horizontal", "symbolType": "circle", "titleOrient": "top"}
    return alt.Legend(**how | {"columns": LEGEND_COLUMNS} | more)


def legend_columns(values: Sequence[str]) -> int:
    """How many entries of a legend stand beside each other, so that the longest is not cut on a narrow screen."""
    longest = max(map(len, values), default=0)
    return max(1, min(LEGEND_COLUMNS, LEGEND_CHARACTERS // (longest + 3)))  # a symbol is as wide as three characters


def segment_legend() -> alt.Legend:
    """A legend of segment numbers. Names are on cards, axes and in tooltips."""
    return legend(
        title="Segment",
        symbolStrokeColor="transparent",
        labelExpr=f"indexof({list(NO_SEGMENT)}, datum.label) >= 0 ? datum.label : split(datum.label, ' ')[0]",
    )


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


def number_axis(title: str, size: float) -> alt.Axis:
    """An axis of numbers, short ones from thousands on, by the `size` of its bins or of its largest mark."""
    shown = chart_text.title(title)
    return short_axis(title=shown) if size >= SHORT_FROM else alt.Axis(title=shown, format=figures.AXIS_FORM)


def cut(text: str, pixels: int) -> str:
    """The expression of a label cut to some pixels."""
    return chart_text.fitted(text, str(pixels), LABEL_SIZE)


def tile_text(text: str, pixels: str, size: int) -> dict[str, Any]:
    """The arguments of a text mark for the label of a tile with so many pixels."""
    return {
        "text": alt.expr(chart_text.fitted(text, pixels, size)),
        "limit": alt.expr(chart_text.limit(text, pixels)),
        "fontSize": size,
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


def room_for_text(values: pd.Series, factor: float) -> alt.Scale:
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
