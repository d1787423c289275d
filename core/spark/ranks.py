"""Quantiles of columns that are spread over parts: the numbers at some ranks, without sorting all rows."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Final

import numpy as np

from core.segments.rows import MOST_VALUES, PartialSums, counted

DIGIT: Final = 13  # bits of a number that one pass decides: 8,192 counts
BITS: Final = 64
Ask = Callable[[np.ndarray], PartialSums]


def ranked(partial_sums: Callable[[Ask], Mapping[str, np.ndarray]], ranks: Sequence[Sequence[int]]) -> list[np.ndarray]:
    """`Rows.ranked`: one pass counts the values of each column; columns of many values take further passes by bits."""
    if not any(map(len, ranks)):
        return [np.empty(0) for _ in ranks]
    values = partial_sums(lambda block: {f"values {i}": counted(block[:, i]) for i in range(len(ranks))})
    many = [values[f"values {i}"].shape[1] > MOST_VALUES for i in range(len(ranks))]
    of_many = _by_bits(partial_sums, [wanted if by_bits else () for wanted, by_bits in zip(ranks, many, strict=True)])
    return [of_many[i] if many[i] else _at(values[f"values {i}"], wanted) for i, wanted in enumerate(ranks)]


def _at(values: np.ndarray, ranks: Sequence[int]) -> np.ndarray:
    """The values at some ranks; `values` is the table of `rows.counted`."""
    return values[0][np.searchsorted(np.cumsum(values[1]), list(ranks), side="right")] if len(ranks) else np.empty(0)


def _by_bits(
    partial_sums: Callable[[Ask], Mapping[str, np.ndarray]], ranks: Sequence[Sequence[int]]
) -> list[np.ndarray]:
    """The numbers at some ranks, found bit by bit from the highest."""
    # By column and rank: the bits so far, and the rank among the numbers that have them.
    known = {(i, rank): (0, rank) for i, wanted in enumerate(ranks) for rank in wanted}
    for left in range(BITS if known else 0, 0, -DIGIT):
        begins = sorted({(i, bits) for (i, _), (bits, _) in known.items()})
        counts = partial_sums(partial(_digits, begins, min(left, DIGIT), max(left - DIGIT, 0)))
        known = {(i, rank): _next(counts[f"{i} {bits}"], bits, at) for (i, rank), (bits, at) in known.items()}
    return [_numbers(np.array([known[i, rank][0] for rank in wanted], "uint64")) for i, wanted in enumerate(ranks)]


def _digits(begins: Sequence[tuple[int, int]], width: int, left: int, block: np.ndarray) -> PartialSums:
    """Of the numbers that begin with some bits, how many have each value of the next `width` bits."""
    counts = {}
    for i in {i for i, _ in begins}:
        column = block[:, i]
        keys = _keys(column[~np.isnan(column)]) >> np.uint64(left)
        before, digits = keys >> np.uint64(width), (keys & np.uint64((1 << width) - 1)).astype("int64")
        for bits in (bits for at, bits in begins if at == i):
            counts[f"{i} {bits}"] = np.bincount(digits[before == np.uint64(bits)], minlength=1 << width)
    return counts


def _next(counts: np.ndarray, bits: int, at: int) -> tuple[int, int]:
    """The bits so far with the next ones, and the rank among the numbers that begin with them."""
    cumulative = np.cumsum(counts)
    digit = int(np.searchsorted(cumulative, at, side="right"))
    return bits * len(counts) + digit, at - int(cumulative[digit - 1] if digit else 0)


def _keys(values: np.ndarray) -> np.ndarray:
    """Whole numbers in the order of the floats."""
    bits = np.ascontiguousarray(values + 0.0).view("uint64")
    return np.where(bits >> np.uint64(63) == 1, ~bits, bits | np.uint64(1 << 63))


def _numbers(keys: np.ndarray) -> np.ndarray:
    top = np.uint64(1 << 63)
    return np.where(keys & top, keys ^ top, ~keys).view("float64")
