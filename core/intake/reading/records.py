"""Lines → records. Quoted cells are read where both quotes are found; a stray quote rejects its own line only."""

import re
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from core.intake.reading.kinds import typed

NO_DELIMITER = "\x00"  # for a single column; no NUL is left in the text by then
MAX_QUOTED_LINES = 1_000  # lines of one quoted cell; letters have a hundred, and a stray quote may match one far below
BLANK_LINE = "a blank line"
NEVER_CLOSED = "a quote opens and is not closed"
UNCLEAR = "a quote opens, and whole rows stand before the next one closes it"
CLOSED_INSIDE = "a quote is closed in the middle of a cell"
STRAY = "a stray quote"
CLOSED_ONLY = "a quote is closed that was opened in a rejected line"


@dataclass(frozen=True)
class Dialect:
    """Delimiter, quote (doubled inside a quoted cell) and escape ("" if none) of a text."""

    delimiter: str
    quote: str = '"'
    escape: str = ""

    @cached_property
    def quoted(self) -> re.Pattern[str]:
        """A quoted cell from its opening to its closing quote; possessive, so that a doubled quote never closes."""
        quote, escape = re.escape(self.quote), re.escape(self.escape)
        within = rf"[^{quote}{escape}]++|{quote}{quote}" + (rf"|{escape}." if escape else "")
        return re.compile(rf"{self.space}{quote}((?:{within})*+){quote}", re.S)

    @cached_property
    def opening(self) -> re.Pattern[str]:
        """The start of a quoted cell."""
        return re.compile(self.space + re.escape(self.quote))

    @cached_property
    def space(self) -> str:
        """Blanks that are allowed around a quoted cell: `"a", "b"`."""
        return "" if self.delimiter in " \t" else " *+"

    def quotes(self, cell: str) -> int:
        """Number of quotes in an unquoted cell; the apostrophe of O'Brien does not count."""
        if self.quote == "'" and self.quote in cell:
            cell = re.sub(r"(?<=\w)'(?=\w)", "", cell)
        return cell.count(self.quote)

    def content(self, inner: str) -> str:
        """The text that a quoted cell stands for."""
        if self.escape and self.escape in inner:
            quote = re.escape(self.quote)
            return re.sub(rf"{quote}({quote})|\\([{quote}\\])", lambda match: match[1] or match[2], inner)
        return inner.replace(self.quote * 2, self.quote)


@dataclass(frozen=True)
class Record:
    """One record: first line, cells, the reason if they are unsure, text, and positions of cells with a stray quote."""

    line: int
    cells: list[str]
    reason: str
    raw: str
    strays: tuple[int, ...] = ()


@dataclass(frozen=True)
class Split:
    """The cells of a text: `open` if a quote is not closed, `broken` if text follows one, `ends` if one only closes.

    `strays` are the positions of unquoted cells with an odd number of quotes.
    """

    cells: list[str]
    open: bool = False
    broken: bool = False
    ends: bool = False
    strays: tuple[int, ...] = ()


def records(
    lines: Iterator[str], dialect: Dialect, width: int, figures: Sequence[bool] = (), first: int = 1
) -> Iterator[Record]:
    """Each record, and each blank line as a record without cells.

    Parameters
    ----------
    lines : iterator of str
        Lines with their ends.
    width : int
        Cells of the table's rows; a quote that would swallow such rows is a stray one. 0 if unknown.
    figures : sequence of bool
        Which columns hold numbers or dates. They tell rows from the lines of a quoted cell.
    first : int
        The number of the first line.
    """
    buffer = _LineBuffer(lines, dialect)
    number, stray = first, False
    while (line := buffer.take()) is not None:
        text = line.rstrip("\r\n")
        if dialect.quote not in text:
            blank = not text.strip(" \t") and dialect.delimiter not in text
            yield Record(number, [] if blank else text.split(dialect.delimiter), BLANK_LINE if blank else "", text)
            number += 1
            continue
        split, lines_used = _split(text, dialect), 1
        if split.open:
            record, lines_used = _multiline_record(number, line, buffer, dialect, width, figures)
        else:
            reason = CLOSED_INSIDE if split.broken else CLOSED_ONLY if stray and split.ends else ""
            record = Record(number, [] if reason else split.cells, reason, text, split.strays)
        stray = record.reason in {NEVER_CLOSED, UNCLEAR} or (stray and not split.ends)
        yield record
        number += lines_used


