"""K-means with a fixed seed: the same answer on every run, row order, number of threads and of machines."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
from sklearn.cluster import KMeans
from threadpoolctl import ThreadpoolController

from core.segments.binned_sums import Grain, grain, totals, value
from core.segments.features import FeatureMatrix
from core.segments.nearest import nearest
from core.segments.points import Sample
from core.segments.rows import Tally
from core.tweaks import limit_blas

STARTS = 10
# Up to this many customers every start sees all of them. Above it the starts see a sample of the different points,
# each as heavy as the customers it stands for, and the best one is polished on all rows (within 0.5 % of the inertia
# of the full fit on a million rows), until it hardly moves: further passes gain 0.1 % of the inertia at most.
SAMPLE_ROWS = 30_000
POLISH_PASSES = 10
SETTLED = 1e-3  # squares of the moves of all centres, in mean variances of a feature

POOLS = ThreadpoolController()
limit_blas(POOLS)


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
    """What fits any number of clusters to the standardised features, which are sampled once for all k."""
    if not matrix.values.size:
        return lambda _: Fit(np.empty((0, len(matrix.names))), np.empty(0, "int64"), 0.0)
    points, sample = matrix.values, matrix.sample
    grains = grains_for(abs(points).max(axis=0), len(points))

    def fit_k(k: int) -> Fit:
        first = first_centres(sample, k, seed)
        (centres,) = polished([first], lambda fits: [tallied(points, at, grains) for at in fits], grains, matrix.square)
        labels, squared = nearest(points, centres)
        return Fit(centres, labels, float(squared.sum()))

    return fit_k


def start(points: np.ndarray, k: int, starts: int, seed: int, weights: np.ndarray | None = None) -> np.ndarray:
    """The centres of the best of several k-means runs; `one_thread` makes them the same every time."""
    return KMeans(k, n_init=starts, random_state=seed).fit(points, sample_weight=weights).cluster_centers_


@one_thread()
def first_centres(sample: Sample, k: int, seed: int) -> np.ndarray:
    """The centres of a sample, at most as many as it has points."""
    k, customers = min(k, len(sample.values)), sample.counts.sum()
    if sample.whole and customers <= SAMPLE_ROWS:
        return start(np.repeat(sample.values, sample.counts, axis=0), k, STARTS, seed)
    return start(sample.values, k, STARTS, seed, sample.weights)


def polished(
    fits: Sequence[np.ndarray],
    tally: Callable[[Sequence[np.ndarray]], Sequence[Tally]],
    grains: Sequence[Grain],
    square: float,
) -> list[np.ndarray]:
    """The centres of some fits after passes of Lloyd's algorithm (1982) over all rows, each until it has settled.

    `tally` asks the rows about several fits at once (`tallied`), as a pass can take long.
    """
    fits, moving = list(fits), list(range(len(fits)))
    for _ in range(POLISH_PASSES):
        asked = [fits[at] for at in moving]
        moved = [_moved(centres, told, grains) for centres, told in zip(asked, tally(asked), strict=True)]
        for at, centres in zip(moving, moved, strict=True):
            fits[at] = centres
        moving = [at for at, old, new in zip(moving, asked, moved, strict=True) if not _settled(old, new, square)]
        if not moving:
            break
    return fits


def _moved(centres: np.ndarray, told: Tally, grains: Sequence[Grain]) -> np.ndarray:
    """Each centre at the mean of the points nearest to it; where there are none, where it was."""
    sizes = told["sizes"][:, None]
    return np.where(sizes > 0, value(told["sums"], grains) / np.maximum(sizes, 1), centres)


def _settled(centres: np.ndarray, moved: np.ndarray, square: float) -> bool:
    return bool(((moved - centres) ** 2).sum() <= SETTLED * square / max(centres.shape[1], 1))


def tallied(points: np.ndarray, centres: np.ndarray, grains: Sequence[Grain]) -> Tally:
    """For each centre the sums of the points nearest to it, and how many they are; parts add up (`binned_sums`)."""
    labels, _ = nearest(points, centres)
    k = len(centres)
    return {"sums": totals(points, grains, labels, k=k), "sizes": np.bincount(labels, minlength=k)}


def grains_for(most: np.ndarray, rows: int) -> tuple[Grain, ...]:
    """The grains of columns, none of whose numbers is beyond `most`."""
    return tuple(grain(float(bound), rows) for bound in most)
