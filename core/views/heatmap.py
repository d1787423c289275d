"""Recency against frequency in shades of the average spend."""

from typing import Any, Final

import altair as alt
import numpy as np
import pandas as pd

from core import figures
from core.schema import FREQUENCY_SCORE, RECENCY_SCORE, RFM_GROUP, UNKNOWN
from core.views.chart_parts import CUSTOMERS, LABEL_SIZE, PART, layered, spoken, tooltips
from core.views.palette import PAIR
from core.views.shares import SHADES
from core.views.summary import mean

HEIGHT: Final = 300
SCORES: Final = ["1", "2", "3", "4", "5"]
RECENCY, FREQUENCY = "'recency ' + datum.recency", "'frequency ' + datum.frequency"


def heatmap(table: pd.DataFrame, measure: str, *, title: str, sign: str = "") -> alt.LayerChart:
    """A cell per pair of scores: the number of its customers, the name of its group, in shades of a number's mean.

    Parameters
    ----------
    table : DataFrame
        `scores.by_scores`; those of unknown score are left out.
    measure, title, sign : str
        The number, its title, the sign of its amounts; without sums of it the shades are of the customers.
    """
    known = table[~table[[RECENCY_SCORE, FREQUENCY_SCORE]].astype("str").eq(UNKNOWN).any(axis=1)]
    texts = {"recency": RECENCY_SCORE, "frequency": FREQUENCY_SCORE, "inner": RFM_GROUP}
    data = pd.DataFrame({name: known[column].astype("str").tolist() for name, column in texts.items()})
    data["customers"] = known["customers"].to_numpy()
    summed = f"{measure}_n" in known
    data["shade"] = mean(known, measure).to_numpy() if summed else data["customers"].to_numpy("float64")
    data["average"] = [figures.money(value, sign, 1) for value in data["shade"]] if summed else ""
    data["text"] = [figures.count(number) for number in data["customers"]]
    shown: dict[str, str] = {"inner": "Group", "recency": "Recency score", "frequency": "Frequency score"}
    base = alt.Chart().encode(
        x=alt.X("frequency:N", sort=SCORES, title="Frequency: rare to often", axis=_axis(labelAngle=0)),
        y=alt.Y("recency:N", sort=SCORES[::-1], title="Recency: long ago to lately", axis=_axis()),
        tooltip=tooltips(
            shown | ({"average": f"Average {title}"} if summed else {}), {"customers": figures.COUNT_FORM}
        ),
    )  # fmt: skip
    ends = [float(np.nanmin([0.0, *data["shade"]])), float(np.nanmax([0.01, *data["shade"]]))]
    shades = alt.Scale(domain=ends, range=SHADES)
    cells = base.mark_rect(color=PAIR[0]).encode(
        opacity=alt.Opacity("shade:Q", scale=shades, legend=None),
        description=spoken(PART, RECENCY, FREQUENCY, CUSTOMERS),
    )
    numbers = base.mark_text(aria=False, fontSize=12, dy=-7).encode(text=alt.Text("text:N"))
    groups = base.mark_text(aria=False, fontSize=10, dy=8, limit=alt.expr("max(width / 5 - 6, 20)")).encode(
        text=alt.Text("inner:N")
    )
    return layered(data, cells, numbers, groups, height=HEIGHT)


def _axis(**more: Any) -> alt.Axis:
    return alt.Axis(labelFontSize=LABEL_SIZE, ticks=False, domain=False, **more)
