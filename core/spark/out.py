"""The folder of the results on Spark: what may be replaced in it, and a place where they are made, all or none."""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from stat import S_IMODE
from typing import Any, Final

from core import files
from core.errors import DataError
from core.spark import storage
from core.spark.jobs import answers

CUSTOMERS: Final = "customers"  # the folder of Parquet files
OF_PANDAS: Final = ("customer_data_cleaned.csv", "report.html")  # what only pandas writes
WRITTEN: Final = ("part-*.parquet", "_SUCCESS", "*.crc")  # by Spark, into a folder of Parquet files


def check_out(out: Path, places: Sequence[str], names: Sequence[str]) -> None:
    """Refuse a folder where a run on Spark would destroy something, or leave something behind that is not its own.

    Raises
    ------
    DataError
        An input is among the customers written there before, or they among it; another folder is in the way; or there
        is what a run with pandas has written.
    """
    folder = out / CUSTOMERS
    for made in (folder, *(out / name for name in names if (out / name).exists())):
        if own := [place for place in places if _is_read(place, made)]:
            raise DataError(f"The results would replace {made}, which is read from {own[0]}.", "Choose another --out.")
    if folder.exists() and not _is_written(folder):
        raise DataError(
            f"{folder} is not a folder of customers from an earlier run.", "Remove it, or choose another --out."
        )
    if others := [out / name for name in OF_PANDAS if (out / name).exists()]:
        raise DataError(
            f"{others[0]} is of a run with pandas, and would stay beside the new results.",
            "Remove it, or choose another --out.",
        )
    files.check_out(out, names)


def check_no_customers(out: Path) -> None:
    """Refuse, for a run with pandas, a folder with the customers of a run on Spark.

    Raises
    ------
    DataError
        They would stay beside the new results.
    """
    folder = out / CUSTOMERS
    if folder.is_dir() and any(folder.iterdir()) and _is_written(folder):
        raise DataError(
            f"{folder} is of a run on Spark, and would stay beside the new results.",
            "Remove it, or choose another --out.",
        )


def _is_read(place: str, folder: Path) -> bool:
    """Whether a place of input is or lies in what would be replaced, or that, if it exists, in the place."""
    read, folder = Path(place.removeprefix("file://")).resolve(), folder.resolve()
    both = read.exists() and folder.exists()
    return read.is_relative_to(folder) or (both and (folder.is_relative_to(read) or folder.samefile(read)))


def _is_written(folder: Path) -> bool:
    """Whether Spark has written all that is in a folder."""
    return folder.is_dir() and all(
        path.is_file() and any(path.match(one) for one in WRITTEN) for path in folder.iterdir()
    )


@contextmanager
def unfinished(session: Any, out: Path) -> Iterator[Path]:
    """A new folder in that of the results, for what is there while a run lasts; it goes, whatever happens."""
    with files.unfinished(out) as folder:
        folder.chmod(S_IMODE(out.stat().st_mode))  # the workers can be another user
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)
            if folder.exists():
                answers(session, [str(folder)], storage.remove)


def swap(session: Any, made: Path, out: Path, old: Path) -> None:
    """Put the made customers in the place of those of an earlier run, which go to another folder."""
    answers(session, [(str(made), str(out.absolute() / CUSTOMERS), str(old))], _swapped)


def _swapped(folders: tuple[str, str, str]) -> None:
    made, place, old = map(Path, folders)
    if made.exists():  # a task that was lost after its work is done again
        if place.exists():
            place.rename(old)
        made.rename(place)
