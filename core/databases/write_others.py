"""Rows into SQLite, and into every database that SQLAlchemy has a driver for."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final
from urllib.parse import quote

import pyarrow as pa
import sqlalchemy as sa
from sqlalchemy.exc import NoSuchModuleError, SQLAlchemyError

from core.databases.address import Address
from core.databases.engine import no_driver
from core.databases.others import SQLITE
from core.databases.select import TableName
from core.errors import DataError

BATCH: Final = 20_000  # rows of Python at a time
WAIT: Final = "60"  # seconds that SQLite waits for whoever writes to the file
ENDS_TRANSACTION: Final = {"mysql", "mariadb", "oracle"}  # dialects whose CREATE and DROP commit at once


class _Writer:
    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        self.dialect = connection.dialect
        self.rolls_back_tables = self.dialect.name not in ENDS_TRANSACTION

    @property
    def default_schema(self) -> str:
        return "" if self._is_sqlite else sa.inspect(self._connection).default_schema_name or ""

    def schemas(self) -> list[str]:
        return [] if self._is_sqlite else sa.inspect(self._connection).get_schema_names()

    def names(self, schema: str) -> list[str]:
        inspector = sa.inspect(self._connection)
        return [*inspector.get_table_names(schema or None), *inspector.get_view_names(schema or None)]

    def views(self) -> dict[str, str]:
        inspector = sa.inspect(self._connection)
        with suppress(NotImplementedError):  # not every driver tells
            return {name: inspector.get_view_definition(name) or "" for name in inspector.get_view_names()}
        return {}

    def columns(self, table: TableName) -> dict[str, str] | None:
        inspector, schema = sa.inspect(self._connection), table.schema or None
        if table.name in inspector.get_view_names(schema):
            raise DataError(f"{table} is no table.", "Write to a table, not to a view.")
        if table.name not in inspector.get_table_names(schema):
            return None
        columns = inspector.get_columns(table.name, schema)
        return {one["name"]: str(one["type"]) if self._is_sqlite else "" for one in columns}

    def lock(self, table: TableName) -> None:
        """Nothing to do in SQLite, whose file is locked; other databases lock the rows that are deleted."""

    def grants(self, table: TableName) -> list[str]:  # noqa: ARG002 – only PostgreSQL's are known
        return []

    def run(self, statement: Any) -> None:
        self._connection.execute(statement)

    def insert(self, table: sa.Table, rows: pa.Table) -> None:
        insert = sa.insert(table)
        text = str(insert.compile(dialect=self.dialect)) if self._is_sqlite else ""
        for batch in rows.to_batches(BATCH):
            if not batch.num_rows:
                continue
            if text:  # by the driver itself, in less than half the time; SQLite has dates as text
                cells = [_plain(column).to_pylist() for column in batch.columns]
                self._connection.exec_driver_sql(text, list(zip(*cells, strict=True)))
            else:
                self._connection.execute(insert, batch.to_pylist())

    @property
    def _is_sqlite(self) -> bool:
        return self.dialect.name == SQLITE


def _plain(column: pa.Array) -> pa.Array:
    return column.cast(pa.string()) if pa.types.is_date(column.type) else column


class _Others:
    """The engine."""

    errors: Final = (SQLAlchemyError,)

    @contextmanager
    def connect(self, address: Address) -> Iterator[_Writer]:
        """Open a connection whose one transaction is committed at the end."""
        with _engine(address).begin() as connection:
            yield _Writer(connection)


def _engine(address: Address) -> sa.Engine:
    url = address.url
    if address.scheme == SQLITE:
        options = {"mode": "rwc", "uri": "true", "timeout": WAIT}
        url = url.set(database=f"file:{quote(address.path)}", query=options)
    try:
        engine = sa.create_engine(url, poolclass=sa.NullPool, hide_parameters=True)
    except (ImportError, NoSuchModuleError) as error:
        raise no_driver(address, getattr(error, "name", None) or "") from None
    if address.scheme == SQLITE:  # Python's driver begins no transaction for CREATE and DROP unless it is left to us
        sa.event.listen(engine, "connect", _leave_transactions)
        sa.event.listen(engine, "begin", _begin)
    return engine


def _leave_transactions(connection: Any, _: object) -> None:
    connection.isolation_level = None


def _begin(connection: sa.Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


WRITING: Final = _Others()
