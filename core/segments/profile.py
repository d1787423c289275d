"""The profile of each segment: its size, its means, and a short name made from its largest differences."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from core.figures import count
from core.schema import NOT_CLUSTERED, OUTLIERS, Column, in_sentence
from core.segments.category_features import CategoryFeature
from core.segments.category_profile import Level, category_counts, in_words, strongest_levels
from core.segments.clusterer import Clustering, squared_error
from core.segments.clusterer import digest as digest_of
from core.segments.features import Feature, FeatureMatrix
from core.segments.names import material, names_of
from core.segments.relabel import wealth_measure
from core.segments.scale import OUTLYING

EXACT = 9  # decimals, in standard deviations, that the order of the rows leaves alone


@dataclass(frozen=True)
class Segments:
    """The segments of all customers.

    `labels` is one of "1" … "k", "Outliers" or "Not clustered" per customer; "1" is the wealthiest.
    `names` maps each label that occurs to its name. `profile` has one row per segment: customers, the
    mean of each feature, and `<feature>_z`, how many standard deviations that mean was from
    everybody's when the segments were found. `clustering` gives other customers the same segments, in
    the order of the labels; `mean` is that of each feature among all who are clustered, `scale` its
    standard deviation when the segments were made, `feature_specs` what a model keeps of it.
    `numbered_by` is the wealth measure whose mean falls from "1" on; empty where the data has none.
    `outliers` is None where they are not told apart. `categories` are further features, `category_counts` has for each
    how many customers of a segment have each level: (k, levels).
    """

    labels: pd.Categorical
    names: dict[str, str]
    profile: pd.DataFrame
    features: tuple[str, ...]
    clustering: Clustering
    mean: np.ndarray
    scale: np.ndarray
    inertia: float
    not_clustered: int
    missing: dict[str, int]
    numbered_by: str
    feature_specs: tuple[Feature, ...] = ()
    outliers: int | None = None
    categories: tuple[CategoryFeature, ...] = ()
    category_counts: tuple[np.ndarray, ...] = ()

    @property
    def made_of(self) -> tuple[str, ...]:
        """The names of all features, numbers first."""
        return (*self.features, *(one.name for one in self.categories))

    def strongest_levels(self, cluster: str) -> list[Level]:
        """The level of each category in which a segment differs most from everybody who is clustered."""
        found = [*strongest_levels(self.categories, self.category_counts, self.profile["customers"])]
        return found[self.profile["cluster"].tolist().index(cluster)] if found else []

    @property
    def scalings(self) -> dict[str, str]:
        """How each feature is scaled; empty for categories."""
        return {one.name: one.scale.scaling for one in self.feature_specs} | {one.name: "" for one in self.categories}

    @property
    def k(self) -> int:
        """Number of segments, without the customers who are not clustered."""
        return len(self.clustering.means)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of who is in which segment."""
        members = self.labels.codes.tobytes()
        return hashlib.sha256(f"{self.labels.categories.tolist()} ".encode() + members).hexdigest()

    @cached_property
    def clustering_digest(self) -> str:
        """What tells the clustering from any other, whoever is in its segments."""
        return digest_of(self.clustering)

    @property
    def customers(self) -> int:
        """All customers, with a segment or without."""
        return int(self.profile["customers"].sum()) + self.not_clustered + (self.outliers or 0)

    def renamed(self, names: Mapping[str, str]) -> "Segments":
        """The same segments under the analyst's names, by label; blank ones stay as they are."""
        own = {label: (names.get(label) or "").strip() or name for label, name in self.names.items()}
        profile = self.profile.assign(name=[own[label] for label in self.profile["cluster"]])
        return replace(self, names=own, profile=profile)

    def how_numbered(self, columns: Sequence[Column]) -> str:
        """What the numbers of the segments mean, as a sentence."""
        measure = next(
            (in_sentence(column.name, column.label) for column in columns if column.name == self.numbered_by), ""
        )
        if not self.k:
            return ""
        if not measure:
            return "Segments are numbered by their first feature: the data has no measure of wealth."
        return f"Segment 1 is the wealthiest: the numbers follow the average {measure}."

    def fewer_than(self, wanted: int) -> list[str]:
        """A sentence where the customers give fewer segments than were wanted."""
        if self.k >= wanted or not self.k:
            return []
        segments = "1 segment" if self.k == 1 else f"{self.k} segments"
        return [f"{segments} at most: no more customers differ in these features."]

    def why_not_clustered(self, columns: Sequence[Column]) -> str:
        """Who is not clustered and why, as a sentence; empty if everybody is."""
        return " ".join(filter(None, (self.who_lacks(columns), self.who_is_unusual())))

    def who_is_unusual(self) -> str:
        """Who is an outlier and why, as a sentence; empty where nobody is."""
        if not self.outliers:
            return ""
        are = "customer is an outlier" if self.outliers == 1 else "customers are outliers"
        return (
            f"{count(self.outliers)} {are}: a feature lies more than {OUTLYING} robust standard deviations from the "
            "median (Iglewicz and Hoaglin 1993)."
        )

    def who_lacks(self, columns: Sequence[Column]) -> str:
        """Who lacks which feature, as a sentence; empty if nobody does."""
        if not self.not_clustered:
            return ""
        if not self.made_of:
            return "No feature to segment by: the file has no numeric column that varies, or none is picked."
        titles = {column.name: in_sentence(column.name, column.label) for column in columns}
        lacking = (
            f"{count(n)} {'lacks' if n == 1 else 'lack'} {titles[name]}" for name, n in self.missing.items() if n
        )
        several = " (some lack several)" if sum(self.missing.values()) > self.not_clustered else ""
        are = "is" if self.not_clustered == 1 else "are"
        whole = f"{count(self.not_clustered)} of {count(self.customers)} customers {are} not clustered"
        return f"{whole}: {', '.join(lacking)}{several}."


