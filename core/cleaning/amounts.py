"""Cleaning rules of numbers: read them, keep those in the column's valid range, count years in whole ones."""

import numpy as np
import pandas as pd

from core.cleaning.durations import durations
from core.cleaning.numbers import is_bare_dash, to_numbers, with_crore
from core.cleaning.values import Cells, Changes, Fact, is_blank
from core.figures import exact


def read_numbers(cells: Cells) -> tuple[pd.Series, Changes]:
    """Text → float64 in the unit of the column (`Column.times`); what is no number is missing.

    A dash is 0 where the column has an accounting format.
    """
    values = numbers_by(cells.text, cells.fact) * cells.column.times
    if cells.column.unit == "months":
        values = (durations(cells.text) * 12).fillna(values)
    wrong = np.array(values.isna())
    wrong[wrong] = ~is_blank(cells.text[wrong]).to_numpy()
    zero = is_bare_dash(cells.text).to_numpy(bool) if cells.fact.dash_is_zero else np.zeros(len(values), bool)
    return values, {"not a number, set to missing": wrong, "a dash alone read as 0": zero}


def numbers_by(text: pd.Series, fact: Fact) -> pd.Series:
    """Text → float64 by the facts of its column."""
    values = to_numbers(with_crore(text) if fact.cr_is_crore else text, fact.decimal_mark)
    return values.mask(is_bare_dash(text), 0.0) if fact.dash_is_zero else values


def in_range(cells: Cells) -> tuple[pd.Series, Changes]:
    """Numbers outside the valid range of their column are missing."""
    column, values = cells.column, cells.values
    outside = (values < column.low) | (values > column.high)
    note = f"outside {exact(column.low)} to {exact(column.high)}, set to missing"
    return values.mask(outside), {note: outside.to_numpy()}


def whole_years(cells: Cells) -> tuple[pd.Series, Changes]:
    """Years without the months."""
    whole = np.floor(cells.values)
    return whole, {"rounded down to whole years": (whole < cells.values).to_numpy()}
