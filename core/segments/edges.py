"""The fall of the density of customers between two segments: large between groups, none between slices."""

from itertools import combinations

import numpy as np

HALF_WINDOW = 0.125  # of the distance between two means
FEWEST_ROWS = 10  # of a cluster: fewer tell nothing


def bimodal_amplitude(points: np.ndarray, labels: np.ndarray, means: np.ndarray) -> np.ndarray:
    """How far the density falls between each cluster and the neighbour it is least set apart from.

    The points of two clusters are projected on the line through their means, and counted near either
    mean and half-way between. The amplitude is 1 - half-way ÷ the lower of the two means (Zhang,
    Mapes and Soden 2003, "Bimodality in tropical water vapour"): 1 where nobody is between, 0 where as
    many are, below 0 where a crowd has been cut. Two normal groups 4 standard deviations apart have 0.7.
    A cluster of fewer than `FEWEST_ROWS` points is no neighbour, and has 0 itself.

    Parameters
    ----------
    points : array (rows, features)
    labels : array (rows,)
        Positions of the means.
    means : array (k, features)

    Returns
    -------
    array (k,)
    """
    k = len(means)
    members = [points[labels == cluster] for cluster in range(k)]
    large = [cluster for cluster in range(k) if len(members[cluster]) >= FEWEST_ROWS]
    amplitudes = np.ones((k, k))
    for one, other in combinations(large, 2):
        both = np.concatenate([members[one], members[other]])
        amplitudes[one, other] = amplitudes[other, one] = _amplitude(both, means[one], means[other])
    return np.where(np.isin(np.arange(k), large), amplitudes.min(axis=1), 0.0)


def _amplitude(points: np.ndarray, start: np.ndarray, end: np.ndarray) -> float:
    axis = end - start
    at = (points - start) @ axis / max(float(axis @ axis), np.finfo(float).tiny)
    first, between, last = (int((np.abs(at - where) <= HALF_WINDOW).sum()) for where in (0, 0.5, 1))
    return 1 - between / lower if (lower := min(first, last)) else 0.0
