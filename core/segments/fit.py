"""K-means with a fixed seed: the same answer on every run, row order and number of threads."""

from dataclasses import dataclass

import numpy as np
from sklearn.cluster import KMeans
from threadpoolctl import threadpool_limits

from core.segments.features import FeatureMatrix

STARTS = 10
# Up to this many customers every start sees all rows; above it the starts see a sample and the best
# one is polished on all rows (within 0.6 % of the inertia of the full fit on a million rows).
SAMPLE_ROWS = 50_000
POLISH_PASSES = 3


@dataclass(frozen=True)
class Fit:
    """`centres` (k, features) in standardised units, `labels` (rows,) from 0, `inertia` the sum of squared distances.

    k is smaller than asked for where there are fewer distinct points; 0 where there are none.
    """

    centres: np.ndarray
    labels: np.ndarray
    inertia: float


def fit(matrix: FeatureMatrix, k: int, *, seed: int = 0) -> Fit:
    """Fit k clusters to the standardised features.

    One thread: scikit-learn adds up centres in the order its threads finish, and floating-point
    sums depend on it. Rows are sorted first, so that they may come in any order.
    """
    if not matrix.values.size:
        return Fit(np.empty((0, len(matrix.names))), np.empty(0, "int64"), 0.0)
    order = np.lexsort(matrix.values.T)
    points = np.ascontiguousarray(matrix.values[order])
    k = min(k, _distinct(points))
    with threadpool_limits(limits=1):
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
    return KMeans(k, n_init=STARTS, random_state=seed).fit(sample).cluster_centers_


def _distinct(points: np.ndarray) -> int:
    """Number of different rows of a sorted matrix."""
    return 1 + int((points[1:] != points[:-1]).any(axis=1).sum())
