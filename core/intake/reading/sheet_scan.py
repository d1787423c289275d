"""Scan the XML of a sheet before calamine reads it: whether calamine reads each cell as Excel does, and its size.

Searches in the bytes are enough. If they find anything that is not in the usual form, `sheet_rows` reads the sheet.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from core.intake.reading import bounds
from core.intake.reading.cells import Merge
from core.intake.reading.package import USUAL, elements_in
from core.intake.reading.serials import Shown
from core.intake.reading.sheet_rows import column_number

END = re.compile(rb"</(?:([\w.-]+):)?sheetData\s*>")
MERGED = re.compile(rb'<(?:\w+:)?mergeCell ref="([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})"')
COLUMNS = re.compile(rb'<c r="([A-Z]{1,3})')
# Comments and CDATA, characters given by number, other kinds of elements, each after a part that is found faster.
UNUSUAL = ((b"!", b"<!"), (b"&", b"&#"), (b"xmlns", b"xmlns"))
SPARSE = 100_000  # calamine keeps blank cells, too: it reads no sheet with more of them, and more than four in five
MAX_COPIED = 300_000_000  # characters of shared texts in cells, of which calamine makes copies

# A cell in the usual form, in the row whose number it has. Numbers that are odd as dates: below 0, beyond the year
# 4637, just below a whole day.
STYLE = rb'(?: s="[0-9]++")?+'
FORMULA = rb"(?:<f(?:\s[^<>]*+)?+(?:(?<=/)>|>[^<]*+</f>))?+"
COMMON = rb"(?!0\.9999)[0-9]{1,6}+(?:\.[0-9]++)?+"
NUMBER = rb"-?+[0-9]{1,15}+(?:\.[0-9]++)?+(?:[eE][-+]?+[0-9]{1,2}+)?+"
TEXT = rb"(?!\s)(?:[^<_]++|_(?!x))++(?<!\s)"
CELL = (
    rb'<c r="[A-Z]{1,3}+\1"(?:'
    + STYLE
    + rb'(?:><v>%(common)s</v></c>| t="s"%(style)s><v>[0-9]++</v></c>|(?: t="n"%(style)s)?+(?:/>|></c>|>%(formula)s'
    rb'<v>%(common)s</v></c>)| t="str"%(style)s>%(formula)s<v>%(text)s</v></c>| t="b"%(style)s>%(formula)s<v>[01]</v>'
    rb'</c>| t="inlineStr"%(style)s><is><t(?: xml:space="preserve")?+>%(text)s</t></is></c>)'
    rb'|%(no_date)s%(style)s(?: t="n"%(style)s)?+>%(formula)s<v>%(number)s</v></c>)'
)
ROW = rb'<row r="([0-9]{1,7}+)"[^<>]*+(?:(?<=/)>|>(?:' + CELL + rb"\s*+)*+</row>)"
# The number of each row; from the first part on that is in no usual form, the rest.
ROWS = rb"</?sheetData[^<>]*+>|\s++|" + ROW + rb"|((?s:.)++)"


class QuickScan:
    """Searches in the bytes of a sheet, chunk by chunk; `usual` is False as soon as calamine cannot read it.

    Parameters
    ----------
    styles : sequence of Shown
        How each style shows a number.
    longest : int
        Characters of the longest shared text.
    """

    def __init__(self, styles: Sequence[Shown], longest: int) -> None:
        self.usual, self.elements = True, 0
        self.merges: list[Merge] = []
        self._rest, self._started, self._longest = b"", False, longest
        self._last, self._shared, self._cells, self._right = 0, 0, 0, 0
        self._rows = re.compile(ROWS % {
            b"style": STYLE, b"formula": FORMULA, b"common": COMMON, b"text": TEXT, b"number": NUMBER,
            b"no_date": _no_date(styles),
        })  # fmt: skip

    def scanned(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        """The chunks up to the end of the rows, each scanned; empty ones once the sheet is unusual."""
        for chunk in chunks:
            end = END.search(chunk) if b"sheetData" in chunk else None  # a pattern takes five times as long
            self._scan_chunk(chunk[: end.end()] if end else chunk)
            if end:
                yield chunk[: end.end()] + b"</worksheet>"
                for behind in chain([chunk[end.end() :]], chunks):
                    self._note_merges(behind)
                break
            yield chunk if self.usual else b""
        self._scan_rows(self._rest)
        self.usual = self.usual and self._started

    def _note_merges(self, xml: bytes) -> None:
        """Note the cells that are merged over rows of one column; they are named behind the rows."""
        for left, top, right, low in MERGED.findall(xml) if b"mergeCell ref" in xml else ():
            if left == right and len(self.merges) < bounds.MAX_SHEET_ROWS and int(low) > int(top):
                self.merges.append(Merge(column_number(left) - 1, int(top), int(low)))

    def _scan_chunk(self, chunk: bytes) -> None:
        if not (self.usual and self._started):  # usual rows have cells with a value each: `_scan_rows` counts them
            self.elements += elements_in(chunk)
        if not self.usual:
            return
        text = self._rest + chunk
        if not self._started and (start := text.find(b"<sheetData")) >= 0:
            self._started = True
            # One name for the elements, and no prefix for it.
            self.usual = text[:start].count(USUAL) == 1 and b'xmlns="%s"' % USUAL in text[:start]
            text = text[start:]
        cut = max(text.rfind(b"<row"), 0) if self._started else 0
        self._scan_rows(text[:cut])
        self._rest = text[cut:]
        self.usual = self.usual and len(self._rest) <= bounds.MAX_ROW

    def _scan_rows(self, xml: bytes) -> None:
        """Scan whole rows."""
        if not self.usual or b"<row" not in xml:
            return
        rows = self._rows.findall(xml)
        numbers = [int(number) for number, _ in rows if number]
        self.usual = (
            not any(rest for _, rest in rows) and all(map(int.__lt__, [self._last, *numbers], numbers))
            and not any(part in xml and sign in xml for part, sign in UNUSUAL)
        )  # fmt: skip
        if self.usual and (columns := COLUMNS.findall(xml)):
            self._right = max(self._right, *map(column_number, set(columns)))
            self._cells += len(columns)
            self.elements += len(numbers) + 2 * len(columns)
            self._shared += xml.count(b't="s"')
            self.usual = self._is_within_bounds(numbers[-1])
        self._last = numbers[-1] if numbers else self._last

    def _is_within_bounds(self, last: int) -> bool:
        cells = last * self._right
        return (
            last <= bounds.MAX_SHEET_ROWS and self._right <= bounds.MAX_COLUMNS
            and cells <= min(bounds.MAX_SHEET_CELLS, 5 * self._cells + SPARSE)
            and self._shared * self._longest <= MAX_COPIED
        )  # fmt: skip


def _no_date(styles: Sequence[Shown]) -> bytes:
    """A pattern that refuses the styles that show dates."""
    dates = b"|".join(b"%d" % at for at, shown in enumerate(styles) if shown != "number")
    return rb'(?!(?: t="n")?+ s="(?:%s)")' % dates if dates else b""
