"""Files inside a packed file (.gz, .bz2, .xz) or an archive (.zip), unpacked within bounds."""

import bz2
import lzma
import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

from core.archives import ArchiveError, EncryptedArchiveError, LimitError, Limits, open_archive, unpacked
from core.errors import UnreadableFileError
from core.intake.reading import bounds
from core.intake.reading.bounds import check
from core.intake.reading.tables import NamedBytes

UNPACK: Final = "Unpack the file, and choose what is in it."
OTHER_FILES: Final = "files without a table"  # subject of a decision
MAX_FILES: Final = 200  # in an archive: a month's tables of each branch
PRIVATE: Final = ("__MACOSX", "Thumbs.db", "desktop.ini")  # what systems add to an archive


PACKAGE: Final = ("[Content_Types].xml", "mimetype", "xl/workbook.xml")  # one is in each workbook that is an archive


@dataclass(frozen=True)
class Member:
    """A file inside another: its name with that of the archive, and its bytes."""

    name: str
    content: bytes


def unpack(kind: str) -> Callable[[NamedBytes], list[Member]]:
    """How a file is unpacked that is packed as a stream: "gzip", "bzip2" or "xz"."""
    start = STREAMS[kind]

    def unpack(file: NamedBytes) -> list[Member]:
        limit = max(bounds.RATIO_FROM, min(bounds.MAX_BYTES, bounds.MAX_RATIO * len(file.content)))
        try:
            content = unpacked(file.content, start, limit)
        except LimitError as error:
            raise UnreadableFileError(error.sentence, UNPACK, file=file.name) from None
        except (OSError, EOFError, ValueError, zlib.error, lzma.LZMAError) as error:
            raise UnreadableFileError(f"The {kind} file is damaged: {error}.", UNPACK, file=file.name) from None
        return [Member(file.name, content)]

    return unpack


def unpack_zip(file: NamedBytes) -> list[Member]:
    """The files in an archive, without those that systems add, in the order of their names; none of a workbook.

    Raises
    ------
    UnreadableFileError
        Empty, damaged, with a password, or beyond a bound.
    """
    limits = Limits(bounds.MAX_MEMBERS, bounds.MAX_UNZIPPED, bounds.MAX_RATIO, bounds.RATIO_FROM)
    try:
        with open_archive(file.content, limits) as archive:
            if any(part in archive.NameToInfo for part in PACKAGE):
                return []
            infos = [info for info in archive.infolist() if not info.is_dir() and not _is_private(info.filename)]
            check(file.name, "files in the archive", len(infos), MAX_FILES, UNPACK)
            if len({info.filename for info in infos}) < len(infos):
                raise UnreadableFileError("Two files in the archive have the same name.", UNPACK, file=file.name)
            members = [Member(f"{file.name}: {info.filename}", archive.read(info)) for info in infos]
    except LimitError as error:
        raise UnreadableFileError(error.sentence, UNPACK, file=file.name) from None
    except EncryptedArchiveError:
        remedy = "Unpack it with the password, and choose the file in it."
        raise UnreadableFileError("The zip archive asks for a password.", remedy, file=file.name) from None
    except (ArchiveError, zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, NotImplementedError) as error:
        raise UnreadableFileError(f"The zip archive cannot be read: {error}.", UNPACK, file=file.name) from None
    if not members:
        raise UnreadableFileError("The zip archive is empty.", "Choose a file with customers.", file=file.name)
    return sorted(members, key=lambda member: member.name)


def _is_private(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return any(part in PRIVATE or part.startswith(".") for part in parts)


STREAMS: Final[Mapping[str, Callable[[], object]]] = {
    "gzip": lambda: zlib.decompressobj(wbits=31),
    "bzip2": bz2.BZ2Decompressor,
    "xz": lambda: lzma.LZMADecompressor(memlimit=256_000_000),  # bytes; the strongest setting takes a quarter of it
}
