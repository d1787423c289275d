"""The input of cleaning rules: the distinct values of one column, and facts about the whole column."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from core.cleaning.date_forms import Order
from core.cleaning.numbers import Mark
from core.schema import BLANKS, Column

# A note on a change → which values it was made to. Trimming is no change.
Changes = Mapping[str, np.ndarray]
RowOrder = Literal["", "oldest first", "newest first"]

_BLANKS = pa.array(sorted(BLANKS), pa.large_string())


@dataclass(frozen=True)
class Fact:
    """Facts about a whole column: order of dates, decimal mark, usual spelling of each word.

    `places` are the decimals its numbers are summed in (`core.exact`); None to count them in the numbers.
    `currency` is the sign that all its amounts have, empty for none. `country` is the code of the country that the
    whole file is of, the same for all its columns; empty for none. `countries` are the codes of those that fit as
    well as each other, where none leads. `epoch` says how bare numbers are dates (a key of
    `cleaning.epochs.EPOCHS`). `dash_is_zero` is true in a column of accounting formats, `cr_is_crore` where CR is
    no credit. `answers` are texts that mean
    yes or no in this column only. `row_order` says how the rows of a customer stand in the file by their time, empty
    where they do not tell; only a running number needs it. `warnings` are sentences on the whole column.
    """

    date_order: Order = "day_first"
    decimal_mark: Mark = "point"
    usual: Mapping[str, str] = field(default_factory=dict)
    places: int | None = None
    currency: str = ""
    country: str = ""
    countries: tuple[str, ...] = ()
    epoch: str = ""
    dash_is_zero: bool = False
    cr_is_crore: bool = False
    answers: Mapping[str, str] = field(default_factory=dict)
    row_order: RowOrder = ""
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Cells:
    """The distinct values of one column while they are cleaned: `text` of the file, and current `values`."""

    text: pd.Series
    values: pd.Series
    column: Column
    fact: Fact
    as_of: date


def as_categories(text: pd.Series) -> pd.Series:
    """Text as categories in order of appearance; categories stay as they are."""
    if isinstance(text.dtype, pd.CategoricalDtype):
        return text
    codes, values = pd.factorize(text)
    return pd.Series(pd.Categorical.from_codes(codes, values, validate=False), index=text.index)


def is_blank(text: pd.Series) -> pd.Series:
    """Which values mean "no value" (`schema.BLANKS`)."""
    words = pc.utf8_lower(pc.utf8_trim_whitespace(pa.array(text, pa.large_string())))
    return pd.Series(pc.is_in(words, value_set=_BLANKS).to_numpy(zero_copy_only=False), index=text.index)


def tidy(text: pd.Series) -> pd.Series:
    """Trimmed, with single spaces."""
    return text.str.split().str.join(" ")
