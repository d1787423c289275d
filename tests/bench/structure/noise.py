"""Data without groups that k-means could sell: `EASY` and `HARDER`, by name."""

from collections.abc import Callable
from typing import Final

import numpy as np

Draw = Callable[[np.random.Generator, int], np.ndarray]


def uniform(features: int) -> Draw:
    """A uniform box."""
    return lambda rng, rows: rng.uniform(size=(rows, features))


def gaussian(features: int) -> Draw:
    """One Gaussian with correlated features."""
    return lambda rng, rows: rng.standard_normal((rows, features)) @ rng.standard_normal((features, features))


def independent(rng: np.random.Generator, rows: int) -> np.ndarray:
    """Independent features as customers have them: ages, a skewed amount, counts, a band."""
    return np.column_stack(
        [rng.normal(45, 15, rows), rng.lognormal(10, 1, rows), rng.poisson(4, rows), rng.integers(1, 13, rows)]
    )


def skewed(rng: np.random.Generator, rows: int) -> np.ndarray:
    """Independent skewed amounts."""
    return rng.lognormal(0, rng.uniform(0.4, 1.2, 4), (rows, 4))


def gammas(rng: np.random.Generator, rows: int) -> np.ndarray:
    """Skewed amounts that rise together."""
    return rng.gamma(2, size=(rows, 1)) + rng.gamma(rng.uniform(0.8, 4, 5), size=(rows, 5))


def counts(rng: np.random.Generator, rows: int) -> np.ndarray:
    """Counts of customers who differ in how much they do."""
    return rng.poisson(rng.gamma(2, 1.5, (rows, 1)) * rng.uniform(0.5, 2, 4)).astype(float)


def student(rng: np.random.Generator, rows: int) -> np.ndarray:
    """Student's t with three degrees of freedom."""
    return rng.standard_t(3, (rows, 4))


def elliptic_student(rng: np.random.Generator, rows: int) -> np.ndarray:
    """One multivariate t with three degrees of freedom and correlated features."""
    return gaussian(3)(rng, rows) / np.sqrt(rng.chisquare(3, (rows, 1)) / 3)


def banana(rng: np.random.Generator, rows: int) -> np.ndarray:
    """A bent Gaussian."""
    x = rng.normal(0, 1, rows)
    return np.column_stack([x, rng.uniform(0.5, 1.5) * x**2 + rng.normal(0, 0.6, rows)])


def sphere(rng: np.random.Generator, rows: int) -> np.ndarray:
    """The surface of a ball."""
    points = rng.standard_normal((rows, 3))
    return points / np.linalg.norm(points, axis=1, keepdims=True)


def hump(rng: np.random.Generator, rows: int) -> np.ndarray:
    """Income that peaks in mid-life, and something else."""
    age = rng.uniform(20, 80, rows)
    return np.column_stack([age, -((age - 50) ** 2) + rng.normal(0, rng.uniform(60, 250), rows), rng.normal(size=rows)])


def heaped(rng: np.random.Generator, rows: int) -> np.ndarray:
    """Ages that many round to tens, and an amount rounded to thousands."""
    age = rng.normal(45, 15, rows)
    age = np.where(rng.random(rows) < 0.6, np.round(age, -1), np.round(age))
    amount = rng.lognormal(10, 0.5, rows)
    return np.column_stack([age, np.where(rng.random(rows) < 0.5, np.round(amount, -4), amount), rng.poisson(5, rows)])


def factors(rng: np.random.Generator, rows: int) -> np.ndarray:
    """Eight features that two hidden factors drive."""
    return rng.standard_normal((rows, 2)) @ rng.normal(0, 1, (2, 8)) + rng.normal(0, 0.6, (rows, 8))


def skewed_factors(rng: np.random.Generator, rows: int) -> np.ndarray:
    """Six amounts that two skewed hidden factors drive."""
    return rng.exponential(size=(rows, 2)) @ rng.uniform(0, 1, (2, 6)) + rng.gamma(2, 0.3, (rows, 6))


def ring(rng: np.random.Generator, rows: int) -> np.ndarray:
    """A ring."""
    turn = rng.uniform(0, 2 * np.pi, rows)
    return np.column_stack([np.cos(turn), np.sin(turn)]) + rng.normal(0, rng.uniform(0.05, 0.2), (rows, 2))


def rings(rng: np.random.Generator, rows: int) -> np.ndarray:
    """A ring around another."""
    return ring(rng, rows) * rng.choice([1, 2.5], (rows, 1))


def smile(rng: np.random.Generator, rows: int) -> np.ndarray:
    """An arc."""
    turn = rng.uniform(np.pi, 2 * np.pi, rows)
    return np.column_stack([np.cos(turn), np.sin(turn)]) + rng.normal(0, 0.1, (rows, 2))


def atom(rng: np.random.Generator, rows: int) -> np.ndarray:
    """A dense core inside a hull."""
    core = rng.standard_normal((rows // 2, 3))
    return np.concatenate([core * 2, 40 * sphere(rng, rows - rows // 2)])


def chainlink(rng: np.random.Generator, rows: int) -> np.ndarray:
    """Two rings in each other, as links of a chain."""
    one, other = ring(rng, rows // 2), ring(rng, rows - rows // 2)
    flat = np.column_stack([one, np.zeros(len(one))])
    return np.concatenate([flat, np.column_stack([other[:, 0] + 1, np.zeros(len(other)), other[:, 1]])])


def spiral(rng: np.random.Generator, rows: int) -> np.ndarray:
    """A rolled sheet."""
    turn = 1.5 * np.pi * (1 + 2 * rng.random(rows))
    return np.column_stack([turn * np.cos(turn), 21 * rng.random(rows), turn * np.sin(turn)])


def balances(rng: np.random.Generator, rows: int) -> np.ndarray:
    """Balances that many have not, and independent features."""
    share = rng.uniform(0.2, 0.6)
    held = np.where(rng.random(rows) < share, 0, rng.lognormal(9, 0.7, rows))
    return np.column_stack([held, rng.normal(45, 15, rows).round(), rng.poisson(3, rows), rng.lognormal(10, 0.5, rows)])


def two_balances(rng: np.random.Generator, rows: int) -> np.ndarray:
    """Two balances by their logarithm that many have not, often both."""
    ability = rng.standard_normal((rows, 1))
    held = 0.6 * ability + 0.8 * rng.standard_normal((rows, 2)) > rng.uniform(-0.5, 0.8, 2)
    return np.column_stack([np.where(held, rng.normal(9, 1, (rows, 2)), 0), rng.normal(45, 15, rows)])


EASY: Final[dict[str, Draw]] = {
    "uniform, 2 features": uniform(2),
    "uniform, 4 features": uniform(4),
    "uniform, 10 features": uniform(10),
    "one Gaussian, 2 features": gaussian(2),
    "one Gaussian, 4 features": gaussian(4),
    "one Gaussian, 16 features": gaussian(16),
    "independent customers": independent,
    "skewed, independent": skewed,
    "skewed, correlated": gammas,
    "counts": counts,
}
HARDER: Final[dict[str, Draw]] = {
    "t, 3 degrees": student,
    "elliptic t, 3 degrees": elliptic_student,
    "banana": banana,
    "sphere": sphere,
    "hump": hump,
    "heaped ages": heaped,
    "factors": factors,
    "skewed factors": skewed_factors,
    "ring": ring,
    "rings": rings,
    "smile": smile,
    "atom": atom,
    "chainlink": chainlink,
    "spiral": spiral,
    "balances, many at zero": balances,
    "two balances": two_balances,
}
