"""Files that a command writes: all of them or none."""

import json
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from core.errors import DataError


def write_all(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write into a folder inside the target first: a full disk leaves no half of a result.

    Raises
    ------
    DataError
        Where one of the files should go, there is a folder.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if blocked := [folder / name for name in files if (folder / name).is_dir()]:
        raise DataError(f"{blocked[0]} is a folder.", "Remove it, or choose another --out.")
    with tempfile.TemporaryDirectory(dir=folder) as partial:
        for name, content in files.items():
            (Path(partial) / name).write_bytes(content)
        for name in files:
            os.replace(Path(partial) / name, folder / name)


def json_bytes(value: object) -> bytes:
    """Readable JSON, numbers of numpy included."""
    return (json.dumps(value, indent=2, ensure_ascii=False, default=float) + "\n").encode()