def describe(
    customers: pd.DataFrame,
    columns: Sequence[Column],
    matrix: FeatureMatrix,
    clustering: Clustering,
    within: np.ndarray,
    *,
    names: Mapping[str, str] | None = None,
    numbered_by: str | None = None,
) -> Segments:
    """Size and name the segments of a clustering in its order.

    Parameters
    ----------
    within : array (rows of the matrix,)
        The segment of each clustered customer, from 0 (`Clustering.assign`).
    names : mapping of label to name, optional
        Those of segments that were named before.
    numbered_by : str, optional
        The wealth measure whose mean falls from segment to segment; the best one unless given.
    """
    k, same = len(clustering.means), matrix.repeated
    labels = _labels(matrix, within, k)
    # Of customers at the same point, one stands for all.
    rows, many = (slice(None), None) if same is None else (same.rows, same.counts)
    values, whole = matrix.values[rows], matrix.whole[np.flatnonzero(matrix.complete)[rows]]
    counts = SegmentCounts(
        np.bincount(labels.codes, minlength=len(labels.categories)),
        *_middle(values, many),
        deviation_sums(whole, within[rows], matrix.feature_specs, k, many),
        squared_error(values, clustering.means, within[rows], many),
        category_counts(matrix.codes, within, matrix.categories, k),
    )
    return segments_of(
        columns, matrix.feature_specs, clustering, counts, labels=labels, missing=matrix.missing,
        numbered_by=wealth_measure(customers, columns) if numbered_by is None else numbered_by, names=names,
        categories=matrix.categories,
    )  # fmt: skip


@dataclass(frozen=True)
class SegmentCounts:
    """What is counted of all customers: sizes of the `groups`, mean and deviation of the standardised features, sums.

    `sums` (k, features) are by segment of each feature, counted from everybody's mean in their standard deviations.
    `inertia` is the sum of the squared distances to the means of the segments. All are rounded before they are used,
    so that neither the order nor the parts of the rows are seen. `levels` as `Segments.category_counts`.
    """

    sizes: np.ndarray
    middle: np.ndarray
    spread: np.ndarray
    sums: np.ndarray
    inertia: float
    levels: tuple[np.ndarray, ...] = ()


