"""The spread of the wealth measure, of which the band of the mass affluent is chosen: percentiles, bins and a chart."""

from collections.abc import Sequence
from math import inf
from typing import Final

import altair as alt
import numpy as np
import pandas as pd

from core import figures
from core.views.chart_parts import CUSTOMERS, framed, number_axis, short_axis, spoken, tooltips
from core.views.counted import carried, in_bins
from core.views.palette import CLUSTER_COLOURS, PAIR
from core.views.tables import binned, count, step_between

PERCENTS: Final = 100
FIGURES: Final = 3  # of a percentile that is offered as a bound: enough to choose by, and nobody's own number
TAIL: Final = (
    1  # percent at either end, whose customers stand in the last bin: a few very rich would flatten the others
)
FINER: Final = 0.5  # bins by the width of a scatter's bins
HEIGHT: Final = 170
INSIDE, OUTSIDE = "In the band", "Outside"
COLOURS: Final = {INSIDE: CLUSTER_COLOURS[0], OUTSIDE: PAIR[1]}


def percentiles(values: pd.Series) -> tuple[float, ...]:
    """The 0th to the 100th percentile of a number, rounded to `FIGURES`; empty where nobody has it.

    The 0th is rounded down and the 100th up, so that all lie between.
    """
    known = np.sort(values.dropna().to_numpy("float64"))
    if not len(known):
        return ()
    ranks = np.minimum(np.arange(PERCENTS + 1) * len(known) // PERCENTS, len(known) - 1)  # as the relative band's
    found = [_rounded(value) for value in known[ranks].tolist()]
    unit = 10.0 ** (np.floor(np.log10(max(np.abs(known).max(), 1.0))) - FIGURES + 1)
    ends = float(np.floor(known[0] / unit) * unit), float((np.floor(known[-1] / unit) + 1) * unit)
    return (ends[0], *found[1:-1], ends[1])


def percents_of(low: float | None, high: float | None, known: Sequence[float]) -> tuple[int, int]:
    """Which percentiles (`known`) the ends of a band are nearest to; an end that is not given is the outermost."""
    return (
        0 if low is None else int(np.abs(np.subtract(known, low)).argmin()),
        PERCENTS if high is None else int(np.abs(np.subtract(known, high)).argmin()),
    )


def bins_of(known: Sequence[float]) -> tuple[float, float, float]:
    """The width of the bins of a measure with these percentiles, and the ends beyond which lies its `TAIL`."""
    least, most = known[TAIL], known[-1 - TAIL]
    return step_between(least, most) * (FINER if most - least > PERCENTS else 1.0), least, most


def measure_histogram(
    customers: pd.DataFrame, measure: str, step: float, least: float = -inf, most: float = inf
) -> pd.DataFrame:
    """Customers by bins of a measure: <measure> (a bin's lower edge), customers; without those of unknown.

    Values below `least` or above `most` are counted in the bins of these.
    """
    at = in_bins(measure, step)
    values = customers[at if at in customers else measure]
    known = carried(customers, {measure: values})[values.notna().to_numpy()]
    numbers = known[measure].to_numpy("float64").clip(least, most)
    table = count(carried(known, {measure: binned(numbers, step)}), [measure])
    return table.assign(**{measure: table[measure].astype("float64")})


def band_histogram(
    table: pd.DataFrame, step: float, low: float | None, high: float | None, *, title: str, sign: str = ""
) -> alt.LayerChart:
    """Bars of `measure_histogram`, those in the band in its colour, and a line at each end; money has its `sign`."""
    edges = table.iloc[:, 0]
    middle = edges + step / 2
    inside = (middle >= (inf if low is None else low)) & (middle < (inf if high is None else high))
    data = pd.DataFrame(
        {
            "from": edges,
            "to": edges + step,
            "customers": table["customers"],
            "band": np.where(inside, INSIDE, OUTSIDE),
            "range": [f"{figures.amount(edge, sign)} to {figures.amount(edge + step, sign)}" for edge in edges],
        }
    )
    axis = number_axis(title, inf, sign, tickCount=5, grid=False)
    bars = (
        alt.Chart(data)
        .mark_bar(binSpacing=1)
        .encode(
            x=alt.X("from:Q", bin="binned", axis=axis),
            x2="to:Q",
            y=alt.Y("customers:Q", title=None, axis=short_axis(tickCount=3, grid=False)),
            color=alt.Color(
                "band:N", scale=alt.Scale(domain=[*COLOURS], range=[*COLOURS.values()]), legend=None
            ),  # the lines at its ends say which bars are in it
            tooltip=tooltips({"range": title, "band": "Mass affluent"}, {"customers": figures.COUNT_FORM}),
            description=spoken("datum.range", "datum.band", CUSTOMERS),
        )
    )
    first, last = data["from"].min(), data["to"].max()
    ends = pd.DataFrame({"end": [end for end in (low, high) if end is not None and first <= end <= last]})
    lines = alt.Chart(ends).mark_rule(aria=False, strokeDash=[4, 3], strokeWidth=2, color=COLOURS[INSIDE])
    chart: alt.LayerChart = framed(alt.layer(bars, lines.encode(x="end:Q")), height=HEIGHT)
    return chart


def _rounded(value: float) -> float:
    return float(f"{value:.{FIGURES}g}")
