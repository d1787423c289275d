"""Output of the command line: any text on any terminal, and no traceback when a pipe is closed."""

import io
import json
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from typing import Final, Literal

Log = Literal["text", "json"]
LEVELS: Final = ("error", "warning")  # that a text begins with
ROWS: Final = re.compile(r"(\d[\d.,'’\u202f\xa0]*)(?: of \S+)? (?:rows|customers)\b")
INTERRUPTED: Final = 130  # 128 and the number of the signal, as a shell has it
ENDS: Final = {0: "done", 2: "unusable", 3: "drift", INTERRUPTED: "interrupted"}

_LOG: Final[ContextVar[str]] = ContextVar("log", default="")


@contextmanager
def logged_as(form: str) -> Iterator[None]:
    """Say what goes to standard error as text, or as JSON lines, in a block."""
    before = _LOG.set(form)
    try:
        yield
    finally:
        _LOG.reset(before)


def log_as(form: str) -> None:
    """The same until the block of `logged_as` ends, unless it has a form already."""
    if not _LOG.get():
        _LOG.set(form)


def accept_any_text() -> None:
    """Write what an encoding such as cp1252 or ASCII lacks as the code of its character."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def say(text: str) -> None:
    """Print to standard output; what a closed pipe, as `| head -1` leaves, does not take is lost.

    Raises
    ------
    OSError
        It cannot be written for another reason, such as a full disk.
    """
    try:
        print(text, flush=True)
    except BrokenPipeError:
        _say_no_more()
    except OSError:
        _say_no_more()
        raise


def say_aside(text: str) -> None:
    """Print to standard error, if anybody reads it."""
    if _LOG.get() == "json":
        level, _, message = text.partition(": ")
        known = level in LEVELS
        text = _line(level if known else "info", message if known else text)
    with suppress(OSError):
        print(text, file=sys.stderr)


def say_interrupted() -> int:
    """Say aside that the work was interrupted; returns the exit status."""
    say_aside("Interrupted.")
    return INTERRUPTED


def record(message: str) -> None:
    """Say a step of the work aside; its first word is the kind of step, and the rows that it names are a number."""
    if _LOG.get() != "json":
        say_aside(f"{message} …")
        return
    found = ROWS.search(message)
    rows = {"rows": int(re.sub(r"\D", "", found[1]))} if found else {}
    with suppress(OSError):
        print(_line("info", message, step=message.partition(" ")[0].lower(), **rows), file=sys.stderr)


def record_end(status: int) -> None:
    """Say the exit status aside, where a program reads it."""
    if _LOG.get() == "json":
        level = {0: "info", 3: "warning"}.get(status, "error")
        with suppress(OSError):
            print(_line(level, ENDS.get(status, ""), step="end", exit=status), file=sys.stderr)


def _line(level: str, message: str, step: str = "", **facts: int) -> str:
    """A JSON object without a time: who collects the lines adds it, as systemd, Airflow and GitHub Actions do."""
    said = {"level": level} | ({"step": step} if step else {}) | {"message": message} | facts
    return json.dumps(said, ensure_ascii=False)


def _say_no_more() -> None:
    """Let what is still to be written go nowhere, or Python fails over it once more when it ends."""
    with suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
