"""Data with groups, after the sets that methods are usually tried on: what k-means can find, with the number of groups.

Not those sets themselves: each is drawn anew, by what is known of how they were made.
"""

from functools import partial
from typing import Final

import numpy as np
from sklearn.datasets import load_breast_cancer, load_iris, load_wine

from tests.bench.structure.noise import Draw


def spread_out(
    rng: np.random.Generator, k: int, features: int, apart: float, *, box: float | None = None
) -> np.ndarray:  # fmt: skip
    """K centres in a box, at least `apart` from each other."""
    box = box or apart * k ** (1 / features) * 1.6
    for tries in range(1, 100_000):
        centres = rng.uniform(0, box * (1 + tries / 200), (k, features))
        gaps = np.linalg.norm(centres[:, None] - centres, axis=2) + np.eye(k) * 1e9
        if gaps.min() >= apart:
            break
    return centres


def grown(
    centres: np.ndarray, sizes: np.ndarray, rng: np.random.Generator, deviation: float | np.ndarray = 1.0
) -> np.ndarray:
    """Gaussian points around each centre."""
    deviations = np.broadcast_to(deviation, len(centres))
    return np.concatenate(
        [rng.normal(at, one, (int(size), len(at))) for at, size, one in zip(centres, sizes, deviations, strict=True)]
    )


def blobs(k: int, features: int, apart: float, *, uneven: bool = False) -> Draw:
    """K round groups, the nearest `apart` of their standard deviations from each other."""

    def draw(rng: np.random.Generator, rows: int) -> np.ndarray:
        weights = rng.dirichlet(np.full(k, 4.0)) if uneven else np.full(k, 1 / k)
        weights = np.maximum(weights, 0.4 / k)
        return grown(spread_out(rng, k, features, apart), rows * weights / weights.sum(), rng)

    return draw


