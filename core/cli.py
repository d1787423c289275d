"""The command line: the same pipeline without a browser.

Exit status 0: done; 2: the input or a setting cannot be used, and the message says why. Progress
goes to stderr, a summary to stdout, and results appear all at once or not at all.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path
from typing import get_args

from core import cli_read
from core.errors import DataError, UnreadableFileError
from core.files import json_bytes, write_all
from core.intake.read import SourceFile
from core.pipeline import Study, load, segment, with_segments
from core.rules import DateOrder, DecimalMark, Rules, from_toml
from core.schema import CLUSTER
from core.segments.model import to_dict
from core.segments.profile import Segments
from core.views.export import segment_sheet, to_csv
from core.views.summary import percent
from core.views.tables import totals
from data.generate import write_sample

MOST_CLUSTERS = 30  # more than that nobody can act on


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    options = _parser().parse_args(arguments)
    try:
        options.run(options)
    except DataError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"error: {error.filename or ''}: {error.strerror}.", file=sys.stderr)
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m core", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    study = commands.add_parser("segment", help="clean customer files, flag and segment the customers")
    study.add_argument("files", nargs="+", type=Path, metavar="FILE", help="CSV; several are joined on the customer id")
    study.add_argument("--as-of", type=_date, help="day ages are counted at, YYYY-MM-DD (required here or in --rules)")
    study.add_argument("--k", type=int, default=5, help="number of clusters, 1 to 30 (default 5)")
    study.add_argument("--features", type=lambda text: text.split(","), help="columns k-means uses, such as age,tenure")
    study.add_argument("--rules", type=Path, help="TOML file with the rules")
    study.add_argument("--date-order", choices=get_args(DateOrder), help="how to read 01/02/1980")
    study.add_argument("--decimal-mark", choices=get_args(DecimalMark), help="how to read 1,234")
    study.add_argument("--seed", type=int, default=0, help="seed of k-means (default 0)")
    study.add_argument("--out", type=Path, required=True, help="folder for the results")
    study.set_defaults(run=_segment)
    cli_read.add_parser(commands)
    sample = commands.add_parser("sample", help="write made-up customers, messy as real files are")
    sample.add_argument("--customers", type=int, default=4000)
    sample.add_argument("--seed", type=int, default=1)
    sample.add_argument("--out", type=Path, required=True)
    sample.set_defaults(run=_sample)
    return parser


def _segment(options: argparse.Namespace) -> None:
    if not 1 <= options.k <= MOST_CLUSTERS:
        raise DataError(f"--k is {options.k}.", f"Ask for 1 to {MOST_CLUSTERS} clusters.")
    _check_seed(options.seed)
    files = [SourceFile(path.name, path.read_bytes()) for path in options.files]
    study = load(files, _rules(options), _progress)
    _progress(f"Segmenting {len(study.customers):,} customers")
    segments = segment(study, options.k, options.features, seed=options.seed)
    write_all(options.out, _results(study, segments, options.seed))
    print(_summary(study, segments, options.out))


def _sample(options: argparse.Namespace) -> None:
    if options.customers < 1:
        raise DataError(f"--customers is {options.customers}.", "Ask for at least one customer.")
    _check_seed(options.seed)
    if options.out.is_dir():
        raise DataError(f"{options.out} is a folder.", "Name a file to write.")
    if not options.out.absolute().parent.is_dir():
        raise DataError(f"There is no folder {options.out.parent}.", "Make it first, or choose another --out.")
    _progress(f"Making {options.customers:,} customers")
    partial = options.out.with_name(options.out.name + ".partial")
    try:
        write_sample(partial, customers=options.customers, seed=options.seed)
        os.replace(partial, options.out)
    finally:
        partial.unlink(missing_ok=True)
    print(f"{options.out}: {options.customers:,} made-up customers")


def _check_seed(seed: int) -> None:
    if not 0 <= seed < 2**32:
        raise DataError(f"--seed is {seed}.", "Give a whole number from 0 to 4294967295.")


def _rules(options: argparse.Namespace) -> Rules:
    if options.rules:
        try:
            text = options.rules.read_text("utf-8")
        except UnicodeDecodeError:
            raise UnreadableFileError("This is not UTF-8 text.", "Give a TOML file.", file=options.rules.name) from None
        rules = from_toml(text, as_of=options.as_of, file=options.rules.name)
    elif options.as_of:
        rules = Rules(options.as_of)
    else:
        raise DataError("There is no as-of date.", "Give --as-of YYYY-MM-DD, the day ages are counted at.")
    if rules.mass_affluent.min_measure >= rules.mass_affluent.max_measure:
        raise DataError("min_measure is not below max_measure.", "Nobody could be mass affluent: change one of them.")
    chosen = {"date_order": options.date_order, "decimal_mark": options.decimal_mark}
    chosen = {name: value for name, value in chosen.items() if value}
    return replace(rules, intake=replace(rules.intake, **chosen))


def _results(study: Study, segments: Segments, seed: int) -> dict[str, bytes]:
    return {
        "customer_data_cleaned.csv": to_csv(with_segments(study, segments)),
        "rejected_rows.csv": to_csv(study.excluded),
        "steps.json": json_bytes([asdict(step) for step in study.steps]),
        "segments.csv": to_csv(segment_sheet(segments.profile)),
        "model.json": json_bytes(to_dict(segments, study.rules, files=study.files, digest=study.digest, seed=seed)),
    }


def _summary(study: Study, segments: Segments, folder: Path) -> str:
    counts = totals(with_segments(study, segments))
    affluent = counts.mass_affluent, counts.mass_affluent_known
    potential = counts.high_potential, counts.high_potential_known
    lines = [
        f"Rows read       {study.rows_read:>11,}   {', '.join(study.files)}",
        f"Customers       {counts.customers:>11,}   as of {study.rules.as_of}",
        f"Rows set aside  {len(study.excluded):>11,}   rejected_rows.csv says which and why",
        f"Mass affluent   {counts.mass_affluent:>11,}   {_of_known(*affluent)}",
        f"High potential  {counts.high_potential:>11,}   {_of_known(*potential)}",
        f"Segments        {segments.k:>11,}   on {', '.join(segments.features) or 'nothing'}",
    ]
    lines += [
        f"  {row['cluster']:>2} {row['customers']:>11,}   {row['name']}" for _, row in segments.profile.iterrows()
    ]
    if segments.not_clustered:
        lines.append(f"   – {segments.not_clustered:>11,}   {segments.why_not_clustered(study.columns)}")
    return "\n".join([*lines, f"Written to {folder}: one row per customer with {CLUSTER} in customer_data_cleaned.csv"])


def _of_known(part: int, known: int) -> str:
    return f"{percent(part, known)} of those known"


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} is not a date such as 2026-01-31") from None


def _progress(message: str) -> None:
    print(f"{message} …", file=sys.stderr)
