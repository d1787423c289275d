"""The columns a formula can name."""

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Final

import pandas as pd

from core.cleaning.words import SPELLING
from core.exact import decimals
from core.views.counted import is_counted

# column → its known values; of a number, the decimals it is summed in
Columns = Mapping[str, tuple[str, ...] | int]
SUMMED: Final = re.compile(r"(.+)_sum_(-?\d+)")
LISTED: Final = 12  # values a message names
SHORT: Final = {
    "mass_affluent": "is_mass_affluent_custom",
    "is_mass_affluent": "is_mass_affluent_custom",
    "high_potential": "high_potential_flag",
    "is_high_potential": "high_potential_flag",
    "segment": "cluster",
}


def columns_of(customers: pd.DataFrame) -> dict[str, tuple[str, ...] | int]:
    """Numbers, and columns of few values with these; no ids, no dates, no free text.

    Of customers counted already, the numbers are those that are summed.
    """
    columns: dict[str, tuple[str, ...] | int] = {}
    counted = is_counted(customers)
    for name, values in customers.items():
        if counted and (summed := SUMMED.fullmatch(str(name))):
            columns[summed[1]] = int(summed[2])
        elif isinstance(values.dtype, pd.CategoricalDtype):
            columns[name] = tuple(map(str, values.cat.categories))
        elif not counted and pd.api.types.is_numeric_dtype(values.dtype) and values.dtype != bool:
            columns[name] = decimals(values)
    return columns


def numbers(columns: Columns) -> list[str]:
    """The columns of numbers."""
    return [name for name, known in columns.items() if isinstance(known, int)]


def named(columns: Columns, name: str) -> str | None:
    """The column of a name in any case, or of a short name; None if there is none."""
    by_lower = {column.casefold(): column for column in columns}
    lower = name.casefold()
    return by_lower.get(lower) or by_lower.get(SHORT.get(lower, lower))


def meant(word: str, known: Iterable[str]) -> str:
    """`"Did you mean age? "`: the known word that a misspelt one is close to; empty where none is."""
    by_lower = {one.casefold(): one for one in known}
    return "".join(
        f"Did you mean {by_lower[one]}? " for one in get_close_matches(word.casefold(), by_lower, 1, SPELLING)
    )


def listed(values: tuple[str, ...]) -> str:
    """The first values in quotes, and how many more there are."""
    more = f" and {len(values) - LISTED} more" if len(values) > LISTED else ""
    return ", ".join(f'"{value}"' for value in values[:LISTED]) + more
