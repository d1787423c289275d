"""A workbook's zip archive of XML parts: opened within bounds, and read in chunks."""

import codecs
import io
import posixpath
import re
from collections.abc import Container, Iterator
from contextlib import contextmanager
from typing import IO
from xml.etree.ElementTree import Element, iterparse  # safe: a part that declares a document type is refused first

from core.archives import EncryptedArchiveError, LimitError, Limits, PackingError, open_archive
from core.errors import UnreadableFileError
from core.intake.reading import bounds
from core.intake.reading.bounds import check

AS_CSV = "Save the table as CSV and choose that file."
SAVE_ANEW = "Open it in Excel, save it anew and choose that file."
RELATIONSHIPS = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationships"
# The strict dialect of Open XML has a name of its own for the same elements.
STRICT, USUAL = (
    b"http://purl.oclc.org/ooxml/spreadsheetml/main",
    b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
)
HEAD = 1 << 14  # bytes that hold the first element of a part, which names the dialect
DOCTYPE = b"<!DOCTYPE"  # may declare entities and defaults, by which a small part grows without end
DECLARED = re.compile(rb"""^\s*<\?xml[^>]*?encoding\s*=\s*["']([\w.-]+)["'][^>]*\?>""")
ENCODINGS = {"utf-8", "us-ascii", "ascii", "iso-8859-1", "utf-16"}  # what the parser of XML takes
COUNTED = 1 << 18  # bytes per search; Python's lock is held for less than a millisecond
CHUNK_BYTES = (
    1 << 14
)  # bytes parsed at a time; the elements of larger ones outlive the garbage collector's first rounds


def damaged(name: str, why: str = "") -> UnreadableFileError:
    """The error for a damaged workbook."""
    return UnreadableFileError(f"The workbook is damaged{why}.", SAVE_ANEW, file=name)


def password(name: str) -> UnreadableFileError:
    """The error for a workbook that asks for a password."""
    return UnreadableFileError(
        "The workbook is protected by a password.", "Remove the password in Excel and save it.", file=name
    )


