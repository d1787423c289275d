"""CSV bytes → a table of text, nothing typed, nothing lost: rows of another width are kept aside.

pandas is not asked to parse: it shifts `1,2,3` under `a,b`, turns `0800` into 800 and the surname
"NA" into a missing value, all without a word.
"""

import codecs
import csv
import io
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain, count, islice

import pandas as pd
import pyarrow as pa

from core.errors import UnreadableFileError
from core.intake.steps import excluded_rows

DELIMITERS = ",;\t|"
# Small, so that the garbage collector never has many rows to walk: 50,000 takes twice the time.
CHUNK_ROWS = 5_000
SNIFFED_CHARACTERS = 200_000
SNIFFED_ROWS = 200
END = "\x00"  # ends the records; no NUL is left in the text by then
# First bytes of files that people rename to .csv.
SIGNATURES = {
    b"\x89PNG": "a PNG picture",
    b"\xff\xd8\xff": "a JPEG picture",
    b"GIF8": "a GIF picture",
    b"%PDF": "a PDF document",
    b"PK\x03\x04": "a zip archive or an Excel workbook",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook",
    b"PAR1": "a Parquet file",
    b"\x1f\x8b": "a gzip archive",
}


@dataclass(frozen=True)
class SourceFile:
    """A file as it was handed over: its name, for messages, and its bytes."""

    name: str
    content: bytes


@dataclass(frozen=True)
class TextTable:
    """A table as read: text categories, the index is each row's line in the file.

    `rejected` has the columns of `excluded_rows`; `decisions` says what was decided, by subject.
    """

    name: str
    frame: pd.DataFrame
    rejected: pd.DataFrame
    decisions: dict[str, str]


def read(file: SourceFile) -> TextTable:
    """Read one CSV file of any usual delimiter and encoding as text.

    Raises
    ------
    UnreadableFileError
        Empty, not text, or without any row below its header.
    """
    text, encoding = _decode(file)
    delimiter = _delimiter(text)
    records = _records(file.name, text, delimiter)
    _, header = next(records, (0, []))
    names = _unique(header)
    frame, odd = _collect(records, names)
    if frame.empty:
        widths = f" Line {odd[0][0]} has {odd[0][1]} cells where the header has {len(names)}." if odd else ""
        raise UnreadableFileError(
            f"There is no row of data below the header.{widths}",
            "Choose a file with one row per customer.",
            file=file.name,
        )
    lines, reasons = (
        [line for line, _ in odd],
        [f"{width} cells where the header has {len(names)}" for _, width in odd],
    )
    rejected = excluded_rows(file.name, lines, _raw_lines(text, lines), reasons)
    shown = "tab" if delimiter == "\t" else delimiter
    return TextTable(file.name, frame, rejected, {"encoding": encoding, "delimiter": shown})


def _decode(file: SourceFile) -> tuple[str, str]:
    content = file.content
    if not content.strip(b"\x00 \t\r\n"):
        raise UnreadableFileError("The file is empty.", "Choose a file with one row per customer.", file=file.name)
    for signature, what in SIGNATURES.items():
        if content.startswith(signature):
            raise UnreadableFileError(
                f"This is {what}, not a CSV file.",
                "Save the table as CSV and choose that file.",
                file=file.name,
            )
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _text_only(file, content.decode("utf-16", errors="replace")), "UTF-16"
    if content.count(0) > len(content) / 100:
        raise UnreadableFileError(
            "This is not a text file.", "Save the table as CSV and choose that file.", file=file.name
        )
    try:
        return _text_only(file, content.decode("utf-8-sig")), "UTF-8"
    except UnicodeDecodeError:
        return _text_only(file, content.decode("cp1252", errors="replace")), "Windows-1252"


def _text_only(file: SourceFile, text: str) -> str:
    """Strip NUL characters; refuse what is mostly control characters, as a renamed binary is."""
    head = text[:4096]
    controls = sum(character < " " and character not in "\t\r\n\x00" for character in head)
    if controls > len(head) / 20:
        raise UnreadableFileError(
            "This is not a text file.", "Save the table as CSV and choose that file.", file=file.name
        )
    return text.replace("\x00", "")


def _delimiter(text: str) -> str:
    """The delimiter under which most of the first rows are equally, and more than one cell, wide."""

    def consistency(delimiter: str) -> tuple[float, int]:
        rows = csv.reader(io.StringIO(text[:SNIFFED_CHARACTERS], newline=""), delimiter=delimiter)
        widths: list[int] = []
        with suppress(csv.Error):  # a quote that is never closed; the rows before it tell
            widths.extend(len(row) for row in islice((row for row in rows if row), SNIFFED_ROWS))
        usual = max(set(widths), key=widths.count) if widths else 0
        return (widths.count(usual) / len(widths), usual) if usual > 1 else (0, usual)

    return max(DELIMITERS, key=consistency)


def _records(name: str, text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Each record with the line it starts on; blank lines hold nothing and are passed over."""
    reader = csv.reader(chain(io.StringIO(text, newline=""), [END]), delimiter=delimiter)
    start = 1
    try:
        for row in reader:
            if row == [END]:
                return
            if row and row[-1].endswith(END):
                raise csv.Error("a quote is open at the end of the file")
            if row:
                yield start, row
            start = reader.line_num + 1
    except csv.Error as error:
        raise UnreadableFileError(
            f"The CSV reader stops here: {error}.",
            "Look for a quote that is never closed.",
            file=name,
            line=start,
        ) from None


def _unique(header: Iterable[str]) -> list[str]:
    """Header cells made usable as names: blanks numbered, repeats counted."""
    names: list[str] = []
    for position, cell in enumerate(header, start=1):
        name = " ".join(cell.split()) or f"column {position}"
        numbered = (f"{name} ({copy})" for copy in count(2))
        names.append(name if name not in names else next(other for other in numbered if other not in names))
    return names


def _collect(records: Iterator[tuple[int, list[str]]], names: list[str]) -> tuple[pd.DataFrame, list[tuple[int, int]]]:
    """Columns as text categories, built chunk by chunk so that memory holds few Python strings."""
    columns: list[list[pa.Array]] = [[] for _ in names]
    lines: list[int] = []
    odd: list[tuple[int, int]] = []
    while chunk := list(islice(records, CHUNK_ROWS)):
        rows = [(line, row) for line, row in chunk if len(row) == len(names)]
        odd += [(line, len(row)) for line, row in chunk if len(row) != len(names)]
        lines += [line for line, _ in rows]
        for column, cells in zip(columns, zip(*(row for _, row in rows), strict=True), strict=False):
            column.append(pa.array(cells, pa.string()).dictionary_encode())
    data = {name: _categorical(parts) for name, parts in zip(names, columns, strict=True)} if lines else {}
    return pd.DataFrame(data, index=pd.Index(lines, name="line", dtype="int64")), odd


def _categorical(parts: list[pa.Array]) -> pd.Categorical:
    whole = pa.chunked_array(parts).unify_dictionaries().combine_chunks()
    return pd.Categorical.from_codes(whole.indices.to_numpy(), whole.dictionary.to_pandas())


def _raw_lines(text: str, lines: list[int]) -> list[str]:
    wanted = set(lines)
    found = (
        {
            number: line.rstrip("\r\n")
            for number, line in enumerate(io.StringIO(text, newline=""), start=1)
            if number in wanted
        }
        if wanted
        else {}
    )
    return [found[line] for line in lines]
