"""`python -m core outcomes`: what a campaign brought, by its outcomes and its assignment."""

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final, get_args

from core.cli_options import currency_code, day, out, progress, share_text
from core.countries.currencies import sign_of
from core.countries.decide import NONE as NO_CURRENCY
from core.errors import DataError
from core.figures import between, count, money, number, share, write_as
from core.files import check_out, write_all
from core.number_style import AUTO, Numbers, style_of
from core.outcomes.columns import NONE, ColumnQuestionError, Columns
from core.outcomes.files import NAMES, outcome_files
from core.outcomes.read import RULES, TrialChoices, read_trial
from core.outcomes.result import Result, result_of
from core.outcomes.trial import AMOUNT, Trial
from core.outcomes.value import Prices
from core.outcomes.words import beside_forecast, facts, forecast_differs, headline, in_points, whom_next
from core.rules import DateOrder, DecimalMark
from core.sources.kinds import input_paths, open_sources
from core.targets.files import ASSIGNMENT_JSON
from core.terminal import say

COLUMNS: Final = {
    "treatment": "column that says who was contacted", "outcome": "column that says who converted, or an amount",
    "amount": f"column of amounts, {NONE} for none", "segment": f"column of segments, {NONE} for none",
    "contacted": "column that says who really was contacted", "date": "column with the day of the outcome",
    "id": "column of customer ids",
}  # fmt: skip
ASKED: Final = {"treatment": "--treatment", "converted": "--outcome", "control": "--control"}


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command `outcomes` to a parser's commands."""
    parser = commands.add_parser("outcomes", help="what a campaign brought: uplift against the control group")
    parser.add_argument(
        "outcomes", nargs="+", metavar="OUTCOMES",
        help="file with customer id and conversion or amount; or one that also says who was contacted",
    )  # fmt: skip
    parser.add_argument(
        "--assignment", action="append", default=[], metavar="FILE",
        help="assignment.csv, whose assignment.json beside it is read, too; or target_list.zip",
    )  # fmt: skip
    for option, what in COLUMNS.items():
        parser.add_argument(f"--{option}", default="", metavar="COLUMN", help=what)
    parser.add_argument("--control", default="", metavar="VALUE", help="value of those who were not to be contacted")
    parser.add_argument("--since", type=day, help="first day of outcomes (default: the day of the assignment)")
    parser.add_argument("--until", type=day, help="last day of outcomes")
    parser.add_argument("--value", type=_amount, help="what a conversion is worth (default: as was simulated)")
    parser.add_argument("--cost", type=_amount, help="what a contact costs (default: as was simulated)")
    parser.add_argument("--incentive", type=_amount, default=0.0, help="what is paid per conversion (default: nothing)")
    parser.add_argument("--margin", type=_margin, help="share of an amount that is left, such as 30%%")
    parser.add_argument("--currency", type=currency_code, metavar="CODE", help="of the amounts, such as EUR")
    parser.add_argument("--date-order", choices=get_args(DateOrder), help="how to read 01/02/2026")
    parser.add_argument("--decimal-mark", choices=get_args(DecimalMark), help="how to read 1,234")
    parser.add_argument("--numbers", choices=get_args(Numbers), default="auto", help="how numbers are written")
    parser.add_argument("--out", type=out, required=True, help="folder for the results")
    parser.set_defaults(run=_outcomes)


def _outcomes(options: argparse.Namespace) -> None:
    assignment = [*options.assignment, *_records_beside(options.assignment)]
    check_out(options.out, NAMES, input_paths([*options.outcomes, *assignment]))
    code = "" if options.currency in (None, AUTO, NO_CURRENCY) else options.currency
    write_as(style_of(options.numbers, code))
    progress("Reading the outcomes")
    try:
        trial = read_trial([*open_sources(options.outcomes)], [*open_sources(assignment)], _choices(options))
    except ColumnQuestionError as error:
        raise type(error)(**{**error.parts, "remedy": f"{error.remedy} ({ASKED[error.part]})"}) from None
    _check_columns(options, trial)
    _check_prices(options, trial)
    result = result_of(trial, Prices(options.value, options.cost, options.margin, options.incentive))
    currency = sign_of(code) if code else result.currency
    progress("Comparing the arms")
    write_all(options.out, outcome_files(result, currency), instead_of=NAMES)
    say("\n".join([*_describe(result, currency), f"Written to {options.out}"]))


