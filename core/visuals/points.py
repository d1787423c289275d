"""Customers with coordinates and no region, gathered into the cells of a grid anywhere in the world."""

from typing import Any, Final

import pandas as pd

from core.countries.registry import WORLD, countries
from core.schema import MASS_AFFLUENT
from core.views.grid import Grid, grid_of, split_swapped
from core.views.map_shades import Shading, drawn_in, shaded
from core.views.summary import counted
from core.views.suppress import HIDDEN, hidden_note
from core.visuals import tables
from core.visuals.option import Option
from core.visuals.places import SHADED_BY, Places, has_map, own_country
from core.visuals.segmented import SegmentedCustomers
from core.visuals.visual import Visual

# No bubbles beside the squares.
COUNTS: Final = ("customers", f"{MASS_AFFLUENT}_yes", f"{MASS_AFFLUENT}_known")
NOBODY: Final = pd.DataFrame(columns=["state", "region", *COUNTS, "latitude", "longitude"])
MARGIN: Final = 0.05  # of the grid's extent, around it on paper
COORDINATES: Final = ("latitude", "longitude")
NOT_HERE: Final = "The file has no coordinates."
CELLS: Final = "Each square has the customers in it."
SWAPPED: Final = "whose latitude and longitude seem to be swapped"
UNKNOWN: Final = "without usable coordinates"


def points_map(key: str, section: str) -> Visual:
    """The map of a grid over the customers' coordinates, where no region of a country is known."""
    by = Option(f"{key}_by", "Squares by", lambda _: SHADED_BY, _shadings)

    def shape(of: SegmentedCustomers, table: pd.DataFrame) -> Places | None:
        cells, _ = split_swapped(table)
        shown = of.shown(_named(cells))
        if shown.empty:
            return None
        at = shown["state"].str.split(expand=True).astype("float64").set_axis([*COORDINATES], axis=1)
        grid = grid_of(shown[["state"]].join(at), of.cell_size, own_country(of) or countries()[WORLD])
        shading = Shading("share", "Mass affluent, of those known") if by.chosen(of) == "share" else Shading()
        return Places(grid, shown, NOBODY, False, shading, {})

    def title(of: SegmentedCustomers, _: object) -> str:
        end = "by latitude and longitude"
        return f"Mass affluent {end} (%)" if by.chosen(of) == "share" else f"Customers {end}"

    return Visual(
        key, section, tables.CELLS, lambda of: of.cell_size, COORDINATES,
        draw=_flat,
        title=title,
        alt=lambda of: f"Map of a grid: {title(of, None).lower()}",
        missing=lambda _: NOT_HERE,
        note=_note,
        shape=shape,
        deck=_deck,
        legend=_legend,
        options=(by,),
        also=lambda of: not has_map(of),
    )  # fmt: skip


def _shadings(of: SegmentedCustomers) -> list[str]:
    return ["share", "customers"] if of.study.wealth.tells else ["customers"]


def _named(cells: pd.DataFrame) -> pd.DataFrame:
    """The cells with one key, so that only the whole can give one away: rows and columns of the grid have no totals."""
    names = [f"{south:g} {west:g}" for south, west in zip(cells["latitude"], cells["longitude"], strict=True)]
    counts = cells.drop(columns=[*COORDINATES]).reset_index(drop=True)
    counts.insert(0, "state", pd.Series(names, dtype="str"))
    return counts


def _note(of: SegmentedCustomers, places: Places | None) -> str:
    """What is hidden, else the customers who are not on the map and why."""
    table = of.table(tables.CELLS.build, *of.cell_size)
    cells, swapped = split_swapped(table)
    if places is None and int(cells["customers"].sum()):
        return "Nobody is shown: each square has few customers."
    if places is not None and places.states.attrs.get(HIDDEN):
        return f"{CELLS} {hidden_note(places.states, of=[MASS_AFFLUENT])}"
    beyond = {SWAPPED: int(swapped["customers"].sum())}
    beyond[UNKNOWN] = of.totals.customers - int(table["customers"].sum())
    said = [f"{counted(n, 'customer')} {why}" for why, n in beyond.items() if n and not _few(of, n)]
    gone = f"Not shown: {', '.join(said)}." if said else ""
    figures = hidden_note(places.states if places else None, of=[MASS_AFFLUENT])
    return " ".join(filter(None, (CELLS, figures, gone)))


def _few(of: SegmentedCustomers, number: int) -> bool:
    return of.too_few(number, of.totals.customers)


def _flat(_: SegmentedCustomers, places: Places) -> Any:
    from core.views.flat_map import flat_map

    assert isinstance(places.country, Grid)
    return flat_map(places.states, places.regions, places.country, places.shading, places.country.ground(MARGIN))


def _deck(places: Places, *, theme: Any = "light", **_: Any) -> Any:
    from core.views import points

    assert isinstance(places.country, Grid)
    return points.deck(places.states, places.regions, places.country, shading=places.shading, theme=theme)


def _legend(places: Places, **how: Any) -> Any:
    from core.views import map_legend

    drawn = [region.code for region, _ in drawn_in(places.states, places.country)]
    return map_legend.legend(shaded(places.states, places.shading, drawn), places.regions, **how)
