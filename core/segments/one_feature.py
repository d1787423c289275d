"""K-means in one feature alone: exact, and fast enough to ask every feature."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import numpy as np

CELLS: Final = 200  # the values are parted between cells only: a cluster of 0.5 % is still one
PASSES: Final = 20


def splits(values: np.ndarray, ks: Sequence[int]) -> dict[int, np.ndarray]:
    """For each k the means (k,), rising, of the clusters of least inertia of sorted values; none with fewer values.

    Dynamic programming over cells of as many rows (Wang and Song 2011), then Lloyd's passes over all rows.
    """
    starts = np.unique(np.searchsorted(values, values[np.arange(CELLS) * len(values) // CELLS]))
    ends = np.append(starts, len(values))
    sums, squares = (np.concatenate([[0.0], np.cumsum(column)])[ends] for column in (values, values**2))
    rows = np.maximum(ends - ends[:, None], 1)
    # [i, j]: the inertia of the cells from i to before j
    costs = (squares - squares[:, None]) - (sums - sums[:, None]) ** 2 / rows
    costs[np.tril_indices(len(ends))] = np.inf
    best, cuts, found = costs[0], [], {}
    for k in range(2, min(max(ks), len(starts)) + 1):
        ways = best[:, None] + costs
        cuts.append(ways.argmin(axis=0))
        best = ways.min(axis=0)
        if k in ks:
            found[k] = _settled(values, ends[_traced(cuts)])
    return found


def parted(values: np.ndarray, means: np.ndarray) -> np.ndarray:
    """Where each cluster begins and the last ends among sorted values: (k + 1,)."""
    return np.concatenate([[0], np.searchsorted(values, (means[1:] + means[:-1]) / 2), [len(values)]]).astype(int)


def labels_of(values: np.ndarray, means: np.ndarray) -> np.ndarray:
    """The cluster of each value, in whatever order they come."""
    found: np.ndarray = np.searchsorted((means[1:] + means[:-1]) / 2, values, side="right")
    return found


def silhouettes(values: np.ndarray, means: np.ndarray) -> tuple[float, float]:
    """The mean silhouette of sorted values, and the mean over the clusters of theirs.

    In one feature the next cluster is the one beside.
    """
    at = parted(values, means)
    sums, sizes = np.concatenate([[0.0], np.cumsum(values)]), np.diff(at)
    centres, totals = np.diff(sums[at]) / np.maximum(sizes, 1), np.zeros(len(means))
    for cluster, (low, high) in enumerate(pairwise(at)):
        size, own = high - low, values[low:high]
        sides = [side for side in (cluster - 1, cluster + 1) if 0 <= side < len(means) and sizes[side]]
        if size < 2 or not sides:
            continue
        ranks, before = np.arange(size), sums[low:high] - sums[low]
        within = (own * (2 * ranks - size) + sums[high] - sums[low] - 2 * before) / (size - 1)
        beside = np.min([abs(centres[side] - own) for side in sides], axis=0)
        widest = np.maximum(within, beside)
        totals[cluster] = np.divide(beside - within, widest, out=np.zeros(size), where=widest > 0).sum()
    return float(totals.sum() / len(values)), float(np.mean(totals / np.maximum(sizes, 1)))


def _traced(cuts: Sequence[np.ndarray]) -> list[int]:
    """The cells that the clusters begin at, the last of all cells after them."""
    at = [len(cuts[0]) - 1]
    for cut in reversed(cuts):
        at.append(int(cut[at[-1]]))
    return [0, *reversed(at)]


def _settled(values: np.ndarray, at: np.ndarray) -> np.ndarray:
    sums = np.concatenate([[0.0], np.cumsum(values)])
    means: np.ndarray = np.diff(sums[at]) / np.diff(at)
    for _ in range(PASSES):
        at = parted(values, means)
        sizes = np.diff(at)
        moved = np.where(sizes > 0, np.diff(sums[at]) / np.maximum(sizes, 1), means)
        if (moved == means).all():
            break
        means = moved
    return means
