"""What a cluster is: its number by wealth, its size, its means, and a short name made from what sets it apart."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from core.schema import NOT_CLUSTERED, WEALTH_MEASURES, Column
from core.segments.features import FeatureMatrix
from core.segments.fit import Fit

# A mean this many standard deviations from everybody's is worth a word; Cohen calls 0.2 small, 0.5 medium.
NOTABLE = 0.4
TRAITS = 2


@dataclass(frozen=True)
class Segments:
    """The segments of all customers.

    `labels` is one of "1" … "k" or "Not clustered" per customer; "1" is the wealthiest. `names`
    maps each label that occurs to its name. `profile` has one row per segment: customers, the mean
    of each feature, and `<feature>_z`, how many standard deviations that mean is from everybody's.
    `centres` are in standardised units, in the order of the labels. `numbered_by` is the wealth
    measure whose mean falls from "1" on; empty where the data has none.
    """

    labels: pd.Categorical
    names: dict[str, str]
    profile: pd.DataFrame
    features: tuple[str, ...]
    centres: np.ndarray
    mean: np.ndarray
    scale: np.ndarray
    inertia: float
    not_clustered: int
    missing: dict[str, int]
    numbered_by: str

    @property
    def k(self) -> int:
        """Number of segments, without the customers who are not clustered."""
        return len(self.centres)

    def how_numbered(self, columns: Sequence[Column]) -> str:
        """What the numbers of the segments mean, as a sentence."""
        measure = next((column.label.lower() for column in columns if column.name == self.numbered_by), "")
        if not self.k:
            return ""
        if not measure:
            return "Segments are numbered by their first feature: the data has no measure of wealth."
        return f"Segment 1 is the wealthiest: the numbers follow the average {measure}."

    def why_not_clustered(self, columns: Sequence[Column]) -> str:
        """Who is not clustered and why, as a sentence; empty if everybody is."""
        if not self.not_clustered:
            return ""
        if not self.features:
            return "No feature to cluster by: the file has no numeric column that varies, or none is picked."
        titles = {column.name: column.label.lower() for column in columns}
        lacking = (f"{count:,} lack {titles[name]}" for name, count in self.missing.items() if count)
        several = " (some lack several)" if sum(self.missing.values()) > self.not_clustered else ""
        whole = f"{self.not_clustered:,} of {len(self.labels):,} customers are not clustered"
        return f"{whole}: {', '.join(lacking)}{several}."


def describe(customers: pd.DataFrame, columns: Sequence[Column], matrix: FeatureMatrix, fitted: Fit) -> Segments:
    """Number, size and name the clusters of a fit."""
    k = len(fitted.centres)
    order = _by_wealth(customers, matrix, fitted)
    new_number = np.empty(k, "int64")
    new_number[order] = np.arange(k)
    codes = np.full(len(matrix.complete), k)
    codes[matrix.complete] = new_number[fitted.labels]
    numbers = [str(number) for number in range(1, k + 1)]
    labels = pd.Categorical.from_codes(codes, [*numbers, NOT_CLUSTERED], ordered=True)
    sizes = np.bincount(codes, minlength=k + 1)
    centres = fitted.centres[order]
    names = dict(zip(numbers, _names(centres, matrix.names, columns), strict=True))
    if sizes[k]:
        names[NOT_CLUSTERED] = NOT_CLUSTERED
    profile = pd.DataFrame(
        {"cluster": numbers, "name": [names[number] for number in numbers], "customers": sizes[:k]}
        | {name: centres[:, i] * matrix.scale[i] + matrix.mean[i] for i, name in enumerate(matrix.names)}
        | {f"{name}_z": centres[:, i] for i, name in enumerate(matrix.names)}
    )
    return Segments(
        labels,
        names,
        profile,
        matrix.names,
        centres,
        matrix.mean,
        matrix.scale,
        fitted.inertia,
        int(sizes[k]),
        matrix.missing,
        wealth_measure(customers) or "",
    )


def wealth_measure(customers: pd.DataFrame) -> str | None:
    """The first wealth measure of which the data has a value."""
    return next((name for name in WEALTH_MEASURES if name in customers and customers[name].notna().any()), None)


def _by_wealth(customers: pd.DataFrame, matrix: FeatureMatrix, fitted: Fit) -> np.ndarray:
    """Clusters by descending mean of the first wealth measure the file has; ties by size, then centre."""
    k = len(fitted.centres)
    sizes = np.bincount(fitted.labels, minlength=k)
    measure = wealth_measure(customers)
    if measure is None:
        wealth = fitted.centres[:, 0] if k else np.empty(0)
    else:
        values = customers[measure].to_numpy("float64")[matrix.complete]
        known = ~np.isnan(values)
        totals = np.bincount(fitted.labels[known], values[known], minlength=k)
        wealth = totals / np.maximum(np.bincount(fitted.labels[known], minlength=k), 1)
    return np.lexsort((*fitted.centres.T, -sizes, -np.round(wealth, 9)))


def _names(centres: np.ndarray, features: Sequence[str], columns: Sequence[Column]) -> list[str]:
    """The notable differences, largest first (`Older · high valuation`); one more where two names agree."""
    words = {column.name: _words(column) for column in columns}
    rows = [_traits(centre, features, words) for centre in centres]
    names = [_join(traits, TRAITS) for traits in rows]
    names = [_join(row, TRAITS + 1) if names.count(name) > 1 else name for row, name in zip(rows, names, strict=True)]
    return [f"{name} ({i + 1})" if names.count(name) > 1 else name for i, name in enumerate(names)]


def _words(column: Column) -> tuple[str, str]:
    return (column.less or f"low {column.label}", column.more or f"high {column.label}")


def _traits(centre: np.ndarray, features: Sequence[str], words: dict[str, tuple[str, str]]) -> list[tuple[float, str]]:
    strongest_first = np.argsort(-np.abs(centre), kind="stable")
    return [(abs(centre[i]), words[features[i]][int(centre[i] > 0)]) for i in strongest_first]


def _join(traits: list[tuple[float, str]], most: int) -> str:
    notable = [word for size, word in traits if size >= NOTABLE or most > TRAITS][:most]
    text = " · ".join(notable)
    return text[:1].upper() + text[1:] if text else "Close to the average"
