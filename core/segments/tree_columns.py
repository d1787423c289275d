"""The columns that decision trees split segments by: each feature, and each level of a category as yes or no."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from core.schema import YES_NO, Column, in_sentence
from core.segments.category_features import CategoryFeature
from core.segments.features import Feature
from core.segments.profile import Segments
from core.segments.raw_values import raw_values

TREE_ROWS: Final = 50_000
Answer = tuple[str, str]  # what a condition says of those who have it, and of those who do not


@dataclass(frozen=True)
class TreeColumn:
    """A number in its own unit, or 1 and 0 for an `answer`.

    `feature` is where it comes from; of a category it is that of one `level`.
    """

    feature: Feature | CategoryFeature
    level: str
    label: str
    sign: str = ""
    answer: Answer | None = None


@dataclass(frozen=True)
class Grown:
    """Customers who are in a segment: their `values` (rows, columns), the position of the segment of each, a sample.

    `sample` has positions of `TREE_ROWS` rows at most, in an order that is not that of the customers.
    """

    columns: tuple[TreeColumn, ...]
    values: np.ndarray
    codes: np.ndarray
    sample: np.ndarray


def grown_from(customers: pd.DataFrame, columns: Sequence[Column], segments: Segments, *, seed: int = 0) -> Grown:
    """What a tree of the segments is grown from, whatever the order of the customers."""
    found = tree_columns(columns, segments)
    clustered = np.flatnonzero(segments.labels.codes < segments.k)
    values = tree_values(customers, found)[clustered]
    codes = segments.labels.codes[clustered].astype("int64")
    order = np.lexsort((codes, *values.T))
    if len(order) > TREE_ROWS:
        order = order[np.sort(np.random.default_rng(seed).choice(len(order), TREE_ROWS, replace=False))]
    return Grown(found, values, codes, order)


def tree_values(customers: pd.DataFrame, columns: Sequence[TreeColumn]) -> np.ndarray:
    """The values (customers, columns) that a tree compares."""
    found: np.ndarray = np.column_stack([_values(customers, one) for one in columns])
    return found


def ranked(values: np.ndarray) -> tuple[list[np.ndarray], np.ndarray]:
    """The different values of each column, and the rank of each value among them, which a tree splits alike.

    A tree compares in 32 bits, and many values differ beyond them.
    """
    levels, ranks = zip(*(np.unique(column, return_inverse=True) for column in values.T), strict=True)
    return [*levels], np.column_stack(ranks)


def tree_columns(columns: Sequence[Column], segments: Segments) -> tuple[TreeColumn, ...]:
    """One for each number, and for each level of a category; yes and no are one."""
    known = {column.name: column for column in columns}

    def label(name: str) -> str:
        return in_sentence(name, known[name].label) if name in known else name

    numbers = [
        TreeColumn(
            one, "", label(one.name), known[one.name].sign if one.name in known else "",
            (f"{label(one.name)} yes", f"{label(one.name)} no") if one.yes_no else None,
        )
        for one in segments.feature_specs
    ]  # fmt: skip
    levels = [
        TreeColumn(one, level, label(one.name), answer=_has(one, level, label(one.name)))
        for one in segments.categories
        for level in one.levels
        if not one.yes_no or level == YES_NO[0]
    ]
    return (*numbers, *levels)


def _values(customers: pd.DataFrame, column: TreeColumn) -> np.ndarray:
    if not column.level:
        return raw_values(customers[column.feature.name])
    has: np.ndarray = (customers[column.feature.name] == column.level).to_numpy("float64")
    return has


def _has(category: CategoryFeature, level: str, label: str) -> Answer:
    """`("channel Web", "channel not Web")`."""
    return (f"{label} yes", f"{label} no") if category.yes_no else (f"{label} {level}", f"{label} not {level}")
