"""Files from outside, of bounded size, and files that a command writes: all of them or none."""

import io
import json
import os
import shutil
import tempfile
import zipfile
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from fnmatch import fnmatchcase
from pathlib import Path

from core.errors import DataError, UnreadableFileError
from core.trail import EXPORTED, facts_of, is_kept, note

try:
    import fcntl
except ImportError:  # on Windows
    fcntl = None  # type: ignore[assignment]  # a module elsewhere

UNFINISHED, LOCK = "unfinished-", ".lock"  # a folder that a run makes while it writes, and its owner's lock
NOTHING = nullcontext()
EARLIEST = (1980, 1, 1, 0, 0, 0)  # the first time a ZIP archive can write
MEGABYTE = 2**20  # bytes
SPLIT = "Split the file, or leave out columns that are not needed."
UNIX = 3  # the system whose permissions an entry carries, whatever this one is


def read_file(path: Path, most: int) -> bytes:
    """The bytes of a regular file of at most so many: a device has no end, and a pipe may never begin.

    Raises
    ------
    UnreadableFileError
        It is something else, or larger.
    OSError
        There is none, or it may not be read.
    """
    check_bytes(str(path), path.stat().st_size, most)
    content = first_bytes(path, most + 1)
    check_bytes(str(path), len(content), most)
    return content


def first_bytes(path: Path, most: int) -> bytes:
    """At most so many bytes of a regular file.

    Raises
    ------
    UnreadableFileError
        It is something else.
    OSError
        There is none, or it may not be read.
    """
    if path.exists() and not path.is_file():
        raise UnreadableFileError(f"This is {_other_than_a_file(path)}.", "Name a file.", file=str(path))
    with path.open("rb") as file:
        return file.read(most)


def check_bytes(name: str, size: int, most: int, remedy: str = SPLIT) -> None:
    """Refuse a file of more bytes than it may have.

    Raises
    ------
    UnreadableFileError
        It has more.
    """
    if size > most:
        raise UnreadableFileError(f"It {larger_than(most)}.", remedy, file=name)


def larger_than(most: int) -> str:
    """What is said of a file of too many bytes, after "it"; whole megabytes as the box for uploads counts them."""
    return f"is larger than {most // MEGABYTE:,} MB" if most % MEGABYTE == 0 else f"has more than {most:,} bytes"


def files_below(folder: Path) -> list[Path]:
    """The files in a folder and below, by name. Hidden files, as programs leave them there, are left out.

    Raises
    ------
    DataError
        There is none.
    """
    files = [
        path
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not any(part.startswith(("_", ".")) for part in path.relative_to(folder).parts)
    ]
    if not files:
        raise DataError(f"There is no file in the folder {folder}.", "Name a folder with CSV or Parquet files.")
    return files


def printable(text: str) -> str:
    """A name or an argument of the command line as text that a file can hold: it may be of any bytes."""
    return os.fsencode(text).decode("utf-8", "replace")


def _fits(parts: Sequence[str], pattern: Sequence[str]) -> bool:
    """Whether a glob names a file; ** are any folders."""
    if not pattern:
        return not parts
    if pattern[0] == "**":
        return any(_fits(parts[at:], pattern[1:]) for at in range(len(parts) + 1))
    return bool(parts) and fnmatchcase(parts[0], pattern[0]) and _fits(parts[1:], pattern[1:])


def check_out(folder: Path, names: Iterable[str], inputs: Iterable[Path] = ()) -> None:
    """Refuse a folder where some files cannot be written, or would be an input, however that is named.

    An input that is not there may be a glob: what it names would be read the next time.

    Raises
    ------
    DataError
        One of them would, or has something else than a file in its place; or the folder cannot be made or written to.
    """
    there = next(path for path in (folder.absolute(), *folder.absolute().parents) if path.exists())
    if not there.is_dir():
        raise DataError(f"{there} is not a folder.", "Choose another --out.")
    if not os.access(there, os.W_OK | os.X_OK):
        raise DataError(f"Nothing may be written to the folder {there}.", "Choose another --out.")
    names, everything = [*names], [*inputs]
    inputs = [path for path in everything if path.exists()]
    for place in filter(Path.exists, (folder / name for name in names)):
        if not place.is_file():
            raise DataError(f"{place} is {_other_than_a_file(place)}.", "Remove it, or choose another --out.")
        if any(place.samefile(path) for path in inputs):
            raise DataError(f"The results would replace {place}, which is read.", "Choose another --out.")
    for pattern in everything:
        for place in (folder / name for name in names if not pattern.exists()):
            if _fits(place.resolve().parts, pattern.resolve().parts):
                raise DataError(f"{place} would be read, too, the next time.", "Choose an --out that is not read.")


