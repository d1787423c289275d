"""The table of a file that is read in parts, and what its columns are by the values of the whole."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from core.cleaning.values import as_categories
from core.errors import DataError, UnreadableFileError
from core.intake.column_profile import LOOKED_AT, Profiles, profile_values, profiles_alike
from core.intake.match import MatchedTable, TableSource, columns_of, matched
from core.intake.read import ReadChoices
from core.intake.roles import Match, propose_by
from core.rules import Intake
from core.schema import Column
from core.spark.jobs import over
from core.spark.parts import Part, read_part
from core.spark.storage import Stored

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

# A different value of a column of a file: cells that hold it, and the first line of these.
VALUE: Final = "file long, column int, value string, cells long, first long"
SUMMARY: Final = -1  # instead of a column's position: the value is JSON about a whole part


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
    def files(self) -> list[Stored]:
        """The files that its parts are of, each once."""
        return [*dict.fromkeys(part.file for part in self.parts)]

    @property
    def source(self) -> TableSource:
        """What the Data page says of it."""
        whole = self.rows + self.rejected
        return TableSource(self.file.name, whole, self.rejected, dict(self.decisions), self.matches)

    def part(self, number: int, choices: ReadChoices) -> MatchedTable:
        """The rows of one of its parts, columns under their canonical names."""
        return matched(read_part(self.parts[number], choices), self.matches, self.columns)


def with_roles(
    session: "SparkSession", tables: Sequence[FileTable], intake: Intake, choices: ReadChoices
) -> list[FileTable]:
    """The tables with the roles of their columns, and what is counted of their rows.

    Raises
    ------
    DataError
        A file cannot be read, or has no row of data.
    """
    parts = [(number, at, part) for number, table in enumerate(tables) for at, part in enumerate(table.parts)]
    values = _looked_at(over(session, parts, partial(_values, choices=choices), VALUE))
    read, profiles = zip(
        *(_summarised(table, values[values["file"] == number]) for number, table in enumerate(tables)), strict=True
    )
    return [_with_roles(table, own, intake) for table, own in zip(read, profiles_alike(profiles), strict=True)]


def _values(numbered: tuple[int, int, Part], choices: ReadChoices) -> Iterator[pd.DataFrame]:
    """The different values of each column of a part, and a summary of the part."""
    number, at, part = numbered
    try:
        table = read_part(part, choices)
    except DataError as error:
        yield _value_rows(number, SUMMARY, [json.dumps({"at": at, "error": error.parts})], [0], [0])
        return
    lines = table.frame.index.to_numpy()
    headers = list(table.frame)
    summary = {
        "at": at, "headers": headers, "rows": len(lines), "rejected": len(table.rejected),
        "last": int(lines[-1]) if len(lines) else 0, "decisions": table.decisions,
    }  # fmt: skip
    yield _value_rows(number, SUMMARY, [json.dumps(summary)], [0], [0])
    for column, header in enumerate(headers):
        text = table.frame[header]
        if not isinstance(text.dtype, pd.CategoricalDtype):  # nearly all cells differ: those of the first part do
            if at:
                continue
            text = as_categories(text.head(LOOKED_AT))
        codes = pd.Series(text.cat.codes.to_numpy())
        counts = codes[codes >= 0].value_counts(sort=False)
        first = pd.Series(lines[: len(text)]).groupby(codes.to_numpy()).min()
        values = text.cat.categories.take(counts.index)
        yield _value_rows(number, column, values, counts.to_numpy(), first.loc[counts.index].to_numpy())


def _value_rows(number: int, column: int, values: Any, cells: Any, first: Any) -> pd.DataFrame:
    return pd.DataFrame(
        {"file": number, "column": column, "value": pd.array(values, "str"), "cells": cells, "first": first}
    )


def _looked_at(values: "DataFrame") -> pd.DataFrame:
    """For each column of each file the values that most cells hold, with their ranks."""
    from pyspark.sql import Window
    from pyspark.sql import functions as sql

    whole = values.groupBy("file", "column", "value").agg(
        sql.sum("cells").alias("cells"), sql.min("first").alias("first")
    )
    column = Window.partitionBy("file", "column")
    often = sql.row_number().over(column.orderBy(sql.desc("cells"), "first"))
    return whole.withColumn("often", often).where(f"often <= {LOOKED_AT} or column = {SUMMARY}").toPandas()


def _with_roles(table: FileTable, profiles: Profiles, intake: Intake) -> FileTable:
    matches = propose_by(profiles, intake.columns)
    return replace(table, matches=matches, columns=columns_of(matches, profiles))


def _summarised(table: FileTable, values: pd.DataFrame) -> tuple[FileTable, Profiles]:
    """The table by the summaries of its parts, and the profiles of its columns by the values that are looked at."""
    summaries = sorted(map(json.loads, values.loc[values["column"] == SUMMARY, "value"]), key=lambda part: part["at"])
    for part in summaries:
        if "error" in part:
            raise DataError(**part["error"])
    rows = sum(part["rows"] for part in summaries)
    if not rows:
        raise UnreadableFileError(
            "There is no row of data below the header.",
            "Choose a file with one row per customer.",
            file=table.file.name,
        )
    profiles = {}
    for column, header in enumerate(summaries[0]["headers"]):
        often = values[values["column"] == column].sort_values("often")
        profiles[header] = profile_values(often["value"].astype("str"), often["cells"].to_numpy())
    read = replace(
        table, rows=rows, decisions={**summaries[0]["decisions"], **table.decisions},
        rejected=sum(part["rejected"] for part in summaries),
        last_line=max(part["last"] for part in summaries),
    )  # fmt: skip
    return read, profiles
