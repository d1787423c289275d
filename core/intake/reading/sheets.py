"""The sheets of a workbook as rows of text: what its parts say of titles, dates, shared texts and cells."""

import warnings
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from functools import cached_property
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element

from core.errors import UnreadableFileError
from core.intake.reading import bounds
from core.intake.reading.bounds import check, check_cell, check_cells, check_columns, check_text
from core.intake.reading.package import AS_CSV, SAVE_ANEW, Package, damaged

if TYPE_CHECKING:
    from openpyxl.worksheet._reader import WorkSheetParser

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
REFERENCE = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
STRICT = "http://purl.oclc.org/"
FORMULA, VALUE, TEXT = f"{MAIN}f", f"{MAIN}v", f"{MAIN}t"

Row = tuple[int, tuple[str, ...]]  # no lists: the garbage collector would walk all of them again and again

# Else openpyxl writes one for each date out of its range, and Python keeps them all.
warnings.filterwarnings("ignore", category=UserWarning, module=r"openpyxl\.")


class Book:
    """A workbook: its sheets by title, and their rows.

    Parameters
    ----------
    package : Package
        Its parts are found by their relationships, as Excel does.

    Attributes
    ----------
    sheets : dict of str to str
        Title → part.
    uncomputed : int
        Formulas without a stored value, in the rows read so far.

    Raises
    ------
    UnreadableFileError
        No workbook, or beyond a bound.
    """

    def __init__(self, package: Package) -> None:
        self.package, self.uncomputed = package, 0
        self.part = _workbook(package)
        self.related = package.related(self.part)
        self.sheets = self._sheets()

    def rows(self, titles: Sequence[str]) -> Iterator[tuple[str, Iterator[Row]]]:
        """For each title, the rows with any value, their trailing blanks cut off."""
        parts = [self.sheets[title] for title in titles]
        elements = sum(map(self.package.count, parts))
        check(self.package.name, "cells and values", elements, bounds.MAX_CELL_ELEMENTS, AS_CSV)
        parser = self._parser()
        for title, part in zip(titles, parts, strict=True):
            yield title, self._rows(parser, part)

    def _sheets(self) -> dict[str, str]:
        entries = self.package.children(self.part, f"{MAIN}sheets")
        check(self.package.name, "sheets", len(entries), bounds.MAX_SHEETS, "Keep the sheets that hold tables.")
        named = [(entry.get("name", ""), *self.related[entry.get(REFERENCE, "")]) for entry in entries]
        found = {title: part for title, kind, part in named if "chartsheet" not in kind and part in self.package}
        if len(set(found.values())) < len(found) or len({title for title, *_ in named}) < len(named):
            raise damaged(self.package.name, ": two sheets have the same title or content")
        if not found:
            raise UnreadableFileError("No sheet holds a table.", AS_CSV, file=self.package.name)
        return found

    def _rows(self, parser: "WorkSheetParser", part: str) -> Iterator[Row]:
        """The sheet's own claim on its size is not believed."""
        name, last, kept, widest, length = self.package.name, 0, 0, 0, 0
        parser.row_counter = 0
        for element in self.package.elements(part, f"{MAIN}row", f"{MAIN}sheetData"):
            number, cells = parser.parse_row(element)
            parser.row_dimensions.clear()
            _check_number(name, number, last)
            last = number
            if next(element.iter(FORMULA), None) is not None:
                self.uncomputed += sum(map(_is_uncomputed, element))
            width = max((cell["column"] for cell in cells if cell["value"] is not None), default=0)
            check_columns(name, width, number)
            if not width:
                continue
            texts = [""] * width
            for cell in cells:
                if cell["value"] is not None:
                    texts[cell["column"] - 1] = cell_text(cell["value"])
            check_cell(name, max(map(len, texts)), number)
            kept, length = kept + 1, length + sum(map(len, texts))
            widest = max(widest, width)
            check_cells(name, kept, widest, bounds.MAX_SHEET_CELLS)
            check_text(name, length)
            yield number, tuple(texts)

    def _parser(self) -> "WorkSheetParser":
        from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900
        from openpyxl.worksheet._reader import WorkSheetParser

        settings = [
            one for one in self.package.children(self.part, f"{MAIN}workbook") if one.tag == f"{MAIN}workbookPr"
        ]
        from_1904 = any(one.get("date1904") in {"1", "true", "t"} for one in settings)
        epoch = CALENDAR_MAC_1904 if from_1904 else CALENDAR_WINDOWS_1900
        return WorkSheetParser(None, self.texts, True, epoch, *self.date_styles)

    def _part(self, kind: str) -> str:
        """The part of a kind; empty if there is none."""
        found = (part for known, part in self.related.values() if known.endswith(f"/{kind}") and part in self.package)
        return next(found, "")

    @cached_property
    def texts(self) -> list[str]:
        """The shared texts, by number."""
        part = self._part("sharedStrings")
        if not part:
            return []
        check(self.package.name, "bytes of shared text", self.package.size(part), bounds.MAX_SHARED_TEXT, AS_CSV)
        check(self.package.name, "shared texts", self.package.count(part), bounds.MAX_SHARED, AS_CSV)
        return [_shared(element) for element in self.package.elements(part, f"{MAIN}si", f"{MAIN}sst")]

    @cached_property
    def date_styles(self) -> tuple[set[int], set[int]]:
        """The numbers of the styles that show a date or time, and of those that show a duration."""
        from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format, is_timedelta_format

        part = self._part("styles")
        if not part:
            return set(), set()
        formats = {str(number): code for number, code in BUILTIN_FORMATS.items()}
        for entry in self.package.children(part, f"{MAIN}numFmts"):
            formats[entry.get("numFmtId", "")] = entry.get("formatCode", "")[: bounds.MAX_FORMAT]
        dates = {number for number, code in formats.items() if is_date_format(code)}
        durations = {number for number, code in formats.items() if is_timedelta_format(code)}
        styles = [entry.get("numFmtId", "0") for entry in self.package.children(part, f"{MAIN}cellXfs")]
        return tuple({at for at, number in enumerate(styles) if number in some} for some in (dates, durations))


def _workbook(package: Package) -> str:
    """The part that lists the sheets."""
    found = [(kind, part) for kind, part in package.related("").values() if kind.endswith("/officeDocument")]
    kind, part = found[0] if found else ("", "")
    if kind.startswith(STRICT):
        raise UnreadableFileError(
            "The workbook is saved as Strict Open XML.", "Save it as Excel Workbook (.xlsx).", file=package.name
        )
    if not part.endswith(".xml") or not package.children(part, f"{MAIN}sheets"):
        raise UnreadableFileError("This is a zip archive, not an XLSX workbook.", AS_CSV, file=package.name)
    return part


def _check_number(name: str, number: int, last: int) -> None:
    if number > bounds.MAX_SHEET_ROWS:
        raise UnreadableFileError(
            f"A row has the number {number:,}; the limit is {bounds.MAX_SHEET_ROWS:,}.", SAVE_ANEW, file=name
        )
    if number <= last:
        raise damaged(name, f": row {number:,} comes after row {last:,}")


def _is_uncomputed(cell: Element) -> bool:
    return cell.find(FORMULA) is not None and not (cell.findtext(VALUE) or "").strip()


def _shared(element: Element) -> str:
    """A shared text, without the marks for its pronunciation."""
    runs = [*element.iterfind(TEXT), *element.iterfind(f"{MAIN}r/{TEXT}")]
    return "".join(run.text or "" for run in runs).replace("x005F_", "")


def cell_text(value: object) -> str:
    """The text of a cell's value as Excel shows it, without rounding."""
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
