"""The rows of a table or query → texts and codes of Arrow, packed in memory; they are a table as every file's are."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from time import monotonic
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa

from core.databases.address import Address
from core.databases.engine import Column, Connection, connected
from core.databases.request import Request
from core.databases.select import TableName, Wanted, checked_query, refuse_twins, table_named
from core.errors import DataError
from core.figures import count
from core.intake.read import AUTOMATIC, ReadChoices, Reading, SourceFile
from core.intake.reading.arrow import THREADS, TIMES_IN_UTC, UNREAD_COLUMNS, Text, all_differ, coded, texts
from core.intake.reading.arrow_table import text_table
from core.intake.reading.bounds import MAX_BYTES, MAX_ROWS
from core.intake.reading.memory import check_cells_fit
from core.progress import tell

PREVIEW: Final = 20  # rows
GROUP: Final = 1_000_000  # rows that are packed together
PACKED: Final = pa.ipc.IpcWriteOptions(compression="zstd")
SECONDS: Final = 900  # that reading may take
NO_ROW: Final = ("There is no row.", "Choose a table or query with one row per customer.")
FEWER: Final = "Choose fewer by a SELECT with WHERE, or read fewer columns."


@dataclass(frozen=True)
class Fetched(SourceFile):
    """Rows of a table or query as a source: its content is one stream of Arrow per group of rows.

    `said` are decisions (subject, what was decided), such as which columns are left out. `origin` says where the rows
    are from, `advice` what to know of the role.
    """

    said: tuple[tuple[str, str], ...] = ()
    origin: str = ""
    advice: str = ""

    def tables(self, _: ReadChoices = AUTOMATIC) -> Reading:
        """The one table, with where it comes from among its decisions."""
        table = text_table(self.name, _unpacked(self.content), dict(self.said), position="line")
        return Reading((table,), table.rejected)


def tables_of(address: Address) -> list[TableName]:
    """The tables and views that may be read, by schema and name.

    Raises
    ------
    DataError
        The database cannot be reached.
    """
    with connected(address, address.timeout or SECONDS) as connection:
        return sorted(connection.tables())


def preview(request: Request, rows: int = PREVIEW) -> tuple[pd.DataFrame, list[Column], str]:
    """The first rows as text, all columns with those that are not read, and advice on the role.

    Raises
    ------
    DataError
        As `fetch`; a table without a row is a table here.
    """
    with connected(request.address, request.address.timeout or SECONDS) as connection:
        wanted = _wanted(request, connection)
        columns = connection.columns(wanted)
        chosen = _chosen(request, columns)
        batches = list(connection.chunks(wanted, chosen, rows))
        frame = (
            pa.Table.from_batches(batches).to_pandas() if batches else pd.DataFrame(columns=[c.name for c in chosen])
        )
        return frame.head(rows).astype("str"), columns, connection.advice()


def fetch(request: Request) -> Fetched:
    """Read the rows of a request, all or none; how many there are so far is told (`core.progress`).

    Raises
    ------
    DataError
        The database cannot be reached or read, the query is no SELECT, there is no such table or column, or there are
        more rows, bytes or seconds than allowed.
    """
    address = request.address
    seconds = address.timeout or SECONDS
    with connected(address, seconds) as connection:
        wanted = _wanted(request, connection)
        columns = connection.columns(wanted)
        chosen = _chosen(request, columns)
        chunks = _bounded(connection.chunks(wanted, chosen), request, seconds)
        content = content_of(chunks, address.shown)
        said = {
            "format": "rows of a database",
            UNREAD_COLUMNS: ", ".join(f"{one.name} ({one.unread})" for one in columns if one.unread),
            TIMES_IN_UTC: ", ".join(one.name for one in chosen if one.zoned),
        }
        said = {subject: what for subject, what in said.items() if what}
        return Fetched(wanted.name, content, tuple(said.items()), str(request), connection.advice())


def _wanted(request: Request, connection: Connection) -> Wanted:
    if bool(request.table) == bool(request.query):
        raise DataError("A database needs a table or a query.", "Give one of them.", file=request.address.shown)
    if request.query:
        return Wanted(query=checked_query(request.query, request.address.scheme))
    return Wanted(table_named(request.table, connection.tables()))


def _chosen(request: Request, columns: Sequence[Column]) -> list[Column]:
    """The columns to read, in the order of the table."""
    names = [column.name for column in columns]
    refuse_twins(names)
    if unknown := [name for name in request.columns if name not in names]:
        raise DataError(f"There is no column “{unknown[0]}”.", f"There are: {', '.join(names)}.", choices=names)
    chosen = [one for one in columns if not one.unread and (not request.columns or one.name in request.columns)]
    if not chosen:
        raise DataError("No column can be read.", "Choose columns of numbers, dates or words.")
    return chosen


def _bounded(chunks: Iterator[pa.RecordBatch], request: Request, seconds: int) -> Iterator[pa.RecordBatch]:
    """The chunks, as long as there are not too many rows, is memory for them, and it does not take too long."""
    most = request.address.max_rows or MAX_ROWS
    rows, started = 0, monotonic()
    for chunk in chunks:
        rows += chunk.num_rows
        if rows > most:
            raise DataError(f"There are more than {count(most)} rows.", FEWER, file=str(request))
        check_cells_fit(str(request), rows, chunk.num_columns)
        if monotonic() - started > seconds:
            raise DataError(f"Reading took more than {count(seconds)} seconds.", FEWER, file=str(request))
        tell(f"Reading {request}: {count(rows)} rows")
        yield chunk
    if not rows:
        raise DataError(*NO_ROW, file=str(request))


def content_of(chunks: Iterator[pa.RecordBatch], shown: str) -> bytes:
    """Rows as streams of Arrow, a group each, one after the other, as each has codes of its own width.

    The same rows give the same bytes. `shown` is where they are from, in messages.

    Raises
    ------
    DataError
        They take more bytes than allowed.
    """
    buffer = pa.BufferOutputStream()
    for group in _in_groups(chunks):
        with pa.ipc.new_stream(buffer, group.schema, options=PACKED) as stream:
            stream.write_table(group)
        if buffer.tell() > MAX_BYTES:
            raise DataError(f"The rows take more than {count(MAX_BYTES)} bytes.", FEWER, file=shown)
    content: bytes = buffer.getvalue().to_pybytes()
    return content


def _unpacked(content: bytes) -> Iterator[pa.RecordBatch]:
    """The groups of rows, one at a time."""
    reader = pa.BufferReader(content)
    while reader.tell() < len(content):
        yield from pa.ipc.open_stream(reader)


def _in_groups(chunks: Iterator[pa.RecordBatch]) -> Iterator[pa.Table]:
    """The rows as text in groups of the same size, however a driver cuts them: the same rows give the same bytes.

    The first group tells in which columns nearly all values differ, which are written cell by cell.
    """
    cell_by_cell: set[int] | None = None
    with ThreadPoolExecutor(THREADS) as threads:
        for _, pieces in groupby(_pieces(chunks), itemgetter(0)):
            waiting, names = [], []
            for _, piece in pieces:
                forms = (texts if at in (cell_by_cell or ()) else coded for at in range(piece.num_columns))
                waiting.append([*threads.map(_as, forms, piece.columns)])
                names = piece.schema.names
            columns = [*threads.map(_joined, zip(*waiting, strict=True))]
            if cell_by_cell is None:
                cell_by_cell = {at for at, column in enumerate(columns) if all_differ(column)}
            made = [c.cast(pa.string()) if at in cell_by_cell else _narrow(c) for at, c in enumerate(columns)]
            yield pa.table(made, names)


def _pieces(chunks: Iterator[pa.RecordBatch]) -> Iterator[tuple[int, pa.RecordBatch]]:
    """The chunks, cut where a group ends, with the number of their group."""
    rows = 0
    for chunk in chunks:
        while chunk.num_rows:
            piece = chunk.slice(0, GROUP - rows % GROUP)
            yield rows // GROUP, piece
            rows += piece.num_rows
            chunk = chunk.slice(piece.num_rows)


def _as(form: Callable[[pa.Array], Text], column: pa.Array) -> Text:
    """A column as text, without the type of an extension, which a driver may put around it."""
    return form(column.storage if isinstance(column, pa.ExtensionArray) else column)


def _joined(parts: Sequence[Text]) -> Text:
    """The parts of a column as one; its codes stay in order of appearance."""
    whole = pa.chunked_array(parts).unify_dictionaries().combine_chunks()
    return whole.chunk(0) if isinstance(whole, pa.ChunkedArray) else whole


def _narrow(column: pa.DictionaryArray) -> pa.DictionaryArray:
    """A column with its codes in as few bytes as they need."""
    width = pa.from_numpy_dtype(np.min_scalar_type(-len(column.dictionary)))
    return pa.DictionaryArray.from_arrays(column.indices.cast(width), column.dictionary)
