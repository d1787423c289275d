"""A grid → a table: find the header, and reject rows that are not data, with a reason."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from core.errors import UnreadableFileError
from core.intake.reading import header as headers
from core.intake.reading.bounds import check_rejected
from core.intake.reading.embedded_tables import EMBEDDED, embedded_table
from core.intake.reading.grid import Column, Grid, MalformedRecord
from core.intake.reading.header import SHORT_HEADER, Header, find_header, unique_names
from core.intake.reading.kinds import LONGEST, SUBTOTAL, TOTAL, filled, missing, noted, ruled, typed, typed_columns
from core.intake.reading.marks import tidied
from core.intake.reading.records import STRAY
from core.intake.reading.tables import TextTable
from core.intake.steps import rejected_frame

FOOTER_ROWS = 40  # rows from the end that may be footers
ABOVE, BELOW = "above the header", "below the table"
BLANK, REPEATED, RULED = "every cell is blank", "repeats the header", "a ruled line"
DESCRIPTION, TOTALS, NOTES = "describes the columns", "a total, not a row", "a note below the table"

Reasons = dict[int, str]


def lay_out(name: str, grid: Grid, decisions: dict[str, str], header_row: int = 0) -> TextTable:
    """The table of a grid.

    Raises
    ------
    UnreadableFileError
        There is no row of data below the header.
    """
    if not len(grid.lines):
        raise no_data(name, grid)
    columns, tidied_decisions = tidied(grid.columns)
    grid = replace(grid, columns=columns)
    header = find_header(name, grid, header_row)
    reasons, kept = reasons_of(name, grid, header, head_of(grid, header))
    if not kept.any():
        raise no_data(name, grid)
    rows = slice_or_mask(kept)
    columns = [column.kept(rows) for column in grid.columns]
    names, columns, column_decisions = _drop_unnamed(header, columns)
    frame = pd.DataFrame(
        {column_name: column.as_pandas() for column_name, column in zip(names, columns, strict=True)},
        index=pd.Index(grid.lines[kept], name="line", dtype="int64"),
        copy=False,
    )
    ends = Ends(int(frame.index[0]), int(frame.index[-1]), embedded_line(grid, reasons))
    rejected = rejected_rows(name, grid, header, reasons, ends)
    return TextTable(name, frame, rejected, {**decisions, **column_decisions, **tidied_decisions})


def no_data(name: str, grid: Grid) -> UnreadableFileError:
    """The error for a table without rows."""
    malformed = next((record for record in grid.malformed if record.width), None)
    widths = (
        f" Line {malformed.line} has {malformed.width} cells where the header has {grid.width}." if malformed else ""
    )
    return UnreadableFileError(
        f"There is no row of data below the header.{widths}",
        "Choose a file with one row per customer.",
        file=name,
    )


def head_of(grid: Grid, header: Header) -> list[list[str]]:
    """The first rows below the header."""
    return grid.rows(range(header.below, min(len(grid.lines), header.below + headers.HEAD_ROWS)))


def reasons_of(
    name: str, grid: Grid, header: Header, head: Sequence[Sequence[str]], *, first: bool = True, last: bool = True,
    embedded: int | None = None,
) -> tuple[Reasons, np.ndarray]:  # fmt: skip
    """Position → reason why that row is not data (rows above the header included), and a mask of the data rows.

    For a chunk, `first` and `last` say whether it is the first or last one, and `embedded` is the line on which a
    second table starts, if known from another chunk.
    """
    lines = grid.lines
    reasons: Reasons = {at: ABOVE for at in range(header.below) if lines[at] not in (header.line, header.groups)}
    reasons |= _with_reason(name, _rows_equal_to(grid, header, [""] * grid.width), BLANK)
    if not header.missing and filled(header.cells):
        repeats = _rows_equal_to(grid, header, [cell.strip() for cell in header.cells])
        reasons |= _with_reason(name, repeats, REPEATED)
    reasons |= _with_reason(name, _total_rows(grid, header, head), TOTALS)
    if first:
        reasons |= {header.below + at: reason for at, reason in _description_rows(head, header).items()}
    if last:
        reasons = {**_footer_rows(grid, header, head, set(reasons)), **reasons}
    cells = [] if header.missing else header.cells
    start = embedded_table(grid, header.below, cells, set(reasons)) if len(lines) else 0
    if embedded is not None:
        start = min(start, int(np.searchsorted(lines, embedded)))
    reasons |= _with_reason(name, range(start, len(lines)), EMBEDDED)
    kept = np.ones(len(lines), bool)
    kept[: header.below] = False
    kept[list(reasons)] = False
    return reasons, kept


def _with_reason(name: str, positions: Sequence[int] | np.ndarray, reason: str) -> Reasons:
    check_rejected(name, len(positions))
    return dict.fromkeys(map(int, positions), reason)


def _rows_equal_to(grid: Grid, header: Header, cells: Sequence[str]) -> np.ndarray:
    """Rows below the header whose trimmed cells equal these; columns of few values come first."""
    rows = np.arange(header.below, len(grid.lines))
    for position in sorted(range(grid.width), key=lambda at: len(grid.columns[at].values)):
        column = grid.columns[position]
        equal = _equal_trimmed(column.values, cells[position])
        rows = rows[column.rows_with(equal, rows)] if equal.any() else rows[:0]
        if not len(rows):
            break
    return rows


def _equal_trimmed(values: pa.StringArray, cell: str) -> np.ndarray:
    trimmed = pc.utf8_trim_whitespace(values)
    equal: np.ndarray = pc.equal(trimmed, cell.strip()).to_numpy(zero_copy_only=False)
    return equal


def _description_rows(head: Sequence[Sequence[str]], header: Header) -> Reasons:
    """Ruled lines and rows of descriptions or units right below the header."""
    reasons: Reasons = {}
    if header.missing:
        return reasons
    at = 0
    while at < len(head) and at < 3:
        if ruled(head[at]):
            reasons[at] = RULED
        elif _describes(head[at], head[at + 1 :]):
            reasons[at] = DESCRIPTION
        elif filled(head[at]):
            break
        at += 1
    return reasons


def _describes(row: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    """Whether a row has text and no number in the numeric columns, of which there are at least two."""
    cells = [cell for cell, numeric in zip(row, typed_columns(below, len(row)), strict=True) if numeric]
    not_missing = [cell for cell in cells if not missing(cell)]
    return len(cells) > 1 and bool(not_missing) and not any(map(typed, not_missing))


def _footer_rows(grid: Grid, header: Header, head: Sequence[Sequence[str]], known: set[int]) -> Reasons:
    """Totals and notes at the end, upwards to the last row of data."""
    reasons: Reasons = {}
    usual_cells = sorted(map(filled, head))[len(head) // 2] if head else 0
    numeric = typed_columns(head, grid.width, 0.5)
    last = len(grid.lines) - 1
    for at in range(last, max(header.below - 1, last - FOOTER_ROWS), -1):
        if at in known:
            continue
        reason = _footer_reason(grid.row(at), usual_cells, numeric)
        if not reason:
            break
        reasons[at] = reason
    return reasons


def _total_rows(grid: Grid, header: Header, head: Sequence[Sequence[str]]) -> list[int]:
    """Rows of sums inside the table: their first cell says so, and they have fewer cells than others, but a number."""
    blanks = np.zeros(len(grid.lines) - header.below, "int16")
    for column in grid.columns:
        blank = pc.equal(column.values, "").to_numpy(zero_copy_only=False)
        if blank.any():
            blanks += column.rows_with(blank, slice(header.below, None))
    usual_cells = sorted(map(filled, head))[len(head) // 2] if head else 0
    rows, found = header.below + np.flatnonzero(grid.width - blanks < usual_cells), []
    for column in grid.columns:
        if not len(rows):
            break
        cells = column.kept(rows)
        found += rows[cells.rows_with(_matching(cells.values, SUBTOTAL))].tolist()
        rows = rows[cells.rows_with(_equal_trimmed(cells.values, ""))]
    return [at for at in found if any(map(typed, grid.row(at)))]


def _matching(values: pa.StringArray, pattern: re.Pattern[str]) -> np.ndarray:
    """Which values match a pattern; letters that all its words share are looked for first, which is fast."""
    likely: np.ndarray = pc.match_substring_regex(values, "[TtSs][OoUu]|[Gg][Ee]").to_numpy(zero_copy_only=False).copy()
    for at in np.flatnonzero(likely).tolist():
        likely[at] = bool(pattern.fullmatch(values[at].as_py()[:LONGEST]))
    return likely


def _footer_reason(row: Sequence[str], usual_cells: int, numeric_columns: Sequence[bool]) -> str:
    position = next(at for at, cell in enumerate(row) if cell.strip())
    cell, count = row[position].strip(), filled(row)
    if ruled(row):
        return RULED
    if typed(cell):
        return ""
    if TOTAL.match(cell) and (count < usual_cells or numeric_columns[position]):
        return TOTALS
    sparse = count == 1 and usual_cells >= 3
    note = noted(cell) and (2 * count <= usual_cells or (count == 1 and numeric_columns[position]))
    return NOTES if sparse or note else ""


def slice_or_mask(kept: np.ndarray) -> slice | np.ndarray:
    """A slice if the kept rows are contiguous, since it copies nothing; else the mask."""
    first, last = int(kept.argmax()), len(kept) - int(kept[::-1].argmax())
    return slice(first, last) if kept[first:last].all() else kept


def _drop_unnamed(header: Header, columns: list[Column]) -> tuple[list[str], list[Column], dict[str, str]]:
    """Drop columns without name and values; return names, columns and decisions."""
    decisions = {"header row": header.place}
    if header.short:
        decisions[SHORT_HEADER] = (
            f"{len(columns) - 1} names above rows of {len(columns)} cells, of which the last is blank"
        )
    names = unique_names(header.cells)
    empty = [not cell.strip() and not has_values(column) for cell, column in zip(header.cells, columns, strict=True)]
    if any(empty) and not all(empty):
        dropped = [str(position) for position, is_empty in enumerate(empty, start=1) if is_empty]
        decisions["columns without name and values"] = f"dropped: {', '.join(dropped)}"
        names = [name for name, is_empty in zip(names, empty, strict=True) if not is_empty]
        columns = [column for column, is_empty in zip(columns, empty, strict=True) if not is_empty]
    cells = [cell for cell, is_empty in zip(header.cells, empty, strict=True) if not is_empty or all(empty)]
    renamed = [name for name, cell in zip(names, cells, strict=True) if " ".join(cell.split()) != name]
    if renamed and header.line:
        decisions["columns renamed"] = ", ".join(renamed)
    return names, columns, decisions


def has_values(column: Column) -> bool:
    """Whether any cell of a column is not blank."""
    return bool(len(column.values)) and not _equal_trimmed(column.values, "").all()


@dataclass(frozen=True)
class Ends:
    """The lines of a table's first and last row, and the first line of an embedded table."""

    first: int
    last: int
    embedded: int | None = None


