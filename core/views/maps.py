"""The map of a country: regions shaded by customers, a bubble per place of postcodes for the mass affluent.

It uses no tile server: the background is one colour, the borders are the project's own.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from html import escape
from typing import Any, Literal
from urllib.parse import quote

import numpy as np
import pandas as pd
import pydeck as pdk
from pydeck.bindings.json_tools import default_serialize

from core.countries.country import Borders, Country, Region
from core.figures import percent
from core.schema import MASS_AFFLUENT

Theme = Literal["light", "dark"]
COUNTS = ["customers", f"{MASS_AFFLUENT}_yes", f"{MASS_AFFLUENT}_known"]

# red, green, blue: sea, land without customers, the palest and the deepest shade, border, label
SHADES: Mapping[Theme, Mapping[str, tuple[int, int, int]]] = {
    "light": {
        "sea": (238, 243, 247),
        "empty": (224, 227, 231),
        "low": (214, 228, 243),
        "high": (96, 152, 214),
        "line": (255, 255, 255),
        "text": (27, 39, 51),
    },
    "dark": {
        "sea": (20, 28, 37),
        "empty": (52, 60, 70),
        "low": (44, 66, 92),
        "high": (70, 140, 215),
        "line": (16, 22, 29),
        "text": (240, 244, 248),
    },
}
BUBBLE = (222, 120, 30)
SMALLEST, LARGEST = 2, 18  # bubble radii in pixels
LONGEST_LABEL = 3  # characters; names would cover each other, and the tooltip has them
LABEL = (20, 11)  # width and height of a label in pixels
WORLD_PIXELS = 512  # width of the world at zoom 0
PALER = 70  # alpha, of 255, of the states that are not clicked where some are


class Compact(pdk.Deck):  # type: ignore[misc]  # pydeck has no types
    """A deck written as JSON without spaces: pydeck indents it, which takes Python several times as long."""

    def to_json(self) -> str:
        """As `pydeck.Deck.to_json`."""
        return json.dumps(self, default=default_serialize, separators=(",", ":"))


def by_state(places: pd.DataFrame, place: str = "state") -> pd.DataFrame:
    """Sum the places table per state, or another kind of place: it, customers, flag counts; most customers first."""
    summed = places[COUNTS].groupby(places[place].astype("str")).sum().reset_index()
    return summed.sort_values("customers", ascending=False, kind="stable", ignore_index=True)


def by_region(places: pd.DataFrame, country: Country) -> pd.DataFrame:
    """Sum the places table per place of postcodes (`Country.place_of`), with its approximate latitude and longitude.

    Unknown places are left out; compare the sum of `customers` to see how many.
    """
    columns = ["state", "region", *COUNTS, "latitude", "longitude"]
    if "postcode" not in places:
        return pd.DataFrame(columns=columns)
    at = zip(*(places[name].astype("str").fillna("").tolist() for name in ("postcode", "state")), strict=True)
    numbers = pd.Series([country.place_of(*place) for place in at], index=places.index, dtype="float64")
    summed = places[COUNTS].groupby(numbers).sum()
    known = [country.places[int(number)] for number in summed.index]
    return summed.assign(
        state=[place.region for place in known],
        region=[place.name for place in known],
        latitude=[place.latitude for place in known],
        longitude=[place.longitude for place in known],
    )[columns].reset_index(drop=True)


def describe_placed(states: pd.DataFrame, regions: pd.DataFrame, country: Country) -> str:
    """The note below the map of `by_state` and `by_region`: shades, bubbles if any, and the customers not on it."""
    everybody = int(states["customers"].sum())
    drawn = states["state"].isin([region.code for region, _ in country.drawn(states["state"])])
    off_states = int(states.loc[~drawn, "customers"].sum())
    off_regions = everybody - int(regions["customers"].sum())
    text = f"Shade: {_scale(states[drawn])}."
    if country.places:
        text += " Bubbles: mass affluent customers per range of postcodes, at its approximate place."
    if off_states:
        text += f" {off_states:,} customers of unknown or other {country.region.lower()} are not on the map."
    if country.places and off_regions > off_states:
        text += f" {off_regions - off_states:,} more have no known postcode and are in the shade only."
    return text


def _scale(drawn: pd.DataFrame) -> str:
    """The customers of the faintest and the strongest shade, in words."""
    ends = [f"{row.customers:,} ({row.state})" for row in drawn.iloc[[-1, 0]].itertuples()] if len(drawn) > 1 else []
    return "customers" + (f", from {ends[0]}, faintest, to {ends[1]}, strongest; grey: none" if ends else "")


def deck(
    states: pd.DataFrame,
    regions: pd.DataFrame,
    country: Country,
    *,
    theme: Theme = "light",
    clicked: Collection[str] = (),
    turn: int = 0,
) -> pdk.Deck:
    """The deck of all states of a country, as `Country.drawn` orders them, under the bubbles of its places.

    All states but the `clicked` ones are paler, if there are any; each object has its `state`.
    `turn` changes the ids of the layers, so that the browser drops the selection and keeps zoom and position.
    """
    shades, drawn = SHADES[theme], country.drawn(states["state"])
    layers = [
        _state_layer(states, shades, clicked, drawn),
        _bubble_layer(regions, shades),
        _label_layer(shades, labelled(drawn, country.view.zoom)),
    ]
    view = country.view
    for layer in layers:
        layer.id = f"{layer.id} {turn}"
    return Compact(
        layers=layers,
        initial_view_state=pdk.ViewState(latitude=view.latitude, longitude=view.longitude, zoom=view.zoom),
        map_provider=None,
        map_style=_background(shades["sea"]),
        tooltip={"html": "<b>{title}</b><br>{line}"},
    )


def labelled(drawn: Borders, zoom: float) -> list[Region]:
    """The regions whose code is short enough to stand on the map, and does not cover that of a larger region."""
    pixels = WORLD_PIXELS * 2**zoom / 360  # a degree
    short = [(region, geometry) for region, geometry in drawn if len(region.code) <= LONGEST_LABEL]
    kept: list[Region] = []
    for region, _ in sorted(short, key=lambda one: -_extent(one[1])):
        near = (abs(one.longitude - region.longitude) * pixels < LABEL[0] for one in kept)
        level = (abs(one.latitude - region.latitude) * pixels < LABEL[1] for one in kept)
        if not any(map(all, zip(near, level, strict=True))):
            kept.append(region)
    return [region for region, _ in short if region in kept]


def _extent(geometry: Mapping[str, Any]) -> float:
    """The size of a region's largest part, in square degrees of the box around it."""
    polygons = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    sides = (tuple(zip(*polygon[0], strict=True)) for polygon in polygons)
    return float(max((max(xs) - min(xs)) * (max(ys) - min(ys)) for xs, ys in sides))


