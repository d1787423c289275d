"""Places of files → their tables: each file is cut into parts, and its dialect is decided for the whole file."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Final, TypeVar

import msgspec

from core.intake.read import ReadChoices
from core.intake.reading.chunks import Place, Plan, Survey
from core.rules import Intake
from core.spark import parts as files
from core.spark import storage
from core.spark.jobs import answers
from core.spark.parts import Chunk, Part
from core.spark.storage import Stored
from core.spark.table import FileTable, with_roles

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

EVEN_PIECES: Final = 8  # of a file, where half the usual size makes so many: of fewer, cores wait for others
Progress = Callable[[str], None]
T = TypeVar("T")


def tables(
    session: "SparkSession", places: Sequence[str], intake: Intake, choices: ReadChoices, *,
    piece_bytes: int, progress: Progress, further: Sequence[FileTable] = (),
) -> list[FileTable]:  # fmt: skip
    """The table of each file at some places; files with equal content once, in the order of their digests.

    `further` are tables that are in parts already, but have no roles.

    Raises
    ------
    DataError
        There is no file, one cannot be read, or has no rows.
    """
    in_parts = [*further, *(_in_parts(session, places, choices, piece_bytes, progress) if places else [])]
    progress("Finding what each column is")
    return with_roles(session, sorted(in_parts, key=lambda table: table.digest), intake, choices)


def _in_parts(
    session: "SparkSession", places: Sequence[str], choices: ReadChoices, piece_bytes: int, progress: Progress
) -> list[FileTable]:
    progress("Looking for files")
    files_there = [Stored(**file) for place in answers(session, places, storage.listed) for file in place]
    progress(f"Cutting {len(files_there):,} files into parts")
    cuts = answers(session, files_there, partial(_cut, piece_bytes=piece_bytes))
    digests, chunks = _digests_and_chunks(session, files_there, cuts)
    unique = dict(zip(digests, zip(files_there, cuts, chunks, strict=True), strict=True))
    progress("Deciding how the files are read")
    return [FileTable(unique[digest][0], digest, _parts(session, *unique[digest], choices)) for digest in unique]


def _cut(file: Stored, piece_bytes: int) -> dict[str, Any]:
    """The kind of a file, the pieces of a text, and the row groups of a Parquet file."""
    kind = files.kind_of(file)
    even = max(min(piece_bytes, file.size // EVEN_PIECES), piece_bytes // 2)
    return {
        "kind": kind,
        "pieces": files.cut(file, even) if kind == "text" else [],
        "groups": files.groups_of(file) if kind == "parquet" else [],
    }


def _digests_and_chunks(
    session: "SparkSession", stored: Sequence[Stored], cuts: Sequence[Mapping[str, Any]]
) -> tuple[list[str], list[list[Chunk]]]:
    """The SHA-256 of each file, for which one task reads all of it, and the chunks of each."""
    whole: list[tuple[Stored, tuple[int, int] | None]] = [(file, None) for file in stored]
    pieces = [(file, chunk) for file, cut in zip(stored, cuts, strict=True) for chunk in cut["pieces"]]
    found = iter(answers(session, whole + pieces, _digest_or_chunk))
    return [next(found) for _ in stored], [[_typed(next(found), Chunk) for _ in cut["pieces"]] for cut in cuts]


def _digest_or_chunk(piece: tuple[Stored, tuple[int, int] | None]) -> str | Chunk:
    file, chunk = piece
    return files.chunk_of(file, *chunk) if chunk else storage.digest(file.path)


def _parts(
    session: "SparkSession", file: Stored, cut: Mapping[str, Any], chunks: Sequence[Chunk], choices: ReadChoices
) -> tuple[Part, ...]:
    if cut["groups"]:
        return tuple(Part(file, first, after, Place(line), groups=True) for first, after, line in cut["groups"])
    if cut["kind"] != "text" or len(chunks) <= 1:
        return (Part(file, 0, file.size),)
    return _planned(session, file, chunks, choices)


def _planned(
    session: "SparkSession", file: Stored, chunks: Sequence[Chunk], choices: ReadChoices, width: int = 0
) -> tuple[Part, ...]:
    """The parts of a text that is read in pieces; `width` is that of most rows, if it is known."""
    (fields,) = answers(session, [file], lambda file: files.planned(file, chunks, choices, width))
    parts, line, how = [], 1, _typed(fields, Plan)
    for chunk in chunks:
        place = Place(line, chunk is chunks[0], chunk is chunks[-1])
        parts.append(Part(file, chunk.start, chunk.stop, place, how))
        line += chunk.lines
    surveys = _typed(answers(session, parts, files.surveyed), list[Survey])
    parts, usual_width = files.whole_plan(parts, surveys)
    if usual_width and not width:
        return _planned(session, file, chunks, choices, usual_width)
    return tuple(parts)


def _typed(answer: Any, kind: type[T]) -> T:
    """An answer as what it was: JSON made a dict of a dataclass, a list of a tuple, and text of a number as key."""
    return msgspec.convert(answer, kind, str_keys=True, strict=False)
