"""Which columns k-means sees, and the standardised matrix of the customers who have them all."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from core.errors import DataError
from core.schema import BY_NAME, DEFAULT_FEATURES, NEVER_FEATURES, WEALTH_MEASURES, Column

# A default feature most customers lack would leave most customers out of the segments.
MOSTLY_MISSING = 0.5


@dataclass(frozen=True)
class FeatureMatrix:
    """Standardised features of the customers who have them all.

    `values` is (customers, features) float64 with mean 0 and standard deviation 1 per column;
    `mean` and `scale` undo it; `complete` marks the rows of the customers frame it holds; `missing`
    counts the customers who lack each feature.
    """

    names: tuple[str, ...]
    values: np.ndarray
    mean: np.ndarray
    scale: np.ndarray
    complete: np.ndarray
    missing: dict[str, int]


def candidates(customers: pd.DataFrame, columns: Sequence[Column]) -> tuple[str, ...]:
    """Numeric columns with at least two different values; never a place."""
    return tuple(
        column.name
        for column in columns
        if column.kind == "number" and column.name not in NEVER_FEATURES and _varies(customers[column.name])
    )


def value_measures(customers: pd.DataFrame, columns: Sequence[Column]) -> tuple[str, ...]:
    """The numbers that can stand for a customer's value on the pages: known measures of wealth, then the file's own."""
    possible = [name for name in candidates(customers, columns) if name not in ("age", "tenure", "purchases")]
    first = [name for name in WEALTH_MEASURES if name in possible]
    return (*first, *(name for name in possible if name not in first))


def default_features(customers: pd.DataFrame, columns: Sequence[Column]) -> tuple[str, ...]:
    """Age, property valuation, purchases and tenure, as far as the file has them; else every measure."""
    possible = [name for name in candidates(customers, columns) if customers[name].isna().mean() <= MOSTLY_MISSING]
    usual = tuple(name for name in DEFAULT_FEATURES if name in possible)
    return usual or in_order(possible)


def in_order(names: Sequence[str]) -> tuple[str, ...]:
    """Each feature once, in the order of the schema: the order they are picked in must not decide a tie."""
    known = list(BY_NAME)
    return tuple(sorted(set(names), key=lambda name: (known.index(name) if name in known else len(known), name)))


def feature_matrix(customers: pd.DataFrame, names: Sequence[str]) -> FeatureMatrix:
    """Standardise the features of all customers who have them.

    Raises
    ------
    DataError
        A feature is not a numeric column of the file.
    """
    numeric = customers.select_dtypes("number").columns
    if unknown := sorted(set(names) - set(numeric)):
        raise DataError(f"{', '.join(unknown)} cannot be a feature.", f"Numeric columns here: {', '.join(numeric)}.")
    raw = customers[list(names)].to_numpy("float64").reshape(len(customers), len(names))
    complete = ~np.isnan(raw).any(axis=1) if names else np.zeros(len(customers), bool)
    present = raw[complete]
    # Sums of floats depend on their order, and the last bit can decide to which centre a customer is nearer.
    ordered = np.sort(present, axis=0)
    mean = ordered.mean(axis=0) if len(present) else np.zeros(len(names))
    spread = ordered.std(axis=0) if len(present) else np.ones(len(names))
    scale = np.where(spread > 0, spread, 1.0)
    missing = dict(zip(names, np.isnan(raw).sum(axis=0).tolist(), strict=True))
    return FeatureMatrix(tuple(names), (present - mean) / scale, mean, scale, complete, missing)


def _varies(column: pd.Series) -> bool:
    return bool(column.min() < column.max())
