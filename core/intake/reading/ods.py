"""An OpenDocument spreadsheet (.ods): its tables are read row by row. See OpenDocument 1.3, part 3, chapter 9."""

import re
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Final
from xml.etree.ElementTree import Element

import numpy as np
import pyarrow as pa

from core.errors import UnreadableFileError
from core.intake.reading import bounds
from core.intake.reading.bounds import check, check_cell, check_cells, check_columns, check_text
from core.intake.reading.cells import Merge, SheetCells
from core.intake.reading.grid import Coded
from core.intake.reading.package import AS_CSV, Package, damaged, password
from core.intake.reading.serials import value_text

MIME: Final = "application/vnd.oasis.opendocument.spreadsheet"
CONTENT, MANIFEST = "content.xml", "META-INF/manifest.xml"
TABLE: Final = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
OFFICE: Final = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
STYLE: Final = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
TEXT: Final = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
CELLS: Final = {f"{TABLE}table-cell", f"{TABLE}covered-table-cell"}
PARTS: Final = {f"{STYLE}style", f"{TABLE}table-row", f"{TABLE}table"}
MARKS: Final = {f"{TEXT}tab": "\t", f"{TEXT}line-break": "\n"}
WHOLE = re.compile(r"[-+]?[0-9]+")
DURATION = re.compile(r"(-?)PT?(?:(\d+)D)?T?(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:[.,]\d+)?)S)?")


class Ods:
    """An OpenDocument spreadsheet; all its tables are read at once.

    Raises
    ------
    UnreadableFileError
        Protected by a password, without a table, with a table inside a cell, or beyond a bound.
    """

    from_1904 = False  # dates are written out

    def __init__(self, package: Package) -> None:
        self.name, self.uncomputed = package.name, 0
        if MANIFEST in package and any(b"encryption-data" in chunk for chunk in package.text(MANIFEST)):
            raise password(package.name)
        check(package.name, "cells and values", package.count(CONTENT), bounds.MAX_CELL_ELEMENTS, AS_CSV)
        self._styles: dict[str, str] = {}  # title → name of a style
        self._hidden_styles: set[str] = set()
        self._merges: list[Merge] = []
        self._sheets = self._read(package)
        if not self._sheets:
            raise damaged(package.name, ": it is an OpenDocument spreadsheet without a sheet")
        self.titles = list(self._sheets)
        self.hidden = [title for title in self.titles if self._styles.get(title) in self._hidden_styles]

    def cells(self, titles: Sequence[str]) -> Iterator[tuple[str, SheetCells]]:
        """The cells of some sheets."""
        for title in titles:
            yield title, self._sheets[title]

    def _read(self, package: Package) -> dict[str, SheetCells]:
        """Title → cells. The bounds are those of all tables together, since a short file may repeat cells and rows."""
        sheets: dict[str, SheetCells] = {}
        rows, total, length = _Rows(), 0, 0
        for element in package.elements(CONTENT, PARTS, f"{OFFICE}spreadsheet"):
            if element.tag == f"{STYLE}style":
                if any(part.get(f"{TABLE}display") == "false" for part in element):
                    self._hidden_styles.add(element.get(f"{STYLE}name", ""))
            elif element.tag == f"{TABLE}table":
                title = element.get(f"{TABLE}name", "")
                if title in sheets:
                    raise damaged(self.name, ": two sheets have the same title")
                cells, total = replace(rows.cells(), merges=self._merges), total + rows.size
                sheets[title], rows, self._merges = cells, _Rows(), []
                self._styles[title] = element.get(f"{TABLE}style-name", "")
                check(self.name, "sheets", len(sheets), bounds.MAX_SHEETS, "Keep the sheets that hold tables.")
            else:
                length += self._add_row(element, rows, total, length)
        return sheets

    def _add_row(self, element: Element, rows: "_Rows", total: int, length: int) -> int:
        """Add a row to a table; returns its characters. `total` and `length` are the cells and characters before."""
        repeated = _times(element, "rows")
        cells = self._row(element, rows.line + 1, repeated)
        more = repeated * sum(map(len, cells))
        if cells:
            check(self.name, "rows", rows.line + repeated, bounds.MAX_SHEET_ROWS, AS_CSV)
            widest = max(len(rows.codes), len(cells))
            check_cells(self.name, 1, total + (rows.count + repeated) * widest, bounds.MAX_SHEET_CELLS)
            check_text(self.name, length + more)
        rows.add(cells, repeated)
        return more

    def _row(self, element: Element, line: int, rows: int) -> list[str]:
        """The texts of a row, up to the last one that is not empty."""
        texts: list[str] = []
        column = 0
        for cell in element:
            if cell.tag not in CELLS:
                continue
            repeated = _times(cell, "columns")
            text = _text(self.name, cell, line) if len(cell) or cell.attrib else ""
            if text:
                check_columns(self.name, column + repeated, line)
                check_cell(self.name, len(text), line)
                texts += [""] * (column - len(texts)) + [text] * repeated
            elif cell.get(f"{TABLE}formula") and not cell.get(f"{OFFICE}value-type"):
                self.uncomputed += repeated * rows
            if (down := int(cell.get(f"{TABLE}number-rows-spanned", "1"))) > 1 and repeated == 1:
                self._merges.append(Merge(column, line, line + down - 1))
            column += repeated
        return texts


