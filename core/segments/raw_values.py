"""A column as the numbers of a feature."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd

from core.schema import YES_NO
from core.segments.scale import LARGEST, SMALLEST

ANSWERS: Final = {"Yes": 1.0, "No": 0.0}


def raw_values(column: pd.Series) -> np.ndarray:
    """A column as float64, yes as 1, no as 0, texts of digits as their number; missing where unknown or infinite."""
    if is_answer(column):
        by_code = np.array([*(ANSWERS.get(label, np.nan) for label in column.cat.categories), np.nan])
        numbers: np.ndarray = by_code[column.cat.codes.to_numpy()]
        return numbers
    values = column.to_numpy("float64", na_value=np.nan) if column.dtype.kind in "iuf" else _numerals(column)
    size = np.abs(values)
    return np.where(size > LARGEST, np.nan, np.where(size < SMALLEST, 0.0, values))


def raw_features(customers: pd.DataFrame, names: Sequence[str]) -> np.ndarray:
    """The features (customers, features) in their own units."""
    raw = np.empty((len(customers), len(names)))
    for i, name in enumerate(names):
        raw[:, i] = raw_values(customers[name])
    return raw


def is_answer(column: pd.Series) -> bool:
    """Whether a column holds yes and no."""
    return isinstance(column.dtype, pd.CategoricalDtype) and {*column.cat.categories} <= {*YES_NO}


def count_infinite(column: pd.Series) -> int:
    """How many numbers are infinite, or as good as that: no feature has them."""
    return int((np.abs(column.to_numpy("float64", na_value=np.nan)) > LARGEST).sum())


def _numerals(column: pd.Series) -> np.ndarray:
    """Texts such as ids and postcodes as numbers, where they are made of digits."""
    codes, texts = pd.factorize(column)
    numbers = pd.to_numeric(pd.Series(texts.astype("str")), errors="coerce").to_numpy("float64")
    found: np.ndarray = np.append(numbers, np.nan)[codes]
    return found
