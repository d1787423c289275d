"""How good a clustering of some points is: inertia, separation of the clusters, size of the smallest, stability."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.spatial.distance import cdist
from sklearn.metrics import calinski_harabasz_score, davies_bouldin_score

from core.segments.clusterer import Clusterer
from core.segments.edges import FEWEST_ROWS, bimodal_amplitude

SILHOUETTE_ROWS = 1_000  # it compares all pairs; its standard error is below 0.01 with so many
RESAMPLES = 6
RESAMPLE_STARTS = 3
APART = 0.4  # least amplitude: two normal groups 3.2 standard deviations apart; slices of noise stay below


@dataclass(frozen=True)
class Separation:
    """The scores that tell groups from slices of structureless data.

    Parameters
    ----------
    inertia : float
        Mean squared distance to the mean of the segment, per row.
    silhouette : float
        Mean silhouette, from -1 to 1 (Rousseeuw 1987).
    """

    inertia: float
    silhouette: float


@dataclass(frozen=True)
class Quality(Separation):
    """All scores of one clustering.

    Parameters
    ----------
    calinski_harabasz, davies_bouldin : float
        Between- to within-cluster variance, higher is better (1974); mean likeness of a cluster to the
        one most like it, lower is better (1979).
    smallest : float
        Share of the rows in the smallest cluster.
    apart : float
        Share of the rows in clusters set apart: the density falls by `APART` at least towards every other.
    stability : float
        Mean adjusted Rand index between these clusters and those found in halves of the rows
        (after Ben-Hur, Elisseeff and Guyon 2002); 1: always the same.
    jaccard : tuple of float or None
        Per cluster, the mean over halves of the largest Jaccard similarity to a cluster found there
        (Hennig 2007); above 0.75 it is stable, below 0.5 it dissolves. None with fewer than `FEWEST_ROWS` rows.
    """

    calinski_harabasz: float
    davies_bouldin: float
    smallest: float
    apart: float
    stability: float
    jaccard: tuple[float | None, ...]


def separation(points: np.ndarray, labels: np.ndarray, means: np.ndarray) -> Separation | None:
    """How far apart the clusters of some points are; None where fewer than two hold a point, or each holds one."""
    if not 2 <= len(np.unique(labels)) < len(points):
        return None
    inertia = float(((points - means[labels]) ** 2).sum() / len(points))
    return Separation(inertia, _silhouette(points, labels))


def quality(
    points: np.ndarray, labels: np.ndarray, means: np.ndarray, clusterer: Clusterer, *, resamples: int, seed: int
) -> Quality | None:
    """Score the clusters that a method found among some points; None where there is no `separation`."""
    k, found = len(means), separation(points, labels, means)
    if found is None:
        return None
    again, sizes = _resampled(points, k, clusterer, resamples, seed), np.bincount(labels, minlength=k)
    jaccard = np.mean([_jaccard(labels, other, k) for other in again], axis=0)
    apart = bimodal_amplitude(points, labels, means) >= APART
    return Quality(
        inertia=found.inertia,
        silhouette=found.silhouette,
        calinski_harabasz=float(calinski_harabasz_score(points, labels)),
        davies_bouldin=float(davies_bouldin_score(points, labels)),
        smallest=float(sizes.min() / len(points)),
        apart=float(apart[labels].mean()),
        stability=stability(labels, again),
        jaccard=tuple(float(at) if rows >= FEWEST_ROWS else None for at, rows in zip(jaccard, sizes, strict=True)),
    )


def stability(labels: np.ndarray, again: Sequence[np.ndarray]) -> float:
    """Mean adjusted Rand index between some labels and those that the same points were given at other times."""
    return float(np.mean([adjusted_rand_index(labels, other) for other in again]))


def adjusted_rand_index(one: np.ndarray, other: np.ndarray) -> float:
    """The adjusted Rand index of two lists of labels (Hubert and Arabie 1985).

    As scikit-learn's `adjusted_rand_score`, whose checks of its arguments take ten times as long.
    """
    width = int(other.max()) + 1
    together = np.bincount(one.astype("int64") * width + other, minlength=(int(one.max()) + 1) * width).reshape(
        -1, width
    )
    both, first, second = (_pairs(counts) for counts in (together, together.sum(axis=1), together.sum(axis=0)))
    expected, most = first * second / _pairs(np.array(len(one))), (first + second) / 2
    return (both - expected) / (most - expected) if most != expected else 1.0


def _pairs(counts: np.ndarray) -> float:
    return float((counts * (counts - 1)).sum() / 2)


def _silhouette(points: np.ndarray, labels: np.ndarray) -> float:
    """The mean silhouette, of every so many rows where there are many; 0 where these lie in one cluster.

    As scikit-learn's `silhouette_score`, which walks row by row, in half the time: a new number of segments takes six.
    """
    step = -(-len(points) // SILHOUETTE_ROWS)
    points = points[::step]
    clusters, labels, sizes = np.unique(labels[::step], return_inverse=True, return_counts=True)
    if not 1 < len(clusters) < len(points):
        return 0.0
    member = labels[:, None] == np.arange(len(clusters))
    sums = cdist(points, points) @ member.astype("float64")  # distances from each point to all of a cluster
    within = sums[member] / np.maximum(sizes[labels] - 1, 1)
    beside = np.where(member, np.inf, sums / sizes).min(axis=1)
    widest = np.maximum(within, beside)
    scored = (sizes[labels] > 1) & (widest > 0)  # a point alone in its cluster has 0 (Rousseeuw 1987)
    return float(np.divide(beside - within, widest, out=np.zeros(len(points)), where=scored).mean())


def _resampled(
    points: np.ndarray, k: int, clusterer: Clusterer, resamples: int, seed: int
) -> list[np.ndarray]:  # fmt: skip
    """Labels of all points by the clusters of random halves."""
    rng = np.random.default_rng(seed)
    halves = (np.sort(rng.choice(len(points), max(k, len(points) // 2), replace=False)) for _ in range(resamples))
    again = (clusterer.refit(points[half], k, seed=seed, starts=RESAMPLE_STARTS) for half in halves)
    return [clustering.assign(points) for clustering in again]


def _jaccard(labels: np.ndarray, other: np.ndarray, k: int) -> np.ndarray:
    together = np.zeros((k, max(k, other.max() + 1)))
    np.add.at(together, (labels, other), 1)
    union = together.sum(axis=1, keepdims=True) + together.sum(axis=0, keepdims=True) - together
    found: np.ndarray = (together / np.maximum(union, 1)).max(axis=1)
    return found
