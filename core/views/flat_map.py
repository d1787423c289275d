"""The map of a country as a chart, for paper: shaded regions, and a bubble per place of postcodes."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, Final

import altair as alt
import pandas as pd

from core.countries.country import Borders, Country
from core.countries.geometry import polygons
from core.schema import MASS_AFFLUENT
from core.views.chart_parts import framed
from core.views.map_labels import Label, labelled
from core.views.map_legend import LARGEST_AREA, legend_layers
from core.views.map_shades import BUBBLE, CUSTOMERS, SHADES, Shaded, Shading, drawn_in, shaded, to_hex
from core.views.map_view import views
from core.views.maps import bubbles

HEIGHT: Final = 470
LINE: Final = to_hex(SHADES["light"]["line"])


def flat_map(
    states: pd.DataFrame, regions: pd.DataFrame, country: Country, shading: Shading = CUSTOMERS,
    ground: Sequence[Mapping[str, Any]] = (),
) -> alt.LayerChart:  # fmt: skip
    """The chart of `maps.by_state` and `placed.located`, shaded as the map on a page, with its legend.

    `ground` has geometries to draw below the regions.
    """
    drawn = drawn_in(states, country)
    colours = shaded(states, shading, [region.code for region, _ in drawn])
    whole, _ = views(drawn, otherwise=country.view)
    layers = [
        *([_ground(ground)] if ground else []),
        _states(drawn, colours),
        _bubbles(regions),
        _labels(labelled(drawn, whole.zoom, states)),
        *(alt.Chart.from_dict(layer) for layer in legend_layers(colours, regions, theme="light", orient="right")),
    ]
    whole_chart = alt.layer(*layers).project(country.projection).resolve_scale(color="independent", size="independent")
    chart: alt.LayerChart = framed(whole_chart, height=HEIGHT)
    return chart


def _states(drawn: Borders, colours: Shaded) -> alt.Chart:
    features = [
        {"type": "Feature", "geometry": _wound(geometry), "fill": to_hex(colours.fill(region.code))}
        for region, geometry in drawn
    ]
    chart: alt.Chart = (
        alt.Chart(alt.InlineData(values=features))
        .mark_geoshape(stroke=LINE, strokeWidth=1)
        .encode(color=alt.Color("fill:N", scale=None, legend=None))
    )
    return chart


def _ground(geometries: Sequence[Mapping[str, Any]]) -> alt.Chart:
    features = [{"type": "Feature", "geometry": _wound(geometry)} for geometry in geometries]
    chart: alt.Chart = alt.Chart(alt.InlineData(values=features)).mark_geoshape(
        fill=to_hex(SHADES["light"]["sea"]), stroke=to_hex(SHADES["light"]["empty"]), strokeWidth=1
    )
    return chart


def _bubbles(regions: pd.DataFrame) -> alt.Chart:
    shown = bubbles(regions).rename(columns={f"{MASS_AFFLUENT}_yes": "affluent"})
    most = int(shown["affluent"].max()) if len(shown) else 1
    chart: alt.Chart = (
        alt.Chart(shown[["longitude", "latitude", "affluent"]])
        .mark_circle(color=to_hex(BUBBLE), opacity=0.6, stroke=LINE, strokeWidth=0.7)
        .encode(
            longitude=alt.Longitude("longitude:Q"),
            latitude=alt.Latitude("latitude:Q"),
            size=alt.Size("affluent:Q", scale=alt.Scale(domain=[0, most], range=[0, LARGEST_AREA]), legend=None),
        )
    )
    return chart


def _labels(labels: Sequence[Label]) -> alt.Chart:
    rows = [{"text": text, "longitude": region.longitude, "latitude": region.latitude} for region, text in labels]
    base = alt.Chart(alt.InlineData(values=rows)).mark_text(fontSize=12, fontWeight=600)
    chart: alt.Chart = base.encode(
        longitude=alt.Longitude("longitude:Q"), latitude=alt.Latitude("latitude:Q"), text=alt.Text("text:N")
    )
    return chart


def _wound(geometry: Mapping[str, Any]) -> dict[str, Any]:
    """Outer rings clockwise, holes not: on a sphere D3 takes the right side of a ring for its inside."""
    wound = [
        [ring if _clockwise(ring) == (place == 0) else ring[::-1] for place, ring in enumerate(polygon)]
        for polygon in polygons(geometry)
    ]
    return {"type": "MultiPolygon", "coordinates": wound}


def _clockwise(ring: Sequence[Sequence[float]]) -> bool:
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairwise(ring)) < 0
