"""Zip archives from outside: opened only if what they declare stays within limits.

Nothing is unpacked here. `zipfile` never gives more bytes of a member than the archive declares.
"""

import io
import zipfile
from dataclasses import dataclass
from typing import Final

ENTRY: Final = b"PK\x01\x02"  # begins each entry of a zip archive's table of contents
METHODS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # others unpack without a limit
ENCRYPTED: Final = 1  # bit of a member's flags


@dataclass(frozen=True)
class Limits:
    """What an archive may declare.

    Parameters
    ----------
    members : int
        Entries of the table of contents; `zipfile` holds an object for each.
    unpacked : int
        Bytes of all members together when unpacked.
    ratio, ratio_from : int
        How many times the archive's own size that may be, once it is more than `ratio_from` bytes; 0: any.
    """

    members: int
    unpacked: int
    ratio: int = 0
    ratio_from: int = 0


class ArchiveError(ValueError):
    """An archive is not opened; the message is the reason."""


class EncryptedArchiveError(ArchiveError):
    """A member asks for a password."""


class PackingError(ArchiveError):
    """A member is packed by another method than stored or deflated."""


class LimitError(ArchiveError):
    """There is more than a limit allows: `found` of `what`, where `limit` is the most."""

    def __init__(self, what: str, found: int, limit: int) -> None:
        super().__init__(f"it has {found:,} {what}; the limit is {limit:,}")
        self.what, self.found, self.limit = what, found, limit


def open_archive(content: bytes, limits: Limits) -> zipfile.ZipFile:
    """Open an archive to read.

    Raises
    ------
    ArchiveError
        It is encrypted, packed in an unusual way, or beyond a limit.
    zipfile.BadZipFile
        It is damaged, or no archive.
    """
    _check("files in the archive", content.count(ENTRY), limits.members)
    archive = zipfile.ZipFile(io.BytesIO(content))
    members = archive.infolist()
    size = sum(member.file_size for member in members)
    _check("bytes when unpacked", size, limits.unpacked)
    if limits.ratio and size > limits.ratio_from:
        _check("times its size when unpacked", size // len(content), limits.ratio)
    if any(member.flag_bits & ENCRYPTED for member in members):
        raise EncryptedArchiveError("it asks for a password")
    if any(member.compress_type not in METHODS for member in members):
        raise PackingError("it is packed in another way")
    return archive


def _check(what: str, found: int, limit: int) -> None:
    if found > limit:
        raise LimitError(what, found, limit)
