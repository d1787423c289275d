"""Text without any quote → grid, by way of pyarrow."""

import re

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from core.errors import UnreadableFileError
from core.intake.reading.bounds import MAX_ROW, check_cell, check_columns
from core.intake.reading.grid import Grid, Odd, values
from core.intake.reading.lines import Lines, RecordTexts
from core.intake.reading.records import NO_DELIMITER

TEXT = pa.dictionary(pa.int32(), pa.string())

STARTS = tuple(end + blank for end in (b"\n", b"\r") for blank in (b" ", b"\t"))

Bad = list[tuple[int, str]]  # number among the lines that hold anything, from 1, and text


def read_plain(name: str, text: bytes, delimiter: str, width: int) -> Grid:
    """The grid of a text in which no cell is quoted; the same as `careful` gives.

    Raises
    ------
    UnreadableFileError
        A line, a cell, or the number of columns is beyond its bound.
    """
    text = _blank_lines_emptied(text, delimiter)
    lines = Lines(text)
    table, bad = _parsed(name, text, _for_arrow(text, delimiter), width)
    columns = [values(column.chunks) for column in table.columns]
    for column in columns:
        check_cell(name, pc.max(pc.utf8_length(column.distinct)).as_py() or 0)
    filled = lines.filled
    count = len(filled) if filled is not None else table.num_rows + len(bad)
    numbers = filled if filled is not None else np.arange(1, count + 1)
    odd = [Odd(int(numbers[at - 1]), raw.split(delimiter), "", raw) for at, raw in bad]
    for one in odd:
        check_columns(name, len(one.cells), one.line)
        check_cell(name, max(map(len, one.cells)), one.line)
    even = np.delete(numbers, [at - 1 for at, _ in bad]) if bad else numbers
    texts = RecordTexts(lines, [even, np.array([one.line for one in odd], dtype="int64")])
    blank = len(lines.ends) - count if filled is not None else 0
    return Grid(columns, even.astype("int64", copy=False), odd, blank, texts)


def _blank_lines_emptied(text: bytes, delimiter: str) -> bytes:
    """The text with nothing on lines of blanks; looked for only where a line starts with one."""
    if not text.startswith((b" ", b"\t")) and not any(start in text for start in STARTS):
        return text
    blanks = "".join(blank for blank in " \t" if blank != delimiter).encode()
    text = re.sub(rb"(?<=\r)[" + blanks + rb"]+(?=\n)", b"\r", text)  # \r and \n must not become one line end
    text = re.sub(rb"(?:(?<=[\r\n])|\A)[" + blanks + rb"]+\Z", b"\n", text)
    return re.sub(rb"(?:(?<=[\r\n])|\A)[" + blanks + rb"]+(?=[\r\n])", b"", text)


def _for_arrow(text: bytes, delimiter: str) -> str:
    """The delimiter; for a single column a character that the text lacks, since pyarrow refuses NUL."""
    if delimiter != NO_DELIMITER:
        return delimiter
    return next(chr(code) for code in range(1, 128) if chr(code) not in "\r\n" and bytes([code]) not in text)


def _parsed(name: str, text: bytes, delimiter: str, width: int) -> tuple[pa.Table, Bad]:
    bad: Bad = []

    def keep_aside(row: pacsv.InvalidRow) -> str:
        bad.append((row.number, row.text))
        return "skip"

    names = [str(position) for position in range(width)]
    empty = pa.table({name: pa.array([], TEXT) for name in names})
    if not text:
        return empty, bad
    try:
        return _table(text, delimiter, names, keep_aside), bad
    except pa.ArrowInvalid as error:
        if "Empty CSV" in str(error):
            return empty, bad
        raise UnreadableFileError(
            f"There is a line of more than {MAX_ROW:,} bytes.", "Look for missing line ends.", file=name
        ) from None


# One thread: only then does pyarrow number the bad rows; two were no faster where dictionaries are made.
def _table(text: bytes, delimiter: str, names: list[str], keep_aside: object) -> pa.Table:
    return pacsv.read_csv(
        pa.BufferReader(text),
        read_options=pacsv.ReadOptions(column_names=names, use_threads=False, block_size=MAX_ROW),
        parse_options=pacsv.ParseOptions(
            delimiter=delimiter,
            quote_char=False,
            double_quote=False,
            escape_char=False,
            ignore_empty_lines=True,
            invalid_row_handler=keep_aside,
        ),
        convert_options=pacsv.ConvertOptions(
            column_types=dict.fromkeys(names, TEXT), strings_can_be_null=False, check_utf8=False
        ),
    )
