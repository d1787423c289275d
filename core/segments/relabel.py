"""Segments numbered by wealth: “1” is the wealthiest, whatever the method called it."""

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from core.schema import Column
from core.segments.binned_sums import Grain, grains_for, totals, value
from core.segments.clusterer import Clustering
from core.segments.features import FeatureMatrix
from core.segments.rows import PartialSums
from core.wealth import wealth_columns

ROUNDS = 5  # numbering moves customers who are as near to two segments, and they may change the numbering


def relabelled(customers: pd.DataFrame, matrix: FeatureMatrix, clustering: Clustering, measure: str) -> Clustering:
    """The clustering with its segments numbered by a measure of wealth, and without those that nobody is in."""
    wealth = wealth_of(customers, measure)[matrix.complete]
    grains = grains_for(np.array([np.nanmax(np.abs(wealth), initial=0.0)]), len(wealth))
    if (same := matrix.repeated) is None:
        return numbered(clustering, lambda one: wealth_sums(one, matrix.points, wealth, grains), grains)
    by_point = _wealth_in(same.at, len(same.points), wealth, grains)
    return numbered(clustering, lambda one: _added(by_point, one.assign(same.points), len(one.means)), grains)


def numbered(
    clustering: Clustering, partial_sums: Callable[[Clustering], PartialSums], grains: tuple[Grain, ...]
) -> Clustering:  # fmt: skip
    """The same as `relabelled`; `partial_sums` asks all rows for the `wealth_sums` of a clustering."""
    for _ in range(ROUNDS if len(clustering.means) else 0):
        sums = partial_sums(clustering)
        occupied = sums["sizes"] > 0  # rounding can make two centres one
        order = by_wealth(clustering.means, sums, grains)
        settled = occupied.all() and np.array_equal(order, np.arange(len(order)))
        if settled:
            break
        clustering = clustering.reordered(order[occupied[order]])
    return clustering


def wealth_measure(customers: pd.DataFrame, columns: Sequence[Column]) -> str:
    """The best wealth measure of which the data has a value; empty without any."""
    names = (column.name for column in wealth_columns(columns))
    return next((name for name in names if name in customers and customers[name].notna().any()), "")


def wealth_of(customers: pd.DataFrame, measure: str) -> np.ndarray:
    """The wealth measure of each customer; missing where the data has none."""
    if measure not in customers:
        return np.full(len(customers), np.nan)
    values = customers[measure].to_numpy("float64", na_value=np.nan)
    return np.where(np.isfinite(values), values, np.nan)


def wealth_sums(
    clustering: Clustering, points: np.ndarray, wealth: np.ndarray, grains: tuple[Grain, ...]
) -> PartialSums:  # fmt: skip
    """By segment the wealth of the customers (`binned_sums.totals`), how many have one, and how many there are."""
    return _wealth_in(clustering.assign(points), len(clustering.means), wealth, grains)


def _wealth_in(labels: np.ndarray, k: int, wealth: np.ndarray, grains: tuple[Grain, ...]) -> PartialSums:
    """The same by the `labels` of the customers, from 0 to k - 1."""
    known = ~np.isnan(wealth)
    return {
        "sums": totals(np.where(known, wealth, 0.0)[:, None], grains, labels, k=k),
        "known": np.bincount(labels[known], minlength=k),
        "sizes": np.bincount(labels, minlength=k),
    }


def _added(by_point: PartialSums, labels: np.ndarray, k: int) -> PartialSums:
    """The same from sums by point, by the `labels` of the points."""
    sums = [np.bincount(labels, part[:, 0], minlength=k)[:, None] for part in by_point["sums"]]
    counts = {name: np.bincount(labels, by_point[name], minlength=k) for name in ("known", "sizes")}
    return {"sums": np.stack(sums), **counts}


def by_wealth(means: np.ndarray, sums: PartialSums, grains: tuple[Grain, ...]) -> np.ndarray:
    """Segments by falling mean of the wealth measure, their first feature where there is none; ties by size."""
    known = sums["known"]
    wealth = value(sums["sums"], grains)[:, 0] / np.maximum(known, 1)
    if not known.any() and means.size:
        wealth = means[:, 0]
    return np.lexsort((*means.T, -sums["sizes"], -np.round(wealth, 9)))
