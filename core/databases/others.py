"""SQLite, and every database that SQLAlchemy has a driver for.

Cells become text one by one, since SQLite types each alone.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time
from decimal import Decimal
from functools import partial
from threading import Timer
from typing import Any, Final
from urllib.parse import quote

import pyarrow as pa
import sqlalchemy as sa
from sqlalchemy.exc import NoSuchModuleError, SQLAlchemyError

from core.databases.address import Address
from core.databases.engine import CHUNK, NO_NUMBER, Column, no_driver
from core.databases.select import TableName, Wanted, in_backticks, refuse_twins, statement
from core.errors import DataError

SQLITE: Final = "sqlite"
READ_ONLY: Final = {  # dialect → what makes the transaction one that only reads
    "mysql": ("SET SESSION TRANSACTION READ ONLY",),
    "mariadb": ("SET SESSION TRANSACTION READ ONLY",),
    "oracle": ("SET TRANSACTION READ ONLY",),
    SQLITE: ("PRAGMA query_only = ON",),
}
ADVICE: Final = "Give this role the right to SELECT only: this kind of database cannot be told to only read."
LOOKED_AT: Final = 1000  # rows that tell the types of columns
OF_PARTS: Final = ("list", "dict", "bytes", "memoryview")  # types of values that are not read
SYSTEM: Final = {"information_schema", "sys", "performance_schema", "mysql"}


class _Connection:
    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def tables(self) -> list[TableName]:
        inspector = sa.inspect(self._connection)
        default = inspector.default_schema_name
        found = []
        for schema in (None,) if self._is_sqlite else inspector.get_schema_names():
            if schema is None or schema.lower() not in SYSTEM:
                names = {*inspector.get_table_names(schema), *inspector.get_view_names(schema)}
                found += [TableName("" if schema in (None, default) else schema, name) for name in names]
        return sorted(found)

    def columns(self, wanted: Wanted) -> list[Column]:
        sql = statement(wanted, (), self._connection.dialect, LOOKED_AT)
        names = []
        if self._is_sqlite and wanted.query:
            self._run(f"EXPLAIN {in_backticks(wanted.query)}").close()
            names = [*self._run(f"SELECT * FROM (\n{wanted.query}\n) AS q LIMIT 0").keys()]
            sql = wanted.query
        result = self._run(sql)
        refuse_twins([*result.keys()], folds=self._is_sqlite)  # a SELECT around it would give them other names
        rows = self._looked_at(result)
        kinds = [_kind(cells) for cells in zip(*rows, strict=True)] or [""] * len(result.keys())
        return [
            Column(name, kind, unread=NO_NUMBER if kind in OF_PARTS else "")
            for name, kind in zip(names or result.keys(), kinds, strict=True)
        ]

    def chunks(self, wanted: Wanted, columns: Sequence[Column], limit: int = 0) -> Iterator[pa.RecordBatch]:
        sql = statement(wanted, [(column.name, False) for column in columns], self._connection.dialect, limit)
        result = self._connection.execution_options(stream_results=True).exec_driver_sql(sql)
        names = [column.name for column in columns]
        for rows in result.partitions(CHUNK):
            cells = zip(*rows, strict=True)
            yield pa.record_batch(list(map(_texts, names, cells)), names)

    def advice(self) -> str:
        return "" if self._connection.dialect.name in READ_ONLY else ADVICE

    def _looked_at(self, result: sa.CursorResult[Any]) -> Sequence[sa.Row[Any]]:
        """The rows that tell types; text in another encoding is no fault here, as its column may be left out."""
        raw: Any = self._connection.connection.dbapi_connection
        if self._is_sqlite:
            raw.text_factory = partial(str, encoding="utf-8", errors="replace")
        try:
            return result.fetchmany(LOOKED_AT)
        finally:
            result.close()
            if self._is_sqlite:
                raw.text_factory = str

    def _run(self, sql: str) -> sa.CursorResult[Any]:
        return self._connection.exec_driver_sql(sql)

    @property
    def _is_sqlite(self) -> bool:
        return self._connection.dialect.name == SQLITE


def _kind(values: Iterable[object]) -> str:
    """The type of the first value; one that cannot be read before all others."""
    kinds = list(dict.fromkeys(type(value).__name__ for value in values if value is not None))
    return next((kind for kind in kinds if kind in OF_PARTS), next(iter(kinds), ""))


def _texts(name: str, cells: Iterable[object]) -> pa.Array:
    try:
        return pa.array(map(_text, cells), pa.large_string())
    except _BytesError:
        remedy = "Leave it out, or write it as text in a query."
        raise DataError(f"The column “{name}” has bytes in some rows.", remedy) from None


class _BytesError(Exception):
    """A cell is of bytes."""


def _text(value: object) -> str | None:
    """A cell as text, as `core.intake.reading.arrow` writes it: numbers with all digits, whole ones without `.0`."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, float):
        return str(value).removesuffix(".0") if value == value else None
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    if isinstance(value, date):
        return str(value)
    if isinstance(value, (bytes, memoryview)):
        raise _BytesError
    return str(value)


class Others:
    """The engine."""

    errors: Final = (SQLAlchemyError,)

    @contextmanager
    def connect(self, address: Address, seconds: int) -> Iterator[_Connection]:
        """Open a connection whose transaction only reads, where the database can be told so."""
        with _engine(address).connect() as connection:
            for setting in READ_ONLY.get(connection.dialect.name, ()):
                connection.exec_driver_sql(setting)
            raw: Any = connection.connection.dbapi_connection
            timer = Timer(seconds, getattr(raw, "interrupt", raw.close))
            timer.daemon = True
            timer.start()
            try:
                yield _Connection(connection)
            finally:
                timer.cancel()
                connection.rollback()


def _engine(address: Address) -> sa.Engine:
    url = address.url
    if address.scheme == SQLITE:
        if not address.files:
            raise DataError(f"There is no file {address.path or 'in the address'}.", "Check the path of the file.")
        url = url.set(database=f"file:{quote(address.path)}", query={"mode": "ro", "uri": "true"})
    try:
        return sa.create_engine(url, poolclass=sa.NullPool, hide_parameters=True)
    except (ImportError, NoSuchModuleError) as error:
        raise no_driver(address, getattr(error, "name", None) or "") from None


ENGINE: Final = Others()