def embedded_line(grid: Grid, reasons: Reasons) -> int | None:
    """The first line of an embedded table."""
    return min((int(grid.lines[at]) for at, reason in reasons.items() if reason == EMBEDDED), default=None)


def rejected_rows(name: str, grid: Grid, header: Header, reasons: Reasons, ends: Ends) -> pd.DataFrame:
    """The rejected rows of a grid, with their reasons."""
    check_rejected(name, len(reasons) + len(grid.malformed))
    malformed = [record for record in grid.malformed if record.line != header.line]
    reason_copies: dict[str, str] = {}  # one copy of each reason
    reason_by_line = dict(zip(grid.lines[list(reasons)].tolist(), reasons.values(), strict=True))
    for record, raw in zip(
        malformed, grid.raw([record.line for record in malformed]) if malformed else [], strict=True
    ):
        if ends.embedded is not None and record.line >= ends.embedded:
            record = record._replace(reason=EMBEDDED)
        reason = _malformed_reason(record, raw, grid.width, header.line or ends.first, ends.last)
        reason_by_line[record.line] = reason_copies.setdefault(reason, reason)
    lines = sorted(reason_by_line)
    return rejected_frame(name, lines, grid.raw(lines) if lines else [], [reason_by_line[line] for line in lines])


def _malformed_reason(malformed: MalformedRecord, raw: str, width: int, header: int, last: int) -> str:
    if malformed.line < header:
        return ABOVE
    if not raw.strip():
        return BLANK
    cells = "1 cell" if malformed.width == 1 else f"{malformed.width} cells"
    reason = malformed.reason or f"{cells} where the header has {width}"
    return f"{BELOW}: {reason}" if malformed.line > last and reason not in {EMBEDDED, STRAY} else reason
