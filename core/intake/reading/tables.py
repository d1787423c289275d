"""The input of reading (file and choices) and its output (text tables)."""

from dataclasses import dataclass
from typing import Literal, Protocol

import pandas as pd

from core.territories.layer import Layer

Position = Literal["line", "row"]  # a line of a file, a row of a query


class NamedBytes(Protocol):
    """What readers ask of a file (`core.intake.read.SourceFile`): its name, for messages, and its bytes."""

    @property
    def name(self) -> str: ...  # noqa: D102

    @property
    def content(self) -> bytes: ...  # noqa: D102


@dataclass(frozen=True)
class ReadChoices:
    """The analyst's choices; an empty one is decided by the app.

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
    """A table as read: text categories; the index `line` says where each row came from.

    `rejected` has the columns of `rejected_frame`; `decisions` says what was decided, by subject;
    `sheets` are all sheets of its workbook; `position` is what the index counts, from 1.
    """

    name: str
    frame: pd.DataFrame
    rejected: pd.DataFrame
    decisions: dict[str, str]
    sheets: tuple[str, ...] = ()
    position: Position = "line"


@dataclass(frozen=True)
class Reading:
    """Every table of one source, the rows that lie outside any table (of a title sheet, say), and borders."""

    tables: tuple[TextTable, ...]
    rejected: pd.DataFrame
    layers: tuple[Layer, ...] = ()
