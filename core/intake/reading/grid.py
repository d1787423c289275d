"""A grid: rows as columns of distinct values and codes, and malformed records separately."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple, Protocol

import numpy as np
import pandas as pd
import pyarrow as pa

from core.intake.reading.bounds import check_cell, check_rows

# Small, so that the garbage collector never has many rows to walk: 50,000 takes twice the time.
CHUNK_ROWS = 5_000
ALL_ROWS = slice(None)


class MalformedRecord(NamedTuple):
    """A record that is not a row of the table: another width, or 0 if its cells are unsure."""

    line: int
    width: int
    reason: str


@dataclass(frozen=True)
class MalformedRecords:
    """Malformed records in order of their lines, in a few bytes each, since there may be a million."""

    lines: np.ndarray
    widths: np.ndarray
    reasons: Sequence[str]

    def __len__(self) -> int:
        return len(self.lines)

    def __iter__(self) -> Iterator[MalformedRecord]:
        return map(MalformedRecord._make, zip(map(int, self.lines), map(int, self.widths), self.reasons, strict=True))

    def __contains__(self, malformed: object) -> bool:
        return any(malformed == record for record in self)

    def with_more(self, more: Sequence[MalformedRecord]) -> "MalformedRecords":
        """These records and some more."""
        lines = np.concatenate([self.lines, np.array([record.line for record in more], "int64")])
        widths = np.concatenate([self.widths, np.array([record.width for record in more], "int32")])
        reasons, order = [*self.reasons, *(record.reason for record in more)], np.argsort(lines, kind="stable")
        return MalformedRecords(lines[order], widths[order], [reasons[at] for at in order])


class Column(Protocol):
    """A column of a grid, in one of two ways: each value once (`Coded`), or cell by cell (`Cells`)."""

    @property
    def values(self) -> pa.StringArray:
        """The texts of the cells; `Cells` may repeat them."""

    def rows_with(self, wanted: np.ndarray, rows: slice | np.ndarray = ALL_ROWS) -> np.ndarray:
        """Mask of the rows with a wanted value; `wanted` is a mask over `values`."""

    def cell(self, position: int) -> str:
        """The cell of one row."""

    def cells(self, positions: np.ndarray) -> list[str]:
        """The cells of some rows."""

    def kept(self, rows: slice | np.ndarray) -> "Column":
        """The column with some rows only, and without values that no row has any more."""

    def coded(self) -> "Coded":
        """The column with each value once."""

    def as_pandas(self) -> pd.Categorical | pd.api.extensions.ExtensionArray:
        """The column as categories, or as text."""


@dataclass(frozen=True)
class Coded:
    """A column as its distinct values, and which of them each row has."""

    codes: np.ndarray
    distinct: pa.StringArray

    @property
    def values(self) -> pa.StringArray:
        """`Column.values`."""
        return self.distinct

    def rows_with(self, wanted: np.ndarray, rows: slice | np.ndarray = ALL_ROWS) -> np.ndarray:
        """`Column.rows_with`."""
        answers: np.ndarray = wanted[self.codes[rows]]
        return answers

    def cell(self, position: int) -> str:
        """`Column.cell`."""
        return str(self.distinct[int(self.codes[position])].as_py())

    def cells(self, positions: np.ndarray) -> list[str]:
        """`Column.cells`."""
        texts: list[str] = self.distinct.take(pa.array(self.codes[positions])).to_pylist()
        return texts

    def kept(self, rows: slice | np.ndarray) -> "Coded":
        """`Column.kept`."""
        codes = self.codes[rows]
        used = np.bincount(codes, minlength=len(self.distinct)) > 0
        if used.all():
            return Coded(codes, self.distinct)
        smallest = np.min_scalar_type(-len(used) - 1)  # a fresh array costs by its bytes
        return Coded((np.cumsum(used) - 1).astype(smallest)[codes], self.distinct.filter(pa.array(used)))

    def coded(self) -> "Coded":
        """`Column.coded`."""
        return self

    def as_pandas(self) -> pd.Categorical:
        """`Column.as_pandas`: categories."""
        return pd.Categorical.from_codes(self.codes, _texts(self.distinct), validate=False)


@dataclass(frozen=True)
class Cells:
    """A column cell by cell: faster if nearly all values differ; a value may repeat."""

    values: pa.StringArray

    def rows_with(self, wanted: np.ndarray, rows: slice | np.ndarray = ALL_ROWS) -> np.ndarray:
        """`Column.rows_with`."""
        return wanted[rows]

    def cell(self, position: int) -> str:
        """`Column.cell`."""
        return str(self.values[position].as_py())

    def cells(self, positions: np.ndarray) -> list[str]:
        """`Column.cells`."""
        texts: list[str] = self.values.take(pa.array(positions)).to_pylist()
        return texts

    def kept(self, rows: slice | np.ndarray) -> "Cells":
        """`Column.kept`."""
        if isinstance(rows, slice):
            return Cells(self.values[rows])
        return Cells(self.values.filter(pa.array(rows)) if rows.dtype == bool else self.values.take(pa.array(rows)))

    def coded(self) -> Coded:
        """`Column.coded`."""
        return values([self.values.dictionary_encode()])

    def as_pandas(self) -> pd.api.extensions.ExtensionArray:
        """`Column.as_pandas`: text."""
        return _texts(self.values).array


def _texts(values: pa.StringArray) -> pd.Series:
    return values.to_pandas().astype("str")


NO_MALFORMED = MalformedRecords(np.empty(0, "int64"), np.empty(0, "int32"), [])


@dataclass(frozen=True)
class Grid:
    """Rows of `width` cells with their lines, the malformed records, and the number of blank lines.

    `raw` gives the text of records by their lines, `split` the cells of such a text.
    """

    columns: Sequence[Column]
    lines: np.ndarray
    malformed: Collection[MalformedRecord]
    blank: int
    raw: Callable[[Sequence[int]], list[str]]
    split: Callable[[str], list[str]] = str.split

    @property
    def width(self) -> int:
        """Cells of each row."""
        return len(self.columns)

    def row(self, position: int) -> list[str]:
        """The cells of one row."""
        return cells_at(self.columns, position)

    def rows(self, positions: Iterable[int]) -> list[list[str]]:
        """The cells of some rows."""
        at = np.fromiter(positions, "int64")
        return [list(row) for row in zip(*(column.cells(at) for column in self.columns), strict=True)]


def values(parts: Sequence[pa.Array]) -> Coded:
    """One column from its chunks of codes."""
    whole = pa.chunked_array(parts, pa.dictionary(pa.int32(), pa.string())).unify_dictionaries().combine_chunks()
    if isinstance(whole, pa.ChunkedArray):
        whole = whole.chunk(0) if whole.num_chunks else pa.array([], whole.type)
    return Coded(whole.indices.to_numpy(), whole.dictionary)


def cells_at(columns: Sequence[Column], position: int) -> list[str]:
    """The cells of one row."""
    return [column.cell(position) for column in columns]


def collect(name: str, rows: Iterator[tuple[int, Sequence[str]]], width: int) -> tuple[list[Coded], np.ndarray]:
    """Build columns in chunks, so that memory holds few Python strings; return them and the rows' lines.

    Parameters
    ----------
    rows : iterator of (line, cells)
        All of them `width` cells wide.
    """
    columns: list[list[pa.Array]] = [[] for _ in range(width)]
    lines: list[np.ndarray] = []
    count = 0
    while chunk := list(islice(rows, CHUNK_ROWS)):
        count += len(chunk)
        check_rows(name, count)
        lines.append(np.array([line for line, _ in chunk], dtype="int64"))
        for column, cells in zip(columns, zip(*(row for _, row in chunk), strict=True), strict=True):
            column.append(pa.array(cells, pa.string()).dictionary_encode())
            check_cell(name, max(map(len, cells)))
    return [values(parts) for parts in columns], np.concatenate(lines) if lines else np.array([], dtype="int64")
