"""What a cluster is: its number by wealth, its size, its means, and a short name made from what sets it apart."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from core.schema import NOT_CLUSTERED, OUTLIERS, Column
from core.segments.features import Feature, FeatureMatrix
from core.segments.fit import Fit
from core.segments.number import by_wealth, wealth_measure
from core.segments.scale import OUTLYING

# A mean this many standard deviations from everybody's is worth a word; Cohen calls 0.2 small, 0.5 medium.
NOTABLE = 0.4
SLIGHT = 0.2  # enough to tell two segments apart that else have one name
TRAITS = 2
EXACT = 9  # decimals, in standard deviations, that the order of the rows leaves alone


@dataclass(frozen=True)
class Segments:
    """The segments of all customers.

    `labels` is one of "1" … "k", "Outliers" or "Not clustered" per customer; "1" is the wealthiest.
    `names` maps each label that occurs to its name. `profile` has one row per segment: customers, the
    mean of each feature, and `<feature>_z`, how many standard deviations its centre is from
    everybody's. `centres` are in standardised units, in the order of the labels; `mean` is that of
    each feature among all who are clustered, `scale` its standard deviation when the segments were
    made, `details` what a model keeps of it.
    `numbered_by` is the wealth measure whose mean falls from "1" on; empty where the data has none.
    `outliers` is None where they are not told apart.
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
    details: tuple[Feature, ...] = ()
    outliers: int | None = None

    @property
    def k(self) -> int:
        """Number of segments, without the customers who are not clustered."""
        return len(self.centres)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of who is in which segment."""
        members = self.labels.codes.tobytes()
        return hashlib.sha256(f"{self.labels.categories.tolist()} ".encode() + members).hexdigest()

    def renamed(self, names: Mapping[str, str]) -> "Segments":
        """The same segments under the analyst's names, by label; blank ones stay as they are."""
        own = {label: (names.get(label) or "").strip() or name for label, name in self.names.items()}
        profile = self.profile.assign(name=[own[label] for label in self.profile["cluster"]])
        return replace(self, names=own, profile=profile)

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
        return " ".join(filter(None, (self.who_lacks(columns), self.who_is_unusual())))

    def who_is_unusual(self) -> str:
        """Who is an outlier and why, as a sentence; empty where nobody is."""
        if not self.outliers:
            return ""
        are = "customer is an outlier" if self.outliers == 1 else "customers are outliers"
        return (
            f"{self.outliers:,} {are}: a feature lies more than {OUTLYING} robust standard deviations from the median "
            "(Iglewicz and Hoaglin 1993)."
        )

    def who_lacks(self, columns: Sequence[Column]) -> str:
        """Who lacks which feature, as a sentence; empty if nobody does."""
        if not self.not_clustered:
            return ""
        if not self.features:
            return "No feature to cluster by: the file has no numeric column that varies, or none is picked."
        titles = {column.name: column.label.lower() for column in columns}
        lacking = (f"{n:,} {'lacks' if n == 1 else 'lack'} {titles[name]}" for name, n in self.missing.items() if n)
        several = " (some lack several)" if sum(self.missing.values()) > self.not_clustered else ""
        are = "is" if self.not_clustered == 1 else "are"
        whole = f"{self.not_clustered:,} of {len(self.labels):,} customers {are} not clustered"
        return f"{whole}: {', '.join(lacking)}{several}."


