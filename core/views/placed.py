"""Customers by place of postcodes, for the bubbles of a map and for the table of postcodes beside it.

Both hide small groups by these keys: what one of them hides must not be what the other shows.
"""

from typing import Final

import numpy as np
import pandas as pd

from core.countries.country import Country
from core.schema import HIGH_POTENTIAL

PLACED: Final = "place"  # a column: the position in `Country.places`
NOWHERE: Final = -1  # of a postcode that is not known, or in no place of its region


def counts_of(places: pd.DataFrame) -> list[str]:
    """The columns of a places table that add up: customers, the flag's, those of measures; keys stand before them."""
    counts = places.columns[places.columns.get_loc("customers") :]
    return [str(name) for name in counts if not name.startswith(HIGH_POTENTIAL)]


def place_numbers(places: pd.DataFrame, country: Country | None) -> pd.Series:
    """The place of each row of a places table (state, postcode), as in `PLACED`."""
    if not (country and country.places and {"state", "postcode"} <= {*places}):
        return pd.Series(NOWHERE, places.index)
    longest = max(len(place.first) for place in country.places)
    starts, keys = pd.factorize(country.postcodes.keys(places["postcode"]).str[:longest])
    codes, regions = pd.factorize(places["state"].astype("str"))
    pairs, at = np.unique(starts * max(len(regions), 1) + codes, return_inverse=True)
    found = (country.place_at(keys[pair // len(regions)], regions[pair % len(regions)]) for pair in pairs.tolist())
    numbers = np.fromiter((NOWHERE if one is None else one for one in found), "int64", len(pairs))
    return pd.Series(numbers[at], places.index)


def by_place(places: pd.DataFrame, country: Country) -> pd.DataFrame:
    """Sum the places table by state and place: each place is in one state, `NOWHERE` in any.

    Returns
    -------
    DataFrame
        state, place, customers, counts of the flag and sums of measures (`tables.count`).
    """
    keys = [places["state"].astype("str"), place_numbers(places, country).rename(PLACED)]
    return places[counts_of(places)].groupby(keys).sum().reset_index()


def located(table: pd.DataFrame, country: Country) -> pd.DataFrame:
    """The rows of `by_place` that are at a known place: state, region (its name), counts, latitude and longitude."""
    known = table[table[PLACED] != NOWHERE].reset_index(drop=True)
    places = [country.places[number] for number in known.pop(PLACED)]
    known.insert(1, "region", pd.Series([place.name for place in places], dtype="str"))
    return known.assign(
        latitude=np.array([place.latitude for place in places], "float64"),
        longitude=np.array([place.longitude for place in places], "float64"),
    )
