"""Charts of the strategy simulation."""

import altair as alt
import pandas as pd

from core.views.figures import dollars
from core.views.palette import CLUSTER_COLOURS

ROW = 34  # pixels an input's bar takes
ENDS = {"Low value": CLUSTER_COLOURS[2], "High value": CLUSTER_COLOURS[0]}


def tornado(table: pd.DataFrame, net_value: float) -> alt.LayerChart | None:
    """Net value at each input's low and high value as bars from the likely net value; None for no input.

    `table` is that of `strategy.uncertainty.sensitivity`, whose order is the order of the bars.
    """
    if table.empty:
        return None
    data = _long(table, net_value)
    base = alt.Chart(data).encode(
        y=alt.Y(
            "input:N",
            sort=table["input"].tolist(),
            title=None,
            axis=alt.Axis(ticks=False, domain=False, labelFontSize=12, labelPadding=8, labelLimit=150),
        ),
        tooltip=[
            alt.Tooltip("input:N", title="Input"),
            alt.Tooltip("value:Q", title="Its value", format=",.4~g"),
            alt.Tooltip("text:N", title="Net value"),
        ],
    )
    bars = base.mark_bar(cornerRadius=2).encode(
        x=alt.X(
            "likely:Q", title="Net value ($)", axis=alt.Axis(format="~s", tickCount=5), scale=alt.Scale(zero=False)
        ),
        x2="net_value:Q",
        color=alt.Color(
            "end:N",
            title="The input at its",
            scale=alt.Scale(domain=list(ENDS), range=list(ENDS.values())),
            legend=alt.Legend(orient="bottom", direction="horizontal", titleOrient="left"),
        ),
    )
    middle = alt.Chart(data.head(1)).mark_rule(strokeWidth=1.5, color="#6f8296").encode(x="likely:Q")
    return (bars + middle).properties(height=ROW * len(table) + 80).configure_view(stroke=None)


def _long(table: pd.DataFrame, net_value: float) -> pd.DataFrame:
    """One row per bar: input, end, value of the input, net value then, likely net value, text."""
    low, high = (
        table[["input", end, f"at_{end}"]].set_axis(["input", "value", "net_value"], axis=1).assign(end=title)
        for end, title in zip(("low", "high"), ENDS, strict=True)
    )
    data = pd.concat([low, high], ignore_index=True)
    return data.assign(likely=net_value, text=data["net_value"].map(dollars))
