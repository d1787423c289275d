"""Applied steps, and rejected rows."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from core.schema import ID

Outcome = Literal["rejected", "removed"]


@dataclass(frozen=True)
class Step:
    """One applied step: rows before and after it, the cells it changed, one example `before → after`.

    `switch` names what turns the step off (a key of `rules.Intake.off`), where that makes sense. `warns` says that
    the title is a warning, to be read before using any number (`quality_warnings`).
    """

    title: str
    rows_in: int
    rows_out: int
    column: str = ""
    cells_changed: int = 0
    example: str = ""
    switch: str = ""
    warns: bool = False


def warning_steps(label: str, column: str, warnings: Iterable[str], rows: int) -> list[Step]:
    """The warnings on a whole column (`cleaning.values.Fact.warnings`) as steps that change nothing."""
    return [Step(f"{label}: {warning}", rows, rows, column, warns=True) for warning in warnings]


def rejected_frame(
    file: str | list[str], lines: list[int], raw: list[str], reason: str | list[str], outcome: Outcome = "rejected"
) -> pd.DataFrame:
    """Rows that are no customers: columns file, line (from 1), outcome, reason, raw_text."""
    return pd.DataFrame(
        {"file": file, "line": np.array(lines, "int64"), "outcome": outcome, "reason": reason, "raw_text": raw},
        columns=["file", "line", "outcome", "reason", "raw_text"],
    )


def row_text(frame: pd.DataFrame) -> list[str]:
    """The kept cells of each row as CSV text; columns with names and addresses are gone by then."""
    columns = [[_cell_text(cell) for cell in frame[name].tolist()] for name in frame]
    return csv_lines(zip(*columns, strict=True) if columns else [[]] * len(frame))


def _cell_text(cell: object) -> str:
    return cell if isinstance(cell, str) else "" if pd.isna(cell) else str(cell)


def csv_line(cells: Iterable[str]) -> str:
    """Cells as one line of CSV."""
    return csv_lines([cells])[0]


def csv_lines(rows: Iterable[Iterable[str]]) -> list[str]:
    """Rows of cells as lines of CSV; a cell with a line break in it stays whole."""
    lines = _Lines()
    csv.writer(lines, lineterminator="\n").writerows(rows)  # the csv module quotes no line break it does not write
    return [line[:-1] for line in lines]


class _Lines(list[str]):
    """What `csv.writer` writes, a row an entry."""

    write = list.append


def blank_ids(frame: pd.DataFrame) -> np.ndarray:
    """Which rows have no customer id; no id has blanks around it."""
    return np.asarray(frame[ID].eq(""), bool)


def repeated(ids: pd.Series, keep: Literal["first", False] = "first") -> np.ndarray:
    """Mask of ids that occur before (`keep="first"`), or more than once (`keep=False`).

    If all ids are different numbers, no text is compared, which is ten times as fast.
    """
    return np.zeros(len(ids), bool) if different_numbers(ids) else ids.duplicated(keep=keep).to_numpy()


def different_numbers(ids: pd.Series) -> bool:
    """Whether all ids are whole numbers without blanks around them, and no number comes twice."""
    try:
        numbers = np.sort(pc.cast(pa.array(ids), pa.int64()).to_numpy(zero_copy_only=False))
    except pa.ArrowInvalid:
        return False
    return bool((numbers[1:] != numbers[:-1]).all())  # ten times as fast as `is_unique`


def identical(frame: pd.DataFrame, more: pd.DataFrame | None = None) -> np.ndarray:
    """Mask of rows that repeat a whole earlier row; only rows with a repeated id are compared.

    `more` are further columns of the same rows to compare.
    """
    repeated_ids = repeated(frame[ID], keep=False)
    repeats = np.zeros(len(frame), bool)
    if repeated_ids.any():
        parts = [frame, *([more] if more is not None else [])]
        codes = [codes_of(part[name][repeated_ids]) for part in parts for name in part]
        repeats[repeated_ids] = pd.DataFrame(dict(enumerate(codes))).duplicated().to_numpy()
    return repeats


def codes_of(cells: pd.Series) -> np.ndarray:
    """A whole number for each cell, the same for the same text; a missing cell is an empty one."""
    if not isinstance(cells.dtype, pd.CategoricalDtype):
        return np.asarray(pd.factorize(cells.fillna(""))[0])
    codes: np.ndarray = cells.cat.codes.to_numpy()
    if (codes < 0).any() and "" in cells.cat.categories:
        codes = np.where(codes < 0, cells.cat.categories.get_loc(""), codes)
    return codes