def stretched(k: int, features: int, apart: float) -> Draw:
    """K Gaussians, each with a covariance of its own."""

    def draw(rng: np.random.Generator, rows: int) -> np.ndarray:
        centres = spread_out(rng, k, features, apart)
        bends = [np.linalg.qr(rng.standard_normal((features, features)))[0] for _ in range(k)]
        sizes = rng.uniform(0.6, 1.3, (k, features))
        return np.concatenate(
            [
                at + (rng.standard_normal((rows // k, features)) * size) @ bend
                for at, size, bend in zip(centres, sizes, bends, strict=True)
            ]
        )

    return draw


def pair(features: int, apart: float, rng: np.random.Generator, rows: int) -> np.ndarray:
    """Two Gaussians that differ a little in each of many features."""
    half = apart / np.sqrt(features) / 2
    return rng.standard_normal((rows, features)) + np.where(np.arange(rows) % 2, half, -half)[:, None]


def high_dimensional(features: int, rng: np.random.Generator, rows: int) -> np.ndarray:
    """Sixteen tight groups in many features."""
    return grown(rng.uniform(0, 1, (16, features)), np.full(16, rows // 16), rng, 0.04)


def circles_of_groups(rng: np.random.Generator, rows: int) -> np.ndarray:
    """A group in the middle, seven close around it, seven further out."""
    turn = 2 * np.pi * np.arange(7) / 7
    rim = np.column_stack([np.cos(turn), np.sin(turn)])
    centres = np.concatenate([np.zeros((1, 2)), 6 * rim, 16 * rim])
    return grown(centres, np.full(15, rows // 15), rng, np.repeat([0.9, 1.0], [8, 7]))


def unbalanced(rng: np.random.Generator, rows: int) -> np.ndarray:
    """Three large tight groups, and five small ones far from them."""
    large = np.array([[0, 0], [8, 12], [8, -12]]) * 1.0
    small = np.array([[50, 0], [60, 12], [60, -12], [70, 0], [80, 10]]) * 1.0
    return grown(np.concatenate([large, small]), np.repeat([rows * 0.28, rows * 0.032], [3, 5]), rng, 1.6)


def aggregated(rng: np.random.Generator, rows: int) -> np.ndarray:
    """Seven round groups of quite different sizes, some near each other."""
    centres = np.array([[10, 22], [21, 22], [8, 8], [33, 8], [33, 22], [21, 7], [20, 13]]) * 1.0
    return grown(
        centres, rows * np.array([0.2, 0.2, 0.15, 0.15, 0.2, 0.05, 0.05]), rng, [1.7, 1.7, 1.6, 1.6, 1.9, 0.9, 0.9]
    )


def hepta(rng: np.random.Generator, rows: int) -> np.ndarray:
    """A group in the middle and one on each half axis."""
    return grown(4 * np.concatenate([np.zeros((1, 3)), np.eye(3), -np.eye(3)]), np.full(7, rows // 7), rng, 0.55)


def tetra(rng: np.random.Generator, rows: int) -> np.ndarray:
    """Four balls that nearly touch."""
    corners = np.array([[1, 1, 1], [1, -1, -1], [-1, 1, -1], [-1, -1, 1]]) * 1.0
    inside = rng.standard_normal((rows // 4 * 4, 3))
    inside *= (rng.random((len(inside), 1)) ** (1 / 3)) / np.linalg.norm(inside, axis=1, keepdims=True)
    return np.repeat(corners, rows // 4, axis=0) + 1.25 * inside


def diamonds(rng: np.random.Generator, rows: int) -> np.ndarray:
    """Two squares that touch at a corner."""
    points = rng.uniform(-1, 1, (rows, 2)) @ np.array([[1, 1], [-1, 1]]) / 2
    return points + np.column_stack([np.where(np.arange(rows) % 2, 1.05, -1.05), np.zeros(rows)])


def wingnut(rng: np.random.Generator, rows: int) -> np.ndarray:
    """Two sheets, each denser towards its outer corner."""
    points = np.column_stack([1 - rng.beta(1, 1.5, rows), rng.beta(1, 1.4, rows) * 2.5])
    points[:, 0] = 1 - points[:, 0] + 0.3
    return points * np.where(np.arange(rows) % 2, 1, -1)[:, None] + [0, 0]


def lsun(rng: np.random.Generator, rows: int) -> np.ndarray:
    """Two bars and a ball."""
    third = rows // 4
    return np.concatenate(
        [
            rng.uniform([0, 0], [4, 0.8], (third, 2)),
            rng.uniform([0, 1.6], [0.8, 5], (third, 2)),
            rng.normal([3.2, 3.6], 0.4, (rows - 2 * third, 2)),
        ]
    )


def flowers(rng: np.random.Generator, rows: int) -> np.ndarray:
    """Three species: one apart, two that overlap."""
    found = load_iris().data
    return found[rng.choice(len(found), min(rows, len(found)), replace=False)]


def wines(rng: np.random.Generator, rows: int) -> np.ndarray:
    """Three cultivars, thirteen chemical features."""
    found = load_wine().data
    return found[rng.choice(len(found), min(rows, len(found)), replace=False)]


def tumours(rng: np.random.Generator, rows: int) -> np.ndarray:
    """Benign and malign, thirty features."""
    found = load_breast_cancer().data
    return found[rng.choice(len(found), min(rows, len(found)), replace=False)]


REAL: Final = {"iris", "wine", "tumours"}  # the same for every seed
TUNING: Final[dict[str, tuple[Draw, int]]] = {
    "15 groups, well apart": (blobs(15, 2, 7), 15),
    "15 groups, overlapping": (blobs(15, 2, 4.5), 15),
    "20 groups": (blobs(20, 2, 5.5), 20),
    "3 groups, 4 features": (blobs(3, 4, 5), 3),
    "5 groups, 4 features": (blobs(5, 4, 5, uneven=True), 5),
    "8 groups, 4 features": (blobs(8, 4, 6), 8),
    "circles of groups": (circles_of_groups, 15),
    "unbalanced": (unbalanced, 8),
    "aggregated": (aggregated, 7),
    "hepta": (hepta, 7),
    "diamonds": (diamonds, 2),
    "lsun": (lsun, 3),
    "pair, 8 features": (partial(pair, 8, 4.4), 2),
    "pair, 32 features": (partial(pair, 32, 4.4), 2),
    "pair, 2 features": (partial(pair, 2, 3.6), 2),
    "stretched, 2 features": (stretched(4, 2, 6), 4),
    "iris": (flowers, 3),
    "wine": (wines, 3),
}
HELD_OUT: Final[dict[str, tuple[Draw, int]]] = {
    "15 groups, touching": (blobs(15, 2, 5.2), 15),
    "12 groups": (blobs(12, 2, 6, uneven=True), 12),
    "25 groups": (blobs(25, 2, 6), 25),
    "2 groups, 3 features": (blobs(2, 3, 4.2), 2),
    "4 groups, 6 features": (blobs(4, 6, 4.5, uneven=True), 4),
    "6 groups, 3 features": (blobs(6, 3, 5), 6),
    "16 groups, 32 features": (partial(high_dimensional, 32), 16),
    "9 groups, 9 features": (blobs(9, 9, 6, uneven=True), 9),
    "tetra": (tetra, 4),
    "wingnut": (wingnut, 2),
    "pair, 4 features": (partial(pair, 4, 4.0), 2),
    "pair, 16 features": (partial(pair, 16, 4.4), 2),
    "pair, 64 features": (partial(pair, 64, 5.0), 2),
    "stretched, 3 features": (stretched(5, 3, 6), 5),
    "stretched, 5 features": (stretched(3, 5, 5.5), 3),
    "tumours": (tumours, 2),
}
