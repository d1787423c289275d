"""The kinds of files, known by their first bytes, and what reads each, or what to do with one that nothing reads.

A file's name decides nothing: people rename files, and portals call a web page .xls.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from core.errors import UnreadableFileError
from core.intake.reading.arrow_file import FILE as ARROW
from core.intake.reading.arrow_file import read_arrow
from core.intake.reading.json_records import read_json
from core.intake.reading.markup import read_html, read_xml
from core.intake.reading.package import AS_CSV
from core.intake.reading.packed import Member, unpack, unpack_zip
from core.intake.reading.parquet import PARQUET, read_parquet
from core.intake.reading.statistical import read_sas, read_sas_transport, read_spss, read_spss_portable, read_stata
from core.intake.reading.tables import NamedBytes, ReadChoices, Reading
from core.intake.reading.workbook import OLD_WORKBOOK, read_workbook
from core.intake.steps import rejected_frame

HEAD: Final = 512  # bytes that tell a kind
TEXT_HEAD: Final = 4096  # bytes of text that tell JSON or a web page
SAS: Final = bytes(12) + bytes.fromhex("c2ea8160b31411cfbd92080009c7318c181f1011")
OLD_STATA: Final = rb"[\x69\x6a\x6b\x6c\x6e-\x73][\x01\x02]\x01\x00"  # version, order of bytes, always 1, unused
# What an archive has inside that is a workbook or another document in a package of zip; its first file is one of them.
PACKAGE_PARTS: Final = (b"[Content_Types].xml", b"mimetype", b"_rels/", b"xl/", b"docProps/", b"META-INF/", b"word/",
                        b"ppt/")  # fmt: skip

Reader = Callable[[NamedBytes, ReadChoices], Reading]


@dataclass(frozen=True)
class Format:
    """A kind of file: what it is called in a sentence, a pattern of its first bytes, and what is done with one.

    `read` gives its tables, or `members` the files in it, if there are any; without both it is refused with `remedy`.
    """

    name: str
    head: str
    read: Reader | None = None
    members: Callable[[NamedBytes], Sequence[Member]] | None = None
    remedy: str = AS_CSV

    def matches(self, head: bytes) -> bool:
        """Whether a file with these first bytes is of the kind."""
        return re.match(self.head.encode("latin-1"), head, re.S) is not None


@dataclass(frozen=True)
class TextFormat:
    """A kind of text that is not delimited: a pattern of its first characters, and what reads it."""

    name: str
    head: str
    read: Callable[[str, bytes, dict[str, str], ReadChoices], Reading]

    def matches(self, text: bytes) -> bool:
        """Whether a text is of the kind."""
        return re.match(self.head.encode(), text[:TEXT_HEAD], re.I | re.S) is not None


def format_of(head: bytes) -> Format | None:
    """The kind of a file by its first `HEAD` bytes; None: a text."""
    return next((kind for kind in FORMATS if kind.matches(head)), None)


def text_format_of(text: bytes) -> TextFormat | None:
    """The kind of a text in UTF-8; None: delimited or of fixed width."""
    return next((kind for kind in TEXT_FORMATS if kind.matches(text)), None)


def refusal(name: str, kind: Format) -> UnreadableFileError:
    """The error for a kind that nothing reads."""
    return UnreadableFileError(f"This is {kind.name}, not a table.", kind.remedy, file=name)


def _read_parquet(file: NamedBytes, _: ReadChoices) -> Reading:
    return Reading((read_parquet(file),), rejected_frame(file.name, [], [], []))


def _exact(begin: bytes, at: int = 0) -> str:
    return (f".{{{at}}}" if at else "") + re.escape(begin).decode("latin-1")


AS_GEOJSON: Final = "Export the borders as GeoJSON, in WGS 84 (EPSG:4326)."
EXPORT: Final = "Open it in the program it comes from, and export the table as CSV."
_DOCUMENT: Final = _exact(b"PK\x03\x04") + ".{26}(?:" + "|".join(map(_exact, PACKAGE_PARTS)) + ")"
FORMATS: Final = (
    Format("a Numbers document", _exact(b"PK\x03\x04") + ".{26}Index/", remedy="Export it in Numbers as CSV or XLSX."),
    Format("a workbook", _DOCUMENT, read=read_workbook),
    Format("a workbook", _exact(OLD_WORKBOOK), read=read_workbook),
    Format("a zip archive", r"PK(?:\x03\x04|\x05\x06|\x07\x08)", read=read_workbook, members=unpack_zip),
    Format("Parquet", _exact(PARQUET), read=_read_parquet),
    Format("an Arrow file", _exact(ARROW), read=read_arrow),
    Format("an Arrow stream", r"\xff\xff\xff\xff.{3}\x00\x10\x00\x00\x00", read=read_arrow),
    Format("a Stata file", "<stata_dta>", read=read_stata),
    Format("a Stata file", OLD_STATA.decode("latin-1"), read=read_stata),
    Format("an SPSS file", r"\$FL[23]", read=read_spss),
    Format("an SPSS portable file", ".{40}ASCII SPSS PORT FILE", read=read_spss_portable),
    Format("a SAS data set", _exact(SAS), read=read_sas),
    Format("a SAS transport file", r"HEADER RECORD\*{7}LIB(?:RARY|V8)", read=read_sas_transport),
    Format("gzip", r"\x1f\x8b\x08", members=unpack("gzip")),
    Format("bzip2", r"BZh[1-9]1AY&SY", members=unpack("bzip2")),
    Format("xz", _exact(b"\xfd7zXZ\x00"), members=unpack("xz")),
    Format("a tar archive", _exact(b"ustar", 257), remedy="Unpack it, and choose the file in it."),
    Format("a 7z archive", _exact(b"7z\xbc\xaf\x27\x1c"), remedy="Unpack it, and choose the file in it."),
    Format("a RAR archive", r"Rar!\x1a\x07", remedy="Unpack it, and choose the file in it."),
    Format("a file packed by zstd", _exact(b"\x28\xb5\x2f\xfd"), remedy="Unpack it, and choose the file in it."),
    Format("an old Feather file (version 1)", "FEA1", remedy="Write it anew as Feather, Parquet or CSV."),
    Format("an encrypted Parquet file", "PARE", remedy="Write it anew without encryption."),
    Format("a PDF document", "%PDF", remedy="Ask for the table as CSV or XLSX, or copy it into a workbook."),
    Format("a PNG picture", r"\x89PNG", remedy="Ask for the table as CSV or XLSX."),
    Format("a JPEG picture", r"\xff\xd8\xff", remedy="Ask for the table as CSV or XLSX."),
    Format("a GIF picture", "GIF8", remedy="Ask for the table as CSV or XLSX."),
    Format("a TIFF picture", r"II\*\x00|MM\x00\*", remedy="Ask for the table as CSV or XLSX."),
    Format("an RTF document", r"\{\\rtf", remedy="Copy the table into a workbook."),
    Format("an SQLite database", "SQLite format 3", remedy="Export the table of customers as CSV."),
    Format("an Access database", r"\x00\x01\x00\x00Standard (?:Jet|ACE) DB", remedy="Export the table as CSV."),
    Format("an HDF5 file", r"\x89HDF", remedy=EXPORT),
    Format("an R data file", r"RDX[23]\n|RDA[23]\n|X\n\x00{3}[\x02\x03]", remedy="Write it in R with write.csv."),
    Format("a Python pickle", r"\x80[\x02-\x05]", remedy="Write it with to_csv or to_parquet: a pickle can run code."),
    Format("an Avro file", r"Obj\x01", remedy="Convert it to Parquet or CSV."),
    Format("an ORC file", "ORC", remedy="Convert it to Parquet or CSV."),
    Format("a shapefile", _exact(bytes.fromhex("0000270a")), remedy=AS_GEOJSON),
    Format("a Lotus workbook", r"\x00\x00[\x02\x1a]\x00", remedy=AS_CSV),
    Format("an Excel workbook of before 1995", r"\x09[\x00\x02\x04][\x04\x06]\x00", remedy=AS_CSV),
)  # fmt: skip
# Behind comments, any element that a page or a bare table begins with.
WEB_PAGE: Final = r"\s*+(?:<!--(?:(?!-->).)*+-->\s*+)*+<(?:!doctype html|html|head|body|table|meta|style|div)\b"
TEXT_FORMATS: Final = (
    TextFormat("a web page", WEB_PAGE, read_html),
    TextFormat("XML", r"\s*<\?xml\b", read_xml),
    TextFormat("JSON", r'\s*(?:\[\s*[\[{]|\{\s*["}])', read_json),
)
