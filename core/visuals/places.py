"""Where the customers live: the map, and its numbers as bars."""

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
NO_POSTCODE = " No bubbles: this result has no sums by postcode and by all that is filtered."


@dataclass(frozen=True)
class Places:
    """Customers of a country by state and postcode region; `coarse` where a result lacks the postcodes."""

    country: Country
    states: pd.DataFrame
    regions: pd.DataFrame
    coarse: bool


def state_map(key: str, section: str) -> Visual:
    """The map: states shaded by customers, a bubble per region for the mass affluent."""
    return Visual(
        key, section, tables.PLACES, lambda _: (), ("state",),
        draw=_flat_map,
        title=lambda of, _: _by_region(of) + (", mass affluent by region" if _has_places(of) else ""),
        alt=_map_in_words,
        missing=lambda _: NO_STATE,
        clicks=("state",),
        note=_note,
        shape=_on_the_map,
        deck=_deck,
        also=_has_regions,
    )  # fmt: skip


def state_bars(key: str, section: str) -> Visual:
    """The map's numbers as bars, for the states too small to see and for browsers without WebGL.

    Without states they are of another kind of place, such as a city.
    """

    def note(of: SegmentedCustomers, data: pd.DataFrame) -> str:
        said = hidden_note(data, of=[MASS_AFFLUENT]) or beyond(data, named(PLACE, of))
        return said if _has_regions(of) else f"{said} {no_country(of)}".strip()

    return Visual(
        key, section, tables.PLACES, _place, (PLACE,),
        draw=lambda of, data: charts().ranked_bars(data, named(PLACE, of), title=of.text(named(PLACE, of))),
        title=lambda of, _: f"{_by_region(of, PLACE)} (% mass affluent of those known)",
        alt=lambda of: _by_region(of, PLACE),
        missing=lambda _: NO_STATE_BARS,
        clicks=(PLACE,),
        note=note,
        shape=_by_place,
        stretch=False,
    )  # fmt: skip


def _place(of: Measures) -> tuple[str, ...]:
    """The argument of the table by place: none for states, so that map and bars share a table."""
    place = named(PLACE, of)
    return () if place == USUAL[PLACE] else (place,)


def _by_region(of: SegmentedCustomers, placeholder: str = USUAL[PLACE]) -> str:
    """The title, with the country's word for its regions, or the file's for another kind of place."""
    place = named(placeholder, of)
    return f"Customers by {in_sentence(place, of.text(place))}"


def _has_regions(of: SegmentedCustomers) -> bool:
    """Whether somebody is in a region of a country that is known."""
    country, states = country_of(of.study.country), of.study.formula_columns.get(USUAL[PLACE])
    return country is not None and isinstance(states, tuple) and not {*states}.isdisjoint(country.region_codes)


def _has_places(of: SegmentedCustomers) -> bool:
    country = country_of(of.study.country)
    return country is not None and bool(country.places)


def _map_in_words(of: SegmentedCustomers) -> str:
    country = country_of(of.study.country)
    words = f"Map of {country.name if country else 'no country'}: {_by_region(of)[0].lower()}{_by_region(of)[1:]}"
    return words + (", mass affluent customers by postcode region" if _has_places(of) else "")


def no_country(of: SegmentedCustomers) -> str:
    """Why there is no map."""
    country = country_of(of.study.country)
    if country:
        return f"No map: no customer is known to be in a {country.region.lower()} of {country.name}."
    return "No map: the regions are not those of one country that the app knows. Choose the country on the Data page."


def _by_place(of: SegmentedCustomers, table: pd.DataFrame) -> pd.DataFrame:
    from core.views import maps  # loads pydeck, as `kinds.charts` does Altair

    return of.shown(maps.by_state(table, named(PLACE, of)))


def _on_the_map(of: SegmentedCustomers, table: pd.DataFrame) -> Places | None:
    """The places that may be shown; None where no country was decided, or nobody is in a region of it."""
    from core.views import maps

    country = country_of(of.study.country)
    if country is None:
        return None
    states = maps.by_state(table)
    if not states["state"].isin(country.region_codes).any():
        return None
    regions = of.shown(maps.by_region(table, country), whole=states)
    return Places(country, of.shown(states), regions, "postcode" not in table and of.has("postcode"))


def _note(of: SegmentedCustomers, places: Places | None) -> str:
    from core.views import maps

    if places is None:
        return no_country(of)
    hidden = hidden_note(places.regions, places.states, of=[MASS_AFFLUENT])
    note = hidden or maps.describe_placed(places.states, places.regions, places.country)
    return note + (NO_POSTCODE if places.coarse and places.country.places else "")


def _flat_map(_: SegmentedCustomers, places: Places) -> Any:
    from core.views.flat_map import flat_map

    return flat_map(places.states, places.regions, places.country)


def _deck(places: Places, **how: Any) -> Any:
    from core.views import maps

    return maps.deck(places.states, places.regions, places.country, **how)
