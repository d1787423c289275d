"""Text that is unquoted, or regularly quoted, → grid, parsed by pyarrow."""

import re
from array import array
from collections.abc import Callable, Iterable
from functools import partial
from typing import TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from core.errors import UnreadableFileError
from core.figures import count
from core.intake.reading import bounds
from core.intake.reading.bounds import check_cell, check_columns, check_rows
from core.intake.reading.grid import Cells, Column, Grid, MalformedRecords, values
from core.intake.reading.lines import Lines, RecordTexts
from core.intake.reading.records import NO_DELIMITER
from core.intake.reading.regular import regularly_quoted
from core.progress import watched

CODED, CELL_BY_CELL = pa.dictionary(pa.int32(), pa.string()), pa.string()
HEAD_BYTES, HEAD_ROWS = (
    2_000_000,
    10_000,
)  # bytes, and at least so many rows in them, by which the number of distinct values is judged
WATCHED = 10_000_000  # bytes of a text from which on it takes long enough to tell how far it is
DISTINCT_SHARE = 0.9  # share of the rows; to code a column of so many values takes longer than it saves

BLANK_LINE_STARTS = tuple(end + blank for end in (b"\n", b"\r") for blank in (b" ", b"\t"))

Types = dict[str, pa.DataType]
Bad: TypeAlias = "tuple[array[int], array[int]]"  # number among the lines that hold anything, from 1, and cells of each
Handler = Callable[[pacsv.InvalidRow], str]


def read_plain(name: str, text: bytes, delimiter: str, width: int) -> Grid:
    """The grid of a text in which no cell is quoted; the same as `careful` gives.

    Raises
    ------
    UnreadableFileError
        A line, a cell, or the number of columns or rows is beyond its bound.
    """
    lines = Lines(text)
    check_rows(name, lines.count)
    arrow_delimiter = _arrow_delimiter(text, delimiter)
    types = _column_types(text, arrow_delimiter, width)
    return _parse_even(name, lines, arrow_delimiter, types) or _parse_uneven(name, lines, delimiter, types)


def read_regular(name: str, text: bytes, delimiter: str, width: int, quote: str) -> Grid | None:
    """The grid of a text that is quoted regularly, as `careful` gives it; None if not every line is a row of it."""
    if not regularly_quoted(text, delimiter, quote):
        return None
    lines = Lines(text)
    check_rows(name, lines.count)
    return _parse_even(name, lines, delimiter, _column_types(text, delimiter, width, quote), quote)


def _column_types(text: bytes, delimiter: str, width: int, quote: str = "") -> Types:
    """The type of each column: coded, or cell by cell if nearly all values differ."""
    types: Types = {str(position): CODED for position in range(width)}
    head = text[: text.rfind(b"\n", 0, HEAD_BYTES) + 1]
    if width > 1 and head.count(b"\n") >= HEAD_ROWS:
        table = _parse(head, delimiter, types, quote, lambda _: "skip")
        for name, column in zip(types, table.columns, strict=True):
            if len(values(column.chunks).distinct) > DISTINCT_SHARE * table.num_rows:
                types[name] = CELL_BY_CELL
    return types


def _parse_even(name: str, lines: Lines, delimiter: str, types: Types, quote: str = "") -> Grid | None:
    """The grid if every line is a row, parsed by several threads; else None."""
    if len(types) == 1:  # a line of blanks would be a row
        return None
    try:
        table = _parse(lines.text, delimiter, types, quote, rows=lines.count)
    except pa.ArrowInvalid:
        return None
    if table.num_rows != lines.count:
        return None
    rows = np.arange(1, lines.count + 1)
    return Grid(_columns(name, table.columns), rows, [], 0, RecordTexts(lines, [rows]))


def _parse_uneven(name: str, read: Lines, delimiter: str, types: Types) -> Grid:
    """The grid of a text with blank lines, or lines of another width."""
    text = _empty_blank_lines(read.text, delimiter)
    lines = Lines(text)
    table, (bad, widths) = _parse_with_rejects(name, text, _arrow_delimiter(text, delimiter), types, read.count)
    columns = _columns(name, table.columns)
    filled = lines.filled
    count = len(filled) if filled is not None else table.num_rows + len(bad)
    numbers = filled if filled is not None else np.arange(1, count + 1)
    at = np.array(bad, "int64") - 1
    even, malformed = np.delete(numbers, at).astype("int64", copy=False), numbers[at].astype("int64", copy=False)
    for line, width in zip(malformed, widths, strict=True):
        check_columns(name, width, int(line))
    blank = len(lines.ends) - count if filled is not None else 0
    records = MalformedRecords(malformed, np.array(widths, "int32"), [""] * len(malformed))
    return Grid(columns, even, records, blank, RecordTexts(lines, [even, malformed]), partial(str.split, sep=delimiter))


