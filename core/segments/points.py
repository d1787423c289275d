"""Points and how many customers stand at each: fewer rows to fit, and a sample that no order of the rows changes."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

SAMPLE_POINTS = 30_000
# Steele, Lea and Flood, "Fast splittable pseudorandom number generators" (2014): SplitMix64.
GOLDEN, FIRST, SECOND = (np.uint64(one) for one in (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB))


@dataclass(frozen=True)
class Points:
    """Different points (points, features) in the order of their random `keys`, and the customers at each."""

    keys: np.ndarray
    values: np.ndarray
    weights: np.ndarray

    def __len__(self) -> int:
        return len(self.keys)

    def sample(self) -> "Points":
        """The points of the smallest keys, sorted by value; all points where they are few."""
        values = self.values[:SAMPLE_POINTS]
        order = np.lexsort(values.T) if values.size else np.arange(len(values))
        return Points(self.keys[:SAMPLE_POINTS][order], values[order], self.weights[:SAMPLE_POINTS][order])


def distinct(values: np.ndarray) -> tuple[Points, np.ndarray, np.ndarray]:
    """The points of a matrix; the first row at each, and the position of the point of each row."""
    keys, rows, which, weights = np.unique(_keys(values), return_index=True, return_inverse=True, return_counts=True)
    return Points(keys, values[rows], weights), rows, which


def merged(parts: Sequence[Points]) -> Points:
    """The points of several parts as one; those of the smallest keys only, which are those of the whole."""
    keys, rows, which = np.unique(
        np.concatenate([part.keys for part in parts]), return_index=True, return_inverse=True
    )  # fmt: skip
    weights = np.bincount(which, np.concatenate([part.weights for part in parts]), minlength=len(keys))
    values = np.concatenate([part.values for part in parts])[rows]
    return Points(keys[:SAMPLE_POINTS], values[:SAMPLE_POINTS], weights[:SAMPLE_POINTS].astype("int64"))


def _keys(values: np.ndarray) -> np.ndarray:
    """A random number per point, the same wherever it stands; two points never share one (but once in 10¹⁹)."""
    keys = np.zeros(len(values), "uint64")
    for column in values.T:
        keys = _mixed(keys + GOLDEN + (column + 0.0).view("uint64"))  # + 0: there are two zeros
    return keys


def _mixed(numbers: np.ndarray) -> np.ndarray:
    numbers = (numbers ^ (numbers >> np.uint64(30))) * FIRST
    numbers = (numbers ^ (numbers >> np.uint64(27))) * SECOND
    return numbers ^ (numbers >> np.uint64(31))