def is_ods(package: Package) -> bool:
    """Whether a package is such a spreadsheet, or a template, by its MIME type."""
    return "mimetype" in package and package.size("mimetype") < 200 and package.archive.read("mimetype").startswith(
        MIME.encode()
    )  # fmt: skip


class _Rows:
    """The rows of a table so far: for each column its distinct texts, and which of them each row has."""

    def __init__(self) -> None:
        self.line = self.count = 0
        self.codes: list[array[int]] = []
        self.texts: list[dict[str, int]] = []
        self.lines, self.widths, self.filled = array("q"), array("q"), array("q")

    @property
    def size(self) -> int:
        """Rows × columns."""
        return self.count * len(self.codes)

    def add(self, cells: Sequence[str], repeated: int) -> None:
        """Add a row some times; one without a text is only counted."""
        first, self.line = self.line + 1, self.line + repeated
        if not cells:
            return
        for _ in range(len(self.codes), len(cells)):
            self.codes.append(array("i"))
            self.texts.append({})
        for codes, texts, cell in zip(self.codes, self.texts, cells, strict=False):
            if cell:
                self._pad(codes, texts)
                codes.extend([texts.setdefault(cell, len(texts))] * repeated)
        self.lines.extend(range(first, first + repeated))
        self.widths.extend([len(cells)] * repeated)
        self.filled.extend([sum(bool(cell.strip()) for cell in cells)] * repeated)
        self.count += repeated

    def cells(self) -> SheetCells:
        """The rows that have a text."""
        for codes, texts in zip(self.codes, self.texts, strict=True):
            self._pad(codes, texts)
        columns = [
            Coded(np.array(codes, "int32"), pa.array(texts, pa.string()))
            for codes, texts in zip(self.codes, self.texts, strict=True)
        ]
        lines, widths, filled = (np.array(numbers, "int64") for numbers in (self.lines, self.widths, self.filled))
        return SheetCells(columns, lines, widths, filled)

    def _pad(self, codes: "array[int]", texts: dict[str, int]) -> None:
        """Write empty cells up to the current row."""
        if len(codes) < self.count:
            codes.extend([texts.setdefault("", len(texts))] * (self.count - len(codes)))


def _text(name: str, cell: Element, line: int) -> str:
    """The text of a cell, by its kind."""
    if next(cell.iter(f"{TABLE}table"), None) is not None:
        raise UnreadableFileError("A table lies inside a cell.", AS_CSV, file=name)
    kind = cell.get(f"{OFFICE}value-type", "")
    if kind in ("", "string"):
        return cell.get(f"{OFFICE}string-value") or _paragraphs(name, cell, line)
    value = cell.get(f"{OFFICE}{kind}-value" if kind in ("boolean", "date", "time") else f"{OFFICE}value")
    if value is None:
        return _paragraphs(name, cell, line)
    if kind == "boolean":
        return str(value == "true")
    if kind == "date":
        return _date(value)
    return _time(value) if kind == "time" else _number(value)


def _number(text: str) -> str:
    """A number as other workbooks show it; whole ones keep all their digits."""
    number = float(text)
    return str(int(text)) if WHOLE.fullmatch(text) and abs(number) >= 1e15 else value_text(number)


def _date(text: str) -> str:
    if len(text) < 10 or text[4] != "-":  # a form that Python reads and OpenDocument does not know
        return text
    try:
        return value_text(datetime.fromisoformat(text))
    except ValueError:
        return text


def _time(text: str) -> str:
    """A time of day, or a duration of a day and more, as other workbooks show it."""
    found = DURATION.fullmatch(text)
    if found is None:
        return text
    days, hours, minutes = (int(part or 0) for part in found.groups()[1:4])
    seconds = float((found[5] or "0").replace(",", "."))
    passed = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
    if not found[1] and not passed.days:
        return value_text((datetime.min + passed).time() if passed else time())
    return str(-passed if found[1] else passed)


def _paragraphs(name: str, cell: Element, line: int) -> str:
    return "\n".join(_joined(name, part, line) for part in cell if part.tag == f"{TEXT}p")


def _joined(name: str, element: Element, line: int) -> str:
    """A text with its blanks, tabs and line breaks, without notes."""
    if not len(element):
        return element.text or ""
    parts, blanks = [element.text or ""], 0
    for part in element:
        if part.tag == f"{TEXT}s":
            blanks += (times := int(part.get(f"{TEXT}c", "1")))
            check_cell(name, blanks, line)
            parts.append(" " * times)
        elif part.tag != f"{OFFICE}annotation":
            parts.append(MARKS.get(part.tag) or _joined(name, part, line))
        parts.append(part.tail or "")
    return "".join(parts)


def _times(element: Element, what: str) -> int:
    times = int(element.get(f"{TABLE}number-{what}-repeated", "1"))
    if times < 1:
        raise ValueError(times)
    return times
