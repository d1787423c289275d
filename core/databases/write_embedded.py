"""Rows into a file of DuckDB."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final

import duckdb
import pyarrow as pa
import sqlalchemy as sa

from core.databases.address import STORES, Address
from core.databases.embedded import DIALECT
from core.databases.files import FILES
from core.databases.select import TableName
from core.databases.write_postgresql import text_of
from core.errors import DataError

INCOMING: Final = "rows_of_this_run"
KIND: Final = """
SELECT table_schema, table_name, table_type FROM information_schema.tables
WHERE table_catalog = current_database() AND lower(table_schema) = lower(?) AND lower(table_name) = lower(?)
"""
NAMES: Final = """
SELECT table_name FROM information_schema.tables
WHERE table_catalog = current_database() AND lower(table_schema) = lower(?)
"""
VIEWS: Final = "SELECT schema_name || '.' || view_name, sql FROM duckdb_views() WHERE NOT internal"
COLUMNS: Final = """
SELECT column_name, data_type FROM information_schema.columns
WHERE table_catalog = current_database() AND lower(table_schema) = lower(?) AND lower(table_name) = lower(?)
ORDER BY ordinal_position
"""


class _Writer:
    dialect: Final = DIALECT
    default_schema: Final = "main"
    rolls_back_tables: Final = True

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection

    def schemas(self) -> list[str]:
        sql = "SELECT schema_name FROM information_schema.schemata WHERE catalog_name = current_database()"
        return [str(name) for (name,) in self._connection.execute(sql).fetchall()]

    def names(self, schema: str) -> list[str]:
        return [str(name) for (name,) in self._connection.execute(NAMES, [schema]).fetchall()]

    def views(self) -> dict[str, str]:
        return {str(name): str(sql) for name, sql in self._connection.execute(VIEWS).fetchall()}

    def columns(self, table: TableName) -> dict[str, str] | None:
        kinds = self._connection.execute(KIND, [table.schema, table.name]).fetchall()
        if not kinds:
            return None
        if kinds[0][2] != "BASE TABLE":
            raise DataError(f"{table} is no table.", "Write to a table, not to a view.")
        rows = self._connection.execute(COLUMNS, [table.schema, table.name]).fetchall()
        return {str(name): str(kind) for name, kind in rows}

    def lock(self, table: TableName) -> None:
        """Nothing to do: the file is open in one process alone."""

    def grants(self, table: TableName) -> list[str]:  # noqa: ARG002 – it has no roles
        return []

    def run(self, statement: Any) -> None:
        self._connection.execute(text_of(statement, DIALECT))

    def insert(self, table: sa.Table, rows: pa.Table) -> None:
        self._connection.register(INCOMING, rows)
        into = DIALECT.identifier_preparer.format_table(table)
        self._connection.execute(f"INSERT INTO {into} BY NAME SELECT * FROM temp.{INCOMING}")
        self._connection.unregister(INCOMING)


class _DuckDB:
    """The engine."""

    errors: Final = (duckdb.Error,)

    @contextmanager
    def connect(self, address: Address) -> Iterator[_Writer]:
        """Open the file, whose one transaction is committed at the end."""
        if address.path.lower().endswith(tuple(FILES)) or address.path.partition("://")[0] in STORES:
            raise DataError(f"{address} is no database file.", "Write to one, as in duckdb:///bank.duckdb.")
        connection = duckdb.connect(address.path)
        try:
            connection.execute("SET enable_external_access = false")
            connection.begin()
            try:
                yield _Writer(connection)
                connection.commit()
            except BaseException:
                with suppress(*self.errors):
                    connection.rollback()
                raise
        finally:
            connection.close()


WRITING: Final = _DuckDB()
