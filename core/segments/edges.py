"""The fall of the density of customers between two segments: large between groups, none between slices."""

from itertools import combinations

import numpy as np

HALF_WINDOW = 0.125  # of the distance between two means
BETWEEN = (0.4, 0.5, 0.6)  # of it: beside a large group the density is lowest nearer to the small one
PLACES = np.array([[0], [1], *([place] for place in BETWEEN)])
FEWEST_ROWS = 10  # of a cluster: fewer tell nothing


def bimodal_amplitude(points: np.ndarray, labels: np.ndarray, means: np.ndarray) -> np.ndarray:
    """How far the density falls between each cluster and the neighbour it is least set apart from.

    Parameters
    ----------
    points : array (rows, features)
    labels : array (rows,)
        Positions of the means.
    means : array (k, features)

    Returns
    -------
    array (k,)
        0 for a cluster of fewer than `FEWEST_ROWS` points.
    """
    return least(amplitudes(points, labels, means), labels)


def amplitudes(points: np.ndarray, labels: np.ndarray, means: np.ndarray) -> np.ndarray:
    """How far the density falls between any two clusters.

    The points of two clusters are projected on the line through their means, and counted near either
    mean and at places `BETWEEN`. The amplitude is 1 - the fewest there ÷ the lower of the two means (Zhang,
    Mapes and Soden 2003, "Bimodality in tropical water vapour"): 1 where nobody is between, 0 where as
    many are, below 0 where a crowd has been cut. Two normal groups 4 standard deviations apart have 0.7.
    A cluster of fewer than `FEWEST_ROWS` points is no neighbour: 1.

    Returns
    -------
    array (k, k)
        The same on both sides of the diagonal, which has 1.
    """
    k = len(means)
    members = [points[labels == cluster] for cluster in range(k)]
    found = np.ones((k, k))
    for one, other in combinations(np.flatnonzero(_large(labels, k)), 2):
        both = np.concatenate([members[one], members[other]])
        found[one, other] = found[other, one] = _amplitude(both, means[one], means[other])
    return found


def least(pairs: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """`bimodal_amplitude` of the `amplitudes` of pairs."""
    return np.where(_large(labels, len(pairs)), pairs.min(axis=1), 0.0)


def clouds(pairs: np.ndarray, apart: float) -> np.ndarray:
    """The cloud of each cluster, from 0: two are one cloud where the density falls less than `apart` between them."""
    k = len(pairs)
    found = np.arange(k)
    for one, other in combinations(range(k), 2):
        if pairs[one, other] < apart:
            found[found == found[other]] = found[one]
    return np.unique(found, return_inverse=True)[1]


def _large(labels: np.ndarray, k: int) -> np.ndarray:
    large: np.ndarray = np.bincount(labels, minlength=k) >= FEWEST_ROWS
    return large


def _amplitude(points: np.ndarray, start: np.ndarray, end: np.ndarray) -> float:
    axis = end - start
    at = (points - start) @ axis / max(float(axis @ axis), np.finfo(float).tiny)
    first, last, *between = (np.abs(at - PLACES) <= HALF_WINDOW).sum(axis=1).tolist()
    return 1 - min(between) / lower if (lower := min(first, last)) else 0.0
