"""An XLSX workbook: its parts are checked and copied into a plain workbook, which calamine then reads.

The copy has only the scanned sheets and texts, under the names that calamine expects, and styles that only say
whether a number is shown as a date. So calamine reads only bytes that were checked.
"""

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from html import escape
from typing import Final
from xml.etree.ElementTree import Element

from python_calamine import CalamineWorkbook

from core.errors import UnreadableFileError
from core.intake.reading import bounds
from core.intake.reading.bounds import check
from core.intake.reading.cells import EMPTY_TEXT, Merge, SheetCells, collect_rows, read_cells
from core.intake.reading.package import AS_CSV, Package, damaged, elements_in
from core.intake.reading.serials import BUILT_IN, Shown, shown_as
from core.intake.reading.sheet_rows import MAIN, SheetRows, joined
from core.intake.reading.sheet_scan import QuickScan

REFERENCE = re.compile(r"\{http://(schemas\.openxmlformats\.org|purl\.oclc\.org/ooxml)/officeDocument/.*\}id")
RELATIONSHIPS: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006/relationships"
NAMESPACE: Final = MAIN[1:-1]
FORMATS: Final[dict[Shown, int]] = {"number": 0, "date": 14, "duration": 46}
COPIED = 64_000_000  # bytes of sheets; a smaller copy is not packed, which takes a third of the time
# Shared texts that calamine would change: blank ones, blanks at an end, escapes, phonetic marks.
UNUSUAL_TEXT = re.compile(
    rb"<t(?:\s[^<>]*+)?(?:/>|></t>)|<t>(?:\s|[^<]*+(?<=\s)</t>)|x005F_|_x[0-9A-Fa-f]{4}_|<rPh|<si/>|<si>\s*+</si>|<!|&#"
)


class Xlsx:
    """A workbook of XML parts, in the usual or the strict dialect.

    Parameters
    ----------
    package : Package
        Its parts are found by their relationships, as Excel does.

    Attributes
    ----------
    titles : list of str
        The sheets that hold cells.
    hidden : list of str
        Those that are hidden.
    uncomputed : int
        Formulas without a stored value, in the sheets read so far.

    Raises
    ------
    UnreadableFileError
        No workbook, or beyond a bound.
    """

    def __init__(self, package: Package, part: str) -> None:
        self.package, self.part, self.uncomputed = package, part, 0
        self._related = package.related(part)
        self._sheets = self._find_sheets()
        self.titles = list(self._sheets)

    def cells(self, titles: Sequence[str]) -> Iterator[tuple[str, SheetCells]]:
        """The cells of some sheets."""
        content, usual, merges = self._copy([self._sheets[title] for title in titles])
        unusual = {title: self._read_rows(title) for title, is_usual in zip(titles, usual, strict=True) if not is_usual}
        with CalamineWorkbook.from_filelike(content) as book:
            del content
            for at, title in enumerate(titles):
                cells = unusual.get(title) or read_cells(self.package.name, book.get_sheet_by_index(at))
                yield title, replace(cells, merges=merges[at])

    def _read_rows(self, title: str) -> SheetCells:
        """The cells of a sheet that calamine cannot read."""
        rows = SheetRows(
            self.package, self._sheets[title], lambda: self._texts.listed, self._styles, from_1904=self.from_1904
        )
        cells = collect_rows(self.package.name, rows)
        self.uncomputed += rows.uncomputed
        return cells

    def _find_sheets(self) -> dict[str, str]:
        """Title → part."""
        entries = self.package.children(self.part, f"{MAIN}sheets")
        check(self.package.name, "sheets", len(entries), bounds.MAX_SHEETS, "Keep the sheets that hold tables.")
        named = [(entry.get("name", ""), *self._related[_reference(entry)]) for entry in entries]
        sheets = {title: part for title, kind, part in named if "chartsheet" not in kind and part in self.package}
        self.hidden = [entry.get("name", "") for entry in entries if entry.get("state", "visible") != "visible"]
        self.hidden = [title for title in self.hidden if title in sheets]
        if len(set(sheets.values())) < len(sheets) or len({title for title, *_ in named}) < len(named):
            raise damaged(self.package.name, ": two sheets have the same title or content")
        if not sheets:
            raise UnreadableFileError("No sheet holds a table.", AS_CSV, file=self.package.name)
        return sheets

    def _copy(self, parts: Sequence[str]) -> tuple[io.BytesIO, list[bool], list[list[Merge]]]:
        """The copy for calamine, and for each sheet whether calamine can read it, and its merged cells."""
        target, usual, merges, elements = io.BytesIO(), [], [], 0
        packed = sum(map(self.package.size, parts)) > COPIED
        with zipfile.ZipFile(
            target, "w", zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED, compresslevel=1
        ) as copy:
            with copy.open("xl/sharedStrings.xml", "w", force_zip64=True) as texts:
                for chunk in self._texts.copied():
                    texts.write(chunk)
            for at, part in enumerate(parts):
                scan = QuickScan(self._styles, self._texts.longest)
                with copy.open(_sheet(at), "w", force_zip64=True) as sheet:
                    for chunk in scan.scanned(self.package.text(part)):
                        cells = elements + scan.elements
                        check(self.package.name, "cells and values", cells, bounds.MAX_CELL_ELEMENTS, AS_CSV)
                        sheet.write(chunk)
                elements += scan.elements
                usual.append(scan.usual)
                merges.append(scan.merges)
            plain = _plain_parts(len(parts), self._styles, from_1904=self.from_1904)
            for name, text in plain.items():
                copy.writestr(name, text)
        target.seek(0)
        return target, usual, merges

    @cached_property
    def _texts(self) -> "_SharedTexts":
        return _SharedTexts(self.package, self._part_of_kind("sharedStrings"))

    def _part_of_kind(self, kind: str) -> str:
        """The part of a kind; empty if there is none."""
        parts = (part for known, part in self._related.values() if known.endswith(f"/{kind}") and part in self.package)
        return next(parts, "")

    @cached_property
    def from_1904(self) -> bool:
        """Whether days are counted from 1904."""
        settings = [
            entry for entry in self.package.children(self.part, f"{MAIN}workbook") if entry.tag == f"{MAIN}workbookPr"
        ]
        return any(entry.get("date1904") in {"1", "true", "t"} for entry in settings)

    @cached_property
    def _styles(self) -> list[Shown]:
        """How each style shows a number."""
        part = self._part_of_kind("styles")
        if not part:
            return []
        formats = dict(BUILT_IN)
        for entry in self.package.children(part, f"{MAIN}numFmts"):
            formats[entry.get("numFmtId", "")] = shown_as(entry.get("formatCode", "")[: bounds.MAX_FORMAT])
        styles = self.package.children(part, f"{MAIN}cellXfs")
        return [formats.get(entry.get("numFmtId", "0"), "number") for entry in styles]


