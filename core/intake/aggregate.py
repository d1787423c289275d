"""Many rows per customer → one: transactions are counted and summed, accounts added up."""

from collections.abc import Callable
from dataclasses import replace
from math import isnan
from typing import Final

import numpy as np
import pandas as pd

from core import exact
from core.cleaning.amounts import numbers_by
from core.cleaning.values import Fact
from core.intake.facts import Facts, decide_fact
from core.intake.match import MatchedTable
from core.intake.rows.dates import NEVER, SECONDS, seconds_of, times_of
from core.intake.rows.kept import Groups, distinct, last, latest, least, order_votes, place_of, several, usual
from core.intake.rows.keys import row_keys
from core.intake.rows.profile import STOCKS
from core.intake.steps import Step, blank_ids, warning_steps
from core.meanings import Merged, meaning_of
from core.rules import Rules, Way
from core.schema import BY_NAME, ID, Column, in_sentence

TRANSACTIONS: Final = Column(
    "transactions", "number", "Transactions", low=0, more="many transactions", less="few transactions",
    meaning="activity",
)  # fmt: skip
RECENCY: Final = Column(
    "days_since_transaction", "number", "Days since last transaction", "days", low=0, more="long inactive",
    less="recently active", meaning="recency",
)  # fmt: skip
SPEND: Final = Column("spend_total", "number", "Spend total", more="high spend", less="low spend", meaning="spend")
ACCOUNTS: Final = Column(
    "accounts", "number", "Accounts", low=0, more="many accounts", less="few accounts", meaning="number"
)
FACTORS: Final = ("quantity", "unit_price")  # meanings of the columns whose product is what was paid
DATE: Final = "transaction_date"
ADDED_UP, COUNTED = "Added up the accounts of each customer in", "Counted the rows of"
DIFFER: Final = (
    "{}: where the accounts of a customer differ, took the most frequent, of equally frequent ones the first in the "
    "alphabet"
)
DIGITS: Final = 15  # significant digits that a float64 holds exactly
SMALL: Final = 1.0  # an average below it is not rounded to hundredths


def aggregate(table: MatchedTable, rules: Rules, facts: Facts | None = None, way: Way = "transaction") -> MatchedTable:
    """One row per customer, of transactions or accounts; all cells stay text, as they are cleaned later.

    Transactions are counted, with the total and average of every number that flows, and the days since the last;
    other columns keep the latest value that is known. Accounts are counted, and their amounts added up; other columns
    keep the most frequent value. The order of the rows decides nothing but which of several balances of a customer's
    last time is the last (`rows.kept.last`). `facts` are about the whole table, where this is a part of it.

    Raises
    ------
    AmbiguousDatesError
        The dates fit both orders of day and month.
    """
    table = table.without(blank_ids(table.frame), "No customer id")
    codes, customers = pd.factorize(table.frame[ID])
    groups = Groups(codes, len(customers))
    warnings = list[Step]()

    def fact_of(column: Column) -> Fact:
        fact = facts[column.name] if facts else decide_fact(column, table, rules)
        warnings.extend(warning_steps(column.label, column.name, fact.warnings, len(codes)))
        return fact

    if way == "account":
        kept, computed, said = _of_accounts(table, groups, rules, fact_of)
        title = f"{ADDED_UP} {table.name}"
    else:
        kept, computed, said = _of_transactions(table, groups, rules, fact_of, facts)
        title = f"{COUNTED} {table.name} per customer"
    merged = {column.name: pd.Categorical(_as_text(values)) for column, values in computed}
    columns = _in_order(table, way, [BY_NAME[ID], *(column for column, _ in [*kept, *computed])])
    cells = {ID: customers.array} | {column.name: text for column, text in kept} | merged
    first = np.zeros(len(customers), "int64")
    first[codes[::-1]] = np.arange(len(codes))[::-1]
    names = ", ".join(in_sentence(column.name, column.label) for column, _ in computed)
    step = Step(f"{title}: {names}", len(codes), len(customers), ID)
    return replace(
        table,
        frame=pd.DataFrame(
            {column.name: cells[column.name] for column in columns},
            index=pd.Index(table.frame.index.to_numpy()[first], name="line"),
        ),
        columns=tuple(columns),
        steps=(*table.steps, *warnings, step, *said),
        merged=table.merged + len(codes) - len(customers),
        computed=table.computed | {column.name for column, _ in computed},
    )


