"""A measure's value per cluster and in total, from one small table of counts and sums."""

import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np
import pandas as pd

from core.measures.columns import Columns
from core.measures.nodes import (
    Compared,
    Condition,
    Counted,
    Customers,
    Joined,
    Negative,
    Node,
    Number,
    Operation,
    Summed,
    Value,
)
from core.schema import CLUSTER, UNKNOWN, YES_NO
from core.views.counted import carried, is_counted
from core.views.summary import mean, with_everybody
from core.views.tables import count, total

COMPARE: Final[Mapping[str, Callable[..., Any]]] = {
    "=": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
COMPUTE: Final[Mapping[str, Callable[..., Any]]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv,
}  # fmt: skip


def counts(customers: pd.DataFrame, nodes: Sequence[Node], columns: Columns) -> pd.DataFrame:
    """The one table that formulas need: by Cluster, a flag per condition and a sum per column (`tables.count`).

    It holds whole numbers only, so the tables of two halves of the customers add up to the whole's;
    `columns` is that of all customers (`columns_of`). One condition is looked at after the other, so that
    memory does not grow with their number.
    """
    parts = [part for node in nodes for part in _aggregates(node)]
    decimals = {name: known for name, known in columns.items() if isinstance(known, int)}
    summed = dict.fromkeys(part for part in parts if isinstance(part, Summed))
    sums = {part.column: decimals[part.column] for part in summed if part.where is None}
    some = (
        _partial_sums(part.column, decimals[part.column], part.where, customers)
        for part in dict.fromkeys(replace(part, function="sum") for part in summed)
        if part.where is not None
    )
    counted = dict.fromkeys((part.condition, part.where) for part in parts if isinstance(part, Counted))
    flags = (_flag_counts(condition, where, customers) for condition, where in counted)
    return pd.concat([count(customers, [CLUSTER], sums=sums), *some, *flags], axis=1)


def evaluate(node: Node, table: pd.DataFrame) -> pd.Series:
    """The value in total, labelled "", and then by cluster; NaN where there is no value or a division by zero.

    `table` is that of `counts`, or a sum of such tables.
    """
    rows = with_everybody(table)
    with np.errstate(all="ignore"):
        values = np.broadcast_to(np.asarray(_value(node, rows), "float64"), len(rows))
    return pd.Series(np.where(np.isfinite(values), values, np.nan), rows[CLUSTER].tolist())


def columns_of(node: Node) -> tuple[set[str], set[str]]:
    """The columns that a formula compares, and those that it sums."""
    parts = [*_aggregates(node)]
    conditions = [part.condition for part in parts if isinstance(part, Counted)]
    conditions += [part.where for part in parts if part.where is not None]
    compared = (one.column for condition in conditions for one in _compared(condition))
    return set(compared), {part.column for part in parts if isinstance(part, Summed)}


def holds(condition: Condition, customers: pd.DataFrame) -> np.ndarray:
    """For which customers, a row each, a condition is true: neither false nor unknown."""
    return _holds(condition, customers)[0]


def row_values(node: Node, customers: pd.DataFrame) -> np.ndarray:
    """The value of a formula of one customer (`parse_row`) in each row; NaN where there is none, or it is infinite."""
    with np.errstate(all="ignore"):
        values = np.broadcast_to(np.asarray(_value(node, customers), "float64"), len(customers))
    return np.where(np.isfinite(values), values, np.nan)


def _compared(condition: Condition) -> Iterator[Compared]:
    if isinstance(condition, Joined):
        yield from _compared(condition.left)
        yield from _compared(condition.right)
    else:
        yield condition


def _value(node: Node, rows: pd.DataFrame) -> Any:  # a number, or an array of one per row
    match node:
        case Number(value):
            return np.float64(value)
        case Value(column):
            return rows[column].to_numpy("float64", na_value=np.nan)
        case Customers():
            return rows["customers"].to_numpy("float64")
        case Negative(operand):
            return -_value(operand, rows)
        case Operation(sign, left, right):
            return COMPUTE[sign](_value(left, rows), _value(right, rows))
        case Counted(function, condition, where):
            yes, known = (rows[f"{_name(condition, where)}_{end}"].to_numpy("float64") for end in ("yes", "known"))
            return yes if function == "count" else yes / known
        case Summed(function, column, where):
            name = column if where is None else _name(column, where)
            found = mean(rows, name) if function == "mean" else total(rows, name).where(rows[f"{name}_n"] > 0)
            return found.to_numpy("float64")


def _aggregates(node: Node) -> Iterator[Counted | Summed]:
    match node:
        case Counted() | Summed():
            yield node
        case Negative(operand):
            yield from _aggregates(operand)
        case Operation(_, left, right):
            yield from _aggregates(left)
            yield from _aggregates(right)


def _flag_counts(condition: Condition, where: Condition | None, customers: pd.DataFrame) -> pd.DataFrame:
    """By Cluster, for how many the condition is true, and for how many it is known, of those for whom `where` is."""
    flag, (yes, no) = _name(condition, where), _holds(condition, customers)
    if where is not None:
        among, _ = _holds(where, customers)
        yes, no = yes & among, no & among
    codes = np.select([yes, no], [YES_NO.index("Yes"), YES_NO.index("No")], YES_NO.index(UNKNOWN))
    held = pd.Categorical.from_codes(codes, YES_NO, validate=False)
    counted = count(carried(customers, {CLUSTER: customers[CLUSTER].array, flag: held}), [CLUSTER], flags=[flag])
    return counted[[f"{flag}_yes", f"{flag}_known"]]


def _partial_sums(column: str, places: int, where: Condition, customers: pd.DataFrame) -> pd.DataFrame:
    """By Cluster, how many have a number, and its sum, of those for whom `where` is true."""
    name, (among, _) = _name(column, where), _holds(where, customers)
    ends = [f"_{end}" for end in ("n", f"sum_{places}")]
    if is_counted(customers):
        values = {f"{name}{end}": np.where(among, customers[f"{column}{end}"], 0) for end in ends}
    else:
        values = {name: np.where(among, customers[column].to_numpy("float64", na_value=np.nan), np.nan)}
    among_them = carried(customers, {CLUSTER: customers[CLUSTER].array, **values})
    return count(among_them, [CLUSTER], sums={name: places})[[f"{name}{end}" for end in ends]]


def _holds(condition: Condition, customers: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """For whom a condition is true and for whom false, the others being unknown (Kleene's logic).

    `and` and `or` are known where the other side decides.
    """
    if isinstance(condition, Compared):
        return _compares(condition, customers[condition.column])
    (yes, no), (also, neither) = _holds(condition.left, customers), _holds(condition.right, customers)
    return (yes & also, no | neither) if condition.word == "and" else (yes | also, no & neither)


def _compares(compared: Compared, values: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    compare = COMPARE[compared.comparison]
    if not isinstance(compared.value, str):
        numbers = values.to_numpy("float64", na_value=np.nan)
        found, known = compare(numbers, compared.value), ~np.isnan(numbers)
    else:  # once per value, and once for those who have none, whose code is -1
        names = np.array([*map(str, values.cat.categories), UNKNOWN], dtype=object)
        known = names != UNKNOWN if compared.value != UNKNOWN else np.arange(len(names)) < len(names) - 1
        found, known = (each[values.cat.codes.to_numpy()] for each in (compare(names, compared.value), known))
    return found & known, ~found & known


def _name(what: Condition | str, where: Condition | None) -> str:
    """A column's name that no column of the data has."""
    return f"({what!r} where {where!r})"
