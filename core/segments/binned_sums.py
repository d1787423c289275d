"""Sums that no order of the rows changes: each number as two whole numbers, which add up without rounding.

Parts of the rows are summed apart, on other machines too, and their sums added: to the last bit as if all were summed
at once (a superaccumulator of two bins; Demmel and Nguyen, "Parallel Reproducible Summation", 2015).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import frexp

import numpy as np

WHOLE = 52  # bits of a sum: a float64 holds every whole number up to 2**53
SMALLEST = -900  # exponent; powers of two far below it are no float64
BLOCK = 16_384  # rows at a time: they stay in the processor's cache


@dataclass(frozen=True)
class Grain:
    """What the numbers are multiples of: powers of two, the fine one for what the coarse one leaves."""

    coarse: float
    fine: float


def grain(most: float, rows: int) -> Grain:
    """The finest grain in which so many rows, none of them beyond `most`, still add up to a whole number that fits."""
    room = WHOLE - rows.bit_length()
    coarse = 2.0 ** (max(frexp(most)[1], SMALLEST) - room)
    return Grain(coarse, coarse * 2.0**-room)


def grains_for(most: np.ndarray, rows: int) -> tuple[Grain, ...]:
    """The grains of columns, none of whose numbers is beyond `most`."""
    return tuple(grain(float(bound), rows) for bound in most)


def totals(
    columns: np.ndarray, grains: Sequence[Grain], groups: np.ndarray | None = None, *, k: int = 1,
    counts: np.ndarray | None = None,
) -> np.ndarray:  # fmt: skip
    """Sums of each column by group, as whole numbers: add those of all parts, then take `value`.

    Parameters
    ----------
    columns : array (rows, columns)
    groups : array (rows,), optional
        From 0 to k - 1.
    counts : array (rows,), optional
        How many rows each stands for.

    Returns
    -------
    array (2, k, columns)
    """
    found = np.zeros((2, k, len(grains)))
    rows = max(BLOCK, k)
    for begin in range(0, len(columns), rows):
        block = slice(begin, begin + rows)
        for i, one in enumerate(grains):
            for part, numbers in enumerate(_split(columns[block, i], one)):
                if counts is not None:
                    numbers *= counts[block]
                found[part, :, i] += _by_group(numbers, None if groups is None else groups[block], k)
    return found


def value(sums: np.ndarray, grains: Sequence[Grain]) -> np.ndarray:
    """The sums (k, columns) that whole numbers stand for."""
    coarse, fine = (np.array([getattr(one, name) for one in grains]) for name in ("coarse", "fine"))
    found: np.ndarray = sums[0] * coarse + sums[1] * fine
    return found


def _split(numbers: np.ndarray, one: Grain) -> tuple[np.ndarray, np.ndarray]:
    coarse = np.rint(numbers * (1 / one.coarse))  # of a power of two, the reciprocal is exact
    return coarse, np.rint((numbers - coarse * one.coarse) * (1 / one.fine))


def _by_group(numbers: np.ndarray, groups: np.ndarray | None, k: int) -> np.ndarray:
    return numbers.sum() if groups is None else np.bincount(groups, numbers, minlength=k)
