"""An OpenDocument spreadsheet (.ods): checked, copied, and read by calamine."""

import io
import zipfile
from collections.abc import Iterator, Sequence
from typing import Final
from xml.etree.ElementTree import Element

from python_calamine import CalamineWorkbook

from core.intake.reading import bounds
from core.intake.reading.bounds import check, check_cells, check_columns, check_text
from core.intake.reading.cells import SheetCells, read_cells
from core.intake.reading.package import AS_CSV, Package, password

MIME: Final = "application/vnd.oasis.opendocument.spreadsheet"
CONTENT, MANIFEST = "content.xml", "META-INF/manifest.xml"
TABLE: Final = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
OFFICE: Final = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"


class Ods:
    """An OpenDocument spreadsheet; calamine reads all its sheets at once.

    Raises
    ------
    UnreadableFileError
        Protected by a password, or beyond a bound.
    """

    def __init__(self, package: Package) -> None:
        self.package, self.uncomputed = package, 0
        if MANIFEST in package and any(b"encryption-data" in chunk for chunk in package.text(MANIFEST)):
            raise password(package.name)
        check(package.name, "cells and values", package.count(CONTENT), bounds.MAX_CELL_ELEMENTS, AS_CSV)
        _check_tables(package)
        self._book = CalamineWorkbook.from_filelike(io.BytesIO(self._copy()))
        self.titles = list(self._book.sheet_names)

    def cells(self, titles: Sequence[str]) -> Iterator[tuple[str, SheetCells]]:
        """The cells of some sheets."""
        for title in titles:
            yield title, read_cells(self.package.name, self._book.get_sheet_by_name(title), {})

    def _copy(self) -> bytes:
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as copy:
            copy.writestr("mimetype", MIME)
            copy.writestr(MANIFEST, '<manifest xmlns="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>')
            with copy.open(CONTENT, "w", force_zip64=True) as content:
                for chunk in self.package.text(CONTENT):
                    content.write(chunk)
        return target.getvalue()


def is_ods(package: Package) -> bool:
    """Whether a package is such a spreadsheet, or a template, by its MIME type."""
    return "mimetype" in package and package.size("mimetype") < 200 and package.archive.read("mimetype").startswith(
        MIME.encode()
    )  # fmt: skip


def _check_tables(package: Package) -> None:
    """Bound the cells of all tables together; rows and cells may be repeated, as blank ones to the end often are."""
    name, total, rows, last, widest, length = package.name, 0, 0, 0, 0, 0
    check(name, "sheets", 0, bounds.MAX_SHEETS, AS_CSV)
    tags = {f"{TABLE}table-row", f"{TABLE}table"}
    for element in package.elements(CONTENT, tags, f"{OFFICE}spreadsheet"):
        if element.tag == f"{TABLE}table":
            total, rows, last, widest = total + last * widest, 0, 0, 0
            continue
        repeated = _times(element, "rows")
        width, characters = _row(element)
        rows += repeated
        if width:
            last, widest, length = rows, max(widest, width), length + characters * repeated
            check_columns(name, widest, rows)
            check(name, "rows", last, bounds.MAX_SHEET_ROWS, AS_CSV)
            check_cells(name, 1, total + last * widest, bounds.MAX_SHEET_CELLS)
            check_text(name, length)


def _row(element: Element) -> tuple[int, int]:
    """The last column that is not empty, and the characters of all cells."""
    column = width = characters = 0
    for cell in element:
        repeated = _times(cell, "columns")
        column += repeated
        if len(cell) or cell.get(f"{OFFICE}value-type"):
            width = column
            characters += repeated * (sum(map(len, cell.itertext())) + len(cell.get(f"{OFFICE}string-value", "")))
    return width, characters


def _times(element: Element, what: str) -> int:
    times = int(element.get(f"{TABLE}number-{what}-repeated", "1"))
    if times < 1:
        raise ValueError(times)
    return times
