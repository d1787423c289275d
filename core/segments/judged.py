"""Segments of numbers and categories as the scores see them: places in one space (`OneHot`), and middles there."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from core.segments.clusterer import Clusterer, Clustering, GivesBic, HasChances, TakesCategories
from core.segments.features import FeatureMatrix
from core.segments.mixture_fit import WeightedPoints
from core.segments.onehot import OneHot
from core.segments.reference import structureless
from core.segments.reference_mixed import structureless_places
from core.segments.registry import clusterer_of


@dataclass(frozen=True)
class PlacedClustering:
    """A clustering of coded points that takes their places instead; `means` are the middles there."""

    coded: HasChances
    space: OneHot

    @property
    def method(self) -> str:
        """`Clustering.method`."""
        return self.coded.method

    @property
    def means(self) -> np.ndarray:
        """`Clustering.means`."""
        return self.space.middles(self.coded.means, self.coded.chances)

    def assign(self, points: np.ndarray) -> np.ndarray:
        """`Clustering.assign`."""
        return self.coded.assign(self.space.coded(points))

    def reordered(self, order: np.ndarray) -> "PlacedClustering":
        """`Clustering.reordered`."""
        return PlacedClustering(self.coded.reordered(order), self.space)

    def to_dict(self) -> dict[str, Any]:
        """`Clustering.to_dict`."""
        return self.coded.to_dict()


@dataclass(frozen=True)
class PlacedClusterer:
    """A method that takes categories, of places."""

    method: TakesCategories
    space: OneHot

    @property
    def key(self) -> str:
        """`Clusterer.key`."""
        return self.method.key

    @property
    def label(self) -> str:
        """`Clusterer.label`."""
        return self.method.label

    def fit(self, matrix: FeatureMatrix, k: int, *, seed: int) -> Clustering:
        """`Clusterer.fit`."""
        return self.method.fit(matrix, k, seed=seed)

    def refit(self, points: np.ndarray, k: int, *, seed: int, starts: int) -> PlacedClustering:
        """`Clusterer.refit`."""
        coded = self.method.refit_coded(self.space.coded(points), self.space.layout, k, seed=seed, starts=starts)
        return PlacedClustering(coded, self.space)

    def read(self, document: dict[str, Any], features: int) -> Clustering:
        """`Clusterer.read`."""
        return self.method.read(document, features)


def space_of(matrix: FeatureMatrix) -> OneHot | None:
    """The space of the points of a matrix; None where they are numbers, and so are places already."""
    if not matrix.categories:
        return None
    points = WeightedPoints.of(matrix.sample.values, matrix.layout, matrix.sample.weights)
    return OneHot.of(matrix.layout, points.columns, points.weights)


def drawn(points: np.ndarray, space: OneHot | None, draws: int, seed: int) -> tuple[np.ndarray, tuple[np.ndarray, ...]]:
    """Some points as the scores see them, and structureless data like them."""
    if space is None:
        return points, structureless(points, draws, seed)
    places = space.places(points)
    return places, structureless_places(places, space, draws, seed)


def judged_by(clustering: Clustering, space: OneHot | None) -> tuple[Clusterer, np.ndarray]:
    """The method of some segments as it finds them among the places, and their middles there."""
    clusterer = placed_method(clusterer_of(clustering.method), space)
    if space is None or not isinstance(clustering, HasChances):
        return clusterer, clustering.means
    return clusterer, space.middles(clustering.means, clustering.chances)


def bic_of(clustering: Clustering, points: np.ndarray, weights: np.ndarray) -> float | None:
    """`GivesBic.bic` of points, or of places where the clustering takes these; None where it cannot say."""
    if isinstance(clustering, PlacedClustering):
        return bic_of(clustering.coded, clustering.space.coded(points), weights)
    return clustering.bic(points, weights) if isinstance(clustering, GivesBic) else None


def placed_method(clusterer: Clusterer, space: OneHot | None) -> Clusterer:
    """A method as it finds segments of places."""
    return PlacedClusterer(clusterer, space) if space and isinstance(clusterer, TakesCategories) else clusterer