class Package:
    """The parts of a workbook.

    Raises
    ------
    UnreadableFileError
        Encrypted, or beyond a bound.
    zipfile.BadZipFile
        Damaged.
    """

    def __init__(self, name: str, content: bytes) -> None:
        self.name = name
        limits = Limits(bounds.MAX_MEMBERS, bounds.MAX_UNZIPPED, bounds.MAX_RATIO, bounds.RATIO_FROM)
        try:
            self.archive = open_archive(content, limits)
        except LimitError as error:
            raise UnreadableFileError(error.sentence, AS_CSV, file=name) from None
        except EncryptedArchiveError:
            raise password(name) from None
        except PackingError:
            raise damaged(name, ": it is packed by a method that no workbook uses") from None

    def __contains__(self, part: str) -> bool:
        """Whether there is such a part."""
        return part in self.archive.NameToInfo

    def size(self, part: str) -> int:
        """Bytes of a part when unpacked: `zipfile` never gives more than are declared."""
        return self.archive.getinfo(part).file_size

    def text(self, part: str) -> Iterator[bytes]:
        """The XML of a part as UTF-8 without its declaration, in chunks that each end with a tag if they can.

        Raises
        ------
        UnreadableFileError
            The part declares a document type.
        """
        rest, before = b"", b""
        for chunk in self._decoded(part):
            if DOCTYPE in before + chunk:
                raise UnreadableFileError(
                    f"{part} in the workbook declares a document type (DTD), by which attacks make entities grow.",
                    AS_CSV, file=self.name,
                )  # fmt: skip
            before, cut = chunk[-len(DOCTYPE) :], chunk.rfind(b">") + 1
            if cut or len(rest) > bounds.MAX_ROW:
                cut = cut or len(chunk)
                yield _with_line_feeds(rest + chunk[:cut])
                rest = chunk[cut:]
            else:
                rest += chunk
        yield _with_line_feeds(rest)

    def count(self, part: str) -> int:
        """Upper bound of the elements of a part. Unpacks the part, and so checks it."""
        return sum(map(elements_in, self.text(part)))

    def children(self, part: str, inside: str) -> list[Element]:
        """The children of the first element `inside` of a small part (without cells and texts).

        Raises
        ------
        UnreadableFileError
            The part has more than `MAX_ENTRIES` elements or `MAX_PART` bytes.
        """
        check(self.name, f"bytes in {part}", self.size(part), bounds.MAX_PART, SAVE_ANEW)
        check(self.name, f"entries in {part}", self.count(part), bounds.MAX_ENTRIES, SAVE_ANEW)
        with self._open(part) as xml:
            source = Chunks(self.name, part, xml)
            for _, element in iterparse(source):
                source.pending = 0
                if element.tag == inside:
                    return list(element)
        return []

    def elements(self, part: str, tags: Container[str], last: str) -> Iterator[Element]:
        """The elements with some tags of a part until an element `last` ends, each empty after its turn.

        Raises
        ------
        UnreadableFileError
            A single element exceeds `MAX_ROW` bytes.
        """
        with self._open(part) as xml:
            source = Chunks(self.name, part, xml)
            for _, element in iterparse(source):
                if element.tag in tags:
                    yield element
                    element.clear()
                    source.pending = 0
                elif element.tag == last:
                    return

    def related(self, part: str) -> dict[str, tuple[str, str]]:
        """The parts that a part refers to: id → type (an address), name of the part. An empty name: the whole file."""
        folder, base = posixpath.split(part)
        rels = posixpath.join(folder, "_rels", f"{base}.rels")
        parts = {}
        for relationship in self.children(rels, RELATIONSHIPS) if rels in self else ():
            if relationship.get("TargetMode") != "External":
                path = posixpath.normpath(posixpath.join("/", folder, relationship.get("Target", "")))
                parts[relationship.get("Id", "")] = relationship.get("Type", ""), path.lstrip("/")
        return parts

    @contextmanager
    def _open(self, part: str) -> Iterator["_Part"]:
        with self.archive.open(part) as xml:
            yield _Part(xml)

    def _decoded(self, part: str) -> Iterator[bytes]:
        """The XML as UTF-8, without its declaration and byte order mark."""
        with self._open(part) as xml:
            head = xml.read(COUNTED)
            codec = _codec(head)
            if codec == "utf-8":
                yield _undeclared(head.removeprefix(codecs.BOM_UTF8))
                while chunk := xml.read(COUNTED):
                    yield chunk
                return
            decoder = codecs.getincrementaldecoder(codec)()
            yield _undeclared(decoder.decode(head).lstrip("\ufeff").encode())
            while chunk := xml.read(COUNTED):
                yield decoder.decode(chunk).encode()
            yield decoder.decode(b"", final=True).encode()


def elements_in(xml: bytes) -> int:
    """Number of elements that start in a text: each `<` that is not an end tag."""
    return xml.count(b"<") - xml.count(b"</")


def _codec(head: bytes) -> str:
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if b"\0" in head[:2]:
        return "utf-16-be" if head.startswith(b"\0") else "utf-16-le"
    declared = DECLARED.match(head)
    codec = declared[1].decode().lower() if declared else "utf-8"
    if codec not in ENCODINGS:
        raise LookupError(codec)
    return "utf-8" if codec == "utf-16" else codec  # said of UTF-8 by some programs, and never true here


def _undeclared(xml: bytes) -> bytes:
    return re.sub(rb"^\s*<\?xml[^>]*\?>\s*", b"", xml, count=1)


def _with_line_feeds(xml: bytes) -> bytes:
    """The text with line feeds as its only line ends, as XML requires."""
    return xml.replace(b"\r\n", b"\n").replace(b"\r", b"\n") if b"\r" in xml else xml


class _Part:
    """The bytes of a part, with the names of the usual dialect."""

    def __init__(self, xml: IO[bytes]) -> None:
        self.xml, self.begun = xml, False

    def read(self, size: int) -> bytes:
        """The next bytes."""
        if self.begun:
            return self.xml.read(size)
        self.begun = True
        return self.xml.read(max(size, HEAD)).replace(STRICT, USUAL)


class Chunks:
    """Unpacked XML for a parser; `pending` counts the bytes since the last element."""

    def __init__(self, name: str, part: str, xml: "_Part | io.BytesIO") -> None:
        self.name, self.part, self.xml, self.pending = name, part, xml, 0

    def read(self, _size: int = -1) -> bytes:
        """The next chunk; larger within a long element, so that parsing takes linear time."""
        check(self.name, f"bytes in one element of {self.part}", self.pending, bounds.MAX_ROW, AS_CSV)
        chunk = self.xml.read(max(CHUNK_BYTES, self.pending))
        self.pending += len(chunk)
        return chunk
