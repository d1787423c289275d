"""K-means with a fixed seed: the same answer on every run, row order and number of threads."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
from sklearn.cluster import KMeans
from threadpoolctl import ThreadpoolController

from core.segments.features import FeatureMatrix

STARTS = 10
# Up to this many customers every start sees all rows; above it the starts see a sample and the best
# one is polished on all rows (within 0.6 % of the inertia of the full fit on a million rows).
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
    """What fits any number of clusters to the standardised features.

    Rows are sorted first, once for all k, so that they may come in any order.
    """
    if not matrix.values.size:
        return lambda _: Fit(np.empty((0, len(matrix.names))), np.empty(0, "int64"), 0.0)
    order = matrix.order
    points = np.ascontiguousarray(matrix.values[order])
    distinct = _distinct(points)
    return lambda k: _fit(points, order, min(k, distinct), seed)


def start(points: np.ndarray, k: int, starts: int, seed: int) -> np.ndarray:
    """The centres of the best of several k-means runs; `one_thread` makes them the same every time."""
    return KMeans(k, n_init=starts, random_state=seed).fit(points).cluster_centers_


@one_thread()
def _fit(points: np.ndarray, order: np.ndarray, k: int, seed: int) -> Fit:
    centres = _best_start(points, k, seed)
    model = KMeans(k, init=centres, n_init=1, max_iter=POLISH_PASSES).fit(points)
    labels = np.empty(len(points), "int64")
    labels[order] = model.labels_
    return Fit(model.cluster_centers_, labels, float(model.inertia_))


def _best_start(points: np.ndarray, k: int, seed: int) -> np.ndarray:
    sample = points
    if len(points) > SAMPLE_ROWS:
        rows = np.random.default_rng(seed).choice(len(points), SAMPLE_ROWS, replace=False)
        sample = points[np.sort(rows)]
    if _distinct(sample) < k:  # the sample missed values that are too rare
        sample = points
    return start(sample, k, STARTS, seed)


def _distinct(points: np.ndarray) -> int:
    """Number of different rows of a sorted matrix."""
    return 1 + int((points[1:] != points[:-1]).any(axis=1).sum())
