"""Mixtures like customers: some features have groups, in others customers merely differ."""

import numpy as np

from tests.bench.structure.shapes import spread_out


def mixture(rng: np.random.Generator, rows: int) -> tuple[np.ndarray, int]:
    """Customers in 2 to 6 groups of 3 to 60 %, in 4 to 8 features; and how many groups.

    Neighbouring groups are 2.5 to 6 of their standard deviations apart in one to all of the features. The others are
    correlated by one factor. Each becomes an age, an amount, a count or a band.
    """
    features = int(rng.integers(4, 9))
    grouped = int(rng.integers(1, features + 1))
    k = int(rng.integers(2, 4 if grouped == 1 else 7))
    weights = _weights(rng, k)
    apart = rng.uniform(2.5, 6)
    points = rng.standard_normal((rows, features)) * 0.8 + rng.uniform(0, 0.8) * rng.standard_normal((rows, 1))
    points /= points.std(axis=0)
    centres = _chain(rng, k, apart) if grouped == 1 else spread_out(rng, k, grouped, apart)
    groups = rng.choice(k, rows, p=weights)
    points[:, :grouped] = centres[groups] + rng.standard_normal((rows, grouped))
    return np.column_stack([_customers(rng, column, grouped=i < grouped) for i, column in enumerate(points.T)]), k


def _weights(rng: np.random.Generator, k: int) -> np.ndarray:
    while True:
        weights = rng.dirichlet(np.full(k, 2.0))
        if weights.min() >= 0.03 and weights.max() <= max(0.6, 1.2 / k):
            return weights
        if k == 2 and weights.min() >= 0.03:  # else the smaller of two had 40 %
            return weights


def _chain(rng: np.random.Generator, k: int, apart: float) -> np.ndarray:
    return np.cumsum(rng.uniform(1, 1.5, k))[:, None] * apart


def _customers(rng: np.random.Generator, column: np.ndarray, *, grouped: bool) -> np.ndarray:
    """Standard units → an age, an amount, a count or a band."""
    z = column - column.mean()
    kind = rng.integers(4)
    if kind == 0:
        return np.round(45 + 10 * z / max(1.0, z.std() / 1.5))
    if kind == 1:  # an amount: skewed where it has no groups, little where it has
        return np.exp(10 + (0.15 if grouped else 0.5) * z)
    if kind == 2:
        return np.round(20 + 5 * z)
    return np.clip(np.round(6 + 2 * z), -10, 30) if grouped else np.clip(np.round(6 + 2.2 * z), 1, 12)
