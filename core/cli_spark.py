"""Tables of the catalogue of Spark's session on the command line: which are read, and which is written."""

import argparse
from typing import TYPE_CHECKING

from core.cli_options import place
from core.cli_sources import in_catalogue
from core.errors import DataError

if TYPE_CHECKING:
    from core.spark.catalogue import CatalogueTable
    from core.spark.into import Into


def places_of(options: argparse.Namespace) -> "list[str | CatalogueTable]":
    """The files and the tables of the catalogue that are read."""
    from core.spark.catalogue import CatalogueTable

    tables = options.table if in_catalogue(options) else []
    return [*(place(one, remote=bool(options.remote)) for one in options.sources), *map(CatalogueTable, tables)]


def into_of(options: argparse.Namespace) -> "Into | None":
    """The table that is written.

    Raises
    ------
    DataError
        There is none, but an option of one.
    """
    from core.spark.into import Into

    if not options.into and (options.write or options.run_id):
        raise DataError("There is no table to write to.", "Give its name by --into.")
    return Into(options.into, options.write, options.run_id) if options.into else None


def memory_of(options: argparse.Namespace) -> float:
    """Bytes that loading may take in this program; a Connect server has files of its own."""
    from core.spark.here import MEMORY

    if options.local_memory is not None:
        return float(options.local_memory)
    return 0.0 if options.remote else MEMORY
