"""The folder of the results on Spark: checks before writing, and a temporary folder from which all are moved."""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from stat import S_IMODE
from typing import Any, Final

from core import files
from core.errors import DataError
from core.spark import storage
from core.spark.jobs import answers

CUSTOMERS: Final = "customers"  # the folder of Parquet files
OF_PANDAS: Final = (
    "customer_data_cleaned.csv",
    "report.html",
    "report.pdf",
    "workbook.xlsx",
    "workbook_with_customers.xlsx",
    "segment_rules.sql",
)  # files that only pandas writes
WRITTEN: Final = ("part-*.parquet", "_SUCCESS", "*.crc")  # files of Spark in a folder of Parquet files


def check_out(out: Path, places: Sequence[str], names: Sequence[str]) -> None:
    """Refuse a folder where a run on Spark would replace other files, or leave files of another run beside its own.

    Raises
    ------
    DataError
        An input would be replaced; `customers` is another folder; or there are files of a run with pandas.
    """
    folder = out / CUSTOMERS
    for target in (folder, *(out / name for name in names if (out / name).exists())):
        if read := [place for place in places if _overlaps(place, target)]:
            raise DataError(
                f"The results would replace {target}, which is read from {read[0]}.", "Choose another --out."
            )
    if folder.exists() and not _is_from_spark(folder):
        raise DataError(
            f"{folder} is not a folder of customers from an earlier run.", "Remove it, or choose another --out."
        )
    if of_pandas := [out / name for name in OF_PANDAS if (out / name).exists()]:
        raise DataError(
            f"{of_pandas[0]} is of a run with pandas, and would stay beside the new results.",
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
    if folder.is_dir() and any(folder.iterdir()) and _is_from_spark(folder):
        raise DataError(
            f"{folder} is of a run on Spark, and would stay beside the new results.",
            "Remove it, or choose another --out.",
        )


def _overlaps(place: str, folder: Path) -> bool:
    """Whether an input is, contains or lies in a folder that would be replaced."""
    read, folder = Path(place.removeprefix("file://")).resolve(), folder.resolve()
    both_exist = read.exists() and folder.exists()
    return read.is_relative_to(folder) or (both_exist and (folder.is_relative_to(read) or folder.samefile(read)))


def _is_from_spark(folder: Path) -> bool:
    """Whether Spark has written all files of a folder."""
    return folder.is_dir() and all(
        path.is_file() and any(path.match(pattern) for pattern in WRITTEN) for path in folder.iterdir()
    )


@contextmanager
def unfinished(session: Any, out: Path) -> Iterator[Path]:
    """A temporary folder inside the folder of the results; it is removed in any case."""
    new = not out.exists()
    try:
        with files.unfinished(out) as folder:
            folder.chmod(S_IMODE(out.stat().st_mode))  # the workers can be another user
            try:
                yield folder
            finally:
                shutil.rmtree(folder, ignore_errors=True)
                if folder.exists():
                    answers(session, [str(folder)], storage.remove)
    finally:
        if new:
            with suppress(OSError):  # there are results in it
                out.rmdir()


def swap(folders: tuple[str, str, str]) -> None:
    """Move new customers to the place of those of an earlier run, and these to a third folder."""
    new, place, old = map(Path, folders)
    if new.exists():  # Spark repeats a task that was lost after its work
        for left in new.glob(".part-*"):  # by tasks that were lost
            left.unlink(missing_ok=True)
        if place.exists():
            place.rename(old)
        new.rename(place)
