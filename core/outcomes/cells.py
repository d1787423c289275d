"""Columns of text → the values of outcomes: yes or no, amounts, and days."""

from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import pandas as pd

from core.cleaning.dates import is_date_like
from core.cleaning.registry import clean_values
from core.cleaning.values import Fact, is_blank
from core.intake.facts import Whole, settle, votes
from core.intake.meaning.header import parse_header
from core.intake.read import TextTable
from core.outcomes.columns import ANSWER, answers_only, distinct
from core.rules import Rules
from core.schema import CURRENCY, UNKNOWN, Column

LATEST: Final = date(2099, 12, 31)  # years of two digits are of this century


@dataclass(frozen=True)
class Read:
    """A column by row, how many of its cells were not understood, and the currency that header or cells name.

    Of answers `blank` says which cells are empty, and `says_no` whether one is a no, so that a blank need not be one.
    """

    values: np.ndarray
    unread: int = 0
    currency: str = ""
    blank: np.ndarray | None = None
    says_no: bool = False


def conversions(table: TextTable, header: str, rules: Rules) -> Read:
    """Whether each row is a conversion: an answer, or a day where one is filled in. Blank is no."""
    text, codes = _texts(table, header)
    known = distinct(table.frame, header)
    blank = is_blank(text).to_numpy(bool)
    if len(known) and not answers_only(known) and is_date_like(known).all():
        return Read(np.r_[~blank, False][codes])
    values, _ = _cleaned(table, header, Column("answer", "yes_no", header, values=ANSWER.values), rules)
    words = values.astype("str")
    unread = words.eq(UNKNOWN).to_numpy(bool) & ~blank
    return Read(
        np.r_[words.eq("Yes").to_numpy(bool), False][codes], int(np.r_[unread, False][codes].sum()),
        blank=np.r_[blank, True][codes], says_no=bool(words[~blank].eq("No").any()),
    )  # fmt: skip


def amounts(table: TextTable, header: str, rules: Rules) -> Read:
    """The amount of each row; a blank, or what is no number, is 0.

    Raises
    ------
    AmbiguousNumbersError
        Its numbers can be thousands, or have decimals.
    """
    parsed = parse_header(header)
    column = Column(
        "amount", "number", header, unit=CURRENCY, header=header, times=parsed.times, currency=parsed.currency
    )
    values, fact = _cleaned(table, header, column, rules)
    text, codes = _texts(table, header)
    numbers = values.to_numpy("float64")
    unread = np.isnan(numbers) & ~is_blank(text).to_numpy(bool)
    counted = int(np.r_[unread, False][codes].sum())
    return Read(np.r_[np.nan_to_num(numbers), 0.0][codes], counted, parsed.currency or fact.currency)


def days(table: TextTable, header: str, rules: Rules) -> Read:
    """The day of each row as datetime64[D]; NaT where there is none.

    Raises
    ------
    AmbiguousDatesError
        The dates fit both orders of day and month.
    """
    values, _ = _cleaned(table, header, Column("day", "date", header), rules)
    by_code = np.r_[values.to_numpy("datetime64[D]"), np.datetime64("NaT", "D")]
    return Read(by_code[_texts(table, header)[1]])


def _texts(table: TextTable, header: str) -> tuple[pd.Series, np.ndarray]:
    """The categories of a column as text, and the number of each row's."""
    cells = table.frame[header].cat
    return cells.categories.to_series().reset_index(drop=True).astype("str"), cells.codes.to_numpy()


def _cleaned(table: TextTable, header: str, column: Column, rules: Rules) -> tuple[pd.Series, Fact]:
    """The clean value of each category of a column, and the facts of the column."""
    text, _ = _texts(table, header)
    own = votes(text, column, LATEST)
    fact = settle(column, Whole(table.name, (column,), lambda _: own, {column.name: header}), rules)
    return clean_values(text, column, fact, as_of=LATEST)[0], fact
