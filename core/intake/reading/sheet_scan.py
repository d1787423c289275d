"""Scan the XML of a sheet before calamine reads it: how large it gets, and which cells calamine would change.

Searches in the bytes are enough for most sheets. If they find anything unusual, the rows are parsed.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from string import ascii_uppercase, digits
from xml.etree.ElementTree import Element

from core.errors import UnreadableFileError
from core.intake.reading import bounds
from core.intake.reading.bounds import check, check_cells, check_columns
from core.intake.reading.package import AS_CSV, SAVE_ANEW, Package, damaged, elements_in
from core.intake.reading.serials import Shown, serial_text

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
FORMULA, VALUE, INLINE, TEXT = f"{MAIN}f", f"{MAIN}v", f"{MAIN}is", f"{MAIN}t"
ROW, ROWS = f"{MAIN}row", f"{MAIN}sheetData"

END = re.compile(rb"</(?:([\w.-]+):)?sheetData\s*>")
REFERENCES = re.compile(rb'<c r="([A-Z]{1,3}[0-9]{1,7})"')
LETTERS, DIGITS = ascii_uppercase.encode(), digits.encode()
NUMBERED = re.compile(rb'<row r="([0-9]{1,7})"')
# Numbers that may be long, or dates out of the usual range. Most sheets have none.
UNUSUAL_NUMBER = re.compile(rb"<v>(?:[-+]|[0-9]{7}|[0-9.]++[eE]|0?\.99999999)")
LONG = re.compile(rb"<v>[-+]?[0-9]{16}")  # more digits than a float keeps
# A formula with a value after it.
COMPUTED = re.compile(rb"<f(?:\s[^<>]*+)?(?:(?<=/)>|>[^<]*+</f>)\s*+<v>\s*+[^<\s]")
# Errors, attributes in single quotes, comments and CDATA, characters given by number.
UNUSUAL = (b't="e"', b"='", b"<!", b"&#")
# Texts in cells that are blank, or have blanks at an end, escapes or phonetic marks.
BLANKS = (b"> ", b">\t", b" </", b"\t</", b"_x")
UNUSUAL_INLINE = (*BLANKS, b"<rPh", b"<t/>", b"></t>", b"/></is>", b"\n</t>", b"<t>\n")
UNUSUAL_RESULT = (*BLANKS, b"\n</v>", b"<v>\n")
LAST_DATE = 2_950_000  # about the last day of the year 9999; the library gives numbers for what comes after it

LONGEST = 999_999_999  # days that Python and the library can hold

Patches = dict[tuple[int, int], str]  # (row, column), both from 1 → text


@dataclass(frozen=True)
class Context:
    """References of a sheet's cells: shared texts (their lengths, and the longest), and styles that show dates."""

    lengths: Callable[[], Sequence[int]]
    longest: int
    styles: Sequence[Shown]
    from_1904: bool


@dataclass
class Area:
    """The rows and columns that hold values, from 1; and the cells with a shared text."""

    first: int = 0
    last: int = 0
    left: int = 0
    right: int = 0

    def add(self, first: int, last: int, left: int, right: int) -> None:
        """Make the area include another one."""
        self.first, self.left = min(self.first or first, first), min(self.left or left, left)
        self.last, self.right = max(self.last, last), max(self.right, right)

    def within_bounds(self) -> bool:
        """Whether such an area may be kept in memory."""
        cells = (self.last - self.first + 1) * self.right
        return (
            self.last <= bounds.MAX_SHEET_ROWS and self.right <= bounds.MAX_COLUMNS and cells <= bounds.MAX_SHEET_CELLS
        )


