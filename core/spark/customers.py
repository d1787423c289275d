"""Parts of tables → cleaned and flagged customers, by what is decided about the whole."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from core.errors import UnknownColumnsError, UnusableTableError
from core.intake import combine
from core.intake.clean import CleanTable, clean_part
from core.intake.facts import Facts, Votes, decisions, settle, votes
from core.intake.flags import flag_rows
from core.intake.match import MatchedTable
from core.intake.read import ReadChoices
from core.rules import Rules
from core.schema import AGE_GROUP, BY_NAME, HIGH_POTENTIAL, ID, MASS_AFFLUENT, YES_NO, Column
from core.spark import storage
from core.spark.source import FileTable
from core.spark.work import answers, over

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

# Beside the customers' columns in a staged part: what became of a row that is no customer.
EXCLUDED: Final = {"file": "string", "line": "long", "outcome": "string", "reason": "string", "raw_text": "string"}
MARK: Final = "excluded "  # before their names
STEPS: Final = f"{MARK}steps"
VOTED: Final = ("date", "number", "category", "yes_no")
FLOATS: Final = ("age", "tenure")  # worked out as float32; other numbers are float64
ENGINEERED: Final = (MASS_AFFLUENT, AGE_GROUP, HIGH_POTENTIAL)
SQL_TYPES: Final = {"number": "double", "date": "date"}


@dataclass(frozen=True)
class Plan:
    """How a part of the files becomes customers: tables with the same columns, and what is known of the whole."""

    tables: tuple[FileTable, ...]
    rules: Rules
    choices: ReadChoices
    facts: Facts = field(default_factory=dict)
    said: Mapping[str, str] = field(default_factory=dict)

    @property
    def parts(self) -> list[tuple[int, int]]:
        """Number of the table, and of its part."""
        return [(table, part) for table, one in enumerate(self.tables) for part in range(len(one.parts))]

    @property
    def starts(self) -> tuple[tuple[int, str], ...]:
        """Where the lines of each file begin, were the files one below the other; none for a single file."""
        found, start = [], 0
        for table in self.tables:
            found.append((start, table.file.name))
            start += table.last_line + 1
        return tuple(found) if len(found) > 1 else ()

    @property
    def text_columns(self) -> tuple[Column, ...]:
        """The columns as they are read."""
        return tuple(self.tables[0].columns.values())

    def matched(self, place: tuple[int, int]) -> MatchedTable:
        """The rows of a part, with line numbers as ids where the files have none."""
        table, part = place
        found = self.tables[table].part(part, self.choices)
        starts = self.starts
        frame = found.frame[[column.name for column in self.text_columns]]
        if starts:
            frame = frame.set_axis(frame.index + starts[table][0])
        found = replace(found, frame=frame, name=self.tables[0].file.name, columns=self.text_columns, starts=starts)
        return combine.with_ids(found)

    def cleaned(self, place: tuple[int, int]) -> CleanTable:
        """The customers of a part."""
        return clean_part(self.matched(place), self.facts, self.rules)


def decided(session: "SparkSession", plan: Plan) -> Plan:
    """The plan with the facts that the different values of all parts decide.

    Raises
    ------
    DataError
        No column is known, or a column can be read in two ways.
    """
    known = plan.text_columns
    if not {column.name for column in known} - {ID}:
        raise UnknownColumnsError(
            "None of the columns is one the dashboard knows.", "Name columns as in the bundled sample."
        )
    found = over(session, plan.parts, partial(_distinct, plan), "column int, value string").dropDuplicates()
    total = [Votes() for _ in known]
    for row in (
        found.mapInPandas(partial(_votes, known), "column int, votes string")
        .collect()
    ):
        told = json.loads(row["votes"])
        total[row["column"]] += Votes(**told)
    headers = {column.name: match.header for table in plan.tables for match, column in _headers(table)}
    facts = {
        column.name: settle(one, column, plan.rules, plan.tables[0].file.name, headers.get(column.name, column.name))
        for column, one in zip(known, total, strict=True)
        if column.kind != "id"
    }
    marked = {column.name for column, one in zip(known, total, strict=True) if one.counts.get("marked")}
    return replace(plan, facts=facts, said=decisions(known, facts, marked))


def _headers(table: FileTable) -> Iterator[tuple[Any, Column]]:
    for match in table.matches:
        if match.header in table.columns:
            yield match, table.columns[match.header]


def _distinct(plan: Plan, place: tuple[int, int]) -> Iterator[pd.DataFrame]:
    frame = plan.matched(place).frame
    for number, column in enumerate(plan.text_columns):
        if column.kind in VOTED:
            yield pd.DataFrame({"column": number, "value": frame[column.name].cat.categories.astype("str")})


def _votes(columns: Sequence[Column], batches: Iterator[pd.DataFrame]) -> Iterator[pd.DataFrame]:
    for batch in batches:
        for number, values in batch.groupby("column")["value"]:
            told = votes(values.astype("str").reset_index(drop=True), columns[int(number)])
            yield pd.DataFrame({"column": [number], "votes": [json.dumps(asdict(told))]})


def stage(session: "SparkSession", plan: Plan, place: str) -> tuple[Column, ...]:
    """Write the customers of every part, and the rows that are none, as a Parquet file per part; their columns.

    Raises
    ------
    UnusableTableError
        No customer is left.
    """
    columns = _columns(session, plan)
    schema = ", ".join([f"`{name}` {kind}" for name, kind in _schema(columns).items()])
    over(session, plan.parts, partial(_staged, plan, columns), schema).write.mode("overwrite").parquet(place)
    return columns


def _columns(session: "SparkSession", plan: Plan) -> tuple[Column, ...]:
    """The columns of cleaned customers, by those of the first part that has some."""
    for part in plan.parts:
        (told,) = answers(session, [part], lambda place: json.dumps([*plan.cleaned(place).customers]))
        if names := json.loads(told):
            known = {column.name: column for column in (*plan.text_columns, BY_NAME[ID])}
            return tuple(known.get(name) or BY_NAME[name] for name in names)
    raise UnusableTableError("No customer is left after cleaning.", "Look at the file's rows.")


def schema_of(columns: Sequence[Column]) -> dict[str, str]:
    """The customers' columns with their types in SQL."""
    kinds = {column.name: SQL_TYPES.get(column.kind, "string") for column in columns}
    return kinds | {name: "float" for name in FLOATS if name in kinds} | dict.fromkeys(ENGINEERED, "string")


