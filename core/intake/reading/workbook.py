"""An Excel workbook → one table per sheet that holds one, by the layout rules of text files."""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time
from typing import TYPE_CHECKING
from xml.etree.ElementTree import ParseError

import numpy as np
import pandas as pd
from defusedxml.common import DefusedXmlException

from core.errors import UnknownSheetError, UnreadableFileError
from core.intake.reading.bounds import check_archive, check_cell, check_columns, check_rows
from core.intake.reading.grid import Grid, collect
from core.intake.reading.kinds import filled
from core.intake.reading.layout import lay_out
from core.intake.reading.tables import ReadChoices, Reading, SourceFile, TextTable
from core.intake.steps import excluded_rows, row_text

if TYPE_CHECKING:
    from openpyxl.worksheet._read_only import ReadOnlyWorksheet

WORKBOOK, OLD_WORKBOOK = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
AS_CSV = "Save the table as CSV or XLSX and choose that file."
PIECE = 1 << 23  # bytes of XML looked through at a time
OVERLAP = 10_000  # longest formula of Excel is 8,192 characters
UNCOMPUTED = re.compile(rb"(?:</f>|<f\b[^>]*/>)\s*(?:<v>\s*</v>|<v\s*/>)?\s*</c>")
NO_TABLE = "the sheet holds no table"

Rows = list[tuple[int, list[str]]]


def read_workbook(file: SourceFile, choices: ReadChoices) -> Reading:
    """Read the sheets of an XLSX workbook as text.

    Raises
    ------
    UnreadableFileError
        Damaged, hostile, beyond a bound, or no sheet holds a table.
    """
    import openpyxl  # here: it takes a tenth of a second, which whoever brings no workbook need not wait for
    from openpyxl.utils.exceptions import InvalidFileException

    archive = check_archive(file.name, file.content)
    if "xl/workbook.xml" not in archive.namelist():
        raise UnreadableFileError("This is a zip archive, not an XLSX workbook.", AS_CSV, file=file.name)
    try:
        formulas = _uncomputed(archive)
        book = openpyxl.load_workbook(archive.fp, read_only=True, data_only=True, keep_links=False)
        sheets = _sheets(file.name, book.worksheets, choices.sheets)
        titles = tuple(sheet.title for sheet in book.worksheets)
    except UnreadableFileError:
        raise
    except DefusedXmlException:
        raise UnreadableFileError(
            "The workbook declares XML entities, as an attack does.", AS_CSV, file=file.name
        ) from None
    except (InvalidFileException, zipfile.BadZipFile, ParseError, KeyError, ValueError, TypeError, AttributeError,
            IndexError, OSError, EOFError, NotImplementedError, RuntimeError, zipfile.zlib.error):  # fmt: skip
        raise UnreadableFileError(
            "The workbook is damaged.", "Open it in Excel, save it anew and choose that file.", file=file.name
        ) from None
    said = {"formulas without a stored value": f"{formulas:,} in the workbook, read as blank"} if formulas else {}
    found = _reading(file.name, sheets, choices, said)
    return replace(found, tables=tuple(replace(table, sheets=titles) for table in found.tables))


def refuse_old(file: SourceFile) -> UnreadableFileError:
    """Why a file of Excel's old container cannot be read: a password, or the format before 2007."""
    if "EncryptedPackage".encode("utf-16-le") in file.content:
        return UnreadableFileError(
            "The workbook is protected by a password.", "Remove the password in Excel and save it.", file=file.name
        )
    return UnreadableFileError("This is an old Excel workbook (.xls).", AS_CSV, file=file.name)


def _uncomputed(archive: zipfile.ZipFile) -> int:
    """How many formulas have no stored value; also unpacks every sheet, as far as its size was declared."""
    count = 0
    for member in archive.namelist():
        if member.startswith("xl/worksheets/") and member.endswith(".xml"):
            rest = b""
            with archive.open(member) as xml:
                while piece := xml.read(PIECE):
                    whole = rest + piece
                    count += sum(1 for found in UNCOMPUTED.finditer(whole) if found.end() > len(rest))
                    rest = whole[-OVERLAP:]
    return count


def _sheets(name: str, sheets: list["ReadOnlyWorksheet"], wanted: tuple[str, ...]) -> dict[str, Rows]:
    titles = [sheet.title for sheet in sheets]
    if lacking := [title for title in wanted if title not in titles]:
        raise UnknownSheetError(
            f"There is no sheet “{lacking[0]}”.", f"Choose among {', '.join(titles)}.", file=name, choices=titles
        )
    return {sheet.title: list(_rows(name, sheet)) for sheet in sheets if not wanted or sheet.title in wanted}


def _rows(name: str, sheet: "ReadOnlyWorksheet") -> Iterator[tuple[int, list[str]]]:
    """The rows with any value, their trailing blanks cut off; the sheet's own claim on its size is not believed."""
    sheet.reset_dimensions()
    kept = 0
    for number, row in enumerate(sheet.iter_rows(values_only=True), start=1):
        width = next((at for at in range(len(row), 0, -1) if row[at - 1] is not None), 0)
        if not width:
            continue
        check_columns(name, width, number)
        kept += 1
        check_rows(name, kept)
        cells = [_text(value) for value in row[:width]]
        check_cell(name, max(map(len, cells)), number)
        yield number, cells


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value.replace("\x00", "")
    if isinstance(value, datetime):
        return (value.date() if value.time() == time() else value).isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, float):
        return f"{value:.15g}"  # as many digits as Excel keeps and shows
    return str(value)


def _reading(name: str, sheets: dict[str, Rows], choices: ReadChoices, said: dict[str, str]) -> Reading:
    tables: list[TextTable] = []
    outside = [excluded_rows(name, [], [], [])]
    for title, rows in sheets.items():
        whole = name if len(sheets) == 1 else f"{name} › {title}"
        if _holds_table(rows, alone=len(sheets) == 1 or bool(choices.sheets)):
            tables.append(lay_out(whole, _grid(whole, rows), {"sheet": title, **said}, choices.header_row))
        elif rows:
            outside.append(excluded_rows(whole, [line for line, _ in rows], _as_csv(rows), NO_TABLE))
    if not tables:
        raise UnreadableFileError(
            "No sheet holds a table.", "Choose a workbook with one row per customer below a header.", file=name
        )
    return Reading(tuple(tables), pd.concat(outside, ignore_index=True).astype({"line": "int64"}))


def _holds_table(rows: Rows, *, alone: bool) -> bool:
    """Whether two rows at least have two cells or more, as a title page rarely has; one column is enough if chosen."""
    full = sum(1 for _, cells in rows if filled(cells) > 1)
    return (2 * full >= len(rows) > 1 and full > 1) or (alone and len(rows) > 1)


def _grid(name: str, rows: Rows) -> Grid:
    width = max(len(cells) for _, cells in rows)
    padded = ((line, cells + [""] * (width - len(cells))) for line, cells in rows)
    columns, lines = collect(name, padded, width)
    texts = dict(rows)
    return Grid(columns, np.asarray(lines), [], 0, lambda some: _as_csv([(line, texts[line]) for line in some]))


def _as_csv(rows: Rows) -> list[str]:
    return [row_text(pd.DataFrame([cells]))[0] for _, cells in rows]
