"""Places of files → their tables: each file cut into parts, and how these are read decided for the whole file."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from core.intake.read import ReadChoices
from core.intake.reading.header import Header
from core.intake.reading.layout import Ends
from core.intake.reading.pieces import Place, Plan, Survey
from core.intake.reading.records import Dialect
from core.rules import Intake
from core.spark import parts as files
from core.spark import storage
from core.spark.parts import Part, Piece
from core.spark.storage import Stored
from core.spark.table import FileTable, with_roles
from core.spark.work import answers

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

Progress = Callable[[str], None]


def tables(
    session: "SparkSession", places: Sequence[str], intake: Intake, choices: ReadChoices, *,
    piece_bytes: int, progress: Progress,
) -> list[FileTable]:  # fmt: skip
    """The table of each file at some places; each content once, in an order that no file's name decides.

    Raises
    ------
    DataError
        There is no file, one cannot be read, or has no rows.
    """
    progress("Looking for files")
    found = [Stored(**file) for place in answers(session, places, storage.listed) for file in place]
    progress(f"Cutting {len(found):,} files into parts")
    cuts = answers(session, found, partial(_cut, piece_bytes=piece_bytes))
    digests, pieces = _looked_at(session, found, cuts)
    unique = dict(zip(digests, zip(found, cuts, pieces, strict=True), strict=True))
    progress("Deciding how the files are read")
    cut_up = [
        FileTable(unique[digest][0], digest, _parts(session, *unique[digest], choices)) for digest in sorted(unique)
    ]
    progress("Finding what each column is")
    return with_roles(session, cut_up, intake, choices)


def _cut(file: Stored, piece_bytes: int) -> dict[str, Any]:
    """The kind of a file, the pieces a text is looked at in, and the groups of rows it is read in if it has such."""
    kind = files.kind_of(file)
    return {
        "kind": kind,
        "pieces": files.cut(file, piece_bytes) if kind == "text" else [],
        "groups": files.groups_of(file) if kind == "parquet" else [],
    }


def _looked_at(
    session: "SparkSession", found: Sequence[Stored], cuts: Sequence[Mapping[str, Any]]
) -> tuple[list[str], list[list[Piece]]]:
    """The SHA-256 of each file, which takes a task that reads all of it, and the pieces of each."""
    whole: list[tuple[Stored, tuple[int, int] | None]] = [(file, None) for file in found]
    asked = [(file, piece) for file, cut in zip(found, cuts, strict=True) for piece in cut["pieces"]]
    told = iter(answers(session, whole + asked, _looked))
    return [next(told) for _ in found], [[_piece(next(told)) for _ in cut["pieces"]] for cut in cuts]


def _looked(asked: tuple[Stored, tuple[int, int] | None]) -> str | Piece:
    file, piece = asked
    return files.look(file, *piece) if piece else storage.digest(file.path)


def _parts(
    session: "SparkSession", file: Stored, cut: Mapping[str, Any], pieces: Sequence[Piece], choices: ReadChoices
) -> tuple[Part, ...]:
    if cut["groups"]:
        return tuple(Part(file, first, after, Place(line), groups=True) for first, after, line in cut["groups"])
    if cut["kind"] != "text" or len(pieces) <= 1:
        return (Part(file, 0, file.size),)
    return _planned(session, file, pieces, choices)


def _planned(
    session: "SparkSession", file: Stored, pieces: Sequence[Piece], choices: ReadChoices, width: int = 0
) -> tuple[Part, ...]:
    """The parts of a text that is read in pieces; `width` is that of most rows, if it is known."""
    (made,) = answers(session, [file], lambda file: files.planned(file, pieces, choices, width))
    parts, line, how = [], 1, _plan(made)
    for piece in pieces:
        place = Place(line, piece is pieces[0], piece is pieces[-1])
        parts.append(Part(file, piece.start, piece.stop, place, how))
        line += piece.lines
    surveys = list(map(_survey, answers(session, parts, files.surveyed)))
    parts, other = files.whole_plan(parts, surveys)
    if other and not width:
        return _planned(session, file, pieces, choices, other)
    return tuple(parts)


# An answer comes as JSON has it: a dataclass as a dict, a tuple as a list, a number that is a key as text.


def _piece(fields: dict[str, Any]) -> Piece:
    return Piece(**fields | {"votes": tuple(fields["votes"])})


def _plan(fields: dict[str, Any]) -> Plan:
    own = {
        "dialect": Dialect(**fields["dialect"]),
        "header": Header(**fields["header"]),
        "dropped": tuple(fields["dropped"]),
    }
    return Plan(**fields | own)


def _survey(fields: dict[str, Any]) -> Survey:
    own = {
        "widths": {int(width): rows for width, rows in fields["widths"].items()},
        "blank": tuple(fields["blank"]),
        "ends": fields["ends"] and Ends(**fields["ends"]),
    }
    return Survey(**fields | own)
