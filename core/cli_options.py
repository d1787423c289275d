"""Options that several commands share, and what they stand for."""

import argparse
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import get_args

from core.cli_sources import SPARK, add_sources
from core.countries.currencies import code_of, currencies
from core.countries.decide import NONE
from core.countries.registry import WORLD, countries
from core.errors import DataError
from core.files import check_out
from core.number_style import AUTO, Numbers, examples
from core.rules import DOCUMENT, DateOrder, DecimalMark, Rows, Rules, from_toml
from core.schema import normalise
from core.segments.choice import FeatureChoice
from core.segments.choose_k import MOST_K
from core.segments.registry import CLUSTERERS, DEFAULT
from core.sources.kinds import FILES, Argument, kind_of
from core.terminal import Log, record

NEAR = 0.5  # how alike codes of a few letters must be
PANDAS = "pandas"


def add_study_options(parser: argparse.ArgumentParser) -> None:
    """Sources, and the rules they are read by."""
    add_sources(parser)
    parser.add_argument("--as-of", type=day, help="day ages are counted at, YYYY-MM-DD (required here or in --rules)")
    parser.add_argument("--rules", type=Path, help="TOML file with the rules")
    add_reading_options(parser)


def add_reading_options(parser: argparse.ArgumentParser) -> None:
    """How to read what can be read in two ways."""
    parser.add_argument("--date-order", choices=get_args(DateOrder), help="how to read 01/02/1980")
    parser.add_argument("--decimal-mark", choices=get_args(DecimalMark), help="how to read 1,234")
    parser.add_argument(
        "--rows", choices=get_args(Rows), help="what a row is where customers have several (default: decided)"
    )
    parser.add_argument(
        "--country", type=country_code, metavar="CODE",
        help=f"country of the files, such as GB, {AUTO} or {NONE} (default: decided by their values)",
    )  # fmt: skip
    parser.add_argument(
        "--currency", type=currency_code, metavar="CODE",
        help=f"currency of all amounts, such as EUR, {AUTO} or {NONE} (default: decided by headers, cells and country)",
    )  # fmt: skip
    parser.add_argument(
        "--numbers", choices=get_args(Numbers),
        help="how numbers are written in report and summary: "
        + ", ".join(f"{key} {example}" for key, example in examples().items())
        + f", or {AUTO}, by the currency (default: as the rules say)",
    )  # fmt: skip


def add_feature_options(parser: argparse.ArgumentParser) -> None:
    """What the segments are made from."""
    parser.add_argument(
        "--features", default="",
        help="columns to segment by, such as age,balance:log,owns_car; a scaling is standard, robust or log; "
        "a name with a comma or a colon stands in double quotes; "
        "categories, such as job, with --method latent",
    )  # fmt: skip
    parser.add_argument("--outliers", action="store_true", help="give customers with an unusual value a group apart")
    parser.add_argument("--seed", type=int, default=0, help="seed of the segments (default 0)")
    parser.add_argument(
        "--method", choices=CLUSTERERS, default="",
        help=f"how the segments are found: {DEFAULT} of numbers only, latent of numbers and categories "
        f"(default: {DEFAULT} where the usual features are there, or no category is; Spark has {DEFAULT} only)",
    )  # fmt: skip


def add_office_options(parser: argparse.ArgumentParser) -> None:
    """The deck and what it is written into; the workbook and whether it has the customers."""
    parser.add_argument("--pptx", action="store_true", help="also write deck.pptx, slides with charts to be edited")
    parser.add_argument(
        "--template", type=Path, metavar="FILE",
        help="a .pptx or .potx whose masters and theme the deck takes; with it the deck is written",
    )  # fmt: skip
    parser.add_argument("--xlsx", action="store_true", help="also write workbook.xlsx, for Excel")
    parser.add_argument(
        "--customers", action="store_true",
        help="with --xlsx: write workbook_with_customers.xlsx instead, with a sheet of all customers: it holds persons",
    )  # fmt: skip


def workbooks_of(options: argparse.Namespace) -> dict[str, bool]:
    """The workbooks, and whether each is asked for; customers are refused without one."""
    if options.customers and not options.xlsx:
        raise DataError("--customers is a sheet of the workbook.", "Add --xlsx.")
    xlsx, customers = options.xlsx, options.customers
    return {"workbook.xlsx": xlsx and not customers, "workbook_with_customers.xlsx": xlsx and customers}


def add_engine_options(parser: argparse.ArgumentParser) -> None:
    """What the work is done with."""
    parser.add_argument("--engine", choices=(PANDAS, SPARK), default=PANDAS, help="what does the work (default pandas)")
    parser.add_argument("--master", default="", help="Spark's master, such as local[4] or spark://host:7077")
    parser.add_argument("--remote", default="", help="a Spark Connect server, such as sc://host:15002")
    parser.add_argument(
        "--local-memory", type=gigabytes, metavar="GB",
        help="with --engine spark: memory that loading may take in this program. Where it is enough, this program does "
        "the work, which is faster for up to some ten million customers; 0: the workers do it (default 4, 0 with "
        "--remote)",
    )  # fmt: skip


def gigabytes(text: str) -> float:
    """Gigabytes, none or more, in bytes."""
    with suppress(ValueError):
        if 0 <= (found := float(text)) < float("inf"):
            return found * 1e9
    raise argparse.ArgumentTypeError(f"“{text}” is no number of gigabytes, such as 4")


