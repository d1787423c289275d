"""The segments of several months: their shares as lines."""

from typing import Final

import altair as alt
import pandas as pd

from core import figures
from core.schema import CLUSTER
from core.views.chart_parts import (
    CUSTOMERS,
    LABEL_SIZE,
    NO_NUMBER,
    SEGMENT,
    SHARE,
    Names,
    framed,
    labelled,
    legend,
    segment_colour,
    spoken,
    tooltips,
)

HEIGHT: Final = 240  # pixels of the lines and their axis
LEGEND_ROW: Final = 26  # pixels of each segment in the legend


def month_lines(table: pd.DataFrame, months: list[str], *, names: Names) -> alt.LayerChart:
    """A line per segment over some months in their order, its number at the end.

    Parameters
    ----------
    table : DataFrame
        month, Cluster, customers, share (`months.table.OverTime.shares`). A month that a segment lacks leaves a gap.
    """
    data = labelled(table[["month", CLUSTER, "customers", "share"]], names)
    last = data["month"] == data.groupby(CLUSTER)["month"].transform("max")
    data["text"] = [NO_NUMBER.get(cluster, cluster) for cluster in data[CLUSTER].where(last, "")]
    data = data.drop(columns=CLUSTER)
    base = alt.Chart(data).encode(
        x=alt.X(
            "month:O", title=None, scale=alt.Scale(domain=months),
            axis=alt.Axis(labelAngle=0, labelFontSize=LABEL_SIZE, labelOverlap="parity", ticks=False),
        ),
        y=alt.Y("share:Q", title="Share", axis=alt.Axis(format="~%", tickCount=5)),
        tooltip=tooltips(
            {"month": "Month", "segment": "Segment"},
            {"customers": figures.COUNT_FORM, "share": figures.SHARE_FORM},
            {"share": "Share of the month's customers"},
        ),
    )  # fmt: skip
    coloured = base.encode(color=segment_colour(names, legend=legend(columns=1, labelLimit=320)))
    lines = coloured.mark_line(aria=False, strokeWidth=2)
    points = coloured.mark_circle(size=60, opacity=1).encode(
        description=spoken("datum.month", SEGMENT, SHARE, CUSTOMERS)
    )
    ends = base.mark_text(aria=False, align="left", dx=8, fontSize=12, fontWeight=600).encode(text="text:N")
    chart: alt.LayerChart = framed(alt.layer(lines, points, ends), height=HEIGHT + LEGEND_ROW * len(names))
    return chart