def complete_width(line: str, dialect: Dialect) -> int:
    """Number of cells of a line that is a whole record, else 0."""
    text = line.rstrip("\r\n")
    if dialect.quote not in text:
        return text.count(dialect.delimiter) + 1 if text.strip() else 0
    split = _split(text, dialect)
    return 0 if split.open or split.broken or split.strays else len(split.cells)


def cells_of(line: str, dialect: Dialect) -> list[str]:
    """The cells of a line that is a whole record."""
    return _split(line.rstrip("\r\n"), dialect).cells


class _LineBuffer:
    """A line iterator that can read ahead; each line is read once.

    A line alone decides whether a quoted cell that is open at its start is still open at its end. So the result of one
    search for a closing quote also serves searches that start on the lines in between.
    """

    def __init__(self, lines: Iterator[str], dialect: Dialect) -> None:
        self.lines, self.dialect = lines, dialect
        self.ahead: deque[str] = deque()
        self.open = 0  # buffered lines that leave a quoted cell open
        self.end: Split | None = None  # the line after these, if it closes the cell

    def take(self) -> str | None:
        """The next line; None at the end."""
        self.open, self.end = (self.open - 1, self.end) if self.open else (0, None)
        return self.ahead.popleft() if self.ahead else next(self.lines, None)

    def closing(self) -> int:
        """Number of lines up to the closing quote; 0 if there is none, or text follows it."""
        while not self.end and self.open < MAX_QUOTED_LINES - 1 and self._read_ahead():
            split = _split(self.dialect.quote + self.ahead[self.open].rstrip("\r\n"), self.dialect)
            self.open, self.end = (self.open + 1, None) if split.open else (self.open, split)
        return self.open + 1 if self.end and not self.end.broken and self.open < MAX_QUOTED_LINES - 1 else 0

    def _read_ahead(self) -> bool:
        """Buffer one more line; False at the end."""
        if self.open == len(self.ahead) and (line := next(self.lines, None)) is not None:
            self.ahead.append(line)
        return self.open < len(self.ahead)


def _multiline_record(
    number: int, line: str, buffer: _LineBuffer, dialect: Dialect, width: int, figures: Sequence[bool]
) -> tuple[Record, int]:
    """The record over several lines and their number; the line alone if its quote is a stray one."""
    extra_lines = buffer.closing()
    parts = list(islice(buffer.ahead, extra_lines))
    complete_lines = [width > 1 and complete_width(part, dialect) == width for part in parts[:-1]]
    only_rows = bool(complete_lines) and all(complete_lines)
    if not extra_lines or (only_rows and _fits_columns(parts[:-1], dialect, figures)):
        return Record(number, [], NEVER_CLOSED, line.rstrip("\r\n")), 1
    text = (line + "".join(buffer.take() or "" for _ in parts)).rstrip("\r\n")
    if any(complete_lines):
        return Record(number, [], UNCLEAR, text), 1 + extra_lines
    split = _split(text, dialect)
    return Record(number, split.cells, "", text, split.strays), 1 + extra_lines


def _fits_columns(lines: Sequence[str], dialect: Dialect, numeric_columns: Sequence[bool]) -> bool:
    """Whether each numeric column of the lines holds a number, a date or nothing; False without such a column."""
    return any(numeric_columns) and all(
        typed(cell) or not cell.strip()
        for line in lines
        for cell, numeric in zip(_split(line.rstrip("\r\n"), dialect).cells, numeric_columns, strict=False)
        if numeric
    )


def _split(text: str, dialect: Dialect) -> Split:
    cells: list[str] = []
    position, ends, strays = 0, False, []
    while True:
        if dialect.opening.match(text, position):
            match = dialect.quoted.match(text, position)
            if not match:
                return Split(cells, open=True)
            blanks = re.compile(dialect.space).match(text, match.end())
            end = blanks.end() if blanks else match.end()
            if end < len(text) and text[end] != dialect.delimiter:
                return Split(cells, broken=True)
            cells.append(dialect.content(match[1]))
        else:
            end = text.find(dialect.delimiter, position)
            end = len(text) if end < 0 else end
            cell = text[position:end]
            cells.append(cell)
            stray_quote = dialect.quotes(cell) % 2 == 1
            if stray_quote:
                strays.append(len(cells) - 1)
            ends |= stray_quote and cell.rstrip().endswith(dialect.quote)
        if end >= len(text):
            return Split(cells, ends=ends, strays=tuple(strays))
        position = end + 1
