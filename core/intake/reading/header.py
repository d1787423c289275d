"""Find the header of a grid, or that there is none."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import count, pairwise, takewhile

from core.errors import UnreadableFileError
from core.intake.reading.grid import Grid, MalformedRecord
from core.intake.reading.grouped_header import group_row, joined_names
from core.intake.reading.kinds import filled, header_like, missing, typed, typed_columns
from core.intake.reading.marks import without_marks

HEAD_ROWS = 200  # rows by which columns are judged, and among which the header is looked for
NO_HEADER = -1
TITLE_ROWS = 3  # title rows above the header that may be as full as the rows
SHORT_HEADER = "header one name short"  # subject of a decision
YEAR = re.compile(r"(19|20)\d\d")


@dataclass(frozen=True)
class Header:
    """The header's cells and line (0: there is none), and the position of the first row below it.

    `short` says that it has one cell less than the rows, whose last cells are all blank. `groups` is the line above
    it whose names of groups were put in front of its own; 0: there is none.
    """

    cells: list[str]
    line: int
    below: int
    short: bool = False
    groups: int = 0

    @property
    def missing(self) -> bool:
        """Whether the columns have numbers instead of names."""
        return not self.line

    @property
    def place(self) -> str:
        """Where the header stands, in words."""
        if self.groups:
            return f"lines {self.groups} and {self.line}, joined"
        return f"line {self.line}" if self.line else "none; the columns are numbered"


def find_header(name: str, grid: Grid, chosen: int = 0) -> Header:
    """The header of a grid.

    Raises
    ------
    UnreadableFileError
        The header is not as wide as the rows, or the chosen row is not there.
    """
    if chosen == NO_HEADER:
        return Header([""] * grid.width, 0, 0)
    if chosen:
        return _chosen_header(name, grid, chosen)
    rows = grid.rows(range(min(HEAD_ROWS, len(grid.lines))))
    at = _first_full_row(rows)
    if (upper := group_row(rows, grid.lines.tolist(), at)) >= 0:
        line, names = int(grid.lines[upper + 1]), joined_names(rows[upper], rows[upper + 1])
        return Header(names, line, upper + 2, groups=int(grid.lines[upper]))
    if (position := _header_position(rows, at)) >= 0:
        return Header(rows[position], int(grid.lines[position]), position + 1)
    if at == 1 and header_like([cell for cell in rows[0] if cell.strip()]) and grid.width > 1:
        return Header(rows[0], int(grid.lines[0]), 1)
    above = [
        malformed
        for malformed in takewhile(lambda malformed: malformed.line < grid.lines[at], grid.malformed)
        if 2 * malformed.width > grid.width
    ]
    for malformed in reversed(above):
        cells = _malformed_cells(grid, malformed)
        if len(cells) > 1 and header_like(cells):
            return _header_one_cell_off(name, grid, malformed, at)
    return _space_separated_header(grid, at) or Header([""] * grid.width, 0, at)


def unique_names(header: Iterable[str]) -> list[str]:
    """Header cells made usable as names: blanks numbered, repeats counted."""
    names: dict[str, None] = {}
    for position, cell in enumerate(header, start=1):
        name = " ".join(without_marks(cell).split()) or f"column {position}"
        numbered = (f"{name} ({copy})" for copy in count(2))
        names[name if name not in names else next(candidate for candidate in numbered if candidate not in names)] = None
    return list(names)


def _malformed_cells(grid: Grid, malformed: MalformedRecord) -> list[str]:
    return grid.split(grid.raw([malformed.line])[0])


def _chosen_header(name: str, grid: Grid, line: int) -> Header:
    for position, row_line in enumerate(grid.lines[: line + 1].tolist()):
        if row_line == line:
            return Header(grid.row(position), line, position + 1)
    for malformed in grid.malformed:
        if malformed.line == line and malformed.width:
            return _header_one_cell_off(name, grid, malformed, int((grid.lines < line).sum()))
    raise UnreadableFileError("No record starts there.", "Choose another header row.", file=name, line=line)


def _header_one_cell_off(name: str, grid: Grid, malformed: MalformedRecord, below: int) -> Header:
    """A header one cell wider or narrower than its rows, accepted if the extra cell is blank."""
    cells = _malformed_cells(grid, malformed)
    if len(cells) == grid.width - 1 and _is_blank_column(grid, grid.width - 1, below):
        return Header([*cells, ""], malformed.line, below, short=True)
    if len(cells) == grid.width + 1 and not cells[-1].strip():
        return Header(cells[:-1], malformed.line, below)
    line, width = int(grid.lines[below]) if below < len(grid.lines) else malformed.line, grid.width
    raise UnreadableFileError(
        "There is no row of data below the header. "
        f"Line {line} has {width} cells where the header has {malformed.width}.",
        "Choose a file with one row per customer.",
        file=name,
    )


def _space_separated_header(grid: Grid, below: int) -> Header | None:
    """A header with names separated by blanks, above rows with another delimiter: as many words as cells."""
    above = [malformed for malformed in grid.malformed if malformed.line < grid.lines[below]]
    words = grid.raw([above[-1].line])[0].split() if above else []
    return Header(words, above[-1].line, below) if len(words) == grid.width > 2 and header_like(words) else None


def _is_blank_column(grid: Grid, column: int, below: int) -> bool:
    return not any(cell.strip() for cell in grid.columns[column].kept(slice(below, None)).values.to_pylist())


def _first_full_row(rows: Sequence[Sequence[str]]) -> int:
    """The first row with at least half of the cells of a full row; titles and notes stand above it."""
    full = sorted(map(filled, rows))[int(0.9 * (len(rows) - 1))]
    return next(at for at, row in enumerate(rows) if 2 * filled(row) >= full and (filled(row) or not full))


def _header_position(rows: Sequence[Sequence[str]], first: int) -> int:
    """Position of the header, -1 if there is none. A title row with numbers may be as full as the header below it."""
    titled = any(map(typed, rows[first]))
    for at in range(first + 1, min(first + 1 + TITLE_ROWS, len(rows) - 1)) if titled else ():
        below = rows[at + 1 :]
        is_text = [not typed(cell) for cell, numeric in zip(rows[at], typed_columns(below, len(rows[at])), strict=True)
                 if numeric]  # fmt: skip
        if filled(rows[at]) == len(rows[at]) and header_like(rows[at]) and is_text and all(is_text):
            return at
    is_header = _names_columns(rows[first], rows[first + 1 :]) or _names_years(rows[first], rows[first + 1 :])
    return first if is_header else NO_HEADER


def _names_years(row: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    """Whether a row has words and consecutive years, above numeric columns that are not years."""
    years_at = [position for position, cell in enumerate(row) if YEAR.fullmatch(cell.strip())]
    years = [int(row[position]) for position in years_at]
    steps = {later - earlier for earlier, later in pairwise(years)}
    words = [position for position in range(len(row)) if position not in years_at]
    if len(steps) != 1 or not steps <= {1, -1} or any(typed(row[position]) for position in words):
        return False
    words_not_below = all(row[position] not in {other[position] for other in below} for position in words)
    numeric = typed_columns(below, len(row))
    cells_below = [other[position].strip() for other in below for position in years_at]
    return (
        words_not_below
        and all(numeric[position] for position in years_at)
        and not all(map(YEAR.fullmatch, cells_below))
    )


def _names_columns(row: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    """Whether a row names the columns: text above numbers, and not a value of any column."""
    below = [other for other in below if list(other) != list(row)]
    if not below:
        return not any(map(typed, row)) and bool(filled(row))
    is_text = [
        not typed(cell)
        for cell, numeric in zip(row, typed_columns(below, len(row)), strict=True)
        if numeric and not missing(cell)
    ]
    if is_text:
        return any(is_text) and 2 * sum(is_text) >= len(is_text)
    # No numeric column tells the header apart. Rows that repeat its names are headers further down.
    if any(typed_columns(below[:2], len(row))):
        below = [other for other in below if len({*other} & {*row} - {""}) < 2 or any(map(typed, other))]
    values = [{other[position].strip() for other in below} for position in range(len(row))]
    return not any(
        cell.strip() and cell.strip() in values_below for cell, values_below in zip(row, values, strict=True)
    ) and (not any(map(typed, row)))
