"""A file's bytes → tables of text. Nothing is typed or lost: records that are not rows are rejected with a reason.

pandas does not parse: it silently shifts `1,2,3` under `a,b`, turns `0800` into 800 and the surname "NA" into a
missing value.
"""

import hashlib
from dataclasses import dataclass
from functools import cached_property

from core.files import check_bytes
from core.intake.reading.bounds import MAX_BYTES
from core.intake.reading.decode import decode
from core.intake.reading.delimited import read_delimited
from core.intake.reading.layout import lay_out
from core.intake.reading.parquet import PARQUET, read_parquet
from core.intake.reading.tables import Position, ReadChoices, Reading, TextTable
from core.intake.reading.workbook import OLD_WORKBOOK, WORKBOOK, read_workbook
from core.intake.steps import rejected_frame

__all__ = ["MAX_BYTES", "Position", "ReadChoices", "Reading", "SourceFile", "TextTable", "read"]

AUTOMATIC = ReadChoices()


@dataclass(frozen=True)
class SourceFile:
    """A file as a source of customers: its name, for messages, and its bytes."""

    name: str
    content: bytes

    @cached_property
    def digest(self) -> str:
        """The SHA-256 of the content."""
        return hashlib.sha256(self.content).hexdigest()

    @property
    def size(self) -> int:
        """The number of bytes."""
        return len(self.content)

    def tables(self, choices: ReadChoices = AUTOMATIC) -> Reading:
        """Read the tables (`read`)."""
        return read(self, choices)


def read(file: SourceFile, choices: ReadChoices = AUTOMATIC) -> Reading:
    """Read delimited text, a workbook or a Parquet file; the first bytes decide which.

    Raises
    ------
    UnreadableFileError
        Empty, damaged, neither of the three, beyond a bound, or without any row below its header.
    """
    check_bytes(file.name, len(file.content), MAX_BYTES)
    if file.content.startswith((WORKBOOK, OLD_WORKBOOK)):
        return read_workbook(file, choices)
    if file.content.startswith(PARQUET):
        return Reading((read_parquet(file),), rejected_frame(file.name, [], [], []))
    return Reading((_read_text(file, choices),), rejected_frame(file.name, [], [], []))


def _read_text(file: SourceFile, choices: ReadChoices) -> TextTable:
    text, decisions = decode(file, choices.encoding)
    grid, more = read_delimited(file.name, text, choices.delimiter)
    return lay_out(file.name, grid, {**decisions, **more}, choices.header_row)
