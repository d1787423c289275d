"""Facts: what is decided once from a whole column, and passed to the cleaning rules as data."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
import pandas as pd

from core.cleaning.dates import date_orders
from core.cleaning.numbers import Mark, common_sign, likelier_mark, mark_votes, may_be_thousands, sign_votes
from core.cleaning.values import Fact, Order, is_blank
from core.cleaning.words import usual_spellings
from core.countries.decide import Evidence, chosen_countries, localised, names_of, only
from core.countries.registry import WORLD, countries
from core.countries.votes import postcode_votes, state_votes
from core.errors import AmbiguousDatesError, AmbiguousNumbersError, DataError
from core.intake.match import MatchedTable
from core.intake.meaning.canonical import header_key
from core.intake.roles import Match
from core.rules import Rules
from core.schema import CURRENCY, POSTCODE, STATE, Column

Facts = Mapping[str, Fact]
COUNTRY: Final = "Country"  # the label of a country that could not be decided


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


def decide_facts(table: MatchedTable, rules: Rules) -> Facts:
    """The facts about every column but the id.

    Raises
    ------
    AmbiguousDatesError
        A column of dates fits both orders and the rules say "auto".
    AmbiguousNumbersError
        A column of numbers fits both marks, likelier as thousands, and the rules say "auto".
    """
    facts = {column.name: decide_fact(column, table, rules) for column in table.columns if column.kind != "id"}
    matches = [match for source in table.sources for match in source.matches]
    return in_country(facts, rules, lambda name: _votes_of(name, table), table.columns, matches)


def in_country(
    facts: Facts,
    rules: Rules,
    votes_of: Callable[[str], Votes],
    columns: Collection[Column],
    matches: Iterable[Match],
) -> Facts:
    """The facts with a country: chosen by the rules, or decided by the evidence (`evidence_of`)."""
    codes = chosen_countries(rules.intake.country, lambda: evidence_of(facts, votes_of, columns, matches))
    decided, open_ = only(codes), codes if len(codes) > 1 else ()
    return {name: replace(fact, country=decided, countries=open_) for name, fact in facts.items()}


def evidence_of(
    facts: Facts, votes_of: Callable[[str], Votes], columns: Collection[Column], matches: Iterable[Match]
) -> Evidence:
    """What tells the country of a file: the votes of its columns, the words of its headers, its currencies."""
    headers = [header_key(match.header) for match in matches]
    nations = [column.name for column in columns if column.name in facts and _names_nations(column)]
    return Evidence(
        states=votes_of(STATE).counts if STATE in facts else {},
        postcodes=votes_of(POSTCODE).counts if POSTCODE in facts else {},
        nations=votes_of(nations[0]).counts if nations else {},
        headers=frozenset(word for header in headers for word in (header, *header.split("_"))),
        currencies=frozenset({column.currency for column in columns} | {fact.currency for fact in facts.values()}),
    )


def _names_nations(column: Column) -> bool:
    """Whether a category stands beside the regions whose header says that it is of countries."""
    return column.kind == "category" and column.name != STATE and column.name in countries()[WORLD].headers


def country_in(facts: Facts) -> str:
    """The code of a file's country; empty for none."""
    return next((fact.country for fact in facts.values()), "")


def with_currencies(columns: Collection[Column], facts: Facts) -> tuple[Column, ...]:
    """The columns, those of money with the sign of their amounts or of the country's currency as their unit."""
    country = country_in(facts)
    return tuple(localised(column, country, facts.get(column.name, Fact()).currency) for column in columns)


def decide_fact(column: Column, table: MatchedTable, rules: Rules) -> Fact:
    """Decide the order of day and month, the decimal mark or usual spellings, by the kind of the column."""
    if column.name in table.computed:
        return Fact()
    fact = settle(_votes_of(column.name, table), column, rules, table.name, header_of(column, table))
    if len(table.starts) > 1 and column.kind == "number" and rules.intake.decimal_mark == "auto":
        _check_files(column, table, fact.decimal_mark)
    return fact


def _votes_of(name: str, table: MatchedTable) -> Votes:
    column = next(column for column in table.columns if column.name == name)
    return votes(table.frame[name].cat.categories.to_series(), column)


