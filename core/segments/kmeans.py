"""K-means with a fixed seed: the same answer on every run, row order, number of threads and of machines."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Annotated, Any, Final

import numpy as np
from msgspec import Meta
from sklearn.cluster import KMeans

from core.plain import WrongError, from_plain
from core.segments.binned_sums import Grain, grains_for, totals, value
from core.segments.clusterer import Ask
from core.segments.features import FeatureMatrix
from core.segments.nearest import nearest, squared_distance, two_nearest
from core.segments.points import PointsSummary, SampledPoints
from core.segments.rows import PartialSums
from core.segments.scale import LARGEST
from core.segments.sql_text import literal
from core.threads import one_thread

# Decimals of a centre: enough to assign every customer alike, few enough to be the same on every processor.
DIGITS = 9
STARTS = 10
# Up to this many customers every start sees all of them. Above it the starts see a sample of the different points,
# each as heavy as the customers it stands for, and the best one is polished on all rows (within 0.5 % of the inertia
# of the full fit on a million rows), until it hardly moves: further passes gain 0.1 % of the inertia at most.
SAMPLE_ROWS = 30_000
POLISH_PASSES = 10
SETTLED = 1e-3  # squares of the moves of all centres, in mean variances of a feature


@dataclass(frozen=True)
class CentreClustering:
    """Each point belongs to the nearest of some centres (k, features), the first of those equally near."""

    centres: np.ndarray
    method: str = "kmeans"
    sql_note: str = "k-means model: the nearest centre, the lowest number of those equally near"

    @property
    def means(self) -> np.ndarray:
        """`Clustering.means`: a centre is the mean of its points."""
        return self.centres

    def assign(self, points: np.ndarray) -> np.ndarray:
        """`Clustering.assign`."""
        return nearest(points, self.centres)[0]

    def reordered(self, order: np.ndarray) -> "CentreClustering":
        """`Clustering.reordered`."""
        return replace(self, centres=self.centres[order])

    def distances(self, points: np.ndarray) -> np.ndarray:
        """`HasCentres.distances`."""
        distances = np.empty((len(points), len(self.centres)))
        for i, centre in enumerate(self.centres):
            distances[:, i] = np.sqrt(squared_distance(points, centre))
        return distances

    def margins(self, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """`GivesMargin.margins`: (d₂ − d₁) / (d₂ + d₁), by the distances to the nearest and the next centre."""
        if len(self.centres) < 2:
            return np.full(len(points), -1), np.ones(len(points))
        second, best, next_best = two_nearest(points, self.centres)
        near, far = np.sqrt(best), np.sqrt(next_best)
        both = far + near
        return second, np.divide(far - near, both, out=np.zeros(len(points)), where=both > 0)

    def to_dict(self) -> dict[str, Any]:
        """`Clustering.to_dict`."""
        return {"segments": [{"centre": centre.tolist()} for centre in self.centres]}

    def sql_costs(self, values: Sequence[str]) -> list[str]:
        """`WritesSql.sql_costs`: squared distances, in the arithmetic of `nearest`, so that both agree to the bit."""
        return [
            " + ".join(f"({z} - {literal(at)}) * ({z} - {literal(at)})" for z, at in zip(values, centre, strict=True))
            for centre in self.centres
        ]


@dataclass(frozen=True)
class KMeansClusterer:
    """K-means: it always returns k segments, however the points lie."""

    key: str = "kmeans"
    label: str = "k-means"

    def fit(self, matrix: FeatureMatrix, k: int, *, seed: int) -> CentreClustering:
        """`Clusterer.fit`."""
        same = matrix.repeated
        points, counts = (matrix.values, None) if same is None else (matrix.values[same.rows], same.counts)
        (found,) = self.fit_sums(
            matrix.summary, [k], lambda asked: [question(points, counts=counts) for question in asked], seed=seed
        )
        return found

    @one_thread()
    def refit(self, points: np.ndarray, k: int, *, seed: int, starts: int) -> CentreClustering:
        """`Clusterer.refit`."""
        return CentreClustering(best_start(points, k, starts, seed))

    def fit_sums(
        self, summary: PointsSummary, ks: Sequence[int], ask: Ask, *, seed: int
    ) -> list[CentreClustering]:  # fmt: skip
        """`FitsPartialSums.fit_sums`: k-means on a sample of the points, polished on all of them."""
        if not len(summary.sample.values):
            return [CentreClustering(np.empty((0, summary.sample.values.shape[1]))) for _ in ks]
        grains = grains_for(summary.most, summary.rows)
        fits = polished(
            [first_centres(summary.sample, k, seed) for k in ks],
            lambda fits: ask([partial(sums_by_nearest, centres=centres, grains=grains) for centres in fits]),
            grains,
            summary.square,
        )
        return [CentreClustering(np.round(centres, DIGITS) + 0.0) for centres in fits]  # + 0: no negative zero

    def read(self, document: dict[str, Any], features: int) -> CentreClustering:
        """`Clusterer.read`."""
        centres = [one.centre for one in from_plain(_Written, document).segments]
        for number, centre in enumerate(centres, 1):
            if len(centre) != features:
                raise WrongError(f"the centre of segment {number} is not a list of {features} numbers")
        return CentreClustering(np.reshape(np.array(centres, "float64"), (len(centres), features)))


@dataclass(frozen=True)
class _Segment:
    centre: tuple[Annotated[float, Meta(ge=-LARGEST, le=LARGEST)], ...]


@dataclass(frozen=True)
class _Written:
    """`CentreClustering.to_dict`."""

    segments: tuple[_Segment, ...]


KMEANS: Final = KMeansClusterer()


@one_thread()
def first_centres(sample: SampledPoints, k: int, seed: int) -> np.ndarray:
    """The centres of a sample, at most as many as it has points."""
    k, customers = min(k, len(sample.values)), sample.counts.sum()
    if sample.whole and customers <= SAMPLE_ROWS:
        return best_start(np.repeat(sample.values, sample.counts, axis=0), k, STARTS, seed)
    return best_start(sample.values, k, STARTS, seed, sample.weights)


def best_start(
    points: np.ndarray, k: int, starts: int, seed: int, weights: np.ndarray | None = None
) -> np.ndarray:  # fmt: skip
    """The centres of the best of several k-means runs; `one_thread` makes them the same every time."""
    centres: np.ndarray = (
        KMeans(k, n_init=starts, random_state=seed).fit(points, sample_weight=weights).cluster_centers_
    )
    return centres


def polished(
    fits: Sequence[np.ndarray],
    partial_sums: Callable[[Sequence[np.ndarray]], Sequence[PartialSums]],
    grains: Sequence[Grain],
    square: float,
) -> list[np.ndarray]:
    """The centres of some fits after passes of Lloyd's algorithm (1982) over all rows, each until it has settled.

    `partial_sums` asks the rows about several fits at once (`sums_by_nearest`), as a pass can take long.
    """
    fits, moving = list(fits), list(range(len(fits)))
    for _ in range(POLISH_PASSES):
        asked = [fits[at] for at in moving]
        moved = [_moved(centres, sums, grains) for centres, sums in zip(asked, partial_sums(asked), strict=True)]
        for at, centres in zip(moving, moved, strict=True):
            fits[at] = centres
        moving = [at for at, old, new in zip(moving, asked, moved, strict=True) if not _settled(old, new, square)]
        if not moving:
            break
    return fits


def _moved(centres: np.ndarray, sums: PartialSums, grains: Sequence[Grain]) -> np.ndarray:
    """Each centre at the mean of the points nearest to it; where there are none, where it was."""
    sizes = sums["sizes"][:, None]
    return np.where(sizes > 0, value(sums["sums"], grains) / np.maximum(sizes, 1), centres)


def _settled(centres: np.ndarray, moved: np.ndarray, square: float) -> bool:
    return bool(((moved - centres) ** 2).sum() <= SETTLED * square / max(centres.shape[1], 1))


def sums_by_nearest(
    points: np.ndarray, centres: np.ndarray, grains: Sequence[Grain], counts: np.ndarray | None = None
) -> PartialSums:
    """For each centre the sums of the points nearest to it, and how many they are; parts add up (`binned_sums`).

    `counts` is how many customers each point stands for, 1 unless given.
    """
    labels, _ = nearest(points, centres)
    k = len(centres)
    return {
        "sums": totals(points, grains, labels, k=k, counts=counts), "sizes": np.bincount(labels, counts, minlength=k),
    }  # fmt: skip
