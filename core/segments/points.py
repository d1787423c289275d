"""A sample of the different points that no order and no parting of the rows changes, with the customers at each."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

SAMPLE_POINTS = 30_000
# Steele, Lea and Flood, "Fast splittable pseudorandom number generators" (2014): SplitMix64.
GOLDEN, FIRST, EMBEDDED = (np.uint64(one) for one in (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB))
BLOCK = 16_384  # points at a time: they stay in the processor's cache


@dataclass(frozen=True)
class Points:
    """Different points (points, features) by rising `ranks`, and the customers at each.

    A rank is a random number in (0, 1] made from the point alone, divided by how much the point matters: half of it
    that it is one, half its share of all squared distances to the middle (a lightweight coreset: Bachem, Lucic and
    Krause 2018). Those of the smallest ranks are a sample of all (priority sampling: Duffield, Lund and Thorup 2007).
    """

    ranks: np.ndarray
    values: np.ndarray
    counts: np.ndarray

    def __len__(self) -> int:
        return len(self.ranks)

    @classmethod
    def of(cls, array: np.ndarray) -> "Points":
        """The points of an `array`."""
        return cls(array[:, 0], array[:, 2:], array[:, 1].astype("int64"))

    @property
    def array(self) -> np.ndarray:
        """Rank, customers and features of each point, as other machines get them: (points, 2 + features)."""
        return np.column_stack([self.ranks, self.counts, self.values])

    @property
    def end(self) -> float:
        """The rank that the sampled points are below; beyond all where they are all."""
        return float(self.ranks[SAMPLE_POINTS]) if len(self) > SAMPLE_POINTS else np.inf


@dataclass(frozen=True)
class SampledPoints:
    """Sampled points, sorted by value; how many customers each stands for, and whether it is one of an even sample."""

    values: np.ndarray
    counts: np.ndarray
    weights: np.ndarray
    even: np.ndarray
    order: np.ndarray

    @property
    def whole(self) -> bool:
        """Whether these are all points."""
        return bool((self.weights == self.counts).all())


@dataclass(frozen=True)
class PointsSummary:
    """What is known of all points before a method looks at them.

    `rows` is how many there are, `most` the largest size of each feature, `square` the mean squared distance to the
    middle.
    """

    sample: SampledPoints
    rows: int
    most: np.ndarray
    square: float


def sampled(points: Points, square: float, numbers: int | None = None) -> SampledPoints:
    """The sample that some points are; `square` and `numbers` as in `distinct`."""
    order = np.lexsort(points.values[:SAMPLE_POINTS].T) if points.values.size else np.arange(len(points))
    values, counts = points.values[order], points.counts[order]
    matter = _matter(values[:, :numbers], square)
    weights = counts / np.minimum(1.0, points.end * matter)
    return SampledPoints(values, counts, weights, points.ranks[order] * matter < points.end, order)


def distinct(
    values: np.ndarray, square: float, numbers: int | None = None, many: np.ndarray | None = None
) -> tuple[Points, np.ndarray]:  # fmt: skip
    """The points of the smallest ranks, one more than are sampled; and the first row at each.

    `square` is the mean squared distance to the middle, which has 0 in each feature. The first `numbers` columns are
    numbers, all unless given; the others are codes, which have no distance. `many` is how many customers each row
    stands for, 1 unless given.
    """
    ranks = _ranks(values, square, numbers)
    rows = np.arange(len(ranks))
    some = 2 * SAMPLE_POINTS
    while some < len(ranks):
        rows = np.flatnonzero(ranks <= np.partition(ranks, some)[some])
        if len(np.unique(ranks[rows])) > SAMPLE_POINTS:
            break
        rows, some = np.arange(len(ranks)), 8 * some
    found, first, which = np.unique(ranks[rows], return_index=True, return_inverse=True)
    counts = np.bincount(which, None if many is None else many[rows], minlength=len(found)).astype("int64")
    kept = rows[first[: SAMPLE_POINTS + 1]]
    return Points(found[: SAMPLE_POINTS + 1], values[kept], counts[: SAMPLE_POINTS + 1]), kept


def merged(parts: Sequence[Points]) -> Points:
    """The points of several parts as one: those of the smallest ranks of all, which are among those of its part."""
    ranks, rows, which = np.unique(
        np.concatenate([part.ranks for part in parts]), return_index=True, return_inverse=True
    )  # fmt: skip
    counts = np.bincount(which, np.concatenate([part.counts for part in parts]), minlength=len(ranks)).astype("int64")
    values = np.concatenate([part.values for part in parts])[rows]
    return Points(ranks[: SAMPLE_POINTS + 1], values[: SAMPLE_POINTS + 1], counts[: SAMPLE_POINTS + 1])


def _ranks(values: np.ndarray, square: float, numbers: int | None) -> np.ndarray:
    """A random number per point, the same wherever it stands; two points share one once in 10¹⁵."""
    ranks = np.empty(len(values))
    for begin in range(0, len(values), BLOCK):
        block = values[begin : begin + BLOCK]
        keys = np.zeros(len(block), "uint64")
        for column in block.T:
            keys = _mixed(keys + GOLDEN + (column + 0.0).view("uint64"))  # + 0: there are two zeros
        ranks[begin : begin + BLOCK] = (keys.astype("float64") + 1) * 2.0**-64 / _matter(block[:, :numbers], square)
    return ranks


def _matter(values: np.ndarray, square: float) -> np.ndarray:
    """How much a point matters, 1 at least. Squares are added feature by feature: the same bits in any block."""
    total = np.zeros(len(values))
    for column in values.T:
        total += column * column
    return 1 + total / (square or 1.0)


def _mixed(numbers: np.ndarray) -> np.ndarray:
    numbers = (numbers ^ (numbers >> np.uint64(30))) * FIRST
    numbers = (numbers ^ (numbers >> np.uint64(27))) * EMBEDDED
    mixed: np.ndarray = numbers ^ (numbers >> np.uint64(31))
    return mixed
