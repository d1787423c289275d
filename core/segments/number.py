"""The final centres and labels: rounded to what a model keeps, numbered by wealth, each customer at the nearest."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd

from core.schema import WEALTH_MEASURES
from core.segments.binned_sums import Grain, totals, value
from core.segments.features import FeatureMatrix
from core.segments.fit import Fit, grains_for
from core.segments.nearest import nearest
from core.segments.rows import Tally

# Decimals of a centre: enough to assign every customer alike, few enough to be the same on every processor.
DIGITS = 9
ROUNDS = 5  # numbering moves customers who are as near to two centres, and they may change the numbering


def number(customers: pd.DataFrame, matrix: FeatureMatrix, fitted: Fit) -> Fit:
    """Round a fit's centres, number them by wealth, and assign each customer to the nearest.

    So a saved model gives the same labels as the fit it was saved from.
    """
    wealth, grains = clustered_wealth(customers, matrix)
    centres = numbered(fitted.centres, lambda at: tallied(matrix.values, wealth, at, grains), grains)
    return replace(fitted, centres=centres, labels=nearest(matrix.values, centres)[0])


def clustered_wealth(customers: pd.DataFrame, matrix: FeatureMatrix) -> tuple[np.ndarray, tuple[Grain, ...]]:
    """The wealth of the customers in the matrix, and the grain to sum it in."""
    wealth = wealth_of(customers, wealth_measure(customers))[matrix.complete]
    return wealth, grains_for(np.array([np.nanmax(np.abs(wealth), initial=0.0)]), len(wealth))


def numbered(centres: np.ndarray, tally: Callable[[np.ndarray], Tally], grains: tuple[Grain, ...]) -> np.ndarray:
    """The centres rounded, by falling wealth, without those nobody is nearest to; `tally` asks all rows (`tallied`)."""
    centres = np.round(centres, DIGITS) + 0.0  # + 0: no negative zero
    for _ in range(ROUNDS):
        told = tally(centres)
        occupied = told["sizes"] > 0  # rounding can make two centres one
        order = by_wealth(centres, told, grains)
        settled = occupied.all() and np.array_equal(order, np.arange(len(order)))
        if settled:
            break
        centres = centres[order[occupied[order]]]
    return centres


def wealth_measure(customers: pd.DataFrame) -> str | None:
    """The first wealth measure of which the data has a value."""
    return next((name for name in WEALTH_MEASURES if name in customers and customers[name].notna().any()), None)


def wealth_of(customers: pd.DataFrame, measure: str | None) -> np.ndarray:
    """The wealth measure of each customer; missing where the data has none."""
    if measure is None:
        return np.full(len(customers), np.nan)
    values = customers[measure].to_numpy("float64", na_value=np.nan)
    return np.where(np.isfinite(values), values, np.nan)


def tallied(points: np.ndarray, wealth: np.ndarray, centres: np.ndarray, grains: tuple[Grain, ...]) -> Tally:
    """What `wealth_sums` gives by the centre nearest to each point."""
    return wealth_sums(wealth, nearest(points, centres)[0], len(centres), grains)


def wealth_sums(wealth: np.ndarray, labels: np.ndarray, k: int, grains: tuple[Grain, ...]) -> Tally:
    """By label the wealth of the customers (`binned_sums.totals`), how many have one, and how many there are."""
    known = ~np.isnan(wealth)
    return {
        "sums": totals(np.where(known, wealth, 0.0)[:, None], grains, labels, k=k),
        "known": np.bincount(labels[known], minlength=k),
        "sizes": np.bincount(labels, minlength=k),
    }


def by_wealth(centres: np.ndarray, told: Tally, grains: tuple[Grain, ...]) -> np.ndarray:
    """Clusters by descending mean of the wealth measure, their first feature where there is none; ties by size."""
    known = told["known"]
    means = value(told["sums"], grains)[:, 0] / np.maximum(known, 1)
    if not known.any() and len(centres):
        means = centres[:, 0]
    return np.lexsort((*centres.T, -told["sizes"], -np.round(means, 9)))
