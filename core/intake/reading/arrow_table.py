"""Chunks of Arrow → a table of text, for files with typed columns, and for sources that have no bytes (a database)."""

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pandas as pd
import pyarrow as pa

from core.errors import UnreadableFileError
from core.intake.reading import bounds
from core.intake.reading.arrow import THREADS, Text, as_text, characters, text_column
from core.intake.reading.bounds import check_cells, check_columns, check_rows, check_text
from core.intake.reading.header import unique_names
from core.intake.reading.memory import check_cells_fit
from core.intake.reading.tables import Position, TextTable
from core.intake.steps import rejected_frame


def text_table(
    name: str, chunks: Iterable[pa.RecordBatch], decisions: dict[str, str], *, position: Position = "row"
) -> TextTable:
    """Build a table from chunks; only one chunk of Arrow data is in memory at a time.

    Parameters
    ----------
    name : str
        The name of the table, which begins with that of its source.
    chunks : iterable of RecordBatch
        The rows, in an order that is the same whenever they are read. Nested columns are left out.
    decisions : dict
        Shown for the table on the Data page, by subject.
    position : str, optional
        What its rows are counted as.

    Raises
    ------
    UnreadableFileError
        There is no row or no column, a value cannot be written as text, or a bound is exceeded.
    """
    columns: dict[str, list[Text]] = {}
    nested: dict[str, None] = {}
    rows = length = 0
    with ThreadPoolExecutor(THREADS) as threads:
        for chunk in chunks:
            rows += chunk.num_rows
            _check(name, rows, chunk.schema)
            check_cells_fit(name, chunk.num_rows, chunk.num_columns)  # those before have theirs already
            nested |= {field.name: None for field in chunk.schema if pa.types.is_nested(field.type)}
            flat = [one for one in chunk.schema.names if one not in nested]
            parts = [columns.setdefault(one, []) for one in flat]
            made = threads.map(partial(_as_text, name), flat, map(chunk.column, flat), parts)
            for part, text in zip(parts, made, strict=True):
                part.append(text)
                length += characters(text)
                check_text(name, length)
    if not rows or not columns:
        raise UnreadableFileError("There is no row of data.", "Choose a source with one row per customer.", file=name)
    with ThreadPoolExecutor(THREADS) as threads:
        parts = []  # the parts of a column go once it is whole
        headers = [*columns]
        text_columns = [*threads.map(partial(text_column, name), headers, map(columns.pop, headers))]
    index = pd.RangeIndex(1, rows + 1).astype("int64").rename("line")
    frame = pd.DataFrame(dict(zip(unique_names(headers), text_columns, strict=True)), index=index)
    if nested:
        decisions = decisions | {"nested columns": f"dropped: {', '.join(nested)}"}
    return TextTable(name, frame, rejected_frame(name, [], [], []), decisions, position=position)


def _check(name: str, rows: int, schema: pa.Schema) -> None:
    check_rows(name, rows)
    check_columns(name, len(schema))
    check_cells(name, rows, len(schema), bounds.MAX_TABLE_CELLS)
    if len(set(schema.names)) < len(schema):
        raise UnreadableFileError("Two columns have the same name.", "Rename one of them.", file=name)


def _as_text(name: str, column: str, values: pa.Array, before: Sequence[Text]) -> Text:
    try:
        return as_text(values, before)
    except pa.ArrowException:
        problem = f"Its values, of type {values.type}, cannot be written as text."
        raise UnreadableFileError(problem, "Cast the column, or leave it out.", file=name, column=column) from None
