"""A text too large to be read at once is read in chunks of whole lines, by a plan made from the whole text."""

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
import pandas as pd

from core.intake.reading.delimited import delimiter_name, grid_of, sample_lines, stated_delimiter
from core.intake.reading.dialect import choose_dialect
from core.intake.reading.grid import NO_MALFORMED, Grid
from core.intake.reading.header import SHORT_HEADER, Header, find_header, unique_names
from core.intake.reading.layout import (
    Ends,
    Reasons,
    embedded_line,
    has_values,
    head_of,
    reasons_of,
    rejected_rows,
    slice_or_mask,
)
from core.intake.reading.marks import tidied
from core.intake.reading.records import Dialect
from core.intake.reading.regular import regularly_quoted
from core.intake.reading.tables import ReadChoices, TextTable

ALL: Final = Ends(0, 2**62)


@dataclass(frozen=True)
class Plan:
    """How the chunks of a text are read: codec, dialect, width, header, and the first rows below it.

    `dropped` are the positions of columns without name and value.
    """

    codec: str
    dialect: Dialect
    width: int
    header: Header
    head: list[list[str]]
    decisions: dict[str, str]
    dropped: tuple[int, ...] = ()

    @property
    def names(self) -> list[str]:
        """The names of the columns that are kept."""
        names = unique_names(self.header.cells)
        return [name for position, name in enumerate(names) if position not in self.dropped]


@dataclass(frozen=True)
class Place:
    """The place of a chunk: the number of its first line, whether it is the first or last one, the table's ends."""

    line: int = 1
    first: bool = True
    last: bool = True
    ends: Ends = ALL


@dataclass(frozen=True)
class Survey:
    """Facts of one chunk: rows read and kept, widths of malformed records, which columns are blank, its ends.

    `regular` says that no record crosses the ends of the chunk.
    """

    regular: bool
    rows: int = 0
    kept: int = 0
    widths: dict[int, int] = field(default_factory=dict)
    blank: tuple[bool, ...] = ()
    ends: Ends | None = None


def plan(name: str, text: bytes, head: bytes, codec: str, choices: ReadChoices, width: int = 0) -> Plan:
    """Decide how a text is read.

    Parameters
    ----------
    text : bytes
        The whole text as UTF-8, or an object that gives slices of it; only a few slices are read.
    head : bytes
        The first chunk.
    width : int
        The cells of most rows, if known already.
    """
    measured = choose_dialect(sample_lines(text), choices.delimiter or stated_delimiter(text[:100]))
    width = width or max(1, measured.width)
    grid = grid_of(name, head, measured.dialect, width)
    grid = replace(grid, columns=tidied(grid.columns)[0])
    header = find_header(name, grid, choices.header_row)
    decisions = {"delimiter": delimiter_name(measured.dialect.delimiter), "header row": header.place}
    if header.short:
        decisions[SHORT_HEADER] = f"{width - 1} names above rows of {width} cells, of which the last is blank"
    return Plan(codec, measured.dialect, width, header, head_of(grid, header), decisions)


def survey(name: str, text: bytes, how: Plan, place: Place) -> Survey:
    """Find the facts of one chunk that the plan for the whole text needs."""
    if how.dialect.quote.encode() in text and not regularly_quoted(text, how.dialect.delimiter, how.dialect.quote):
        return Survey(regular=False)
    grid = _grid(name, text, how, place)
    reasons, kept = _reasons(name, grid, how, place)
    widths = Counter(malformed.width for malformed in grid.malformed if malformed.width)
    lines = grid.lines[kept]
    ends = Ends(int(lines[0]), int(lines[-1]), embedded_line(grid, reasons)) if len(lines) else None
    columns = [column.kept(slice_or_mask(kept)) for column in grid.columns] if len(lines) else []
    return Survey(
        True, len(grid.lines), len(lines), dict(widths), tuple(not has_values(column) for column in columns), ends
    )


def read_chunk(name: str, text: bytes, how: Plan, place: Place) -> TextTable:
    """Read the rows of a chunk; `place` has the ends of the whole table."""
    grid = _grid(name, text, how, place)
    reasons, kept = _reasons(name, grid, how, place)
    rows = slice_or_mask(kept) if kept.any() else kept
    columns = [column.kept(rows).as_pandas() for at, column in enumerate(grid.columns) if at not in how.dropped]
    index = pd.Index(grid.lines[kept], name="line", dtype="int64")
    frame = pd.DataFrame(dict(zip(how.names, columns, strict=True)), index=index)
    rejected = rejected_rows(name, grid, how.header, reasons, place.ends)
    return TextTable(name, frame, rejected, how.decisions)


def _grid(name: str, text: bytes, how: Plan, place: Place) -> Grid:
    grid, before = grid_of(name, text, how.dialect, how.width), place.line - 1
    malformed = NO_MALFORMED.with_more([record._replace(line=record.line + before) for record in grid.malformed])
    return replace(
        grid,
        columns=tidied(grid.columns)[0],
        lines=grid.lines + before,
        malformed=malformed,
        raw=lambda lines: grid.raw([line - before for line in lines]),
    )


def _reasons(name: str, grid: Grid, how: Plan, place: Place) -> tuple[Reasons, np.ndarray]:
    """Position → why that row is no row of data, and which rows are."""
    header = how.header if place.first else replace(how.header, below=0)
    return reasons_of(name, grid, header, how.head, first=place.first, last=place.last, embedded=place.ends.embedded)
