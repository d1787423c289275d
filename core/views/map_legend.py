"""The legend of a map: the scale of its shades, what grey stands for, and the size of its bubbles.

A page shows it below the deck, and the map on paper has it beside it.
"""

from collections.abc import Mapping
from typing import Any, Final

import altair as alt
import pandas as pd

from core import figures
from core.schema import MASS_AFFLUENT
from core.views.chart_parts import framed
from core.views.map_shades import BUBBLE, FEW, SHADES, Shaded, Theme, blend, greyer, to_hex
from core.views.maps import LARGEST, bubbles

LARGEST_AREA: Final = (2 * LARGEST) ** 2  # a circle's size is the area of the square around it
BUBBLES: Final = "Mass affluent customers by postcode area"
GREY: Final = {"customers": "No customers", "share": "None known", "value": "None known"}
PARTS: Final = (0.1, 0.4, 1)  # of the most customers of a bubble
WHOLE: Final = ",d"
TITLE: Final = 300  # pixels
GRADIENT: Final = 150  # pixels, which fit beside the other colours on a phone
BESIDE, BELOW, HIGH = 190, 66, 70  # pixels: where the grey stands, where the bubbles do, and how high each row is

How = Mapping[str, Any]  # where a part of the legend stands


def legend(colours: Shaded, regions: pd.DataFrame, *, theme: Theme = "light") -> alt.LayerChart:
    """A chart of nothing but the legend, for below a map of `map_shades.shaded` regions and of `maps.by_region`."""
    free = {"orient": "none", "direction": "horizontal"}
    most = _most(regions)
    layers = [_scale(colours, theme, free | {"legendX": 0, "legendY": 0})] if colours.scale else []
    layers.append(_greys(colours, theme, free | {"legendX": BESIDE if colours.scale else 0, "legendY": 12}))
    if most:
        layers.append(_sizes(most, theme, free | {"legendX": 0, "legendY": BELOW}))
    chart: alt.LayerChart = framed(independent(alt.layer(*layers)), height=BELOW + HIGH if most else HIGH)
    return chart


def legend_beside(colours: Shaded, regions: pd.DataFrame) -> list[alt.Chart]:
    """Layers of invisible marks whose legends stand to the right of a map, below each other."""
    right, most = {"orient": "right"}, _most(regions)
    layers = [_scale(colours, "light", right)] if colours.scale else []
    return [*layers, _greys(colours, "light", right), *([_sizes(most, "light", right)] if most else [])]


def independent(chart: Any) -> alt.LayerChart:
    """The chart, each of whose layers has a scale and a legend of its own."""
    scales: alt.LayerChart = chart.resolve_scale(color="independent", size="independent")
    return scales


def _most(regions: pd.DataFrame) -> int:
    """The mass affluent of the largest bubble, 0 if there is none."""
    shown = bubbles(regions)
    return int(shown[f"{MASS_AFFLUENT}_yes"].max()) if len(shown) else 0


def _scale(colours: Shaded, theme: Theme, how: How) -> alt.Chart:
    scale, shades = colours.scale, SHADES[theme]
    assert scale is not None
    forms: dict[str, How] = {
        "share": {"format": ".0%" if scale.step >= 0.01 else ".1%"},
        "customers": {"format": WHOLE},
    }
    key = alt.Legend(
        type="gradient",
        title=colours.shading.title,
        titleLimit=TITLE,
        values=[*scale.ticks],
        gradientLength=GRADIENT,
        gradientOpacity=1,
        **forms.get(colours.shading.kind, {"labelExpr": figures.style().axis_labels()}),
        **how,
    )
    ends = [to_hex(shades["low"]), to_hex(shades["high"])]
    colour = alt.Scale(type="sqrt" if scale.root else "linear", domain=[scale.low, scale.high], range=ends)
    return _invisible(color=alt.Color("number:Q", scale=colour, legend=key))


def _greys(colours: Shaded, theme: Theme, how: How) -> alt.Chart:
    shades = SHADES[theme]
    swatches = {GREY[colours.shading.kind]: shades["empty"]}
    if colours.few:
        swatches[f"Under {FEW} known: greyer"] = greyer(blend(shades["low"], shades["high"], 0.7), theme)
    scale = alt.Scale(domain=[*swatches], range=[to_hex(colour) for colour in swatches.values()])
    key = alt.Legend(
        title=None, symbolType="square", symbolOpacity=1, symbolStrokeWidth=0, symbolSize=160, columns=1, **how
    )
    return _invisible(color=alt.Color("text:N", scale=scale, legend=key))


def _sizes(most: int, theme: Theme, how: How) -> alt.Chart:
    key = alt.Legend(
        title=BUBBLES,
        titleLimit=TITLE,
        values=sorted({max(1, round(most * part)) for part in PARTS}),
        format=WHOLE,
        symbolType="circle",
        symbolOpacity=0.6,
        symbolStrokeColor=to_hex(SHADES[theme]["line"]),
        symbolStrokeWidth=0.7,
        **how,
    )
    return _invisible(size=alt.Size("number:Q", scale=alt.Scale(domain=[0, most], range=[0, LARGEST_AREA]), legend=key))


def _invisible(**encoding: Any) -> alt.Chart:
    """A mark without a size, whose legend is in colour."""
    data = pd.DataFrame({"number": [0], "text": [""]})
    chart: alt.Chart = alt.Chart(data).mark_circle(size=0, color=to_hex(BUBBLE)).encode(**encoding)
    return chart
