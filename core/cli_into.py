"""The table of a database that a command writes to, beside or in place of its files."""

import argparse
from collections.abc import Callable, Collection, Mapping
from contextlib import AbstractContextManager, nullcontext
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, get_args

import pyarrow as pa

from core.customer_table import empty
from core.databases.address import PASSWORD, address_of
from core.databases.request import Request, Way
from core.errors import DataError
from core.files import write_all
from core.terminal import record

if TYPE_CHECKING:  # with SQLAlchemy, which takes a while to load
    from core.databases.target import Target

Tables = Mapping[str, Mapping[str, tuple[str, pa.DataType]]]


def add_target(parser: argparse.ArgumentParser, rows: str) -> None:
    """The options that name a table, which gets a row per `rows`."""
    into = parser.add_argument_group(f"a table of a database that gets a row per {rows}")
    into.add_argument(
        "--to", default="", metavar="ADDRESS",
        help="such as postgresql://writer@host/bank, sqlite:///bank.db, duckdb:///bank.duckdb, or $NAME of an "
        f"environment variable that has it. A password is better kept in {PASSWORD} or ~/.pgpass",
    )  # fmt: skip
    into.add_argument(
        "--into",
        default="",
        metavar="TABLE",
        help="table to write, as name or schema.name; with --engine spark and without --to in Spark's catalogue",
    )
    into.add_argument(
        "--write", default="", choices=[way for way in get_args(Way) if way],
        help="append: keep the rows of other runs; replace: drop the table even if it has other columns "
        "(default: replace the rows of a table with the same columns). All in one transaction",
    )  # fmt: skip
    into.add_argument(
        "--run-id", default="", metavar="TEXT", help="text that its rows are known by (default: the as-of date)"
    )


def targets_of(options: argparse.Namespace, tables: Tables) -> "dict[str, Target]":
    """The tables that a command writes to, by option, each checked; `tables` has the columns of each option's table.

    Raises
    ------
    DataError
        The command writes nothing, an option lacks another, or a table cannot be written.
    """
    named = {option: name for option in tables if (name := getattr(options, option))}
    if not options.to:
        for option in (*named, "write", "run_id"):
            if getattr(options, option):
                raise DataError(f"--{option.replace('_', '-')} is of a table.", "Give its database by --to.")
        if not options.out:
            raise DataError("There is nowhere to write to.", "Give --out, or a table by --to and --into.")
        return {}
    if not named:
        raise DataError("There is no table to write to.", "Give its name by --into.")
    from core.databases.target import Target, refuse_twice
    from core.databases.write import check

    address = address_of(options.to)
    requests = [one for one in options.sources if isinstance(one, Request)]
    targets = {option: Target(address, name, options.write, options.run_id) for option, name in named.items()}
    refuse_twice(targets.values())
    for option, target in targets.items():
        check(target, empty(tables[option]), requests)
    return targets


def written_into(
    targets: "Mapping[str, Target]", rows: Mapping[str, Callable[[], pa.Table]], as_of: date
) -> AbstractContextManager[None]:
    """Put rows into tables, as far as they are asked for; what the block does must be done, too, or nothing changes."""
    if not targets:
        return nullcontext()
    from core.databases.write import written

    tables = [(target, rows[option]()) for option, target in targets.items()]
    for target, table in tables:
        record(f"Writing {len(table):,} rows into {target}")
    return written(tables, as_of)


def write_with(
    tables: AbstractContextManager[None],
    folder: Path | None,
    files: Mapping[str, bytes],
    instead_of: Collection[str] = (),
) -> None:
    """Write files and tables (`written_into`): files take their places once the tables are committed."""
    if folder:
        write_all(folder, files, instead_of=instead_of, with_them=tables)
    else:
        with tables:
            pass


def said_of(options: argparse.Namespace, targets: "Mapping[str, Target]", more: str = "") -> str:
    """Where the results are, as the last lines of a summary."""
    files = [f"Written to {options.out}{more}"] if options.out else []
    return "\n".join([*files, *(f"Written into {target}" for target in targets.values())])
