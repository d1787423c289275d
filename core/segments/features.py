"""The features as k-means sees them: the standardised matrix of the customers who have them all."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from core.errors import DataError
from core.segments.choice import NEVER_ANSWERS, FeatureChoice, is_answer
from core.segments.scale import LARGEST, SMALLEST, Scale, fit_scale, usual_range

ANSWERS = {"Yes": 1.0, "No": 0.0}
BINS = 10  # deciles, the usual bins of a population stability index


@dataclass(frozen=True)
class Feature:
    """A feature with all that is known of it when the segments are made, in the feature's own unit.

    `mean`, `deviation` and `seen` (lowest, highest) are those of the clustered customers; `usual` is
    the range outside which a customer is an outlier, None if outliers are not told apart. `edges` part
    all known values into bins of `counts` customers each (a bin holds its lower edge), `missing` are without.
    `yes_no` features are 1 for yes and 0 for no.
    """

    name: str
    scale: Scale
    mean: float
    deviation: float
    seen: tuple[float, float]
    usual: tuple[float, float] | None
    edges: tuple[float, ...]
    counts: tuple[int, ...]
    missing: int
    yes_no: bool = False


@dataclass(frozen=True)
class FeatureMatrix:
    """Standardised features of the customers who have them all.

    `values` is (customers, features) float64, under standard scaling with mean 0 and standard
    deviation 1 per column; `whole` has the features of all customers in their own units. `complete`
    marks the rows of the customers frame that `values` holds, `outlying` those left out as outliers;
    `missing` counts the customers who lack each feature.
    """

    details: tuple[Feature, ...]
    whole: np.ndarray
    values: np.ndarray
    complete: np.ndarray
    outlying: np.ndarray
    missing: dict[str, int]

    @property
    def names(self) -> tuple[str, ...]:
        """The features, in the order of the columns of `values`."""
        return tuple(feature.name for feature in self.details)

    @property
    def mean(self) -> np.ndarray:
        """The centre that `values` are counted from; of the logarithm where the feature has one."""
        return np.array([feature.scale.centre for feature in self.details])

    @property
    def scale(self) -> np.ndarray:
        """The unit of `values`."""
        return np.array([feature.scale.spread for feature in self.details])

    @cached_property
    def order(self) -> np.ndarray:
        """The rows sorted by value: what is worked out in this order does not depend on the customers'."""
        return np.lexsort(self.values.T)


def feature_matrix(customers: pd.DataFrame, features: FeatureChoice | Sequence[str]) -> FeatureMatrix:
    """Standardise the features of all customers who have them, outliers left out if the choice says so.

    Raises
    ------
    DataError
        A feature is neither a numeric nor a yes/no column of the file.
    """
    choice = FeatureChoice.of(features)
    names = choice.names or ()
    raw = _raw(customers, names)
    complete = ~np.isnan(raw).any(axis=1) if names else np.zeros(len(customers), bool)
    ordered = np.sort(raw[complete], axis=0)
    kinds = [choice.scaling.get(name, "standard") for name in names]
    usual: list[tuple[float, float] | None] = [None] * len(names)
    if choice.outliers:
        usual = [
            (0.0, 1.0) if is_answer(customers[name]) else usual_range(ordered[:, i], kind)
            for i, (name, kind) in enumerate(zip(names, kinds, strict=True))
        ]
        ordered = np.sort(raw[complete & ~_outside(raw, usual)], axis=0)
    details = tuple(
        Feature(
            name,
            fit_scale(ordered[:, i], kinds[i]),
            **_of_clustered(ordered[:, i]),
            usual=usual[i],
            **_of_all(raw[:, i]),
            yes_no=is_answer(customers[name]),
        )
        for i, name in enumerate(names)
    )
    return _matrix(raw, details)


def matrix_under(customers: pd.DataFrame, details: Sequence[Feature]) -> FeatureMatrix:
    """The matrix of other customers under features frozen before.

    Raises
    ------
    DataError
        A feature is not a column of the file.
    """
    return _matrix(_raw(customers, [feature.name for feature in details]), tuple(details))


def binned(values: np.ndarray, edges: Sequence[float]) -> tuple[int, ...]:
    """Known values in each bin that the edges part; a bin holds its lower edge."""
    known = values[~np.isnan(values)]
    counts = np.bincount(np.searchsorted(np.array(edges, "float64"), known, side="right"), minlength=len(edges) + 1)
    return tuple(counts.tolist())


def raw_values(column: pd.Series) -> np.ndarray:
    """A numeric or yes/no column as float64, yes as 1 and no as 0; missing where unknown or infinite."""
    if is_answer(column):
        return column.astype("object").map(ANSWERS).to_numpy("float64")
    values = column.to_numpy("float64", na_value=np.nan)
    size = np.abs(values)
    return np.where(size > LARGEST, np.nan, np.where(size < SMALLEST, 0.0, values))


def count_infinite(column: pd.Series) -> int:
    """How many numbers are infinite, or as good as that: no feature has them."""
    return int((np.abs(column.to_numpy("float64", na_value=np.nan)) > LARGEST).sum())


def _raw(customers: pd.DataFrame, names: Sequence[str]) -> np.ndarray:
    numeric = customers.select_dtypes("number").columns
    possible = {*numeric, *(name for name in customers if is_answer(customers[name]) and name not in NEVER_ANSWERS)}
    if unknown := sorted(set(names) - possible):
        raise DataError(f"{', '.join(unknown)} cannot be a feature.", f"Numeric columns here: {', '.join(numeric)}.")
    raw = np.empty((len(customers), len(names)))
    for i, name in enumerate(names):
        raw[:, i] = raw_values(customers[name])
    return raw


def _of_clustered(ordered: np.ndarray) -> dict[str, Any]:
    everybody = fit_scale(ordered, "standard")
    seen = (float(ordered[0]), float(ordered[-1])) if len(ordered) else (0.0, 0.0)
    return {"mean": everybody.centre, "deviation": everybody.spread, "seen": seen}


def _of_all(raw: np.ndarray) -> dict[str, Any]:
    known = np.sort(raw[~np.isnan(raw)])
    # An edge is a value that occurs, so that whole numbers get whole bins; the lowest would part nothing.
    deciles = known[len(known) * np.arange(1, BINS) // BINS] if len(known) else known
    edges = np.unique(deciles[deciles > known[0]]) if len(known) else known
    counts = np.diff(np.searchsorted(known, edges), prepend=0, append=len(known))
    return {"edges": tuple(edges.tolist()), "counts": tuple(counts.tolist()), "missing": len(raw) - len(known)}


def _matrix(raw: np.ndarray, details: tuple[Feature, ...]) -> FeatureMatrix:
    lacking = np.isnan(raw).any(axis=1) if details else np.ones(len(raw), bool)
    outlying = ~lacking & _outside(raw, [feature.usual for feature in details])
    complete = ~lacking & ~outlying
    present = raw[complete]
    values = np.empty_like(present)
    for i, feature in enumerate(details):
        values[:, i] = feature.scale.standardised(present[:, i])
    missing = {feature.name: int(np.isnan(raw[:, i]).sum()) for i, feature in enumerate(details)}
    return FeatureMatrix(details, raw, values, complete, outlying, missing)


def _outside(raw: np.ndarray, ranges: Sequence[tuple[float, float] | None]) -> np.ndarray:
    outside = np.zeros(len(raw), bool)
    for i, known in enumerate(ranges):
        if known is not None:
            outside |= (raw[:, i] < known[0]) | (raw[:, i] > known[1])
    return outside
