"""Sums that no order of the rows changes, and that add up: of whole numbers, in a decimal place chosen per column."""

from collections.abc import Iterator
from typing import Final

import numpy as np
import pandas as pd

BLOCK: Final = 2**16  # rows that are looked at together
LARGEST_SUM: Final = 2.0**62  # of an int64, with room for what rounding adds
LARGEST_WHOLE: Final = 2.0**52  # whole numbers whose sizes add up to less are summed exactly in float64 too
MOST_DECIMALS: Final = 300  # a power of ten that a float64 still has


def decimals(values: pd.Series) -> int:
    """The decimal place to sum a column in: none for whole numbers, else all that a float64 has and the sum can hold.

    A float64 has 15 digits, counted from the first of the largest value; a sum has 64 bits. Below 0, that
    many digits before the point are rounded away.
    """
    sizes = np.abs(values.to_numpy("float64", na_value=np.nan))
    sizes = sizes[np.isfinite(sizes)]
    return decimals_of(sizes.max(initial=0.0), len(values), whole=bool((sizes == np.floor(sizes)).all()))


def decimals_of(largest: float, rows: int, *, whole: bool) -> int:
    """The decimal place to sum so many numbers in, of which none is larger, and all may be whole."""
    if not largest > 0:
        return 0
    digits = int(np.ceil(np.log10(largest)))
    known_decimals = 0 if whole else np.finfo("float64").precision - digits
    fits = int(np.log10(LARGEST_SUM / rows)) - digits
    return min(max(known_decimals, 0), fits, MOST_DECIMALS)


def sums(values: np.ndarray, codes: np.ndarray, size: int, places: int) -> tuple[np.ndarray, np.ndarray]:
    """By group (`codes`, from 0 to below `size`): how many have a value, and their sum in units of 10^-places."""
    counts, totals = np.zeros(size, "int64"), np.zeros(size, "int64")
    for rows in blocks(len(codes), size):
        units, own = np.round(values[rows] * 10.0**places), codes[rows]
        known = np.isfinite(units)
        if not known.all():
            units, own = units[known], own[known]
        counts += np.bincount(own, minlength=size)
        totals += added(units, own, size)
    return counts, totals


def counted(codes: np.ndarray, size: int) -> np.ndarray:
    """How many rows are in each group (`codes`, from 0 to below `size`)."""
    counts = np.zeros(size, "int64")
    for rows in blocks(len(codes), size):
        counts += np.bincount(codes[rows], minlength=size)
    return counts


def blocks(rows: int, size: int) -> Iterator[slice]:
    """Rows to look at together: few, as what is made of them stays near the processor; not fewer than groups."""
    step = max(BLOCK, size)
    return (slice(start, start + step) for start in range(0, rows, step))


def added(units: np.ndarray, codes: np.ndarray, size: int) -> np.ndarray:
    """The sum of whole numbers by group (`codes`, from 0 to below `size`)."""
    if np.abs(units).sum(dtype="float64") < LARGEST_WHOLE:
        return np.bincount(codes, units, minlength=size).astype("int64")
    totals = np.zeros(size, "int64")
    np.add.at(totals, codes, units.astype("int64"))
    return totals
