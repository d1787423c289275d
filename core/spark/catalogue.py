"""Tables of the session's catalogue: what is read becomes Parquet files that parts are cut from, with its own types."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from core.errors import DataError
from core.intake.reading.arrow import UNREAD_COLUMNS
from core.intake.reading.chunks import Place
from core.spark import storage
from core.spark.jobs import answers
from core.spark.parts import Part, groups_of
from core.spark.storage import Stored
from core.spark.table import FileTable

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

GROUP: Final = 100_000  # rows of a Parquet file that are together
# The kinds of columns that have text; others, such as arrays, structs and variants, are left out and named.
READ: Final = re.compile(
    "(string|char|varchar|boolean|tinyint|smallint|int|bigint|float|double|decimal|date|timestamp|timestamp_ntz|binary"
    "|time|interval (day|hour|minute|second))(?!\\w)"
)


@dataclass(frozen=True)
class CatalogueTable:
    """A table or view by its name, such as `db.customers`, as Spark's catalogue has it."""

    name: str

    def __str__(self) -> str:
        return self.name


def check_tables(session: "SparkSession", tables: Sequence[CatalogueTable]) -> None:
    """Refuse a name that is of no table; the catalogue is asked, and no SQL is made of it.

    Raises
    ------
    DataError
        There is no such table.
    """
    for table in tables:
        if not exists(session, table.name):
            raise DataError(f"Spark's catalogue has no table {table.name}.", "Name one, such as db.customers.")


def exists(session: "SparkSession", name: str) -> bool:
    """Whether the catalogue has a table of this name; what is no name is none."""
    from pyspark.errors import PySparkException

    try:
        return session.catalog.tableExists(name)
    except PySparkException:
        return False


def copied(session: "SparkSession", table: CatalogueTable, folder: str) -> FileTable:
    """The rows of a table as they are now, copied into a folder that the workers see: later passes read the same.

    Raises
    ------
    DataError
        It cannot be read, has no row, or no column that can be read.
    """
    from pyspark.errors import PySparkException

    try:
        rows = session.read.table(table.name)
        kinds = {field.name: field.dataType.simpleString() for field in rows.schema}
        read = [name for name, kind in kinds.items() if READ.match(kind)]
        places = [f"c{place}" for place in range(len(kinds))]  # Spark parses a name, which a dot or a backtick ends
        if not read:
            raise DataError("No column can be read.", "Add columns of numbers, dates or words.", file=table.name)
        columns = [place for place, name in zip(places, kinds, strict=True) if name in read]
        written = (
            rows.toDF(*places)
            .select(*columns)
            .mapInArrow(partial(_written, folder, read), "path string, rows long, size long, digest string")
        )
        files = sorted(written.collect(), key=lambda row: row["path"])
    except PySparkException as error:
        raise DataError(
            f"It cannot be read: {first_line(error)}", "Ask for the right to read it.", file=table.name
        ) from None
    if not files:
        raise DataError("There is no row.", "Choose a table with one row per customer.", file=table.name)
    stored = [Stored(row["path"], row["size"], called=table.name) for row in files]
    parts, line = [], 0
    for file, groups, row in zip(stored, answers(session, stored, groups_of), files, strict=True):
        parts += [Part(file, first, after, Place(line + at), groups=True) for first, after, at in groups]
        line += row["rows"]
    unread = [f"{name} ({kind})" for name, kind in kinds.items() if name not in read]
    said = {"format": "rows of a table"} | ({UNREAD_COLUMNS: ", ".join(unread)} if unread else {})
    digest = sha256("".join(row["digest"] for row in files).encode()).hexdigest()
    whole = Stored(folder, sum(file.size for file in stored), called=table.name)
    return FileTable(whole, digest, tuple(parts), decisions=said)


def _written(folder: str, names: list[str], batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Write a partition as a Parquet file of columns of these names; one a lost task has left is read by nobody."""
    from pyspark import TaskContext

    task: Any = TaskContext.get()
    path = storage.below(folder, f"{task.partitionId():06}-{task.taskAttemptId()}.parquet")
    rows = 0
    with storage.created(path) as file:
        writer: pq.ParquetWriter | None = None
        for group in _grouped(batches):
            group = group.rename_columns(names)
            writer = writer or pq.ParquetWriter(file, group.schema)
            writer.write_table(group)
            rows += len(group)
        if writer:
            writer.close()
    if rows:
        (found,) = storage.listed(path)
        row = {"path": path, "rows": rows, "size": found.size, "digest": storage.digest(path)}
        yield pa.RecordBatch.from_pylist([row])


def _grouped(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.Table]:
    waiting: list[pa.RecordBatch] = []
    for batch in batches:
        waiting.append(batch)
        if sum(one.num_rows for one in waiting) >= GROUP:
            yield pa.Table.from_batches(waiting)
            waiting = []
    if sum(one.num_rows for one in waiting):
        yield pa.Table.from_batches(waiting)


def first_line(error: Exception) -> str:
    """What Spark says of an error, without its plan and stack."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
