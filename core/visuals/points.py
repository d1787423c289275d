"""Customers with coordinates and no region, gathered into the squares of a grid: their map, and the best as a table."""

from typing import Any, Final

import pandas as pd

from core.countries.registry import WORLD, countries
from core.figures import count
from core.schema import MASS_AFFLUENT
from core.views.grid import MOST, Grid, grid_of, split_swapped
from core.views.sheet import Sheet, SheetColumn
from core.views.summary import counted
from core.views.suppress import hidden_note
from core.visuals import tables
from core.visuals.option import Option
from core.visuals.places import SHADED_BY, Places, has_map, legend, own_country, shading_by
from core.visuals.ranking import KNOWN, RANKED, ranked, ranked_title
from core.visuals.segmented import SegmentedCustomers
from core.visuals.visual import Visual

# No bubbles beside the squares.
COUNTS: Final = ("customers", f"{MASS_AFFLUENT}_yes", f"{MASS_AFFLUENT}_known")
NOBODY: Final = pd.DataFrame(columns=["state", "region", *COUNTS, "latitude", "longitude"])
MARGIN: Final = 0.05  # of the grid's extent, around it on paper
COORDINATES: Final = ("latitude", "longitude")
NOT_HERE: Final = "The file has no coordinates."
KILOMETRES: Final = 111.2  # of a degree of latitude
SWAPPED: Final = "whose latitude and longitude seem to be swapped"
UNKNOWN: Final = "without usable coordinates"
FURTHER: Final = "in squares with fewer customers"
BY: Final = "by latitude and longitude"
RESTS: Final = (SWAPPED, UNKNOWN, FURTHER)  # keys beside those of cells


def points_map(key: str, section: str) -> Visual:
    """The map of a grid over the customers' coordinates, where no region of a country is known."""
    by = Option(f"{key}_by", "Squares by", lambda _: SHADED_BY, _shadings)

    def shape(of: SegmentedCustomers, table: pd.DataFrame) -> Places | None:
        shown = _shown(of, table)
        return (
            None if shown.empty else Places(_grid(of, shown), shown, NOBODY, False, shading_by(by.chosen(of), of), {})
        )

    def title(of: SegmentedCustomers, _: object) -> str:
        return f"Mass affluent {BY} (%)" if by.chosen(of) == "share" else f"Customers {BY}"

    return Visual(
        key, section, tables.CELLS, lambda of: of.cell_size, COORDINATES,
        draw=_flat,
        title=title,
        alt=lambda of: f"Map of a grid: {title(of, None).lower()}",
        missing=lambda _: NOT_HERE,
        note=_note,
        shape=shape,
        deck=_deck,
        legend=legend,
        options=(by,),
        also=lambda of: not has_map(of),
    )  # fmt: skip


def ranked_squares(key: str, section: str) -> Visual:
    """The table of the squares of `points_map`, which stands beside it."""

    def sheet(of: SegmentedCustomers, shown: pd.DataFrame) -> Sheet:
        names = {region.code: region.name for region, _ in _grid(of, shown).borders}
        return ranked(shown, [SheetColumn("name", "Square")], label=lambda keys: {"name": keys["state"].map(names)})

    def note(_: SegmentedCustomers, shown: pd.DataFrame) -> str:
        said = RANKED if shown[KNOWN].any() else ""
        return f"{hidden_note(shown, of=[MASS_AFFLUENT], shares='')} {said}".strip()

    return Visual(
        key, section, tables.CELLS, lambda of: of.cell_size, COORDINATES,
        draw=sheet,
        title=lambda _, shown: ranked_title(shown, BY),
        alt=lambda _: f"Table of mass affluent {BY}",
        missing=lambda _: NOT_HERE,
        note=note,
        shape=_shown,
        also=lambda of: not has_map(of),
    )  # fmt: skip


def _shown(of: SegmentedCustomers, table: pd.DataFrame) -> pd.DataFrame:
    """The squares that may be shown."""
    groups = of.shown(_groups(of, table))
    return groups[~groups["state"].isin(RESTS)].reset_index(drop=True)


def _grid(of: SegmentedCustomers, shown: pd.DataFrame) -> Grid:
    """The grid that has the squares."""
    at = shown["state"].str.split(expand=True).astype("float64").set_axis([*COORDINATES], axis=1)
    return grid_of(shown[["state"]].join(at), of.cell_size, own_country(of) or countries()[WORLD])


def _shadings(of: SegmentedCustomers) -> list[str]:
    return ["share", "customers"] if of.study.wealth.tells else ["customers"]


def _groups(of: SegmentedCustomers, table: pd.DataFrame) -> pd.DataFrame:
    """The cells with one key, and those who are in none of them: all add up to the selected customers, who are shown.

    One key, so that only the whole can give a group away: rows and columns of the grid have no totals.
    """
    cells, swapped = split_swapped(table)
    everybody = pd.Series([of.totals.customers, of.totals.mass_affluent, of.totals.mass_affluent_known], [*COUNTS])
    cells = cells.sort_values("customers", ascending=False, kind="stable", ignore_index=True)
    nowhere, further = everybody - table[[*COUNTS]].sum(), cells[MOST:][[*COUNTS]].sum()
    cells = cells[:MOST]
    rests = pd.DataFrame([swapped[[*COUNTS]].sum(), nowhere, further]).astype("int64").assign(state=RESTS)
    names = [f"{south:g} {west:g}" for south, west in zip(cells["latitude"], cells["longitude"], strict=True)]
    named = cells[[*COUNTS]].assign(state=pd.Series(names, cells.index, "str"))
    return pd.concat([named, rests[rests["customers"] > 0]], ignore_index=True)[["state", *COUNTS]]


def _note(of: SegmentedCustomers, places: Places | None) -> str:
    """What is hidden, and who is not on the map and why as far as that may be told."""
    table = of.table(tables.CELLS.build, *of.cell_size)
    if places is None and len(table):
        return "Nobody is shown: each square has few customers."
    groups = of.shown(_groups(of, table))
    rests = groups.set_index("state")["customers"].reindex(RESTS).dropna().astype("int64")
    said = [f"{counted(n, 'customer')} {why}" for why, n in rests.items()]
    gone = f"Not shown: {', '.join(said)}." if said else ""
    return " ".join(filter(None, (_size(*of.cell_size), hidden_note(groups, of=[MASS_AFFLUENT]), gone)))


def _size(height: float, _: float) -> str:
    """How large a square is on the ground: a hint at how exact the map is."""
    return f"Each square is about {count(int(float(f'{height * KILOMETRES:.2g}')))} km high and wide."


def _flat(_: SegmentedCustomers, places: Places) -> Any:
    from core.views.flat_map import flat_map

    assert isinstance(places.country, Grid)
    return flat_map(places.states, places.regions, places.country, places.shading, places.country.ground(MARGIN))


def _deck(places: Places, *, theme: Any = "light", **_: Any) -> Any:
    from core.views import points

    assert isinstance(places.country, Grid)
    return points.deck(places.states, places.regions, places.country, shading=places.shading, theme=theme)
