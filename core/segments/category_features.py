"""Categories as features: their levels, the code of each customer, and which categories are fit to be one.

A customer whose level is not known, or is not among those that the segments were made from, has the code `NO_LEVEL`: a
method leaves the category out of account for that customer, so that nobody lacks a segment for want of a category.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from core.categories import MOST, categories, protected
from core.errors import DataError
from core.schema import HIGH_POTENTIAL, MASS_AFFLUENT, POSTCODE, STATE, SUBREGION, UNKNOWN, YES_NO, Column

NO_LEVEL: Final = -1
USUAL_MOST: Final = 20  # levels of a default feature; of more, most say little of few customers
MOST_DEFAULT: Final = 8  # features that fit into a name and a profile
SAME_LEVEL: Final = 0.95  # of the customers in one level: it outnumbers the others 19 to 1, and tells nobody apart
LEAST_KNOWN: Final = 0.5  # of the customers
# Flags and outcomes are what segments are judged by, so they are no feature at all.
NEVER: Final = frozenset({MASS_AFFLUENT, HIGH_POTENTIAL, "deceased"})
# A place stands in for origin, and the bank's own segments are what ours are compared with.
NOT_BY_DEFAULT: Final = frozenset({"gender", "wealth_segment", POSTCODE, STATE, SUBREGION})
NO_FEATURES: Final = frozenset(("outcome", "area"))  # meanings
NO_DEFAULTS: Final = frozenset(("place", "currency"))


@dataclass(frozen=True)
class CategoryFeature:
    """A category with all that is known of it when the segments are made.

    `levels` are its known values, `counts` how many customers have each, `missing` how many have none. `source` is
    the header in the file that the model was made from.
    """

    name: str
    levels: tuple[str, ...]
    counts: tuple[int, ...]
    missing: int
    source: str = ""

    @property
    def yes_no(self) -> bool:
        """Whether its levels are yes and no."""
        return {*self.levels} <= {*YES_NO}

    @property
    def shares(self) -> np.ndarray:
        """The share of each level among those whose level is known."""
        counts = np.array(self.counts, "float64")
        found: np.ndarray = counts / max(counts.sum(), 1.0)
        return found


def possible_categories(customers: pd.DataFrame, columns: Sequence[Column]) -> tuple[str, ...]:
    """Categories that can be features: 2 to 50 levels that occur, no id, postcode, outcome or flag."""
    outcomes = {column.name for column in columns if column.meaning in NO_FEATURES}
    found = categories(customers, columns)
    names = {column.name for column in columns}
    return tuple(name for name in found if name in names and name not in {*NEVER, *outcomes, POSTCODE})


def default_categories(
    customers: pd.DataFrame, columns: Sequence[Column], numbers: Sequence[str] = ()
) -> tuple[str, ...]:
    """Those that are features unless the analyst picks some: 2 to 20 levels, mostly known, not protected, no place.

    No bands whose number is among `numbers`, the features already: one column would count twice. Of many, those in
    whose largest level the fewest customers are.
    """
    aside = {*NOT_BY_DEFAULT, *protected(columns)} | {one.name for one in columns if one.meaning in NO_DEFAULTS}
    as_number = {one.header for one in columns if one.name in numbers}
    aside |= {one.name for one in columns if one.kind == "band" and one.header in as_number}
    names = (name for name in possible_categories(customers, columns) if name not in aside)
    usual = [one for one in (category_feature(customers[name]) for name in names) if _is_usual(one)]
    usual.sort(key=lambda one: (round(float(one.shares.max()), 9), one.name))
    return tuple(sorted(one.name for one in usual[:MOST_DEFAULT]))


def _is_usual(found: CategoryFeature) -> bool:
    known = sum(found.counts)
    return (
        2 <= len(found.levels) <= USUAL_MOST
        and known > LEAST_KNOWN * (known + found.missing)
        and max(found.counts) < SAME_LEVEL * known
    )


def is_category(column: pd.Series) -> bool:
    """Whether a column holds categories, yes and no among them; postcodes are numbers, if anything."""
    return isinstance(column.dtype, pd.CategoricalDtype) and column.name != POSTCODE


def category_features(customers: pd.DataFrame, names: Sequence[str]) -> tuple[CategoryFeature, ...]:
    """What is known of some categories.

    Raises
    ------
    DataError
        One has fewer than two or more than fifty levels, or is a flag.
    """
    found = tuple(category_feature(customers[name]) for name in names)
    wrong = [why for one in found if (why := _why_not(one))]
    if wrong:
        raise DataError("; ".join(wrong) + ".", f"A category with 2 to {MOST} values can be a feature.")
    return found


def _why_not(found: CategoryFeature) -> str:
    if found.name in NEVER:
        return f"{found.name} cannot be a feature: segments are judged by it"
    if 2 <= len(found.levels) <= MOST or not sum(found.counts) + found.missing:
        return ""
    many = len(found.levels)
    why = f"it has {many} different values" if many > 1 else "all have the same value" if many else "nobody has a value"
    return f"{found.name} cannot be a feature: {why}"


def category_feature(column: pd.Series) -> CategoryFeature:
    """What is known of one category."""
    labels = [str(label) for label in column.cat.categories]
    counts = np.bincount(column.cat.codes.to_numpy("int64") + 1, minlength=len(labels) + 1)[1:].tolist()
    known = [(label, count) for label, count in zip(labels, counts, strict=True) if count and label != UNKNOWN]
    levels, sizes = zip(*known, strict=True) if known else ((), ())
    return CategoryFeature(str(column.name), levels, sizes, len(column) - sum(sizes))


def codes(customers: pd.DataFrame, features: Sequence[CategoryFeature]) -> np.ndarray:
    """The position of each customer's level (customers, categories), `NO_LEVEL` where it is none of the levels."""
    found = np.full((len(customers), len(features)), NO_LEVEL, "int8")  # 50 levels at most
    for i, feature in enumerate(features):
        found[:, i] = codes_of(customers[feature.name], feature)
    return found


def codes_of(column: pd.Series, feature: CategoryFeature) -> np.ndarray:
    """The same of one category."""
    column = column.astype("category")
    position = {level: at for at, level in enumerate(feature.levels)}
    by_code = np.array([*(position.get(str(label), NO_LEVEL) for label in column.cat.categories), NO_LEVEL])
    found: np.ndarray = by_code[column.cat.codes.to_numpy()]
    return found


def unseen(column: pd.Series, feature: CategoryFeature) -> np.ndarray:
    """Which customers have a level that the segments were not made from."""
    labels = column.astype("category").cat
    known = {*feature.levels, UNKNOWN}
    by_code = np.array([*(str(label) not in known for label in labels.categories), False])
    found: np.ndarray = by_code[labels.codes.to_numpy()]
    return found