def _schema(columns: Sequence[Column]) -> dict[str, str]:
    return schema_of(columns) | {f"{MARK}{name}": kind for name, kind in EXCLUDED.items()} | {STEPS: "string"}


def _staged(plan: Plan, columns: Sequence[Column], place: tuple[int, int]) -> Iterator[pd.DataFrame]:
    cleaned = plan.cleaned(place)
    names = [*_schema(columns)]
    customers = flag_rows(cleaned.customers, plan.rules)
    yield _as_staged(customers, names)
    yield _as_staged(cleaned.excluded.add_prefix(MARK), names)
    told = {"steps": [asdict(step) for step in cleaned.steps], "quality": cleaned.quality.to_dict("records")}
    yield _as_staged(pd.DataFrame({STEPS: [json.dumps(told, default=float)]}), names)


def _as_staged(frame: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    return without_categories(frame).assign(**{name: None for name in names if name not in frame})[[*names]]


def without_categories(frame: pd.DataFrame) -> pd.DataFrame:
    """The same cells, categories as text."""
    plain = {name: frame[name].astype("str") for name in frame if isinstance(frame[name].dtype, pd.CategoricalDtype)}
    return frame.assign(**plain)


def staged_parts(place: str) -> list[str]:
    """The files of a staged table, in the order of the parts."""
    return [file.path for file in storage.listed(place)]


def read_staged(place: str, columns: Sequence[Column], names: Sequence[str] | None = None) -> pd.DataFrame:
    """The customers of a staged part, or some of their columns: yes and no as categories, numbers as they are."""
    kinds = {column.name: column.kind for column in columns} | dict.fromkeys((MASS_AFFLUENT, HIGH_POTENTIAL), "yes_no")
    names = [*kinds, AGE_GROUP] if names is None else [*names]
    with storage.opened(place) as file:
        table = pq.read_table(file, columns=[*names, f"{MARK}outcome", STEPS])
    table = table.filter(pa.compute.and_(pa.compute.is_null(table[f"{MARK}outcome"]), pa.compute.is_null(table[STEPS])))
    frame = table.select(names).to_pandas(date_as_object=False)
    answers_of = {name: pd.Categorical(frame[name], categories=YES_NO) for name in names if kinds.get(name) == "yes_no"}
    return frame.assign(**answers_of)
