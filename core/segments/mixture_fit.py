"""Latent classes found by expectation and maximisation (Dempster, Laird and Rubin 1977; McLachlan and Peel 2000).

Several starts race on a few thousand points; the best goes on with the sample, and at last all rows are asked once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from sklearn.cluster import kmeans_plusplus

from core.segments.mixture import MixtureClustering
from core.segments.onehot import Layout, OneHot

DIGITS: Final = 9  # decimals that are kept, the same on every processor
RACE_POINTS: Final = 3_000
RACE_STEPS: Final = 12  # after which the better half of the starts goes on
FINAL_STEPS: Final = 60
ENOUGH: Final = 1e-5  # rise of the mean log-likelihood from which on a step is the last
# A class is no narrower than this, in standardised units: else one round amount would be a class of its own.
LEAST_DEVIATION: Final = 0.1
PRIOR: Final = 1.0  # customers with everybody's shares that each class starts with
EVEN: Final = 0.01  # of whom so many have any level alike: no chance is zero, not of a level that a sample lacks


@dataclass(frozen=True)
class Statistics:
    """Sums over some points, each in every class as far as it belongs to it: what a step of maximisation takes.

    `sizes` (k,), `sums` and `squares` (k, numbers), `levels` (k, levels of all categories).
    """

    sizes: np.ndarray
    sums: np.ndarray
    squares: np.ndarray
    levels: np.ndarray


@dataclass(frozen=True)
class WeightedPoints:
    """Points with the customers that each stands for, as columns of one matrix: numbers, their squares, levels."""

    layout: Layout
    columns: np.ndarray
    weights: np.ndarray

    @classmethod
    def of(cls, points: np.ndarray, layout: Layout, weights: np.ndarray | None = None) -> "WeightedPoints":
        """Of coded points, equally heavy unless their weights are given."""
        numbers = points[:, : layout.numbers]
        columns = np.hstack([numbers, numbers**2, layout.indicators(points)])
        return cls(layout, columns, np.ones(len(points)) if weights is None else weights)

    def among(self, rows: np.ndarray) -> "WeightedPoints":
        """Some of them, each once for every time that it is named."""
        found, counts = np.unique(rows, return_counts=True)
        return WeightedPoints(self.layout, self.columns[found], counts.astype("float64"))

    def statistics(self, belonging: np.ndarray) -> Statistics:
        """The sums, as far as each point belongs to each class: (k, points)."""
        weighted = belonging * self.weights
        sums, numbers = weighted @ self.columns, self.layout.numbers
        return Statistics(
            weighted.sum(axis=1), sums[:, :numbers], sums[:, numbers : 2 * numbers], sums[:, 2 * numbers :]
        )

    def belonging(self, fitted: MixtureClustering) -> tuple[np.ndarray, float]:
        """The probability of each class at each point (k, points), and the mean log-likelihood but for a constant."""
        halves = 1 / (2 * fitted.deviations**2)
        slopes = np.hstack([2 * halves * fitted.means, -halves, *map(np.log, fitted.chances)])
        start = np.log(fitted.weights) - (np.log(fitted.deviations) + halves * fitted.means**2).sum(axis=1)
        found = slopes @ self.columns.T
        found += start[:, None]
        most = found.max(axis=0)
        found -= most
        np.exp(found, out=found)
        total = found.sum(axis=0)
        found /= total
        likelihood = float(self.weights @ (most + np.log(total)) / self.weights.sum())
        return found, likelihood


def best_mixture(points: WeightedPoints, k: int, *, starts: int, seed: int) -> MixtureClustering:
    """The likeliest of several fits of `k` classes."""
    rng = np.random.default_rng(seed)
    race = points
    if len(points.weights) > RACE_POINTS:
        race = points.among(rng.choice(len(points.weights), RACE_POINTS, p=points.weights / points.weights.sum()))
    onehot = OneHot.of(race.layout, race.columns, race.weights)
    everybody = onehot.shares
    places = onehot.placed(race.columns)
    fits = [stepped(race, _start(race, places, k, seed + at, everybody), RACE_STEPS, everybody) for at in range(starts)]
    fits.sort(key=lambda one: -one[1])
    if len(fits) > 1 or race is points:
        fits = [stepped(race, fit, FINAL_STEPS, everybody) for fit, _ in fits[: max(1, len(fits) // 2)]]
        fits.sort(key=lambda one: -one[1])
    return fits[0][0] if race is points else stepped(points, fits[0][0], FINAL_STEPS, everybody)[0]


def stepped(
    points: WeightedPoints, fitted: MixtureClustering, steps: int, everybody: Sequence[np.ndarray]
) -> tuple[MixtureClustering, float]:  # fmt: skip
    """The fit after some steps, fewer where it settles, and its likelihood before the last of them."""
    before = -np.inf
    for _ in range(steps):
        belonging, likelihood = points.belonging(fitted)
        fitted = maximised(points.statistics(belonging), everybody)
        if likelihood - before < ENOUGH:
            break
        before = likelihood
    return fitted, likelihood


def maximised(found: Statistics, everybody: Sequence[np.ndarray]) -> MixtureClustering:
    """The classes that some sums are likeliest of; `everybody` has the share of each level, by category."""
    sizes = np.maximum(found.sizes, np.finfo(float).tiny)[:, None]
    means = found.sums / sizes
    spread = np.maximum(found.squares / sizes - means**2, LEAST_DEVIATION**2)
    weights = (found.sizes + PRIOR) / (found.sizes.sum() + PRIOR * len(found.sizes))
    chances, end = [], 0
    for shares in everybody:
        prior = (1 - EVEN) * shares + EVEN / max(len(shares), 1)
        own = found.levels[:, end : end + len(shares)] + PRIOR * prior
        chances.append(own / own.sum(axis=1, keepdims=True))
        end += len(shares)
    return MixtureClustering(means, np.sqrt(spread), weights, tuple(chances))


def rounded(fitted: MixtureClustering) -> MixtureClustering:
    """The fit as a model keeps it."""
    least = 10.0**-DIGITS
    return MixtureClustering(
        np.round(fitted.means, DIGITS) + 0.0,  # + 0: no negative zero
        np.round(fitted.deviations, DIGITS),
        np.maximum(np.round(fitted.weights, DIGITS), least),
        tuple(np.maximum(np.round(chance, DIGITS), least) for chance in fitted.chances),
    )


def _start(
    points: WeightedPoints, places: np.ndarray, k: int, seed: int, everybody: Sequence[np.ndarray]
) -> MixtureClustering:  # fmt: skip
    """Classes around points that lie far apart (k-means++: Arthur and Vassilvitskii 2007)."""
    centres, _ = kmeans_plusplus(places, k, sample_weight=points.weights, random_state=seed % 2**32)
    distances = (centres**2).sum(axis=1) - 2 * places @ centres.T
    belonging = np.zeros((k, len(places)))
    belonging[distances.argmin(axis=1), np.arange(len(places))] = 1.0
    return maximised(points.statistics(belonging), everybody)