def _check_files(column: Column, table: MatchedTable, mark: Mark) -> None:
    """Refuse stacked files if one of them alone would have another decimal mark, or an ambiguous one."""
    for name, own_votes in _votes_by_file(column, table):
        if may_be_thousands(own_votes.counts):
            raise DataError(
                f"Numbers such as {own_votes.unsure.strip()} can be thousands, or have decimals as in the other files.",
                "Read this file alone, or save all with the same decimal mark.",
                file=name,
                column=header_of(column, table),
            )
        if own_votes.counts["telling"] and (file_mark := likelier_mark(own_votes.counts)) != mark:
            raise DataError(
                f"Its numbers have a decimal {file_mark}, those of the other files a decimal {mark}.",
                "Read this file alone, or save all with the same decimal mark.",
                file=name,
                column=header_of(column, table),
            )


def _votes_by_file(column: Column, table: MatchedTable) -> Iterator[tuple[str, Votes]]:
    starts = [start for start, _ in table.starts]
    file = np.searchsorted(starts, table.frame.index.to_numpy(), side="right") - 1
    for number, (_, name) in enumerate(table.starts):
        values = table.frame[column.name][file == number].cat.remove_unused_categories()
        yield name, votes(values.cat.categories.to_series(), column)


def votes(distinct: pd.Series, column: Column) -> Votes:
    """The votes of distinct values of a column."""
    if column.kind == "date":
        orders, ambiguous = date_orders(distinct)
        return Votes(orders, distinct.iloc[ambiguous.argmax()] if ambiguous.any() else "")
    if column.kind == "number":
        counts, unsure = mark_votes(distinct, column.low, column.high)
        signs = sign_votes(distinct[~is_blank(distinct)]) if column.unit == CURRENCY else {}
        return Votes(counts | signs, unsure)
    if column.kind == "postcode":
        return Votes(postcode_votes(distinct.tolist()))
    state_counts = state_votes(distinct.tolist()) if column.name == STATE or _names_nations(column) else {}
    return Votes(state_counts, usual=usual_spellings(distinct)) if column.kind in ("category", "yes_no") else Votes()


def settle(votes: Votes, column: Column, rules: Rules, table: str, header: str) -> Fact:
    """Decide a fact by the votes of all values of a column; `table` and `header` are for messages."""
    if column.kind == "date":
        return Fact(date_order=_date_order(votes, rules, table, header))
    if column.kind == "number":
        chosen = rules.intake.decimal_mark
        mark = _decimal_mark(votes, table, header) if chosen == "auto" else chosen
        return Fact(decimal_mark=mark, currency=common_sign(votes.counts) if column.unit == CURRENCY else "")
    return Fact(usual=votes.usual)


def decisions(columns: Collection[Column], facts: Facts, marked: Collection[str]) -> dict[str, str]:
    """Decisions on columns of dates, and on columns of numbers with a point or comma (`marked`), by label.

    Where several countries fit, the entry `COUNTRY` says which.
    """
    decided = {}
    for column in columns:
        if column.kind == "date":
            decided[column.label] = facts[column.name].date_order.replace("_", " ")
        elif column.kind == "number" and column.name in marked:
            decided[column.label] = f"decimal {facts[column.name].decimal_mark}"
    if possible := next((fact.countries for fact in facts.values()), ()):
        decided[COUNTRY] = f"not decided, it could be {names_of(possible)}"
    return decided


def with_marks(table: MatchedTable) -> set[str]:
    """The columns of numbers in which a point or a comma stands."""
    numbers = [column.name for column in table.columns if column.kind == "number"]
    return {name for name in numbers if table.frame[name].cat.categories.str.contains("[.,]").any()}


def header_of(column: Column, table: MatchedTable) -> str:
    """The header that a column has in the file."""
    headers = (match.header for source in table.sources for match in source.matches if match.role == column.name)
    return next(headers, column.name)


def _decimal_mark(votes: Votes, table: str, header: str) -> Mark:
    if may_be_thousands(votes.counts):
        raise AmbiguousNumbersError(
            f"Numbers such as {votes.unsure.strip()} can be thousands, or have three decimals.",
            "Say which: “Decimal mark” on the Data page, or --decimal-mark on the command line.",
            file=table,
            column=header,
        )
    return likelier_mark(votes.counts)


def _date_order(votes: Votes, rules: Rules, table: str, header: str) -> Order:
    if rules.intake.date_order != "auto":
        return rules.intake.date_order
    day, month = votes.counts["day_first"], votes.counts["month_first"]
    if day != month:
        return "day_first" if day > month else "month_first"
    if votes.unsure:
        raise AmbiguousDatesError(
            f"Dates such as {votes.unsure.strip()} can be read day first and month first.",
            "Say which it is: “Date order” in the sidebar, or --date-order on the command line.",
            file=table,
            column=header,
        )
    return "day_first"
