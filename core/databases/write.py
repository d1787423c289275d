"""A table of ours → a table of a database, in one transaction: others see the old rows or the new ones, never half.

Rows go into a table that has the same columns, so that its grants, views and indexes stay; only a table with other
columns is dropped and made anew, and only where that is asked for.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import replace
from datetime import date
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, Protocol

import pyarrow as pa
import sqlalchemy as sa
from sqlalchemy.sql.elements import quoted_name

from core.databases.address import Address
from core.databases.engine import ENGINES, connected, reason, remedy_for, worded
from core.databases.request import Request
from core.databases.select import TableName
from core.databases.target import Target, refuse_read
from core.errors import DataError
from core.trail import EXPORTED, note

SECONDS: Final = 60  # that looking into a file may take
AS_OF: Final = "as_of"
RUN: Final = "run_id"
RUN_FORM: Final = re.compile(r"[\w.:+-]{1,100}")
WRITERS: Final = {name: f"{module.rpartition('.')[0]}.write_{module.rpartition('.')[2]}"
                  for name, module in ENGINES.items()}  # fmt: skip
KINDS: Final[tuple[tuple[pa.DataType, Any, set[str]], ...]] = (  # a type → that of SQL, and the databases' names of it
    (pa.large_string(), sa.Text, {"text", "varchar", "character varying"}),
    (pa.int64(), sa.BigInteger, {"bigint"}),
    (pa.float64(), sa.Double, {"double", "double precision"}),
    (pa.bool_(), sa.Boolean, {"boolean"}),
    (pa.date32(), sa.Date, {"date"}),
)
REMEDIES: Final = (  # as those of `engine`, for writing
    ("permission denied|not authorized|access denied|must be owner|readonly|read-only",
     "Ask for the right to create the table, or to SELECT, INSERT and DELETE in it."),
    ("depend", "Views or others need the table as it is: write to another one, or drop them first."),
    ("lock timeout|database is locked", "Somebody else works on it: try again later."),
    ("statement timeout|interrupt", "Give the role more time for a statement, or try again later."),
    ("constraint", "The table takes no such rows: drop that constraint, or write to another one."),
    ("disk|space|full", "Make room there."),
)  # fmt: skip


class Writer(Protocol):
    """An open connection in one transaction that writes."""

    @property
    def dialect(self) -> sa.Dialect:
        """How names are quoted and how long they may be."""

    @property
    def default_schema(self) -> str:
        """The schema of a name without one; empty where the database has none."""

    @property
    def rolls_back_tables(self) -> bool:
        """Whether creating and dropping a table is undone with its transaction."""

    def schemas(self) -> list[str]:
        """The schemas that there are."""

    def names(self, schema: str) -> list[str]:
        """The tables and views of a schema."""

    def views(self) -> dict[str, str]:
        """The SELECT of each view, as far as it can be known."""

    def columns(self, table: TableName) -> dict[str, str] | None:
        """The type of each column of a table, empty where it cannot be told; None without such a table.

        Raises
        ------
        DataError
            There is something of this name that is no table.
        """

    def lock(self, table: TableName) -> None:
        """Let nobody else write to it until the transaction ends."""

    def grants(self, table: TableName) -> list[str]:
        """The statements that give others what they may do with it, if it is made anew.

        Raises
        ------
        DataError
            It has more, which no statement here gives back.
        """

    def run(self, statement: Any) -> None:
        """Run a statement of SQLAlchemy, or a text."""

    def insert(self, table: sa.Table, rows: pa.Table) -> None:
        """Add rows, their columns by name."""


class Writing(Protocol):
    """A kind of database that can be written to. `errors` are the exceptions of its driver."""

    @property
    def errors(self) -> tuple[type[Exception], ...]:
        """The exceptions that its driver raises."""

    def connect(self, address: Address) -> AbstractContextManager[Writer]:
        """Open a connection: its transaction is committed at the end of the block, and undone by an exception."""


def check(target: Target, rows: pa.Table, requests: Sequence[Request] = ()) -> None:
    """Refuse, before much work is done, a table that cannot be written; nothing is changed.

    `rows` has the columns that will be written; `requests` are what is read.

    Raises
    ------
    DataError
        It is read from, is no table, has other columns, or the role may not write to it.
    """
    for request in requests:
        refuse_read(target, request)
    if target.run and not RUN_FORM.fullmatch(target.run):
        raise DataError("The run id cannot be used.", "Use letters, digits and . : + - _, at most 100.")
    if not target.table.isprintable() or not target.table.strip():
        raise DataError("The name of the table cannot be used.", "Choose a name of printed characters.")
    with TemporaryDirectory() as folder, suppress(_Rehearsed):
        address = target.address
        if _is_new_file(address):
            if not Path(address.path).absolute().parent.is_dir():
                raise DataError(f"There is no folder of {address}.", "Make it first.")
            elsewhere = str(Path(folder) / Path(address.path).name)
            address = replace(address, url=address.url.set(database=elsewhere), name=address.shown)
        with _connected(address) as writer:
            views = writer.views() if requests else {}
            for request in requests:
                refuse_read(target, request, views)
            _put(writer, target, stamped(rows.slice(0, 0), date.min, ""), rehearsal=True)
            raise _Rehearsed


@contextmanager
def written(tables: Sequence[tuple[Target, pa.Table]], as_of: date) -> Iterator[None]:
    """Put rows into tables of one address; what the block does must be done, too, or nothing is changed.

    The columns `as_of` and `run_id` are added; the run id is the as-of date where none was given.

    Raises
    ------
    DataError
        They cannot be written; all tables are as they were.
    """
    address = tables[0][0].address
    new = _is_new_file(address)
    try:
        with _connected(address) as writer:
            for target, rows in tables:
                run = target.run or as_of.isoformat()
                _put(writer, replace(target, run=run), stamped(rows, as_of, run))
                note(EXPORTED, table=str(target), run=run, columns=rows.column_names, rows=len(rows))
            yield
    except BaseException:
        if new:
            _remove_if_empty(address)
        raise


def stamped(rows: pa.Table, as_of: date, run: str) -> pa.Table:
    """The rows with the columns that say of when and by which run they are."""
    dates = pa.array([as_of], pa.date32()).take(pa.array([0] * len(rows), pa.int8()))
    runs = pa.array([run], pa.large_string()).take(pa.array([0] * len(rows), pa.int8()))
    return rows.append_column(AS_OF, dates).append_column(RUN, runs)


class _Rehearsed(Exception):  # noqa: N818 – nothing is wrong
    """A transaction that is to be undone."""


def _put(writer: Writer, target: Target, rows: pa.Table, *, rehearsal: bool = False) -> None:
    name = _placed(writer, target)
    table = _table(name, rows.schema)
    there = writer.columns(name)
    if there is not None and _same(there, rows.schema):
        writer.lock(name)
        delete = sa.delete(table)
        if target.way == "append":
            delete = delete.where(table.c[RUN] == target.run)
        writer.run(delete.where(sa.literal_column("1") == sa.literal_column("0")) if rehearsal else delete)
    else:
        if there is not None:
            _refuse_other_columns(writer, target, there, rows.schema)
        if rehearsal and not writer.rolls_back_tables:
            return
        grants = writer.grants(name) if there is not None else []
        if there is not None:
            writer.run(sa.schema.DropTable(table))
        writer.run(sa.schema.CreateTable(table))
        for grant in grants:
            writer.run(grant)
    writer.insert(table, rows)


def _placed(writer: Writer, target: Target) -> TableName:
    """The table that a text names: in the schema before its first dot, if there is one of this name."""
    schema, dot, name = target.table.partition(".")
    placed = _existing(writer, TableName(writer.default_schema, target.table))
    if dot and name and (schemas := writer.schemas()):
        if schema in schemas:
            placed = _existing(writer, TableName(schema, name))
        elif writer.columns(placed) is None:
            raise DataError(f"There is no schema “{schema}”.", "Create it first, or leave it out.", choices=schemas)
    longest = writer.dialect.max_identifier_length
    if len(placed.name.encode()) > longest:
        raise DataError("The name of the table is too long.", f"Choose one of at most {longest} bytes.")
    return placed


def _existing(writer: Writer, wanted: TableName) -> TableName:
    """The table of this name whatever its case, as reading finds it; the name as it is where there is none."""
    names = writer.names(wanted.schema)
    found = [name for name in names if name.casefold() == wanted.name.casefold()]
    if wanted.name in found or not found:
        return wanted
    if len(found) > 1:
        remedy = f"Name one: {', '.join(sorted(found))}."
        raise DataError(f"There are {len(found)} tables “{wanted.name}”.", remedy, choices=found)
    return replace(wanted, name=found[0])


def _table(name: TableName, schema: pa.Schema) -> sa.Table:
    columns = [sa.Column(field.name, _kind(field.type)[1]()) for field in schema]
    where = quoted_name(name.schema, quote=True) if name.schema else None
    return sa.Table(quoted_name(name.name, quote=True), sa.MetaData(), *columns, schema=where)


def _kind(wanted: pa.DataType) -> tuple[pa.DataType, Any, set[str]]:
    return next(kind for kind in KINDS if kind[0] == wanted)


def _same(there: dict[str, str], schema: pa.Schema) -> bool:
    found = {name.casefold(): kind.casefold() for name, kind in there.items()}
    return found.keys() == set(schema.names) and all(
        found[field.name] in {"", *_kind(field.type)[2]} for field in schema
    )


def _refuse_other_columns(writer: Writer, target: Target, there: dict[str, str], schema: pa.Schema) -> None:
    if target.way == "replace" and writer.rolls_back_tables:
        return
    lacking = [name for name in schema.names if name not in {one.casefold() for one in there}]
    more = [name for name in there if name.casefold() not in schema.names]
    parts = (f"lacks {', '.join(lacking)}" if lacking else "", f"has {', '.join(more[:10])}" if more else "")
    differ = " and ".join(filter(None, parts)) or "has other types"
    remedy = "Choose another table, or drop this one with --write replace."
    if not writer.rolls_back_tables:
        remedy = "Choose another table, or drop this one: its database cannot do that in one transaction."
    raise DataError(f"The table {target.table} is of other columns: it {differ}.", remedy, file=target.address.shown)


def _is_new_file(address: Address) -> bool:
    """Whether the database is a file that is still to be made."""
    if address.scheme not in ("sqlite", "duckdb"):
        return False
    if address.path in ("", ":memory:"):
        raise DataError("A database in memory keeps nothing.", f"Name a file, as in {address.scheme}:///file.db.")
    return not Path(address.path).exists()


def _remove_if_empty(address: Address) -> None:
    """Remove a file that was made for nothing; another process may have put a table into it meanwhile."""
    with suppress(DataError):
        with connected(address, SECONDS) as connection:
            tables = connection.tables()
        for ending in ("", ".wal", "-journal") if not tables else ():
            Path(address.path + ending).unlink(missing_ok=True)


@contextmanager
def _connected(address: Address) -> Iterator[Writer]:
    engine: Writing = import_module(WRITERS.get(address.scheme, WRITERS[""])).WRITING
    try:
        with engine.connect(address) as writer:
            yield writer
    except (*engine.errors, pa.ArrowException, OSError) as error:
        said = reason(error, address)
        if remedy := remedy_for(said, REMEDIES):
            raise DataError(f"The database says: {said}.", remedy, file=address.shown) from None
        raise worded(error, address) from None  # its traceback may have the address
