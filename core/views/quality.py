"""A chart of the valid, invalid and blank cells of each column."""

import altair as alt
import pandas as pd

from core.figures import COUNT_FORM, SHARE_FORM
from core.views.chart_parts import framed, plain_axis, spoken
from core.views.palette import CLUSTER_COLOURS, GREY

COLOURS = {"Valid": CLUSTER_COLOURS[1], "Invalid": CLUSTER_COLOURS[3], "Blank": GREY}
SPOKEN = spoken(
    "datum.label",
    "datum.part",
    f"format(datum.share, '{SHARE_FORM}')",
    f"format(datum.number, '{COUNT_FORM}') + ' cells'",
)
ROW = 28  # pixels of a bar


def quality_bars(quality: pd.DataFrame) -> alt.Chart:
    """Bars to 100 % by column: valid, invalid and blank cells (`CleanTable.quality`)."""
    cells = quality["cells"].clip(lower=1)
    distinct = [name for name in quality if name == "distinct"]  # a result lacks them
    valid = quality["cells"] - quality["blank"] - quality["invalid"]
    counts = {"Valid": valid, "Invalid": quality["invalid"], "Blank": quality["blank"]}
    rows = [
        pd.DataFrame({"label": quality["label"], "part": part, "order": order, "number": count, "share": count / cells})
        for order, (part, count) in enumerate(counts.items())
    ]
    data = pd.concat(rows, ignore_index=True).merge(quality[["label", *distinct]], on="label")
    axis = plain_axis(170)
    legend = alt.Legend(orient="bottom", direction="horizontal", symbolType="circle")
    chart = alt.Chart(data).encode(
        y=alt.Y("label:N", sort=quality["label"].tolist(), title=None, axis=axis),
        x=alt.X("share:Q", title="Share of cells", axis=alt.Axis(format="%", tickCount=5), stack="zero"),
        color=alt.Color(
            "part:N", title=None, legend=legend, scale=alt.Scale(domain=list(COLOURS), range=list(COLOURS.values()))
        ),
        order=alt.Order("order:O"),
        tooltip=[
            alt.Tooltip("label:N", title="Column"),
            alt.Tooltip("part:N", title="Cells"),
            alt.Tooltip("number:Q", title="Number", format=COUNT_FORM),
            alt.Tooltip("share:Q", title="Share", format=SHARE_FORM),
            *(alt.Tooltip(f"{name}:Q", title="Distinct values", format=COUNT_FORM) for name in distinct),
        ],
    )
    drawn: alt.Chart = framed(chart.mark_bar().encode(description=SPOKEN), height=max(120, ROW * len(quality) + 80))
    return drawn
