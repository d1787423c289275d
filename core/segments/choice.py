"""The choice of features, of the scaling of each, and whether outliers are a group of their own."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, cast, get_args

import pandas as pd

from core.errors import DataError, RulesError
from core.meanings import meaning_of
from core.schema import (
    BY_NAME,
    HIGH_POTENTIAL,
    MASS_AFFLUENT,
    NEVER_FEATURES,
    Column,
)
from core.segments.raw_values import is_answer
from core.segments.scale import Scaling
from core.wealth import wealth_columns

NO_VALUE = ("", "recency", "tenure", "age")  # families of numbers that no customer is worth more by
# Yes and no, but nothing to tell segments by.
NEVER_ANSWERS = frozenset({"deceased", "gender", MASS_AFFLUENT, HIGH_POTENTIAL})

# A name, in quotes where it has a comma or a colon, and a scaling behind a colon.
PART: Final = re.compile(
    r'\s*(?:"(?P<quoted>(?:[^"]|"")*)"|(?P<plain>[^,:]*))\s*(?::(?P<scaling>[^,]*))?(?:(?P<more>,)|\Z)'
)


@dataclass(frozen=True)
class FeatureChoice:
    """The analyst's choice of features.

    Parameters
    ----------
    names : tuple of str, optional
        Columns; None for the default ones (`default_features.default_features`).
    scaling : mapping of str to {"standard", "robust", "log"}
        How a feature is scaled, where not by mean and standard deviation.
    outliers : bool
        Whether customers with an unusual value (`scale.inlier_ranges`) are a group of their own.
    categories : bool
        Whether the names may be those of categories, as the method takes them.
    """

    names: tuple[str, ...] | None = None
    scaling: Mapping[str, Scaling] = field(default_factory=dict, hash=False)
    outliers: bool = False
    categories: bool = False

    def __post_init__(self) -> None:
        for name, scaling in self.scaling.items():
            if scaling not in get_args(Scaling):
                raise RulesError(
                    f"“{scaling}” is not a scaling, asked for {name}.", f"Use one of {', '.join(get_args(Scaling))}."
                )

    @classmethod
    def of(cls, features: "FeatureChoice | Sequence[str] | None") -> "FeatureChoice":
        """A choice, or just the names of one."""
        if isinstance(features, FeatureChoice):
            return features
        return cls(None if features is None else tuple(features))

    @classmethod
    def parse(cls, text: str, *, outliers: bool = False) -> "FeatureChoice":
        """`"age,balance:log"` → the features age and, by its logarithm, balance; an empty text is the default.

        A name with a comma or a colon stands in double quotes; one of these in it is written twice.

        Raises
        ------
        DataError
            A comma or a colon stands where a name should be.
        """
        pairs = [*_parts(text)] if text else []
        if not all(name for name, _ in pairs):
            raise DataError(f"In “{text}” there is no feature before a comma or a colon.", "Write age,balance:log.")
        names = tuple(name for name, _ in pairs)
        scaling = {name: cast("Scaling", kind) for name, kind in pairs if kind}  # FeatureChoice checks it
        return cls(names or None, scaling, outliers)

    @property
    def text(self) -> str:
        """Names and scalings as `parse` reads them."""
        scaled = ((name, self.scaling.get(name)) for name in self.names or ())
        return ",".join(f"{_quoted(name)}:{kind}" if kind else _quoted(name) for name, kind in scaled)


def _parts(text: str) -> Iterator[tuple[str, str]]:
    """The name and the scaling of each part, empty where there is none."""
    for found in PART.finditer(text):
        quoted, plain, kind = found["quoted"], found["plain"], found["scaling"]
        yield plain.strip() if quoted is None else quoted.replace('""', '"'), (kind or "").strip()
        if not found["more"]:  # else a match of nothing follows
            return


def _quoted(name: str) -> str:
    """A name as a part has it; one that begins like an option would be taken for one."""
    plain = not re.search('[,:"]', name) and name == name.strip() and not name.startswith("-")
    return name if plain else '"' + name.replace('"', '""') + '"'


def candidates(customers: pd.DataFrame, columns: Sequence[Column]) -> tuple[str, ...]:
    """Numeric columns with at least two different values; never a place."""
    return tuple(
        column.name
        for column in columns
        if column.kind == "number" and column.name not in NEVER_FEATURES and _varies(customers[column.name])
    )


def answers(customers: pd.DataFrame, columns: Sequence[Column]) -> tuple[str, ...]:
    """Yes/no columns with both answers, which can be features as 0 and 1; never gender, deceased or a flag."""
    return tuple(
        column.name
        for column in columns
        if column.name in customers
        and is_answer(customers[column.name])
        and column.name not in NEVER_ANSWERS
        and {"Yes", "No"} <= set(customers[column.name].cat.remove_unused_categories().cat.categories)
    )


def value_measures(customers: pd.DataFrame, columns: Sequence[Column], first: str = "") -> tuple[str, ...]:
    """The numbers that can stand for a customer's value on the pages: measures of wealth, then the file's own.

    `first` is the measure of wealth that was chosen (`wealth.Wealth.measure`).
    """
    numbers = candidates(customers, columns)
    possible = {column.name: column for column in columns if column.name in numbers and _is_value(column)}
    best = [column.name for column in wealth_columns([*possible.values()])]
    return tuple(name for name in dict.fromkeys((first, *best, *possible)) if name in possible)


def _is_value(column: Column) -> bool:
    meaning = meaning_of(column.meaning)
    return meaning.family not in NO_VALUE and column.name not in ("age", "tenure", "purchases")


def in_order(names: Sequence[str]) -> tuple[str, ...]:
    """Each feature once, in the order of the schema: the order they are picked in must not decide a tie."""
    known = list(BY_NAME)
    return tuple(sorted(set(names), key=lambda name: (known.index(name) if name in known else len(known), name)))


def _varies(column: pd.Series) -> bool:
    return bool(column.min() < column.max())
