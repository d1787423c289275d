"""Where the customers live: the map, and its numbers as bars."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from core.countries.country import Country
from core.countries.decide import AUTO, countries_with, names_of
from core.countries.registry import WORLD, country_of
from core.schema import MASS_AFFLUENT, STATE, UNKNOWN, in_sentence
from core.views import plots
from core.views.map_shades import Shading
from core.views.map_tips import Average
from core.views.placed import NOWHERE, PLACED, by_place, located
from core.views.summary import MOST_BARS, beyond
from core.views.suppress import HIDDEN, hidden_note
from core.views.tables import Decimals
from core.visuals import tables
from core.visuals.kinds import charts
from core.visuals.option import Option
from core.visuals.segmented import SegmentedCustomers
from core.visuals.value import PLACE, REGION, USUAL, VALUE, Measures, named
from core.visuals.visual import Visual

NO_STATE = "The file has no regions, so there is no map."
NO_STATE_BARS = "The file has no regions, so there are no bars."
CHOOSE = "in the sidebar, under Rules and features."
NO_COUNTRY = f"No map: the regions are not those of one country that the app knows. Choose the country {CHOOSE}"
NO_POSTCODE = "No bubbles: this result has no sums by postcode and by all that is filtered."
NO_VALUE = "No shades: this result has no sums of this number by region and by all that is filtered."
# What regions are shaded by → its text in the select and in links; the first that there is goes first.
SHADED_BY: Final = {"share": "Share mass affluent", "customers": "Customers", "value": "Average value"}

CountryOf = Callable[[SegmentedCustomers], Country | None]


def own_country(of: SegmentedCustomers) -> Country | None:
    """The analyst's own territories where there are any, else the country that was decided for the customers."""
    return of.study.territories.country or country_of(of.study.country)


@dataclass(frozen=True)
class Places:
    """Customers of a country by region (`state`) and place of postcodes, and how they are drawn (`maps.deck`).

    `coarse` says that a result lacks the postcodes, `focus` has the regions that are filtered by,
    `occupied` those with customers (`map_view.views`).
    """

    country: Country
    states: pd.DataFrame
    regions: pd.DataFrame
    coarse: bool
    shading: Shading
    averages: Mapping[str, Average]
    focus: tuple[str, ...] = ()
    occupied: tuple[str, ...] = ()


def region_map(key: str, section: str, *, column: str = REGION, country: CountryOf = own_country) -> Visual:
    """The map of a country: regions shaded by what the analyst picks, bubbles of mass affluent by places of postcodes.

    Parameters
    ----------
    key, section : str
        As in `Visual`.
    column : str
        The column whose values are codes of the regions, or a placeholder. A click filters by it.
    country : callable
        The country that is drawn, None where there is none: then the note says so.
    """
    one = _RegionMap(column, country, Option(f"{key}_by", "Map by", lambda _: SHADED_BY, _shadings))
    return Visual(
        key, section, tables.PLACES, one.arguments, (column,),
        draw=_flat_map,
        title=one.title,
        alt=one.in_words,
        missing=lambda _: NO_STATE,
        clicks=(column,),
        optional=(VALUE,),
        note=one.note,
        shape=one.shape,
        deck=_deck,
        legend=legend,
        options=(one.by,),
        also=one.is_possible,
    )  # fmt: skip


def state_bars(key: str, section: str) -> Visual:
    """Customers by place in place of the map: by states that are those of no known country, else such as by city."""

    def note(of: SegmentedCustomers, data: pd.DataFrame) -> str:
        said = hidden_note(data, of=[MASS_AFFLUENT]) or beyond(data, named(PLACE, of), MOST_BARS)
        return f"{said} {no_country(of)}".strip()

    return Visual(
        key, section, tables.PLACES, _of_bars, (PLACE,),
        draw=lambda of, data: charts().ranked_bars(data, named(PLACE, of), title=of.text(named(PLACE, of))),
        plot=lambda of, data: plots.ranked(data, named(PLACE, of), title=_by_region(of, PLACE)),
        title=lambda of, _: f"{_by_region(of, PLACE)} (% mass affluent of those known)",
        alt=lambda of: _by_region(of, PLACE),
        missing=lambda _: NO_STATE_BARS,
        clicks=(PLACE,),
        note=note,
        shape=_by_place,
        also=lambda of: not has_map(of),
        stretch=False,
    )  # fmt: skip


def _shadings(of: SegmentedCustomers) -> list[str]:
    """The values of `SHADED_BY` that customers have, the one that is shown unless another is picked first."""
    missing = {"share": not of.study.wealth.tells, "value": not of.has(of.value)}
    return [kind for kind in SHADED_BY if not missing.get(kind)]


