"""The features as a clusterer sees them: the standardised matrix of the customers who have them all."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Any

import numpy as np
import pandas as pd

from core.errors import DataError
from core.segments.category_features import NO_LEVEL, CategoryFeature, category_features, codes, is_category
from core.segments.choice import NEVER_ANSWERS, FeatureChoice
from core.segments.onehot import Layout
from core.segments.points import PointsSummary, SampledPoints, distinct, sampled
from core.segments.raw_values import is_answer, raw_features, raw_values
from core.segments.repeated import Repeated, repeated
from core.segments.rows import InMemory, Moments, Rows, moments
from core.segments.scale import Scale, bent_columns, fit_scales, inlier_ranges, rounded

BINS = 10  # deciles, the usual bins of a population stability index


@dataclass(frozen=True)
class Feature:
    """A feature with all that is known of it when the segments are made, in the feature's own unit.

    `mean`, `deviation` and `training_range` (lowest, highest) are those of the clustered customers;
    `inlier_range` is that outside which a customer is an outlier, None if outliers are not told apart. `edges` part
    all known values into bins of `counts` customers each (a bin holds its lower edge), `missing` are without.
    `yes_no` features are 1 for yes and 0 for no. `source` is the header in the file that the model was made from.
    """

    name: str
    scale: Scale
    mean: float
    deviation: float
    training_range: tuple[float, float]
    inlier_range: tuple[float, float] | None
    edges: tuple[float, ...]
    counts: tuple[int, ...]
    missing: int
    yes_no: bool = False
    source: str = ""


@dataclass(frozen=True)
class FeatureMatrix:
    """Standardised features of the customers who have them all.

    `values` is (customers, features) float64, under standard scaling with mean 0 and standard
    deviation 1 per column; `whole` has the features of all customers in their own units. `complete`
    marks the rows of the customers frame that `values` holds, `outlying` those left out as outliers;
    `missing` counts the customers who lack each feature. `codes` (customers, categories) has the position of the level
    of those who have all numbers in each of the `categories`; a method that takes categories sees both as `points`.
    """

    feature_specs: tuple[Feature, ...]
    whole: np.ndarray
    values: np.ndarray
    complete: np.ndarray
    outlying: np.ndarray
    missing: dict[str, int]
    categories: tuple[CategoryFeature, ...]
    codes: np.ndarray

    @property
    def layout(self) -> Layout:
        """How many numbers a point has, and how many levels each of its categories."""
        return Layout(len(self.feature_specs), tuple(len(one.levels) for one in self.categories))

    @cached_property
    def points(self) -> np.ndarray:
        """`values`, and behind them the codes of the categories: (customers, features)."""
        return np.hstack([self.values, self.codes]) if self.categories else self.values

    @cached_property
    def repeated(self) -> Repeated | None:
        """The different `points`, where there are many customers at each (`repeated`)."""
        return repeated(self.points)

    @property
    def names(self) -> tuple[str, ...]:
        """The features, in the order of the columns of `values`."""
        return tuple(feature.name for feature in self.feature_specs)

    @property
    def mean(self) -> np.ndarray:
        """The centre that `values` are counted from; of the logarithm where the feature has one."""
        return np.array([feature.scale.centre for feature in self.feature_specs])

    @property
    def scale(self) -> np.ndarray:
        """The unit of `values`."""
        return np.array([feature.scale.spread for feature in self.feature_specs])

    @cached_property
    def square(self) -> float:
        """The mean squared distance to the middle, as far as the order of the rows leaves it alone."""
        return mean_square(np.array([column @ column for column in self.values.T]) / max(len(self.values), 1))

    @cached_property
    def _sampled(self) -> tuple[SampledPoints, np.ndarray]:
        numbers, same = len(self.feature_specs), self.repeated
        values, counts = (self.points, None) if same is None else (same.points, same.counts)
        points, rows = distinct(values, self.square, numbers, counts)
        sample = sampled(points, self.square, numbers)
        return sample, (rows if same is None else same.rows[rows])[sample.order]

    @property
    def sample(self) -> SampledPoints:
        """Some of the different rows of `points`, all where they are few; whatever the order of the rows."""
        return self._sampled[0]

    @cached_property
    def summary(self) -> PointsSummary:
        """What is known of all `points`; `most` of the numbers."""
        most = np.abs(self.values).max(axis=0, initial=0.0)
        return PointsSummary(self.sample, len(self.values), most, self.square)

    @property
    def rows(self) -> np.ndarray:
        """A row of `points` at each point of the sample."""
        return self._sampled[1]


def feature_matrix(customers: pd.DataFrame, features: FeatureChoice | Sequence[str]) -> FeatureMatrix:
    """Standardise the features of all customers who have them, outliers left out if the choice says so.

    Raises
    ------
    DataError
        A feature holds no numbers (`check_features`), nor categories where the choice takes them.
    """
    choice = FeatureChoice.of(features)
    names, taken = parted(customers, choice)
    check_features(customers, names)
    choice, categories = replace(choice, names=names), category_features(customers, taken)
    raw = raw_features(customers, names)
    answers = tuple(is_answer(customers[name]) for name in names)
    return _matrix(raw, features_of(InMemory(raw), choice, answers), categories, codes(customers, categories))


def parted(customers: pd.DataFrame, choice: FeatureChoice) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The chosen names of numbers and those of categories; yes and no are numbers where categories are not taken."""
    names = choice.names or ()
    taken = tuple(name for name in names if choice.categories and name in customers and is_category(customers[name]))
    return tuple(name for name in names if name not in taken), taken


