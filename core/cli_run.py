"""`python -m core run`: what a job file says, by the command that does it."""

import argparse
from collections.abc import Mapping
from functools import partial
from pathlib import Path

import tomli_w

from core.cli_options import day
from core.cli_sources import arguments_of as sources_of
from core.errors import DataError
from core.job import DOCUMENT, arguments_of, job_of
from core.terminal import log_as


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command `run` to a parser's commands, of which a job uses one."""
    parser = commands.add_parser("run", help="do what a job file says; exits with 0 done, 2 unusable, 3 drift")
    parser.add_argument("job", type=Path, metavar="JOB", help="TOML file, such as job.toml")
    parser.add_argument("--as-of", type=day, help="day ages are counted at (required here or in the job file)")
    parser.add_argument("--run-id", default="", metavar="TEXT", help="text that the rows of its tables are known by")
    parser.set_defaults(run=partial(_run_job, commands.choices))


def _run_job(commands: Mapping[str, argparse.ArgumentParser], options: argparse.Namespace) -> int:
    job = job_of(DOCUMENT.bytes_of(options.job), options.job.name)
    log_as(job.log)
    if not (options.as_of or job.as_of):
        raise DataError("There is no as-of date.", "Give --as-of YYYY-MM-DD, or as_of in the job file.")
    made = commands[job.command].parse_args(arguments_of(job, options.job.absolute().parent))
    made.as_of = options.as_of or job.as_of
    if options.run_id:
        made.run_id = options.run_id
    if isinstance(job.rules, dict) and job.rules:
        made.inline_rules = tomli_w.dumps(job.rules), options.job.name
    made.sources = sources_of(made)
    return made.run(made) or 0
