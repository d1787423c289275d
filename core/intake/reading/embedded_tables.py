"""Where a second table starts further down in a grid, so that its cells never stand under the first header."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.intake.reading.grid import Coded, Grid
from core.intake.reading.kinds import DATE, MISSING, NUMBER, filled, header_like, typed_columns

EMBEDDED = "a second table starts here"
WORD = r"^\s*[\pL_]"
FIGURE = rf"^\s*(?:{NUMBER.pattern}|{DATE.pattern})\s*$"
SHARE = 0.8  # of the cells above must be numbers or dates
LOOKED_AT = 200  # candidates, and rows below one
ROWS_ABOVE = 2  # that tell what the columns hold


def embedded_table(grid: Grid, below: int, header: Sequence[str], known: set[int]) -> int:
    """The position of a second header, else the number of rows.

    Such a row has words in every column whose cells above are numbers or dates, or repeats at least
    half of the first header's names without being equal to it.

    Parameters
    ----------
    below : int
        Position of the first row of data.
    header : sequence of str
        Names of the columns; empty: there are none.
    known : set of int
        Positions that are no rows of data for another reason.
    """
    likely = [*_wordy(grid, below), *_renamed(grid, below, header)]
    for at in sorted(likely)[:LOOKED_AT]:
        if at not in known and at >= below + 1 and header_like(grid.row(at)) and filled(grid.row(at)) > 1:
            return at
    return len(grid.lines)


def _wordy(grid: Grid, below: int) -> list[int]:
    """Rows of words only, two of them at least, or one and no figures below, in columns of figures."""
    found = _words_only(grid, below)
    if not len(found):
        return []
    columns, most, unseen = np.zeros(len(found), int), np.ones(len(found), bool), np.ones(len(found), bool)
    for column in (column.coded() for column in grid.columns):
        figures, words = _figures_above(column, below, found)
        columns += figures
        most &= ~figures | words
        unseen &= figures | (np.bincount(column.codes, minlength=len(column.distinct))[column.codes[found]] == 1)
    sure = found[most & unseen & (columns > 0)][:LOOKED_AT].tolist()
    two = set(found[columns > 1].tolist())
    return [at for at in sure if at in two or _parted(grid, at) or _text_below(grid, below, at)]


def _words_only(grid: Grid, below: int) -> np.ndarray:
    """Positions of rows whose cells begin with a letter or are blank; columns of few figures first: they tell most."""
    head = grid.rows(range(below, min(len(grid.lines), below + 20)))
    figures = typed_columns(head, grid.width, 0.5)
    found = np.arange(below + ROWS_ABOVE, len(grid.lines))
    for position in sorted(range(grid.width), key=lambda at: (not figures[at], len(grid.columns[at].values))):
        column = grid.columns[position]
        words = _matches(column.values, WORD) | ~_matches(column.values, r"\S")
        found = found[column.rows_with(words, found)]
        if not len(found):
            break
    return found


def _figures_above(column: Coded, below: int, found: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """For each position whether the cells above are numbers or dates, and whether its own cell says something."""
    trimmed = pc.utf8_lower(pc.utf8_trim_whitespace(column.distinct))
    said = ~pc.is_in(trimmed, value_set=pa.array(sorted(MISSING))).to_numpy(zero_copy_only=False)
    typed = said & _matches(column.distinct, FIGURE)
    cells = np.cumsum(said[column.codes[below:]])[found - below - 1]
    figures = np.cumsum(typed[column.codes[below:]])[found - below - 1]
    return (figures > 0) & (figures >= SHARE * cells), said[column.codes[found]]


def _matches(values: pa.StringArray, pattern: str) -> np.ndarray:
    found: np.ndarray = pc.match_substring_regex(values, pattern).to_numpy(zero_copy_only=False)
    return found


def _parted(grid: Grid, at: int) -> bool:
    """Whether a line that is no row stands right above."""
    before, line = grid.lines[at - 1 : at + 1].tolist()
    return bool(line - before - 1 > grid.raw([before])[0].count("\n"))


def _text_below(grid: Grid, below: int, at: int) -> bool:
    """Whether a column of figures holds none any more."""
    above = typed_columns(grid.rows(range(max(below, at - LOOKED_AT), at)), grid.width)
    rest = grid.rows(range(at + 1, min(len(grid.lines), at + 1 + LOOKED_AT)))
    after = typed_columns(rest, grid.width, 0.5)
    return len(rest) > 0 and any(one and not other for one, other in zip(above, after, strict=True))


def _renamed(grid: Grid, below: int, header: Sequence[str]) -> list[int]:
    """Rows of which at least half of the cells, and two, are names of columns."""
    names = pa.array([name.strip().lower() for name in header if name.strip()], pa.string())
    counts, wanted = np.zeros(len(grid.lines) - below, dtype="int16"), max(2, (grid.width + 1) // 2)
    columns = sorted(grid.columns, key=lambda column: len(column.values)) if len(names) > 1 else []
    for left, column in zip(range(len(columns), 0, -1), columns, strict=True):
        if counts.max(initial=0) + left < wanted:
            break
        trimmed = pc.utf8_lower(pc.utf8_trim_whitespace(column.values))
        named = pc.is_in(trimmed, value_set=names).to_numpy(zero_copy_only=False)
        if named.any():
            counts += column.rows_with(named, slice(below, None))
    return (below + np.flatnonzero(counts >= wanted)).tolist()
