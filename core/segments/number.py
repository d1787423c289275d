"""The final centres and labels: rounded to what a model keeps, numbered by wealth, each customer at the nearest."""

from dataclasses import replace

import numpy as np
import pandas as pd

from core.schema import WEALTH_MEASURES
from core.segments.features import FeatureMatrix
from core.segments.fit import Fit

# Decimals of a centre: enough to assign every customer alike, few enough to be the same on every processor.
DIGITS = 9
ROUNDS = 5  # numbering moves customers who are as near to two centres, and they may change the numbering


def number(customers: pd.DataFrame, matrix: FeatureMatrix, fitted: Fit) -> Fit:
    """Round a fit's centres, number them by wealth, and assign each customer to the nearest.

    So a saved model gives the same labels as the fit it was saved from.
    """
    fitted = replace(fitted, centres=np.round(fitted.centres, DIGITS) + 0.0)  # + 0: no negative zero
    for _ in range(ROUNDS):
        occupied = np.bincount(fitted.labels, minlength=len(fitted.centres)) > 0
        order = by_wealth(customers, matrix, fitted)
        centres = fitted.centres[order[occupied[order]]]  # rounding can make two centres one
        labels, _ = nearest(matrix.values, centres)
        settled = len(centres) == len(fitted.centres) and np.array_equal(order, np.arange(len(order)))
        fitted = replace(fitted, centres=centres, labels=labels)
        if settled:
            break
    return fitted


def nearest(points: np.ndarray, centres: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The nearest centre of each point, the first of those equally near, and its squared distance.

    Squares are added feature by feature, so that a database that does the same gets the same bits.
    """
    labels = np.zeros(len(points), "int64")
    best = np.full(len(points), np.inf)
    for i, centre in enumerate(centres):
        distance = squared_distance(points, centre)
        closer = distance < best
        labels[closer], best[closer] = i, distance[closer]
    return labels, best


def squared_distance(points: np.ndarray, centre: np.ndarray) -> np.ndarray:
    """Squared Euclidean distance of each point to one centre, in standardised units."""
    total = np.zeros(len(points))
    for i, at in enumerate(centre):
        difference = points[:, i] - at
        total += difference * difference
    return total


def wealth_measure(customers: pd.DataFrame) -> str | None:
    """The first wealth measure of which the data has a value."""
    return next((name for name in WEALTH_MEASURES if name in customers and customers[name].notna().any()), None)


def by_wealth(customers: pd.DataFrame, matrix: FeatureMatrix, fitted: Fit) -> np.ndarray:
    """Clusters by descending mean of the first wealth measure the file has; ties by size, then centre."""
    k = len(fitted.centres)
    sizes = np.bincount(fitted.labels, minlength=k)
    measure = wealth_measure(customers)
    if measure is None:
        wealth = fitted.centres[:, 0] if k else np.empty(0)
    else:
        values = customers[measure].to_numpy("float64")[matrix.complete]
        known = np.isfinite(values)
        totals = np.bincount(fitted.labels[known], values[known], minlength=k)
        wealth = totals / np.maximum(np.bincount(fitted.labels[known], minlength=k), 1)
    return np.lexsort((*fitted.centres.T, -sizes, -np.round(wealth, 9)))