def describe(
    customers: pd.DataFrame,
    columns: Sequence[Column],
    matrix: FeatureMatrix,
    fitted: Fit,
    *,
    names: Mapping[str, str] | None = None,
) -> Segments:
    """Number, size and name the clusters of a fit; `names` are those of clusters numbered before."""
    k = len(fitted.centres)
    order = by_wealth(customers, matrix, fitted) if names is None else np.arange(k)
    new_number = np.empty(k, "int64")
    new_number[order] = np.arange(k)
    centres, within = fitted.centres[order], new_number[fitted.labels]
    numbers = [str(number) for number in range(1, k + 1)]
    labels, sizes = _labels(matrix, within, numbers)
    middle, spread = _middle(matrix)
    z = (centres - middle) / spread
    own = dict(zip(numbers, _names(z, matrix.names, columns), strict=True)) if names is None else dict(names)
    own = {number: own[number] for number in numbers}
    means = _means(matrix, within, k)
    everybody = _means(matrix, np.zeros_like(within), 1)
    profile = pd.DataFrame(
        {"cluster": numbers, "name": list(own.values()), "customers": sizes.loc[numbers].to_numpy("int64")}
        | {name: means[:, i] for i, name in enumerate(matrix.names)}
        | {f"{name}_z": z[:, i] for i, name in enumerate(matrix.names)}
    )
    return Segments(
        labels,
        own | {group: group for group in labels.categories[k:] if sizes[group]},
        profile,
        matrix.names,
        centres,
        everybody[0],
        np.array([feature.deviation for feature in matrix.details]),
        fitted.inertia,
        int(sizes[NOT_CLUSTERED]),
        matrix.missing,
        wealth_measure(customers) or "",
        matrix.details,
        int(sizes[OUTLIERS]) if OUTLIERS in sizes else None,
    )


def _labels(matrix: FeatureMatrix, within: np.ndarray, numbers: Sequence[str]) -> tuple[pd.Categorical, pd.Series]:
    """The label of each customer, and the size of each group, empty ones included."""
    apart = any(feature.usual is not None for feature in matrix.details)
    groups = [*numbers, *([OUTLIERS] if apart else []), NOT_CLUSTERED]
    codes = np.full(len(matrix.complete), len(groups) - 1)
    codes[matrix.outlying] = len(numbers)
    codes[matrix.complete] = within
    sizes = pd.Series(np.bincount(codes, minlength=len(groups)), index=groups)
    return pd.Categorical.from_codes(codes, groups, ordered=True), sizes


def _middle(matrix: FeatureMatrix) -> tuple[np.ndarray, np.ndarray]:
    """Everybody's mean and standard deviation in the units of the matrix: 0 and 1 but under other scalings."""
    if not len(matrix.values):
        return np.zeros(len(matrix.names)), np.ones(len(matrix.names))
    middle = np.round(matrix.values.mean(axis=0), EXACT)
    spread = np.round(matrix.values.std(axis=0), EXACT)
    return middle, np.where(spread > 0, spread, 1.0)


def _means(matrix: FeatureMatrix, within: np.ndarray, k: int) -> np.ndarray:
    """Mean of each feature by cluster; counted from the features' own, so that the order of the rows is not seen."""
    sizes = np.bincount(within, minlength=k)
    means = np.empty((k, len(matrix.details)))
    for i, feature in enumerate(matrix.details):
        apart = (matrix.whole[matrix.complete, i] - feature.mean) / feature.deviation
        total = np.bincount(within, apart, minlength=k)
        means[:, i] = feature.mean + np.round(total / np.maximum(sizes, 1), EXACT) * feature.deviation
    return means


def _names(centres: np.ndarray, features: Sequence[str], columns: Sequence[Column]) -> list[str]:
    """Up to two notable differences, largest first (`Older · high valuation`); a slight third where names agree."""
    words = {column.name: _words(column) for column in columns}
    rows = [_traits(centre, features, words) for centre in centres]
    names = [_join(traits[:TRAITS], NOTABLE) for traits in rows]
    said = [frozenset(name.casefold().split(" · ")) for name in names]
    names = [_join(row[: TRAITS + 1], SLIGHT) if said.count(one) > 1 else name
             for row, one, name in zip(rows, said, names, strict=True)]  # fmt: skip
    return [f"{name} ({i + 1})" if names.count(name) > 1 else name for i, name in enumerate(names)]


def _words(column: Column) -> tuple[str, str]:
    return (column.less or f"low {column.label}", column.more or f"high {column.label}")


def _traits(centre: np.ndarray, features: Sequence[str], words: dict[str, tuple[str, str]]) -> list[tuple[float, str]]:
    strongest_first = np.argsort(-np.abs(centre), kind="stable")
    return [(abs(centre[i]), words[features[i]][int(centre[i] > 0)]) for i in strongest_first]


def _join(traits: list[tuple[float, str]], least: float) -> str:
    text = " · ".join(word for size, word in traits if size >= least)
    return text[:1].upper() + text[1:] if text else "Close to the average"
