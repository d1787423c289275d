"""The map of a country: shaded regions, and a bubble per place of postcodes for the mass affluent.

It uses no tile server: the background is one colour, the borders are the project's own.
"""

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial
from urllib.parse import quote

import numpy as np
import pandas as pd
import pydeck as pdk
from pydeck.bindings.json_tools import default_serialize

from core.countries.country import Borders, Country
from core.figures import count
from core.schema import MASS_AFFLUENT, STATE, in_sentence
from core.views.map_labels import Label, labelled
from core.views.map_shades import BUBBLE, CUSTOMERS, SHADES, Colour, Shaded, Shading, Theme, drawn_in, shaded
from core.views.map_tips import NO_AVERAGES, Average, tip
from core.views.map_view import above_bubbles, views
from core.views.placed import added_up
from core.views.summary import counted

Tell = Callable[..., dict[str, str]]  # title and row → the texts of a tooltip

SMALLEST, LARGEST = 2, 18  # bubble radii in pixels
PALER = 70  # alpha, of 255, of the states that are not clicked where some are
# In a corner: at the mouse it would be cut off at the right and lower edge of the map.
TOOLTIP = {"whiteSpace": "pre-line", "transform": "none", "top": "8px", "left": "8px", "maxWidth": "70%"}
NO_WHEEL = {"scrollZoom": False, "dragRotate": False}  # the wheel scrolls the page


class Compact(pdk.Deck):  # type: ignore[misc]  # pydeck has no types
    """A deck written as JSON without spaces: pydeck indents it, which takes Python several times as long."""

    def to_json(self) -> str:
        """As `pydeck.Deck.to_json`."""
        return json.dumps(self, default=default_serialize, separators=(",", ":"))


def by_state(places: pd.DataFrame, place: str = "state") -> pd.DataFrame:
    """Sum the places table per state, or another kind of place; most customers first.

    Returns
    -------
    DataFrame
        The place, customers, counts of the flag, and of each measure `<measure>_n` and its sum (`tables.count`).
    """
    summed = added_up(places, {place: places[place].astype("str")})
    return summed.sort_values("customers", ascending=False, kind="stable", ignore_index=True)


def describe_placed(states: pd.DataFrame, regions: pd.DataFrame, country: Country) -> str:
    """The note below the map of `by_state` and `placed.located`: the customers who are not on it; empty if all are."""
    everybody = int(states["customers"].sum())
    drawn = states["state"].isin([region.code for region, _ in drawn_in(states, country)])
    off_states = int(states.loc[~drawn, "customers"].sum())
    off_regions = everybody - int(regions["customers"].sum())
    sentences = [
        f"{counted(number, 'customer')} of {what} {'is' if number == 1 else 'are'} not on the map."
        for what, number in _off(states[~drawn], country)
    ]
    if country.places and (more := off_regions - off_states) > 0:
        verbs = ("has", "is") if more == 1 else ("have", "are")
        sentences.append(f"{count(more)} more {verbs[0]} no known postcode and {verbs[1]} in the shade only.")
    return " ".join(sentences)


def _off(states: pd.DataFrame, country: Country) -> Iterator[tuple[str, int]]:
    """What rows that are not drawn are, and their customers: regions whose parts are drawn, the reverse, or others."""
    parts = {region.code: region.parent for region in country.regions if region.parent}
    for parent in sorted({*parts.values()}):
        for what, rows in (
            (f"{parent}, whose parts are drawn,", states["state"] == parent),
            (f"parts of {parent}, which is drawn as one,", states["state"].map(parts) == parent),
        ):
            if number := int(states.loc[rows, "customers"].sum()):
                yield what, number
    other = int(states.loc[~states["state"].isin([*parts, *parts.values()]), "customers"].sum())
    if other:
        yield f"unknown or other {in_sentence(STATE, country.region)}", other


