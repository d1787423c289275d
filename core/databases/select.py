"""One table or one SELECT → the statement that a database runs. Names are quoted as the dialect does."""

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Final

import sqlalchemy as sa
import sqlglot
from sqlalchemy.sql.elements import quoted_name
from sqlglot import TokenType, exp
from sqlglot.errors import SqlglotError

from core.errors import DataError

ONE_SELECT: Final = "Write one SELECT. Nothing else is run: the database is only read."
CHANGES: Final = (exp.DML, exp.DDL, exp.Into, exp.Command, exp.Lock, exp.Copy, exp.Set, exp.Pragma)
NO_STATEMENT: Final = (type(None), exp.Semicolon)  # nothing, or a comment alone, after a semicolon
PARSERS: Final = {"postgresql": "postgres", "mssql": "tsql", "mariadb": "mysql"}  # SQLAlchemy's name → sqlglot's
MOST: Final = 100_000  # characters of a query
logging.getLogger("sqlglot").setLevel(logging.CRITICAL)  # it would show the query; what is wrong is raised


@dataclass(frozen=True, order=True)
class TableName:
    """A table or view in a schema, which is empty where the database has none."""

    schema: str
    name: str

    def __str__(self) -> str:
        return f"{self.schema}.{self.name}" if self.schema else self.name


@dataclass(frozen=True)
class Wanted:
    """What is read: a table, or a query."""

    table: TableName | None = None
    query: str = ""

    @property
    def name(self) -> str:
        """What it is called in messages and on pages."""
        return self.table.name if self.table else "query"


def checked_query(query: str, scheme: str) -> str:
    """A query of one SELECT, without the semicolon at its end and what is said after it.

    Raises
    ------
    DataError
        It is something else, or cannot be parsed.
    """
    if len(query) > MOST:
        raise DataError(f"The query has {len(query):,} characters.", f"Shorten it to at most {MOST:,}.")
    query = query.lstrip("; \t\r\n")
    dialect = PARSERS.get(scheme, scheme)
    if dialect not in sqlglot.Dialect.classes:
        dialect = ""
    try:
        statements = [one for one in sqlglot.parse(query, dialect=dialect) if not isinstance(one, NO_STATEMENT)]
        ends = [token.start for token in sqlglot.tokenize(query, dialect) if token.token_type is TokenType.SEMICOLON]
    except (SqlglotError, RecursionError) as error:
        raise DataError(f"The query cannot be understood{_where(error)}.", ONE_SELECT) from None
    if len(statements) != 1:
        raise DataError(f"There are {len(statements)} statements, not one.", ONE_SELECT)
    statement = statements[0]
    if not isinstance(statement, exp.Query):
        raise DataError(f"This is no SELECT but {statement.key.upper()}.", ONE_SELECT)
    if other := next(_changing(statement), None):
        raise DataError(f"The SELECT has {other.key.upper()} in it.", ONE_SELECT)
    return query[: ends[0] if ends else None].strip()


def tables_of_query(query: str, scheme: str) -> list[str]:
    """The tables that a query names, as `name` or `schema.name`; none where it cannot be parsed."""
    dialect = PARSERS.get(scheme, scheme)
    try:
        parsed = sqlglot.parse_one(query, dialect=dialect if dialect in sqlglot.Dialect.classes else "")
    except (SqlglotError, RecursionError):
        return []
    return [f"{one.db}.{one.name}" if one.db else one.name for one in parsed.find_all(exp.Table)]


def refuse_twins(names: Sequence[str], *, folds: bool = False) -> None:
    """Refuse columns of one name; `folds` where case does not tell names apart.

    Raises
    ------
    DataError
        Two have the same.
    """
    known = [name.casefold() if folds else name for name in names]
    if twice := sorted(name for name, key in zip(names, known, strict=True) if known.count(key) > 1):
        raise DataError(f"Two columns have the name “{twice[0]}”.", "Give one of them another name by AS.")


def in_backticks(query: str) -> str:
    """A query of SQLite with names in backticks: one in double quotes that is no column's would be a text there."""
    for token in reversed(sqlglot.tokenize(query, "sqlite")):
        quoted = query[token.start : token.end + 1]
        if token.token_type is TokenType.IDENTIFIER and quoted.startswith('"'):
            name = quoted[1:-1].replace('""', '"').replace("`", "``")
            query = f"{query[: token.start]}`{name}`{query[token.end + 1 :]}"
    return query


def _changing(statement: exp.Query) -> Iterator[exp.Expr]:
    """Parts of a statement that change or lock something."""
    return (part for part in statement.find_all(*CHANGES) if not isinstance(part, exp.Query))


def _where(error: Exception) -> str:
    first = (getattr(error, "errors", None) or [{}])[0]
    return f" at line {first['line']}" if first.get("line") else ""


def table_named(text: str, tables: Iterable[TableName]) -> TableName:
    """The table that a text names, as `name` or `schema.name`, among those that there are.

    Only a table of the list is ever put into a statement, so that a name cannot be anything else.

    Raises
    ------
    DataError
        There is none of this name, or several.
    """
    tables = sorted(set(tables))
    for found in (
        [one for one in tables if text == str(one)],
        [one for one in tables if text == one.name],
        [one for one in tables if text.casefold() in (str(one).casefold(), one.name.casefold())],
    ):
        if len(found) == 1:
            return found[0]
        if found:
            raise DataError(
                f"There are {len(found)} tables “{text}”.", f"Name one: {', '.join(map(str, found[:10]))}.",
                choices=[str(one) for one in found],
            )  # fmt: skip
    names = {name.casefold(): str(one) for one in tables for name in (one.name, str(one))}
    near = list(dict.fromkeys(names[name] for name in get_close_matches(text.casefold(), names, 3)))
    known = near or [str(one) for one in tables[:10]]
    remedy = f"There are: {', '.join(known)}." if known else "The role may read no table: ask for the right to."
    raise DataError(f"There is no table “{text}” that may be read.", remedy, choices=known)


def statement(wanted: Wanted, columns: Iterable[tuple[str, bool]], dialect: sa.Dialect, limit: int = 0) -> str:
    """The SELECT of some columns; those with True as text. `limit` is the most rows, 0 for all."""
    chosen: list[Any] = [_column(name, as_text=as_text) for name, as_text in columns]
    select = sa.select(*chosen or [sa.text("*")]).select_from(_source(wanted))
    if limit:
        select = select.limit(limit)
    return str(select.compile(dialect=dialect, compile_kwargs={"literal_binds": True}))


def _column(name: str, *, as_text: bool) -> sa.ColumnElement[Any]:
    quoted = quoted_name(name, quote=True)
    column: sa.ColumnClause[Any] = sa.column(quoted)
    return sa.cast(column, sa.Text).label(quoted) if as_text else column


def _source(wanted: Wanted) -> Any:
    if wanted.table:
        schema = quoted_name(wanted.table.schema, quote=True) if wanted.table.schema else None
        return sa.table(quoted_name(wanted.table.name, quote=True), schema=schema)
    plain = wanted.query.replace(":", r"\:")  # a colon would be taken for a parameter
    return sa.text(f"(\n{plain}\n) AS q")  # the line's end ends a comment
