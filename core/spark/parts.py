"""Files → parts, each small enough for one task, with the same rows as if the file were read at once."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final, cast

import pyarrow as pa
import pyarrow.parquet as pq

from core.errors import UnreadableFileError
from core.intake.read import ReadChoices, SourceFile, TextTable, read
from core.intake.reading import decode, formats
from core.intake.reading.bounds import MAX_BYTES, MAX_ROW
from core.intake.reading.chunks import Place, Plan, Survey, plan, read_chunk, survey
from core.intake.reading.fixed_width import fixed_places
from core.intake.reading.formats import format_of, text_format_of
from core.intake.reading.guess import FIRST, NAMES, not_ascii_sample
from core.intake.reading.layout import Ends
from core.intake.reading.parquet import DAMAGED, PARQUET, read_groups
from core.intake.reading.workbook import read_workbook
from core.spark import storage
from core.spark.storage import Stored

CHUNK_BYTES: Final = 32_000_000  # of text; cleaning holds up to six times as much, and a worker's memory is small
SHAPE_BYTES: Final = 32_000  # of the head of a file, by which its kind is told
TO_CSV: Final = "Save its tables as CSV or Parquet."
GROUP_ROWS: Final = 200_000


@dataclass(frozen=True)
class Part:
    """Some rows of a file: bytes of a text, or row groups of a Parquet file; the whole text if there is no plan."""

    file: Stored
    start: int
    stop: int
    place: Place = Place()  # noqa: RUF009
    plan: Plan | None = None
    groups: bool = False


@dataclass(frozen=True)
class Chunk:
    """A piece of a text before its dialect is decided: lines, bytes as UTF-8, votes on the encoding.

    `sample` has its first lines beyond ASCII, a character for each byte.
    """

    start: int
    stop: int
    lines: int
    length: int
    votes: tuple[int, int]
    sample: str = ""


def cut(file: Stored, piece_bytes: int) -> list[tuple[int, int]]:
    """The pieces of a text, cut after line ends; a file without a line end near a cut is a single piece."""
    starts = [0]
    with storage.opened(file.path) as source:
        for position, _ in storage.chunks(file.size, piece_bytes)[1:]:
            source.seek(position)
            end = source.read(MAX_ROW).find(b"\n")
            if end < 0:
                return [(0, file.size)]
            starts.append(position + end + 1)
    return [(start, stop) for start, stop in zip(starts, [*starts[1:], file.size], strict=True) if start < stop]


def kind_of(file: Stored) -> str:
    """The kind of a file: "parquet", "text", or "whole" for one that can only be read at once.

    Raises
    ------
    UnreadableFileError
        A workbook, an archive, or a kind that nothing reads.
    """
    head = storage.content(file.path, 0, SHAPE_BYTES)
    if head.startswith(PARQUET):
        return "parquet"
    if kind := format_of(head[: formats.HEAD]):
        if kind.read in (None, read_workbook) or kind.members:
            raise UnreadableFileError(f"This is {kind.name}, which Spark does not read.", TO_CSV, file=file.name)
        return "whole"
    known = decode.by_head(head[: decode.HEAD], file.size)
    if (known and not known[1].startswith("utf-8")) or text_format_of(decode.chunk_text(head, "utf-8")):
        return "whole"
    lines = head.decode("latin-1").splitlines()[: formats.HEAD]
    return "whole" if fixed_places(file.name, lines[:-1] or lines) else "text"


def groups_of(file: Stored) -> list[tuple[int, int, int]]:
    """The parts of a Parquet file: first row group, last + 1, number of the first row.

    Raises
    ------
    UnreadableFileError
        The file is damaged.
    """
    try:
        with storage.opened(file.path) as source:
            known = pq.ParquetFile(source).metadata
            rows = [known.row_group(group).num_rows for group in range(known.num_row_groups)]
    except (pa.ArrowException, OSError) as error:
        raise UnreadableFileError(f"The Parquet file cannot be read: {error}.", DAMAGED, file=file.name) from None
    groups, first, line = [], 0, 1
    for group in range(len(rows)):
        if group + 1 == len(rows) or sum(rows[first : group + 2]) > GROUP_ROWS:
            groups.append((first, group + 1, line))
            line += sum(rows[first : group + 1])
            first = group + 1
    return groups


def chunk_of(file: Stored, start: int, stop: int) -> Chunk:
    """Read a piece of a text and describe it."""
    content = storage.content(file.path, start, stop)
    votes = (0, 0) if content.isascii() else decode.utf8_votes(content)
    sample = b"" if content.isascii() else not_ascii_sample(content)
    text = decode.chunk_text(content, decode.by_votes(votes, sample)[1])
    lines = content.count(b"\n") + bool(content and not content.endswith(b"\n"))
    return Chunk(start, stop, lines, len(text), votes, sample.decode("latin-1"))


class Text:
    """A text in pieces with the length and the slices of the whole."""

    def __init__(self, file: Stored, chunks: Sequence[Chunk], codec: str) -> None:
        self.file, self.chunks, self.codec = file, chunks, codec

    def __len__(self) -> int:
        return sum(chunk.length for chunk in self.chunks)

    def __getitem__(self, part: slice) -> bytes:
        begin, end, _ = part.indices(len(self))
        texts, before = [], 0
        for chunk in self.chunks:
            if before < end and before + chunk.length > begin:
                text = _text(self.file, chunk.start, chunk.stop, self.codec)
                texts.append(text[max(begin - before, 0) : end - before])
            before += chunk.length
        return b"".join(texts)


def planned(file: Stored, chunks: Sequence[Chunk], choices: ReadChoices, width: int = 0) -> Plan:
    """The reading plan of a text in pieces."""
    valid, invalid = map(sum, zip(*(chunk.votes for chunk in chunks), strict=True))
    sample = not_ascii_sample("\n".join(chunk.sample for chunk in chunks).encode("latin-1"))
    name, codec = decode.by_votes((valid, invalid), sample)
    text = cast(bytes, Text(file, chunks, codec))  # a plan asks for the length and for slices only
    whole = plan(file.name, text, _text(file, chunks[0].start, chunks[0].stop, codec), codec, choices, width)
    judged = {decode.JUDGED: "its letters"} if codec in NAMES and codec != FIRST else {}
    return replace(whole, decisions={"encoding": name, **judged, **whole.decisions})


def surveyed(part: Part) -> Survey:
    """The survey of a planned part."""
    how = _plan_of(part)
    return survey(part.file.name, _text(part.file, part.start, part.stop, how.codec), how, part.place)


def read_part(part: Part, choices: ReadChoices) -> TextTable:
    """The rows of a part."""
    if part.groups:
        with storage.opened(part.file.path) as source:
            return read_groups(part.file.name, pq.ParquetFile(source), range(part.start, part.stop), part.place.line)
    if part.plan is None:
        if part.file.size > MAX_BYTES:
            raise UnreadableFileError(
                "Stray quotes, cells of several lines, or its format keep this large file from being cut into parts.",
                "Split it, or write it as Parquet.", file=part.file.name,
            )  # fmt: skip
        tables = read(SourceFile(part.file.name, storage.content(part.file.path)), choices).tables
        if not tables:
            raise UnreadableFileError("Spark draws no borders.", "Leave the file out.", file=part.file.name)
        if len(tables) > 1:
            raise UnreadableFileError(f"It has {len(tables)} tables.", "Save each as a CSV file.", file=part.file.name)
        return tables[0]
    text = _text(part.file, part.start, part.stop, part.plan.codec)
    return read_chunk(part.file.name, text, part.plan, part.place)


def whole_plan(parts: Sequence[Part], surveys: Sequence[Survey]) -> tuple[list[Part], int]:
    """The parts with what their surveys decide together; a width if most rows have another than planned."""
    if not all(part.regular for part in surveys):
        return [Part(parts[0].file, 0, parts[0].file.size)], 0
    widths = sum((Counter(part.widths) for part in surveys), Counter[int]())
    if widths and max(widths.values()) > 3 * sum(part.rows for part in surveys):
        return list(parts), max(widths, key=lambda width: widths[width])
    ends = _ends([part.ends for part in surveys if part.ends])
    planned_as = _plan_of(parts[0])
    cells = planned_as.header.cells
    blank = [
        all(part.blank[i] for part in surveys if part.kept) and not cell.strip() for i, cell in enumerate(cells)
    ]  # fmt: skip
    dropped = tuple(i for i, is_blank in enumerate(blank) if is_blank) if not all(blank) else ()
    how = replace(planned_as, dropped=dropped)
    return [replace(part, plan=how, place=replace(part.place, ends=ends)) for part in parts], 0


def _plan_of(part: Part) -> Plan:
    if part.plan is None:
        raise ValueError(f"Part {part.start}–{part.stop} of {part.file.name} has no plan.")
    return part.plan


def _ends(parts: Sequence[Ends]) -> Ends:
    embedded = next((part.embedded for part in parts if part.embedded is not None), None)
    last = [part.last for part in parts if embedded is None or part.last < embedded]
    return Ends(parts[0].first, max(last, default=parts[0].last), embedded) if parts else Ends(0, 0)


@lru_cache(maxsize=1)
def _text(file: Stored, start: int, stop: int, codec: str) -> bytes:
    return decode.chunk_text(storage.content(file.path, start, stop), codec)
