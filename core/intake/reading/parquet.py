"""A Parquet file → a table of text. Every digit is kept; nested columns are dropped and named."""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Lock

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from core.errors import UnreadableFileError
from core.intake.reading import bounds
from core.intake.reading.arrow import THREADS, Column, Text, as_text, characters, text_column
from core.intake.reading.bounds import check, check_cells, check_columns, check_rows, check_text
from core.intake.reading.header import unique_names
from core.intake.reading.memory import check_cells_fit
from core.intake.reading.pages import SPLIT, check_footer, check_pages
from core.intake.reading.tables import NamedBytes, TextTable
from core.intake.steps import rejected_frame

PARQUET = b"PAR1"
DAMAGED = "Write the file anew, or save the table as CSV and choose that file."
PART = 1_000_000  # rows without a dictionary that are made text at a time
BATCH = 100_000_000  # bytes that texts stored as differences may grow to at a time


def read_parquet(file: NamedBytes) -> TextTable:
    """Read the flat columns of a Parquet file as text.

    Raises
    ------
    UnreadableFileError
        Damaged, beyond a bound, or without rows or flat columns.
    """
    check_footer(file.name, file.content)
    try:
        metadata = pq.ParquetFile(pa.BufferReader(file.content)).metadata
        check_columns(file.name, metadata.num_columns)
        columns = [metadata.schema.column(position) for position in range(metadata.num_columns)]
        flat = [
            at
            for at, column in enumerate(columns)
            if not column.max_repetition_level and column.max_definition_level < 2
        ]
        fixed = max((column.length for column in columns), default=0) * metadata.num_rows
        check(file.name, "bytes in a column of fixed length", fixed, bounds.MAX_UNZIPPED, SPLIT)
        longest, repeating = check_pages(file.name, file.content, flat)
        # Otherwise each text of a dictionary is repeated for each of its rows.
        texts = [
            columns[at].path for at in repeating if columns[at].physical_type == "BYTE_ARRAY" and at not in longest
        ]
        source = pq.ParquetFile(pa.BufferReader(file.content), metadata=metadata, read_dictionary=texts)
        batches = {columns[at].path: max(1, BATCH // size) for at, size in longest.items()}
        return read_groups(file.name, source, range(source.num_row_groups), batches=batches)
    except (pa.ArrowException, OSError, LookupError, TypeError, ValueError) as error:
        raise UnreadableFileError(f"The Parquet file cannot be read: {error}.", DAMAGED, file=file.name) from None


def read_groups(
    name: str, source: pq.ParquetFile, groups: Sequence[int], first: int = 1, batches: Mapping[str, int] | None = None
) -> TextTable:
    """Read some row groups of an open file as text; the first row has the number `first`.

    `batches` maps columns whose texts are stored as differences to the rows decoded at a time.
    """
    flat = _flat_columns(name, source, groups)
    lock = Lock()  # the open file is read by one thread at a time, and so many rows at a time, whichever column it is
    fewest = min((batches or {}).values(), default=0)

    def texts_of(column: str) -> tuple[Column, int]:
        parts: list[Text] = []
        length = 0
        chunks = _chunks(source, groups, column, fewest if column in (batches or {}) else 0)
        while (chunk := _next(chunks, lock)) is not None:
            parts.append(as_text(chunk, parts))
            length += characters(parts[-1])
            check_text(name, length)
        return text_column(name, column, parts), length

    columns, length = [], 0
    with ThreadPoolExecutor(THREADS) as threads:
        for column, more in threads.map(texts_of, flat):
            columns.append(column)
            length += more
            check_text(name, length)
    nested = [name for name in source.schema_arrow.names if name not in flat]
    index = pd.RangeIndex(first, first + len(columns[0])).astype("int64").rename("line")
    frame = pd.DataFrame(dict(zip(unique_names(flat), columns, strict=True)), index=index)
    decisions = {"format": "Parquet"} | ({"nested columns": f"dropped: {', '.join(nested)}"} if nested else {})
    return TextTable(name, frame, rejected_frame(name, [], [], []), decisions)


def _flat_columns(name: str, source: pq.ParquetFile, groups: Sequence[int]) -> list[str]:
    rows = sum(source.metadata.row_group(group).num_rows for group in groups)
    check_rows(name, rows)
    check_columns(name, source.metadata.num_columns)
    flat = [field.name for field in source.schema_arrow if not pa.types.is_nested(field.type)]
    check_cells(name, rows, len(flat), bounds.MAX_TABLE_CELLS)
    check_cells_fit(name, rows, len(flat))
    if not rows or not flat:
        raise UnreadableFileError("There is no row of data.", "Choose a file with one row per customer.", file=name)
    if len(set(flat)) < len(flat):
        raise UnreadableFileError("Two columns have the same name.", "Rename one of them.", file=name)
    return flat


def _chunks(source: pq.ParquetFile, groups: Sequence[int], column: str, batch: int) -> Iterator[pa.Array]:
    if not batch:
        for chunk in source.read_row_groups(list(groups), columns=[column]).column(0).chunks:
            rows = len(chunk) if pa.types.is_dictionary(chunk.type) else PART  # the others come in one chunk
            yield from (chunk.slice(start, rows) for start in range(0, len(chunk), rows))
        return
    for rows in source.iter_batches(batch, list(groups), [column]):
        yield rows.column(0)


def _next(chunks: Iterator[pa.Array], lock: Lock) -> pa.Array | None:
    with lock:
        return next(chunks, None)
