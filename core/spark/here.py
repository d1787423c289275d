"""Customers whom the memory of this program holds: read here and worked on by pandas, as those of other sources are."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from math import inf
from pathlib import Path
from typing import Any, Final

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from core.analysis import Analysis
from core.cubes.file import NAME
from core.customer_table import check_ids, rows_for_database
from core.databases.fetch import Fetched, content_of
from core.errors import DataError
from core.files import printable, write_all
from core.intake.read import SourceFile
from core.intake.reading.bounds import MAX_BYTES, MAX_ROWS, MAX_TABLE_CELLS
from core.intake.reading.formats import HEAD, format_of
from core.intake.reading.memory import PER_BYTE_OF_TEXT, PER_CELL, available
from core.intake.reading.parquet import PARQUET
from core.pipeline import load_for
from core.results import curve_file, results
from core.schema import CLUSTER, Column
from core.segmentation import find_segmentation
from core.segments.registry import choice_for
from core.sources.source import Source
from core.spark import storage
from core.spark.customers import types_of, without_categories
from core.spark.into import written_into
from core.spark.jobs import part_name
from core.spark.out import CUSTOMERS
from core.spark.parts import CHUNK_BYTES
from core.spark.results import FILES as NAMES
from core.spark.results import Asked, Found, note_customers
from core.spark.session import BATCH_ROWS
from core.spark.storage import Stored
from core.spark.table import FileTable
from core.trail import READ, note

# Bytes that loading may take here: some ten million customers. With more, a cluster of many cores is faster.
MEMORY = 4e9
SHARE: Final = 0.5  # of the memory that is left: the results need as much again
PACKED: Final = 10  # bytes of a table in one of its archive
PART_ROWS = 1_000_000  # of a file of customers
INTO: Final = "into.parquet"  # the rows of a table that is written, as the workers read them
Progress = Callable[[str], None]


def sources(
    places: Sequence[str], tables: Sequence[FileTable], memory: float, progress: Progress = lambda _: None
) -> list[Source]:
    """Files and copied tables as sources; none if only the workers see them, or loading takes more memory."""
    found: dict[str, Source] = {}
    if not memory:
        return []
    with suppress(DataError, OSError, pa.ArrowException):  # the workers see them, or say why not
        files = [file for place in places for file in storage.listed(place)]
        need = sum(map(_need, files)) + sum(map(_need_of_table, tables))
        most = min(memory, SHARE * available())
        if need > most:
            progress(
                f"Leaving the work to Spark's workers: to load {_gigabytes(need)}, {_gigabytes(most)} may be taken"
            )
            return []
        progress(f"Working in this program, with {_gigabytes(need)} to load the customers")
        found = {file.path: SourceFile(printable(file.name), storage.content(file.path)) for file in files}
        found |= {table.file.name: _source_of_table(table) for table in tables}
    for origin, source in found.items():
        note(READ, sources=[source.name], origin=origin, sha256=source.digest, bytes=source.size)
    return [*found.values()]


def _gigabytes(size: float) -> str:
    return f"{size / 1e9:.1f} GB" if size < inf else "more than any program loads"


def _need(file: Stored) -> float:
    """Bytes that loading a file takes, infinite where nothing is loaded that large."""
    if file.size > MAX_BYTES:
        return inf
    head = storage.content(file.path, 0, HEAD)
    if head.startswith(PARQUET):
        return _need_of_cells(*_rows_and_columns(file))
    if file.size > MAX_ROWS and _lines(file) > MAX_ROWS:
        return inf
    kind = format_of(head)
    return file.size * PER_BYTE_OF_TEXT * (PACKED if kind and kind.members else 1)


def _lines(file: Stored) -> int:
    parts = (storage.content(file.path, start, stop) for start, stop in storage.chunks(file.size, CHUNK_BYTES))
    return sum(part.count(b"\n") for part in parts)


def _need_of_table(table: FileTable) -> float:
    sizes = [*map(_rows_and_columns, table.files)]
    return _need_of_cells(sum(rows for rows, _ in sizes), max(columns for _, columns in sizes))


def _rows_and_columns(file: Stored) -> tuple[int, int]:
    with storage.opened(file.path) as opened:
        known = pq.ParquetFile(opened).metadata
    return known.num_rows, known.num_columns


def _need_of_cells(rows: int, columns: int) -> float:
    return rows * columns * PER_CELL if rows <= MAX_ROWS and rows * columns <= MAX_TABLE_CELLS else inf


def _source_of_table(table: FileTable) -> Fetched:
    content = content_of((batch for file in table.files for batch in _batches(file)), table.file.name)
    return Fetched(table.file.name, content, tuple(table.decisions.items()))


def _batches(file: Stored) -> Iterator[pa.RecordBatch]:
    with storage.opened(file.path) as opened:
        yield from pq.ParquetFile(opened).iter_batches(batch_size=BATCH_ROWS)


def run(session: Any, read: Sequence[Source], asked: Asked, folder: Path) -> Found:
    """The files of a run but the customers, who are written, as Parquet, into a temporary folder that workers see."""
    seed, clusterer, progress = asked.seed, asked.clusterer, asked.progress
    study = load_for(read, asked.rules, asked.choice, progress)
    if asked.into:
        check_ids(study.sources, study.files)
    method = choice_for(clusterer, asked.choice)
    found = find_segmentation(study, asked.k, method, clusterer=clusterer, seed=seed, progress=progress)
    segments = found.segments
    analysis = Analysis(study, segments, found.structure, seed=seed)
    progress("Writing the customers")
    note_customers(asked.out / CUSTOMERS, study.columns, segments)
    _write_customers(study.with_segments(segments), study.columns, folder / CUSTOMERS)
    progress("Counting the customers for the pages")
    made = results(analysis)
    files = {name: made[name]() for name in (*NAMES, NAME) if name in made} | curve_file(found.scores)
    if asked.into:
        progress(f"Writing into {asked.into.table}")
        pq.write_table(rows_for_database(analysis), folder / INTO)
        rows = session.read.parquet(str(folder / INTO))
        written_into(session, asked.into, rows, study.rules.as_of, customers=segments.customers)
    write_all(asked.out, files, instead_of=NAMES)
    return Found(
        columns=study.columns, segments=segments, structure=found.structure, files=study.files,
        rows_read=study.rows_read, rejected=study.rejected_count, scores=found.scores,
    )  # fmt: skip


def _write_customers(customers: pd.DataFrame, columns: Sequence[Column], folder: Path) -> None:
    folder.mkdir()
    schema = pa.schema({**types_of(columns), CLUSTER: pa.string()})
    for number, start in enumerate(range(0, len(customers), PART_ROWS)):
        part = without_categories(customers.iloc[start : start + PART_ROWS])
        pq.write_table(pa.Table.from_pandas(part, schema, preserve_index=False), folder / part_name(number))
