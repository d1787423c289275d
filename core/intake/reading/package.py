"""An XLSX file is a zip archive of XML parts: opened, its parts found, and read element by element, within bounds."""

import io
import posixpath
import zipfile
from collections.abc import Iterator
from typing import IO
from xml.etree.ElementTree import Element, iterparse  # safe: a part that declares a document type is refused first

from core.errors import UnreadableFileError
from core.intake.reading import bounds
from core.intake.reading.bounds import check

AS_CSV = "Save the table as CSV and choose that file."
SAVE_ANEW = "Open it in Excel, save it anew and choose that file."
ENTRY = b"PK\x01\x02"  # begins each entry of a zip archive's table of contents
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # the only ones of a workbook; others unpack without a limit
ENCRYPTED = 1  # bit of a member's flags
RELATIONSHIPS = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationships"
DOCTYPE = b"<!DOCTYPE"  # may declare entities and defaults, by which a small part grows without end
COUNTED = 1 << 18  # bytes counted at a time: Python's lock is held for less than a millisecond
PIECE = 1 << 14  # bytes parsed at a time; the elements of larger ones outlive the garbage collector's first rounds


def damaged(name: str, why: str = "") -> UnreadableFileError:
    """What is said of a workbook whose bytes make no sense."""
    return UnreadableFileError(f"The workbook is damaged{why}.", SAVE_ANEW, file=name)


def password(name: str) -> UnreadableFileError:
    """What is said of a workbook that asks for a password."""
    return UnreadableFileError(
        "The workbook is protected by a password.", "Remove the password in Excel and save it.", file=name
    )


class Package:
    """The parts of an XLSX file.

    Raises
    ------
    UnreadableFileError
        Damaged, encrypted, or beyond a bound.
    """

    def __init__(self, name: str, content: bytes) -> None:
        self.name = name
        check(name, "files in the workbook", content.count(ENTRY), bounds.MAX_MEMBERS, AS_CSV)
        self.archive = zipfile.ZipFile(io.BytesIO(content))
        members = self.archive.infolist()
        size = sum(member.file_size for member in members)
        check(name, "bytes when unpacked", size, bounds.MAX_UNZIPPED, AS_CSV)
        if size > bounds.RATIO_FROM:
            check(name, "times its size when unpacked", size // len(content), bounds.MAX_RATIO, AS_CSV)
        if any(member.flag_bits & ENCRYPTED for member in members):
            raise password(name)
        if any(member.compress_type not in METHODS for member in members):
            raise damaged(name, ": it is packed by a method that no workbook uses")

    def __contains__(self, part: str) -> bool:
        """Whether there is such a part."""
        return part in self.archive.NameToInfo

    def size(self, part: str) -> int:
        """Bytes of a part when unpacked: `zipfile` never gives more than are declared."""
        return self.archive.getinfo(part).file_size

    def count(self, part: str) -> int:
        """Elements of a part, at most: what begins with `<` and is no end. Unpacks the part, and so checks it.

        Raises
        ------
        UnreadableFileError
            The part declares a document type.
        """
        found, end = 0, b""
        with self.archive.open(part) as xml:
            while piece := xml.read(COUNTED):
                piece = piece.replace(b"\0", b"")  # ASCII is left of UTF-16
                end = end[-len(DOCTYPE) :] + piece
                if DOCTYPE in end:
                    raise UnreadableFileError(
                        f"{part} in the workbook declares a document type (DTD), by which attacks make entities grow.",
                        AS_CSV, file=self.name,
                    )  # fmt: skip
                found += piece.count(b"<") - piece.count(b"</")
        return found

    def children(self, part: str, inside: str) -> list[Element]:
        """What is in the first element `inside` of a part that holds neither cells nor texts, and so is small.

        Raises
        ------
        UnreadableFileError
            The part has more than `MAX_ENTRIES` elements or `MAX_PART` bytes.
        """
        check(self.name, f"bytes in {part}", self.size(part), bounds.MAX_PART, SAVE_ANEW)
        check(self.name, f"entries in {part}", self.count(part), bounds.MAX_ENTRIES, SAVE_ANEW)
        with self.archive.open(part) as xml:
            source = _Pieces(self.name, part, xml)
            for _, element in iterparse(source):
                source.pending = 0
                if element.tag == inside:
                    return list(element)
        return []

    def elements(self, part: str, tag: str, last: str) -> Iterator[Element]:
        """The elements `tag` of a part until an element `last` ends, each empty after its turn.

        Raises
        ------
        UnreadableFileError
            A single element exceeds `MAX_ROW` bytes.
        """
        with self.archive.open(part) as xml:
            source = _Pieces(self.name, part, xml)
            for _, element in iterparse(source):
                if element.tag == tag:
                    yield element
                    element.clear()
                    source.pending = 0
                elif element.tag == last:
                    return

    def related(self, part: str) -> dict[str, tuple[str, str]]:
        """The parts that a part refers to: id → type (an address), name of the part. An empty name: the whole file."""
        folder, base = posixpath.split(part)
        rels = posixpath.join(folder, "_rels", f"{base}.rels")
        found = {}
        for one in self.children(rels, RELATIONSHIPS) if rels in self else ():
            if one.get("TargetMode") != "External":
                path = posixpath.normpath(posixpath.join("/", folder, one.get("Target", "")))
                found[one.get("Id", "")] = one.get("Type", ""), path.lstrip("/")
        return found


class _Pieces:
    """Unpacked XML for a parser; `pending` is set back after each element, or else grows."""

    def __init__(self, name: str, part: str, xml: IO[bytes]) -> None:
        self.name, self.part, self.xml, self.pending = name, part, xml, 0

    def read(self, _size: int = -1) -> bytes:
        """The next piece, larger within a long element, so that to parse it anew with each takes linear time."""
        check(self.name, f"bytes in one element of {self.part}", self.pending, bounds.MAX_ROW, AS_CSV)
        piece = self.xml.read(max(PIECE, self.pending))
        self.pending += len(piece)
        return piece
