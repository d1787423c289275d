"""How others say how many groups some standardised points have: a number, or None for no groups."""

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
from scipy.spatial.distance import cdist
from sklearn.cluster import HDBSCAN, KMeans
from sklearn.metrics import silhouette_score
from sklearn.mixture import GaussianMixture

STARTS: Final = 5
DRAWS: Final = 10
STRONG: Final = 0.8  # prediction strength (Tibshirani and Walther 2005)
SPLITS: Final = 5

Method = Callable[[np.ndarray, Sequence[int]], int | None]


def fitted(points: np.ndarray, k: int) -> KMeans:
    """K-means as all of them use it."""
    return KMeans(k, n_init=STARTS, random_state=0).fit(points)


def by_silhouette(points: np.ndarray, ks: Sequence[int]) -> int | None:
    """The largest silhouette; it never says that there are no groups."""
    return max(ks, key=lambda k: silhouette_score(points, fitted(points, k).labels_, sample_size=1000, random_state=0))


def by_gap(points: np.ndarray, ks: Sequence[int]) -> int | None:
    """The gap statistic beside a box along the principal axes, one-standard-error rule (Tibshirani and others 2001)."""
    middle = points.mean(axis=0)
    axes = np.linalg.svd(points - middle, full_matrices=False)[2]
    turned, rng = (points - middle) @ axes.T, np.random.default_rng(0)
    boxes = [rng.uniform(turned.min(axis=0), turned.max(axis=0), turned.shape) for _ in range(DRAWS)]
    gaps, errors = [], []
    for k in (1, *ks):
        drawn = [np.log(KMeans(k, n_init=1, random_state=0).fit(box).inertia_) for box in boxes]
        gaps.append(np.mean(drawn) - np.log(fitted(turned, k).inertia_))
        errors.append(np.std(drawn) * np.sqrt(1 + 1 / DRAWS))
    found = next((i for i in range(len(ks)) if gaps[i] >= gaps[i + 1] - errors[i + 1]), len(ks))
    return (1, *ks)[found] if found else None


def by_bic(points: np.ndarray, ks: Sequence[int]) -> int | None:
    """The Gaussian mixture of the lowest BIC."""
    tried = (1, *ks)
    fits = [GaussianMixture(k, n_init=2, random_state=0, reg_covar=1e-4).fit(points).bic(points) for k in tried]
    best = tried[int(np.argmin(fits))]
    return best if best > 1 else None


def by_prediction_strength(points: np.ndarray, ks: Sequence[int]) -> int | None:
    """The largest k whose prediction strength is `STRONG`."""
    found = [k for k in ks if _strength(points, k) >= STRONG]
    return max(found, default=None)


def by_hdbscan(points: np.ndarray, ks: Sequence[int]) -> int | None:  # noqa: ARG001
    """The clusters of HDBSCAN of 3 % of the rows or more."""
    found = len(set(HDBSCAN(min_cluster_size=max(5, len(points) // 33), copy=True).fit_predict(points)) - {-1})
    return found if found > 1 else None


METHODS: Final[dict[str, Method]] = {
    "silhouette": by_silhouette,
    "gap": by_gap,
    "BIC": by_bic,
    "prediction strength": by_prediction_strength,
    "HDBSCAN": by_hdbscan,
}


def _strength(points: np.ndarray, k: int) -> float:
    """How often two points of a test cluster share a cluster of the training half, in the worst cluster."""
    rng, found = np.random.default_rng(k), []
    for _ in range(SPLITS):
        order = rng.permutation(len(points))
        train, test = points[order[::2]], points[order[1::2]]
        own = fitted(test, k).labels_
        theirs = cdist(test, fitted(train, k).cluster_centers_).argmin(axis=1)
        together = np.zeros((k, k))
        np.add.at(together, (own, theirs), 1)
        sizes = together.sum(axis=1)
        pairs = (together * (together - 1)).sum(axis=1) / np.maximum(sizes * (sizes - 1), 1)
        found.append(pairs[sizes > 1].min(initial=1.0))
    return float(np.mean(found))
