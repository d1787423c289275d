"""Options that several commands share, and what they stand for."""

import argparse
import os
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import get_args

from core.errors import DataError
from core.files import check_out, read_file
from core.intake.read import SourceFile
from core.intake.reading.bounds import MAX_BYTES
from core.rules import DOCUMENT, DateOrder, DecimalMark, Rules, from_toml
from core.segments.choice import FeatureChoice
from core.terminal import say_aside

PANDAS, SPARK = "pandas", "spark"


def add_files(parser: argparse.ArgumentParser) -> None:
    """The files of customers."""
    parser.add_argument(
        "files",
        nargs="+",
        type=Path,
        metavar="FILE",
        help="CSV or other text, XLSX, Parquet; several are joined on the customer id",
    )


def add_study_options(parser: argparse.ArgumentParser) -> None:
    """Files, and the rules they are read by."""
    add_files(parser)
    parser.add_argument("--as-of", type=day, help="day ages are counted at, YYYY-MM-DD (required here or in --rules)")
    parser.add_argument("--rules", type=Path, help="TOML file with the rules")
    add_reading_options(parser)


def add_reading_options(parser: argparse.ArgumentParser) -> None:
    """How to read what can be read in two ways."""
    parser.add_argument("--date-order", choices=get_args(DateOrder), help="how to read 01/02/1980")
    parser.add_argument("--decimal-mark", choices=get_args(DecimalMark), help="how to read 1,234")


def add_feature_options(parser: argparse.ArgumentParser) -> None:
    """What the segments are made from."""
    parser.add_argument(
        "--features", default="",
        help="columns k-means uses, such as age,balance:log,owns_car; a scaling is standard, robust or log",
    )  # fmt: skip
    parser.add_argument("--outliers", action="store_true", help="give customers with an unusual value a group apart")
    parser.add_argument("--seed", type=int, default=0, help="seed of k-means (default 0)")


def add_engine_options(parser: argparse.ArgumentParser) -> None:
    """What the work is done with."""
    parser.add_argument("--engine", choices=(PANDAS, SPARK), default=PANDAS, help="what does the work (default pandas)")
    parser.add_argument("--master", default="", help="Spark's master, such as local[4] or spark://host:7077")
    parser.add_argument("--remote", default="", help="a Spark Connect server, such as sc://host:15002")


def place(path: Path, *, remote: bool = False) -> str:
    """A file or folder, or an address of a store, as any process has it; a path on a remote server stays as it is."""
    text = str(path)
    scheme, slash, rest = text.partition(":/")  # a path has lost one of an address's slashes
    if slash:
        return f"{scheme}://{'/' * (scheme == 'file')}{rest.lstrip('/')}"
    return text if remote else str(path.absolute())


def features_of(options: argparse.Namespace) -> FeatureChoice:
    """The features asked for."""
    return FeatureChoice.parse(options.features, outliers=options.outliers)


def rules_of(options: argparse.Namespace) -> Rules:
    """The rules asked for; an as-of date is required, so that a result does not depend on the day it is made."""
    if options.rules:
        rules = from_toml(DOCUMENT.bytes_of(options.rules), as_of=options.as_of, file=options.rules.name)
    elif options.as_of:
        rules = Rules(options.as_of)
    else:
        raise DataError("There is no as-of date.", "Give --as-of YYYY-MM-DD, the day ages are counted at.")
    if rules.mass_affluent.min_measure >= rules.mass_affluent.max_measure:
        raise DataError("min_measure is not below max_measure.", "Nobody could be mass affluent: change one of them.")
    return read_as(rules, options)


def read_as(rules: Rules, options: argparse.Namespace) -> Rules:
    """The rules with the date order and the decimal mark asked for, if any."""
    chosen = {"date_order": options.date_order, "decimal_mark": options.decimal_mark}
    chosen = {name: value for name, value in chosen.items() if value}
    return replace(rules, intake=replace(rules.intake, **chosen))


def sources(paths: Sequence[Path]) -> list[SourceFile]:
    """The contents of files, and of those in folders."""
    return [SourceFile(printable(path.name), read_file(path, MAX_BYTES)) for path in inputs(paths)]


def printable(text: str) -> str:
    """A name or an argument of the command line as text that a file can hold: it may be of any bytes."""
    return os.fsencode(text).decode("utf-8", "replace")


def inputs(paths: Sequence[Path]) -> list[Path]:
    """Files, and those in folders."""
    return [file for path in paths for file in (below(path) if path.is_dir() else [path])]


def below(folder: Path) -> list[Path]:
    """The files in a folder and below, by name; hidden ones, as programs leave them there, are passed over."""
    files = [
        path
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not any(part.startswith(("_", ".")) for part in path.relative_to(folder).parts)
    ]
    if not files:
        raise DataError(f"There is no file in the folder {folder}.", "Name a folder with CSV or Parquet files.")
    return files


def check_seed(seed: int) -> None:
    """Refuse what is no seed of k-means."""
    if not 0 <= seed < 2**32:
        raise DataError(f"--seed is {seed}.", "Give a whole number from 0 to 4294967295.")


def check_file(path: Path, read: Sequence[Path] = ()) -> None:
    """Refuse a place where no file can be written, or one that is read."""
    if not path.absolute().parent.is_dir():
        raise DataError(f"There is no folder {path.parent}.", "Make it first, or choose another --out.")
    check_out(path.parent, [path.name], inputs(read))


def out(text: str) -> Path:
    """A place to write to as the command line has it; an empty one would be the folder one is in."""
    if not text.strip():
        raise argparse.ArgumentTypeError("it is empty; name a place")
    return Path(text)


def day(text: str) -> date:
    """A date as the command line has it."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} is not a date such as 2026-01-31") from None


def progress(message: str) -> None:
    """Say how far a command is."""
    say_aside(f"{message} …")