@dataclass(frozen=True)
class _RegionMap:
    """What a map's regions are: the values of a column, and the country that has them; what they are shaded `by`."""

    column: str
    country: CountryOf
    by: Option

    def arguments(self, of: Measures) -> tuple[str, Decimals]:
        return _arguments(self.column, of)

    def is_possible(self, of: SegmentedCustomers) -> bool:
        return _has_regions(of, self.column, self.country)

    def title(self, of: SegmentedCustomers, _: object = None) -> str:
        place, kind = named(self.column, of), self.by.chosen(of)
        end = f"by {of.label(place)}"
        if kind == "share":
            return f"Mass affluent {end} (%)"
        return f"Average {of.label(of.value)} {end}" if kind == "value" else f"Customers {end}"

    def in_words(self, of: SegmentedCustomers) -> str:
        country, title = self.country(of), self.title(of)
        words = f"Map of {country.name if country else 'no country'}: {title[0].lower()}{title[1:]}"
        return words + (", mass affluent customers by postcode area" if country and country.places else "")

    def shape(self, of: SegmentedCustomers, table: pd.DataFrame) -> Places | None:
        """The places that may be shown; None where no country was decided, or nobody is in a region of it."""
        from core.views import maps

        country, column = self.country(of), named(self.column, of)
        if country is None:
            return None
        table = table.rename(columns={column: "state"})
        states = maps.by_state(table)
        if not states["state"].isin(country.region_codes).any():
            return None
        regions = shown_regions(of, table, country)
        coarse = column == USUAL[PLACE] and "postcode" not in table and of.has("postcode")
        shading = shading_by(self.by.chosen(of), of)
        averages = {of.value: Average(_average(of), of.sign(of.value))}
        # Only a filter by region moves the map: under any other it shows where there are customers at all.
        focus = tuple(states["state"]) if column in of.filtered else ()
        known = of.study.formula_columns.get(column)
        occupied = tuple(map(str, known)) if isinstance(known, tuple) else ()
        return Places(country, of.shown(states), regions, coarse, shading, averages, focus, occupied)

    def note(self, of: SegmentedCustomers, places: Places | None) -> str:
        from core.views import maps

        if places is None:
            return no_country(of, self.country(of))
        hidden = hidden_note(places.regions, places.states, of=[MASS_AFFLUENT, of.value])
        note = hidden or maps.describe_placed(places.states, places.regions, places.country)
        lacks = places.shading.measure and f"{places.shading.measure}_n" not in places.states
        more = (NO_POSTCODE if places.coarse and places.country.places else "", NO_VALUE if lacks else "")
        return " ".join(filter(None, (note, *more)))


def shown_regions(of: SegmentedCustomers, table: pd.DataFrame, country: Country) -> pd.DataFrame:
    """The places of postcodes that may be shown (`placed.located`), hidden as the table of postcodes hides them."""
    by = by_place(table, country)
    shown = of.shown(by, nested=True)
    regions = located(shown, country)
    if HIDDEN in shown.attrs:
        hidden = int((by[PLACED] != NOWHERE).sum()) - len(regions)  # nowhere is no bubble
        regions.attrs = shown.attrs | {HIDDEN: hidden}
    return regions


def shading_by(kind: str, of: SegmentedCustomers) -> Shading:
    """The shading by one of `SHADED_BY`."""
    if kind == "value":
        return Shading("value", _average(of), of.value, of.sign(of.value))
    return Shading("share", "Mass affluent, of those known") if kind == "share" else Shading()


def _average(of: SegmentedCustomers) -> str:
    return f"Average {of.title_within(of.value)}"


def has_map(of: SegmentedCustomers) -> bool:
    """Whether there is a map of the regions of the customers' country."""
    return _has_regions(of)


def _has_regions(of: SegmentedCustomers, column: str = REGION, country_of: CountryOf = own_country) -> bool:
    """Whether somebody is in a region of a country that is known."""
    country, regions = country_of(of), of.study.formula_columns.get(named(column, of))
    return country is not None and isinstance(regions, tuple) and not {*regions}.isdisjoint(country.region_codes)


def _arguments(place: str, of: Measures) -> tuple[str, Decimals]:
    """The arguments of the table by place, with the value measure."""
    return named(place, of), of.decimals(of.value)


def _of_bars(of: Measures) -> tuple[str, Decimals]:
    """The arguments of the bars' table: that of the map where they are by the same place, else without values."""
    place, measures = _arguments(PLACE, of)
    return place, measures if place == USUAL[PLACE] else {}


def _by_region(of: SegmentedCustomers, column: str) -> str:
    """The title, with the country's word for its regions, or the file's for another kind of place."""
    return f"Customers by {of.label(named(column, of))}"


def no_country(of: SegmentedCustomers, country: Country | None = None) -> str:
    """Why there is no map of a country, or of the customers' own one."""
    if not of.has(STATE):
        return "No map: the files have no regions."
    country, is_open = country or own_country(of), of.study.rules.intake.country == AUTO
    if country is None and is_open:
        return NO_COUNTRY
    if country is None:
        why = "None is chosen as the country."
    elif country.code == WORLD:
        why = "no region is the name of a country."
    else:
        why = f"no customer is known to be in a {in_sentence(STATE, country.region)} of {country.name}."
    regions = of.study.formula_columns.get(STATE)
    others = countries_with({*regions} - {UNKNOWN}) if isinstance(regions, tuple) and not is_open else ()
    hint = f"The regions are those of {names_of(others)}: choose it {CHOOSE}" if others else f"Choose another {CHOOSE}"
    return f"No map: {why} {hint}"


def _by_place(of: SegmentedCustomers, table: pd.DataFrame) -> pd.DataFrame:
    from core.views import maps  # loads pydeck, as `kinds.charts` does Altair

    return of.shown(maps.by_state(table, named(PLACE, of)))


def _flat_map(_: SegmentedCustomers, places: Places) -> Any:
    from core.views.flat_map import flat_map

    return flat_map(places.states, places.regions, places.country, places.shading)


def _deck(places: Places, **how: Any) -> Any:
    from core.views import maps

    return maps.deck(
        places.states, places.regions, places.country,
        shading=places.shading, averages=places.averages, focus=places.focus,
        occupied=places.occupied, **how,
    )  # fmt: skip


def legend(places: Places, **how: Any) -> Any:
    """The legend that a page shows below the map."""
    from core.views import map_legend, map_shades

    drawn = [region.code for region, _ in map_shades.drawn_in(places.states, places.country)]
    return map_legend.legend(map_shades.shaded(places.states, places.shading, drawn), places.regions, **how)
