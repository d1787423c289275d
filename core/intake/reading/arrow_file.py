"""A Feather or Arrow IPC file → a table of text. Its buffers are bounded before any is unpacked.

pyarrow trusts the size that a packed buffer claims. See Message.fbs of the Arrow format, and FlatBuffers' encoding.
"""

import struct
from collections.abc import Iterable, Iterator
from typing import Final

import pyarrow as pa

from core.errors import UnreadableFileError
from core.intake.reading import bounds
from core.intake.reading.arrow_table import text_table
from core.intake.reading.bounds import check, check_rows
from core.intake.reading.tables import NamedBytes, ReadChoices, Reading
from core.intake.steps import rejected_frame

FILE: Final = b"ARROW1\x00\x00"
END: Final = b"ARROW1"
AGAIN: Final = "Write the file anew, or save the table as CSV and choose that file."
BATCHES: Final = ("record batch", "dictionary")
HEADER, ROWS, BUFFERS, PACKING, DICTIONARY_DATA = 2, 0, 2, 3, 1  # numbers of fields


def read_arrow(file: NamedBytes, _: ReadChoices) -> Reading:
    """Read the flat columns of a Feather file (version 2) or of a stream of Arrow as text.

    Raises
    ------
    UnreadableFileError
        Damaged, beyond a bound, or without rows or flat columns.
    """
    stream = pa.py_buffer(file.content)
    if file.content.startswith(FILE):
        stream = stream.slice(len(FILE))
        if not file.content.endswith(END):
            raise UnreadableFileError("The Arrow file cannot be read: its end is missing.", AGAIN, file=file.name)
    try:
        _check_batches(file.name, stream)
        table = text_table(file.name, _valid(pa.ipc.open_stream(stream)), {"format": "Arrow"}, position="line")
    except (pa.ArrowException, OSError, LookupError, TypeError, ValueError, struct.error) as error:
        raise UnreadableFileError(f"The Arrow file cannot be read: {error}.", AGAIN, file=file.name) from None
    return Reading((table,), rejected_frame(file.name, [], [], []))


def _valid(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """The batches, each checked whole: lengths and offsets that do not fit would end the process."""
    for batch in batches:
        batch.validate(full=True)
        yield batch


def _check_batches(name: str, stream: pa.Buffer) -> None:
    """Bound the rows and the unpacked bytes of all batches together."""
    rows = size = batches = 0
    for message in pa.ipc.MessageReader.open_stream(pa.BufferReader(stream)):
        if message.type not in BATCHES:
            continue
        flat = _Flat(message.metadata.to_pybytes())
        table = flat.table(flat.root, HEADER)
        batch = table if message.type == BATCHES[0] else flat.table(table, DICTIONARY_DATA)
        batches += 1
        rows += flat.number(batch, ROWS) if message.type == BATCHES[0] else 0
        size += sum(_unpacked(flat, batch, message.body)) if flat.at(batch, PACKING) else 0
        check(name, "batches", batches, bounds.MAX_CHUNKS, "Write larger batches.")
        check(name, "bytes when unpacked", size, bounds.MAX_UNZIPPED, "Split the file, or leave out columns.")
    check_rows(name, rows)


def _unpacked(flat: "_Flat", batch: int, body: pa.Buffer) -> Iterator[int]:
    """The size that each packed buffer claims in front of it."""
    for start, length in flat.pairs(batch, BUFFERS):
        if length >= 8:
            yield max(0, int.from_bytes(body.slice(start, 8).to_pybytes(), "little", signed=True))


class _Flat:
    """A FlatBuffers message: tables by position, whose fields are found through a table of offsets."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.root = self._unsigned(0)

    def at(self, table: int, field: int) -> int:
        """The position of a field; 0 if it is not there."""
        offsets = table - int(struct.unpack_from("<i", self.data, table)[0])
        if 4 + 2 * field >= int(struct.unpack_from("<H", self.data, offsets)[0]):
            return 0
        offset = int(struct.unpack_from("<H", self.data, offsets + 4 + 2 * field)[0])
        return table + offset if offset else 0

    def table(self, table: int, field: int) -> int:
        """The position of the table that a field refers to."""
        if not (at := self.at(table, field)):
            raise ValueError("a batch without its table")
        return at + self._unsigned(at)

    def number(self, table: int, field: int) -> int:
        """A field of 64 bits; 0 if it is not there."""
        at = self.at(table, field)
        return int(struct.unpack_from("<q", self.data, at)[0]) if at else 0

    def pairs(self, table: int, field: int) -> Iterator[tuple[int, int]]:
        """A list of pairs of numbers of 64 bits."""
        start = self.table(table, field)
        for number in range(self._unsigned(start)):
            first, second = struct.unpack_from("<qq", self.data, start + 4 + 16 * number)
            yield int(first), int(second)

    def _unsigned(self, at: int) -> int:
        return int(struct.unpack_from("<I", self.data, at)[0])
