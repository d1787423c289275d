"""Cleaning rules of numbers: read them, keep those in the column's valid range, count years in whole ones."""

import numpy as np
import pandas as pd

from core.cleaning.numbers import to_numbers
from core.cleaning.values import Cells, Changes, is_blank
from core.figures import exact


def read_numbers(cells: Cells) -> tuple[pd.Series, Changes]:
    """Text → float64, in the unit of the column (`Column.times`); what is no number is missing."""
    values = to_numbers(cells.text, cells.fact.decimal_mark) * cells.column.times
    wrong = np.array(values.isna())
    wrong[wrong] = ~is_blank(cells.text[wrong]).to_numpy()
    return values, {"not a number, set to missing": wrong}


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
