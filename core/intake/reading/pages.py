"""Check the pages of a Parquet file by their own headers, since sizes in the footer may be wrong.

pyarrow is not used for the footer's columns: a damaged one makes it crash (`ColumnChunkMetaData`).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from core.intake.reading import bounds
from core.intake.reading.bounds import check
from core.intake.reading.thrift import read_struct

SPLIT = "Split the file, or leave out columns."
DELTA_BYTE_ARRAY = 7  # each text as a difference from the one before: a few bytes may stand for a long text
# Numbers of fields in parquet.thrift.
ROW_GROUPS, COLUMNS, META_DATA, COMPRESSED, DATA_OFFSET, DICTIONARY_OFFSET = 4, 1, 3, 7, 9, 11
PAGE_TYPE, PAGE_UNPACKED, PAGE_PACKED = 1, 2, 3
DICTIONARY_PAGE = 2  # a type
ENCODING = {5: 2, 8: 4}  # header of a data page of version 1 or 2 → field of its encoding


@dataclass(frozen=True)
class Page:
    """Bytes when unpacked, whether its texts are stored as differences, and whether it is a dictionary."""

    unpacked: int
    delta: bool
    dictionary: bool


def check_footer(name: str, content: bytes) -> int:
    """Bytes of a file's footer, refused if there are too many.

    Raises
    ------
    UnreadableFileError
        More than `MAX_FOOTER`.
    """
    length = int.from_bytes(content[-8:-4], "little")
    check(name, "bytes in the table at the end", length, bounds.MAX_FOOTER, "Write larger groups of rows.")
    return length


def check_pages(name: str, content: bytes, columns: Sequence[int]) -> tuple[dict[int, int], set[int]]:
    """Check the unpacked size of columns (by position).

    Return the longest page of those stored as differences, and the columns with a dictionary.

    Raises
    ------
    UnreadableFileError
        Too many groups, pages or bytes.
    ValueError, LookupError, TypeError
        No table or header where one should be.
    """
    footer, _ = read_struct(content, len(content) - 8 - check_footer(name, content))
    groups = [group[COLUMNS] for group in footer.get(ROW_GROUPS, [])]
    check(name, "pieces", len(groups) * len(columns), bounds.MAX_CHUNKS, "Write larger groups of rows.")
    size, pages = 0, 0
    longest: dict[int, int] = {}
    with_dictionary: set[int] = set()
    for group in groups:
        for column in columns:
            for page in _pages(content, group[column][META_DATA]):
                size, pages = size + page.unpacked, pages + 1
                check(name, "bytes in one page when unpacked", page.unpacked, bounds.MAX_PAGE, "Write smaller pages.")
                check(name, "bytes when unpacked", size, bounds.MAX_UNZIPPED, SPLIT)
                check(name, "pages", pages, bounds.MAX_PAGES, "Write larger pages.")
                if page.dictionary:
                    with_dictionary.add(column)
                if page.delta:
                    longest[column] = max(longest.get(column, 1), page.unpacked)
    return longest, with_dictionary


def _pages(content: bytes, chunk: dict[int, Any]) -> Iterator[Page]:
    at = min(start for start in (chunk[DATA_OFFSET], chunk.get(DICTIONARY_OFFSET, 0)) if start > 0)
    end = at + chunk[COMPRESSED]
    if end > len(content):
        raise ValueError("a column ends behind the file")
    while at < end:
        header, at = read_struct(content, at)
        delta = any(kind in header and header[kind][field] == DELTA_BYTE_ARRAY for kind, field in ENCODING.items())
        if min(header[PAGE_UNPACKED], header[PAGE_PACKED]) < 0:
            raise ValueError("a page of less than no bytes")
        at += header[PAGE_PACKED]
        yield Page(header[PAGE_UNPACKED], delta, header.get(PAGE_TYPE) == DICTIONARY_PAGE)
