"""Output of the command line: any text on any terminal, and no traceback when a pipe is closed."""

import io
import os
import sys
from contextlib import suppress


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
    with suppress(OSError):
        print(text, file=sys.stderr)


def _say_no_more() -> None:
    """Let what is still to be written go nowhere, or Python fails over it once more when it ends."""
    with suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
