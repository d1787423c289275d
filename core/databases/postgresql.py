"""PostgreSQL, by ADBC: rows come as Arrow from a COPY, in a transaction that only reads."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final
from urllib.parse import quote, urlencode

import adbc_driver_manager
import pyarrow as pa
from sqlalchemy import URL, Dialect
from sqlalchemy.dialects import postgresql

from core.databases.address import Address
from core.databases.engine import NO_NUMBER, NO_RIGHT, Column, no_driver
from core.databases.select import TableName, Wanted, statement

DIALECT: Final[Dialect] = postgresql.dialect(paramstyle="named")  # type: ignore[no-untyped-call]
CONNECT_SECONDS: Final = 15
PLAIN: Final = {"int2", "int4", "int8", "float4", "float8", "text", "varchar", "bpchar", "name", "bool"}
AS_TEXT: Final = {  # the driver gives some of these as another number: money as cents, an endless date as a day
    "numeric", "money", "date", "timestamp", "timestamptz", "time", "timetz", "interval", "uuid", "inet", "cidr",
    "macaddr", "oid", "citext",
}  # fmt: skip
UNREAD: Final = {  # values of many parts, or of bytes
    "json", "jsonb", "bytea", "xml", "point", "line", "lseg", "box", "path", "polygon", "circle", "bit", "varbit",
    "tsvector", "tsquery", "hstore", "geometry", "geography", "pg_lsn", "record",
}  # fmt: skip
SETTINGS: Final = (  # one snapshot; the same order and texts each time; nothing is changed
    "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY",
    "SET LOCAL statement_timeout = {milliseconds}",
    "SET LOCAL synchronize_seqscans = off",
    "SET LOCAL max_parallel_workers_per_gather = 0",
    "SET LOCAL DateStyle = ISO",
    "SET LOCAL IntervalStyle = postgres",
    "SET LOCAL TimeZone = 'UTC'",  # whatever the machine's
    "SET LOCAL lc_monetary = 'C'",
)
TABLES: Final = """
SELECT n.nspname::text, c.relname::text FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'v', 'm', 'f', 'p') AND n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\\_%'
AND pg_catalog.has_schema_privilege(n.oid, 'USAGE') AND pg_catalog.has_any_column_privilege(c.oid, 'SELECT')
ORDER BY 1, 2
"""
RIGHTS: Final = """
SELECT a.attname::text, pg_catalog.format_type(a.atttypid, NULL),
  pg_catalog.has_column_privilege(c.oid, a.attnum, 'SELECT')
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE n.nspname = $1 AND c.relname = $2 ORDER BY a.attnum
"""
MAY_CHANGE: Final = """
SELECT r.rolsuper OR EXISTS (
  SELECT FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p') AND n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\\_%'
  AND pg_catalog.has_table_privilege(c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE'))
FROM pg_catalog.pg_roles r WHERE r.rolname = current_user
"""
ADVICE: Final = "This role may change tables. Nothing is changed here, but give it the right to SELECT only."


class _Connection:
    def __init__(self, cursor: Any) -> None:
        self._cursor = cursor

    def tables(self) -> list[TableName]:
        return [TableName(*row) for row in self._rows(TABLES)]

    def columns(self, wanted: Wanted) -> list[Column]:
        rights = self._rows(RIGHTS, wanted.table.schema, wanted.table.name) if wanted.table else []
        asked = [(name, False) for name, _, may in rights if may]
        found = [_column(field) for field in self._cursor.adbc_execute_schema(statement(wanted, asked, DIALECT))]
        return found + [Column(name, kind, unread=NO_RIGHT) for name, kind, may in rights if not may]

    def chunks(self, wanted: Wanted, columns: Sequence[Column], limit: int = 0) -> Iterator[pa.RecordBatch]:
        asked = [(column.name, column.as_text) for column in columns]
        self._cursor.execute(statement(wanted, asked, DIALECT, limit))
        yield from self._cursor.fetch_record_batch()

    def advice(self) -> str:
        return ADVICE if self._rows(MAY_CHANGE) == [(True,)] else ""

    def _rows(self, sql: str, *values: str) -> list[tuple[Any, ...]]:
        self._cursor.execute(sql, values or None)
        rows: list[tuple[Any, ...]] = self._cursor.fetchall()
        return rows


def _column(field: pa.Field) -> Column:
    kind = (field.metadata or {}).get(b"POSTGRESQL:type", b"").decode()
    if kind in PLAIN:
        return Column(field.name, kind)
    if kind in AS_TEXT or pa.types.is_string(field.type):  # an enum comes as a string
        return Column(field.name, kind, as_text=True, zoned=kind == "timestamptz")
    return Column(field.name, kind, unread=NO_NUMBER)


class PostgreSQL:
    """The engine."""

    errors: Final = (adbc_driver_manager.Error,)

    @contextmanager
    def connect(self, address: Address, seconds: int) -> Iterator[_Connection]:
        """Open a connection whose one transaction only reads."""
        with opened(address) as connection, connection.cursor() as cursor:
            for setting in SETTINGS:
                cursor.execute(setting.format(milliseconds=seconds * 1000))
            try:
                yield _Connection(cursor)
            finally:
                if not connection._closed:
                    connection.rollback()


@contextmanager
def opened(address: Address) -> Iterator[Any]:
    """A connection of the driver, whose transactions end by `commit` or `rollback`."""
    try:
        from adbc_driver_postgresql import dbapi
    except ImportError:
        raise no_driver(address, "adbc-driver-postgresql") from None
    with dbapi.connect(_for_libpq(address.url)) as connection:
        yield connection


def _for_libpq(url: URL) -> str:
    """The address as PostgreSQL's own library reads it: every mark of a part in percent, a space too."""
    user = ":".join(quote(part, safe="") for part in (url.username, str(url.password or "")) if part)
    host = f"[{url.host}]" if ":" in (url.host or "") else quote(url.host or "", safe="")
    place = f"{host}:{url.port}" if url.port else host
    options = {"connect_timeout": str(CONNECT_SECONDS), **url.query}
    asked = urlencode(options, doseq=True, quote_via=quote)
    return f"postgresql://{user}{'@' if user else ''}{place}/{quote(url.database or '', safe='')}?{asked}"


ENGINE: Final = PostgreSQL()
