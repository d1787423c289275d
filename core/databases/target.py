"""A table of a database to write to, which must not be one that is read."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from core.databases.address import Address
from core.databases.request import Request, Way
from core.databases.select import tables_of_query
from core.errors import DataError


@dataclass(frozen=True)
class Target:
    """A table to write to, as it was typed: `name` or `schema.name`.

    `way` is "append" to keep the rows of other runs and to replace those of this one, "replace" to drop a table with
    other columns, or empty to replace the rows of one with the same columns. Either makes a table that is missing.
    """

    address: Address
    table: str
    way: Way = ""
    run: str = ""

    def __str__(self) -> str:
        return f"{self.table} of {self.address.shown}"


def refuse_read(target: Target, request: Request, views: Mapping[str, str] | None = None) -> None:
    """Refuse a table that is read from, also through views of its database: by name, the SELECT of each.

    Two hosts can be one server, so the host of a server decides nothing.

    Raises
    ------
    DataError
        It is read from.
    """
    if not _same_database(target.address, request.address):
        return
    if any(_same_table(target.table, one) for one in _read_by(request, views or {})):
        raise DataError(
            f"The table {target.table} is read from.",
            "Write to another one; if it is in another schema, give the schemas of both.",
            file=target.address.shown,
        )


def refuse_twice(targets: Iterable[Target]) -> None:
    """Refuse a table of one database that would be written twice: the second rows would replace the first.

    Raises
    ------
    DataError
        Two are the same.
    """
    for one, other in combinations(targets, 2):
        if _same_table(one.table, other.table):
            raise DataError(
                f"The table {other.table} would be written twice.", "Give customers and shares a table each.",
                file=other.address.shown,
            )  # fmt: skip


def _read_by(request: Request, views: Mapping[str, str]) -> set[str]:
    """The tables and views that a request reads, and those that the views read."""
    scheme, known = request.address.scheme, set[str]()
    waiting = [request.table] if request.table else tables_of_query(request.query, scheme)
    while waiting:
        if (one := waiting.pop()) not in known:
            known.add(one)
            of_views = (sql for view, sql in views.items() if _same_table(view, one))
            waiting += (table for sql in of_views for table in tables_of_query(sql, scheme))
    return known


def _same_table(one: str, other: str) -> bool:
    """Whether two texts can name one table, whatever their case; the schema of one without can be any."""
    (schema, _, name), (in_schema, _, named) = one.casefold().rpartition("."), other.casefold().rpartition(".")
    return name == named and (schema == in_schema or not schema or not in_schema)


def _same_database(one: Address, other: Address) -> bool:
    if one.scheme != other.scheme:
        return False
    if one.url.host is None and other.url.host is None and one.path:
        path, its = Path(one.path), Path(other.path)
        return path.samefile(its) if path.exists() and its.exists() else path.resolve() == its.resolve()
    return one.path == other.path or not (one.path and other.path)  # an option or the user can name it