def place(argument: Argument, *, remote: bool = False) -> str:
    """A file or folder, or an address of a store, as any process has it; a path on a remote server stays as it is.

    Raises
    ------
    DataError
        The argument is of another kind, which Spark does not read.
    """
    if (kind := kind_of(argument)).key != FILES:
        raise DataError(f"Spark reads files, not {kind.plural}.", f"Use --engine {PANDAS}.", file=str(argument))
    path = Path(str(argument))
    scheme, slash, rest = str(path).partition(":/")  # a path has lost one of an address's slashes
    if slash:
        return f"{scheme}://{'/' * (scheme == 'file')}{rest.lstrip('/')}"
    return str(path) if remote else str(path.absolute())


def features_of(options: argparse.Namespace) -> FeatureChoice:
    """The features asked for."""
    return FeatureChoice.parse(options.features, outliers=options.outliers)


def rules_of(options: argparse.Namespace) -> Rules:
    """The rules asked for; an as-of date is required, so that a result does not depend on the day it is made."""
    if options.rules:
        rules = from_toml(DOCUMENT.bytes_of(options.rules), as_of=options.as_of, file=options.rules.name)
    elif inline := getattr(options, "inline_rules", None):  # of a job file
        text, file = inline
        rules = from_toml(text, as_of=options.as_of, file=file)
    elif options.as_of:
        rules = Rules(options.as_of)
    else:
        raise DataError("There is no as-of date.", "Give --as-of YYYY-MM-DD, the day ages are counted at.")
    return read_as(rules, options)


def read_as(rules: Rules, options: argparse.Namespace) -> Rules:
    """The rules with what is asked for on how to read the files; refused where nobody passes."""
    low, high = rules.mass_affluent.min_measure, rules.mass_affluent.max_measure
    if low is not None and high is not None and low >= high:
        raise DataError("min_measure is not below max_measure.", "Nobody could be mass affluent: change one of them.")
    names = ("date_order", "decimal_mark", "rows", "country", "currency")
    chosen = {name: getattr(options, name) for name in names}
    chosen = {name: value for name, value in chosen.items() if value}
    return replace(rules, intake=replace(rules.intake, **chosen), numbers=options.numbers or rules.numbers)


def check_seed(seed: int) -> None:
    """Refuse what is no seed of a clustering."""
    if not 0 <= seed < 2**32:
        raise DataError(f"--seed is {seed}.", "Give a whole number from 0 to 4294967295.")


def check_file(path: Path, inputs: Sequence[Path] = ()) -> None:
    """Refuse a place where no file can be written, or one that is read."""
    if not path.absolute().parent.is_dir():
        raise DataError(f"There is no folder {path.parent}.", "Make it first, or choose another --out.")
    check_out(path.parent, [path.name], inputs)


def out(text: str) -> Path:
    """A place on this machine to write to, as the command line has it; nothing would be the folder one is in."""
    if not text.strip():
        raise argparse.ArgumentTypeError("it is empty; name a place")
    if "://" in text:  # as a path it would be a folder of that name
        raise argparse.ArgumentTypeError("it is an address; name a place on this machine")
    return Path(text)


def country_code(text: str) -> str:
    """The code of a country as the command line has it, in any case; `auto` and `none` are codes, too."""
    spellings = countries()[WORLD].spellings
    names = {spelling: name for spelling, name in spellings.items() if len(spelling) > 1}
    codes = {country.name: code for code, country in countries().items()}
    return _code(text, countries(), {spelling: codes[name] for spelling, name in names.items() if name in codes})


def currency_code(text: str) -> str:
    """The code of a currency, likewise."""
    return _code(text, currencies(), {normalise(text): code_of(text)} if code_of(text) else {})


def _code(text: str, known: Iterable[str], names: Mapping[str, str]) -> str:
    """The code among those known that a text is; refused with the nearest one, which `names` gives for a name."""
    by_lower = {code.casefold(): code for code in (AUTO, NONE, *known)}
    word = text.strip().casefold()
    if word in by_lower:
        return by_lower[word]
    near = get_close_matches(normalise(text), names, 1) or get_close_matches(word, by_lower, 1, NEAR)
    code = names.get(near[0]) or by_lower[near[0]] if near else ""
    raise argparse.ArgumentTypeError(
        f"{text} is not a code that is known" + (f"; did you mean {code}?" if code else f", {AUTO} or {NONE}")
    )


def day(text: str) -> date:
    """A date as the command line has it."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} is not a date such as 2026-01-31") from None


def share_text(text: str) -> float:
    """A share as the command line has it: `10%`, `10 %` or `0.1`."""
    number = text.strip().removesuffix("%").strip()
    try:
        value = float(number) / (100 if number != text.strip() else 1)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 1:
        near = f"; did you mean {number}%?" if 1 < value <= 100 else ""
        raise argparse.ArgumentTypeError(f"{text!r} is no share: give one such as 10% or 0.1{near}")
    return value


def number_of_clusters(text: str) -> int | str:
    """A number of segments as the command line has it, or `auto`."""
    if text == AUTO:
        return AUTO
    if not text.isdecimal() or not 1 <= int(text) <= MOST_K:
        raise argparse.ArgumentTypeError(f"{text!r} is not {AUTO} or a number from 1 to {MOST_K}")
    return int(text)


def add_log(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The form of progress and errors, for each command."""
    for parser in commands.choices.values():
        parser.add_argument(
            "--log", choices=get_args(Log), default="",
            help="how progress, warnings and errors stand on stderr: as text, or as a JSON object a line",
        )  # fmt: skip


def progress(message: str) -> None:
    """Say how far a command is."""
    record(message)
