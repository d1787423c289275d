"""Cells of a sheet from calamine → columns of text, in chunks of rows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice, zip_longest
from typing import Final, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from python_calamine import CalamineSheet

from core.intake.reading import bounds
from core.intake.reading.bounds import check_cell, check_cells, check_columns, check_text
from core.intake.reading.grid import Coded, Grid, values
from core.intake.reading.serials import MAX_WHOLE, value_text
from core.intake.steps import csv_line

CHUNK_ROWS: Final = 2_000  # the garbage collector walks over all rows of a chunk
EMPTY_TEXT: Final = "\uffff"  # a cell with an empty text, as opposed to no cell; no XML can hold the character
BLANK: Final = pa.array(["", EMPTY_TEXT])

Value = int | float | str | bool | time | date | datetime | timedelta


class Merge(NamedTuple):
    """A cell merged over rows of one column: its column from 0, the first and the last row from 1."""

    column: int
    first: int
    last: int


@dataclass(frozen=True)
class SheetCells:
    """The rows that have a value; a row's width is its last column with a value.

    `filled` says how many cells of each row are not blank, `merges` which cells are merged over rows.
    """

    columns: list[Coded]
    lines: np.ndarray
    widths: np.ndarray
    filled: np.ndarray
    merges: Sequence[Merge] = ()

    def __len__(self) -> int:
        return len(self.lines)

    def grid(self) -> Grid:
        """The rows as a grid."""
        return Grid(self.columns, self.lines, [], 0, self.raw)

    def raw(self, lines: Sequence[int]) -> list[str]:
        """The text of some rows."""
        positions = np.searchsorted(self.lines, lines)
        return [csv_line([column.cell(at) for column in self.columns[: self.widths[at]]]) for at in positions]


def read_cells(name: str, sheet: CalamineSheet) -> SheetCells:
    """Read the cells of a sheet.

    Raises
    ------
    UnreadableFileError
        Beyond a bound.
    """
    # `iter_rows` begins with the first row, but with the first column that has a value.
    margin: list[Value] = [""] * (sheet.start or (0, 0))[1]
    rows = sheet.iter_rows() if sheet.start else iter(())
    return collect_rows(name, ((number, margin + row if margin else row) for number, row in enumerate(rows, 1)))


def collect_rows(name: str, rows: Iterable[tuple[int, Sequence[Value]]]) -> SheetCells:
    """Collect numbered rows; they may differ in width.

    Raises
    ------
    UnreadableFileError
        Beyond a bound.
    """
    parts: list[list[pa.DictionaryArray]] = []
    lines, widths, filled, length, left = [], [], [], 0, iter(rows)
    while chunk := list(islice(left, CHUNK_ROWS)):
        numbers = [number for number, _ in chunk]
        columns = [_coded(cells) for cells in zip_longest(*(cells for _, cells in chunk), fillvalue="")]
        length += sum(_check_text_length(name, column, numbers) for column in columns)
        check_text(name, length)
        width, filled_cells = _counts(columns, len(chunk))
        kept = width > 0
        lines.append(np.array(numbers, "int64")[kept])
        widths.append(width[kept])
        filled.append(filled_cells[kept])
        parts.append([_select_rows(column, kept) for column in columns])
    if not parts:
        return SheetCells([], np.empty(0, "int64"), np.empty(0, "int64"), np.empty(0, "int64"))
    row_widths = np.concatenate(widths)
    widest = int(row_widths.max(initial=0))
    check_columns(name, widest)
    check_cells(name, len(row_widths), widest, bounds.MAX_SHEET_CELLS)
    for columns, some in zip(parts, lines, strict=True):
        columns += [_coded([""] * len(some))] * (widest - len(columns))
    joined = [values([columns[at] for columns in parts]) for at in range(widest)]
    return SheetCells(joined, np.concatenate(lines), row_widths, np.concatenate(filled))


def _coded(cells: Sequence[Value]) -> pa.DictionaryArray:
    """A column as texts and codes in order of appearance; each distinct value is converted once."""
    kinds = set(map(type, cells))
    if bool in kinds:  # True equals 1
        cells, kinds = [str(cell) if isinstance(cell, bool) else cell for cell in cells], kinds - {bool} | {str}
    if kinds == {str}:
        return pa.array(cells, pa.string()).dictionary_encode()
    array = np.array(cells, "float64") if kinds == {float} else _object_array(cells)
    codes, distinct = pd.factorize(array, use_na_sentinel=False)
    texts = _value_texts(distinct).dictionary_encode()
    return pa.DictionaryArray.from_arrays(texts.indices.take(pa.array(codes)), texts.dictionary)


def _value_texts(distinct: np.ndarray) -> pa.StringArray:
    if distinct.dtype == float and (abs(distinct) < MAX_WHOLE).all() and not (distinct % 1).any():
        return pa.array(distinct.astype("int64")).cast(pa.string())  # most columns of numbers
    return pa.array(map(value_text, distinct.tolist()), pa.string())


def _object_array(cells: Sequence[Value]) -> np.ndarray:
    array = np.empty(len(cells), object)
    array[:] = cells
    return array


def _check_text_length(name: str, column: pa.DictionaryArray, numbers: Sequence[int]) -> int:
    """Characters of all cells of a column."""
    lengths = pc.utf8_length(column.dictionary).to_numpy().astype("int64")
    of_cells = lengths[column.indices.to_numpy()]
    if (longest := int(lengths.max(initial=0))) > bounds.MAX_CELL:
        check_cell(name, longest, numbers[int(of_cells.argmax())])
    return int(of_cells.sum())


def _counts(columns: Sequence[pa.DictionaryArray], rows: int) -> tuple[np.ndarray, np.ndarray]:
    """For each row, the last column with a value, and how many cells are not blank."""
    widths, filled = np.zeros(rows, "int32"), np.zeros(rows, "int32")
    for at, column in enumerate(columns, 1):
        codes, texts = column.indices.to_numpy(), column.dictionary
        widths[pc.not_equal(texts, "").to_numpy(zero_copy_only=False)[codes]] = at
        blank = pc.is_in(pc.utf8_trim_whitespace(texts), value_set=BLANK)
        filled += ~blank.to_numpy(zero_copy_only=False)[codes]
    return widths, filled


def _select_rows(column: pa.DictionaryArray, rows: np.ndarray) -> pa.DictionaryArray:
    """The column with some of its rows, and the mark of empty texts removed."""
    codes, texts = column.indices, column.dictionary
    if pc.any(pc.equal(texts, EMPTY_TEXT)).as_py():
        coded = pc.if_else(pc.equal(texts, EMPTY_TEXT), "", texts).dictionary_encode()
        codes, texts = coded.indices.take(codes), coded.dictionary
    if rows.all():
        return pa.DictionaryArray.from_arrays(codes, texts)
    selected = texts.take(codes.filter(pa.array(rows))).dictionary_encode()
    return pa.DictionaryArray.from_arrays(selected.indices, selected.dictionary)