def features_of(rows: Rows, choice: FeatureChoice, answers: Sequence[bool]) -> tuple[Feature, ...]:
    """All that is known of the chosen features.

    Parameters
    ----------
    rows : Rows
        The features of all customers in their own units, missing where unknown.
    answers : sequence of bool
        Which of them are yes and no.
    """
    names = choice.names or ()
    kinds = [choice.scaling.get(name, "standard") for name in names]
    ranges: Sequence[tuple[float, float] | None] = [None] * len(names)
    if choice.outliers:
        found_ranges = inlier_ranges(rows.map(clustered), kinds)
        ranges = [(0.0, 1.0) if answer else own for answer, own in zip(answers, found_ranges, strict=True)]
    inside = rows.map(partial(clustered, ranges=ranges))
    columns = inside.map(partial(bent_columns, scalings=kinds))
    found = moments(inside)
    scales = fit_scales(columns, moments(columns) if "log" in kinds else found, kinds)
    bins = _bins(rows, len(names))
    return tuple(
        Feature(name, scales[i], **_of_clustered(found, i), inlier_range=ranges[i], **bins[i], yes_no=answers[i])
        for i, name in enumerate(names)
    )


def mean_square(squares: np.ndarray) -> float:
    """The mean squared length of the points, by that of each feature."""
    return float(f"{squares.sum():.9g}")


def clustered(raw: np.ndarray, ranges: Sequence[tuple[float, float] | None] = ()) -> np.ndarray:
    """The rows that have every feature and are no outliers."""
    return raw[~_lacking(raw) & ~_outside(raw, ranges)] if raw.shape[1] else raw[:0]


def matrix_under(
    customers: pd.DataFrame, feature_specs: Sequence[Feature], categories: Sequence[CategoryFeature] = ()
) -> FeatureMatrix:
    """The matrix of other customers, who have the columns, under features frozen before."""
    raw = raw_features(customers, [feature.name for feature in feature_specs])
    return _matrix(raw, tuple(feature_specs), tuple(categories), codes(customers, categories))


def binned(values: np.ndarray, edges: Sequence[float] | np.ndarray) -> tuple[int, ...]:
    """Known values in each bin that the edges part; a bin holds its lower edge."""
    known = values[~np.isnan(values)]
    counts = np.bincount(np.searchsorted(np.array(edges, "float64"), known, side="right"), minlength=len(edges) + 1)
    return tuple(counts.tolist())


