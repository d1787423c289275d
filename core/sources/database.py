"""Tables and queries of databases as sources: their rows are read at once, and kept packed from then on."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from core.databases.request import Request
from core.errors import DataError
from core.sources.kinds import Argument, SourceKind, register
from core.sources.source import Source

DATABASE: Final = "database"
ADDRESS: Final = re.compile(
    r"(postgres(ql)?|sqlite|duckdb|mysql|mariadb|oracle|mssql|snowflake|db2|redshift)(\+\w+)?://"
)


def opened_tables(argument: Argument) -> Iterator[Source]:
    """The rows of a table or query; an address alone does not say which."""
    from core.databases.fetch import fetch  # with SQLAlchemy, which nobody else needs

    if not isinstance(argument, Request):
        raise DataError("The address of a database stands alone.", "Write --from ADDRESS --table NAME.")
    yield fetch(argument)


def files_of(argument: Argument) -> Sequence[Path]:
    """The local files that an address names, and its glob, of which no result may be either."""
    if not isinstance(argument, Request):
        return ()
    address = argument.address
    return (*address.files, *((Path(address.path),) if address.is_glob else ()))


register(
    SourceKind(
        DATABASE,
        label="Database",
        plural="tables of a database",
        argument="--from ADDRESS --table NAME",
        help="PostgreSQL, SQLite, DuckDB and its files, or what SQLAlchemy has a driver for",
        recognises=lambda argument: isinstance(argument, Request) or bool(ADDRESS.match(argument)),
        open=opened_tables,
        paths=files_of,
    )
)
