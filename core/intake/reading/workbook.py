"""A workbook → one table per sheet that holds one, by the layout rules of text files."""

import struct
import zipfile
import zlib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import Final, Protocol
from xml.etree.ElementTree import ParseError

import pandas as pd
from python_calamine import CalamineError, PasswordError

from core.errors import UnknownSheetError, UnreadableFileError
from core.intake.reading.cells import SheetCells
from core.intake.reading.layout import lay_out
from core.intake.reading.ods import Ods, is_ods
from core.intake.reading.package import AS_CSV, Package, damaged, password
from core.intake.reading.sheet_rows import MAIN
from core.intake.reading.tables import NamedBytes, ReadChoices, Reading, TextTable
from core.intake.reading.xls import Xls
from core.intake.reading.xlsb import Xlsb
from core.intake.reading.xlsx import Xlsx
from core.intake.steps import rejected_frame

WORKBOOK, OLD_WORKBOOK = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
NO_TABLE: Final = "the sheet holds no table"
# Exceptions that readers of zip archives, XML, records and cells raise for damaged bytes.
DAMAGE: Final = (zipfile.BadZipFile, zlib.error, struct.error, ParseError, LookupError, ValueError, TypeError,
                 AttributeError, ArithmeticError, OSError, EOFError, RuntimeError, CalamineError)  # fmt: skip

PANIC: Final = "PanicException"  # of calamine's language; Python cannot import the class


class Workbook(Protocol):
    """A workbook of any format: `titles` are its sheets, `uncomputed` counts formulas without a stored value."""

    titles: list[str]
    uncomputed: int

    def cells(self, titles: Sequence[str]) -> Iterator[tuple[str, SheetCells]]:
        """The cells of some sheets."""


def read_workbook(file: NamedBytes, choices: ReadChoices) -> Reading:
    """Read the sheets of a workbook as text.

    Raises
    ------
    UnreadableFileError
        Damaged, hostile, beyond a bound, or no sheet holds a table.
    """
    try:
        book = _open(file)
        chosen = _chosen_sheets(file.name, book.titles, choices.sheets)
        reading = _read_sheets(file.name, book, chosen, choices)
    except UnreadableFileError:
        raise
    except PasswordError:
        raise password(file.name) from None
    except DAMAGE:
        raise damaged(file.name) from None
    except BaseException as error:
        if type(error).__name__ != PANIC:
            raise
        raise damaged(file.name) from None
    return replace(reading, tables=tuple(replace(table, sheets=tuple(book.titles)) for table in reading.tables))


def _open(file: NamedBytes) -> Workbook:
    if file.content.startswith(OLD_WORKBOOK):
        return Xls(file)
    package = Package(file.name, file.content)
    if is_ods(package):
        return Ods(package)
    part = next((part for kind, part in package.related("").values() if kind.endswith("/officeDocument")), "")
    if part.endswith(".bin"):
        return Xlsb(package)
    if part.endswith(".xml") and package.children(part, f"{MAIN}sheets"):
        return Xlsx(package, part)
    raise UnreadableFileError("This is a zip archive, not a workbook.", AS_CSV, file=file.name)


def _chosen_sheets(name: str, titles: Collection[str], wanted: tuple[str, ...]) -> list[str]:
    if missing := [title for title in wanted if title not in titles]:
        raise UnknownSheetError(
            f"There is no sheet “{missing[0]}”.", f"Choose among {', '.join(titles)}.", file=name, choices=list(titles)
        )
    return [title for title in titles if not wanted or title in wanted]


def _read_sheets(name: str, book: Workbook, titles: Sequence[str], choices: ReadChoices) -> Reading:
    tables: list[TextTable] = []
    outside = [rejected_frame(name, [], [], [])]
    for title, cells in book.cells(titles):
        whole = name if len(titles) == 1 else f"{name} › {title}"
        if _holds_table(cells, alone=len(titles) == 1 or bool(choices.sheets)):
            tables.append(
                lay_out(whole, cells.grid(), {"sheet": title, **_uncomputed_decision(book)}, choices.header_row)
            )
        elif len(cells):
            lines = cells.lines.tolist()
            outside.append(rejected_frame(whole, lines, cells.raw(lines), NO_TABLE))
    if not tables:
        raise UnreadableFileError(
            "No sheet holds a table.", "Choose a workbook with one row per customer below a header.", file=name
        )
    return Reading(tuple(tables), pd.concat(outside, ignore_index=True).astype({"line": "int64"}))


def _uncomputed_decision(book: Workbook) -> dict[str, str]:
    count = f"{book.uncomputed:,} in the workbook, read as blank"
    return {"formulas without a stored value": count} if book.uncomputed else {}


def _holds_table(cells: SheetCells, *, alone: bool) -> bool:
    """Whether at least two rows, and half of all, have two cells or more. One column is enough for the only sheet."""
    full, rows = int((cells.filled > 1).sum()), len(cells)
    return (2 * full >= rows > 1 and full > 1) or (alone and rows > 1)