class QuickScan:
    """Searches in the bytes of a sheet, chunk by chunk; `usual` is False as soon as its rows must be parsed."""

    def __init__(self, context: Context) -> None:
        self.usual, self.area, self.elements = True, Area(), 0
        self._rest, self._last, self._shared, self._context = b"", 0, 0, context
        self._started = False
        ids = [b"%d" % at for at, shown in enumerate(context.styles) if shown != "number"]
        # Dates before the first and after the last one, in scientific notation, or rounded up to a day.
        odd_date = rb"-|[0-9]{7}|[0-9.]+[eE]|0?\.99999999"
        self._dates = re.compile(rb' s="(?:%s)"[^<>]*+><v>(?:%s)' % (b"|".join(ids), odd_date)) if ids else None

    def scanned(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        """The chunks up to the end of the rows, each scanned."""
        for chunk in chunks:
            end = END.search(chunk)
            if end:
                prefix = b"%s:" % end[1] if end[1] else b""
                self._scan_chunk(chunk[: end.end()])
                yield chunk[: end.end()] + b"</%sworksheet>" % prefix
                break
            self._scan_chunk(chunk)
            yield chunk
        self._scan_rows(self._rest)
        self.usual = self.usual and self._started and self._shared * self._context.longest <= bounds.MAX_REPEATED_TEXT
        self.usual = self.usual and self.area.within_bounds()

    def _scan_chunk(self, chunk: bytes) -> None:
        self.elements += elements_in(chunk)
        if self.usual:
            text = self._rest + chunk
            if not self._started:
                start = text.find(b"<sheetData")
                self._started, text = start >= 0, text[start:] if start >= 0 else text
            cut = max(text.rfind(b"<row"), 0) if self._started else 0
            self._scan_rows(text[:cut])
            self._rest = text[cut:]
            self.usual = self.usual and len(self._rest) <= bounds.MAX_ROW

    def _scan_rows(self, xml: bytes) -> None:
        """Scan whole rows."""
        if not self.usual or b"<row" not in xml:
            return
        references, numbers = REFERENCES.findall(xml), list(map(int, NUMBERED.findall(xml)))
        joined_references = b" ".join(references)
        row_numbers = set(map(int, joined_references.translate(None, LETTERS).split()))
        increasing = all(map(int.__lt__, [self._last, *numbers], numbers))
        self.usual = (
            len(references) == xml.count(b"<c") and len(numbers) == xml.count(b"<row") and increasing
            and row_numbers <= set(numbers) and not _is_unusual(xml) and not self._has_unusual_numbers(xml)
            and (b"<f" not in xml or len(COMPUTED.findall(xml)) == xml.count(b"<f"))
        )  # fmt: skip
        self._last = numbers[-1] if numbers else self._last
        if self.usual and references:
            columns = list(map(column_number, set(joined_references.translate(None, DIGITS).split())))
            self.area.add(min(row_numbers), max(row_numbers), min(columns), max(columns))
            self._shared += xml.count(b't="s"')

    def _has_unusual_numbers(self, xml: bytes) -> bool:
        if not UNUSUAL_NUMBER.search(xml):
            return False
        return bool(LONG.search(xml) or (self._dates and self._dates.search(xml)))


def _is_unusual(xml: bytes) -> bool:
    signs: tuple[bytes, ...] = UNUSUAL
    if b"inlineStr" in xml:
        signs += UNUSUAL_INLINE
    if b't="str"' in xml:
        signs += UNUSUAL_RESULT
    return any(sign in xml for sign in signs)


@dataclass
class CarefulScan:
    """Parses the rows of a sheet: `patches` are the texts of cells that calamine would change."""

    package: Package
    part: str
    context: Context
    area: Area = field(default_factory=Area)
    patches: Patches = field(default_factory=dict)
    uncomputed: int = 0
    _shared: int = 0

    def run(self) -> "CarefulScan":
        """Scan the sheet.

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
            if width := self._row(number, element):
                rows, widest = rows + 1, max(widest, width)
                check_cells(name, self.area.last - self.area.first + 1, self.area.right, bounds.MAX_SHEET_CELLS)
                check(name, "characters in all cells", self._shared, bounds.MAX_REPEATED_TEXT, AS_CSV)
        return self

    def _row(self, number: int, element: Element) -> int:
        """The last column with a value, 0 if there is none."""
        column, left, right = 0, 0, 0
        for cell in element:
            reference = cell.get("r")
            column = column_of(self.package.name, reference, number) if reference else column + 1
            if cell.find(FORMULA) is not None:
                self.uncomputed += not (cell.findtext(VALUE) or "").strip()
            if self._has_value(cell, number, column):
                left, right = min(left or column, column), max(right, column)
        check_columns(self.package.name, right, number)
        if right:
            self.area.add(number, number, left, right)
        return right

    def _has_value(self, cell: Element, row: int, column: int) -> bool:
        """Whether a cell has a value; its text is patched if calamine would change it."""
        kind = cell.get("t", "n")
        if kind == "inlineStr":
            inline = cell.find(INLINE)
            if inline is None:
                return False
            text = joined(inline)
            if not text or is_changed(text):
                self.patches[row, column] = text
            return True
        value = cell.findtext(VALUE)
        if not value:
            return False
        if kind == "s":
            self._shared += self.context.lengths()[int(value)]
        elif kind == "e" or (kind == "str" and is_changed(value)):
            self.patches[row, column] = value
        elif kind == "n":
            self._number(cell, value, (row, column))
        return True

    def _number(self, cell: Element, value: str, place: tuple[int, int]) -> None:
        whole = not any(sign in value for sign in ".eE")
        number = int(value) if whole else float(value)
        shown = self.context.styles[style] if (style := int(cell.get("s", 0))) < len(self.context.styles) else "number"
        if shown != "number":
            if shown == "duration" and abs(number) > LONGEST:
                raise UnreadableFileError(
                    f"A cell shows {number:.5g} days as a duration.", SAVE_ANEW, file=self.package.name, line=place[0]
                )
            if number < 0 or number >= LAST_DATE or 0.9999 < number < 1:
                self.patches[place] = serial_text(number, shown, from_1904=self.context.from_1904)
        elif whole and abs(number) >= 1e15:
            self.patches[place] = str(number)


def joined(element: Element) -> str:
    """A text of several runs, without the marks for its pronunciation."""
    runs = [*element.iterfind(TEXT), *element.iterfind(f"{MAIN}r/{TEXT}")]
    return "".join(run.text or "" for run in runs)


def is_changed(text: str) -> bool:
    """Whether calamine may change a text: it trims blanks, and decodes escapes such as `_x000D_`."""
    return text != text.strip() or "_x" in text or "\r" in text


def column_number(letters: bytes) -> int:
    """A column's number from 1: A is 1, AA is 27."""
    number = 0
    for letter in letters:
        number = 26 * number + letter - 64
    return number


def column_of(name: str, reference: str, row: int) -> int:
    """The column of a reference such as B7, which must be in its row."""
    letters = reference.rstrip("0123456789")
    if reference[len(letters) :] != str(row) or not re.fullmatch("[A-Z]{1,3}", letters):
        raise damaged(name, f": cell {reference[:20]} is in row {row:,}")
    return column_number(letters.encode())


def _check_row_number(name: str, number: int, last: int) -> None:
    if number > bounds.MAX_SHEET_ROWS:
        raise UnreadableFileError(
            f"A row has the number {number:,}; the limit is {bounds.MAX_SHEET_ROWS:,}.", SAVE_ANEW, file=name
        )
    if number <= last:
        raise damaged(name, f": row {number:,} comes after row {last:,}")
