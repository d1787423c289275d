"""What a clustering method is, and what some methods can do besides.

A new method is one module with a `Clusterer` and its `Clustering`, and one line in `registry.py`. K-means (`kmeans.py`)
is the first. Whoever needs more than these two protocols asks for a capability (`HasCentres`, `WritesSql`, …) by
`isinstance`, and says plainly where a method lacks it.

All methods see the customers as `points`: an array (customers, features) of the standardised features of those who
have them all (`FeatureMatrix.values`); one that takes categories has the codes of their levels behind
(`FeatureMatrix.points`).
"""

import hashlib
import json
from collections.abc import Callable, Sequence
from typing import Any, Protocol, runtime_checkable

import numpy as np

from core.segments.features import FeatureMatrix
from core.segments.onehot import Layout
from core.segments.points import PointsSummary
from core.segments.rows import PartialSums

# Of some of the points, and how many customers each stands for (`counts`); the answers about all parts add up.
Question = Callable[..., PartialSums]
Ask = Callable[[Sequence[Question]], Sequence[PartialSums]]  # asks all points several questions in one pass


@runtime_checkable
class Clustering(Protocol):
    """Segments that were found, and all it takes to give other customers the same ones. It is never changed."""

    @property
    def method(self) -> str:
        """The key of its `Clusterer`."""

    @property
    def means(self) -> np.ndarray:
        """The mean of each number in each segment when they were found, in standardised units: (k, features).

        Segments are named by it.
        """

    def assign(self, points: np.ndarray) -> np.ndarray:
        """The segment of each point, from 0 to k - 1, from its own values alone."""

    def reordered(self, order: np.ndarray) -> "Clustering":
        """The same segments in another order: `order` has their present positions. Those it leaves out are dropped."""

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON, which `Clusterer.read` reads back.

        "segments" is a list of what belongs to each segment, in their order; the other keys are of all segments.
        """


@runtime_checkable
class Clusterer(Protocol):
    """A method that finds segments. Equal points and seeds give equal segments, in any order of the points."""

    @property
    def key(self) -> str:
        """Its name in model.json, on the command line and in a link."""

    @property
    def label(self) -> str:
        """Its name in a sentence."""

    def fit(self, matrix: FeatureMatrix, k: int, *, seed: int) -> Clustering:
        """Find k segments, or fewer where fewer points differ; none where there is no point."""

    def refit(self, points: np.ndarray, k: int, *, seed: int, starts: int) -> Clustering:
        """Find k segments of a few thousand points, at less effort: `starts` is how often to try.

        It tells how stable segments are, and what the method finds in structureless data (`evidence`).
        """

    def read(self, document: dict[str, Any], features: int) -> Clustering:
        """The clustering of so many features that `Clustering.to_dict` wrote, every value checked.

        Raises
        ------
        core.plain.WrongError
            A value is missing or of another type or shape.
        """


@runtime_checkable
class HasChances(Clustering, Protocol):
    """A clustering whose segments each have their own shares of the levels of categories."""

    @property
    def chances(self) -> tuple[np.ndarray, ...]:
        """By category the probability of each level in each segment: (k, levels)."""

    def reordered(self, order: np.ndarray) -> "HasChances":
        """`Clustering.reordered`."""


@runtime_checkable
class TakesCategories(Clusterer, Protocol):
    """A clusterer whose features may be categories: its points are `FeatureMatrix.points`."""

    def refit_coded(self, points: np.ndarray, layout: Layout, k: int, *, seed: int, starts: int) -> HasChances:
        """`Clusterer.refit` of points with categories."""


@runtime_checkable
class HasCentres(Protocol):
    """A clustering whose segments are the points nearest to a centre."""

    @property
    def centres(self) -> np.ndarray:
        """The centres in standardised units: (k, features)."""

    def distances(self, points: np.ndarray) -> np.ndarray:
        """The Euclidean distance of each point to each centre: (points, k)."""


@runtime_checkable
class GivesMargin(Protocol):
    """A clustering that says by how much the segment of `assign` leads at each point."""

    def margins(self, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The second-best segment of each point, -1 where there is one segment only; and the margin, from 0 to 1."""


@runtime_checkable
class GivesBic(Protocol):
    """A clustering that is a model of probability, so that different numbers of segments can be compared by it."""

    def bic(self, points: np.ndarray, weights: np.ndarray) -> float:
        """The Bayesian information criterion of points that each stand for `weights` customers; less is better.

        −2 × log-likelihood + free parameters × ln(customers) (Schwarz 1978).
        """


@runtime_checkable
class WritesSql(Protocol):
    """A clustering that a database can work out."""

    @property
    def sql_note(self) -> str:
        """How a customer's segment is found, for the head of the file."""

    def sql_costs(self, values: Sequence[str]) -> list[str]:
        """For each segment an expression; a customer is in the first segment of the lowest.

        `values` are the names of the standardised features. An expression is NULL where one of them is.
        """


@runtime_checkable
class FitsPartialSums(Protocol):
    """A clusterer that needs sums over all points only, so that they can lie on many machines."""

    def fit_sums(self, summary: PointsSummary, ks: Sequence[int], ask: Ask, *, seed: int) -> list[Clustering]:
        """The same as `Clusterer.fit` for each k."""


def digest(clustering: Clustering) -> str:
    """What tells a clustering from any other."""
    written = json.dumps([clustering.method, clustering.to_dict()])
    return hashlib.sha256(written.encode()).hexdigest()


def squared_error(
    points: np.ndarray, means: np.ndarray, labels: np.ndarray, many: np.ndarray | None = None
) -> float:  # fmt: skip
    """The sum of the squared distances of all points to the mean of their segment; `many` are at each, else 1."""
    squares = ((column - mean[labels]) ** 2 for column, mean in zip(points.T, means.T, strict=True))
    return sum((float((one if many is None else one * many).sum()) for one in squares), 0.0)
