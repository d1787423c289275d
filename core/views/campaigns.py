"""Charts of the strategy simulation."""

import altair as alt
import pandas as pd

from core.figures import COUNT_FORM, SHARE_FORM, count, money, number, share
from core.views.chart_parts import SHORT_FROM, layered, number_axis, plain_axis, spoken
from core.views.palette import CLUSTER_COLOURS, GREY, PAIR

ROW = 34  # pixels an input's bar takes
ENDS = dict(zip(("At its low", "At its high"), PAIR, strict=True))


def tornado(table: pd.DataFrame, net_value: float, currency: str = "") -> alt.LayerChart | None:
    """Net value at each input's low and high value as bars from the likely net value; None for no input.

    `table` is that of `strategy.uncertainty.sensitivity`, whose order is the order of the bars.
    """
    if table.empty:
        return None
    data = _long(table, net_value, currency)
    base = alt.Chart().encode(
        y=alt.Y(
            "input:N",
            sort=table["input"].tolist(),
            title=None,
            axis=plain_axis(150),
        ),
        tooltip=[
            alt.Tooltip("input:N", title="Input"),
            alt.Tooltip("written:N", title="Its value"),
            alt.Tooltip("text:N", title="Net value"),
        ],
    )
    bars = base.mark_bar(cornerRadius=2).encode(
        x=alt.X(
            "likely:Q",
            axis=number_axis("Net value", SHORT_FROM, currency, tickCount=5),
            scale=alt.Scale(zero=False),
        ),
        x2=alt.X2("net_value:Q"),
        color=alt.Color(
            "end:N",
            title=None,
            scale=alt.Scale(domain=list(ENDS), range=list(ENDS.values())),
            legend=alt.Legend(orient="bottom", direction="horizontal"),
        ),
        description=spoken("datum.input", "datum.end", "datum.written", "'net value ' + datum.text"),
    )
    middle = alt.Chart().mark_rule(aria=False, strokeWidth=1.5, color=GREY).encode(x=alt.X("min(likely):Q"))
    return layered(data, bars, middle, height=ROW * len(table) + 80)


def selection_rates(table: pd.DataFrame) -> alt.LayerChart | None:
    """Bars of `rate` by `group` with the interval `low` to `high`, the rate and n written; None for no group."""
    if table.empty:
        return None
    data = table.assign(
        text=[f"{share(rate)}  (n {count(n)})" for rate, n in zip(table["rate"], table["n"], strict=True)]
    )
    base = alt.Chart().encode(
        y=alt.Y(
            "group:N",
            sort=table["group"].tolist(),
            title=None,
            axis=plain_axis(),
        ),
        tooltip=[
            alt.Tooltip("group:N", title="Group"),
            alt.Tooltip("rate:Q", title="Selection rate", format=SHARE_FORM),
            alt.Tooltip("low:Q", title="95% interval from", format=SHARE_FORM),
            alt.Tooltip("high:Q", title="to", format=SHARE_FORM),
            alt.Tooltip("selected:Q", title="Selected", format=COUNT_FORM),
            alt.Tooltip("n:Q", title="Customers", format=COUNT_FORM),
        ],
    )
    room = alt.Scale(domain=[0, 1.5 * float(table["high"].max())], nice=False)
    bars = base.mark_bar(cornerRadiusEnd=3, color=CLUSTER_COLOURS[0]).encode(
        x=alt.X("rate:Q", axis=None, scale=room),
        description=spoken("datum.group", "'selected: ' + datum.text"),
    )
    intervals = base.mark_rule(aria=False, strokeWidth=2, color=GREY).encode(
        x=alt.X("low:Q", axis=None), x2=alt.X2("high:Q")
    )
    texts = base.mark_text(aria=False, align="left", dx=6, fontSize=12).encode(
        x=alt.X("high:Q", axis=None), text=alt.Text("text:N")
    )
    return layered(data, bars, intervals, texts, height=max(100, ROW * len(table)))


def _long(table: pd.DataFrame, net_value: float, currency: str) -> pd.DataFrame:
    """One row per bar: input, end, value of the input, net value then, likely net value, text."""
    rows = [
        (one, number(value, 2, trim=True), then, title, net_value, money(then, currency))
        for end, title in zip(("low", "high"), ENDS, strict=True)
        for one, value, then in zip(table["input"], table[end], table[f"at_{end}"], strict=True)
    ]
    return pd.DataFrame(rows, columns=["input", "written", "net_value", "end", "likely", "text"])
