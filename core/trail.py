"""The audit trail: who read which source when, and exported what, a line of JSON each.

It is off unless the environment variable `AUDIT_LOG` names a file. How long its lines are kept is the operator's.
Nothing is read or exported without its line: where the file cannot be written, the step is refused.
"""

import csv
import errno
import getpass
import io
import json
import os
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from core.errors import DataError

FILE: Final = "AUDIT_LOG"
READ, EXPORTED = "read", "exported"
CSV, ZIP = ".csv", ".zip"


def is_kept() -> bool:
    """Whether there is a trail."""
    return bool(os.environ.get(FILE))


def note(event: str, *, who: str = "", **facts: Any) -> None:
    """Add a line: time in UTC, who (the account of the process unless given), the event, and its facts.

    Raises
    ------
    DataError
        The file cannot be written.
    """
    if not is_kept():
        return
    line = {"time": datetime.now(UTC).isoformat(timespec="seconds"), "who": who or account(), "event": event, **facts}
    try:
        file = os.open(os.environ[FILE], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            content = json.dumps(line, ensure_ascii=False).encode(errors="backslashreplace") + b"\n"
            written = os.write(file, content)  # one write: lines never mix
            if written < len(content):
                os.ftruncate(file, os.fstat(file).st_size - written)
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        finally:
            os.close(file)
    except OSError as error:
        remedy = f"Nothing is read or exported without it: correct {FILE}."
        raise DataError(f"The audit trail cannot be written: {error.strerror}.", remedy) from None


def facts_of(name: str, content: bytes) -> Mapping[str, Any]:
    """What a file is: its name and size; of a CSV also its rows and columns, of a ZIP archive the files in it."""
    facts: dict[str, Any] = {"file": name, "bytes": len(content)}
    if name.endswith(ZIP):
        facts["files"] = zipfile.ZipFile(io.BytesIO(content)).namelist()
    if name.endswith(CSV):
        rows = csv.reader(io.StringIO(content.decode("utf-8-sig", "replace"), newline=""))
        facts |= {"columns": next(rows, []), "rows": sum(1 for row in rows if row)}
    return facts


def account() -> str:
    """The account that the process runs as."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container may run under a number without a name
        return str(os.getuid()) if hasattr(os, "getuid") else ""
