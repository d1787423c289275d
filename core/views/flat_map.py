"""The map of a country as a chart, for paper: states shaded by customers, a bubble per region for the mass affluent."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import altair as alt
import pandas as pd

from core.countries.country import Borders, Country, Region
from core.schema import MASS_AFFLUENT
from core.views.chart_parts import framed
from core.views.maps import BUBBLE, LARGEST, SHADES, labelled

HEIGHT = 470
COLOURS = {name: "#{:02x}{:02x}{:02x}".format(*shade) for name, shade in SHADES["light"].items()}
LARGEST_AREA = (2 * LARGEST) ** 2  # a circle's size is the area of the square around it


def flat_map(states: pd.DataFrame, regions: pd.DataFrame, country: Country) -> alt.LayerChart:
    """The chart of `maps.by_state` and `maps.by_region`, with a legend of each; square-root shades as on the map."""
    regions_drawn = country.drawn(states["state"])
    layers = [_states(states, regions_drawn), _bubbles(regions), _labels(labelled(regions_drawn, country.view.zoom))]
    chart = alt.layer(*layers).project(country.projection).resolve_scale(color="independent", size="independent")
    drawn: alt.LayerChart = framed(chart, height=HEIGHT)
    return drawn


def _states(states: pd.DataFrame, drawn: Borders) -> alt.Chart:
    counts = dict(zip(states["state"], states["customers"].tolist(), strict=True))
    features = [
        {"type": "Feature", "geometry": _wound(geometry), "customers": counts.get(region.code, 0)}
        for region, geometry in drawn
    ]
    most = max([1, *(feature["customers"] for feature in features)])
    scale = alt.Scale(type="sqrt", domain=[0, most], range=[COLOURS["low"], COLOURS["high"]])
    chart: alt.Chart = (
        alt.Chart(alt.InlineData(values=features))
        .mark_geoshape(stroke=COLOURS["line"], strokeWidth=1)
        .encode(
            color=alt.condition(
                "datum.customers > 0",
                alt.Color("customers:Q", title="Customers", scale=scale, legend=_legend(format=",d")),
                alt.value(COLOURS["empty"]),
            )
        )
    )
    return chart


def _bubbles(regions: pd.DataFrame) -> alt.Chart:
    shown = regions.rename(columns={f"{MASS_AFFLUENT}_yes": "affluent"})[["longitude", "latitude", "affluent"]]
    shown = shown[shown["affluent"] > 0].sort_values("affluent", ascending=False, kind="stable")
    most = int(shown["affluent"].max()) if len(shown) else 1
    scale = alt.Scale(domain=[0, most], range=[0, LARGEST_AREA])
    fill = "#{:02x}{:02x}{:02x}".format(*BUBBLE)
    legend = _legend(format=",d", values=_steps(most), symbolFillColor=fill, symbolOpacity=0.6, symbolStrokeWidth=0)
    chart: alt.Chart = (
        alt.Chart(shown)
        .mark_circle(color=fill, opacity=0.6, stroke=COLOURS["line"], strokeWidth=0.7)
        .encode(
            longitude=alt.Longitude("longitude:Q"),
            latitude=alt.Latitude("latitude:Q"),
            size=alt.Size("affluent:Q", title="Mass affluent", scale=scale, legend=legend if len(shown) else None),
        )
    )
    return chart


def _labels(labels: Sequence[Region]) -> alt.Chart:
    rows = [{"text": region.code, "longitude": region.longitude, "latitude": region.latitude} for region in labels]
    base = alt.Chart(alt.InlineData(values=rows)).mark_text(fontSize=12, fontWeight=600)
    chart: alt.Chart = base.encode(
        longitude=alt.Longitude("longitude:Q"), latitude=alt.Latitude("latitude:Q"), text=alt.Text("text:N")
    )
    return chart


def _legend(**more: Any) -> alt.Legend:
    return alt.Legend(orient="right", **more)


def _steps(most: int) -> list[int]:
    """Up to three numbers for the legend, the largest bubble's last."""
    return sorted({max(1, round(most * part)) for part in (0.1, 0.4, 1)})


def _wound(geometry: Mapping[str, Any]) -> dict[str, Any]:
    """Outer rings clockwise, holes not: on a sphere D3 takes the right side of a ring for its inside."""
    coordinates = geometry["coordinates"]
    polygons = [
        [ring if _clockwise(ring) == (place == 0) else ring[::-1] for place, ring in enumerate(polygon)]
        for polygon in ([coordinates] if geometry["type"] == "Polygon" else coordinates)
    ]
    return {"type": "MultiPolygon", "coordinates": polygons}


def _clockwise(ring: Sequence[Sequence[float]]) -> bool:
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairwise(ring)) < 0
