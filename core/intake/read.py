"""A file's bytes → tables of text. Nothing is typed or lost: records that are not rows are rejected with a reason.

pandas does not parse: it silently shifts `1,2,3` under `a,b`, turns `0800` into 800 and the surname "NA" into a
missing value.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import pandas as pd

from core.errors import UnreadableFileError
from core.files import check_bytes
from core.intake.reading.bounds import MAX_BYTES
from core.intake.reading.decode import decode
from core.intake.reading.delimited import read_delimited
from core.intake.reading.formats import HEAD, Format, format_of, refusal, text_format_of
from core.intake.reading.layout import lay_out
from core.intake.reading.memory import check_text_fits
from core.intake.reading.packed import OTHER_FILES, UNPACK
from core.intake.reading.tables import NamedBytes, Position, ReadChoices, Reading, TextTable
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
    """Read a file of any kind in `core.intake.reading.formats`: text, a workbook, typed columns, or an archive of them.

    Raises
    ------
    UnreadableFileError
        Empty, damaged, of a kind that is not read, beyond a bound, or without any row below its header.
    """
    check_bytes(file.name, len(file.content), MAX_BYTES)
    kind = format_of(file.content[:HEAD])
    if kind and kind.members and (members := kind.members(file)):
        return _read_members(file, members, choices)
    return _read_one(file, kind, choices)


def _read_one(file: NamedBytes, kind: Format | None, choices: ReadChoices) -> Reading:
    if kind:
        if not kind.read:
            raise refusal(file.name, kind)
        return kind.read(file, choices)
    check_text_fits(file.name, len(file.content))
    text, decisions = decode(file, choices.encoding)
    if text_kind := text_format_of(text):
        return text_kind.read(file.name, text, decisions, choices)
    grid, more = read_delimited(file.name, text, choices.delimiter)
    table = lay_out(file.name, grid, {**decisions, **more}, choices.header_row)
    return Reading((table,), rejected_frame(file.name, [], [], []))


def _read_members(file: SourceFile, members: Sequence[NamedBytes], choices: ReadChoices) -> Reading:
    """The tables of the files in an archive, equal ones once; files of kinds that hold no table are only named.

    Raises
    ------
    UnreadableFileError
        One is an archive itself, or cannot be read; or none holds a table.
    """
    readings, others = [], []
    contents: dict[bytes, NamedBytes] = {}
    for member in members:
        contents.setdefault(member.content, member)
    for member in contents.values():
        kind = format_of(member.content[:HEAD])
        if kind and kind.members and not (kind.read and not kind.members(member)):
            raise UnreadableFileError(f"This is {kind.name} inside another.", UNPACK, file=member.name)
        if kind and not kind.read and len(contents) > 1:
            others.append(f"{member.name.removeprefix(f'{file.name}: ')} ({kind.name})")
        else:
            readings.append(_read_one(member, kind, choices))
    if not readings:
        raise UnreadableFileError(f"There is no table in it: {', '.join(others)}.", UNPACK, file=file.name)
    said = {OTHER_FILES: ", ".join(others)} if others else {}
    tables = [replace(table, decisions=table.decisions | said) for reading in readings for table in reading.tables]
    rejected = pd.concat([reading.rejected for reading in readings], ignore_index=True)
    layers = tuple(layer for reading in readings for layer in reading.layers)
    return Reading(tuple(tables), rejected.astype({"line": "int64"}), layers)
