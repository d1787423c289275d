"""DuckDB: a database file, or Parquet and CSV files and their globs, without a server."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Timer
from typing import Any, Final

import duckdb
import pyarrow as pa
from sqlalchemy import Dialect
from sqlalchemy.dialects import postgresql

from core.databases.address import Address
from core.databases.engine import NO_NUMBER, Column
from core.databases.files import FILES, ending_of, make_view
from core.databases.select import TableName, Wanted, refuse_twins, statement
from core.errors import DataError

# It quotes names and limits rows as DuckDB does.
DIALECT: Final[Dialect] = postgresql.dialect(paramstyle="named")  # type: ignore[no-untyped-call]
PLAIN: Final = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "FLOAT",
                "DOUBLE", "VARCHAR", "BOOLEAN", "ENUM")  # fmt: skip
AS_TEXT: Final = ("DECIMAL", "HUGEINT", "UHUGEINT", "BIGNUM", "DATE", "TIMESTAMP", "TIME", "INTERVAL", "UUID")
TABLES: Final = "SELECT table_schema, table_name FROM information_schema.tables ORDER BY 1, 2"
SETTINGS: Final = (  # texts of times are the same on every machine; no other file is opened
    "SET TimeZone = 'UTC'",
    "SET enable_external_access = false",
    "SET lock_configuration = true",
)
ROWS: Final = 500_000  # at a time: they are no Python objects


class _Connection:
    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection

    def tables(self) -> list[TableName]:
        return [TableName("" if schema == "main" else schema, name) for schema, name in self._all(TABLES)]

    def columns(self, wanted: Wanted) -> list[Column]:
        if wanted.query:  # a SELECT around it would give them other names
            refuse_twins([str(name) for name, *_ in self._all(f"DESCRIBE {wanted.query}")], folds=True)
        rows = self._all(f"DESCRIBE {statement(wanted, (), DIALECT)}")
        return [_column(str(name), str(kind)) for name, kind, *_ in rows]

    def chunks(self, wanted: Wanted, columns: Sequence[Column], limit: int = 0) -> Iterator[pa.RecordBatch]:
        asked = [(column.name, column.as_text) for column in columns]
        relation = self._connection.sql(statement(wanted, asked, DIALECT, limit))
        yield from relation.to_arrow_reader(ROWS)

    def advice(self) -> str:
        return ""  # the file is opened for reading

    def _all(self, sql: str) -> list[tuple[Any, ...]]:
        rows: list[tuple[Any, ...]] = self._connection.execute(sql).fetchall()
        return rows


def _column(name: str, kind: str) -> Column:
    if kind.endswith("]"):  # a list
        return Column(name, kind, unread=NO_NUMBER)
    if kind.startswith(PLAIN):
        return Column(name, kind)
    if kind.startswith(AS_TEXT):
        return Column(name, kind, as_text=True, zoned=kind == "TIMESTAMP WITH TIME ZONE")
    return Column(name, kind, unread=NO_NUMBER)


class DuckDB:
    """The engine."""

    errors: Final = (duckdb.Error,)

    @contextmanager
    def connect(self, address: Address, seconds: int) -> Iterator[_Connection]:
        """Open the file, or an empty database in memory with the files as a view; other files stay closed to it."""
        ending = ending_of(address.path)
        if not ending and not Path(address.path).is_file():
            remedy = f"Name a DuckDB file, or files that end in {', '.join(FILES)}."
            raise DataError(f"There is no database file {address.path or 'in the address'}.", remedy)
        connection = duckdb.connect() if ending else duckdb.connect(address.path, read_only=True)
        timer = Timer(seconds, connection.interrupt)
        timer.daemon = True
        try:
            if ending:
                make_view(connection, address, ending)
            for setting in SETTINGS:
                connection.execute(setting)
            timer.start()
            yield _Connection(connection)
        finally:
            timer.cancel()
            connection.close()


ENGINE: Final = DuckDB()
