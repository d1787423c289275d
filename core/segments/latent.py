"""Latent classes of numbers and categories: the same answer on every run, row order and number of threads."""

from dataclasses import dataclass
from typing import Annotated, Any, Final

import numpy as np
from msgspec import Meta

from core.plain import WrongError, from_plain
from core.segments.features import FeatureMatrix
from core.segments.mixture import MixtureClustering
from core.segments.mixture_fit import (
    LEAST_DEVIATION,
    Statistics,
    WeightedPoints,
    best_mixture,
    maximised,
    rounded,
)
from core.segments.onehot import Layout, OneHot
from core.segments.scale import LARGEST
from core.threads import one_thread

STARTS: Final = 8
SUM_BITS: Final = 51  # of a whole number that a float64 holds, whatever it is added up of
PART_BITS: Final = 12  # how finely a customer is parted among the classes


@dataclass(frozen=True)
class LatentClusterer:
    """A latent class model of numbers, normal within a class, and of categories: k classes, however the points lie."""

    key: str = "latent"
    label: str = "latent classes"

    @one_thread()
    def fit(self, matrix: FeatureMatrix, k: int, *, seed: int) -> MixtureClustering:
        """`Clusterer.fit`: classes of a sample of the points, moved once by all of them."""
        layout, sample = matrix.layout, matrix.sample
        if not len(sample.values):
            return _nothing(layout)
        points = WeightedPoints.of(sample.values, layout, sample.weights)
        found = best_mixture(points, min(k, len(sample.values)), starts=STARTS, seed=seed)
        if not sample.whole:
            found = moved(matrix.points, layout, rounded(found), matrix.summary.most)
        return rounded(found)

    @one_thread()
    def refit(self, points: np.ndarray, k: int, *, seed: int, starts: int) -> MixtureClustering:
        """`Clusterer.refit`, of numbers only."""
        return self.refit_coded(points, Layout(points.shape[1], ()), k, seed=seed, starts=starts)

    def refit_coded(
        self, points: np.ndarray, layout: Layout, k: int, *, seed: int, starts: int
    ) -> MixtureClustering:  # fmt: skip
        """`TakesCategories.refit_coded`."""
        weighted = WeightedPoints.of(points, layout)
        return best_mixture(weighted, min(k, len(points)), starts=starts, seed=seed)

    def read(self, document: dict[str, Any], features: int) -> MixtureClustering:
        """`Clusterer.read`."""
        segments = from_plain(_Written, document).segments
        for number, one in enumerate(segments, 1):
            if len(one.mean) != features or len(one.deviation) != features:
                raise WrongError(f"segment {number} has no mean and deviation of {features} numbers")
            if [*map(len, one.chances)] != [*map(len, segments[0].chances)]:
                raise WrongError(f"segment {number} has chances of other levels than the first")
        means, deviations = (
            np.reshape(np.array([getattr(one, name) for one in segments], "float64"), (len(segments), features))
            for name in ("mean", "deviation")
        )
        chances = tuple(map(np.array, zip(*(one.chances for one in segments), strict=True)))
        return MixtureClustering(means, deviations, np.array([one.weight for one in segments]), chances)


Chance = Annotated[float, Meta(gt=0, le=1)]


@dataclass(frozen=True)
class _Segment:
    mean: tuple[Annotated[float, Meta(ge=-LARGEST, le=LARGEST)], ...]
    deviation: tuple[Annotated[float, Meta(ge=LEAST_DEVIATION / 2, le=LARGEST)], ...]
    weight: Chance
    chances: tuple[Annotated[tuple[Chance, ...], Meta(min_length=1)], ...]


@dataclass(frozen=True)
class _Written:
    """`MixtureClustering.to_dict`."""

    segments: tuple[_Segment, ...]


LATENT: Final = LatentClusterer()


def moved(points: np.ndarray, layout: Layout, fitted: MixtureClustering, most: np.ndarray) -> MixtureClustering:
    """The classes after a step over all coded points; `most` is the largest size of each number.

    All that is summed is whole, so that the order of the rows is not seen.
    """
    bits = SUM_BITS - PART_BITS - len(points).bit_length()
    largest = np.where(most[: layout.numbers] > 0, most[: layout.numbers], 1.0)
    units = 2.0**bits / np.concatenate([largest, largest**2])
    k, numbers = len(fitted.means), layout.numbers
    sizes, sums = np.zeros(k), np.zeros((k, 2 * numbers + sum(layout.levels)))
    for block, costs in fitted.costs(points):
        parts = np.exp(costs.min(axis=0) - costs)
        parts = np.rint(parts * (2.0**PART_BITS / parts.sum(axis=0)))
        own = points[block]
        wide = np.hstack([own[:, :numbers], own[:, :numbers] ** 2])
        sizes += parts.sum(axis=1)
        sums += parts @ np.hstack([np.rint(wide * units), layout.indicators(own)])
    levels = sums[:, 2 * numbers :]
    sums[:, : 2 * numbers] /= units
    everybody = OneHot.of(layout, levels, np.ones(k)).shares
    part = 2.0**-PART_BITS
    found = Statistics(sizes * part, sums[:, :numbers] * part, sums[:, numbers : 2 * numbers] * part, levels * part)
    return maximised(found, everybody)


def _nothing(layout: Layout) -> MixtureClustering:
    empty = np.empty((0, layout.numbers))
    return MixtureClustering(empty, empty, np.empty(0), tuple(np.empty((0, size)) for size in layout.levels))
