"""Sheets of cells → one table per sheet that holds one, by the layout rules of text files."""

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Final

import numpy as np
import pandas as pd

from core.errors import UnknownSheetError, UnreadableFileError
from core.intake.reading.cells import SheetCells
from core.intake.reading.grid import Coded
from core.intake.reading.kinds import typed
from core.intake.reading.layout import lay_out
from core.intake.reading.tables import ReadChoices, Reading, TextTable
from core.intake.steps import rejected_frame

NO_TABLE: Final = "the sheet holds no table"
MERGED_NUMBERS: Final = "merged cells of numbers"  # subject of a decision
HIDDEN_SHEETS: Final = "hidden sheets not used"  # subject of a decision


def read_sheets(
    name: str, sheets: Iterable[tuple[str, SheetCells]], titles: Sequence[str], choices: ReadChoices,
    decisions: Callable[[], dict[str, str]], hidden: Collection[str] = (),
) -> Reading:  # fmt: skip
    """The tables of some sheets, and the rows of sheets that hold none.

    Parameters
    ----------
    titles : sequence of str
        All sheets of the file.
    decisions : callable
        What is said of each table, asked after it is read.
    hidden : collection of str
        Sheets that are left out because their author hid them.

    Raises
    ------
    UnreadableFileError
        No sheet holds a table.
    """
    tables: list[TextTable] = []
    outside = [rejected_frame(name, [], [], [])]
    count = len(choices.sheets) or len(titles) - len(hidden)
    for title, cells in sheets:
        if choices.sheets and title not in choices.sheets:
            continue
        whole = name if count == 1 else f"{name} › {title}"
        if _holds_table(cells, alone=count == 1 or bool(choices.sheets)):
            cells, merged = _filled_down(cells)
            table = lay_out(whole, cells.grid(), {"sheet": title, **decisions(), **merged}, choices.header_row)
            tables.append(TextTable(whole, table.frame, table.rejected, table.decisions, tuple(titles)))
        elif len(cells):
            lines = cells.lines.tolist()
            outside.append(rejected_frame(whole, lines, cells.raw(lines), NO_TABLE))
    if not tables:
        remedy = "Choose a workbook with one row per customer below a header."
        remedy = f"Choose a hidden sheet: {', '.join(hidden)}." if hidden else remedy
        raise UnreadableFileError("No sheet holds a table.", remedy, file=name, choices=list(hidden))
    return Reading(tuple(tables), pd.concat(outside, ignore_index=True).astype({"line": "int64"}))


def check_sheets(name: str, titles: Sequence[str], wanted: Sequence[str]) -> None:
    """Refuse a chosen sheet that there is not.

    Raises
    ------
    UnknownSheetError
        There is none of that name.
    """
    if missing := [title for title in wanted if title not in titles]:
        raise UnknownSheetError(
            f"There is no sheet “{missing[0]}”.", f"Choose among {', '.join(titles)}.", file=name, choices=list(titles)
        )


def _holds_table(cells: SheetCells, *, alone: bool) -> bool:
    """Whether at least two rows, and half of all, have two cells or more. One column is enough for the only sheet."""
    full, rows = int((cells.filled > 1).sum()), len(cells)
    return (2 * full >= rows > 1 and full > 1) or (alone and rows > 1)


def _filled_down(cells: SheetCells) -> tuple[SheetCells, dict[str, str]]:
    """The cells with the text of each cell that is merged over several rows in all of them, as a reader sees it.

    A number stays where it is: repeated, it would count several times.
    """
    columns, filled, widths = list(cells.columns), cells.filled.copy(), cells.widths.copy()
    texts = numbers = 0
    by_column: dict[int, list[tuple[int, slice]]] = {}
    for merge in cells.merges:
        first, after = np.searchsorted(cells.lines, (merge.first, merge.last + 1)).tolist()
        if merge.column < len(columns) and after - first > 1 and cells.lines[first] == merge.first:
            by_column.setdefault(merge.column, []).append((first, slice(first + 1, after)))
    for at, merges in by_column.items():
        column = columns[at].coded()
        codes = column.codes.copy()
        for first, rows in merges:
            text = column.cell(first)
            if not text.strip():
                continue
            below = rows.stop - rows.start
            if typed(text):
                numbers += below
                continue
            codes[rows], texts = codes[first], texts + below
            filled[rows] += 1
            widths[rows] = np.maximum(widths[rows], at + 1)
        columns[at] = Coded(codes, column.distinct)
    decisions = {"merged cells": f"{texts:,} cells below filled in"} if texts else {}
    if numbers:
        decisions[MERGED_NUMBERS] = f"{numbers:,} cells below left blank"
    return SheetCells(columns, cells.lines, widths, filled), decisions
