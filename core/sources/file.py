"""Files as sources: text, workbooks, files with typed columns, and archives of them (`core.intake.reading.formats`)."""

from collections.abc import Iterator
from pathlib import Path

from core.errors import DataError
from core.files import files_below, printable, read_file
from core.intake.read import MAX_BYTES, SourceFile
from core.sources.kinds import FILES, Argument, SourceKind, register
from core.sources.source import Source

FileSource = SourceFile  # its name among the sources


def files_at(place: Argument) -> list[Path]:
    """The file at a place, or the files in the folder there and below.

    Raises
    ------
    DataError
        The name is empty, which would be the folder one is in.
    """
    if not str(place):
        raise DataError("The name of a file is empty.", "Name a file or a folder; . is the one you are in.")
    path = Path(str(place))
    return files_below(path) if path.is_dir() else [path]


def opened_files(place: Argument) -> Iterator[Source]:
    """The files at a place (`files_at`), each read when it is asked for."""
    return (FileSource(printable(path.name), read_file(path, MAX_BYTES)) for path in files_at(place))


register(
    SourceKind(
        FILES,
        label="Files",
        plural="customer files",
        argument="FILE",
        help="CSV or other text, workbooks, Parquet, Feather, Stata, SPSS, SAS, JSON, or a .gz or .zip of them",
        recognises=lambda _: False,
        open=opened_files,
        paths=files_at,
    )
)
