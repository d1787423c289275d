"""Customers by place of postcodes, for the bubbles of a map and for the table of postcodes beside it.

Both hide small groups by these keys: what one of them hides must not be what the other shows.
"""

from collections.abc import Mapping
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


def place_numbers(places: pd.DataFrame, country: Country | None, keys: pd.Series | None = None) -> pd.Series:
    """The place of each row of a places table (state, postcode), as in `PLACED`.

    `keys` are those of its postcodes (`PostcodeRule.keys`), if they are known already.
    """
    if not (country and country.places and {"state", "postcode"} <= {*places}):
        return pd.Series(NOWHERE, places.index)
    longest = max(len(place.first) for place in country.places)
    keys = country.postcodes.keys(places["postcode"]) if keys is None else keys
    numbers, starts = _numbered(keys.str[:longest])
    codes, regions = _numbered(places["state"])
    pairs, at = np.unique(numbers * max(len(regions), 1) + codes, return_inverse=True)
    found = (country.place_at(starts[pair // len(regions)], regions[pair % len(regions)]) for pair in pairs.tolist())
    placed = np.fromiter((NOWHERE if one is None else one for one in found), "int64", len(pairs))
    return pd.Series(placed[at], places.index)


def _numbered(texts: pd.Series) -> tuple[np.ndarray, list[str]]:
    """The number of each row's text, and the texts by number: a list, since pandas takes long to give one at a time."""
    numbers, distinct = pd.factorize(texts.astype("str"))
    return numbers, distinct.tolist()


def by_place(places: pd.DataFrame, country: Country) -> pd.DataFrame:
    """Sum the places table by state and place: each place is in one state, `NOWHERE` in any.

    Returns
    -------
    DataFrame
        state, place, customers, counts of the flag and sums of measures (`tables.count`).
    """
    return added_up(places, {"state": places["state"].astype("str"), PLACED: place_numbers(places, country)})


def added_up(places: pd.DataFrame, keys: Mapping[str, pd.Series]) -> pd.DataFrame:
    """The counts of a places table summed by other keys, which stand before them."""
    by = pd.DataFrame({**keys}, index=places.index)
    return by.join(places[counts_of(places)]).groupby([*keys], as_index=False).sum()


def located(table: pd.DataFrame, country: Country) -> pd.DataFrame:
    """The rows of `by_place` that are at a known place: state, region (its name), counts, latitude and longitude."""
    known = table[table[PLACED] != NOWHERE].reset_index(drop=True)
    places = [country.places[number] for number in known.pop(PLACED)]
    known.insert(1, "region", pd.Series([place.name for place in places], dtype="str"))
    return known.assign(
        latitude=np.array([place.latitude for place in places], "float64"),
        longitude=np.array([place.longitude for place in places], "float64"),
    )
