"""The tables in files that the workers see: their parts, what each column is, and how many rows they have."""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any

import pandas as pd

from core.errors import UnreadableFileError
from core.intake.match import MatchedTable, Source, columns_of, matched
from core.intake.read import ReadChoices
from core.intake.reading.layout import Ends
from core.intake.reading.pieces import Place, Plan, Survey
from core.intake.roles import LOOKED_AT, Match, look_of, propose_by
from core.intake.values import as_categories
from core.rules import Intake
from core.schema import Column
from core.spark import parts as files
from core.spark import storage
from core.spark.parts import Part, Piece
from core.spark.storage import Stored
from core.spark.work import answers, over

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

Progress = Callable[[str], None]
VALUES = "file long, column int, value string, cells long, first long"
SUMMARY = -1  # the column of a row that says how many rows a part has


@dataclass(frozen=True)
class FileTable:
    """The table of one file: its parts, the roles of its columns, rows kept and rejected, what was decided."""

    file: Stored
    digest: str
    parts: tuple[Part, ...]
    matches: tuple[Match, ...] = ()
    columns: Mapping[str, Column] = field(default_factory=dict)
    rows: int = 0
    rejected: int = 0
    last_line: int = 0
    decisions: Mapping[str, str] = field(default_factory=dict)

    @property
    def source(self) -> Source:
        """What the Data page says of it."""
        whole = self.rows + self.rejected
        return Source(self.file.name, whole, self.rejected, dict(self.decisions), self.matches)

    def part(self, number: int, choices: ReadChoices) -> MatchedTable:
        """The rows of one of its parts, columns under their canonical names."""
        return matched(files.read_part(self.parts[number], choices), self.matches, self.columns)


def tables(
    session: "SparkSession", places: Sequence[str], intake: Intake, choices: ReadChoices, *,
    piece_bytes: int, progress: Progress,
) -> list[FileTable]:  # fmt: skip
    """The table of each file at some places; each content once, in an order that no file's name decides."""
    progress("Looking for files")
    found = [Stored(**one) for text in answers(session, places, _listed) for one in json.loads(text)]
    progress(f"Cutting {len(found):,} files into parts")
    cut = answers(session, found, partial(_cut, piece_bytes=piece_bytes))
    known = _looked_at(session, found, [json.loads(text) for text in cut])
    unique = {table.digest: table for table in known}
    ordered = [unique[digest] for digest in sorted(unique)]
    progress("Deciding how the files are read")
    ordered = _planned(session, ordered, choices)
    progress("Finding what each column is")
    return _matched(session, ordered, intake, choices)


def _listed(place: str) -> str:
    return json.dumps([asdict(file) for file in storage.listed(place)])


def _cut(file: Stored, piece_bytes: int) -> str:
    kind = files.kind_of(file)
    bytes_cut = [[at, min(at + piece_bytes, file.size)] for at in storage.pieces(file.size, piece_bytes)]
    bytes_cut[-1][1] = file.size
    return json.dumps(
        {
            "kind": kind,
            "pieces": files.cut(file, piece_bytes) if kind == "text" else bytes_cut,
            "groups": files.groups_of(file) if kind == "parquet" else [],
        }
    )


def _looked_at(session: "SparkSession", found: Sequence[Stored], cut: Sequence[dict[str, Any]]) -> list[FileTable]:
    """The files with their parts as far as they are known, and their digests."""
    asked = [
        (file, *piece, how["kind"] == "text") for file, how in zip(found, cut, strict=True) for piece in how["pieces"]
    ]
    told = iter(answers(session, asked, _look))
    tables = []
    for file, how in zip(found, cut, strict=True):
        pieces = [_piece(json.loads(next(told))) for _ in how["pieces"]]
        tables.append(FileTable(file, _digest(pieces), _parts(file, how, pieces)))
    return tables


def _look(asked: tuple[Stored, int, int, bool]) -> str:
    file, start, stop, is_text = asked
    return json.dumps(asdict(files.look(file, start, stop, is_text=is_text)))


def _piece(told: dict[str, Any]) -> Piece:
    return Piece(**told | {"votes": tuple(told["votes"])})


def _digest(pieces: Sequence[Piece]) -> str:
    """The SHA-256 of a file that is looked at in one piece; of the digests of the pieces where there are more."""
    if len(pieces) == 1:
        return pieces[0].digest
    return hashlib.sha256("".join(piece.digest for piece in pieces).encode()).hexdigest()


def _parts(file: Stored, how: dict[str, Any], pieces: Sequence[Piece]) -> tuple[Part, ...]:
    if how["groups"]:
        return tuple(Part(file, first, after, Place(line), groups=True) for first, after, line in how["groups"])
    if how["kind"] != "text" or len(pieces) == 1:
        return (Part(file, 0, file.size),)
    line, found = 1, []
    for piece in pieces:
        place = Place(line, piece is pieces[0], piece is pieces[-1])
        found.append((Part(file, piece.start, piece.stop, place), piece))
        line += piece.lines
    return tuple(_Unplanned(part.file, part.start, part.stop, part.place, piece=piece) for part, piece in found)


@dataclass(frozen=True)
class _Unplanned(Part):
    """A part of a text that is to be read in pieces, before it is known how."""

    piece: Piece | None = None


def _planned(session: "SparkSession", tables: Sequence[FileTable], choices: ReadChoices) -> list[FileTable]:
    """The tables with a plan for those texts that are read in pieces."""
    return [
        replace(table, parts=_plan(session, table.parts, choices)) if isinstance(table.parts[0], _Unplanned) else table
        for table in tables
    ]