class _SharedTexts:
    """The texts that cells of all sheets refer to by number."""

    def __init__(self, package: Package, part: str) -> None:
        self.package, self.part, self.longest, self.usual = package, part, 0, True
        if part:
            check(package.name, "bytes of shared text", package.size(part), bounds.MAX_SHARED_TEXT, AS_CSV)
            self._scan()

    def copied(self) -> Iterator[bytes]:
        """The part for the copy; rewritten if calamine would change a text."""
        if self.part and self.usual:
            yield from self.package.text(self.part)
            return
        yield f'<sst xmlns="{NAMESPACE}">'.encode()
        for text in self._texts():
            escaped = escape(text.replace("_x", "_x005F_x")).replace("\r", "&#13;")
            yield f'<si><t xml:space="preserve">{escaped or EMPTY_TEXT}</t></si>'.encode()
        yield b"</sst>"

    @cached_property
    def listed(self) -> list[str]:
        """The texts by number."""
        return list(self._texts())

    def _scan(self) -> None:
        """Check the size of the texts, and whether calamine would change any."""
        texts, rest, self.usual = 0, b"", False
        for at, chunk in enumerate(self.package.text(self.part)):
            texts += elements_in(chunk)
            check(self.package.name, "shared texts", texts, bounds.MAX_SHARED, AS_CSV)
            text = rest + chunk
            self.usual = (self.usual if at else b"<sst" in text) and not UNUSUAL_TEXT.search(text)
            first, *others = text.split(b"<si")
            rest = b"<si" + others.pop() if others else first
            self.longest = max(self.longest, len(first), len(rest), *map(len, others))

    def _texts(self) -> Iterator[str]:
        if self.part:
            for element in self.package.elements(self.part, {f"{MAIN}si"}, f"{MAIN}sst"):
                yield joined(element).replace("x005F_", "")


def _reference(entry: Element) -> str:
    return next((value for key, value in entry.items() if REFERENCE.fullmatch(key)), "")


def _sheet(at: int) -> str:
    return f"xl/worksheets/sheet{at + 1}.xml"


def _plain_parts(sheets: int, styles: Sequence[Shown], *, from_1904: bool) -> dict[str, str]:
    """The parts of the copy that say where its sheets are, and how numbers are shown."""
    numbers = range(1, sheets + 1)
    listed = "".join(f'<sheet name="{at}" sheetId="{at}" r:id="s{at}"/>' for at in numbers)
    kinds = {f"s{at}": ("worksheet", f"worksheets/sheet{at}.xml") for at in numbers}
    kinds |= {"styles": ("styles", "styles.xml"), "texts": ("sharedStrings", "sharedStrings.xml")}
    formats = "".join(f'<xf numFmtId="{FORMATS[shown]}"/>' for shown in styles)
    return {
        "_rels/.rels": _relationships_xml({"book": ("officeDocument", "xl/workbook.xml")}),
        "xl/_rels/workbook.xml.rels": _relationships_xml(kinds),
        "xl/workbook.xml": f'<workbook xmlns="{NAMESPACE}" xmlns:r="{RELATIONSHIPS}">'
        f'<workbookPr date1904="{int(from_1904)}"/><sheets>{listed}</sheets></workbook>',
        "xl/styles.xml": f'<styleSheet xmlns="{NAMESPACE}"><cellXfs>{formats}</cellXfs></styleSheet>',
    }


def _relationships_xml(kinds: dict[str, tuple[str, str]]) -> str:
    relationships = "".join(
        f'<Relationship Id="{name}" Type="{RELATIONSHIPS}/{kind}" Target="{target}"/>'
        for name, (kind, target) in kinds.items()
    )
    return f'<Relationships xmlns="{PACKAGE}">{relationships}</Relationships>'