def _check_columns(options: argparse.Namespace, trial: Trial) -> None:
    """Refuse a column that is not there: another one would stand for it."""
    used = {*vars(trial.columns).values(), "", NONE}
    for option in COLUMNS:
        if (header := getattr(options, option)) not in used:
            raise DataError(f"--{option} {header} is no column that can be used so.", "Look at the header of the file.")


def _check_prices(options: argparse.Namespace, trial: Trial) -> None:
    """Refuse a price that would not count."""
    if options.value is not None and AMOUNT in trial.measures:
        found = f"--value does not count, as the outcomes have amounts (“{trial.columns.amount}”)."
        raise DataError(found, f"Leave it out, or count conversions alone (--amount {NONE}).")
    if options.margin is not None and AMOUNT not in trial.measures:
        raise DataError("--margin does not count, as the outcomes have no amounts.", "Leave it out.")


def _records_beside(places: Sequence[str]) -> list[str]:
    """The records of how the assignments were made, which lie beside them, unless they are given."""
    beside = dict.fromkeys(str(Path(place).with_name(ASSIGNMENT_JSON)) for place in places if place.endswith(".csv"))
    return [path for path in beside if Path(path).is_file() and path not in places]


def _choices(options: argparse.Namespace) -> TrialChoices:
    columns = Columns(
        options.id, options.treatment, options.outcome, options.amount, options.contacted, options.segment, options.date
    )
    decided = {name: getattr(options, name) for name in ("date_order", "decimal_mark") if getattr(options, name)}
    rules = replace(RULES, intake=replace(RULES.intake, **decided))
    return TrialChoices(columns, options.control, options.since, options.until, rules)


def _describe(result: Result, currency: str) -> Iterator[str]:
    trial = result.trial
    used = (f"{part} “{header}”" for part, header in vars(trial.columns).items() if header and header != NONE)
    yield f"{count(len(trial.customers))} customers of {', '.join(trial.files)}; columns: {', '.join(used)}"
    yield f"Control group: {trial.control}, {count(trial.size(trial.control))} customers"
    for arm in trial.arms:
        ranking = result.ranking(arm)
        yield headline(result, arm, ranking, currency)
        row = result.of_all(arm)
        for title, part in (("", row), *((one["name"], one) for _, one in result.segments(arm).iterrows())):
            size, ends = in_points(part["low"], part["uplift"], part["high"])
            yield (
                f"  {title or arm:<24} {count(part['contacted']):>9} contacted {share(part['contacted_mean']):>7}   "
                f"{count(part['control']):>9} held out {share(part['control_mean']):>7}   "
                f"{size:>6} points ({ends})"
            )
        yield from (f"  {sentence}" for sentence in facts(result, arm, ranking, currency))
        for name, rate in (("Qini", ranking.qini), ("AUTOC", ranking.autoc)) if ranking else ():
            ends = between(number, rate.low, rate.high)
            yield f"  {name} of the segments' order: {number(rate.estimate)} ({ends})"
        for name, title, measured, planned in beside_forecast(result, arm):
            form = {"conversions": number, "roi": share}.get(name, partial(money, currency=currency))
            beside = f"forecast {form(planned[0])} ({between(form, *planned[1:])})"
            yield f"  {title}: {form(measured[0])} ({between(form, *measured[1:])}); {beside}"
        if beside_forecast(result, arm):
            yield from (f"  {sentence}" for sentence in forecast_differs(result, currency))
        yield f"  {whom_next(result, arm, ranking, currency)}"
    yield from trial.notes


def _amount(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no amount") from None
    if not 0 <= value < 1e12:
        raise argparse.ArgumentTypeError(f"{text!r} is no amount from 0")
    return value


def _margin(text: str) -> float:
    value = share_text(text)
    if not value:
        raise argparse.ArgumentTypeError(f"{text!r} is not above 0")
    return value
