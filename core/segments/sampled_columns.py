"""Columns of a sample of the customers: skewness, rank correlation, sums. No order and no parts of the rows matter."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from core.segments.points import Points
from core.segments.scale import LARGEST, bent

UNKNOWN: Final = LARGEST**2  # stands for an unknown number while points are told apart; no number is as large
EVENLY: Final = np.inf  # the `square` of `points.distinct` by which every point matters the same
FEWEST: Final = 50  # customers below which a correlation, a tail or a sum is chance (`advice.FEWEST`)
UNIT: Final = 0.01  # how far a coefficient may be from 1, and a sum from its parts in cents
NEARLY_ALL: Final = 0.99  # of the customers: a few corrections by hand do not unmake a sum


@dataclass(frozen=True, eq=False)
class SampledColumns:
    """Columns (points, columns) of the sampled different customers, NaN where unknown, and how many are at each."""

    names: tuple[str, ...]
    values: np.ndarray
    counts: np.ndarray

    @classmethod
    def of(cls, names: Sequence[str], points: Points) -> "SampledColumns":
        """The columns whose unknown numbers were `filled`."""
        values = np.where(points.values == UNKNOWN, np.nan, points.values)
        return cls(tuple(names), values, points.counts.astype("float64"))

    def mean(self, name: str) -> float:
        """The mean of those known."""
        values, counts = self._known(name)
        return float(f"{np.average(values, weights=counts):.9g}") if len(values) else 0.0

    def complete(self, names: Sequence[str]) -> float:
        """The share of customers who have all of some columns."""
        known = ~np.isnan(self.values[:, [self.names.index(name) for name in names]]).any(axis=1)
        return float(self.counts[known].sum() / self.counts.sum())

    def most_frequent(self, name: str) -> float:
        """The share of those known that have the most frequent value."""
        values, counts = self._known(name)
        _, at = np.unique(values, return_inverse=True)
        return float(np.bincount(at, counts).max() / counts.sum()) if len(values) else 1.0

    def skewness(self, name: str, *, logarithm: bool = False) -> float:
        """Fisher's moment coefficient, of the signed logarithm if asked for; 0 of a constant or of few."""
        values, counts = self._known(name)
        if counts.sum() < FEWEST:
            return 0.0
        values = bent(values, "log" if logarithm else "standard")
        away = values - np.average(values, weights=counts)
        spread = np.sqrt(np.average(away**2, weights=counts))
        return float(np.average((away / spread) ** 3, weights=counts)) if spread > 0 else 0.0

    def correlation(self, one: str, other: str) -> float:
        """|Spearman's rank correlation| of those of whom both are known, 0 of few; ranks are among all who know one."""
        ranks = np.column_stack([self._ranks[name] for name in (one, other)])
        both = ~np.isnan(ranks).any(axis=1)
        counts = self.counts[both]
        if counts.sum() < FEWEST:
            return 0.0
        away = ranks[both] - np.average(ranks[both], axis=0, weights=counts)
        covariance = (away * counts[:, None]).T @ away
        spread = np.sqrt(covariance[0, 0] * covariance[1, 1])
        return float(abs(covariance[0, 1]) / spread) if spread > 0 else 0.0

    def parts_of(self, total: str, others: Sequence[str]) -> tuple[str, ...]:
        """Those of some columns that sum up to another one for nearly everybody; none where no two or more do."""
        columns = self.values[:, [self.names.index(name) for name in (total, *others)]]
        known = columns[~np.isnan(columns).any(axis=1)]
        if len(others) < 2 or len(known) < FEWEST + len(others):
            return ()
        whole, parts = known[:, 0], known[:, 1:]
        weights, *_ = np.linalg.lstsq(parts, whole, rcond=None)
        at = np.flatnonzero(np.abs(weights - 1) < UNIT)
        apart = np.abs(whole - parts[:, at].sum(axis=1))
        exact = apart <= UNIT * len(at) + 1e-6 * np.abs(whole)
        return tuple(others[i] for i in at.tolist()) if len(at) > 1 and exact.mean() >= NEARLY_ALL else ()

    def _known(self, name: str) -> tuple[np.ndarray, np.ndarray]:
        values = self.values[:, self.names.index(name)]
        known = ~np.isnan(values)
        return values[known], self.counts[known]

    @cached_property
    def _ranks(self) -> dict[str, np.ndarray]:
        return {name: _ranks(self.values[:, i], self.counts) for i, name in enumerate(self.names)}


def filled(block: np.ndarray) -> np.ndarray:
    """The numbers with `UNKNOWN` in place of those that are not known, so that equal rows are one point; in place."""
    np.copyto(block, UNKNOWN, where=np.isnan(block))
    return block


def _ranks(values: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """The mean rank of each known value, equal ones sharing theirs."""
    known = ~np.isnan(values)
    _, at = np.unique(values[known], return_inverse=True)
    sizes = np.bincount(at, counts[known])
    ranks = np.full(len(values), np.nan)
    ranks[known] = (np.cumsum(sizes) - sizes / 2)[at] if known.any() else np.nan
    return ranks
