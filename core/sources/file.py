"""Files as sources: text, workbooks, files with typed columns, and archives of them (`core.intake.reading.formats`)."""

from collections.abc import Iterator
from pathlib import Path

from core.files import files_below, printable, read_file
from core.intake.read import MAX_BYTES, SourceFile
from core.sources.kinds import FILES, Argument, SourceKind, register
from core.sources.source import Source

FileSource = SourceFile  # its name among the sources


def files_at(place: Argument) -> list[Path]:
    """The file at a place, or the files in the folder there and below."""
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
