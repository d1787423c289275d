"""Parquet and CSV files, and their globs, as one view of DuckDB; files that it would not read whole are refused."""

import re
from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Any, Final

import duckdb

from core.databases.address import STORES, WILD, Address
from core.errors import DataError

PARQUET: Final = "read_parquet({files}, union_by_name = true)"
AS_TEXT: Final = "all_varchar = true, comment = ''"  # a # begins no comment
CSV: Final = f"read_csv({{files}}, union_by_name = true, {AS_TEXT})"
UNDERSTOOD: Final = f"SELECT SkipRows, Columns FROM sniff_csv(?, {AS_TEXT})"
DELIMITERS: Final = re.compile(r"[,;\t|]")
IN_QUOTES: Final = re.compile('"[^"]*"')
LINES: Final = (  # the first lines of a file as they are
    "SELECT line FROM read_csv(?, auto_detect = false, header = false, columns = {'line': 'VARCHAR'}, delim = '\x01', "
    "quote = '', escape = '', null_padding = true, ignore_errors = true) LIMIT 100"
)
FILES: Final = {".parquet": PARQUET, ".csv": CSV, ".csv.gz": CSV}  # a cell of text keeps every character
SMALL: Final = ("TINYINT", "SMALLINT", "UTINYINT", "USMALLINT")
KEPT: Final = {  # type of a whole column → types of single files whose digits stay in it: a FLOAT 0.1 gets others
    "FLOAT": {"FLOAT", *SMALL},
    "DOUBLE": {"DOUBLE", "INTEGER", "UINTEGER", *SMALL},
}
SCALE: Final = re.compile(r"DECIMAL\(\d+,(\d+)\)")


def ending_of(path: str) -> str:
    """The ending that says how files are read; empty for a database file."""
    return next((ending for ending in FILES if path.lower().endswith(ending)), "")


def make_view(connection: duckdb.DuckDBPyConnection, address: Address, ending: str) -> None:
    """Let a database in memory read the files of a glob, and nothing else, as a view.

    Raises
    ------
    DataError
        There is no file, or they would not be read whole.
    """
    if address.path.partition("://")[0] in STORES:
        connection.execute("LOAD httpfs")
    files = [name for (name,) in connection.execute("SELECT file FROM glob(?)", [address.path]).fetchall()]
    if not files:
        raise DataError(f"There is no file {address.path}.", "Check the path.")
    connection.execute("SET allowed_paths = $files", {"files": files})
    refuse = _refuse_other_digits if FILES[ending] == PARQUET else _refuse_lost_lines
    refuse(connection, files)
    name = _view_name(address.path, ending).replace('"', '""')
    connection.execute(f'CREATE VIEW "{name}" AS SELECT * FROM {_source(FILES[ending], files)}')


def _refuse_other_digits(connection: duckdb.DuckDBPyConnection, files: Sequence[str]) -> None:
    """Refuse Parquet files that have a column in two types whose common one does not keep the digits of both."""
    if len(files) < 2:
        return
    kinds = {file: _kinds(connection, [file]) for file in files}
    for name, whole in _kinds(connection, files).items():
        found = {kind[name]: file for file, kind in reversed(kinds.items()) if name in kind}
        if lost := next((kind for kind in found if not _keeps(whole, kind)), ""):
            other = next((kind for kind in found if kind != lost), lost)
            raise DataError(
                f"The column {name} is {lost} in {found[lost]} and {other} in {found[other]}: digits would change.",
                "Write it with one type into all files, or read them one by one.",
            )


def _refuse_lost_lines(connection: duckdb.DuckDBPyConnection, files: Sequence[str]) -> None:
    """Refuse CSV files whose first lines or columns DuckDB would not tell apart."""
    for file in files:
        skipped, columns = connection.execute(UNDERSTOOD, [file]).fetchall()[0]
        what = f"leaves out the first {skipped} lines of" if skipped else ""
        if len(columns) == 1 and DELIMITERS.search(f"{columns[0]['name']}{_first_lines(connection, file)}"):
            what = "finds only one column in"
        if what:
            raise DataError(f"DuckDB {what} {file}.", "Correct it, or name the file without --from: it is then read.")


def _first_lines(connection: duckdb.DuckDBPyConnection, file: str) -> str:
    """The first lines of a file, without what is in quotes."""
    return IN_QUOTES.sub("", "\n".join(line or "" for (line,) in connection.execute(LINES, [file]).fetchall()))


def _kinds(connection: duckdb.DuckDBPyConnection, files: Sequence[str]) -> dict[str, str]:
    """The type of each column, by its name in small letters: case does not matter."""
    rows: list[tuple[Any, ...]] = connection.execute(f"DESCRIBE SELECT * FROM {_source(PARQUET, files)}").fetchall()
    return {str(name).casefold(): str(kind) for name, kind, *_ in rows}


def _keeps(whole: str, kind: str) -> bool:
    """Whether a number of one type has the same digits in the type of the whole column."""
    if whole in KEPT:
        return kind in KEPT[whole]
    scale, its = SCALE.fullmatch(whole), SCALE.fullmatch(kind)
    return not (scale and its) or int(its[1]) <= int(scale[1])


def _source(reader: str, files: Sequence[str]) -> str:
    return reader.format(files="[" + ", ".join(map(_quoted, files)) + "]")


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _view_name(path: str, ending: str) -> str:
    """The name of the file; that of the first folder above without a wild card, for a glob."""
    whole = PurePosixPath(path[: -len(ending)] if not any(mark in path for mark in WILD) else path)
    plain = [part for part in reversed(whole.parts) if not any(mark in part for mark in WILD)]
    return next((part for part in plain if part.strip("/:")), "files")
