"""What reading takes and what it gives."""

import hashlib
from dataclasses import dataclass
from functools import cached_property

import pandas as pd


@dataclass(frozen=True)
class SourceFile:
    """A file as it was handed over: its name, for messages, and its bytes."""

    name: str
    content: bytes

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the content, in hexadecimal digits."""
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True)
class ReadChoices:
    """What the analyst decided instead of the app; empty means that the app decides.

    Parameters
    ----------
    encoding : str
        Such as "UTF-8", "Windows-1252", "UTF-16".
    delimiter : str
        One character.
    header_row : int
        Line of the text, or row of the sheet, that holds the header, from 1; 0 decides, -1: there is none.
    sheets : tuple of str
        Sheets of a workbook to use; empty: all that hold a table.
    """

    encoding: str = ""
    delimiter: str = ""
    header_row: int = 0
    sheets: tuple[str, ...] = ()


@dataclass(frozen=True)
class TextTable:
    """A table as read: text categories, the index `line` is each row's line in the file.

    `rejected` has the columns of `excluded_rows`; `decisions` says what was decided, by subject;
    `sheets` are all sheets of its workbook.
    """

    name: str
    frame: pd.DataFrame
    rejected: pd.DataFrame
    decisions: dict[str, str]
    sheets: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reading:
    """Every table of one file, and the rows that lie outside any table (of a title sheet, say)."""

    tables: tuple[TextTable, ...]
    rejected: pd.DataFrame
