"""Limits on the size of a file, checked before memory is used."""

from core.errors import UnreadableFileError

MAX_BYTES = 1_000_000_000  # the whole intake holds up to six times the file
MAX_ROWS = 20_000_000  # a line number, and a code per column: at 20 columns some 2 GB
MAX_COLUMNS = 2_000  # bank exports have tens; each column costs a dictionary of its own
MAX_REJECTED = 1_000_000  # records that are no rows: each is kept with its text and a reason, some 200 bytes
MAX_CELL = 100_000  # characters; Excel stops at 32,767, longer is a file with its quotes or line ends broken
MAX_ROW = 4_000_000  # bytes of one line, or of one row of a sheet; the block that the parser holds
MAX_UNZIPPED = 1_000_000_000  # bytes of a workbook's parts, or of a Parquet file's pages
MAX_RATIO = 400  # a sheet of one repeated number packs 100 to 1, a zip bomb 1,000 to 1
RATIO_FROM = 10_000_000  # bytes; smaller content is harmless
MAX_MEMBERS = 5_000  # files in the archive: sheets, pictures, comments
MAX_SHEETS = 1_000  # a sheet per day of three years
MAX_SHEET_ROWS = 1_048_576  # Excel's last row
MAX_CELL_ELEMENTS = 30_000_000  # of XML: ten million cells with formula and value
MAX_SHARED_TEXT = 300_000_000  # bytes of XML that become Python strings, all at once
MAX_SHARED = 12_000_000  # elements of XML: six million shared texts
MAX_ENTRIES = 1_000_000  # of any other part; Excel has up to 65,490 styles, of some ten entries each
MAX_PART = 50_000_000  # bytes of any other part
MAX_FORMAT = 255  # characters of a number format in Excel
MAX_TEXT = 2 * MAX_BYTES  # characters in all cells of a table: a short file may repeat a long text
MAX_FOOTER = 20_000_000  # bytes of a Parquet file's table at its end: a microsecond each
MAX_CHUNKS = 200_000  # groups of rows × columns of a Parquet file, 0.1 ms each
MAX_PAGE = 256_000_000  # bytes of one page of a Parquet file when unpacked; a mega is usual
MAX_PAGES = 500_000  # of a Parquet file, some 10 µs each
MAX_SHEET_CELLS = (
    30_000_000  # rows × columns of a sheet, blank ones too: 28 columns of Excel's most rows; 32 bytes each
)
MAX_REPEATED_TEXT = 1_000_000_000  # characters of the shared texts of a sheet's cells, each cell has its own copy
MAX_TREE = 200_000_000  # bytes of JSON or a web page, of which every value becomes a Python object
MAX_TABLE_CELLS = 400_000_000  # rows × columns, blank ones too: 20 columns of the most rows


def check(name: str, what: str, found: int, limit: int, remedy: str, line: int | None = None, column: str = "") -> None:
    """Refuse a number above a limit.

    Raises
    ------
    UnreadableFileError
        More than the limit was found.
    """
    if found > limit:
        problem = f"There are {found:,} {what}; the limit is {limit:,}."
        raise UnreadableFileError(problem, remedy, file=name, column=column, line=line)


def check_rows(name: str, rows: int) -> None:
    """Refuse a table of more than `MAX_ROWS` rows."""
    check(name, "rows", rows, MAX_ROWS, "Split the file and read the parts one by one.")


def check_rejected(name: str, records: int) -> None:
    """Refuse a table of which more than `MAX_REJECTED` records are no rows."""
    check(name, "records that are no rows of the table", records, MAX_REJECTED, "Look at its quotes and delimiters.")


def check_cells(name: str, rows: int, columns: int, limit: int) -> None:
    """Refuse a table of more cells than a limit, blank ones included."""
    remedy = "Split the file, or leave out columns that are not needed."
    check(name, "cells, blank ones included", rows * columns, limit, remedy)


def check_text(name: str, length: int) -> None:
    """Refuse a table of more than `MAX_TEXT` characters."""
    check(name, "characters in all cells", length, MAX_TEXT, "Leave out columns of long texts.")


def check_columns(name: str, columns: int, line: int | None = None) -> None:
    """Refuse a table of more than `MAX_COLUMNS` columns."""
    check(name, "columns", columns, MAX_COLUMNS, "Keep the columns that describe customers.", line)


def check_cell(name: str, length: int, line: int | None = None) -> None:
    """Refuse a cell of more than `MAX_CELL` characters."""
    check(name, "characters in one cell", length, MAX_CELL, "Look for a missing quote, delimiter or line end.", line)


def check_cell_of(name: str, column: str, length: int) -> None:
    """`check_cell` of a source in which columns cannot be torn: its texts are as long as that."""
    check(name, "characters in one cell", length, MAX_CELL, "Leave the column out, or cut its texts.", column=column)
