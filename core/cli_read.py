"""`python -m core read`: every table of some sources as CSV, beside what was rejected and decided."""

import argparse
import csv
import io
import re
from pathlib import Path

import pandas as pd

from core.cli_options import out
from core.cli_sources import add_sources
from core.errors import DataError
from core.files import check_out, json_bytes, write_all
from core.intake.read import ReadChoices, TextTable
from core.sources.kinds import input_paths, open_sources
from core.terminal import say

REJECTED, DECISIONS = "rejected_rows.csv", "decisions.json"
NO_FILE_NAME = re.compile(r'[<>:"/\\|?*\x00-\x1f]+')


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command `read` to a parser's commands."""
    parser = commands.add_parser("read", help="write each table of some sources as CSV, nothing cleaned")
    add_sources(parser, "")
    parser.add_argument("--encoding", default="", help="such as UTF-8, Windows-1252, UTF-16 (default: recognised)")
    parser.add_argument("--delimiter", default="", help="one character, or tab (default: recognised)")
    parser.add_argument("--header-row", type=int, default=0, help="line or row of the header; -1: there is none")
    parser.add_argument("--sheet", action="append", default=[], help="a sheet to use; may be repeated")
    parser.add_argument("--out", type=out, required=True, help="folder for the tables")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    """Write each table as UTF-8 comma CSV, with `rejected_rows.csv` and `decisions.json`; all of them or none.

    The cells are the text as it was read, not made harmless for spreadsheets as exports are: these
    files are for other programs, to which a quote put before `=` would be a changed value.

    Raises
    ------
    DataError
        A source cannot be used; the message says which and why.
    """
    if options.header_row < -1:
        raise DataError(f"--header-row is {options.header_row}.", "Give a line from 1, or -1 if there is no header.")
    delimiter = {"tab": "\t", "\\t": "\t"}.get(options.delimiter, options.delimiter)
    choices = ReadChoices(options.encoding, delimiter, options.header_row, tuple(options.sheet))
    inputs = input_paths(options.sources)
    check_out(options.out, [REJECTED, DECISIONS], inputs)
    readings = [source.tables(choices) for source in open_sources(options.sources)]
    tables = [table for reading in readings for table in reading.tables]
    if not tables:
        raise DataError("There are borders and no table.", "Name a file with a table.")
    names = _file_names(tables)
    check_out(options.out, names, inputs)
    rejected = [frame for reading in readings for frame in (reading.rejected, *(t.rejected for t in reading.tables))]
    decided = [
        {"table": table.name, "file": name, "rows": len(table.frame), "rejected": len(table.rejected)}
        | {"decisions": table.decisions}
        for name, table in zip(names, tables, strict=True)
    ]
    files = {name: _csv(table.frame) for name, table in zip(names, tables, strict=True)}
    write_all(
        options.out,
        files | {REJECTED: _csv(pd.concat(rejected, ignore_index=True)), DECISIONS: json_bytes(decided)},
    )
    for entry in decided:
        say(f"{options.out / entry['file']}: {entry['rows']:,} rows, {entry['rejected']:,} rejected")


def _csv(frame: pd.DataFrame) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")  # this line end makes the writer quote either line break
    writer.writerow(frame.columns)
    writer.writerows(zip(*(frame[name].astype("object") for name in frame), strict=True))
    return text.getvalue().encode()


def _file_names(tables: list[TextTable]) -> list[str]:
    """A name of its own for each table: `bank.csv`, `book – Sheet.csv`."""
    names: list[str] = []
    taken = {REJECTED, DECISIONS}
    for table in tables:
        file, _, sheet = table.name.partition(" › ")
        stem = NO_FILE_NAME.sub("_", Path(file).stem + (f" – {sheet}" if sheet else ""))
        name, copy = f"{stem}.csv", 1
        while name.lower() in taken:
            copy += 1
            name = f"{stem} ({copy}).csv"
        taken.add(name.lower())
        names.append(name)
    return names
