"""The numbers at some ranks of columns that are spread over parts: quantiles, without sorting all rows."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Final

import numpy as np

from core.segments.rows import MOST_VALUES, PartialSums, counted

DIGIT: Final = 13  # bits of a number that are settled at a time: 8,192 counts
BITS: Final = 64
Ask = Callable[[np.ndarray], PartialSums]


def ranked(partial_sums: Callable[[Ask], Mapping[str, np.ndarray]], ranks: Sequence[Sequence[int]]) -> list[np.ndarray]:
    """`Rows.ranked`: one pass counts the different values of each column; where they are many, some find the bits."""
    if not any(map(len, ranks)):
        return [np.empty(0) for _ in ranks]
    values = partial_sums(lambda block: {f"values {i}": counted(block[:, i]) for i in range(len(ranks))})
    many = [values[f"values {i}"].shape[1] > MOST_VALUES for i in range(len(ranks))]
    by_bits = _by_bits(partial_sums, [some if more else () for some, more in zip(ranks, many, strict=True)])
    return [by_bits[i] if many[i] else _at(values[f"values {i}"], some) for i, some in enumerate(ranks)]


def _at(values: np.ndarray, ranks: Sequence[int]) -> np.ndarray:
    """The values at some ranks, by how many rows have each (`rows.counted`)."""
    return values[0][np.searchsorted(np.cumsum(values[1]), list(ranks), side="right")] if len(ranks) else np.empty(0)


def _by_bits(
    partial_sums: Callable[[Ask], Mapping[str, np.ndarray]], ranks: Sequence[Sequence[int]]
) -> list[np.ndarray]:
    """The numbers bit by bit, from the highest, by how many numbers begin with the same ones."""
    # By column and rank: the bits so far, and the rank among the numbers that have them.
    known = {(i, rank): (0, rank) for i, some in enumerate(ranks) for rank in some}
    for left in range(BITS if known else 0, 0, -DIGIT):
        begins = sorted({(i, bits) for (i, _), (bits, _) in known.items()})
        counts = partial_sums(partial(_digits, begins, min(left, DIGIT), max(left - DIGIT, 0)))
        known = {(i, rank): _next(counts[f"{i} {bits}"], bits, at) for (i, rank), (bits, at) in known.items()}
    return [_numbers(np.array([known[i, rank][0] for rank in some], "uint64")) for i, some in enumerate(ranks)]


def _digits(begins: Sequence[tuple[int, int]], width: int, left: int, block: np.ndarray) -> PartialSums:
    """How many numbers that begin with some bits go on with each of the next `width` ones, before those `left`."""
    found = {}
    for i in {i for i, _ in begins}:
        column = block[:, i]
        keys = _keys(column[~np.isnan(column)]) >> np.uint64(left)
        before, digits = keys >> np.uint64(width), (keys & np.uint64((1 << width) - 1)).astype("int64")
        for bits in (bits for at, bits in begins if at == i):
            found[f"{i} {bits}"] = np.bincount(digits[before == np.uint64(bits)], minlength=1 << width)
    return found


def _next(counts: np.ndarray, bits: int, at: int) -> tuple[int, int]:
    """The bits with the next ones, and the rank among the numbers that have all these."""
    upto = np.cumsum(counts)
    digit = int(np.searchsorted(upto, at, side="right"))
    return bits * len(counts) + digit, at - int(upto[digit - 1] if digit else 0)


def _keys(values: np.ndarray) -> np.ndarray:
    """Whole numbers in the order of the floats: those below zero turned over, the others above them."""
    bits = np.ascontiguousarray(values + 0.0).view("uint64")
    return np.where(bits >> np.uint64(63) == 1, ~bits, bits | np.uint64(1 << 63))


def _numbers(keys: np.ndarray) -> np.ndarray:
    top = np.uint64(1 << 63)
    return np.where(keys & top, keys ^ top, ~keys).view("float64")
