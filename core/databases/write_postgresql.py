"""Rows into PostgreSQL, by a binary COPY of ADBC in the same transaction as all else."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final

import adbc_driver_manager
import pyarrow as pa
import sqlalchemy as sa

from core.databases.address import Address
from core.databases.postgresql import DIALECT, opened
from core.databases.select import TableName
from core.errors import DataError

LOCK_WAIT: Final = "SET LOCAL lock_timeout = '60s'"
TABLES: Final = ("r", "p")  # kinds of relations that are tables
COLUMNS: Final = """
SELECT c.relkind::text, a.attname::text, pg_catalog.format_type(a.atttypid, NULL)
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE n.nspname = $1 AND c.relname = $2 ORDER BY a.attnum
"""
NAMES: Final = """
SELECT c.relname::text FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = $1 AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
"""
VIEWS: Final = """
SELECT n.nspname || '.' || c.relname, pg_get_viewdef(c.oid)
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('v', 'm') AND n.nspname NOT IN ('pg_catalog', 'information_schema')
"""
# Owner and grants, so that who could read the table still can; each grant is run as it is.
GRANTS: Final = """
SELECT 0, format('ALTER TABLE %I.%I OWNER TO %I', n.nspname, c.relname, pg_get_userbyid(c.relowner))
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = $1 AND c.relname = $2 AND pg_get_userbyid(c.relowner) <> current_user
UNION ALL
SELECT 1, format('GRANT %s ON %I.%I TO %s%s', x.privilege_type, n.nspname, c.relname,
  CASE x.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(x.grantee)) END,
  CASE WHEN x.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace,
LATERAL aclexplode(c.relacl) x
WHERE n.nspname = $1 AND c.relname = $2 AND x.grantee <> c.relowner
ORDER BY 1, 2
"""

# What a table that is made anew would not have, though somebody relies on it.
LOST: Final = """
SELECT v.what
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace, LATERAL (VALUES
  ('row-level security', c.relrowsecurity OR EXISTS (SELECT FROM pg_catalog.pg_policy WHERE polrelid = c.oid)),
  ('grants of columns', EXISTS (
    SELECT FROM pg_catalog.pg_attribute WHERE attrelid = c.oid AND attnum > 0 AND attacl IS NOT NULL)),
  ('triggers', EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE tgrelid = c.oid AND NOT tgisinternal)),
  ('rules', c.relhasrules),
  ('partitions', c.relkind = 'p' OR c.relispartition)) v (what, is_there)
WHERE n.nspname = $1 AND c.relname = $2 AND v.is_there
"""


class _Writer:
    dialect: Final = DIALECT
    rolls_back_tables: Final = True

    def __init__(self, cursor: Any) -> None:
        self._cursor = cursor

    @property
    def default_schema(self) -> str:
        return str(self._rows("SELECT coalesce(current_schema()::text, 'public')")[0][0])

    def schemas(self) -> list[str]:
        return [str(name) for (name,) in self._rows("SELECT nspname::text FROM pg_catalog.pg_namespace")]

    def names(self, schema: str) -> list[str]:
        return [str(name) for (name,) in self._rows(NAMES, schema)]

    def views(self) -> dict[str, str]:
        return {str(name): str(sql) for name, sql in self._rows(VIEWS)}

    def columns(self, table: TableName) -> dict[str, str] | None:
        rows = self._rows(COLUMNS, table.schema, table.name)
        if not rows:
            return None
        if rows[0][0] not in TABLES:
            raise DataError(f"{table} is no table.", "Write to a table, not to a view or an index.")
        return {str(name): str(kind) for _, name, kind in rows if name is not None}

    def lock(self, table: TableName) -> None:
        quote = DIALECT.identifier_preparer.quote_identifier
        self.run(f"LOCK TABLE {quote(table.schema)}.{quote(table.name)} IN SHARE ROW EXCLUSIVE MODE")

    def grants(self, table: TableName) -> list[str]:
        if lost := [str(what) for (what,) in self._rows(LOST, table.schema, table.name)]:
            raise DataError(
                f"The table {table} is of other columns, and has {', '.join(lost)}: a new one would not.",
                "Write to another table, or drop this one yourself.",
            )
        return [str(sql) for _, sql in self._rows(GRANTS, table.schema, table.name)]

    def run(self, statement: Any) -> None:
        self._cursor.execute(text_of(statement, DIALECT))

    def insert(self, table: sa.Table, rows: pa.Table) -> None:
        self._cursor.adbc_ingest(str(table.name), rows, mode="append", db_schema_name=str(table.schema))

    def _rows(self, sql: str, *values: str) -> list[tuple[Any, ...]]:
        self._cursor.execute(sql, values or None)
        rows: list[tuple[Any, ...]] = self._cursor.fetchall()
        return rows


def text_of(statement: Any, dialect: sa.Dialect) -> str:
    """A statement of SQLAlchemy as text, its values in it."""
    if isinstance(statement, str):
        return statement
    options = {"literal_binds": True} if isinstance(statement, sa.ClauseElement) else {}
    if isinstance(statement, sa.schema.ExecutableDDLElement):
        options = {}
    return str(statement.compile(dialect=dialect, compile_kwargs=options))


class _PostgreSQL:
    """The engine."""

    errors: Final = (adbc_driver_manager.Error,)

    @contextmanager
    def connect(self, address: Address) -> Iterator[_Writer]:
        """Open a connection whose one transaction is committed at the end."""
        with opened(address) as connection, connection.cursor() as cursor:
            cursor.execute(LOCK_WAIT)
            try:
                yield _Writer(cursor)
                connection.commit()
            except BaseException:
                with suppress(*self.errors):
                    connection.rollback()
                raise


WRITING: Final = _PostgreSQL()
