"""`python -m core months`: a file a month, in the segments of a saved model."""

import argparse
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path

import pandas as pd

from core.cli_options import add_reading_options, day, out, progress, read_as
from core.cli_sources import add_sources
from core.compare.files import CHANGES_CSV, PEOPLE_CSV, changes_csv, people_csv
from core.compare.months import Changes, changes_between, counted, people_between
from core.databases.request import Request
from core.errors import DataError
from core.figures import between, count, percent, share, write_as
from core.files import check_out, write_all
from core.months.dates import month_of_files, month_of_text, written
from core.months.files import MONTHS_CSV, MOVES_CSV, month_files
from core.months.month import Month, currency_of, in_order, read_month
from core.months.moves import Moves, moves_between, why_no_moves
from core.months.table import MONTH, OverTime, moves_of_each, over_time
from core.number_style import style_of
from core.schema import CLUSTER
from core.segments.model import Model
from core.segments.model_file import DOCUMENT, read_model
from core.sources.kinds import Argument, input_paths, open_sources
from core.terminal import say

DATED = re.compile(r"(\d{4}-\d{2})=(.+)", re.DOTALL)  # a file with its month before it


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command `months` to a parser's commands."""
    parser = commands.add_parser("months", help="follow the segments of a saved model over a file a month")
    add_sources(parser, "; each is a month, by its name or a column of dates, or write it before: 2024-03=march.csv")
    parser.add_argument("--model", type=Path, required=True, help="model.json written by segment")
    parser.add_argument(
        "--as-of", type=day, help="day ages are counted at in the month of the model (default: the model's); other "
        "months count at days as many months before or after",
    )  # fmt: skip
    add_reading_options(parser)
    parser.add_argument("--out", type=out, required=True, help="folder for the results")
    parser.add_argument(
        "--list", action="store_true", help=f"write {PEOPLE_CSV}, too: the ids of those who became mass affluent or "
        "no longer are, who are new or gone. It names persons",
    )  # fmt: skip
    parser.set_defaults(run=_months)


def _months(options: argparse.Namespace) -> None:
    asked = [_dated(argument) for argument in options.sources]
    names = (MONTHS_CSV, MOVES_CSV, CHANGES_CSV, PEOPLE_CSV)
    check_out(options.out, names, [*input_paths([place for _, place in asked]), options.model])
    model = _model(options)
    write_as(style_of(model.rules.numbers, currency_of(model)))
    first = month_of_files(model.files, model.rules.as_of)
    months = [
        read_month(source, model, first, month, progress)
        for month, place in asked
        for source in open_sources([place])
    ]  # fmt: skip
    months, errors = in_order(months)
    if errors:
        raise errors[0]
    over = over_time(months, moves_of_each(months))
    ends = months[0], months[-1]
    whole = [moves_between(*ends)] if len(months) > 2 and not why_no_moves(*ends) else []
    files = month_files(over, model.names, whole)
    lines = _describe(over, months, model, whole)
    if len(months) > 1:
        changes = [changes_between(*pair, moves) for pair, moves in zip(pairwise(months), over.moves, strict=True)]
        people = people_between(*months[-2:])
        files |= {CHANGES_CSV: changes_csv(changes)}
        files |= {PEOPLE_CSV: people_csv(people)} if people is not None and options.list else {}
        lines += [*_changed(changes[-1], model), *_who(people, model)]
    write_all(options.out, files, instead_of=names)
    say("\n".join([*lines, f"Written to {options.out}"]))


def _dated(argument: Argument) -> tuple[date | None, Argument]:
    """The month that is written before a file, None without one, and the file; a table has none before its name."""
    found = None if isinstance(argument, Request) else DATED.fullmatch(argument)
    if not found or Path(found.string).exists():
        return None, argument
    month = month_of_text(found[1], date.max)
    if month is None:
        raise DataError(f"{found[1]} is no month.", "Write it as in 2024-03=march.csv.", file=found[2])
    return month, found[2]


def _model(options: argparse.Namespace) -> Model:
    model = read_model(DOCUMENT.bytes_of(options.model), options.model.name)
    rules = read_as(model.rules, options)
    return replace(model, rules=replace(rules, as_of=options.as_of or rules.as_of))


def _describe(over: OverTime, months: Sequence[Month], model: Model, whole: Sequence[Moves]) -> list[str]:
    lines = [
        f"{row.month}   {count(row.customers):>11} customers   {_affluent(row.share, row.low, row.high)}   {row.file}"
        for row in over.months.itertuples(index=False, name="Row")
    ]
    for label, name in model.names.items():
        sizes = over.shares[over.shares[CLUSTER] == label].set_index(MONTH)["customers"]
        cells = (percent(int(sizes.get(written(one.month), 0)), one.customers) for one in months)
        lines.append(f"  {label:<3} {'  '.join(f'{cell:>6}' for cell in cells)}   {name}")
    for (earlier, later), moves in zip(pairwise(months), over.moves, strict=True):
        lines += [_moved(moves, model)] if moves else [why_no_moves(earlier, later)]
    return lines + [_moved(moves, model) for moves in whole]


def _changed(changes: Changes, model: Model) -> list[str]:
    table = changes.readable(model.names)
    width = max(map(len, table["figure"]))
    rows = [
        f"  {row.figure:<{width}} {row.before:>9} → {row.after:>9}   {row.change}"
        + (f" ({row.interval})" * bool(row.interval))
        for row in table.itertuples(index=False)
    ]
    return [
        f"From {written(changes.earlier)} to {written(changes.later)}, with the 95% interval of each change:",
        *rows,
    ]


def _who(people: pd.DataFrame | None, model: Model) -> list[str]:
    if people is None or people.empty:
        return []
    measure = model.wealth.name if model.wealth and model.wealth.measure else "wealth"
    rows = counted(people).itertuples(index=False)
    return ["Who became mass affluent, and who left, by segment:", *(
        f"  {row.what:<27} segment {row.segment:<14} {count(row.customers):>9}"
        + (f"   {measure} {row.reason}" if row.reason else "")
        for row in rows
    )]  # fmt: skip


def _affluent(rate: float, low: float, high: float) -> str:
    if rate != rate:
        return "mass affluent unknown"
    return f"{share(rate)} mass affluent ({between(share, low, high)})"


def _moved(moves: Moves, model: Model) -> str:
    ids = f" {moves.ids}." if moves.ids else ""
    return moves.in_words(model.names) + ids
