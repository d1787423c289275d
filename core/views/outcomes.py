"""Charts of what a campaign brought: uplifts with their intervals, and the Qini curve."""

from collections.abc import Callable, Sequence
from typing import Final

import altair as alt
import pandas as pd

from core.figures import COUNT_FORM, SHARE_FORM
from core.views.chart_parts import layered, number_axis, plain_axis, spoken
from core.views.palette import CLUSTER_COLOURS, GREY, PAIR

ROW: Final = 40  # pixels of a segment's bar
HEIGHT: Final = 260
ORDERED, RANDOM = "In this order", "At random"
VERDICTS: Final = ("more", "not shown", "fewer")  # by the interval: above zero, around it, below it


def uplift_bars(
    table: pd.DataFrame, form: Callable[[float], str], title: str, *, scale: float = 1.0,
    break_even: float | None = None,
) -> alt.LayerChart | None:  # fmt: skip
    """A bar per row with its interval, from zero; None where no row has one.

    Parameters
    ----------
    table : DataFrame
        name, uplift, low, high, contacted, control, contacted_mean, control_mean (`outcomes.uplift`), in the order
        of the bars.
    form : callable
        How an uplift is written.
    title : str
        Of the axis.
    scale : float
        What uplifts are multiplied by on the axis: 100 for points.
    break_even : float, optional
        The uplift from which a contact pays, as a dashed line.
    """
    data = _bars(table.dropna(subset=["uplift", "low", "high"]), form, scale)
    if data.empty:
        return None
    least, most = min(0.0, float(data["low"].min())), float(data["end"].max())
    span = most - least or 1.0
    room = alt.Scale(domain=[least - 0.03 * span, most + 0.35 * span], nice=False)  # for the text
    colours = alt.Scale(domain=VERDICTS, range=[CLUSTER_COLOURS[0], PAIR[1], CLUSTER_COLOURS[3]])
    base = alt.Chart().encode(
        y=alt.Y("name:N", sort=data["name"].tolist(), title=None, axis=plain_axis(150)),
        tooltip=[
            alt.Tooltip("name:N", title="Customers"),
            alt.Tooltip("text:N", title="Difference"),
            alt.Tooltip("contacted:Q", title="Contacted", format=COUNT_FORM),
            alt.Tooltip("control:Q", title="Held out", format=COUNT_FORM),
        ],
    )
    bars = base.mark_bar(cornerRadiusEnd=3, size=18).encode(
        x=alt.X("uplift:Q", axis=number_axis(title, most, tickCount=5), scale=room),
        color=alt.Color("shown:N", legend=None, scale=colours),
        description=spoken("datum.name", "datum.text", f"format(datum.contacted, '{COUNT_FORM}') + ' contacted'"),
    )
    intervals = base.mark_rule(aria=False, strokeWidth=2, color=GREY).encode(
        x=alt.X("low:Q", scale=room), x2=alt.X2("high:Q")
    )
    texts = base.mark_text(aria=False, align="left", dx=8, fontSize=12).encode(
        x=alt.X("end:Q", scale=room), text=alt.Text("label:N")
    )
    lines = [_line(0.0, [1, 0]), *([_line(break_even * scale, [4, 3])] if break_even else [])]
    return layered(data, bars, intervals, texts, *lines, height=ROW * len(data) + 56)


def _bars(table: pd.DataFrame, form: Callable[[float], str], scale: float) -> pd.DataFrame:
    """The rows of the bars: the text of each, what its interval shows, and where the text begins."""
    ends = table[["uplift", "low", "high"]]
    scaled = ends * scale
    return table[["name", "contacted", "control"]].assign(
        label=[form(uplift) for uplift in ends["uplift"]],  # the interval is drawn: on a telephone it has no room
        text=[_written(form, *row) for row in ends.itertuples(index=False)],
        shown=[_shown(low, high) for low, high in zip(ends["low"], ends["high"], strict=True)],
        end=scaled["high"].clip(lower=0),
        **scaled,
    )


def qini_curve(curve: pd.DataFrame, customers: int, title: str, sign: str = "") -> alt.LayerChart:
    """What contacting a share of the customers brings, in the order of the segments and at random.

    `curve` has share, gain and random, per customer (`outcomes.ranking`); the axis counts `customers`.
    """
    data = pd.concat(
        [
            pd.DataFrame({"share": curve["share"], "gain": curve[name] * customers, "order": order})
            for name, order in (("gain", ORDERED), ("random", RANDOM))
        ],
        ignore_index=True,
    )
    most = float(data["gain"].abs().max())
    base = alt.Chart().encode(
        x=alt.X("share:Q", title="Share of the customers contacted", axis=alt.Axis(format="~%", tickCount=5)),
        y=alt.Y("gain:Q", axis=number_axis(title, most, sign, tickCount=5)),
        color=alt.Color(
            "order:N", title=None, scale=alt.Scale(domain=[ORDERED, RANDOM], range=[CLUSTER_COLOURS[0], GREY]),
            legend=alt.Legend(orient="bottom", direction="horizontal", symbolType="stroke"),
        ),
        strokeDash=alt.StrokeDash(
            "order:N", legend=None, scale=alt.Scale(domain=[ORDERED, RANDOM], range=[[1, 0], [5, 4]])
        ),
    )  # fmt: skip
    lines = base.mark_line(aria=False, strokeWidth=2.5)
    points = base.mark_circle(size=140, opacity=0).encode(
        tooltip=[
            alt.Tooltip("order:N", title="Order"),
            alt.Tooltip("share:Q", title="Contacted", format=SHARE_FORM),
            alt.Tooltip("gain:Q", title=title, format=",.1f"),
        ],
        description=spoken("datum.order", f"format(datum.share, '{SHARE_FORM}')", "format(datum.gain, ',.1f')"),
    )
    return layered(data, lines, points, height=HEIGHT)


def _line(at: float, dash: Sequence[int]) -> alt.Chart:
    rule = alt.Chart(pd.DataFrame({"at": [at]})).mark_rule(aria=False, color=GREY, strokeDash=dash)
    drawn: alt.Chart = rule.encode(x="at:Q")
    return drawn


def _written(form: Callable[[float], str], uplift: float, low: float, high: float) -> str:
    return f"{form(uplift)}  ({form(low)} to {form(high)})"


def _shown(low: float, high: float) -> str:
    return VERDICTS[0] if low > 0 else VERDICTS[2] if high < 0 else VERDICTS[1]
