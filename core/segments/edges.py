"""Whether the customers thin out between two clusters, as they do between groups and not between slices."""

import numpy as np

HALF_WINDOW = 0.125  # of the distance between two centres


def bimodal_amplitude(points: np.ndarray, labels: np.ndarray, centres: np.ndarray) -> np.ndarray:
    """How far the density falls between each cluster and the neighbour it is least set apart from.

    The points of two clusters are projected on the line through their centres, and counted near either
    centre and half-way between. The amplitude is 1 - half-way ÷ the lower of the two centres (Zhang,
    Mapes and Soden 2003, "Bimodality in tropical water vapour"): 1 where nobody is between, 0 where as
    many are, below 0 where a crowd has been cut. Two normal groups 4 standard deviations apart have 0.7.

    Parameters
    ----------
    points : array (rows, features)
    labels : array (rows,)
        Positions of the centres.
    centres : array (k, features)

    Returns
    -------
    array (k,)
    """
    k = len(centres)
    members = [points[labels == cluster] for cluster in range(k)]
    found = np.ones((k, k))
    for one in range(k):
        for other in range(one):
            both = np.concatenate([members[one], members[other]])
            found[one, other] = found[other, one] = _amplitude(both, centres[one], centres[other])
    return found.min(axis=1)


def _amplitude(points: np.ndarray, start: np.ndarray, end: np.ndarray) -> float:
    axis = end - start
    at = (points - start) @ axis / max(float(axis @ axis), np.finfo(float).tiny)
    first, between, last = (int((np.abs(at - where) <= HALF_WINDOW).sum()) for where in (0, 0.5, 1))
    return 1 - between / lower if (lower := min(first, last)) else 0.0
