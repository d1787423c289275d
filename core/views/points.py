"""The map of a grid of customers, over the borders of countries."""

from typing import Final

import pandas as pd
import pydeck as pdk

from core.views import maps
from core.views.grid import Grid
from core.views.map_shades import SHADES, Shading, Theme, blend

ROOM: Final = 1.0  # around the grid, of its extent: as much as a wide card shows
LAND: Final = 0.4  # of the way from the sea's colour to that of a region of which nothing is known


def deck(
    cells: pd.DataFrame, bubbles: pd.DataFrame, grid: Grid, *, shading: Shading, theme: Theme = "light"
) -> pdk.Deck:
    """The deck of the cells (`state`, counts), shaded as a map's regions are, over the grid's ground.

    It has the cells and no customer.
    """
    found, shades = maps.deck(cells, bubbles, grid, shading=shading, theme=theme), SHADES[theme]
    features = [{"type": "Feature", "properties": {}, "geometry": geometry} for geometry in grid.ground(ROOM)]
    land = pdk.Layer(
        "GeoJsonLayer",
        {"type": "FeatureCollection", "features": features},
        id="land",
        get_fill_color=list(blend(shades["sea"], shades["empty"], LAND)),
        get_line_color=list(shades["empty"]),
        line_width_min_pixels=1,
    )
    found.layers.insert(0, land)
    return found
