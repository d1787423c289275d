"""Archives from outside: opened only if what they declare, or hold, stays within limits.

`zipfile` never gives more bytes of a member than the archive declares.
"""

import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

ENTRY: Final = b"PK\x01\x02"  # begins each entry of a zip archive's table of contents
METHODS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # others unpack without a limit
CHUNK: Final = 1 << 16  # bytes of a stream unpacked at a time; what is behind its end is copied
MAX_STREAMS: Final = 100_000  # behind each other in a file; some programs begin one every 64 KB
ENCRYPTED: Final = 1  # bit of a member's flags
# Why an archive is refused, by what is more than a limit: the number found, and the limit.
FILES: Final = "it has {:,} files in the archive; the limit is {:,}"
BYTES: Final = "it has {:,} bytes when unpacked; the limit is {:,}"
RATIO: Final = "it is {:,} times as large when unpacked; the limit is {:,} times"
PARTS: Final = "it has {:,} packed streams; the limit is {:,}"


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
    """There is more than a limit allows."""

    @property
    def sentence(self) -> str:
        """The reason as a sentence of its own."""
        reason = str(self)
        return f"{reason[:1].upper()}{reason[1:]}."


def open_archive(content: bytes, limits: Limits) -> zipfile.ZipFile:
    """Open an archive to read.

    Raises
    ------
    ArchiveError
        It is encrypted, packed in an unusual way, or beyond a limit.
    zipfile.BadZipFile
        It is damaged, or no archive.
    """
    _check(FILES, content.count(ENTRY), limits.members)
    archive = zipfile.ZipFile(io.BytesIO(content))
    members = archive.infolist()
    size = sum(member.file_size for member in members)
    _check(BYTES, size, limits.unpacked)
    if limits.ratio and size > limits.ratio_from:
        _check(RATIO, size // len(content), limits.ratio)
    if any(member.flag_bits & ENCRYPTED for member in members):
        raise EncryptedArchiveError("it asks for a password")
    if any(member.compress_type not in METHODS for member in members):
        raise PackingError("it is packed in another way")
    return archive


def unpacked(content: bytes, decompressor: Callable[[], Any], limit: int) -> bytes:
    """The bytes of a stream of gzip, bzip2 or xz, or of several behind each other; zeros at the end are padding.

    Parameters
    ----------
    decompressor : callable
        Makes a decompressor of the standard library for one stream.
    limit : int
        Bytes when unpacked.

    Raises
    ------
    LimitError
        There are more.
    EOFError
        The last stream has no end.
    OSError, zlib.error, lzma.LZMAError
        It is damaged.
    """
    parts, size, streams, stream = [], 0, 0, None
    for start in range(0, len(content), CHUNK):
        left = content[start : start + CHUNK]
        while left and (stream or left.strip(b"\0")):
            if stream is None:
                stream, streams = decompressor(), streams + 1
                _check(PARTS, streams, MAX_STREAMS)
            parts.append(stream.decompress(left, limit - size + 1))
            size += len(parts[-1])
            _check(BYTES, size, limit)
            left = stream.unused_data if stream.eof else b""
            stream = None if stream.eof else stream
    if stream is not None:
        raise EOFError("its end is missing")
    return b"".join(parts)


def _check(reason: str, found: int, limit: int) -> None:
    if found > limit:
        raise LimitError(reason.format(found, limit))
