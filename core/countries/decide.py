"""Decide the country of a file by the values of its state column, and by the shapes of its postcodes."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Final

import numpy as np
import pandas as pd

from core.countries.postcodes import LONGEST, shape_of
from core.countries.registry import countries, country_of, currency_of
from core.schema import BLANKS, CURRENCY, STATE, UNKNOWN, Column, normalise

AUTO, NONE = "auto", "none"  # what rules can say in place of a code: decide by the values; there is no country
VALUES: Final = "values"  # the key that counts all values, beside the codes of countries
MIN_REGION_SHARE: Final = 0.5  # share of the different values of a state column that must be regions of the country
MIN_POSTCODE_SHARE: Final = 0.5  # share of the different postcodes that must fit the country


def state_votes(values: Iterable[str]) -> dict[str, int]:
    """Number of distinct values of a state column that each country knows, and of all values (`VALUES`).

    Counts of two parts of a column add up.
    """
    words = [normalise(value) for value in values if value.strip().casefold() not in BLANKS]
    known = {code: sum(word in country.spellings for word in words) for code, country in countries().items()}
    return {VALUES: len(words)} | {code: number for code, number in known.items() if number}


def postcode_votes(values: Iterable[str]) -> dict[str, int]:
    """Number of distinct postcodes by shape; counts of two parts of a column add up."""
    texts = (value.strip().removesuffix(".0") for value in values)
    return dict(Counter(shape_of(text) for text in texts if 0 < len(text) <= LONGEST))


def decide_country(states: Mapping[str, int], postcodes: Callable[[], Mapping[str, int]]) -> str:
    """The code of the country with most votes; empty if there is none, or several.

    Postcodes of many countries look alike, so they only rule a country out, and decide between countries with equal
    votes of states.
    """
    regions_known = {code: states.get(code, 0) for code in countries()}
    highest = max(regions_known.values(), default=0)
    if not highest or highest < MIN_REGION_SHARE * states[VALUES]:
        return ""
    shapes = {shape: number for shape, number in postcodes().items() if "9" in shape}  # others are words
    leading = [code for code, number in regions_known.items() if number == highest and not _ruled_out(code, shapes)]
    if len(leading) > 1:
        fitting = {code: _fitting_postcodes(code, shapes) for code in leading}
        leading = [code for code in leading if fitting[code] == max(fitting.values())]
    return leading[0] if len(leading) == 1 else ""


def chosen_country(choice: str, states: Mapping[str, int], postcodes: Callable[[], Mapping[str, int]]) -> str:
    """The code that the rules choose (`AUTO`, `NONE` or a code); the votes decide where they leave it open."""
    if choice == AUTO:
        return decide_country(states, postcodes)
    return "" if choice == NONE else choice


def outside_country(states: pd.Series, code: str) -> np.ndarray:
    """Which clean values of a state column are known, and no regions of the country."""
    country = country_of(code)
    inside = country.region_codes if country else frozenset[str]()
    return np.asarray(~states.isin([*inside, UNKNOWN]), bool)


def known_values(column: Column, code: str) -> Mapping[str, str]:
    """The spellings that are known of a column's values, in a file of this country."""
    if column.name != STATE:
        return column.values
    country = country_of(code)
    return country.spellings if country else {}


def localised(column: Column, code: str, sign: str = "") -> Column:
    """The column with the sign of its amounts as its unit, or else of the country's currency, if it is of money."""
    return replace(column, unit=sign or currency_of(code)) if column.unit == CURRENCY else column


def _ruled_out(code: str, postcodes: Mapping[str, int]) -> bool:
    """Whether most postcodes cannot be the country's, such as 98101 of another WA than Australia's."""
    if not countries()[code].postcodes.shapes:
        return False
    return _fitting_postcodes(code, postcodes)[1] < MIN_POSTCODE_SHARE * sum(postcodes.values())


def _fitting_postcodes(code: str, postcodes: Mapping[str, int]) -> tuple[int, int]:
    """Number of postcodes that fit the country, and number including those that may have lost zeros."""
    rule = countries()[code].postcodes
    whole = sum(number for shape, number in postcodes.items() if shape in rule.shapes)
    return whole, sum(number for shape, number in postcodes.items() if rule.fits(shape))
