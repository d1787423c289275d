"""`python -m core sample`: made-up customers."""

import argparse
import os

from core.cli_options import check_file, check_seed, out, progress
from core.errors import DataError
from core.files import unfinished
from core.terminal import say
from data.generate import write_sample


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command `sample` to a parser's commands."""
    made = commands.add_parser("sample", help="write made-up customers, messy as real files are")
    made.add_argument("--customers", type=int, default=4000)
    made.add_argument("--seed", type=int, default=1)
    made.add_argument("--out", type=out, required=True)
    made.set_defaults(run=_sample)


def _sample(options: argparse.Namespace) -> None:
    if options.customers < 1:
        raise DataError(f"--customers is {options.customers}.", "Ask for at least one customer.")
    check_seed(options.seed)
    check_file(options.out)
    progress(f"Making {options.customers:,} customers")
    with unfinished(options.out.absolute().parent) as folder:
        write_sample(folder / options.out.name, customers=options.customers, seed=options.seed)
        os.replace(folder / options.out.name, options.out)
    say(f"{options.out}: {options.customers:,} made-up customers")
