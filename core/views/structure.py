"""Charts of the structure of the data: scores by number of segments, differences of a segment."""

from typing import Any

import altair as alt
import pandas as pd

from core.figures import AXIS_FORM, coefficient, number
from core.views.chart_parts import framed, legend, plain_axis, short_axis, spoken
from core.views.palette import CLUSTER_COLOURS, GREY

QUIET = "#8a949e"  # grey that stands out from its own pale band
DATA, REFERENCE = "These customers", "Structureless data"
HEIGHT = 210
ROW, AXIS = 23, 96  # of a bar; of all below the bars: with less, every other label of few bars would be left out
MOST_DRAWN = 3.0  # effect size at which a bar ends: those of the segments' own features would dwarf all others
HEADROOM = 0.25  # of the range of the scores: for the labels of the marked numbers
FROM_ZERO = ("inertia", "smallest", "apart", "calinski_harabasz")


def curve(table: pd.DataFrame, measure: str, *, k: int) -> alt.LayerChart:
    """A measure by number of segments, with the band of the structureless draws and a rule at the `k` in use.

    `table` is that of `evidence.table`.
    """
    data = table[table["measure"] == measure].drop(columns="measure")
    scale = alt.Scale(domain=[DATA, REFERENCE], range=[CLUSTER_COLOURS[0], QUIET])
    axis = short_axis() if measure == "calinski_harabasz" else alt.Axis(format=AXIS_FORM)
    x = alt.X("k:Q", title="Number of segments", axis=alt.Axis(format="d", tickMinStep=1), scale=alt.Scale(nice=False))
    y: dict[str, Any] = {"title": None, "scale": alt.Scale(zero=measure in FROM_ZERO), "axis": axis}
    lines = data.melt("k", ["value", "reference"], "which", "score")
    lines["which"] = lines["which"].map({"value": DATA, "reference": REFERENCE})
    lines["written"] = lines["score"].map(lambda score: number(score, 3))
    band = alt.Chart(data).mark_area(opacity=0.3, color=GREY).encode(x=x, y=alt.Y("low:Q", **y), y2=alt.Y2("high:Q"))
    points = alt.OverlayMarkDef(size=36)
    line = (
        alt.Chart(lines)
        .mark_line(point=points, strokeWidth=2)
        .encode(
            x=x,
            y=alt.Y("score:Q", **y),
            color=alt.Color("which:N", scale=scale, legend=None),
            tooltip=[
                alt.Tooltip("which:N", title="Data"),
                alt.Tooltip("k:Q", title="Segments"),
                alt.Tooltip("written:N", title="Score"),
            ],
        )
    )
    here = (
        alt.Chart(pd.DataFrame({"k": [k]}))
        .mark_rule(strokeDash=[4, 4], color=CLUSTER_COLOURS[3])
        .encode(x=alt.X("k:Q"))
    )
    chart: alt.LayerChart = framed(alt.layer(band, here, line), height=HEIGHT)
    return chart


def against_structureless(table: pd.DataFrame, *, used: int, recommended: int | None) -> alt.LayerChart:
    """How clearly segments stand apart by their number, beside structureless data; the two numbers are marked.

    `table` is that of `evidence.table`; the measure is the silhouette.
    """
    data = table[table["measure"] == "silhouette"].drop(columns="measure")
    top = max(float(data[["value", "high"]].max().max()), 0.0)
    bottom = min(float(data[["value", "low"]].min().min()), 0.0)
    x = alt.X(
        "k:Q", title="Number of segments", axis=alt.Axis(format="d", tickMinStep=1, grid=False),
        scale=alt.Scale(nice=False, padding=14),
    )  # fmt: skip
    y: dict[str, Any] = {
        "axis": alt.Axis(title=None, format=AXIS_FORM, tickCount=5),
        "scale": alt.Scale(domain=[bottom, top + HEADROOM * (top - bottom)], nice=False),
    }
    lines = data.melt("k", ["value", "reference"], "which", "score")
    lines = lines.assign(
        which=lines["which"].map({"value": DATA, "reference": REFERENCE}),
        written=lines["score"].map(lambda score: number(score, 3)),
    )
    band = alt.Chart(data).mark_area(opacity=0.3, color=GREY).encode(x=x, y=alt.Y("low:Q", **y), y2=alt.Y2("high:Q"))
    line = (
        alt.Chart(lines)
        .mark_line(point=alt.OverlayMarkDef(size=42), strokeWidth=2)
        .encode(
            x=x, y=alt.Y("score:Q", **y),
            color=alt.Color(
                "which:N", scale=alt.Scale(domain=[DATA, REFERENCE], range=[CLUSTER_COLOURS[0], QUIET]),
                legend=legend(title=None),
            ),
            tooltip=[
                alt.Tooltip("which:N", title="Data"), alt.Tooltip("k:Q", title="Segments"),
                alt.Tooltip("written:N", title="Silhouette"),
            ],
        )
    )  # fmt: skip
    marks = {used: "In use"} | ({recommended: "Recommended"} if recommended else {})
    if recommended == used:
        marks[used] = "In use and recommended"
    rules, middle = [], float(data["k"].mean())
    for row, (k, text) in enumerate(marks.items()):
        here = alt.Chart(pd.DataFrame({"k": [k], "text": [text]})).encode(x=x)
        side: dict[str, Any] = {"align": "right", "dx": -5} if k > middle else {"align": "left", "dx": 5}
        rules.append(here.mark_rule(strokeDash=[4, 4], color=QUIET))
        rules.append(here.mark_text(fontSize=12, **side).encode(text="text:N", y=alt.value(8 + 16 * row)))
    chart: alt.LayerChart = framed(alt.layer(band, line, *rules), height=HEIGHT + 60)
    return chart


def effects(table: pd.DataFrame, colour: str) -> alt.LayerChart:
    """Diverging bars of effect sizes: `text` names the difference, `effect` its size in standard deviations."""
    data = table[["text", "effect", "here", "everybody"]].assign(written=table["effect"].map(coefficient))
    most = min(max(1.0, float(data["effect"].abs().max())), MOST_DRAWN)
    base = alt.Chart(data).encode(
        y=alt.Y(
            "text:N",
            sort=data["text"].tolist(),
            title=None,
            axis=plain_axis(230),
        ),
        tooltip=[
            alt.Tooltip("text:N", title="What"),
            alt.Tooltip("here:N", title="In this segment"),
            alt.Tooltip("everybody:N", title="All customers"),
            alt.Tooltip("written:N", title="Difference"),
        ],
    )
    bars = base.mark_bar(cornerRadius=2, color=colour).encode(
        x=alt.X(
            "effect:Q",
            title=["Difference from the others", "← lower · higher →"],
            scale=alt.Scale(domain=[-most, most], clamp=True),
        ),
        description=spoken("datum.text", "datum.here + ' in this segment'", "datum.everybody + ' in all'"),
    )
    zero = alt.Chart(pd.DataFrame({"x": [0.0]})).mark_rule(color=GREY).encode(x=alt.X("x:Q"))
    chart: alt.LayerChart = framed(alt.layer(bars, zero), height=ROW * len(data) + AXIS)
    return chart
