"""Bubbles of two numbers: a row per segment, so that no bubble of one covers those of another."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, Final

import altair as alt
import numpy as np
import pandas as pd

from core import figures
from core.schema import CLUSTER
from core.views import chart_text
from core.views.chart_parts import (
    CUSTOMERS,
    SEGMENT,
    Names,
    framed,
    hollow,
    labelled,
    labels,
    number_axis,
    number_labels,
    segment_colour,
    spoken,
    tooltips,
)
from core.views.counted import LOWS
from core.views.tables import AGE_BIN

HEIGHT: Final = 440  # pixels of all rows, unless there are so many that each needs more
LEAST_ROW: Final = 56
BAND: Final = 0.94  # of the height of a row that is no space between two
PADDING: Final = 0.12  # of a row, above and below its bubbles
AREAS: Final = [6, 120]  # square pixels of the smallest and the largest bubble


def scatter(
    table: pd.DataFrame, measure: str, *, names: Names, titles: Mapping[str, str], step: float, across: str = "age",
    width: float = AGE_BIN, signs: Sequence[str] = ("", ""),
) -> alt.Chart:  # fmt: skip
    """Bubbles of age × measure bins in a row per segment, area by customers; `step` is the measure's bin width.

    Every row has the same scale of the measure, upwards; the title of the axis says its ends. Another number can stand
    `across` in place of age, in bins of its own `width`. `signs` are those of money: of the number across, and of the
    measure. A mark has the lower edges of its bins as text, by which it is clicked.
    """
    data = labelled(table.rename(columns={across: "age", measure: "value"}), names).drop(columns=CLUSTER)
    for (name, bins), low_edge, sign in zip({"age": width, "value": step}.items(), LOWS, signs, strict=True):
        data[f"{name}_bin"] = [figures.band(low, bins, sign) for low in data[name]]
        data[low_edge] = [np.format_float_positional(low, trim="-") for low in data[name]]
        data[name] += bins / 2 if bins != 1 else 0
    rows = [name for name in labels(names) if name in set(data["segment"])]
    upwards, ends = _scale_of(data["value"], 0 if step == 1 else step / 2, signs[1], max(len(rows), 1))
    chart: alt.Chart = (
        alt.Chart(data)
        .mark_circle(opacity=1)
        .encode(
            x=alt.X(
                "age:Q",
                title=chart_text.key(titles[across]),
                scale=alt.Scale(zero=False, padding=12),
                axis=number_axis(titles[across], width, signs[0]),
            ),
            y=_rows(rows, [chart_text.title(titles[measure]), f"{ends} in each row"]),
            yOffset=alt.YOffset("value:Q", scale=upwards),
            size=alt.Size("customers:Q", scale=alt.Scale(range=AREAS), legend=None),
            color=segment_colour(names, legend=None),
            order=alt.Order("customers:Q", sort="descending"),
            detail=[f"{low_edge}:N" for low_edge in LOWS],
            tooltip=tooltips(
                {"segment": "Segment", "age_bin": titles[across], "value_bin": titles[measure]},
                {"customers": figures.COUNT_FORM},
            ),
            description=spoken(SEGMENT, "datum.age_bin", "datum.value_bin", CUSTOMERS),
            **hollow(),
        )
    )
    framed(chart, height=max(HEIGHT, LEAST_ROW * len(rows)))
    return chart


def _scale_of(values: pd.Series, half_a_bin: float, sign: str, rows: int) -> tuple[alt.Scale, str]:
    """The scale of a row for the middles of bins, and the ends of these as text."""
    low, high = (float(values.min()), float(values.max())) if len(values) else (0.0, 1.0)
    room = PADDING * ((high - low) or 1.0)
    ends = figures.between(partial(figures.short, currency=sign), low - half_a_bin, high + half_a_bin)
    upwards: list[Any] = [alt.expr(f"{BAND} * height / {rows}"), 0]  # said, as releases of Vega-Lite differ
    return alt.Scale(domain=[low - room, high + room], range=upwards, nice=False, zero=False), ends


def _rows(segments: Sequence[str], title: Sequence[str]) -> alt.Y:
    axis = alt.Axis(
        title=list(title), labelExpr=number_labels(), labelFontWeight=600, ticks=False, grid=True, tickBand="extent"
    )
    return alt.Y(
        "segment:N", sort=list(segments), scale=alt.Scale(paddingInner=1 - BAND, paddingOuter=(1 - BAND) / 2), axis=axis
    )
