"""Tables of a web page or of Excel's XML of 2003, which portals call .xls → tables of text.

The page's elements are taken one after the other; nothing is fetched, and no entity is made from its text.
"""

import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import unescape
from typing import Final
from xml.etree.ElementTree import Element, ParseError, iterparse  # safe: a document type is refused first

from core.errors import UnreadableFileError
from core.intake.reading import bounds
from core.intake.reading.bounds import check, check_columns
from core.intake.reading.cells import SheetCells, collect_rows
from core.intake.reading.package import AS_CSV, DOCTYPE, Chunks
from core.intake.reading.sheets import check_sheets, read_sheets
from core.intake.reading.tables import ReadChoices, Reading

NO_TABLE: Final = "This is a web page (HTML) without a table of customers, such as a page of an error or a login."
DOWNLOAD: Final = "Log in, download the file again, and save it as CSV."
NAME = re.compile(rb"/?[A-Za-z!][A-Za-z0-9-]*")
SPAN = re.compile(rb"""\b(col|row)span\s*=\s*["']?\s*(\d{1,5})""", re.I)
ATTRIBUTES: Final = 1_000  # bytes of a tag that are looked at
MAX_DEPTH: Final = 50  # tables inside each other; old pages were laid out by a few
SILENT: Final = (b"script", b"style")
BREAKS: Final = (b"br", b"p", b"div", b"li")
SPREADSHEET: Final = "{urn:schemas-microsoft-com:office:spreadsheet}"
INSIDE_A_ROW: Final = {f"{SPREADSHEET}Cell", f"{SPREADSHEET}Data"}
MIDNIGHT = re.compile(r"T00:00:00(\.0+)?$")
DECLARATION = re.compile(rb"^\s*<\?xml[^>]*\?>")


@dataclass
class _Table:
    """The rows of a table of a page; `spans` are the cells that go on in rows below: column → rows left, text."""

    name: str
    rows: list[list[str]] = field(default_factory=list)
    spans: dict[int, tuple[int, str]] = field(default_factory=dict)
    text: list[str] | None = None  # of the cell that is open
    wide: int = 1
    high: int = 1

    def open_row(self) -> None:
        """Begin a row, with the cells of rows above that go on in it."""
        self.end_row()
        self.rows.append([])

    def end_row(self) -> None:
        """End the row that is open, with the cells of rows above that go on behind its last cell."""
        self.close_cell()
        if self.rows:
            self._continue(self.rows[-1])

    def open_cell(self, attributes: bytes) -> None:
        """Begin a cell."""
        self.close_cell()
        if not self.rows:
            self.rows.append([])
        sizes = {kind.lower(): int(size) for kind, size in SPAN.findall(attributes[:ATTRIBUTES])}
        self.text, self.wide, self.high = [], max(1, sizes.get(b"col", 1)), max(1, sizes.get(b"row", 1))

    def close_cell(self) -> None:
        """End the cell that is open, if one is."""
        if self.text is None:
            return
        row, text = self.rows[-1], " ".join(unescape("".join(self.text)).split())
        self._continue(row)
        for _ in range(min(self.wide, bounds.MAX_COLUMNS + 1)):
            if self.high > 1:
                self.spans[len(row)] = (self.high - 1, text)
            row.append(text)
        self.text = None
        check_columns(self.name, len(row), len(self.rows))

    def _continue(self, row: list[str]) -> None:
        """Add the cells of rows above that come next."""
        while len(row) in self.spans:
            left, text = self.spans.pop(len(row))
            if left > 1:
                self.spans[len(row)] = (left - 1, text)
            row.append(text)


def read_html(name: str, text: bytes, decisions: dict[str, str], choices: ReadChoices) -> Reading:
    """Read the tables of a web page, each as a sheet.

    Raises
    ------
    UnreadableFileError
        There is none, or beyond a bound.
    """
    check(name, "bytes of a web page", len(text), bounds.MAX_TREE, AS_CSV)
    tables = {f"table {at}": table for at, table in enumerate(_html_tables(name, text), 1) if len(table) > 1}
    if not any(len(row) > 1 for table in tables.values() for row in table):
        raise UnreadableFileError(NO_TABLE, DOWNLOAD, file=name)
    sheets = ((title, _cells(name, rows)) for title, rows in tables.items())
    check_sheets(name, list(tables), choices.sheets)
    return read_sheets(name, sheets, list(tables), choices, lambda: decisions | {"format": "web page (HTML)"})


