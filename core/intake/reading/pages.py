"""The pages of a Parquet file by their own headers, which decoding obeys; the table at its end may say anything.

A header is a struct of Thrift's compact protocol; its fields are those of `PageHeader` in parquet.thrift.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pyarrow.parquet as pq

from core.intake.reading import bounds
from core.intake.reading.bounds import check

SPLIT = "Split the file, or leave out columns."
DELTA_BYTE_ARRAY = 7  # each text as a difference from the one before: a few bytes may stand for a long text
UNPACKED, PACKED, DATA, DATA_2 = 2, 3, 5, 8  # fields of PageHeader
ENCODING = {DATA: 2, DATA_2: 4}  # field of the encoding in the header of each kind of data page


@dataclass(frozen=True)
class Page:
    """Bytes when unpacked, bytes in the file, and whether its texts are differences."""

    unpacked: int
    packed: int
    delta: bool


def check_pages(name: str, content: bytes, metadata: pq.FileMetaData, columns: Sequence[int]) -> dict[int, int]:
    """Refuse columns (by position) that unpack to more than the limits; the longest page of those with differences.

    Raises
    ------
    UnreadableFileError
        Too many pages or bytes.
    ValueError
        No header where one should be.
    """
    size, pages, longest = 0, 0, {}
    check(name, "pieces", metadata.num_row_groups * len(columns), bounds.MAX_CHUNKS, "Write larger groups of rows.")
    for group in range(metadata.num_row_groups):
        for column in columns:
            for page in _pages(content, metadata.row_group(group).column(column)):
                size, pages = size + page.unpacked, pages + 1
                check(name, "bytes in one page when unpacked", page.unpacked, bounds.MAX_PAGE, "Write smaller pages.")
                check(name, "bytes when unpacked", size, bounds.MAX_UNZIPPED, SPLIT)
                check(name, "pages", pages, bounds.MAX_PAGES, "Write larger pages.")
                if page.delta:
                    longest[column] = max(longest.get(column, 1), page.unpacked)
    return longest


def _pages(content: bytes, chunk: pq.ColumnChunkMetaData) -> Iterator[Page]:
    starts = (chunk.data_page_offset, chunk.dictionary_page_offset or 0)
    at = min(start for start in starts if start > 0)
    end = at + chunk.total_compressed_size
    if end > len(content):
        raise ValueError("a column ends behind the file")
    while at < end:
        header, at = _struct(content, at)
        delta = any(header.get(kind, {}).get(field) == DELTA_BYTE_ARRAY for kind, field in ENCODING.items())
        page = Page(header[UNPACKED], header[PACKED], delta)
        if min(page.unpacked, page.packed) < 0:
            raise ValueError("a page of less than no bytes")
        at += page.packed
        yield page


def _struct(content: bytes, at: int, depth: int = 0) -> tuple[dict, int]:
    """The fields of a struct by number, and where it ends."""
    found, field = {}, 0
    while kind := content[at]:
        at, step, kind = at + 1, kind >> 4, kind & 15
        if not step:
            field, at = _integer(content, at)
        field += step
        if kind in (1, 2):
            found[field] = kind == 1
        elif kind == 3:
            at += 1
        elif kind in (4, 5, 6):
            found[field], at = _integer(content, at)
        elif kind == 7:
            at += 8
        elif kind == 8:
            length, at = _varint(content, at)
            at += length
        elif kind == 12 and depth < 4:
            found[field], at = _struct(content, at, depth + 1)
        else:
            raise ValueError("no page header")
    return found, at + 1


def _integer(content: bytes, at: int) -> tuple[int, int]:
    number, at = _varint(content, at)
    return (number >> 1) ^ -(number & 1), at


def _varint(content: bytes, at: int) -> tuple[int, int]:
    number = shift = 0
    while shift < 64:
        byte = content[at]
        number, at, shift = number | (byte & 127) << shift, at + 1, shift + 7
        if byte < 128:
            return number, at
    raise ValueError("no page header")
