"""The nearest of some centres."""

import numpy as np

BLOCK = 8_192  # points at a time: they stay in the processor's cache


def nearest(points: np.ndarray, centres: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The nearest centre of each point, the first of those equally near, and its squared distance.

    Squares are added feature by feature, so that a database that does the same gets the same bits.
    """
    labels = np.zeros(len(points), "int64")
    best = np.full(len(points), np.inf)
    for begin in range(0, len(points), BLOCK):
        block = slice(begin, begin + BLOCK)
        columns = np.ascontiguousarray(points[block].T)
        for i, centre in enumerate(centres):
            distance = _squared(columns, centre)
            np.copyto(labels[block], i, where=distance < best[block])
            np.minimum(best[block], distance, out=best[block])
    return labels, best


def two_nearest(points: np.ndarray, centres: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The second-nearest of two or more centres, and the squared distances of the nearest and of it."""
    second = np.zeros(len(points), "int64")
    best, next_best = np.empty(len(points)), np.empty(len(points))
    for begin in range(0, len(points), BLOCK):
        block = slice(begin, begin + BLOCK)
        columns = np.ascontiguousarray(points[block].T)
        distances = np.stack([_squared(columns, centre) for centre in centres])
        first, every = distances.argmin(axis=0), np.arange(distances.shape[1])
        best[block] = distances[first, every]
        distances[first, every] = np.inf
        second[block] = distances.argmin(axis=0)
        next_best[block] = distances[second[block], every]
    return second, best, next_best


def squared_distance(points: np.ndarray, centre: np.ndarray) -> np.ndarray:
    """Squared Euclidean distance of each point to one centre, in standardised units."""
    return _squared(points.T, centre)


def _squared(columns: np.ndarray, centre: np.ndarray) -> np.ndarray:
    total = np.zeros(columns.shape[1])
    for column, at in zip(columns, centre, strict=True):
        difference = column - at
        difference *= difference
        total += difference
    return total