def write_all(
    folder: Path,
    files: Mapping[str, bytes],
    *,
    instead_of: Collection[str] = (),
    with_them: AbstractContextManager[object] = NOTHING,
) -> None:
    """Write into a folder inside the target first: a full disk leaves no half of a result.

    Files with a name in `instead_of`, which an earlier run has written and this one does not, go. `with_them` is what
    has to be done, too, such as a transaction on a table: it begins when all is written, and ends before anything takes
    its place.

    Raises
    ------
    DataError
        Where one of the files should go, there is a folder; or they cannot be written.
    """
    check_out(folder, [*files, *instead_of])
    try:
        with unfinished(folder) as partial:
            for name, content in files.items():
                (partial / name).write_bytes(content)
                if is_kept():
                    note(EXPORTED, **facts_of(str(folder / name), content))
            with with_them:
                pass
            _put_in_place(partial, folder, files, {*instead_of} - {*files})
    except OSError as error:
        why = f"The results cannot be written to {folder}: {error.strerror}."
        raise DataError(why, "Make room there, or choose another --out.") from error


def _put_in_place(partial: Path, folder: Path, files: Iterable[str], gone: Iterable[str]) -> None:
    try:
        for name in files:
            os.replace(partial / name, folder / name)
        for name in gone:
            (folder / name).unlink(missing_ok=True)
    except OSError as error:
        why = f"Not all results could take their place in {folder}, so some there may be old: {error.strerror}."
        raise DataError(why, "Close them in other programs, and run again; a table of it has its new rows.") from error


@contextmanager
def unfinished(folder: Path) -> Iterator[Path]:
    """A temporary folder inside another; it is removed in any case, and the other if it is new and stays empty.

    A run that is killed leaves its folder to the next one, which knows by its lock that nobody is at work there.
    """
    is_new = not folder.exists()
    folder.mkdir(parents=True, exist_ok=True)
    for left in folder.glob(f"{UNFINISHED}*"):
        if (left / LOCK).is_file() and _is_abandoned(left / LOCK):
            shutil.rmtree(left, ignore_errors=True)
    made = Path(tempfile.mkdtemp(prefix=UNFINISHED, dir=folder.absolute()))
    try:
        with (made / LOCK).open("wb") as lock:
            if fcntl:
                fcntl.flock(lock, fcntl.LOCK_EX)
            yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)
        if is_new:
            with suppress(OSError):  # it is not empty
                folder.rmdir()


def _other_than_a_file(path: Path) -> str:
    return "a folder" if path.is_dir() else "a device or a pipe"


def _is_abandoned(lock: Path) -> bool:
    """Whether the process that had the lock is gone, on whichever machine it was."""
    try:
        if not fcntl:
            lock.unlink()  # Windows refuses it while the file is open
            return True
        with lock.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def zip_bytes(files: Mapping[str, bytes]) -> bytes:
    """The files as one ZIP archive; equal files give equal bytes, as none carries the time it was made."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as zipped:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, EARLIEST)
            entry.create_system, entry.external_attr = UNIX, 0o644 << 16
            zipped.writestr(entry, content, zipfile.ZIP_DEFLATED)
    return archive.getvalue()


def json_bytes(value: object) -> bytes:
    """Readable JSON, numbers of numpy included."""
    return (json.dumps(value, indent=2, ensure_ascii=False, default=float) + "\n").encode()
