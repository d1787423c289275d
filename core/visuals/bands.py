"""Bands of numbers that a clicked mark stands for: how a click names them, whom they have, what they are called."""

import re
from collections.abc import Callable, Collection, Sequence
from typing import Final

import numpy as np
import pandas as pd

from core.customer_base import CustomerBase
from core.views.counted import BINS, in_bins
from core.views.tables import AGE_BIN, binned

JOINED: Final = " and "  # between the bands of a mark, in a link
TWO: Final = re.compile(rf"({BINS.pattern}){JOINED}({BINS.pattern})")

Widths = Callable[[str], Collection[float]]


def joined(bands: Sequence[tuple[str, float]]) -> str:
    """`"age by 5 and property_valuation by 1"`: numbers and the widths of their bands, as a link carries them."""
    return JOINED.join(in_bins(name, width) for name, width in bands)


def parted(text: str) -> tuple[str, ...]:
    """The columns, as `counted.in_bins` writes them, of what `joined` wrote; none of any other text."""
    found = TWO.fullmatch(text)
    return (found[1], found[4]) if found else ()


def band(column: str) -> tuple[str, float] | None:
    """The number that a column has in bands, and their width; None for any other column."""
    found = BINS.fullmatch(column)
    return (found[1], float(found[2])) if found else None


def number_of(column: str) -> str:
    """The number that a column has in bands; any other column itself."""
    found = band(column)
    return found[0] if found else column


def edge(value: str) -> float | None:
    """The lower edge of a band, as a link carries it; None where it is no number."""
    try:
        return float(value) if np.isfinite(float(value)) else None
    except ValueError:
        return None


def inside(column: str, value: str, customers: pd.DataFrame) -> np.ndarray:
    """Which customers are in the band from an edge on, counted as `tables.age_by_value` counts them."""
    found = band(column)
    assert found is not None
    name, width = found
    at = column if column in customers else name
    numbers = customers[at].to_numpy("float64", na_value=np.nan)
    known: np.ndarray = ~np.isnan(numbers)
    bins = binned(numbers[known], width, edges=at == column)
    known[known] = bins.categories.to_numpy()[bins.codes] == edge(value)
    return known


def is_band(column: str, value: str, customers: pd.DataFrame, widths: Widths) -> bool:
    """Whether a visual of these customers could have the band.

    A link may ask for no other: bands of two widths would tell apart whom a visual shows together.
    """
    name, width = band(column) or ("", 0.0)
    known = name in customers and pd.api.types.is_numeric_dtype(customers[name].dtype)
    return known and edge(value) is not None and width in widths(name)


def no_widths(_: str) -> Collection[float]:
    """Of customers of whom no number is shown in bands."""
    return ()


def widths_of(base: CustomerBase, number: str) -> Collection[float]:
    """The widths of the bands in which visuals show a number."""
    return {base.bin_width(number), *([float(AGE_BIN)] if number == "age" else [])}
