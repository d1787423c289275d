"""Votes: counts over the distinct values of a column, by which a fact is decided. Votes of two parts add up."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

import pandas as pd

from core.cleaning.currencies import code_votes
from core.cleaning.dates import date_orders, year_votes
from core.cleaning.epochs import OLDEST
from core.cleaning.numbers import credit_votes, currency_votes, dash_votes, mark_votes, to_numbers
from core.cleaning.values import is_blank
from core.cleaning.words import answer_votes, usual_spellings
from core.countries.registry import WORLD, countries
from core.countries.votes import postcode_votes, state_votes
from core.meanings import meaning_of
from core.schema import CURRENCY, STATE, Column

BORN: Final = "born"  # before the years of birth that ages say


@dataclass(frozen=True)
class Votes:
    """Counts over the distinct values of a column, by kind; an ambiguous value (`unsure`), and usual spellings."""

    counts: Mapping[str, int] = field(default_factory=dict)
    unsure: str = ""
    usual: Mapping[str, str] = field(default_factory=dict)

    def __add__(self, other: "Votes") -> "Votes":
        """The votes of two parts of a column without common values."""
        counts = {name: self.counts.get(name, 0) + other.counts.get(name, 0) for name in {*self.counts, *other.counts}}
        both = {name: min(self.usual[name], other.usual[name]) for name in {*self.usual} & {*other.usual}}
        return Votes(counts, self.unsure or other.unsure, {**self.usual, **other.usual, **both})


@dataclass(frozen=True)
class Whole:
    """What the decision on one column needs to know of the whole table.

    `votes_of` gives the votes of a column by its name. `headers` has the header of each column that a file has, and
    `files` the files that have it. `from_1904` names the files whose days are counted from 1904.
    """

    table: str
    columns: tuple[Column, ...]
    votes_of: Callable[[str], Votes]
    headers: Mapping[str, str]
    files: Mapping[str, frozenset[str]] = field(default_factory=dict)
    from_1904: frozenset[str] = frozenset()


def votes(distinct: pd.Series, column: Column, as_of: date) -> Votes:
    """The votes of distinct values of a column."""
    if column.kind == "date":
        orders, ambiguous = date_orders(distinct)
        return Votes(orders | year_votes(distinct, as_of), distinct.iloc[ambiguous.argmax()] if ambiguous.any() else "")
    if column.kind == "number":
        counts, unsure = mark_votes(distinct, column.low, column.high)
        money = currency_votes(distinct[~is_blank(distinct)]) if is_money(column) else {}
        return Votes(
            counts | dash_votes(distinct) | credit_votes(distinct) | money | age_votes(distinct, column, as_of), unsure
        )
    if column.kind == "postcode":
        return Votes(postcode_votes(distinct.tolist()))
    if column.kind == "yes_no":
        return Votes(answer_votes(distinct, column), usual=usual_spellings(distinct))
    places = column.name == STATE or names_nations(column)
    state_counts = state_votes(distinct.tolist()) if places else {}
    if column.kind != "category":
        return Votes()
    return Votes(state_counts | code_votes(distinct), usual=usual_spellings(distinct))


def names_nations(column: Column) -> bool:
    """Whether a category stands beside the regions whose header says that it is of countries."""
    return column.kind == "category" and column.name != STATE and column.name in countries()[WORLD].headers


def is_money(column: Column) -> bool:
    """Whether a column is of amounts of money."""
    return column.unit == CURRENCY or meaning_of(column.meaning).money


def age_votes(distinct: pd.Series, column: Column, as_of: date) -> dict[str, int]:
    """Number of distinct ages by the year of birth (`"born 1980"`); nothing for another column."""
    if column.name not in ("age", "birth_year"):
        return {}
    numbers = to_numbers(distinct).dropna()
    years = numbers if column.name == "birth_year" else as_of.year - numbers
    near = years[years.between(as_of.year - OLDEST, as_of.year)].astype("int64")
    return {f"{BORN} {year}": int(n) for year, n in near.value_counts().items()}
