"""Files where the workers see them: paths, or addresses of a store that pyarrow knows (s3://, gs://, hdfs:// …)."""

import hashlib
from dataclasses import dataclass
from posixpath import basename, dirname

import pyarrow as pa
import pyarrow.fs as pafs

from core.errors import DataError

HIDDEN = ("_", ".")  # as Spark and Hadoop have it: marks of finished jobs, files being written
HASHED_BYTES = 8_000_000  # at a time: a request each, where a file is in a store


@dataclass(frozen=True)
class Stored:
    """A file: its place, its size in bytes, and when it was changed (nanoseconds; 0 where the storage does not say).

    `called` is the table of which it is a part.
    """

    path: str
    size: int
    changed: int = 0
    called: str = ""

    @property
    def name(self) -> str:
        """The name of its table, or the last part of its path, for messages."""
        return self.called or basename(self.path)


def listed(place: str) -> list[Stored]:
    """The file at a place, or those in the folder there and below, by name; hidden ones are passed over.

    Raises
    ------
    DataError
        There is nothing, or no file in the folder.
    """
    system, path = _system(place)
    found = system.get_file_info(path)
    if found.type == pafs.FileType.File:
        return [Stored(place, found.size, found.mtime_ns or 0)]
    if found.type == pafs.FileType.NotFound:
        raise DataError(f"There is no file or folder {place}.", "Name one that the workers see too.")
    everything = system.get_file_info(pafs.FileSelector(path, recursive=True))
    files = [
        Stored(below(place, one.path[len(path) :].strip("/")), one.size, one.mtime_ns or 0)
        for one in sorted(everything, key=lambda one: one.path)
        if one.type == pafs.FileType.File
        and not any(part.startswith(HIDDEN) for part in one.path[len(path) :].strip("/").split("/"))
    ]
    if not files:
        raise DataError(f"There is no file in the folder {place}.", "Name a folder with CSV or Parquet files.")
    return files


def opened(place: str) -> pa.NativeFile:
    """The file, to read any part of it."""
    system, path = _system(place)
    return system.open_input_file(path)


def created(place: str) -> pa.NativeFile:
    """A new file, to write to; folders on the way to it are made."""
    system, path = _system(place)
    system.create_dir(dirname(path))
    return system.open_output_stream(path)


def content(place: str, start: int = 0, stop: int | None = None) -> bytes:
    """The bytes of a file from one to before another."""
    with opened(place) as file:
        file.seek(start)
        found: bytes = file.read() if stop is None else file.read(max(stop - start, 0))
    return found


def digest(place: str) -> str:
    """The SHA-256 of a file, of which a part is held at a time."""
    found = hashlib.sha256()
    with opened(place) as file:
        while part := file.read(HASHED_BYTES):
            found.update(part)
    return found.hexdigest()


def move(place: str, other: str) -> None:
    """Give a file another place in the same storage, in that of a file that is there."""
    system, path = _system(place)
    system.move(path, _system(other)[1])


def remove(place: str) -> None:
    """Remove a folder and what is in it."""
    system, path = _system(place)
    if system.get_file_info(path).type == pafs.FileType.Directory:
        system.delete_dir(path)


def below(place: str, *names: str) -> str:
    """A place in a folder."""
    return "/".join((place.rstrip("/"), *names))


def _system(place: str) -> tuple[pafs.FileSystem, str]:
    system, path = pafs.FileSystem.from_uri(place) if "://" in place else (pafs.LocalFileSystem(), place)
    return system, path


def chunks(size: int, most: int) -> list[tuple[int, int]]:
    """Where pieces of about so many bytes begin and stop; what is left at the end goes with the last one."""
    starts = range(0, max(size - most // 2, 1), most)
    return [(start, min(start + most, size)) for start in starts[:-1]] + [(starts[-1], size)]