def _in_order(table: MatchedTable, way: Way, columns: list[Column]) -> list[Column]:
    """Columns of accounts in the order of the table: a balance stays where it was."""
    order = {column.name: at for at, column in enumerate(table.columns)}
    return sorted(columns, key=lambda column: order.get(column.name, len(order)) if way == "account" else 0)


def measures_of(table: MatchedTable, way: Way = "transaction") -> list[Column]:
    """The columns that are added up or averaged per customer."""
    return [column for column in table.columns if column.kind == "number" and _merged(column, way) != "latest"]


def numbers_of(table: MatchedTable, column: Column, fact: Fact) -> np.ndarray:
    """The number in each row of a column, missing where there is none."""
    text = table.frame[column.name]
    return _by_row(text, numbers_by(distinct(text), fact))


def _merged(column: Column, way: Way) -> Merged:
    """How a number is merged; what a customer has at a time is not added up over time."""
    meaning = meaning_of(column.meaning)
    if way == "transaction" and (column.name in BY_NAME or meaning.key in STOCKS):
        return "latest"
    return meaning.merged


Kept = list[tuple[Column, pd.Categorical]]
Computed = list[tuple[Column, np.ndarray]]


def _of_transactions(
    table: MatchedTable, groups: Groups, rules: Rules, fact_of: Callable[[Column], Fact], facts: Facts | None
) -> tuple[Kept, Computed, list[Step]]:
    measures = measures_of(table)
    others = [column for column in table.columns if column not in measures and column.name not in (ID, DATE)]
    counts = np.bincount(groups.codes, minlength=groups.size)
    computed: Computed = [(TRANSACTIONS, counts.astype("float64"))]
    if DATE in table.frame or others:
        groups = replace(groups, times=_times(table, rules, fact_of))
    if DATE in table.frame:
        computed.append((RECENCY, _days_since(groups, rules)))
    known = {column.name: fact_of(column) for column in measures}
    for column in measures:
        computed += _totals(table, column, groups, known[column.name])
    computed += _spend(table, measures, groups, known)

    def amounts() -> list[np.ndarray]:
        flows = [column for column in measures if _merged(column, "transaction") == "sum"]
        return [numbers_of(table, column, known[column.name]) for column in sorted(flows, key=lambda one: one.name)]

    kept: Kept = []
    said: list[Step] = []
    for column in others:
        rows = latest(table.frame[column.name], groups)
        if is_running(column):
            fact = facts[column.name] if facts else decide_fact(column, table, rules)
            told = fact.row_order if facts else None
            rows, steps = last(column, rows, numbers_of(table, column, fact), groups, place_of(table), amounts, told)
            said += steps
        kept.append((column, usual(table.frame[column.name], groups, rows)))
    return kept, computed, said


def is_running(column: Column) -> bool:
    """Whether a number of transactions is what a customer has after each, as a balance is."""
    return column.kind == "number" and column.meaning in STOCKS


def votes_on_order(table: MatchedTable, rules: Rules, facts: Facts) -> np.ndarray:
    """`kept.order_votes` of transactions; a part with all rows of its customers has a share in those of the whole."""
    table = table.without(blank_ids(table.frame), "No customer id")
    codes, customers = pd.factorize(table.frame[ID])
    times = _times(table, rules, lambda column: facts[column.name])
    return order_votes(Groups(codes, len(customers), times), place_of(table))


def _times(table: MatchedTable, rules: Rules, fact_of: Callable[[Column], Fact]) -> np.ndarray | None:
    """The time of each row; None where no column has dates."""
    if DATE in table.frame:
        text = table.frame[DATE]
        return _codes_by_row(text, seconds_of(distinct(text), BY_NAME[DATE], fact_of(BY_NAME[DATE]), rules.as_of))
    if "date" in (keys := row_keys(table)):
        text = keys["date"].astype("category")
        return _codes_by_row(text, times_of(distinct(text), rules, table.name, "date"))
    return None


