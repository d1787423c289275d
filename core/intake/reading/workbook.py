"""An Excel workbook → one table per sheet that holds one, by the layout rules of text files."""

import struct
import zipfile
import zlib
from collections.abc import Collection
from dataclasses import replace
from xml.etree.ElementTree import ParseError

import numpy as np
import pandas as pd

from core.errors import UnknownSheetError, UnreadableFileError
from core.intake.reading.grid import Grid, collect
from core.intake.reading.kinds import filled
from core.intake.reading.layout import lay_out
from core.intake.reading.package import AS_CSV, Package, damaged, password
from core.intake.reading.sheets import Book, Row
from core.intake.reading.tables import ReadChoices, Reading, SourceFile, TextTable
from core.intake.steps import csv_line, excluded_rows

WORKBOOK, OLD_WORKBOOK = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
NO_TABLE = "the sheet holds no table"
# What zip archive, XML and cells raise where their bytes make no sense.
DAMAGE = (zipfile.BadZipFile, zlib.error, struct.error, ParseError, LookupError, ValueError, TypeError,
          AttributeError, ArithmeticError, OSError, EOFError, RuntimeError)  # fmt: skip

Rows = list[Row]


def read_workbook(file: SourceFile, choices: ReadChoices) -> Reading:
    """Read the sheets of an XLSX workbook as text.

    Raises
    ------
    UnreadableFileError
        Damaged, hostile, beyond a bound, or no sheet holds a table.
    """
    try:
        book = Book(Package(file.name, file.content))
        chosen = _chosen(file.name, book.sheets, choices.sheets)
        sheets = {title: list(rows) for title, rows in book.rows(chosen)}
    except UnreadableFileError:
        raise
    except DAMAGE:
        raise damaged(file.name) from None
    formulas = f"{book.uncomputed:,} in the workbook, read as blank"
    said = {"formulas without a stored value": formulas} if book.uncomputed else {}
    found = _reading(file.name, sheets, choices, said)
    return replace(found, tables=tuple(replace(table, sheets=tuple(book.sheets)) for table in found.tables))


def refuse_old(file: SourceFile) -> UnreadableFileError:
    """Why a file of Excel's old container cannot be read: a password, or the format before 2007."""
    if "EncryptedPackage".encode("utf-16-le") in file.content:
        return password(file.name)
    return UnreadableFileError("This is an old Excel workbook (.xls).", AS_CSV, file=file.name)


def _chosen(name: str, titles: Collection[str], wanted: tuple[str, ...]) -> list[str]:
    if lacking := [title for title in wanted if title not in titles]:
        raise UnknownSheetError(
            f"There is no sheet “{lacking[0]}”.", f"Choose among {', '.join(titles)}.", file=name, choices=list(titles)
        )
    return [title for title in titles if not wanted or title in wanted]


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
    padded = ((line, cells + ("",) * (width - len(cells))) for line, cells in rows)
    columns, lines = collect(name, padded, width)
    texts = dict(rows)
    return Grid(columns, np.asarray(lines), [], 0, lambda some: _as_csv([(line, texts[line]) for line in some]))


def _as_csv(rows: Rows) -> list[str]:
    return [csv_line(cells) for _, cells in rows]
