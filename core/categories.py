"""Categories: the columns of few values, which customers are filtered, compared and counted by."""

from collections.abc import Collection, Mapping, Sequence
from typing import Final

import numpy as np
import pandas as pd

from core.schema import ADDED, BY_NAME, FILTERS, UNKNOWN, Column, normalise

FEWEST, MOST = 2, 50  # known values: of one there is nothing to compare, of more a chart or filter is not read
KINDS: Final = ("category", "band", "yes_no", "text")
# Meanings of columns whose values name rows, or say how the file was made.
NEVER: Final = frozenset(("code", "weight", "constant", "personal", "date", "result"))
# Words of headers of what the law of many countries forbids to treat customers by, besides age and gender: EU Charter
# of Fundamental Rights, article 21; US Equal Credit Opportunity Act, 15 U.S.C. 1691; UK Equality Act 2010, section 4.
PROTECTED_WORDS: Final = frozenset((
    "race", "ethnicity", "ethnic", "religion", "nationality", "citizenship", "marital", "married", "marriage",
    "civil", "disability", "disabled", "pregnant", "pregnancy", "foreign", "foreigner", "caste", "indigenous",
    "partner", "spouse", "familienstand", "verheiratet", "ethnie", "nationalitat", "staatsangehorigkeit",
    "auslander", "konfession", "matrimonial", "nationalite", "religione", "civile", "nazionalita", "civil",
    "nacionalidad", "estado_civil", "raza", "raca", "etnia", "religiao", "nacionalidade", "cittadinanza",
))  # fmt: skip


def categories(
    customers: Mapping[str, pd.Series] | pd.DataFrame, columns: Sequence[Column]
) -> dict[str, tuple[str, ...]]:
    """The categories of customers, counted or not, with their known values: the usual filters first.

    The others follow in the order of the columns, so that a filter stays at its place whatever the segments.
    """
    found = {name: _known(customers[name]) for name in ordered(columns) if _is_category(customers, name)}
    return {name: values for name, values in found.items() if FEWEST <= len(values) <= MOST}


def ordered(columns: Sequence[Column]) -> list[str]:
    """The names of the columns that can be categories, the program's own filters first."""
    possible = [one.name for one in columns if one.kind in KINDS and one.meaning not in NEVER]
    named = [name for name in FILTERS if name in (*possible, *ADDED)]
    return [*named, *(name for name in possible if name not in named)]


def own(columns: Sequence[Column]) -> list[str]:
    """The names of those that are this file's own: columns that we do not know, and texts that happen to be few."""
    texts = {one.name for one in columns if one.kind == "text"}
    return [name for name in ordered(columns) if (name not in BY_NAME and name not in ADDED) or name in texts]


def protected(columns: Sequence[Column]) -> dict[str, str]:
    """The categories whose header names a protected attribute, such as marital status, with their labels."""
    described = {one.name: one for one in columns}
    found = (described[name] for name in own(columns))
    return {one.name: one.label for one in found if _words(one) & PROTECTED_WORDS}


def offered(present: Collection[str], values: Mapping[str, Sequence[str]]) -> list[str]:
    """The columns that the customers can be filtered by: `values` has the categories, `present` is all columns."""
    return list(dict.fromkeys([*(name for name in FILTERS if name in present), *values]))


def _words(column: Column) -> set[str]:
    text = normalise(f"{column.name} {column.header}")
    return {text, column.name, *text.split("_")}


def _is_category(customers: Mapping[str, pd.Series] | pd.DataFrame, name: str) -> bool:
    return name in customers and isinstance(customers[name].dtype, pd.CategoricalDtype)


def _known(values: pd.Series) -> tuple[str, ...]:
    occurring = values.cat.categories
    if len(occurring) <= 2 * MOST:  # of more, not even those that occur would be few
        used = np.unique(values.cat.codes)
        occurring = occurring[used[used >= 0]]
    return tuple(text for text in map(str, occurring) if text != UNKNOWN)
