"""Numbers and categories as places in one space: a category weighs as much as a number.

Coded points have the standardised numbers first, then the code of each category's level (below 0: none). In the space
each level is an axis of its own, scaled so that a category's variance is 1 in all, as that of a number is; a customer
without a level is in the middle of its axes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np


@dataclass(frozen=True)
class Layout:
    """How many numbers a coded point has, and how many levels each of its categories."""

    numbers: int
    levels: tuple[int, ...]

    @cached_property
    def ends(self) -> tuple[slice, ...]:
        """Where the levels of each category are among all levels."""
        ends = np.cumsum([0, *self.levels]).tolist()
        return tuple(slice(start, end) for start, end in pairwise(ends))

    def indicators(self, points: np.ndarray) -> np.ndarray:
        """1 where a coded point has a level, else 0: (points, levels of all categories)."""
        found = np.zeros((len(points), sum(self.levels)))
        for code, place in zip(points[:, self.numbers :].T, self.ends, strict=True):
            rows = np.flatnonzero(code >= 0)
            found[rows, place.start + code[rows].astype("int64")] = 1.0
        return found


@dataclass(frozen=True)
class OneHot:
    """The space of coded points of a layout; `shares` has by category how frequent each level is."""

    layout: Layout
    shares: tuple[np.ndarray, ...]

    @classmethod
    def of(cls, layout: Layout, columns: np.ndarray, weights: np.ndarray) -> "OneHot":
        """The space in which the levels of some points are as frequent as they are; `columns` end with the levels."""
        counts = weights @ columns[:, columns.shape[1] - sum(layout.levels) :]
        return cls(layout, tuple(_shares(counts[place]) for place in layout.ends))

    @cached_property
    def middle(self) -> np.ndarray:
        """The share of every level, of all categories."""
        return np.concatenate([*self.shares, np.empty(0)])

    @cached_property
    def scale(self) -> np.ndarray:
        """What the axis of every level is multiplied by."""
        parts = [np.full(len(one), 1 / np.sqrt(max(1 - float(one @ one), 1e-9))) for one in self.shares]
        return np.concatenate([*parts, np.empty(0)])

    def placed(self, columns: np.ndarray) -> np.ndarray:
        """Places of points that are columns of numbers first and of levels last: (points, numbers + levels)."""
        levels = columns[:, columns.shape[1] - sum(self.layout.levels) :]
        placed = (levels - self.middle) * self.scale
        for place in self.layout.ends:
            placed[levels[:, place].sum(axis=1) == 0, place] = 0.0  # no level: in the middle
        return np.hstack([columns[:, : self.layout.numbers], placed])

    def places(self, points: np.ndarray) -> np.ndarray:
        """Places of coded points."""
        return self.placed(np.hstack([points[:, : self.layout.numbers], self.layout.indicators(points)]))

    def coded(self, places: np.ndarray) -> np.ndarray:
        """The coded points at some places."""
        numbers = self.layout.numbers
        codes = np.full((len(places), len(self.layout.levels)), -1.0)
        for i, place in enumerate(self.layout.ends):
            own = places[:, numbers + place.start : numbers + place.stop]
            codes[:, i] = np.where(own.any(axis=1), own.argmax(axis=1), -1)
        return np.hstack([places[:, :numbers], codes])

    def middles(self, means: np.ndarray, chances: Sequence[np.ndarray]) -> np.ndarray:
        """The middles of classes (k, numbers + levels) by their means and the chances of their levels."""
        return np.hstack([means, (np.hstack([*chances, np.empty((len(means), 0))]) - self.middle) * self.scale])


def _shares(counts: np.ndarray) -> np.ndarray:
    total = float(counts.sum())
    found: np.ndarray = counts / total if total else np.full(len(counts), 1 / max(len(counts), 1))
    return found
