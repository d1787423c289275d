"""The legend of a map: the scale of its shades, what grey stands for, and the size of its bubbles.

A page shows it below the deck, and the map on paper has it beside it. It is Vega-Lite as plain data: Altair takes ten
times as long, at each run of a page.
"""

from typing import Any, Final

import pandas as pd

from core import figures
from core.schema import MASS_AFFLUENT
from core.views.map_shades import BUBBLE, FEW, SHADES, Scale, Shaded, Shading, Theme, blend, greyer, to_hex
from core.views.map_view import BUBBLES_HIGH, HEIGHT
from core.views.maps import LARGEST, bubbles
from core.views.palette import INK

LARGEST_AREA: Final = (2 * LARGEST) ** 2  # a circle's size is the area of the square around it
BUBBLES: Final = "Mass affluent customers by postcode area"
BUBBLES_IN_LINES: Final = ["Mass affluent customers", "by postcode area"]
FEW_KNOWN: Final = f"Under {FEW} known"
GREY: Final = {"customers": "Nobody shown", "share": "None known", "value": "None known"}
PARTS: Final = (0.1, 0.4, 1)  # of the most customers of a bubble
WHOLE: Final = ",d"
TITLE: Final = 300  # pixels
GRADIENT: Final = 142  # pixels, which fit beside the other colours on a phone
LEFT, BESIDE = 14, 176  # pixels: where all begins, the grey
SCALE_HIGH: Final = 50  # pixels of the row of the scale, above that of the bubbles
MAP_AND_LEGEND: Final = HEIGHT + SCALE_HIGH  # pixels of both, which a laptop's first screen has room for
# Vega moves the first and last text into the scale: the others then look unevenly spaced, or are left out.
CENTRED: Final = {"labels": {"align": {"value": "center"}}}

Part = dict[str, Any]  # of a Vega-Lite specification
INDEPENDENT: Final = {"scale": {"color": "independent", "size": "independent"}}  # each layer has a legend of its own


def legend(colours: Shaded, regions: pd.DataFrame, *, theme: Theme = "light") -> Part:
    """A chart of nothing but the legend, for below a map of `map_shades.shaded` regions and of `placed.located`."""
    layers = legend_layers(colours, regions, theme=theme, orient="none", direction="horizontal")
    places = [(LEFT, 0), (BESIDE, 14), (LEFT, SCALE_HIGH)] if colours.scale else [(LEFT, 12), (LEFT, SCALE_HIGH)]
    for layer, (x, y) in zip(layers, places, strict=False):
        for encoding in layer["encoding"].values():
            key = encoding["legend"]
            key |= {"legendX": x, "legendY": y, "padding": 0, "rowPadding": 2} | (
                {"encoding": CENTRED} if key.get("type") == "gradient" else {}
            )
    height = SCALE_HIGH + BUBBLES_HIGH * ("size" in layers[-1]["encoding"])
    config = {
        "view": {"stroke": None},
        "locale": {"number": dict(figures.style().chart_locale)},
        "legend": {"labelColor": INK[theme], "titleColor": INK[theme]},
    }
    return {"layer": layers, "resolve": INDEPENDENT, "height": height, "config": config}


def legend_layers(colours: Shaded, regions: pd.DataFrame, *, theme: Theme, **how: Any) -> list[Part]:
    """Layers of a mark without a size, each with a legend; `how` says where these stand.

    Beside a map their titles take two lines: a font wider than that which the room was measured with cuts no word.
    """
    shown = bubbles(regions)
    parts = [_scale(colours.scale, colours.shading, theme)] if colours.scale else []
    parts.append(_greys(colours, theme))
    if len(shown):
        parts.append(_sizes(int(shown[f"{MASS_AFFLUENT}_yes"].max()), theme))
    for part in parts:
        for encoding in part.values():
            key = encoding["legend"]
            key |= how
            if key.get("title") == BUBBLES and how.get("orient") == "right":
                key["title"] = BUBBLES_IN_LINES
    mark = {"type": "circle", "size": 0, "color": to_hex(BUBBLE)}
    return [{"data": {"values": [{"number": 0, "text": ""}]}, "mark": mark, "encoding": part} for part in parts]


def _scale(scale: Scale, shading: Shading, theme: Theme) -> Part:
    forms = {"share": {"format": ".0%" if scale.step >= 0.01 else ".1%"}, "customers": {"format": WHOLE}}
    key = {
        "type": "gradient",
        "title": shading.title,
        "titleLimit": TITLE,
        "values": [*scale.ticks],
        "gradientLength": GRADIENT,
        "gradientThickness": 10,
        "titlePadding": 3,
        "gradientOpacity": 1,
        **forms.get(shading.kind, {"labelExpr": figures.axis_labels(shading.sign)}),
    }
    ends = [to_hex(SHADES[theme][end]) for end in ("low", "high")]
    colour = {"type": "sqrt" if scale.root else "linear", "domain": [scale.low, scale.high], "range": ends}
    return {"color": {"field": "number", "type": "quantitative", "scale": colour, "legend": key}}


def _greys(colours: Shaded, theme: Theme) -> Part:
    shades = SHADES[theme]
    swatches = {GREY[colours.shading.kind]: shades["empty"]}
    if colours.few:
        swatches[FEW_KNOWN] = greyer(blend(shades["low"], shades["high"], 0.7), theme)
    scale = {"domain": [*swatches], "range": [to_hex(colour) for colour in swatches.values()]}
    look = {"symbolType": "square", "symbolOpacity": 1, "symbolStrokeWidth": 0, "symbolSize": 160, "columns": 1}
    return {"color": {"field": "text", "type": "nominal", "scale": scale, "legend": {"title": None, **look}}}


def _sizes(most: int, theme: Theme) -> Part:
    key = {
        "title": BUBBLES,
        "titleLimit": TITLE,
        "titlePadding": 0,
        "values": sorted({max(1, round(most * part)) for part in PARTS}),
        "format": WHOLE,
        "symbolType": "circle",
        "symbolOpacity": 0.6,
        "symbolStrokeColor": to_hex(SHADES[theme]["line"]),
        "symbolStrokeWidth": 0.7,
    }
    scale = {"domain": [0, most], "range": [0, LARGEST_AREA]}
    return {"size": {"field": "number", "type": "quantitative", "scale": scale, "legend": key}}
