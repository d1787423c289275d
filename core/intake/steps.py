"""The log of what was done to the data, and of the rows that did not become customers."""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import pandas as pd

Outcome = Literal["rejected", "removed"]


@dataclass(frozen=True)
class Step:
    """One applied step: rows before and after it, the cells it changed, one example `before → after`."""

    title: str
    rows_in: int
    rows_out: int
    column: str = ""
    cells_changed: int = 0
    example: str = ""


def excluded_rows(
    file: str, lines: list[int], raw: list[str], reason: str | list[str], outcome: Outcome = "rejected"
) -> pd.DataFrame:
    """Rows that are no customers: columns file, line (from 1), outcome, reason, raw_text."""
    return pd.DataFrame(
        {"file": file, "line": lines, "outcome": outcome, "reason": reason, "raw_text": raw},
        columns=["file", "line", "outcome", "reason", "raw_text"],
    )


def row_text(frame: pd.DataFrame) -> list[str]:
    """The kept cells of each row as CSV text; columns with names and addresses are gone by then."""
    return [_as_csv(row) for row in frame.astype("str").itertuples(index=False)]


def _as_csv(cells: Iterable[str]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow(cells)  # the csv module quotes no line break it does not write
    return line.getvalue()[:-1]