def _plan(session: "SparkSession", parts: Sequence[Part], choices: ReadChoices, width: int = 0) -> tuple[Part, ...]:
    pieces = [part.piece for part in parts]
    (told,) = answers(
        session, [0], lambda _: json.dumps(_plan_told(files.planned(parts[0].file, pieces, choices, width)))
    )
    how = _plan_of(json.loads(told))
    with_plan = [Part(part.file, part.start, part.stop, part.place, how) for part in parts]
    surveys = [_survey(json.loads(text)) for text in answers(session, with_plan, _surveyed)]
    found, other = files.whole_plan(with_plan, surveys)
    if other and not width:
        return _plan(session, parts, choices, other)
    return tuple(found)


def _surveyed(part: Part) -> str:
    return json.dumps(asdict(files.surveyed(part)))


def _survey(told: dict[str, Any]) -> Survey:
    widths = {int(width): count for width, count in told["widths"].items()}
    return Survey(
        **told | {"widths": widths, "blank": tuple(told["blank"]), "ends": told["ends"] and Ends(**told["ends"])}
    )


def _plan_told(how: Plan) -> dict[str, Any]:
    return asdict(how)


def _plan_of(told: dict[str, Any]) -> Plan:
    from core.intake.reading.header import Header
    from core.intake.reading.records import Dialect

    return Plan(
        **told
        | {"dialect": Dialect(**told["dialect"]), "header": Header(**told["header"]), "dropped": tuple(told["dropped"])}
    )


def _matched(
    session: "SparkSession", tables: Sequence[FileTable], intake: Intake, choices: ReadChoices
) -> list[FileTable]:
    """The tables with the roles of their columns, by the values of the whole."""
    parts = [(number, table.parts[at], at) for number, table in enumerate(tables) for at in range(len(table.parts))]
    found = over(session, parts, partial(_values, choices=choices), VALUES).persist()
    try:
        told: dict[int, list[dict[str, Any]]] = {number: [] for number in range(len(tables))}
        for row in found.where(f"column = {SUMMARY}").collect():
            told[row["file"]].append(json.loads(row["value"]))
        seen = _seen(found)
    finally:
        found.unpersist()
    return [
        _with_roles(table, told[number], seen[seen["file"] == number], intake) for number, table in enumerate(tables)
    ]


def _values(numbered: tuple[int, Part, int], choices: ReadChoices) -> Iterator[pd.DataFrame]:
    """The different values of each column of a part; those of the first rows where nearly all cells differ."""
    number, part, at = numbered
    table = files.read_part(part, choices)
    lines = table.frame.index.to_numpy()
    headers = list(table.frame)
    summary = {
        "at": at, "headers": headers, "rows": len(lines), "rejected": len(table.rejected),
        "last": int(lines[-1]) if len(lines) else 0, "decisions": table.decisions,
    }  # fmt: skip
    yield _rows(number, SUMMARY, [json.dumps(summary)], [0], [0])
    for column, header in enumerate(headers):
        text = table.frame[header]
        if not isinstance(text.dtype, pd.CategoricalDtype):
            if at:
                continue
            text = as_categories(text.head(LOOKED_AT))
        counts = pd.Series(text.cat.codes.to_numpy()).value_counts(sort=False)
        first = pd.Series(lines[: len(text)]).groupby(text.cat.codes.to_numpy()).min()
        counts = counts[counts.index >= 0]
        values = text.cat.categories.take(counts.index)
        yield _rows(number, column, values, counts.to_numpy(), first.loc[counts.index].to_numpy())


def _rows(number: int, column: int, values: Any, cells: Any, first: Any) -> pd.DataFrame:
    return pd.DataFrame(
        {"file": number, "column": column, "value": pd.array(values, "str"), "cells": cells, "first": first}
    )


def _seen(found: "DataFrame") -> pd.DataFrame:
    """For each column of each file the values that most cells hold, and those that come first."""
    from pyspark.sql import Window
    from pyspark.sql import functions as sql

    values = found.where(f"column <> {SUMMARY}").groupBy("file", "column", "value")
    values = values.agg(sql.sum("cells").alias("cells"), sql.min("first").alias("first"))
    column = Window.partitionBy("file", "column")
    ranks = {
        "often": sql.row_number().over(column.orderBy(sql.desc("cells"), "first")),
        "early": sql.row_number().over(column.orderBy("first")),
    }
    return values.withColumns(ranks).where(f"often <= {LOOKED_AT} or early <= {LOOKED_AT}").toPandas()


def _with_roles(table: FileTable, told: Sequence[dict[str, Any]], seen: pd.DataFrame, intake: Intake) -> FileTable:
    told = sorted(told, key=lambda one: one["at"])
    rows = sum(one["rows"] for one in told)
    if not rows:
        raise UnreadableFileError(
            "There is no row of data below the header.",
            "Choose a file with one row per customer.",
            file=table.file.name,
        )
    headers = told[0]["headers"]
    looks, first = {}, {}
    for column, header in enumerate(headers):
        own = seen[seen["column"] == column]
        often = own[own["often"] <= LOOKED_AT].sort_values("often")
        looks[header] = look_of(often["value"].astype("str"), often["cells"].to_numpy())
        first[header] = own[own["early"] <= LOOKED_AT].sort_values("early")["value"].astype("str")
    matches = propose_by(looks, intake.columns)
    return replace(
        table, matches=matches, columns=columns_of(matches, first), rows=rows, decisions=told[0]["decisions"],
        rejected=sum(one["rejected"] for one in told), last_line=max(one["last"] for one in told),
    )  # fmt: skip
