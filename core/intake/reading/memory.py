"""Whether there is memory for a table, foreseen from its rows and columns before it is read."""

import os
from contextlib import suppress
from pathlib import Path
from typing import Final

from core.errors import UnreadableFileError
from core.figures import count

try:
    import resource
except ImportError:  # Windows has no such bounds
    resource = None  # type: ignore[assignment]

# Bytes at most while a table is loaded, measured: ten million customers of eleven columns took 1.4 GB, from a database
# 1.6 GB, a CSV file of 82 MB 0.4 GB.
PER_CELL: Final = 15
PER_BYTE_OF_TEXT: Final = 4
PROCESS: Final = Path("/proc/self/statm")
MACHINE: Final = Path("/proc/meminfo")
CONTAINER: Final = Path("/sys/fs/cgroup")
REMEDY: Final = "Leave out columns that are not needed, or use the command line or Spark on a machine with more memory."


def check_cells_fit(name: str, rows: int, columns: int) -> None:
    """Refuse a table for whose cells there is no memory.

    Raises
    ------
    UnreadableFileError
        It is likely to take more than there is.
    """
    _check(name, f"{count(rows)} rows of {count(columns)} columns", rows * columns * PER_CELL)


def check_text_fits(name: str, size: int) -> None:
    """Refuse a text of so many bytes for which there is no memory, as `check_cells_fit`."""
    _check(name, f"{count(size // 10**6)} MB of text", size * PER_BYTE_OF_TEXT)


def _check(name: str, what: str, need: int) -> None:
    if need > (left := available()):
        found = f"To load {what} takes about {need / 1e9:.1f} GB of memory, and there are {left / 1e9:.1f} GB for it."
        raise UnreadableFileError(found, REMEDY, file=name)


def available() -> float:
    """Bytes that this process may still take: of its own limit, its container and the machine; infinite if unknown."""
    return max(0.0, min(_of_process(), _of_container(), _of_machine()))


def _of_process() -> float:
    with suppress(OSError, ValueError, AttributeError):
        limit = resource.getrlimit(resource.RLIMIT_AS)[0]
        if limit != resource.RLIM_INFINITY:
            return limit - int(PROCESS.read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    return float("inf")


def _of_container() -> float:
    """What control groups of version 2 leave; the cache of files can be dropped."""
    with suppress(OSError, ValueError):  # "max": without a limit
        limit = int((CONTAINER / "memory.max").read_text())
        held = int((CONTAINER / "memory.current").read_text())
        return limit - held + _number(CONTAINER / "memory.stat", "inactive_file")
    return float("inf")


def _of_machine() -> float:
    with suppress(OSError, ValueError):
        if found := _number(MACHINE, "MemAvailable:"):
            return 1024 * (found + _number(MACHINE, "SwapFree:"))
    return float("inf")


def _number(path: Path, name: str) -> int:
    """The number behind a name in a list of the system; 0 where it is not in it."""
    lines = (line.split() for line in path.read_text().splitlines())
    return next((int(line[1]) for line in lines if line and line[0] == name), 0)
