"""K-means with a fixed seed: the same answer on every run, row order, number of threads and of machines."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
from sklearn.cluster import KMeans
from threadpoolctl import ThreadpoolController

from core.segments.exact import Grain, grain, totals, value
from core.segments.features import FeatureMatrix
from core.segments.nearest import nearest
from core.segments.points import Points

STARTS = 10
# Up to this many customers every start sees all of them. Above it the starts see a sample of the different points,
# each as heavy as the customers at it, and the best one is polished on all rows (within 0.5 % of the inertia of the
# full fit on a million rows).
SAMPLE_ROWS = 30_000
POLISH_PASSES = 3

# BLAS has one number of threads for the whole process, so that two sessions would undo each other's limit: it is
# set once and for good. Two at a time would only get in each other's way, as `choose_k.sweep` has threads of its own.
POOLS = ThreadpoolController()
POOLS.limit(limits=1, user_api="blas")


@contextmanager
def one_thread() -> Iterator[None]:
    """Let scikit-learn use this thread only: it adds up centres as its threads finish, and sums depend on the order.

    OpenMP's number of threads belongs to the thread that asks, so that nobody else sees the limit.
    """
    with POOLS.limit(limits=1, user_api="openmp"):
        yield


@dataclass(frozen=True)
class Fit:
    """`centres` (k, features) in standardised units, `labels` (rows,) from 0, `inertia` the sum of squared distances.

    k is smaller than asked for where there are fewer distinct points; 0 where there are none.
    """

    centres: np.ndarray
    labels: np.ndarray
    inertia: float


def fit(matrix: FeatureMatrix, k: int, *, seed: int = 0) -> Fit:
    """Fit k clusters to the standardised features."""
    return fitter(matrix, seed=seed)(k)


def fitter(matrix: FeatureMatrix, *, seed: int = 0) -> Callable[[int], Fit]:
    """What fits any number of clusters to the standardised features, whose points are found once for all k."""
    if not matrix.values.size:
        return lambda _: Fit(np.empty((0, len(matrix.names))), np.empty(0, "int64"), 0.0)
    points, sample = matrix.points, matrix.points.sample()
    grains = grains_for(abs(points.values).max(axis=0), len(matrix.values))

    def fit_k(k: int) -> Fit:
        centres = polished(
            first_centres(sample, k, seed), lambda at: tallied(points.values, at, grains, points.weights), grains
        )
        labels, squared = nearest(points.values, centres)
        return Fit(centres, labels[matrix.which], float((squared * points.weights).sum()))

    return fit_k


def start(points: np.ndarray, k: int, starts: int, seed: int, weights: np.ndarray | None = None) -> np.ndarray:
    """The centres of the best of several k-means runs; `one_thread` makes them the same every time."""
    return KMeans(k, n_init=starts, random_state=seed).fit(points, sample_weight=weights).cluster_centers_


@one_thread()
def first_centres(sample: Points, k: int, seed: int) -> np.ndarray:
    """The centres of a sample (`Points.sample`), at most as many as it has points."""
    k = min(k, len(sample))
    if sample.weights.sum() <= SAMPLE_ROWS:
        return start(np.repeat(sample.values, sample.weights, axis=0), k, STARTS, seed)
    return start(sample.values, k, STARTS, seed, sample.weights)


def polished(centres: np.ndarray, tally: Callable[[np.ndarray], np.ndarray], grains: tuple[Grain, ...]) -> np.ndarray:
    """The centres after a few passes of Lloyd's algorithm (1982) over all rows; `tally` asks these (`tallied`)."""
    for _ in range(POLISH_PASSES):
        sums = value(tally(centres), grains)
        sizes = sums[:, -1:]
        moved = np.where(sizes > 0, sums[:, :-1] / np.maximum(sizes, 1), centres)
        if np.array_equal(moved, centres):
            break
        centres = moved
    return centres


def tallied(
    points: np.ndarray, centres: np.ndarray, grains: tuple[Grain, ...], weights: np.ndarray | None = None
) -> np.ndarray:
    """For each centre the sum of the points nearest to it, and how many they are last; parts add up (`exact`).

    `weights` are the customers at each point, one each where there are none.
    """
    labels, _ = nearest(points, centres)
    columns = np.column_stack([points, np.ones(len(points))])
    return totals(columns, grains, labels, k=len(centres), weights=weights)


def grains_for(most: np.ndarray, rows: int) -> tuple[Grain, ...]:
    """The grains of each feature, none of whose values is beyond `most`, and of the count of customers."""
    return tuple(grain(float(bound), rows) for bound in (*most, 1.0))
