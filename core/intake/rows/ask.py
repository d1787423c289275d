"""The question what a row is, with what each answer would give for one customer."""

from dataclasses import replace
from typing import Final

import pandas as pd

from core.cleaning.numbers import to_numbers
from core.errors import DataError
from core.figures import exact
from core.intake.match import MatchedTable
from core.intake.rows.collapse import collapse
from core.intake.rows.decide import ROWS, Decision
from core.intake.rows.profile import summed
from core.intake.steps import blank_ids, repeated, row_text
from core.questions import Option, Question
from core.rules import Rules, Way
from core.schema import ID, in_sentence

KEY: Final = "intake.rows"
ANSWERS: Final[tuple[Way, ...]] = ("account", "customer", "transaction")
DONE: Final = {
    "account": "Their amounts are added up.",
    "customer": "One row of each is used, the others are rejected.",
    "transaction": "They are counted and added up.",
}


def question(table: MatchedTable, decision: Decision, rules: Rules) -> Question:
    """What is a row of this table? Three answers, each with the first customer that it changes."""
    one = _customer(table)
    customers = table.frame[ID].nunique()
    return Question(
        KEY,
        table.name,
        f"{table.name}: {decision.doubt}. {DONE[decision.way]} If that is wrong, say what a row is.",
        decision.way,
        tuple(
            Option(way, ROWS[way][0].capitalize(), f"{customers:,} customers; {_preview(one, way, rules)}")
            for way in ANSWERS
        ),
        tuple(row_text(one.frame)[:3]),
    )


def _customer(table: MatchedTable) -> MatchedTable:
    """The rows of the first customer, by id, whose amounts differ."""
    amounts = [column.name for column in summed(table.columns)]
    rows = table.frame[repeated(table.frame[ID], keep=False) & ~blank_ids(table.frame)]
    differ = rows.groupby(ID)[amounts].nunique().gt(1).any(axis=1) if amounts else pd.Series(dtype="bool")
    ids = sorted(differ.index[differ] if differ.any() else rows[ID].unique(), key=lambda text: (len(text), text))
    own = rows[rows[ID].eq(ids[0])]
    own = own.assign(**{name: own[name].cat.remove_unused_categories() for name in own if name != ID})
    return replace(table, frame=own)


def _preview(one: MatchedTable, way: Way, rules: Rules) -> str:
    """`customer 3 has balance 126,000`."""
    amount = next(iter(summed(one.columns)), None)
    try:
        row = collapse(one, way, rules).frame.iloc[0]
    except DataError:  # numbers of a few rows can be read in two ways
        return "no example"
    name = next((name for name in row.index if amount and name in (amount.name, f"{amount.name}_total")), None)
    if amount is None or name is None:
        return f"customer {row[ID]} has {len(one.frame)} rows"
    number = to_numbers(pd.Series([str(row[name])])).iloc[0]
    return f"customer {row[ID]} has {in_sentence(amount.name, amount.label)} {exact(number)}"
