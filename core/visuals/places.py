"""Where the customers live: the map, and its numbers as bars."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from core.countries.country import Country
from core.countries.registry import country_of
from core.schema import MASS_AFFLUENT, in_sentence
from core.views.summary import beyond
from core.views.suppress import hidden_note
from core.visuals import tables
from core.visuals.kinds import charts
from core.visuals.segmented import SegmentedCustomers
from core.visuals.value import PLACE, USUAL, Measures, named
from core.visuals.visual import Visual

NO_STATE = "The file has no regions, so there is no map."
NO_STATE_BARS = "The file has no regions, so there are no bars."
NO_COUNTRY = (
    "No map: the regions are not those of one country that the app knows. Choose the country in the sidebar, under "
    "Rules and features."
)
NO_POSTCODE = " No bubbles: this result has no sums by postcode and by all that is filtered."

CountryOf = Callable[[SegmentedCustomers], Country | None]


def own_country(of: SegmentedCustomers) -> Country | None:
    """The country that was decided for the customers."""
    return country_of(of.study.country)


@dataclass(frozen=True)
class Places:
    """Customers of a country by region (`state`) and postcode region; `coarse` where a result lacks the postcodes."""

    country: Country
    states: pd.DataFrame
    regions: pd.DataFrame
    coarse: bool


def region_map(key: str, section: str, *, column: str = USUAL[PLACE], country: CountryOf = own_country) -> Visual:
    """The map of a country: regions shaded by customers, a bubble per postcode region for the mass affluent.

    Parameters
    ----------
    key, section : str
        As in `Visual`.
    column : str
        The column whose values are codes of the regions, or a placeholder. A click filters by it.
    country : callable
        The country that is drawn, None where there is none: then the note says so.
    """
    one = _RegionMap(column, country)
    return Visual(
        key, section, tables.PLACES, one.arguments, (column,),
        draw=_flat_map,
        title=one.title,
        alt=one.in_words,
        missing=lambda _: NO_STATE,
        clicks=(column,),
        note=one.note,
        shape=one.shape,
        deck=_deck,
        also=one.is_possible,
    )  # fmt: skip


def state_bars(key: str, section: str) -> Visual:
    """The map's numbers as bars, for the states too small to see and for browsers without WebGL.

    Without states they are of another kind of place, such as a city.
    """

    def note(of: SegmentedCustomers, data: pd.DataFrame) -> str:
        said = hidden_note(data, of=[MASS_AFFLUENT]) or beyond(data, named(PLACE, of))
        return said if _RegionMap().is_possible(of) else f"{said} {no_country(of)}".strip()

    return Visual(
        key, section, tables.PLACES, lambda of: _arguments(named(PLACE, of)), (PLACE,),
        draw=lambda of, data: charts().ranked_bars(data, named(PLACE, of), title=of.text(named(PLACE, of))),
        title=lambda of, _: f"{_by_region(of, PLACE)} (% mass affluent of those known)",
        alt=lambda of: _by_region(of, PLACE),
        missing=lambda _: NO_STATE_BARS,
        clicks=(PLACE,),
        note=note,
        shape=_by_place,
        stretch=False,
    )  # fmt: skip


@dataclass(frozen=True)
class _RegionMap:
    """What a map's regions are: the values of a column, and the country that has them."""

    column: str = USUAL[PLACE]
    country: CountryOf = own_country

    def arguments(self, of: Measures) -> tuple[str, ...]:
        return _arguments(named(self.column, of))

    def is_possible(self, of: SegmentedCustomers) -> bool:
        """Whether somebody is in a region of a country that is known."""
        country, regions = self.country(of), of.study.formula_columns.get(named(self.column, of))
        return country is not None and isinstance(regions, tuple) and not {*regions}.isdisjoint(country.region_codes)

    def title(self, of: SegmentedCustomers, _: object = None) -> str:
        return _by_region(of, self.column) + (", mass affluent by region" if self._has_areas(of) else "")

    def in_words(self, of: SegmentedCustomers) -> str:
        country, title = self.country(of), _by_region(of, self.column)
        words = f"Map of {country.name if country else 'no country'}: {title[0].lower()}{title[1:]}"
        return words + (", mass affluent customers by postcode region" if self._has_areas(of) else "")

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
        regions = of.shown(maps.by_region(table, country), whole=states)
        coarse = column == USUAL[PLACE] and "postcode" not in table and of.has("postcode")
        return Places(country, of.shown(states), regions, coarse)

    def note(self, of: SegmentedCustomers, places: Places | None) -> str:
        from core.views import maps

        if places is None:
            return no_country(of, self.country(of))
        hidden = hidden_note(places.regions, places.states, of=[MASS_AFFLUENT])
        note = hidden or maps.describe_placed(places.states, places.regions, places.country)
        return note + (NO_POSTCODE if places.coarse and places.country.places else "")

    def _has_areas(self, of: SegmentedCustomers) -> bool:
        country = self.country(of)
        return country is not None and bool(country.places)


def _arguments(place: str) -> tuple[str, ...]:
    """The argument of the table by place: none for states, so that map and bars share a table."""
    return () if place == USUAL[PLACE] else (place,)


def _by_region(of: SegmentedCustomers, column: str) -> str:
    """The title, with the country's word for its regions, or the file's for another kind of place."""
    place = named(column, of)
    return f"Customers by {in_sentence(place, of.text(place))}"


def no_country(of: SegmentedCustomers, country: Country | None = None) -> str:
    """Why there is no map of a country, or of the customers' own one."""
    country = country or own_country(of)
    if country:
        return f"No map: no customer is known to be in a {country.region.lower()} of {country.name}."
    return NO_COUNTRY


def _by_place(of: SegmentedCustomers, table: pd.DataFrame) -> pd.DataFrame:
    from core.views import maps  # loads pydeck, as `kinds.charts` does Altair

    return of.shown(maps.by_state(table, named(PLACE, of)))


def _flat_map(_: SegmentedCustomers, places: Places) -> Any:
    from core.views.flat_map import flat_map

    return flat_map(places.states, places.regions, places.country)


def _deck(places: Places, **how: Any) -> Any:
    from core.views import maps

    return maps.deck(places.states, places.regions, places.country, **how)
