"""A second clustering method, registered by tests: parts of equal size by the first feature, and no centres."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.segments.clusterer import Clusterer
from core.segments.features import FeatureMatrix
from core.segments.registry import CLUSTERERS


@dataclass(frozen=True)
class Parts:
    """Customers are told apart by bounds of their first feature; `order` has the position of each part."""

    bounds: tuple[float, ...]
    means: np.ndarray
    order: tuple[int, ...]
    method: str = "quantiles"

    def assign(self, points: np.ndarray) -> np.ndarray:
        place = np.argsort(self.order)  # a part that was dropped has no customer
        return place[np.searchsorted(self.bounds, points[:, 0], side="right")]

    def reordered(self, order: np.ndarray) -> "Parts":
        return Parts(self.bounds, self.means[order], tuple(self.order[at] for at in order))

    # What a method can do besides (`core/segments/clusterer.py`) is optional.
    def margins(self, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return np.full(len(points), -1), np.ones(len(points))

    def to_dict(self) -> dict[str, Any]:
        segments = [{"mean": mean.tolist(), "part": part} for mean, part in zip(self.means, self.order, strict=True)]
        return {"segments": segments, "bounds": list(self.bounds)}


@dataclass(frozen=True)
class Quantiles:
    """Parts of equal size; as many as there are different quantiles."""

    key: str = "quantiles"
    label: str = "quantiles"

    def fit(self, matrix: FeatureMatrix, k: int, *, seed: int) -> Parts:
        return self.refit(matrix.values, k, seed=seed, starts=1)

    def refit(self, points: np.ndarray, k: int, *, seed: int, starts: int) -> Parts:  # noqa: ARG002
        if not len(points):
            return Parts((), np.empty((0, points.shape[1])), ())
        first = np.sort(points[:, 0])
        bounds = np.unique([first[len(first) * part // k] for part in range(1, k)])
        bounds = bounds[bounds > first[0]]
        labels = np.searchsorted(bounds, points[:, 0], side="right")
        means = np.array([points[labels == part].mean(axis=0) for part in range(len(bounds) + 1)])
        return Parts(tuple(bounds.tolist()), means, tuple(range(len(means))))

    def read(self, document: dict[str, Any], features: int) -> Parts:
        segments = document["segments"]
        means = np.reshape([one["mean"] for one in segments], (len(segments), features))
        return Parts(tuple(document["bounds"]), means, tuple(one["part"] for one in segments))


def registered() -> AbstractContextManager[Clusterer]:
    """The method is known for a while."""
    return CLUSTERERS.added(Quantiles())
