"""What only a whole column can tell, decided once and handed to the row rules as data."""

from collections.abc import Mapping

import pandas as pd

from core.errors import AmbiguousDatesError, AmbiguousNumbersError
from core.intake.match import MatchedTable
from core.intake.numbers import Mark, decimal_mark, may_be_thousands, to_numbers
from core.intake.values import Fact, Order, date_orders, has_two_orders, usual_spellings
from core.rules import Rules
from core.schema import Column

Facts = Mapping[str, Fact]


def decide_facts(table: MatchedTable, rules: Rules) -> Facts:
    """The facts about every column but the id.

    Raises
    ------
    AmbiguousDatesError
        A column of dates fits both orders and the rules say "auto".
    AmbiguousNumbersError
        A column of numbers fits both marks, likelier as thousands, and the rules say "auto".
    """
    return {column.name: decide_fact(column, table, rules) for column in table.columns if column.kind != "id"}


def decide_fact(column: Column, table: MatchedTable, rules: Rules) -> Fact:
    """Order of day and month, decimal mark, or usual spellings, by the kind of the column."""
    distinct = table.frame[column.name].cat.categories.to_series()
    if column.kind == "date":
        return Fact(date_order=_date_order(distinct, column, table, rules))
    if column.kind == "number" and column.name not in table.computed:
        chosen = rules.intake.decimal_mark
        return Fact(decimal_mark=_decimal_mark(distinct, column, table) if chosen == "auto" else chosen)
    return Fact(usual=usual_spellings(distinct)) if column.kind in ("category", "yes_no") else Fact()


def decisions(table: MatchedTable, facts: Facts) -> dict[str, str]:
    """What was decided on the columns of dates, and on those of numbers that hold a mark, by label."""
    said = {}
    for column in table.columns:
        if column.kind == "date":
            said[column.label] = facts[column.name].date_order.replace("_", " ")
        elif column.kind == "number" and table.frame[column.name].cat.categories.str.contains("[.,]").any():
            said[column.label] = f"decimal {facts[column.name].decimal_mark}"
    return said


def _decimal_mark(text: pd.Series, column: Column, table: MatchedTable) -> Mark:
    thousands = text[may_be_thousands(text)]
    if len(thousands) and to_numbers(thousands, "comma").between(column.low, column.high).any():
        example = thousands.iloc[0].strip()
        raise AmbiguousNumbersError(
            f"Numbers such as {example} can be thousands, or have three decimals.",
            "Say which: “Decimal mark” on the Data page, or --decimal-mark on the command line.",
            file=table.name,
            column=_header(column, table),
        )
    return decimal_mark(text)


def _date_order(text: pd.Series, column: Column, table: MatchedTable, rules: Rules) -> Order:
    if rules.intake.date_order != "auto":
        return rules.intake.date_order
    votes = date_orders(text)
    if votes["day_first"] != votes["month_first"]:
        return max(votes, key=lambda order: votes[order])
    if has_two_orders(text):
        example = next(value for value in text if has_two_orders(pd.Series([value])))
        raise AmbiguousDatesError(
            f"Dates such as {example.strip()} can be read day first and month first.",
            "Say which it is: “Date order” in the sidebar, or --date-order on the command line.",
            file=table.name,
            column=_header(column, table),
        )
    return "day_first"


def _header(column: Column, table: MatchedTable) -> str:
    headers = (found.header for source in table.sources for found in source.matches if found.role == column.name)
    return next(headers, column.name)