def deck(
    states: pd.DataFrame,
    regions: pd.DataFrame,
    country: Country,
    *,
    shading: Shading = CUSTOMERS,
    averages: Mapping[str, Average] = NO_AVERAGES,
    focus: Collection[str] = (),
    occupied: Collection[str] = (),
    theme: Theme = "light",
    clicked: Collection[str] = (),
    turn: int = 0,
) -> Compact:
    """The deck of all states of a country, as `Country.drawn` orders them, under the bubbles of its places.

    Parameters
    ----------
    states, regions : DataFrame
        Of `by_state` and `placed.located`, without what is hidden.
    country : Country
        It has the borders.
    shading, averages : Shading, mapping
        What the states are shaded by; measure → its average, of those that a tooltip says.
    focus, occupied : collection of str
        The states to zoom in on, and those with customers (`map_view.views`). The `clicked` ones go first; all others
        are paler, if there are any. Each object has its `state`.
    turn : int
        It changes the ids of the layers, so that the browser drops the selection and keeps zoom and position.
    """
    shades, drawn = SHADES[theme], drawn_in(states, country)
    tell = partial(tip, averages=averages)
    colours = shaded(states, shading, [region.code for region, _ in drawn])
    _, view = views(drawn, clicked or focus, occupied=occupied, otherwise=country.view)
    view = above_bubbles(view) if len(bubbles(regions)) else view
    layers = [
        _state_layer(states, drawn, partial(_fill, colours, theme, clicked), tell, shades["line"]),
        _bubble_layer(regions, tell, shades["line"]),
        _label_layer(shades["text"], labelled(drawn, view.zoom, states)),
    ]
    layers = [_sea_layer(shades["sea"]), *layers] if view.zoom < 0 else layers
    _rename(layers, turn)
    return Compact(
        layers=layers,
        views=[pdk.View("MapView", controller=NO_WHEEL)],
        initial_view_state=pdk.ViewState(view.longitude, view.latitude, view.zoom, min_zoom=min(0, view.zoom)),
        map_provider=None,
        map_style=_background(shades["sea"]),
        tooltip={"html": "<b>{title}</b><br>{line}", "style": TOOLTIP},
    )


def _fill(colours: Shaded, theme: Theme, clicked: Collection[str], code: str) -> list[int]:
    fill = colours.fill(code, theme)
    return [*fill] if not clicked or code in clicked else [*fill, PALER]


def _state_layer(
    states: pd.DataFrame, drawn: Borders, fill: Callable[[str], list[int]], tell: Tell, line: Colour
) -> pdk.Layer:
    rows = {row["state"]: row for row in states.to_dict("records")}
    features = [
        {
            "type": "Feature",
            "id": region.code,
            "properties": tell(region.name, rows.get(region.code)) | {"fill": fill(region.code), "state": region.code},
            "geometry": geometry,
        }
        for region, geometry in drawn
    ]
    return pdk.Layer(
        "GeoJsonLayer",
        {"type": "FeatureCollection", "features": features},
        id="states",
        pickable=True,
        get_fill_color="properties.fill",
        get_line_color=[*line],
        line_width_min_pixels=1,
    )


def _label_layer(text: Colour, labels: Sequence[Label]) -> pdk.Layer:
    return pdk.Layer(
        "TextLayer",
        [{"text": label.text, "at": [label.region.longitude, label.region.latitude]} for label in labels],
        id="labels",
        get_text="text",
        get_position="at",
        get_size=13,
        get_color=[*text],
        font_weight=600,
        font_family=pdk.types.String("sans-serif"),
        character_set=pdk.types.String("auto"),  # names have letters that are not English
    )


def _bubble_layer(regions: pd.DataFrame, tell: Tell, line: Colour) -> pdk.Layer:
    shown = bubbles(regions)
    most = shown[f"{MASS_AFFLUENT}_yes"].max() if len(shown) else 1
    data = [
        tell(f"{row['region']}, {row['state']}", row)
        | {"at": [row["longitude"], row["latitude"]], "radius": _radius(row[f"{MASS_AFFLUENT}_yes"] / most)}
        | {"state": row["state"]}
        for row in shown.to_dict("records")
    ]
    return pdk.Layer(
        "ScatterplotLayer",
        data,
        id="regions",
        pickable=True,
        stroked=True,
        get_position="at",
        get_radius="radius",
        radius_units=pdk.types.String("pixels"),
        get_fill_color=[*BUBBLE, 150],
        get_line_color=[*line],
        line_width_min_pixels=0.7,
    )


def _rename(layers: Iterable[pdk.Layer], turn: int) -> None:
    for layer in layers:
        layer.id = f"{layer.id} {turn}"


def bubbles(regions: pd.DataFrame) -> pd.DataFrame:
    """The places of postcodes that have a bubble: those with mass affluent customers, most first."""
    shown = regions[regions[f"{MASS_AFFLUENT}_yes"] > 0]
    return shown.sort_values(f"{MASS_AFFLUENT}_yes", ascending=False, kind="stable")


def _radius(part: float) -> float:
    """Pixels, so that the area shows the number."""
    return round(max(SMALLEST, LARGEST * float(np.sqrt(part))), 1)


def _sea_layer(sea: Colour) -> pdk.Layer:
    """The sea where the map is so small that its background is not painted."""
    around = [[-540, -89], [540, -89], [540, 89], [-540, 89]]
    return pdk.Layer("PolygonLayer", [{"around": around}], id="sea", get_polygon="around", get_fill_color=[*sea])


def _background(sea: Colour) -> str:
    """A map style of one colour, as a data URL; any named style would fetch tiles."""
    layer = {"id": "sea", "type": "background", "paint": {"background-color": f"rgb{sea}"}}
    return "data:application/json," + quote(json.dumps({"version": 8, "sources": {}, "layers": [layer]}))
