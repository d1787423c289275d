"""How large a file may be: checked before the memory is spent."""

import io
import zipfile

from core.errors import UnreadableFileError

MAX_BYTES = 1_000_000_000  # the whole intake holds up to six times the file
MAX_ROWS = 20_000_000  # a line number, and a code per column: at 20 columns some 2 GB
MAX_COLUMNS = 2_000  # bank exports have tens; each column costs a dictionary of its own
MAX_REJECTED = 1_000_000  # records that are no rows: each is kept with its text and a reason, some 200 bytes
MAX_CELL = 100_000  # characters; Excel stops at 32,767, longer is a file with its quotes or line ends broken
MAX_ROW = 4_000_000  # bytes of one line; the block that the parser holds
MAX_UNZIPPED = 1_000_000_000  # bytes of a workbook's XML: about ten million cells
MAX_RATIO = 400  # a sheet of one repeated number packs 100 to 1, a zip bomb 1,000 to 1
RATIO_FROM = 10_000_000  # bytes; whatever unpacks to less harms nobody
MAX_MEMBERS = 5_000  # files in the archive: sheets, pictures, comments
MAX_SHARED_TEXT = 300_000_000  # bytes of XML that openpyxl holds as Python strings, all at once


def check(name: str, what: str, found: int, limit: int, remedy: str, line: int | None = None) -> None:
    """Refuse what exceeds a limit.

    Raises
    ------
    UnreadableFileError
        More than the limit was found.
    """
    if found > limit:
        raise UnreadableFileError(f"There are {found:,} {what}; the limit is {limit:,}.", remedy, file=name, line=line)


def check_size(name: str, content: bytes) -> None:
    """Refuse a file of more than `MAX_BYTES`."""
    check(name, "bytes", len(content), MAX_BYTES, "Split the file, or leave out columns that are not needed.")


def check_rows(name: str, rows: int) -> None:
    """Refuse a table of more than `MAX_ROWS` rows."""
    check(name, "rows", rows, MAX_ROWS, "Split the file and read the parts one by one.")


def check_rejected(name: str, records: int) -> None:
    """Refuse a table of which more than `MAX_REJECTED` records are no rows."""
    check(name, "records that are no rows of the table", records, MAX_REJECTED, "Look at its quotes and delimiters.")


def check_columns(name: str, columns: int, line: int | None = None) -> None:
    """Refuse a table of more than `MAX_COLUMNS` columns."""
    check(name, "columns", columns, MAX_COLUMNS, "Keep the columns that describe customers.", line)


def check_cell(name: str, length: int, line: int | None = None) -> None:
    """Refuse a cell of more than `MAX_CELL` characters."""
    check(name, "characters in one cell", length, MAX_CELL, "Look for a missing quote, delimiter or line end.", line)


def check_archive(name: str, content: bytes) -> zipfile.ZipFile:
    """Open a zip archive whose table of contents stays within the limits.

    No member can unpack to more than that table says: `zipfile` stops there.

    Raises
    ------
    UnreadableFileError
        Damaged, or beyond a limit.
    """
    remedy = "Save the table as CSV and choose that file."
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        raise UnreadableFileError(
            "The workbook is damaged.", "Open it in Excel, save it anew and choose that file.", file=name
        ) from None
    size = sum(member.file_size for member in members)
    check(name, "files in the workbook", len(members), MAX_MEMBERS, remedy)
    check(name, "bytes when unpacked", size, MAX_UNZIPPED, remedy)
    shared = sum(member.file_size for member in members if "worksheets/" not in member.filename and _xml(member))
    check(name, "bytes of shared text", shared, MAX_SHARED_TEXT, remedy)
    if size > RATIO_FROM:
        check(name, "times its size when unpacked", size // max(1, len(content)), MAX_RATIO, remedy)
    return archive


def _xml(member: zipfile.ZipInfo) -> bool:
    return member.filename.lower().endswith((".xml", ".rels"))