def _of_accounts(
    table: MatchedTable, groups: Groups, rules: Rules, fact_of: Callable[[Column], Fact]
) -> tuple[Kept, Computed, list[Step]]:
    measures = measures_of(table, "account")
    kept: Kept = []
    computed: Computed = []
    said: list[Step] = []
    for column in table.columns:
        text = None if column.kind == "id" else table.frame[column.name]
        if column in measures:
            total, average = _sum(table, column, groups, fact_of(column))
            computed.append((column, total if _merged(column, "account") == "sum" else average))
        elif text is not None and column.meaning == "tenure":
            kept.append((column, _longest(text, column, fact_of(column), groups, rules)))
        elif text is not None:
            rows = latest(text, groups)
            kept.append((column, usual(text, groups, rows)))
            differ = int(several(groups.codes[rows], text.cat.codes.to_numpy()[rows], groups.size).sum())
            said += [Step(DIFFER.format(column.label), groups.size, groups.size, column.name, differ)] * (differ > 0)
    if ACCOUNTS.name not in table.frame:
        computed.append((ACCOUNTS, np.bincount(groups.codes, minlength=groups.size).astype("float64")))
    return kept, computed, said


def _days_since(groups: Groups, rules: Rules) -> np.ndarray:
    """Whole days since the latest time of each customer."""
    assert groups.times is not None
    known = groups.times != NEVER
    days = (pd.Timestamp(rules.as_of) - pd.Timestamp(0)).days - groups.times[known] // SECONDS
    fewest = np.full(groups.size, np.nan)
    np.fmin.at(fewest, groups.codes[known], days.astype("float64"))
    return fewest


def _totals(table: MatchedTable, column: Column, groups: Groups, fact: Fact) -> Computed:
    """Total and average; of a share or ratio the average only."""
    total, average = _sum(table, column, groups, fact)
    both = [
        (replace(column, name=f"{column.name}_total", label=f"{column.label} total"), total),
        (replace(column, name=f"{column.name}_average", label=f"{column.label} average"), average),
    ]
    return both if _merged(column, "transaction") == "sum" else both[1:]


def _spend(table: MatchedTable, measures: list[Column], groups: Groups, facts: Facts) -> Computed:
    """The total of quantity × price of one, where a table has both and no amount of its own."""
    of = {
        meaning: [one for one in measures if one.meaning == meaning] for meaning in ("quantity", "unit_price", "spend")
    }
    if of["spend"] or not (of["quantity"] and of["unit_price"]):
        return []
    factors = [of["quantity"][0], of["unit_price"][0]]
    rows = np.prod([numbers_of(table, column, facts[column.name]) for column in factors], axis=0)
    places = [facts[column.name].places for column in factors]
    return [(SPEND, _summed(rows, groups, sum(one for one in places if one) if None not in places else None)[0])]


def _sum(table: MatchedTable, column: Column, groups: Groups, fact: Fact) -> tuple[np.ndarray, np.ndarray]:
    """Total and average of each customer's numbers, missing where there is none."""
    return _summed(numbers_of(table, column, fact), groups, fact.places)


def _summed(rows: np.ndarray, groups: Groups, places: int | None) -> tuple[np.ndarray, np.ndarray]:
    """The same of the number in each row, to some decimal places; as many as it has unless given."""
    if places is None:
        places = exact.decimals(pd.Series(rows))
    number, units = exact.sums(rows, groups.codes, groups.size, places)
    total = np.where(number > 0, units / 10.0**places, np.nan)
    average = total / np.maximum(number, 1)
    return total, np.where(np.abs(average) >= SMALL, np.round(average, 2), average)


def _longest(text: pd.Series, column: Column, fact: Fact, groups: Groups, rules: Rules) -> pd.Categorical:
    """The earliest date, or the largest number, of each customer: how long somebody has been one."""
    if column.kind == "date":
        size = seconds_of(distinct(text), column, fact, rules.as_of).astype("float64")
        size[size == NEVER] = np.nan
    else:
        size = -numbers_by(distinct(text), fact).to_numpy("float64")
    return least(text, size, groups)


def _by_row(text: pd.Series, values: pd.Series) -> np.ndarray:
    """Spread values of distinct texts over their rows; NaN where a row has none."""
    codes = text.cat.codes.to_numpy()
    return np.where(codes >= 0, values.to_numpy("float64")[codes], np.nan)


def _codes_by_row(text: pd.Series, times: np.ndarray) -> np.ndarray:
    """Spread times of distinct texts over their rows."""
    return np.asarray(np.append(times, NEVER)[text.cat.codes.to_numpy()])


def _as_text(values: np.ndarray) -> list[str]:
    return ["" if isnan(value) else f"{value:.{DIGITS}g}" for value in values.tolist()]
