"""Find an embedded table further down in a grid, so that its cells are not read under the first header."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.intake.reading.grid import Coded, Grid
from core.intake.reading.kinds import DATE, MISSING, NUMBER, filled, header_like, typed_columns

EMBEDDED = "a second table starts here"
STARTS_WITH_LETTER = r"^\s*[\pL_]"
NUMBER_OR_DATE = rf"^\s*(?:{NUMBER.pattern}|{DATE.pattern})\s*$"
NUMERIC_SHARE = 0.8  # of the cells above must be numbers or dates
MAX_CANDIDATES = 200  # also the number of rows compared above and below one
ROWS_ABOVE = 2  # needed to judge the columns


def embedded_table(grid: Grid, below: int, header: Sequence[str], known: set[int]) -> int:
    """Position of a second header, else the number of rows.

    Such a row has words in every column whose cells above are numbers or dates, or repeats at least
    half of the first header's names without being equal to it.

    Parameters
    ----------
    below : int
        Position of the first row of data.
    header : sequence of str
        Names of the columns; empty: there are none.
    known : set of int
        Positions of rows that are rejected for another reason.
    """
    likely = [*_text_rows_below_numbers(grid, below), *_repeated_headers(grid, below, header)]
    for at in sorted(likely)[:MAX_CANDIDATES]:
        if at not in known and at >= below + 1 and header_like(grid.row(at)) and filled(grid.row(at)) > 1:
            return at
    return len(grid.lines)


def _text_rows_below_numbers(grid: Grid, below: int) -> list[int]:
    """Rows of text in numeric columns: in two of them, or in one with a gap above or no numbers below."""
    candidates = _text_rows(grid, below)
    if not len(candidates):
        return []
    numeric_count, text_under_numbers, new_values = (
        np.zeros(len(candidates), int),
        np.ones(len(candidates), bool),
        np.ones(len(candidates), bool),
    )
    for column in (column.coded() for column in grid.columns):
        numeric, filled = _numeric_above(column, below, candidates)
        numeric_count += numeric
        text_under_numbers &= ~numeric | filled
        new_values &= numeric | (
            np.bincount(column.codes, minlength=len(column.distinct))[column.codes[candidates]] == 1
        )
    likely = candidates[text_under_numbers & new_values & (numeric_count > 0)][:MAX_CANDIDATES].tolist()
    under_two = set(candidates[numeric_count > 1].tolist())
    return [at for at in likely if at in under_two or _follows_gap(grid, at) or _numbers_end(grid, below, at)]


def _text_rows(grid: Grid, below: int) -> np.ndarray:
    """Positions of rows whose cells start with a letter or are blank. Numeric columns come first: they exclude most."""
    head = grid.rows(range(below, min(len(grid.lines), below + 20)))
    numeric = typed_columns(head, grid.width, 0.5)
    rows = np.arange(below + ROWS_ABOVE, len(grid.lines))
    for position in sorted(range(grid.width), key=lambda at: (not numeric[at], len(grid.columns[at].values))):
        column = grid.columns[position]
        text = _matches(column.values, STARTS_WITH_LETTER) | ~_matches(column.values, r"\S")
        rows = rows[column.rows_with(text, rows)]
        if not len(rows):
            break
    return rows


def _numeric_above(column: Coded, below: int, positions: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Masks over positions: whether the cells above are numbers or dates, and whether its own cell is filled."""
    trimmed = pc.utf8_lower(pc.utf8_trim_whitespace(column.distinct))
    filled = ~pc.is_in(trimmed, value_set=pa.array(sorted(MISSING))).to_numpy(zero_copy_only=False)
    numeric = filled & _matches(column.distinct, NUMBER_OR_DATE)
    filled_above = np.cumsum(filled[column.codes[below:]])[positions - below - 1]
    numeric_above = np.cumsum(numeric[column.codes[below:]])[positions - below - 1]
    return (numeric_above > 0) & (numeric_above >= NUMERIC_SHARE * filled_above), filled[column.codes[positions]]


def _matches(values: pa.StringArray, pattern: str) -> np.ndarray:
    matches: np.ndarray = pc.match_substring_regex(values, pattern).to_numpy(zero_copy_only=False)
    return matches


def _follows_gap(grid: Grid, at: int) -> bool:
    """Whether a line that is not a row is right above."""
    before, line = grid.lines[at - 1 : at + 1].tolist()
    return bool(line - before - 1 > grid.raw([before])[0].count("\n"))


def _numbers_end(grid: Grid, below: int, at: int) -> bool:
    """Whether a column that is numeric above is not numeric below."""
    columns_above = typed_columns(grid.rows(range(max(below, at - MAX_CANDIDATES), at)), grid.width)
    rows_below = grid.rows(range(at + 1, min(len(grid.lines), at + 1 + MAX_CANDIDATES)))
    columns_below = typed_columns(rows_below, grid.width, 0.5)
    return len(rows_below) > 0 and any(
        before and not after for before, after in zip(columns_above, columns_below, strict=True)
    )


def _repeated_headers(grid: Grid, below: int, header: Sequence[str]) -> list[int]:
    """Rows of which at least half of the cells, and at least two, are names of columns."""
    names = pa.array([name.strip().lower() for name in header if name.strip()], pa.string())
    counts, wanted = np.zeros(len(grid.lines) - below, dtype="int16"), max(2, (grid.width + 1) // 2)
    columns = sorted(grid.columns, key=lambda column: len(column.values)) if len(names) > 1 else []
    for left, column in zip(range(len(columns), 0, -1), columns, strict=True):
        if counts.max(initial=0) + left < wanted:
            break
        trimmed = pc.utf8_lower(pc.utf8_trim_whitespace(column.values))
        is_name = pc.is_in(trimmed, value_set=names).to_numpy(zero_copy_only=False)
        if is_name.any():
            counts += column.rows_with(is_name, slice(below, None))
    return (below + np.flatnonzero(counts >= wanted)).tolist()
