"""UTF-8 text → grid. pyarrow parses text that is unquoted or regularly quoted; `records` parses the rest.

Both give the same grid.
"""

import re
from array import array
from collections import Counter
from collections.abc import Iterator
from functools import partial
from itertools import islice

import numpy as np

from core.errors import UnreadableFileError
from core.intake.reading import bounds
from core.intake.reading.bounds import check_columns, check_rejected, check_rows
from core.intake.reading.dialect import USUAL_DELIMITERS, choose_dialect, numeric_columns
from core.intake.reading.fixed_width import fixed_places, read_fixed
from core.intake.reading.grid import Coded, Grid, MalformedRecord, MalformedRecords, cells_at, collect
from core.intake.reading.kinds import header_like
from core.intake.reading.lines import Lines, RecordTexts
from core.intake.reading.plain import read_plain, read_regular
from core.intake.reading.records import (
    BLANK_LINE,
    NEVER_CLOSED,
    NO_DELIMITER,
    STRAY,
    Dialect,
    Record,
    cells_of,
    complete_width,
    records,
)

HEAD_LINES, CHUNK_LINES = 250, 60  # lines of the sample: at the head, and in the middle and at the tail
CHUNK_BYTES = 64_000
STATED = re.compile(rb'\s*"?sep=([\x01-\x09\x1c-\x7e])"?[ ,;\t]*[\r\n]', re.I)
DELIMITER_NAMES = {"\t": "tab", " ": "space", NO_DELIMITER: "none (one column)"}


def read_delimited(name: str, text: bytes, delimiter: str = "") -> tuple[Grid, dict[str, str]]:
    """Read the records of a text, and the decisions on how its cells are written.

    Raises
    ------
    UnreadableFileError
        A bound is exceeded, or a chosen delimiter is not one character.
    """
    if len(delimiter) > 1 or (delimiter in {"\n", "\r", '"'} and delimiter):
        raise UnreadableFileError(
            f"“{delimiter}” cannot be a delimiter.", "Choose a single character such as a comma.", file=name
        )
    sample = sample_lines(text)
    delimiter = delimiter or stated_delimiter(text)
    measured = choose_dialect(sample, delimiter)
    dialect, width = measured.dialect, max(1, measured.width)
    header = next((line for line in sample if line.strip()), "")
    undelimited = not delimiter and (dialect.delimiter == " " or complete_width(header, dialect) < 2)
    if undelimited and (places := fixed_places(name, sample)):
        return read_fixed(name, text, places)
    if dialect.delimiter == NO_DELIMITER and not delimiter:
        _check_long_quotes(name, sample, dialect.quote)
    if width > bounds.MAX_COLUMNS:
        _check_sample_width(name, text, dialect)
    grid = grid_of(name, text, dialect, width)
    if (common_width := _most_common_width(grid)) != width:
        grid = grid_of(name, text, dialect, common_width)
    check_rejected(name, len(grid.malformed))
    return grid, _decisions(dialect, text, grid)


def stated_delimiter(text: bytes) -> str:
    """The delimiter that a first line `sep=;` states, as Excel knows it; empty if there is none."""
    stated = STATED.match(text[:100])
    return stated[1].decode() if stated else ""


def _check_sample_width(name: str, text: bytes, dialect: Dialect) -> None:
    """Refuse too many columns, with the number of the first such line; the sample may have cut it."""
    for number, line in enumerate(Lines(text), start=1):
        check_columns(name, complete_width(line, dialect), number)


def _check_long_quotes(name: str, sample: list[str], quote: str) -> None:
    """Refuse one column if the header has several cells and a quoted cell is longer than the sample.

    Raises
    ------
    UnreadableFileError
        The first line has several cells, and no quoted cell below it is closed.
    """
    first_line = next((line for line in sample if line.strip()), "")
    for dialect in (Dialect(delimiter, quote) for delimiter in USUAL_DELIMITERS):
        if complete_width(first_line, dialect) > 1:
            parsed = list(records(iter(sample), dialect, 0))
            closed = any(quote in record.raw and record.cells for record in parsed)
            if not closed and any(record.reason == NEVER_CLOSED for record in parsed):
                raise UnreadableFileError(
                    "Quoted cells go on over too many lines to tell the delimiter.", "Choose the delimiter.", file=name
                )


