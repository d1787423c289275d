"""An Excel workbook before 2007 (.xls): its cells counted, then read by calamine. See Microsoft's [MS-XLS]."""

import struct
from typing import Final

from core.errors import UnreadableFileError
from core.intake.reading import bounds
from core.intake.reading.bounds import check, check_cells, check_columns
from core.intake.reading.calamine import BinaryWorkbook
from core.intake.reading.compound import stream
from core.intake.reading.package import AS_CSV, damaged, password
from core.intake.reading.tables import NamedBytes

STREAMS: Final = ("Workbook", "Book")
ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")  # the stream of a later workbook with a password
PASSWORD, BEGIN, TEXTS, DATE_SYSTEM = 0x2F, 0x809, 0xFC, 0x22
# Formula, number, text, yes or no, shared text, formatted text, blank, number in short; several of the last two.
CELLS: Final = {0x06, 0x203, 0x204, 0x205, 0xFD, 0xD6, 0x201, 0x27E}
SEVERAL: Final = {0xBD, 0xBE}


class Xls(BinaryWorkbook):
    """A workbook of binary records; calamine reads all its sheets at once.

    Raises
    ------
    UnreadableFileError
        Protected by a password, another kind of file, or beyond a bound.
    """

    def __init__(self, file: NamedBytes) -> None:
        if ENCRYPTED in file.content:
            raise password(file.name)
        records = stream(file.content, STREAMS)
        if records is None:
            raise UnreadableFileError("This is an Office document, not a workbook.", AS_CSV, file=file.name)
        from_1904 = _check_records(file.name, records)
        super().__init__(file.name, file.content, from_1904=from_1904)


def _check_records(name: str, records: bytes) -> bool:
    """Bound the cells of all sheets together, by the rows and columns that the records name.

    Returns whether days are counted from 1904.
    """
    at, sheets, total, cells, last, right, from_1904 = 0, 0, 0, 0, 0, 0, False
    while at + 4 <= len(records):
        kind, length = struct.unpack_from("<HH", records, at)
        body, at = at + 4, at + 4 + length
        if kind == PASSWORD:
            raise password(name)
        if kind == DATE_SYSTEM:
            from_1904 = records[body : body + 2] == b"\1\0"
        if kind == TEXTS and struct.unpack_from("<I", records, body + 4)[0] > len(records):
            raise damaged(name, ": it claims more texts than it has bytes")
        if kind == BEGIN:
            sheets, total, last, right = sheets + 1, total + last * right, 0, 0
            check(name, "sheets and charts", sheets, bounds.MAX_SHEETS, AS_CSV)
        elif kind in CELLS or kind in SEVERAL:
            row, column = struct.unpack_from("<HH", records, body)
            if kind in SEVERAL:
                column = max(column, struct.unpack_from("<H", records, at - 2)[0])
            last, right, cells = max(last, row + 1), max(right, column + 1), cells + 1
            check_columns(name, right, row + 1)
            check(name, "cells and values", cells, bounds.MAX_CELL_ELEMENTS, AS_CSV)
            check_cells(name, 1, total + last * right, bounds.MAX_SHEET_CELLS)
    return from_1904
