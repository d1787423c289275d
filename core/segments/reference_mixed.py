"""Structureless numbers and categories: each feature keeps its distribution, and any two keep how they go together.

The levels of a category are put in the order in which they lie along the main direction of all features (the first axis
of a factor analysis of mixed data: Pagès 2004). Then they are drawn as numbers are, by a Gaussian copula (`reference`),
as parts of a continuum. Independent categories would be too easy to beat: schooling, job and income go together even
where nobody belongs to a group.
"""

import numpy as np

from core.segments.onehot import OneHot
from core.segments.reference import rank_correlation, root_of, structureless

STEPS = 4  # in which the correlations of what is drawn come to those of the data: ties weaken them
FAINT = 0.02  # a correlation that is not corrected: of a thousand customers it is chance


def structureless_places(places: np.ndarray, space: OneHot, draws: int, seed: int) -> tuple[np.ndarray, ...]:
    """Draw reference data of places: arrays of their shape, in which every level is as frequent."""
    numbers, points = space.layout.numbers, _ordered(places, space)
    root = _latent_root(points, numbers, seed)
    marginals = [structureless(points[:, [i]], draws, seed + i) for i in range(numbers)]
    rng = np.random.default_rng(seed)
    found = []
    for draw in range(draws):
        normal = rng.standard_normal(points.shape) @ root.T
        drawn = _like(normal, points, numbers)
        for i, arrays in enumerate(marginals):
            drawn[:, i] = np.sort(arrays[draw][:, 0])[_ranks(normal[:, i])]
        for i in range(numbers, points.shape[1]):
            drawn[rng.permutation(points[:, i] < 0), i] = -1
        found.append(space.places(_coded(drawn, places, space)))
    return tuple(found)


def _ordered(places: np.ndarray, space: OneHot) -> np.ndarray:
    """The points with the levels of each category numbered in their `_order`."""
    points = space.coded(places)
    for i, order in enumerate(_orders(places, space), space.layout.numbers):
        code = points[:, i].astype("int64")
        points[:, i] = np.where(code < 0, -1, np.argsort(order)[code])
    return points


def _coded(points: np.ndarray, places: np.ndarray, space: OneHot) -> np.ndarray:
    """The points with the levels numbered as they were."""
    for i, order in enumerate(_orders(places, space), space.layout.numbers):
        code = points[:, i].astype("int64")
        points[:, i] = np.where(code < 0, -1, order[code])
    return points


def _orders(places: np.ndarray, space: OneHot) -> list[np.ndarray]:
    """By category its levels as they lie along the main direction of the places."""
    _, vectors = np.linalg.eigh(np.cov(places, rowvar=False, bias=True).reshape(places.shape[1], -1))
    main = vectors[:, -1] * np.sign(vectors[np.abs(vectors[:, -1]).argmax(), -1])
    at = places @ main
    coded = space.coded(places)[:, space.layout.numbers :]
    orders = []
    for code, size in zip(coded.T, space.layout.levels, strict=True):
        known = code >= 0
        counts = np.bincount(code[known].astype("int64"), minlength=size)
        means = np.bincount(code[known].astype("int64"), at[known], minlength=size) / np.maximum(counts, 1)
        orders.append(np.argsort(np.round(means, 9), kind="stable"))
    return orders


def _latent_root(points: np.ndarray, numbers: int, seed: int) -> np.ndarray:
    """A root of the correlations that normal numbers must have for what is drawn of them to go together as the data."""
    wanted = rank_correlation(points)
    latent = wanted
    normal = np.random.default_rng(seed).standard_normal(points.shape)
    for _ in range(STEPS if points.shape[1] > numbers else 0):
        drawn = rank_correlation(_like(normal @ _root(latent).T, points, numbers))
        weakened = np.where(np.abs(drawn) > FAINT, wanted / np.where(drawn == 0, 1, drawn), 1.0)
        latent = np.clip(latent * np.clip(weakened, 0.5, 2.0), -0.99, 0.99)
        np.fill_diagonal(latent, 1.0)
    return _root(latent)


def _like(normal: np.ndarray, points: np.ndarray, numbers: int) -> np.ndarray:
    """Points whose features have the values of `points`, in the order of normal numbers; unknown levels stay out."""
    drawn = np.empty_like(points)
    for i, (column, values) in enumerate(zip(normal.T, points.T, strict=True)):
        known = np.sort(values if i < numbers or (values < 0).all() else values[values >= 0])
        drawn[:, i] = known[(_ranks(column) * len(known)) // len(column)]
    return drawn


def _ranks(column: np.ndarray) -> np.ndarray:
    found: np.ndarray = np.argsort(np.argsort(column, kind="stable"), kind="stable")
    return found


def _root(correlation: np.ndarray) -> np.ndarray:
    """Scaled to rows of length 1: what has been corrected feature by feature need not be a correlation matrix."""
    root = root_of(correlation)
    norms = np.sqrt((root**2).sum(axis=1, keepdims=True))
    found: np.ndarray = root / np.where(norms > 0, norms, 1)
    return found
