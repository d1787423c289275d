"""Facts: what is decided once from a whole column, and passed to the cleaning rules as data."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from typing import Final

import numpy as np

from core.cleaning.numbers import Mark, likelier_mark, may_be_thousands
from core.cleaning.values import Fact
from core.cleaning.words import answers_by
from core.countries.currencies import code_of
from core.countries.decide import Evidence, chosen_countries, localised, names_of, only
from core.countries.votes import state_votes
from core.errors import DataError
from core.intake.date_facts import date_fact
from core.intake.match import MatchedTable, TableSource
from core.intake.meaning.canonical import header_key
from core.intake.meaning.header import parse_header
from core.intake.meaning.vocabulary import senses
from core.intake.number_facts import number_fact
from core.intake.roles import Match
from core.intake.votes import Votes, Whole, is_money, names_nations, votes
from core.rules import Rules
from core.schema import CURRENCY, POSTCODE, STATE, Column, normalise

__all__ = ["Facts", "Votes", "Whole", "decide_facts", "votes"]

Facts = Mapping[str, Fact]
COUNTRY: Final = "Country"  # the label of a country that could not be decided
DATE_SYSTEM = "date system"  # the decision on a workbook that says from which year its days are counted


def whole_of(table: MatchedTable, rules: Rules) -> Whole:
    """The columns of a table and their votes, each counted when it is asked for."""
    by_name = {column.name: column for column in table.columns}

    @cache
    def votes_of(name: str) -> Votes:
        return votes(table.frame[name].cat.categories.to_series(), by_name[name], rules.as_of)

    own = [column for column in table.columns if column.name not in table.computed]
    return Whole(
        table.name, tuple(own), votes_of,
        {column.name: header_of(column, table) for column in own}, files_of(own, table.sources),
        from_1904_in(table.sources),
    )  # fmt: skip


def files_of(columns: Collection[Column], sources: Collection[TableSource]) -> dict[str, frozenset[str]]:
    """The tables that have each column."""
    has = {source.table: {normalise(match.header) for match in source.matches} for source in sources}
    roles = {source.table: {match.role for match in source.matches} for source in sources}
    return {
        column.name: frozenset(
            name for name in has if column.name in roles[name] or {column.name, normalise(column.header)} & has[name]
        )
        for column in columns
    }


def from_1904_in(sources: Collection[TableSource]) -> frozenset[str]:
    """The tables whose days are counted from 1904."""
    return frozenset(source.table for source in sources if source.decisions.get(DATE_SYSTEM) == "1904")


def decide_facts(table: MatchedTable, rules: Rules) -> Facts:
    """The facts about every column but the id.

    Raises
    ------
    AmbiguousDatesError
        A column of dates fits both orders and the rules say "auto".
    AmbiguousNumbersError
        A column of numbers fits both marks, likelier as thousands, and the rules say "auto".
    """
    whole = whole_of(table, rules)
    facts = {column.name: decide_fact(column, table, rules, whole) for column in table.columns if column.kind != "id"}
    return in_country(facts, rules, whole.votes_of, table.columns, [source.matches for source in table.sources])


def in_country(
    facts: Facts,
    rules: Rules,
    votes_of: Callable[[str], Votes],
    columns: Collection[Column],
    files: Collection[Collection[Match]],
) -> Facts:
    """The facts with a country: chosen by the rules, or decided by the evidence (`evidence_of`).

    `files` has the matches of each file.
    """
    facts = _with_constant_currencies(facts, columns, files)
    matches = [match for file in files for match in file]
    codes = chosen_countries(rules.intake.country, lambda: evidence_of(facts, votes_of, columns, matches))
    decided, open_ = only(codes), codes if len(codes) > 1 else ()
    return {name: replace(fact, country=decided, countries=open_) for name, fact in facts.items()}


def evidence_of(
    facts: Facts, votes_of: Callable[[str], Votes], columns: Collection[Column], matches: Iterable[Match]
) -> Evidence:
    """What tells the country of a file: the votes of its columns, the words of its headers, its currencies."""
    matches = [*matches]
    headers = [header_key(match.header) for match in matches]
    nations = [column.name for column in columns if column.name in facts and names_nations(column)]
    return Evidence(
        states=votes_of(STATE).counts if STATE in facts else {},
        postcodes=votes_of(POSTCODE).counts if POSTCODE in facts else {},
        nations=votes_of(nations[0]).counts if nations else state_votes(_constants(matches, "place")),
        headers=frozenset(word for header in headers for word in (header, *header.split("_"))),
        currencies=frozenset(
            {*_constants(matches, "currency"), *(column.currency for column in columns if is_money(column))}
            | {fact.currency for fact in facts.values()}
        ),
        phones=frozenset(code for match in matches for code in match.phones),
    )


def _with_constant_currencies(facts: Facts, columns: Collection[Column], files: Collection[Collection[Match]]) -> Facts:
    """The facts of amounts without a currency in header and cells with the one that a column beside them always has."""
    found = dict(facts)
    for column in columns:
        if column.unit == CURRENCY and not column.currency and column.name in facts and not facts[column.name].currency:
            names = {column.name, normalise(column.header)} - {""}
            beside = {
                only([*{code for text in _constants(file, "currency") if (code := code_of(text))}])
                for file in files
                if not names.isdisjoint(name for match in file for name in (match.role, normalise(match.header)))
            }
            found[column.name] = replace(facts[column.name], currency=only([*beside]))
    return found


def _constants(matches: Iterable[Match], means: str) -> list[str]:
    """The values of columns, left out since they are the same for everybody, whose header says what they mean."""
    constants = (match for match in matches if match.meaning == "constant" and match.samples)
    return [
        match.samples[0].strip()
        for match in constants
        if any(sense.means == means for sense in senses(parse_header(match.header).words))
    ]


def country_in(facts: Facts) -> str:
    """The code of a file's country; empty for none."""
    return next((fact.country for fact in facts.values()), "")


