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


def totals(
    columns: np.ndarray,
    grains: Sequence[Grain],
    groups: np.ndarray | None = None,
    *,
    k: int = 1,
    weights: np.ndarray | None = None,
) -> np.ndarray:
    """Sums of each column by group, as whole numbers: add those of all parts, then take `value`.

    Parameters
    ----------
    columns : array (rows, columns)
    groups : array (rows,), optional
        From 0 to k - 1.
    weights : array (rows,), optional
        How often each row counts.

    Returns
    -------
    array (2, k, columns)
    """
    found = np.zeros((2, k, len(grains)))
    for i, one in enumerate(grains):
        coarse = np.rint(columns[:, i] / one.coarse)
        fine = np.rint((columns[:, i] - coarse * one.coarse) / one.fine)
        for part, numbers in enumerate((coarse, fine)):
            numbers = numbers if weights is None else numbers * weights
            found[part, :, i] = numbers.sum() if groups is None else np.bincount(groups, numbers, minlength=k)
    return found


def value(sums: np.ndarray, grains: Sequence[Grain]) -> np.ndarray:
    """The sums (k, columns) that whole numbers stand for."""
    coarse, fine = (np.array([getattr(one, name) for one in grains]) for name in ("coarse", "fine"))
    return sums[0] * coarse + sums[1] * fine
