"""Where the customers live: the map, and its numbers as bars."""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from core.countries.country import Country
from core.countries.registry import countries, country_of
from core.schema import MASS_AFFLUENT
from core.views.summary import beyond
from core.views.suppress import hidden_note
from core.visuals import tables
from core.visuals.kinds import charts
from core.visuals.segmented import SegmentedCustomers
from core.visuals.visual import Visual

NO_STATE = "The file has no state, so there is no map."
NO_STATE_BARS = "The file has no state, so there are no bars."
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
        title=lambda of, _: "Customers by state" + (", mass affluent by region" if _has_places(of) else ""),
        alt=_map_in_words,
        missing=lambda _: NO_STATE,
        clicks=("state",),
        note=_note,
        shape=_on_the_map,
        deck=_deck,
    )  # fmt: skip


def state_bars(key: str, section: str) -> Visual:
    """The map's numbers as bars, for the states too small to see and for browsers without WebGL."""
    return Visual(
        key, section, tables.PLACES, lambda _: (), ("state",),
        draw=lambda of, data: charts().ranked_bars(data, "state", title=of.titles("state")["state"]),
        title=lambda *_: "Customers by state (% mass affluent of those known)",
        alt=lambda _: "Customers by state",
        missing=lambda _: NO_STATE_BARS,
        clicks=("state",),
        note=lambda _, data: hidden_note(data, of=[MASS_AFFLUENT]) or beyond(data, "state"),
        shape=_by_state,
        stretch=False,
    )  # fmt: skip


def _has_places(of: SegmentedCustomers) -> bool:
    country = country_of(of.study.country)
    return country is not None and bool(country.places)


def _map_in_words(of: SegmentedCustomers) -> str:
    country = country_of(of.study.country)
    text = f"Map of {country.name if country else 'no country'}: customers by state"
    return text + (", mass affluent customers by postcode region" if _has_places(of) else "")


def no_country() -> str:
    """Why there is no map."""
    known = sorted(country.name for country in countries().values())
    names = " and ".join(filter(None, (", ".join(known[:-1]), known[-1])))
    return (
        f"No map: the states are not those of {names}, of which the app has maps. Choose the country on the Data page."
    )


def _by_state(of: SegmentedCustomers, table: pd.DataFrame) -> pd.DataFrame:
    from core.views import maps  # loads pydeck, as `kinds.charts` does Altair

    return of.shown(maps.by_state(table))


def _on_the_map(of: SegmentedCustomers, table: pd.DataFrame) -> Places | None:
    """The places that may be shown; None where no country was decided."""
    from core.views import maps

    country = country_of(of.study.country)
    if country is None:
        return None
    states = maps.by_state(table)
    regions = of.shown(maps.by_region(table, country), whole=states)
    return Places(country, of.shown(states), regions, "postcode" not in table and of.has("postcode"))


def _note(_: SegmentedCustomers, places: Places | None) -> str:
    from core.views import maps

    if places is None:
        return no_country()
    hidden = hidden_note(places.regions, places.states, of=[MASS_AFFLUENT])
    note = hidden or maps.describe_placed(places.states, places.regions, places.country)
    return note + (NO_POSTCODE if places.coarse and places.country.places else "")


def _flat_map(_: SegmentedCustomers, places: Places) -> Any:
    from core.views.flat_map import flat_map

    return flat_map(places.states, places.regions, places.country)


def _deck(places: Places, **how: Any) -> Any:
    from core.views import maps

    return maps.deck(places.states, places.regions, places.country, **how)
