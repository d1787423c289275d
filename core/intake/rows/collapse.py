"""The rows of one table → one row per customer, by what a row is."""

from dataclasses import replace

import numpy as np
import pandas as pd

from core.intake.aggregate import aggregate
from core.intake.facts import Facts
from core.intake.match import MatchedTable
from core.intake.rows.decide import Decision, decide
from core.intake.rows.keys import row_keys
from core.intake.rows.newest import newest
from core.intake.rows.profile import profile, same_rows
from core.intake.steps import repeated
from core.rules import Rules, Way
from core.schema import ID


def decided(table: MatchedTable, rules: Rules) -> tuple[MatchedTable, Decision]:
    """The table without repeats of whole rows, where it is not of customers, and what a row of it is.

    Raises
    ------
    DataError
        Its rows contradict each other, and nothing says which to use.
    """
    if table.ids_differ:
        return table, Decision("customer")
    same = same_rows(table)
    keys = row_keys(table) if repeated(table.frame[ID]).any() else None
    names = ", ".join(sorted(name for _, name in table.starts)) or table.name
    decision = decide(
        profile(table, keys, same), () if keys is None else (*keys,), table.columns, rules.intake.rows, names
    )
    if decision.way == "customer" and keys is not None:
        return _fullest_first(table), decision
    return _without_repeats(table, decision.way, same, numbered=keys is not None and "reference" in keys), decision


def without_repeats(table: MatchedTable, way: Way) -> MatchedTable:
    """The table without repeats of whole rows, where it is not of customers; it may be a part with all their rows."""
    if way == "customer":
        return table
    return _without_repeats(table, way, same_rows(table), numbered="reference" in row_keys(table))


def _without_repeats(table: MatchedTable, way: Way, same: np.ndarray, *, numbered: bool) -> MatchedTable:
    """Transactions that are equal are two, unless they are numbered."""
    if not same.any() or (way == "transaction" and not numbered):
        return table
    return table.without(same, "The same row stands before it", "removed", "Removed identical repeats of a row")


def collapse(table: MatchedTable, way: Way, rules: Rules, facts: Facts | None = None) -> MatchedTable:
    """One row per customer; rows of customers that contradict each other stay."""
    if way in ("snapshot", "record"):
        table = newest(table, way, rules)
        if not repeated(table.frame[ID]).any():
            return table
        keys = row_keys(table)
        way = "account" if {"account", "product"} & {*keys} else "customer"
    if way == "customer":
        return _fullest_first(table) if not table.ids_differ else table
    return aggregate(table, rules, facts, way)


def _fullest_first(table: MatchedTable) -> MatchedTable:
    """The rows of a repeated id in an order that theirs does not decide: most filled cells first, then by text."""
    again = np.flatnonzero(repeated(table.frame[ID], keep=False))
    if not len(again):
        return table
    rows = table.frame.iloc[again]
    coded = [pd.factorize(rows[name].astype("str").fillna(""), sort=True) for name in sorted(rows)]
    cells = [np.array([bool(value.strip()) for value in values])[codes] for codes, values in coded]
    filled = np.sum(cells, axis=0)
    order = np.lexsort((*(codes for codes, _ in reversed(coded)), -filled))
    whole = np.arange(len(table.frame))
    # Each customer's rows stand in the places that they had, in their new order.
    codes = rows[ID].astype("category").cat.codes.to_numpy()
    places = again[np.argsort(codes, kind="stable")]
    whole[places] = again[order[np.argsort(codes[order], kind="stable")]]
    return replace(table, frame=table.frame.iloc[whole])