def sample_lines(text: bytes) -> list[str]:
    """Lines of the head, the middle and the tail; all lines of a short file."""
    head = list(islice(Lines(text[: 8 * CHUNK_BYTES]), HEAD_LINES))
    if sum(len(line.encode()) for line in head) >= len(text):
        return head
    used = sum(len(line.encode()) for line in head)
    if len(text) - used <= 2 * CHUNK_BYTES:
        return head + list(Lines(text[used:]))
    middle = list(Lines(text[len(text) // 2 : len(text) // 2 + CHUNK_BYTES]))[1 : CHUNK_LINES + 1]
    tail = list(Lines(text[-CHUNK_BYTES:]))[1:][-CHUNK_LINES:]
    return head + middle + tail


def _most_common_width(grid: Grid) -> int:
    """The width of most records, if that of the sample is rare in the whole text."""
    widths = Counter(malformed.width for malformed in grid.malformed if malformed.width)
    if widths and max(widths.values()) > 3 * len(grid.lines):
        return max(widths, key=lambda width: widths[width])
    return grid.width


def grid_of(name: str, text: bytes, dialect: Dialect, width: int) -> Grid:
    """The records of a text under a dialect."""
    check_columns(name, width)
    if len(dialect.delimiter.encode()) > 1:
        return careful(name, text, dialect, width)
    if dialect.quote.encode() not in text:
        return read_plain(name, text, dialect.delimiter, width)
    regular = None
    if not dialect.escape and dialect.delimiter != NO_DELIMITER:
        regular = read_regular(name, text, dialect.delimiter, width, dialect.quote)
    return regular or careful(name, text, dialect, width)


def careful(name: str, text: bytes, dialect: Dialect, width: int) -> Grid:
    """The grid by `records`, for any quote and any delimiter."""
    lines = Lines(text)
    check_rows(name, lines.count)
    rejects = _Rejects(name, width)
    figures = numeric_columns(list(islice(lines, HEAD_LINES)), dialect, width)
    columns, rows = collect(name, rejects.rows(records(iter(lines), dialect, width, figures)), width)
    texts = RecordTexts(lines, [rows, np.array(rejects.lines, "int64"), np.array(rejects.blank, "int64")])
    columns, rows, with_strays = _reject_stray_quotes(columns, rows, rejects.strays)
    return Grid(
        columns,
        rows,
        rejects.malformed.with_more(with_strays),
        len(rejects.blank),
        texts,
        partial(cells_of, dialect=dialect),
    )


class _Rejects:
    """Collects malformed records, blank lines, and rows with a stray quote."""

    def __init__(self, name: str, width: int) -> None:
        self.name, self.width = name, width
        self.lines, self.widths = array("q"), array("i")
        self.reasons: list[str] = []
        self.blank = array("q")
        self.strays: dict[int, tuple[int, ...]] = {}
        self.unsure = 0

    def rows(self, parsed: Iterator[Record]) -> Iterator[tuple[int, list[str]]]:
        """Line and cells of the records that are rows; the others are collected."""
        for record in parsed:
            if len(record.cells) == self.width:
                if record.strays:
                    self.strays[record.line] = record.strays
                yield record.line, record.cells
            elif record.reason == BLANK_LINE:
                self.blank.append(record.line)
            else:
                self._add_malformed(record)

    def _add_malformed(self, record: Record) -> None:
        self.unsure += bool(record.reason)
        check_rejected(self.name, self.unsure)
        check_columns(self.name, len(record.cells), record.line)
        self.lines.append(record.line)
        self.widths.append(len(record.cells))
        self.reasons.append(record.reason)

    @property
    def malformed(self) -> MalformedRecords:
        """The malformed records."""
        return MalformedRecords(np.array(self.lines, "int64"), np.array(self.widths, "int32"), self.reasons)


def _reject_stray_quotes(
    columns: list[Coded], rows: np.ndarray, strays: dict[int, tuple[int, ...]]
) -> tuple[list[Coded], np.ndarray, list[MalformedRecord]]:
    """Columns and lines without rows that a stray quote may have shifted, and these rows; a header keeps its quote."""
    if len(rows) and header_like(cells_at(columns, 0)):
        strays.pop(int(rows[0]), None)
    lines = _lines_with_stray_quote(columns, strays)
    if not lines:
        return columns, rows, []
    kept = np.delete(np.arange(len(rows)), np.searchsorted(rows, lines))
    return (
        [column.kept(kept) for column in columns],
        rows[kept],
        [MalformedRecord(line, len(columns), STRAY) for line in lines],
    )


def _lines_with_stray_quote(columns: list[Coded], strays: dict[int, tuple[int, ...]]) -> list[int]:
    """Lines of rows with a stray quote, unless most cells of its column have one, as inches do."""
    counts = Counter(position for positions in strays.values() for position in positions)
    quoting_columns = set()
    for position, count in counts.items():
        column = columns[position]
        not_blank = np.array([bool(cell.strip()) for cell in column.values.to_pylist()])
        if 2 * count > np.count_nonzero(column.rows_with(not_blank)):
            quoting_columns.add(position)
    return [line for line, positions in strays.items() if not quoting_columns.issuperset(positions)]


def delimiter_name(delimiter: str) -> str:
    """The name of a delimiter; in words if it is invisible."""
    code = "" if delimiter.isprintable() else f"character {ord(delimiter)}"
    return DELIMITER_NAMES.get(delimiter, code or delimiter)


def _decisions(dialect: Dialect, text: bytes, grid: Grid) -> dict[str, str]:
    decisions = {"delimiter": delimiter_name(dialect.delimiter)}
    if dialect.quote.encode() in text:
        decisions["quote"] = dialect.quote
    if dialect.escape:
        decisions["escape"] = dialect.escape
    if grid.blank:
        decisions["blank lines"] = f"{grid.blank:,}, passed over"
    return decisions
