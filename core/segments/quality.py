"""How good a clustering of some points is: inertia, separation of the clusters, size of the smallest, stability."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy.spatial.distance import cdist
from sklearn.metrics import calinski_harabasz_score, davies_bouldin_score

from core.segments.bounds import AMPLITUDE
from core.segments.clusterer import Clusterer
from core.segments.edges import FEWEST_ROWS, amplitudes, clouds, least

SILHOUETTE_ROWS = 1_000  # it compares all pairs; its standard error is below 0.01 with so many
RESAMPLES = 6
RESAMPLE_STARTS = 3


@dataclass(frozen=True)
class Separation:
    """The scores that tell groups from slices of structureless data.

    Parameters
    ----------
    inertia : float
        Mean squared distance to the mean of the segment, per row.
    silhouette : float
        Mean silhouette, from -1 to 1 (Rousseeuw 1987).
    even : float, optional
        The mean over the clusters of their mean silhouettes: a small one counts as much as a large one.
    """

    inertia: float
    silhouette: float
    even: float | None = field(default=None, kw_only=True)


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
        Share of the rows in clusters set apart: the density falls by `AMPLITUDE` at least towards every other.
    stability : float
        Mean adjusted Rand index between these clusters and those found in halves of the rows
        (after Ben-Hur, Elisseeff and Guyon 2002); 1: always the same.
    jaccard : tuple of float or None
        Per cluster, the mean over halves of the largest Jaccard similarity to a cluster found there
        (Hennig 2007); above 0.75 it is stable, below 0.5 it dissolves. None with fewer than `FEWEST_ROWS` rows.
    silhouettes, amplitudes : tuple of float
        Per cluster, the mean silhouette, and the least fall of the density towards another (`edges`).
    clouds : tuple of int
        Per cluster, the cloud it is part of: clusters without a fall of the density between them are one. These three
        are empty in a result of before.
    across : tuple of float
        Per cluster, the mean of the largest Jaccard similarity to a cluster among one cluster less and one more; empty
        where nobody asked.
    """

    calinski_harabasz: float
    davies_bouldin: float
    smallest: float
    apart: float
    stability: float
    jaccard: tuple[float | None, ...]
    silhouettes: tuple[float, ...] = ()
    amplitudes: tuple[float, ...] = ()
    clouds: tuple[int, ...] = ()
    across: tuple[float, ...] = ()

    @property
    def groups(self) -> int:
        """How many clusters are set apart; all where that is not known of each."""
        return sum(fall >= AMPLITUDE for fall in self.amplitudes) if self.amplitudes else len(self.jaccard)


def separation(points: np.ndarray, labels: np.ndarray, means: np.ndarray) -> Separation | None:
    """How far apart the clusters of some points are; None where fewer than two hold a point, or each holds one."""
    found = _separated(points, labels, means)
    return found and found[0]


def quality(
    points: np.ndarray, labels: np.ndarray, means: np.ndarray, clusterer: Clusterer, *,
    resamples: int, seed: int, across: bool = False,
) -> Quality | None:  # fmt: skip
    """Score the clusters that a method found among some points; None where there is no `separation`.

    `across` compares them with one cluster less and one more.
    """
    k, separated = len(means), _separated(points, labels, means)
    if separated is None:
        return None
    found, silhouettes = separated
    again, sizes = _resampled(points, k, clusterer, resamples, seed), np.bincount(labels, minlength=k)
    jaccard = np.mean([_jaccard(labels, other, k) for other in again], axis=0)
    pairs = amplitudes(points, labels, means)
    falls = least(pairs, labels)
    others = _neighbours(points, k, clusterer, seed) if across else []
    return Quality(
        inertia=found.inertia,
        silhouette=found.silhouette,
        calinski_harabasz=float(calinski_harabasz_score(points, labels)),
        davies_bouldin=float(davies_bouldin_score(points, labels)),
        smallest=float(sizes.min() / len(points)),
        apart=share_apart(falls, labels),
        stability=stability(labels, again),
        jaccard=tuple(float(at) if rows >= FEWEST_ROWS else None for at, rows in zip(jaccard, sizes, strict=True)),
        silhouettes=silhouettes,
        even=found.even,
        amplitudes=tuple(map(float, falls)),
        clouds=tuple(map(int, clouds(pairs, AMPLITUDE))),
        across=tuple(map(float, np.mean([_jaccard(labels, other, k) for other in others], axis=0))) if others else (),
    )


def share_apart(falls: np.ndarray, labels: np.ndarray) -> float:
    """The share of the rows in clusters set apart: `falls` is by cluster the least fall of the density."""
    return float((falls >= AMPLITUDE)[labels].mean())


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


def _separated(
    points: np.ndarray, labels: np.ndarray, means: np.ndarray
) -> tuple[Separation, tuple[float, ...]] | None:
    """The `separation` of some clusters, and the mean silhouette of each."""
    if not 2 <= len(np.unique(labels)) < len(points):
        return None
    inertia = float(((points - means[labels]) ** 2).sum() / len(points))
    silhouettes, some = _silhouettes(points, labels)
    by_cluster = _by_cluster(silhouettes, some, len(means))
    return Separation(inertia, float(silhouettes.mean()), even=float(np.mean(by_cluster))), by_cluster


def _silhouettes(points: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The silhouettes and labels of every so many rows where there are many; 0 where these lie in one cluster.

    As scikit-learn's `silhouette_samples`, which walks row by row, in half the time: a number of segments takes six.
    """
    step = -(-len(points) // SILHOUETTE_ROWS)
    points, some = points[::step], labels[::step]
    clusters, labels, sizes = np.unique(some, return_inverse=True, return_counts=True)
    if not 1 < len(clusters) < len(points):
        return np.zeros(len(points)), some
    member = labels[:, None] == np.arange(len(clusters))
    sums = cdist(points, points) @ member.astype("float64")  # distances from each point to all of a cluster
    within = sums[member] / np.maximum(sizes[labels] - 1, 1)
    beside = np.where(member, np.inf, sums / sizes).min(axis=1)
    widest = np.maximum(within, beside)
    scored = (sizes[labels] > 1) & (widest > 0)  # a point alone in its cluster has 0 (Rousseeuw 1987)
    return np.divide(beside - within, widest, out=np.zeros(len(points)), where=scored), some


def _by_cluster(silhouettes: np.ndarray, labels: np.ndarray, k: int) -> tuple[float, ...]:
    sizes = np.bincount(labels, minlength=k)
    return tuple(map(float, np.bincount(labels, silhouettes, minlength=k) / np.maximum(sizes, 1)))


def _neighbours(points: np.ndarray, k: int, clusterer: Clusterer, seed: int) -> list[np.ndarray]:
    """Labels of all points by one cluster less and by one more."""
    ks = [other for other in (k - 1, k + 1) if 2 <= other <= len(np.unique(points, axis=0))]
    return [clusterer.refit(points, other, seed=seed, starts=RESAMPLE_STARTS).assign(points) for other in ks]


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
