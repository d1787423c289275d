"""Where a command reads customers from: files and folders, or a table or query of a database."""

import argparse
from collections.abc import Sequence

from core.databases.address import PASSWORD, address_of
from core.databases.request import Request
from core.errors import DataError
from core.sources.kinds import FILES, KINDS, Argument

SPARK = "spark"
MORE = "; several are joined on the customer id"


def add_sources(parser: argparse.ArgumentParser, more: str = MORE) -> None:
    """The sources of customers: arguments that name files, and options that name a table."""
    files = KINDS[FILES]
    parser.add_argument("sources", nargs="*", metavar=files.argument, help=files.help + more)
    database = parser.add_argument_group("a database instead of files")
    database.add_argument(
        "--from", dest="address", metavar="ADDRESS", default="",
        help="such as postgresql://reader@host/bank, sqlite:///bank.db, duckdb:///bank.duckdb, "
        "duckdb:///folder/*.parquet, or $NAME of an environment variable that has it. A password is better kept in "
        f"{PASSWORD} or ~/.pgpass",
    )  # fmt: skip
    database.add_argument(
        "--table",
        action="append",
        default=[],
        help="table or view; may be repeated, to be joined. "
        "With --engine spark and without --from one that Spark's catalogue has, such as db.customers",
    )
    database.add_argument("--query", default="", help="one SELECT, in place of a table or joined with it")
    database.add_argument(
        "--read-columns",
        default="",
        metavar="NAMES",
        help="columns to read, such as id,age,balance (default: all)",
    )


def arguments_of(options: argparse.Namespace) -> list[Argument]:
    """The sources that a command asks for.

    Raises
    ------
    DataError
        There is none, or a table or query without an address.
    """
    if in_catalogue(options):  # the session of Spark knows the tables
        return [*options.sources]
    found: list[Argument] = [*options.sources, *requests_of(options, options.table, options.query)]
    if not found:
        raise DataError("There is nothing to read.", "Name files, or a database by --from and --table or --query.")
    return found


def in_catalogue(options: argparse.Namespace) -> bool:
    """Whether tables are those that the session of Spark knows."""
    on_spark = getattr(options, "engine", "") == SPARK and options.table
    return bool(on_spark) and not (options.address or options.query or options.read_columns)


def requests_of(options: argparse.Namespace, tables: Sequence[str], query: str) -> list[Request]:
    """What is asked of the database of a command: each table, and the query."""
    asked = [*({"table": table} for table in tables), *([{"query": query}] if query else [])]
    if not options.address:
        if asked or options.read_columns:
            raise DataError("There is no database.", "Give its address by --from.")
        return []
    if not asked:
        raise DataError("A database needs a table or a query.", "Give --table or --query.")
    address = address_of(options.address)
    columns = tuple(filter(None, (name.strip() for name in options.read_columns.split(","))))
    return [Request(address, columns=columns, **one) for one in asked]
