"""Files that a command writes: all of them or none."""

import io
import json
import os
import tempfile
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from core.errors import DataError

EARLIEST = (1980, 1, 1, 0, 0, 0)  # the first time a ZIP archive can write
UNIX = 3  # the system whose permissions an entry carries, whatever this one is


def write_all(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write into a folder inside the target first: a full disk leaves no half of a result.

    Raises
    ------
    DataError
        Where one of the files should go, there is a folder.
    """
    folder.mkdir(parents=True, exist_ok=True)
    check_no_folders(folder, files)
    with tempfile.TemporaryDirectory(dir=folder) as partial:
        for name, content in files.items():
            (Path(partial) / name).write_bytes(content)
        for name in files:
            os.replace(Path(partial) / name, folder / name)


def check_no_folders(folder: Path, names: Iterable[str]) -> None:
    """Refuse a folder with a folder where one of some files should go.

    Raises
    ------
    DataError
        There is one.
    """
    if blocked := [folder / name for name in names if (folder / name).is_dir()]:
        raise DataError(f"{blocked[0]} is a folder.", "Remove it, or choose another --out.")


def zip_bytes(files: Mapping[str, bytes]) -> bytes:
    """The files as one ZIP archive; equal files give equal bytes, as none carries the time it was made."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as zipped:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, EARLIEST)
            entry.create_system, entry.external_attr = UNIX, 0o644 << 16
            zipped.writestr(entry, content, zipfile.ZIP_DEFLATED)
    return archive.getvalue()


def read_json(content: bytes) -> Any:
    """The values in a JSON file, all of which can be written again.

    Raises
    ------
    ValueError
        It is none, nested too deeply, or has half of a surrogate pair, which no encoding can write.
    """
    try:
        value = json.loads(content.decode("utf-8-sig"))
        json.dumps(value, ensure_ascii=False).encode()
    except RecursionError:
        raise ValueError("nested too deeply") from None
    return value


def json_bytes(value: object) -> bytes:
    """Readable JSON, numbers of numpy included."""
    return (json.dumps(value, indent=2, ensure_ascii=False, default=float) + "\n").encode()
