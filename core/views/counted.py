"""Frames of one row per customer, or counted: each row of a counted frame has a number of customers."""

import re
from collections.abc import Mapping
from typing import Any, Final

import pandas as pd

BINS: Final = re.compile(r"(.+) by (\d+(?:\.\d+)?(?:e\+\d+)?)")  # what `in_bins` writes
LOWS: Final = ("age_low", "value_low")  # fields of a chart with the lower edges of the two bins of a mark, as text
COUNT: Final = "customers"  # the column that says how many; no file has one of this name (`schema.RESERVED`)


def is_counted(customers: pd.DataFrame) -> bool:
    """Whether a row stands for a number of customers, and not for one."""
    return COUNT in customers


def size(customers: pd.DataFrame) -> int:
    """How many customers there are, counted already or not."""
    return int(customers[COUNT].sum()) if is_counted(customers) else len(customers)


def carried(customers: pd.DataFrame, columns: Mapping[str, Any]) -> pd.DataFrame:
    """Other columns of the same customers; a counted frame keeps its counts."""
    more = {COUNT: customers[COUNT].array} if is_counted(customers) else {}
    return pd.DataFrame({**columns, **more}, index=customers.index, copy=False)


def in_bins(name: str, step: float) -> str:
    """The column of customers counted by bins of a number, each as its lower edge; no file has such a name."""
    return f"{name} by {step:g}"