def check_features(customers: pd.DataFrame, names: Sequence[str]) -> None:
    """Refuse what holds no numbers.

    Raises
    ------
    DataError
        The message says of each such name why, and names the columns that can be features.
    """
    wrong = {name: why for name in sorted(names) if (why := _why_not(customers, name))}
    if wrong:
        numbers = [*customers.select_dtypes("number"), *(name for name in customers if is_answer(customers[name]))]
        possible = [name for name in customers if name in numbers and not _why_not(customers, name)]
        raise DataError(
            "; ".join(f"{name} cannot be a feature: {why}" for name, why in wrong.items()) + ".",
            f"Columns with numbers, or yes and no: {', '.join(possible) or 'none'}.",
        )


def _why_not(customers: pd.DataFrame, name: str) -> str:
    if name not in customers:
        return "there is no such column"
    refused = is_answer(customers[name]) and name in NEVER_ANSWERS
    return "" if _holds_numbers(customers[name]) and not refused else "it holds no numbers"


def _holds_numbers(column: pd.Series) -> bool:
    """Whether anybody has a number, were it too large to be clustered by; of nobody that cannot be told."""
    known = column.notna().to_numpy() if column.dtype.kind in "iuf" else ~np.isnan(raw_values(column))
    return bool(known.any()) or not len(known)


def _of_clustered(found: Moments, i: int) -> dict[str, Any]:
    spread = float(found.deviation[i])
    everybody = rounded("standard", float(found.mean[i]), spread if found.least[i] < found.most[i] else 0.0)
    ends = float(found.least[i]), float(found.most[i])
    return {"mean": everybody.centre, "deviation": everybody.spread, "training_range": ends}


def _bins(rows: Rows, size: int) -> list[dict[str, Any]]:
    """The deciles of all known values of each feature."""
    totals = rows.partial_sums(lambda block: {"rows": np.array([len(block)]), "known": (~np.isnan(block)).sum(axis=0)})
    known = totals["known"].astype("int64")
    # An edge is a value that occurs, so that whole numbers get whole bins; the lowest would part nothing.
    deciles = rows.ranked([[0, *(count * np.arange(1, BINS) // BINS).tolist()] if count else [] for count in known])
    edges = [np.unique(at[at > at[0]]) if len(at) else at for at in deciles]
    counts = rows.partial_sums(
        lambda block: {str(i): np.array(binned(block[:, i], edges[i]), "int64") for i in range(size)}
    )
    return [
        {
            "edges": tuple(edges[i].tolist()),
            "counts": tuple(counts[str(i)].astype("int64").tolist()),
            "missing": int(totals["rows"][0]) - int(known[i]),
        }
        for i in range(size)
    ]


def _matrix(
    raw: np.ndarray, feature_specs: tuple[Feature, ...], categories: tuple[CategoryFeature, ...], codes: np.ndarray
) -> FeatureMatrix:
    lacking = _lacking(raw) if feature_specs else (codes == NO_LEVEL).all(axis=1)
    outlying = ~lacking & _outside(raw, [feature.inlier_range for feature in feature_specs])
    complete = ~lacking & ~outlying
    present = raw[complete]
    values = np.empty_like(present)
    for i, feature in enumerate(feature_specs):
        values[:, i] = feature.scale.standardised(present[:, i])
    missing = {feature.name: int(np.isnan(raw[:, i]).sum()) for i, feature in enumerate(feature_specs)}
    return FeatureMatrix(
        feature_specs,
        raw,
        values,
        complete,
        outlying,
        missing,
        categories,
        codes[complete],
    )


def _lacking(raw: np.ndarray) -> np.ndarray:
    """Which rows lack a feature; all where there is none."""
    lacking = np.full(len(raw), not raw.shape[1])
    for column in raw.T:
        lacking |= np.isnan(column)
    return lacking


def _outside(raw: np.ndarray, ranges: Sequence[tuple[float, float] | None]) -> np.ndarray:
    """Which rows have a value outside the ranges; a feature without one has no outlier."""
    outside = np.zeros(len(raw), bool)
    for i, known in enumerate(ranges):
        if known is not None:
            outside |= (raw[:, i] < known[0]) | (raw[:, i] > known[1])
    return outside
