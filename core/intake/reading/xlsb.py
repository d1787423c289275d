"""A binary Excel workbook (.xlsb): checked, copied, and read by calamine. See Microsoft's [MS-XLSB]."""

import io
import zipfile
from collections.abc import Iterator
from typing import Final

from core.intake.reading import bounds
from core.intake.reading.bounds import check, check_cells, check_columns
from core.intake.reading.calamine import BinaryWorkbook
from core.intake.reading.package import AS_CSV, SAVE_ANEW, Package

ROW, FIRST_CELL, LAST_CELL, SHARED = 0, 1, 11, 7
BEGIN_TEXTS, TEXT, PROPERTIES = 159, 19, 153
PARTS: Final = (".bin", ".rels", "[Content_Types].xml")


class Xlsb(BinaryWorkbook):
    """A workbook of binary parts.

    Raises
    ------
    UnreadableFileError
        Beyond a bound.
    """

    def __init__(self, package: Package, part: str) -> None:
        self.package = package
        super().__init__(package.name, self._copy(), from_1904=_from_1904(package, part))

    def _copy(self) -> bytes:
        """The parts that calamine may read, each checked."""
        target, names = io.BytesIO(), [name for name in self.package.archive.namelist() if name.endswith(PARTS)]
        texts = [name for name in names if name.lower().endswith("sharedstrings.bin")]
        longest = max((_longest(self.package, name) for name in texts), default=0)
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as copy:
            for name in names:
                content = self.package.archive.read(name)
                if name not in texts and name.endswith(".bin"):
                    _check_sheet(self.package.name, content, longest)
                copy.writestr(name, content)
        return target.getvalue()


def _from_1904(package: Package, part: str) -> bool:
    """Whether days are counted from 1904: the first bit of the workbook's properties."""
    content = package.archive.read(part)
    return any(kind == PROPERTIES and content[at] & 1 for kind, at in _records(content) if at < len(content))


def _check_sheet(name: str, content: bytes, longest: int) -> None:
    """Bound the cells of a part, by the rows and columns that its records name."""
    row = last = right = shared = cells = 0
    for kind, at in _records(content):
        if kind == ROW:
            row = int.from_bytes(content[at : at + 4], "little") + 1
        elif FIRST_CELL <= kind <= LAST_CELL:
            column = int.from_bytes(content[at : at + 4], "little") + 1
            last, right, cells, shared = max(last, row), max(right, column), cells + 1, shared + (kind == SHARED)
            check_columns(name, right, row)
            check(name, "cells and values", cells, bounds.MAX_CELL_ELEMENTS, AS_CSV)
            check_cells(name, last, right, bounds.MAX_SHEET_CELLS)
    check(name, "characters in all cells", shared * longest, bounds.MAX_REPEATED_TEXT, SAVE_ANEW)


def _longest(package: Package, part: str) -> int:
    """Characters of the longest shared text."""
    check(package.name, "bytes of shared text", package.size(part), bounds.MAX_SHARED_TEXT, AS_CSV)
    content, longest = package.archive.read(part), 0
    for kind, at in _records(content):
        if kind == BEGIN_TEXTS:
            check(
                package.name, "shared texts", int.from_bytes(content[at + 4 : at + 8], "little"), len(content), AS_CSV
            )
        elif kind == TEXT:
            longest = max(longest, int.from_bytes(content[at + 1 : at + 5], "little"))
    return longest


def _records(content: bytes) -> Iterator[tuple[int, int]]:
    """Kind of each record, and where its body begins; both numbers have seven bits in each byte."""
    at = 0
    while at < len(content) - 1:
        kind, at = content[at], at + 1
        if kind & 128:
            kind, at = (kind & 127) | (content[at] & 127) << 7, at + 1
        length = 0
        for shift in range(0, 28, 7):
            byte, at = content[at], at + 1
            length |= (byte & 127) << shift
            if byte < 128:
                break
        yield kind, at
        at += length