def segments_of(
    columns: Sequence[Column],
    feature_specs: tuple[Feature, ...],
    clustering: Clustering,
    counts: SegmentCounts,
    *,
    labels: pd.Categorical,
    missing: dict[str, int],
    numbered_by: str,
    names: Mapping[str, str] | None = None,
    categories: tuple[CategoryFeature, ...] = (),
) -> Segments:
    """The segments of a clustering, in the order of their numbers, whose customers have been counted."""
    k, features = len(clustering.means), tuple(feature.name for feature in feature_specs)
    numbers = [str(number) for number in range(1, k + 1)]
    sizes = dict(zip(groups(feature_specs, k), counts.sizes.tolist(), strict=True))
    spread = np.round(counts.spread, EXACT)
    z = (clustering.means - np.round(counts.middle, EXACT)) / np.where(spread > 0, spread, 1.0)
    levels = [*strongest_levels(categories, counts.levels, counts.sizes[:k])] or [[] for _ in numbers]
    further = [[(abs(one.effect), in_words(one, columns, categories)) for one in row] for row in levels]
    mean, deviation = (
        np.array([getattr(feature, name) for feature in feature_specs]) for name in ("mean", "deviation")
    )
    means = mean + np.round(counts.sums / np.maximum(counts.sizes[:k, None], 1), EXACT) * deviation
    whole = mean + np.round(counts.sums.sum(axis=0) / max(int(counts.sizes[:k].sum()), 1), EXACT) * deviation
    named = np.where(material(means, whole, np.array([one.yes_no for one in feature_specs], "bool")), z, 0.0)
    own = dict(zip(numbers, names_of(named, features, columns, further), strict=True)) if names is None else dict(names)
    own = {number: own[number] for number in numbers}
    profile = pd.DataFrame(
        {"cluster": numbers, "name": list(own.values()), "customers": counts.sizes[:k]}
        | {name: means[:, i] for i, name in enumerate(features)}
        | {f"{name}_z": z[:, i] for i, name in enumerate(features)}
    )
    return Segments(
        labels,
        own | {group: group for group in groups(feature_specs, k)[k:] if sizes[group]},
        profile,
        features,
        clustering,
        whole,
        deviation,
        float(f"{counts.inertia:.9g}"),  # whatever the order and the parts of the rows it was summed over
        sizes[NOT_CLUSTERED],
        missing,
        numbered_by,
        feature_specs,
        sizes.get(OUTLIERS),
        categories,
        counts.levels,
    )


def groups(feature_specs: Sequence[Feature], k: int) -> list[str]:
    """The labels that customers can have: the segments' numbers, and the groups that are no segments."""
    apart = any(feature.inlier_range is not None for feature in feature_specs)
    return [*map(str, range(1, k + 1)), *([OUTLIERS] if apart else []), NOT_CLUSTERED]


def codes_of(matrix: FeatureMatrix, within: np.ndarray, k: int) -> np.ndarray:
    """The position of each customer's label among the `groups`; `within` is the segment of those clustered."""
    codes = np.full(len(matrix.complete), len(groups(matrix.feature_specs, k)) - 1)
    codes[matrix.outlying] = k
    codes[matrix.complete] = within
    return codes


def _labels(matrix: FeatureMatrix, within: np.ndarray, k: int) -> pd.Categorical:
    return pd.Categorical.from_codes(codes_of(matrix, within, k), groups(matrix.feature_specs, k), ordered=True)


def deviation_sums(
    whole: np.ndarray, within: np.ndarray, feature_specs: Sequence[Feature], k: int, many: np.ndarray | None = None
) -> np.ndarray:
    """Sums (k, features) by segment of each feature, counted from everybody's mean in their standard deviations.

    `many` is how many customers each row stands for, 1 unless given.
    """
    sums = np.empty((k, len(feature_specs)))
    for i, feature in enumerate(feature_specs):
        away = (whole[:, i] - feature.mean) / feature.deviation
        sums[:, i] = np.bincount(within, away if many is None else away * many, minlength=k)
    return sums


def _middle(values: np.ndarray, many: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
    """Everybody's mean and standard deviation in the units of the matrix: 0 and 1 but under other scalings."""
    if not values.size:
        return np.zeros(values.shape[1]), np.ones(values.shape[1])
    mean = np.average(values, axis=0, weights=many)
    return mean, np.sqrt(np.average((values - mean) ** 2, axis=0, weights=many))