def _state_layer(
    states: pd.DataFrame, shades: Mapping[str, tuple[int, int, int]], clicked: Collection[str], drawn: Borders
) -> pdk.Layer:
    counts = states.set_index("state")
    most = max(counts["customers"].max() if len(counts) else 0, 1)
    features = []
    for region, geometry in drawn:
        code = region.code
        row = counts.loc[code] if code in counts.index else None
        # The square root makes small states differ where one state has most of the customers.
        depth = 0.0 if row is None else float(np.sqrt(row["customers"] / most))
        fill = list(shades["empty"]) if row is None else _blend(shades["low"], shades["high"], depth)
        fill = fill if not clicked or code in clicked else [*fill, PALER]
        properties = _tip(region.name, row) | {"fill": fill, "state": code}
        features.append({"type": "Feature", "id": code, "properties": properties, "geometry": geometry})
    return pdk.Layer(
        "GeoJsonLayer",
        {"type": "FeatureCollection", "features": features},
        id="states",
        pickable=True,
        get_fill_color="properties.fill",
        get_line_color=list(shades["line"]),
        line_width_min_pixels=1,
    )


def _label_layer(shades: Mapping[str, tuple[int, int, int]], regions: Sequence[Region]) -> pdk.Layer:
    labels = [{"text": region.code, "at": [region.longitude, region.latitude]} for region in regions]
    return pdk.Layer(
        "TextLayer",
        labels,
        id="labels",
        get_text="text",
        get_position="at",
        get_size=13,
        get_color=list(shades["text"]),
        font_weight=600,
    )


def _bubble_layer(regions: pd.DataFrame, shades: Mapping[str, tuple[int, int, int]]) -> pdk.Layer:
    shown = regions[regions[f"{MASS_AFFLUENT}_yes"] > 0].sort_values(f"{MASS_AFFLUENT}_yes", ascending=False)
    most = shown[f"{MASS_AFFLUENT}_yes"].max() if len(shown) else 1
    bubbles = [
        _tip(f"{row['region']}, {row['state']}", row)
        | {"at": [row["longitude"], row["latitude"]], "radius": _radius(row[f"{MASS_AFFLUENT}_yes"] / most)}
        | {"state": row["state"]}
        for row in shown.to_dict("records")
    ]
    return pdk.Layer(
        "ScatterplotLayer",
        bubbles,
        id="regions",
        pickable=True,
        stroked=True,
        get_position="at",
        get_radius="radius",
        radius_units=pdk.types.String("pixels"),
        get_fill_color=[*BUBBLE, 150],
        get_line_color=list(shades["line"]),
        line_width_min_pixels=0.7,
    )


def _radius(part: float) -> float:
    """Pixels, so that the area shows the number."""
    return round(max(SMALLEST, LARGEST * float(np.sqrt(part))), 1)


def _tip(title: str, row: Mapping[str, Any] | pd.Series | None) -> dict[str, Any]:
    """The tooltip's two texts, under the keys every layer shares, as HTML: names may come from a file."""
    title = escape(title)
    if row is None:
        return {"title": title, "line": "No customers shown"}
    yes, known = int(row[f"{MASS_AFFLUENT}_yes"]), int(row[f"{MASS_AFFLUENT}_known"])
    affluent = f", {yes:,} mass affluent ({percent(yes, known)} of those known)" if known else ""
    return {"title": title, "line": f"{int(row['customers']):,} customers{affluent}"}


def _blend(low: tuple[int, int, int], high: tuple[int, int, int], depth: float) -> list[int]:
    return [round(a + (b - a) * depth) for a, b in zip(low, high, strict=True)]


def _background(sea: tuple[int, int, int]) -> str:
    """A map style of one colour, as a data URL; any named style would fetch tiles."""
    layer = {"id": "sea", "type": "background", "paint": {"background-color": f"rgb{sea}"}}
    return "data:application/json," + quote(json.dumps({"version": 8, "sources": {}, "layers": [layer]}))
