"""Where the customers live: the map, and its numbers as bars."""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from core.countries.country import Country
from core.countries.registry import country_of
from core.schema import MASS_AFFLUENT
from core.views.summary import beyond
from core.views.suppress import hidden_note
from core.visuals import tables
from core.visuals.kinds import charts
from core.visuals.visual import Context, Visual

NO_STATE = "The file has no state, so there is no map."
NO_COUNTRY = "No map: the states are not those of a country the app knows. Choose the country on the Data page."
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
        title=lambda *_: "Customers by state, mass affluent by region",
        alt=lambda of: f"Map of {_name(of)}: customers by state, mass affluent customers by postcode region",
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
        missing=lambda _: NO_STATE,
        clicks=("state",),
        note=lambda _, data: hidden_note(data, of=[MASS_AFFLUENT]) or beyond(data, "state"),
        shape=_by_state,
        stretch=False,
    )  # fmt: skip


def _name(of: Context) -> str:
    country = country_of(of.study.country)
    return country.name if country else "no country"


def _by_state(of: Context, table: pd.DataFrame) -> pd.DataFrame:
    from core.views import maps  # loads pydeck, as `kinds.charts` does Altair

    return of.shown(maps.by_state(table))


def _on_the_map(of: Context, table: pd.DataFrame) -> Places | None:
    """The places that may be shown; None where no country was decided."""
    from core.views import maps

    country = country_of(of.study.country)
    if country is None:
        return None
    states = maps.by_state(table)
    regions = of.shown(maps.by_region(table, country), whole=states)
    return Places(country, of.shown(states), regions, "postcode" not in table and of.has("postcode"))


def _note(_: Context, places: Places | None) -> str:
    from core.views import maps

    if places is None:
        return NO_COUNTRY
    hidden = hidden_note(places.regions, places.states, of=[MASS_AFFLUENT])
    note = hidden or maps.describe_placed(places.states, places.regions, places.country)
    return note + (NO_POSTCODE if places.coarse else "")


def _flat_map(_: Context, places: Places) -> Any:
    from core.views.flat_map import flat_map

    return flat_map(places.states, places.regions, places.country)


def _deck(places: Places, **how: Any) -> Any:
    from core.views import maps

    return maps.deck(places.states, places.regions, places.country, **how)
