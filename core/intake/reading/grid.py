"""A grid: the records of the table's width as columns of distinct values and codes, the others kept aside."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
import pyarrow as pa

from core.intake.reading.bounds import check_cell, check_rows

# Small, so that the garbage collector never has many rows to walk: 50,000 takes twice the time.
CHUNK_ROWS = 5_000
FEW = 5  # values that are quicker looked for one by one than all of them counted


@dataclass(frozen=True)
class Odd:
    """A record that is no row of the table: another width, or cells that are unsure."""

    line: int
    cells: list[str]
    reason: str
    raw: str


@dataclass(frozen=True)
class Values:
    """A column: its distinct values, and which of them each row has.

    A long column of which nearly every cell is another one is kept cell by cell: `distinct` may repeat values then.
    """

    codes: np.ndarray
    distinct: pa.StringArray

    @property
    def cell_by_cell(self) -> bool:
        """Whether there are as many values as rows, in the order of the rows."""
        return len(self.distinct) == len(self.codes) and bool(
            (self.codes == np.arange(len(self.codes), dtype="int32")).all()
        )

    def coded(self) -> "Values":
        """The column with each value once."""
        return values([self.distinct.dictionary_encode()]) if self.cell_by_cell else self


@dataclass(frozen=True)
class Grid:
    """Rows of `width` cells with their lines, the odd records, the number of blank lines, and the text of rows."""

    columns: list[Values]
    lines: np.ndarray
    odd: list[Odd]
    blank: int
    raw: Callable[[Sequence[int]], list[str]]

    @property
    def width(self) -> int:
        """Cells of each row."""
        return len(self.columns)

    def row(self, position: int) -> list[str]:
        """The cells of one row."""
        return cells_at(self.columns, position)

    def rows(self, positions: Iterable[int]) -> list[list[str]]:
        """The cells of some rows."""
        return [self.row(position) for position in positions]


def values(parts: Sequence[pa.Array]) -> Values:
    """One column out of its chunks, which hold cells or codes."""
    if parts and pa.types.is_string(parts[0].type):
        cells = pa.concat_arrays(parts)
        return Values(np.arange(len(cells), dtype="int32"), cells)
    whole = pa.chunked_array(parts, pa.dictionary(pa.int32(), pa.string())).unify_dictionaries().combine_chunks()
    if isinstance(whole, pa.ChunkedArray):
        whole = whole.chunk(0) if whole.num_chunks else pa.array([], whole.type)
    return Values(whole.indices.to_numpy(), whole.dictionary)


def cells_at(columns: Sequence[Values], position: int) -> list[str]:
    """The cells of one row."""
    return [column.distinct[int(column.codes[position])].as_py() for column in columns]


def without(column: Values, rows: slice | np.ndarray) -> Values:
    """The column with some of its rows only, and without the values that only the others had."""
    codes = column.codes[rows]
    used = _used(column, rows, codes)
    if used.all():
        return Values(codes, column.distinct)
    return Values(_renumbered(codes, used), column.distinct.filter(pa.array(used)))


def _renumbered(codes: np.ndarray, used: np.ndarray) -> np.ndarray:
    """The codes without gaps; where few values are gone, subtracting takes a third of the time of looking up."""
    smallest = np.min_scalar_type(-len(used) - 1)  # a fresh array costs by its bytes
    gone = np.flatnonzero(~used)
    if len(gone) > FEW:
        return (np.cumsum(used) - 1).astype(smallest)[codes]
    renumbered = codes.astype(smallest)
    for code in gone:
        renumbered -= codes > code
    return renumbered


def _used(column: Values, rows: slice | np.ndarray, codes: np.ndarray) -> np.ndarray:
    """Which values the rows have; where they are all but a few, only the values of the others are looked for."""
    gone = np.delete(column.codes, rows) if isinstance(rows, np.ndarray) else _outside(column.codes, rows)
    unsure = np.unique(gone)
    if len(unsure) > FEW:
        return np.bincount(codes, minlength=len(column.distinct)) > 0
    used = np.ones(len(column.distinct), bool)
    used[unsure] = [(codes == code).any() for code in unsure]
    return used


def _outside(codes: np.ndarray, rows: slice) -> np.ndarray:
    return np.concatenate([codes[: rows.start], codes[rows.stop :]])


def collect(name: str, rows: Iterator[tuple[int, Sequence[str]]], width: int) -> tuple[list[Values], np.ndarray]:
    """Columns built chunk by chunk, so that memory holds few Python strings, and the rows' lines.

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
