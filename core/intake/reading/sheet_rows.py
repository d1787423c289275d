"""Read the rows of a sheet in Python: for sheets that hold anything calamine would change, skip or spread out."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Final
from xml.etree.ElementTree import Element

from core.errors import UnreadableFileError
from core.intake.reading import bounds
from core.intake.reading.bounds import check_cells, check_columns
from core.intake.reading.cells import EMPTY_TEXT
from core.intake.reading.package import SAVE_ANEW, Package, damaged
from core.intake.reading.serials import Shown, serial_text, value_text

MAIN: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
FORMULA, VALUE, INLINE, TEXT = f"{MAIN}f", f"{MAIN}v", f"{MAIN}is", f"{MAIN}t"
ROW, ROWS, CELL = f"{MAIN}row", f"{MAIN}sheetData", f"{MAIN}c"
NUMBER = re.compile(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]{1,4})?", re.A)
WHOLE = re.compile(r"[-+]?[0-9]{1,400}", re.A)
REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})", re.A)


@dataclass
class SheetRows:
    """The rows of a sheet that hold a value, as texts; a cell that is not there is an empty text.

    `texts` gives the shared texts. `uncomputed` counts the formulas without a stored value in the rows read so far.
    """

    package: Package
    part: str
    texts: Callable[[], Sequence[str]]
    styles: Sequence[Shown]
    from_1904: bool
    uncomputed: int = 0

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        """Number and cells of each row.

        Raises
        ------
        UnreadableFileError
            Beyond a bound, or rows in another order than their numbers.
        """
        name, last, rows, widest = self.package.name, 0, 0, 0
        for element in self.package.elements(self.part, {ROW}, ROWS):
            number = int(element.get("r", last + 1))
            _check_row_number(name, number, last)
            last = number
            if cells := self._row(number, element):
                rows, widest = rows + 1, max(widest, len(cells))
                check_cells(name, rows, widest, bounds.MAX_SHEET_CELLS)
                yield number, cells

    def _row(self, number: int, row: Element) -> list[str]:
        """The cells of a row up to the last one with a value."""
        column = 0
        cells: list[str] = []
        for cell in row.iterfind(CELL):
            reference = cell.get("r")
            column = column_of(self.package.name, reference, number) if reference else column + 1
            value = cell.findtext(VALUE) or ""
            if cell.find(FORMULA) is not None:
                self.uncomputed += not value.strip()
            if text := self._text(cell, value, number):
                check_columns(self.package.name, column, number)
                cells += [""] * (column - len(cells))
                cells[column - 1] = text
        return cells

    def _text(self, cell: Element, value: str, row: int) -> str:
        """The text of a cell; empty if it has no value."""
        kind = cell.get("t", "n")
        if kind == "inlineStr":
            inline = cell.find(INLINE)
            return "" if inline is None else joined(inline) or EMPTY_TEXT
        if not value:
            return ""
        match kind:
            case "n":
                return self._number(cell, value)
            case "s":
                at, texts = int(value), self.texts()
                if not 0 <= at < len(texts):
                    raise damaged(self.package.name, f": row {row:,} refers to text {at:,} of {len(texts):,}")
                return texts[at] or EMPTY_TEXT
            case "b":
                return str(value.strip() == "true" or (value.strip() != "false" and bool(int(value))))
            case "d":
                return _iso_date(value)
        return value.replace("\x00", "")  # a formula's text, an error

    def _number(self, cell: Element, value: str) -> str:
        """The text of a number; what is no number stays as it is."""
        stripped = value.strip()
        whole = WHOLE.fullmatch(stripped)
        if not whole and not NUMBER.fullmatch(stripped):
            return value
        style = int(cell.get("s", 0))
        shown = self.styles[style] if 0 <= style < len(self.styles) else "number"
        if shown != "number":
            return serial_text(float(stripped), shown, from_1904=self.from_1904)
        return str(int(stripped)) if whole else value_text(float(stripped))


def joined(element: Element) -> str:
    """A text of several runs, without the marks for its pronunciation."""
    runs = [*element.iterfind(TEXT), *element.iterfind(f"{MAIN}r/{TEXT}")]
    return "".join(run.text or "" for run in runs)


def column_number(letters: bytes) -> int:
    """A column's number from 1: A is 1, AA is 27."""
    number = 0
    for letter in letters:
        number = 26 * number + letter - 64
    return number


def column_of(name: str, reference: str, row: int) -> int:
    """The column of a reference such as B7, which must be in its row."""
    parts = REFERENCE.fullmatch(reference.upper())
    if not parts or int(parts[2]) != row:
        raise damaged(name, f": cell {reference[:20]} is in row {row:,}")
    return column_number(parts[1].encode())


def _iso_date(value: str) -> str:
    """A date or a time written as text, in the form of all others."""
    for read in (datetime.fromisoformat, time.fromisoformat):
        try:
            return value_text(read(value.strip().removesuffix("Z")))
        except ValueError:
            continue
    return value


def _check_row_number(name: str, number: int, last: int) -> None:
    if number > bounds.MAX_SHEET_ROWS:
        raise UnreadableFileError(
            f"A row has the number {number:,}; the limit is {bounds.MAX_SHEET_ROWS:,}.", SAVE_ANEW, file=name
        )
    if number <= last:
        raise damaged(name, f": row {number:,} comes after row {last:,}")
