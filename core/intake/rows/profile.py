"""Counts over the rows of a table, by which it is decided what a row is."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from core.cleaning.numbers import decimal_mark, to_numbers
from core.cleaning.values import is_blank
from core.intake.match import MatchedTable
from core.intake.rows.keys import FILE, FILE_DATE, row_keys, unused_columns
from core.intake.steps import codes_of, identical, repeated
from core.meanings import meaning_of
from core.schema import ID, Column

# Amounts that a customer has at a time: added up over accounts, never over time.
STOCKS: Final = frozenset(("net_worth", "assets", "balance", "credit_limit", "property_value", "debt"))
# What does not differ between the rows of one customer, and by how much a number may (years that pass).
PERSON: Final = {"date_of_birth": 0.0, "birth_year": 1.0, "age": 10.0}


@dataclass(frozen=True)
class Profile:
    """What is counted of the rows that are not all the same as an earlier one.

    `several` are the customers with several such rows, who have `rows_of_several` rows with `dates` dates; of these
    rows `same_date` share customer, account and date with an earlier one, and so on for the other keys. `accounts`,
    `amounts` and `persons` count customers whose accounts, summed numbers, or birth differ between their rows;
    `conflicts` those whose rows in several files have other values, blanks aside.
    """

    rows: int = 0
    repeats: int = 0
    customers: int = 0
    several: int = 0
    rows_of_several: int = 0
    dates: int = 0
    file_dates: int = 0
    same_date: int = 0
    same_file: int = 0
    same_update: int = 0
    same_account: int = 0
    accounts: int = 0
    products: int = 0
    amounts: int = 0
    persons: int = 0
    conflicts: int = 0


def summed(columns: tuple[Column, ...]) -> list[Column]:
    """The numbers that are added up over a customer's accounts."""
    return [column for column in columns if column.kind == "number" and meaning_of(column.meaning).merged == "sum"]


def same_rows(table: MatchedTable) -> np.ndarray:
    """Mask of rows that repeat an earlier one in every column of the file."""
    if table.ids_differ or not (again := repeated(table.frame[ID], keep=False)).any():
        return np.zeros(len(table.frame), bool)
    more = unused_columns(table, again)
    if more is not None and any(map(_all_differ, (more[name] for name in more))):
        return np.zeros(len(table.frame), bool)
    same = np.zeros(len(table.frame), bool)
    same[again] = identical(table.frame[again], more)
    return same


def _all_differ(cells: pd.Series) -> bool:
    """Whether a column of many texts has none twice, such as the numbers of transactions."""
    if isinstance(cells.dtype, pd.CategoricalDtype):
        return False
    return bool(pc.count_distinct(pa.array(cells, pa.large_string())).as_py() == len(cells))


def profile(table: MatchedTable, keys: pd.DataFrame | None = None, same: np.ndarray | None = None) -> Profile:
    """The profile of a table with ids; rows without an id count for nothing."""
    ids = table.frame[ID]
    if table.ids_differ:
        return Profile(len(ids), customers=len(ids))
    counts = ids.ne("").to_numpy(bool) & ~(same_rows(table) if same is None else same)
    different = table.frame[counts]
    again = repeated(different[ID], keep=False)
    repeats = int(repeated(different[ID]).sum())
    if not repeats:
        return Profile(len(different), customers=len(different))
    rows = different[again]
    keys = (row_keys(table) if keys is None else keys).loc[rows.index]
    codes = codes_of(rows[ID])
    columns = {name: codes_of(keys[name]) for name in keys}
    account = columns.get("account", columns.get("product", np.zeros(len(rows), "int64")))

    def same_as(*names: str) -> int:
        """The rows with customer, account and the first of some keys of an earlier one; 0 where no key is there."""
        key = next((columns[name] for name in names if name in columns), None)
        if key is None:
            return 0
        return int(pd.DataFrame({"id": codes, "account": account, "key": key}).duplicated().sum())

    return Profile(
        rows=len(different),
        repeats=repeats,
        customers=len(different) - repeats,
        several=int(codes.max()) + 1,
        rows_of_several=len(rows),
        dates=_number(columns.get("date")),
        file_dates=_number(columns.get(FILE_DATE)),
        same_date=same_as("date", FILE_DATE),
        same_file=same_as(FILE),
        same_update=same_as("updated"),
        same_account=same_as("account", "product"),
        accounts=_varying(codes, columns.get("account")),
        products=_varying(codes, columns.get("product")),
        amounts=int(_any(codes, [codes_of(rows[column.name]) for column in summed(table.columns)]).sum()),
        persons=_other_persons(rows, codes),
        conflicts=_conflicts(rows, codes) if FILE in keys else 0,
    )


def _number(codes: np.ndarray | None) -> int:
    return 0 if codes is None else len(np.unique(codes))


def _varying(codes: np.ndarray, values: np.ndarray | None) -> int:
    return 0 if values is None else int(_any(codes, [values]).sum())


def _any(codes: np.ndarray, columns: list[np.ndarray]) -> np.ndarray:
    """Which groups have different values in one of the columns."""
    size = int(codes.max(initial=-1)) + 1
    differs = np.zeros(size, bool)
    first = np.zeros(size, "int64")
    first[codes[::-1]] = np.arange(len(codes))[::-1]
    for values in columns:
        differs[codes[values != values[first[codes]]]] = True
    return differs


def _conflicts(rows: pd.DataFrame, codes: np.ndarray) -> int:
    differs = np.zeros(int(codes.max()) + 1, bool)
    for name in rows.columns.drop(ID):
        filled = ~is_blank(rows[name].astype("str").fillna("")).to_numpy()
        values = codes_of(rows[name])[filled]
        groups, of_group = pd.factorize(codes[filled])
        differs[of_group] |= _any(groups, [values])
    return int(differs.sum())


def _other_persons(rows: pd.DataFrame, codes: np.ndarray) -> int:
    """How many customers have a birth or an age that cannot be of one person."""
    name = next((name for name in PERSON if name in rows), None)
    if name is None:
        return 0
    text = rows[name].astype("str").fillna("").reset_index(drop=True)
    filled = ~is_blank(text).to_numpy()
    if name == "date_of_birth":
        births = pd.factorize(text[filled])[0]
        return int(_any(pd.factorize(codes[filled])[0], [births]).sum())
    numbers = to_numbers(text, decimal_mark(text)).where(filled)
    ages = numbers.groupby(codes)
    spread = ages.max() - ages.min()
    return int((spread > PERSON[name]).sum())