def _columns(name: str, columns: Iterable[pa.ChunkedArray]) -> list[Column]:
    read = [_column(column) for column in columns]
    for column in read:
        check_cell(name, pc.max(pc.utf8_length(column.values)).as_py() or 0)
    return read


def _column(read: pa.ChunkedArray) -> Column:
    if read.type == CELL_BY_CELL:
        return Cells(pa.concat_arrays(read.chunks) if read.num_chunks else pa.array([], CELL_BY_CELL))
    return values(read.chunks)


def _empty_blank_lines(text: bytes, delimiter: str) -> bytes:
    """The text with lines of blanks made empty; searched only if a line starts with a blank."""
    if not text.startswith((b" ", b"\t")) and not any(start in text for start in BLANK_LINE_STARTS):
        return text
    blanks = "".join(blank for blank in " \t" if blank != delimiter).encode()
    text = re.sub(rb"(?<=\r)[" + blanks + rb"]+(?=\n)", b"\r", text)  # \r and \n must not become one line end
    text = re.sub(rb"(?:(?<=[\r\n])|\A)[" + blanks + rb"]+\Z", b"\r", text)
    return re.sub(rb"(?:(?<=[\r\n])|\A)[" + blanks + rb"]+(?=[\r\n])", b"", text)


def _arrow_delimiter(text: bytes, delimiter: str) -> str:
    """The delimiter; for a single column a character that is not in the text, since pyarrow refuses NUL."""
    if delimiter != NO_DELIMITER:
        return delimiter
    return next(chr(code) for code in range(1, 128) if chr(code) not in "\r\n" and bytes([code]) not in text)


def _parse_with_rejects(name: str, text: bytes, delimiter: str, types: Types, rows: int) -> tuple[pa.Table, Bad]:
    bad, widths = array("q"), array("i")

    def collect(row: pacsv.InvalidRow) -> str:
        bad.append(row.number)
        widths.append(row.actual_columns)
        return "skip"

    empty = pa.table({name: pa.array([], kind) for name, kind in types.items()})
    if not text:
        return empty, (bad, widths)
    try:
        return _parse(text, delimiter, types, handler=collect, rows=rows), (bad, widths)
    except pa.ArrowInvalid as error:
        if "Empty CSV" in str(error):
            return empty, (bad, widths)
        raise UnreadableFileError(
            f"There is a line of more than {bounds.MAX_ROW:,} bytes.", "Look for missing line ends.", file=name
        ) from None


def _parse(
    text: bytes, delimiter: str, types: Types, quote: str = "", handler: Handler | None = None, *, rows: int = 0
) -> pa.Table:
    """Parse the rows; a line of another width goes to the handler, or is an error without one.

    With the number of `rows`, about as many as are read so far are told now and then (`core.progress`).
    """
    if not rows or len(text) < WATCHED:
        return _read_csv(pa.BufferReader(text), delimiter, types, quote, handler)
    reader = pa.BufferReader(text)
    with watched(lambda: f"{count(rows * reader.tell() / len(text))} of {count(rows)} rows"):
        return _read_csv(reader, delimiter, types, quote, handler)


def _read_csv(reader: pa.BufferReader, delimiter: str, types: Types, quote: str, handler: Handler | None) -> pa.Table:
    numbered = handler is not None  # only with one thread does pyarrow number the lines it hands over
    return pacsv.read_csv(
        reader,
        read_options=pacsv.ReadOptions(column_names=list(types), use_threads=not numbered, block_size=bounds.MAX_ROW),
        parse_options=pacsv.ParseOptions(
            delimiter=delimiter,
            quote_char=quote or False,
            double_quote=bool(quote),
            escape_char=False,
            ignore_empty_lines=True,
            invalid_row_handler=handler,
        ),
        convert_options=pacsv.ConvertOptions(column_types=types, strings_can_be_null=False, check_utf8=False),
    )