def read_xml(name: str, text: bytes, decisions: dict[str, str], choices: ReadChoices) -> Reading:
    """Read Excel's XML of 2003.

    Raises
    ------
    UnreadableFileError
        Other XML, damaged, or beyond a bound.
    """
    if b"urn:schemas-microsoft-com:office:spreadsheet" not in text[: 1 << 16]:
        raise UnreadableFileError("This is XML, not a table.", AS_CSV, file=name)
    if DOCTYPE in text:
        raise UnreadableFileError("The XML declares a document type (DTD).", AS_CSV, file=name)
    check(name, "cells and values", text.count(b"<") // 2, bounds.MAX_CELL_ELEMENTS, AS_CSV)
    try:
        sheets = dict(_xml_sheets(name, text))
    except (ParseError, ValueError) as error:
        why = f"The Excel XML is damaged: {error}."
        raise UnreadableFileError(why, "Open it in Excel, and save it as XLSX.", file=name) from None
    check_sheets(name, list(sheets), choices.sheets)
    return read_sheets(
        name, iter(sheets.items()), list(sheets), choices, lambda: decisions | {"format": "Excel XML (2003)"}
    )


def _html_tables(name: str, text: bytes) -> Iterator[list[list[str]]]:
    """The rows of each table, in the order in which the tables end; one inside another is a table of its own."""
    open_tables: list[_Table] = []
    silent, tables, cells = b"", 0, 0
    for piece in _without_comments(text).split(b"<")[1:]:
        match = NAME.match(piece)
        tag, end = match[0].lower() if match else b"", piece.find(b">")
        silent = b"" if tag == b"/" + silent else silent
        if not match or end < 0 or silent:
            if not match and open_tables and open_tables[-1].text is not None:
                open_tables[-1].text.append("<" + piece.decode("utf-8", "replace"))
            continue
        silent = tag if tag in SILENT else b""
        if tag == b"table":
            tables += 1
            check(name, "tables inside each other", len(open_tables), MAX_DEPTH, AS_CSV)
            check(name, "tables", tables, bounds.MAX_SHEETS, AS_CSV)
            open_tables.append(_Table(name))
        elif open_tables:
            cells += len(open_tables[-1].rows[-1]) if tag == b"tr" and open_tables[-1].rows else 0
            check(name, "cells, blank ones included", cells, bounds.MAX_SHEET_CELLS, AS_CSV)
            _take(open_tables[-1], tag, piece[:end])
            if tag == b"/table":
                yield open_tables.pop().rows
        if open_tables and open_tables[-1].text is not None:
            open_tables[-1].text.append(piece[end + 1 :].decode("utf-8", "replace"))
    yield from (table.rows for table in reversed(open_tables))


def _take(table: _Table, tag: bytes, attributes: bytes) -> None:
    if tag == b"tr":
        table.open_row()
    elif tag in (b"td", b"th"):
        table.open_cell(attributes)
    elif tag in (b"/tr", b"/table"):
        table.end_row()
    elif tag in (b"/td", b"/th"):
        table.close_cell()
    elif tag.removeprefix(b"/") in BREAKS and table.text is not None:
        table.text.append(" ")


def _without_comments(text: bytes) -> bytes:
    first, *others = text.split(b"<!--")
    return first + b"".join(other.partition(b"-->")[2] for other in others)


def _cells(name: str, rows: Iterable[Sequence[str]]) -> SheetCells:
    return collect_rows(name, _numbered(name, rows))


def _numbered(name: str, rows: Iterable[Sequence[str]]) -> Iterator[tuple[int, Sequence[str]]]:
    for number, row in enumerate(rows, 1):
        check_columns(name, len(row), number)
        yield number, row


def _xml_sheets(name: str, text: bytes) -> Iterator[tuple[str, SheetCells]]:
    """Title and cells of each sheet."""
    source = Chunks(name, "the file", io.BytesIO(DECLARATION.sub(b"", text, count=1)))
    rows: list[tuple[int, list[str]]] = []
    title, number, cells = "", 0, 0
    for event, element in iterparse(source, ("start", "end")):
        if event == "start":
            if element.tag == f"{SPREADSHEET}Worksheet":
                title, rows, number = element.get(f"{SPREADSHEET}Name", "Sheet"), [], 0
            continue
        source.pending = 0
        if element.tag == f"{SPREADSHEET}Row":
            number = int(element.get(f"{SPREADSHEET}Index", number + 1))
            check(name, "rows", number, bounds.MAX_SHEET_ROWS, AS_CSV)
            rows.append((number, _xml_row(name, element, number)))
            cells += len(rows[-1][1])
            check(name, "cells, blank ones included", cells, bounds.MAX_SHEET_CELLS, AS_CSV)
        elif element.tag == f"{SPREADSHEET}Worksheet":
            yield title, collect_rows(name, rows)
        if element.tag not in INSIDE_A_ROW:
            element.clear()


def _xml_row(name: str, element: Element, number: int) -> list[str]:
    row: list[str] = []
    for cell in element.iterfind(f"{SPREADSHEET}Cell"):
        at = int(cell.get(f"{SPREADSHEET}Index", len(row) + 1)) - 1
        check_columns(name, max(at + 1, len(row)), number)
        row += [""] * (at - len(row))
        data = cell.find(f"{SPREADSHEET}Data")
        row.append(_xml_text(data.attrib, "".join(data.itertext())) if data is not None else "")
        beside = int(cell.get(f"{SPREADSHEET}MergeAcross", 0))
        check_columns(name, len(row) + beside, number)
        row += [""] * beside
    return row


def _xml_text(attributes: Mapping[str, str], text: str) -> str:
    """The text of a cell by its type."""
    kind = attributes.get(f"{SPREADSHEET}Type", "")
    if kind == "Boolean":
        return str(text.strip() == "1")
    return MIDNIGHT.sub("", text) if kind == "DateTime" else text
