"""A table of transactions, many rows per customer → one row per customer: count, totals, averages, recency."""

from dataclasses import replace
from math import isnan
from typing import Final

import numpy as np
import pandas as pd

from core import exact
from core.cleaning.amounts import numbers_by
from core.cleaning.registry import clean_values
from core.cleaning.values import Fact
from core.intake.facts import Facts, decide_fact
from core.intake.match import MatchedTable
from core.intake.steps import Step, blank_ids, warning_steps
from core.rules import Rules
from core.schema import BY_NAME, ID, Column

TRANSACTIONS: Final = Column(
    "transactions", "number", "Transactions", "count", low=0, more="many transactions", less="few transactions"
)
RECENCY: Final = Column(
    "days_since_transaction", "number", "Days since last transaction", "days", low=0, more="long inactive",
    less="recently active",
)  # fmt: skip
DATE: Final = "transaction_date"
DIGITS: Final = 15  # significant digits that a float64 holds exactly
SMALL: Final = 1.0  # an average below it is not rounded to hundredths


def aggregate(table: MatchedTable, rules: Rules, facts: Facts | None = None) -> MatchedTable:
    """Count each customer's rows; total and average of every further number, days since the last date.

    Other columns of the schema keep the value of the customer's last row; categories of the file's own are dropped,
    since they are of one row. All cells stay text, as they are cleaned later.
    `facts` are about the whole table, where this is a part of it.

    Raises
    ------
    AmbiguousDatesError
        The dates fit both orders of day and month.
    """
    table = table.without(blank_ids(table.frame), "No customer id")
    codes, customers = pd.factorize(table.frame[ID])
    last = np.zeros(len(customers), "int64")
    last[codes] = np.arange(len(codes))  # the later row of a customer overwrites the earlier
    counts = np.bincount(codes, minlength=len(customers))
    measures = measures_of(table)
    kept = [column for column in table.columns if column not in measures and column.name not in (ID, DATE)]
    kept = [column for column in kept if column.name in BY_NAME]  # a product or channel is one row's, not a customer's
    data = {ID: customers.array}
    data |= {column.name: table.frame[column.name].array.take(last) for column in kept}
    columns = [BY_NAME[ID], *kept]
    computed = [(TRANSACTIONS, counts.astype("float64"))]
    if DATE in table.frame:
        fact = facts[DATE] if facts else decide_fact(BY_NAME[DATE], table, rules)
        computed.append((RECENCY, _days_since(table, codes, len(customers), rules, fact)))
    doubts = list[Step]()
    for column in measures:
        fact = facts[column.name] if facts else decide_fact(column, table, rules)
        doubts += warning_steps(column.label, column.name, fact.warnings, len(codes))
        computed += _totals(table, column, codes, len(customers), fact)
    data |= {column.name: pd.Categorical(_as_text(values)) for column, values in computed}
    columns += [column for column, _ in computed]
    index = pd.Index(table.frame.index.to_numpy()[last], name="line")
    step = Step(
        f"Counted the rows of {table.name} per customer: {', '.join(column.label.lower() for column, _ in computed)}",
        len(codes),
        len(customers),
        ID,
    )
    return replace(
        table,
        frame=pd.DataFrame(data, index=index),
        columns=tuple(columns),
        steps=(*table.steps, *doubts, step),
        merged=table.merged + len(codes) - len(customers),
        computed=table.computed | {column.name for column, _ in computed},
    )


def measures_of(table: MatchedTable) -> list[Column]:
    """The columns of which each customer gets the total and the average."""
    return [column for column in table.columns if column.kind == "number" and column.name not in BY_NAME]


def numbers_of(table: MatchedTable, column: Column, fact: Fact) -> np.ndarray:
    """The number in each row of a column, missing where there is none."""
    text = table.frame[column.name]
    return _by_row(text, numbers_by(_distinct(text), fact))


def _days_since(table: MatchedTable, codes: np.ndarray, size: int, rules: Rules, fact: Fact) -> np.ndarray:
    text = table.frame[DATE]
    dates, _ = clean_values(_distinct(text), BY_NAME[DATE], fact, as_of=rules.as_of)
    latest = np.full(size, np.nan)
    np.fmin.at(latest, codes, _by_row(text, (pd.Timestamp(rules.as_of) - dates).dt.days))
    return latest


def _totals(
    table: MatchedTable, column: Column, codes: np.ndarray, size: int, fact: Fact
) -> list[tuple[Column, np.ndarray]]:
    rows = numbers_of(table, column, fact)
    places = exact.decimals(pd.Series(rows)) if fact.places is None else fact.places
    number, units = exact.sums(rows, codes, size, places)
    total = np.where(number > 0, units / 10.0**places, np.nan)
    average = total / np.maximum(number, 1)
    return [
        (replace(column, name=f"{column.name}_total", label=f"{column.label} total"), total),
        (
            replace(column, name=f"{column.name}_average", label=f"{column.label} average"),
            np.where(np.abs(average) >= SMALL, np.round(average, 2), average),
        ),
    ]


def _distinct(text: pd.Series) -> pd.Series:
    return text.cat.categories.to_series().reset_index(drop=True).astype("str")


def _by_row(text: pd.Series, values: pd.Series) -> np.ndarray:
    """Spread values of distinct texts over their rows; NaN where a row has none."""
    codes = text.cat.codes.to_numpy()
    return np.where(codes >= 0, values.to_numpy("float64")[codes], np.nan)


def _as_text(values: np.ndarray) -> list[str]:
    return ["" if isnan(value) else f"{value:.{DIGITS}g}" for value in values.tolist()]
