"""A formula that is picked: what of which column, and of which customers; the parser reads what is written."""

import re
from collections.abc import Mapping
from typing import Final, Literal

from core.measures.columns import SHORT, Columns, named
from core.measures.nodes import Comparison, Counting, Summing

Function = Counting | Summing
Test = tuple[str, ...] | tuple[Comparison, float]  # one of some values; or how a number compares
FUNCTIONS: Final[Mapping[Function, str]] = {"count": "Count", "share": "Share", "mean": "Average", "sum": "Total"}
COMPARISONS: Final[Mapping[Comparison, str]] = {
    ">=": "at least", "<=": "at most", "=": "exactly", ">": "over", "<": "under", "!=": "not",
}  # fmt: skip
NAME: Final = re.compile(r"[^\W\d]\w*")  # what the language takes for a name
Quote = Literal['"', "'"]


def pickable(columns: Columns) -> Columns:
    """The columns that a formula can spell, with the values that it can quote; there is no escape for a quote."""
    spelt = {name: known for name, known in columns.items() if NAME.fullmatch(name)}
    return {
        name: known if isinstance(known, int) else tuple(value for value in known if not {'"', "'"} <= {*value})
        for name, known in spelt.items()
    }


def formula(function: Function, column: str, test: Test, where: Mapping[str, Test], columns: Columns) -> str:
    """`formula("mean", "purchases", (), {"gender": ("Female",)}, …)` → `mean(purchases where gender = "Female")`.

    `test` is what a share is of: `column` must pass it. A count has no column. Empty where something is not picked
    yet; a test without values is left out.
    """
    conditions = [_condition(name, one, columns) for name, one in where.items() if one]
    if function == "count":
        return f"count({' and '.join(conditions)})" if conditions else "customers"
    if not column or (function == "share" and not test):
        return ""
    what = _condition(column, test, columns) if function == "share" else _name(column, columns)
    return f"{function}({what} where {' and '.join(conditions)})" if conditions else f"{function}({what})"


def _condition(column: str, test: Test, columns: Columns) -> str:
    name, known = _name(column, columns), columns[column]
    if isinstance(known, int):
        comparison, value = test
        return f"{name} {comparison} {value:.15g}"
    if test == ("Yes",):
        return name
    texts = [f"{name} = {_quoted(str(value))}" for value in test]
    return texts[0] if len(texts) == 1 else f"({' or '.join(texts)})"


def _name(column: str, columns: Columns) -> str:
    """The column's own name, or a short one."""
    return next((short for short in [*SHORT][::-1] if named(columns, short) == column), column)


def _quoted(value: str) -> str:
    quote: Quote = "'" if '"' in value else '"'
    return f"{quote}{value}{quote}"