def with_currencies(columns: Collection[Column], facts: Facts, rules: Rules) -> tuple[Column, ...]:
    """The columns, those of money with the sign of their amounts or of the country's currency as their unit."""
    country, chosen = country_in(facts), rules.intake.currency
    return tuple(localised(column, country, facts.get(column.name, Fact()).currency, chosen) for column in columns)


def decide_fact(column: Column, table: MatchedTable, rules: Rules, whole: Whole | None = None) -> Fact:
    """Decide the order of day and month, the decimal mark or usual spellings, by the kind of the column."""
    if column.name in table.computed:
        return Fact()
    fact = settle(column, whole or whole_of(table, rules), rules)
    if len(table.starts) > 1 and column.kind == "number" and rules.intake.decimal_mark == "auto":
        for name, own_votes in _votes_by_file(column, table, rules):
            check_mark(own_votes, fact.decimal_mark, name, header_of(column, table))
    return fact


def check_mark(own: Votes, mark: Mark, file: str, header: str) -> None:
    """Refuse one of several stacked files whose numbers alone would have another decimal mark, or an ambiguous one.

    Raises
    ------
    DataError
        The file cannot be read with the mark of all.
    """
    if may_be_thousands(own.counts):
        raise DataError(
            f"Numbers such as {own.unsure.strip()} can be thousands, or have decimals as in the other files.",
            "Read this file alone, or save all with the same decimal mark.",
            file=file,
            column=header,
        )
    if own.counts["telling"] and (file_mark := likelier_mark(own.counts)) != mark:
        raise DataError(
            f"Its numbers have a decimal {file_mark}, those of the other files a decimal {mark}.",
            "Read this file alone, or save all with the same decimal mark.",
            file=file,
            column=header,
        )


def _votes_by_file(column: Column, table: MatchedTable, rules: Rules) -> Iterator[tuple[str, Votes]]:
    starts = [start for start, _ in table.starts]
    file = np.searchsorted(starts, table.frame.index.to_numpy(), side="right") - 1
    for number, (_, name) in enumerate(table.starts):
        values = table.frame[column.name][file == number].cat.remove_unused_categories()
        yield name, votes(values.cat.categories.to_series(), column, rules.as_of)


def settle(column: Column, whole: Whole, rules: Rules) -> Fact:
    """Decide a fact by the votes of all values of a column, and of the others where its own leave a doubt."""
    own = whole.votes_of(column.name)
    if column.kind == "date":
        return date_fact(own, column, whole, rules)
    if column.kind == "number":
        return number_fact(own, column, whole, rules)
    return Fact(usual=own.usual, answers=answers_by(own.counts) if column.kind == "yes_no" else {})


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
    return next(headers, column.header or column.name)
