"""Parts of tables → cleaned and flagged customers, by what is decided about the whole."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from itertools import accumulate
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from core import exact
from core.errors import UnjoinableTablesError, UnusableTableError
from core.intake import combine
from core.intake.aggregate import measures_of, numbers_of
from core.intake.clean import CleanTable, clean_part
from core.intake.facts import Facts, Votes, decisions, settle, votes
from core.intake.flags import flag_rows
from core.intake.match import MatchedTable
from core.intake.read import ReadChoices
from core.intake.steps import blank_ids, excluded_rows
from core.intake.values import Fact, as_categories
from core.pipeline import flag_step
from core.rules import Rules
from core.schema import AGE_GROUP, BY_NAME, CLUSTER, HIGH_POTENTIAL, ID, MASS_AFFLUENT, YES_NO, Column
from core.spark import storage
from core.spark.source import FileTable
from core.spark.work import answers, over, tally

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

# Beside the customers' columns in a staged part: what became of a row that is no customer.
EXCLUDED: Final = {"file": "string", "line": "long", "outcome": "string", "reason": "string", "raw_text": "string"}
MARK: Final = "excluded "  # before their names
STEPS: Final = f"{MARK}steps"
BUCKET_ROWS: Final = 200_000
Place = Any  # a bucket, or a part of the files
VOTED: Final = ("date", "number", "category", "yes_no")
FLOATS: Final = ("age", "tenure")  # worked out as float32; other numbers are float64
ENGINEERED: Final = (MASS_AFFLUENT, AGE_GROUP, HIGH_POTENTIAL)
SQL_TYPES: Final = {"number": "double", "date": "date"}


@dataclass(frozen=True)
class Stack:
    """Tables with the same columns, as the parts of one export are: one below the other."""

    tables: tuple[FileTable, ...]

    @property
    def name(self) -> str:
        """The first one's."""
        return self.tables[0].file.name

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns as they are read, in the order of the first one."""
        return tuple(self.tables[0].columns.values())

    @property
    def starts(self) -> tuple[tuple[int, str], ...]:
        """Where the lines of each file begin; none for a single file."""
        ends = accumulate((table.last_line + 1 for table in self.tables), initial=0)
        return (
            tuple((start, one.file.name) for start, one in zip(ends, self.tables, strict=False))
            if len(self.tables) > 1
            else ()
        )

    def part(self, table: int, part: int, choices: ReadChoices) -> MatchedTable:
        """The rows of a part of one of the files."""
        found = self.tables[table].part(part, choices)
        starts = self.starts
        frame = found.frame[[column.name for column in self.columns]]
        frame = frame.set_axis(frame.index + (starts[table][0] if starts else 0)).rename_axis("line")
        return replace(found, frame=frame, name=self.name, columns=self.columns, starts=starts, steps=(), sources=())


@dataclass(frozen=True)
class Plan:
    """How parts of the files become customers, by what is known of the whole.

    Where customers have several rows, the rows are in `buckets` by their id: lists of Parquet files, in each all rows
    of some customers. `counted` are the facts about tables that are counted per customer, by position.
    """

    stacks: tuple[Stack, ...]
    rules: Rules
    choices: ReadChoices
    buckets: tuple[tuple[str, ...], ...] = ()
    order: combine.Order = combine.Order(0)  # noqa: RUF009
    counted: Mapping[int, Facts] = field(default_factory=dict)
    columns: tuple[Column, ...] = ()
    facts: Facts = field(default_factory=dict)
    said: Mapping[str, str] = field(default_factory=dict)

    @property
    def sources(self) -> list[tuple[int, int, int]]:
        """Every part of the files: position of the stack, of the table in it, of the part in that."""
        return [
            (number, table, part)
            for number, stack in enumerate(self.stacks)
            for table, one in enumerate(stack.tables)
            for part in range(len(one.parts))
        ]

    @property
    def parts(self) -> list[Place]:
        """What is worked on in one go: a bucket, or a part of the only table."""
        return [*range(len(self.buckets))] or self.sources

    def read(self, source: tuple[int, int, int]) -> MatchedTable:
        """The rows of a part of the files; ids, where there are some, without blanks around them."""
        stack, table, part = source
        found = self.stacks[stack].part(table, part, self.choices)
        return combine.with_ids(found) if ID in found.frame else found

    def tables(self, bucket: int) -> list[MatchedTable]:
        """The rows of some customers in every table."""
        rows = pd.concat([_read(path) for path in self.buckets[bucket]]).sort_values("line")
        return [self._of_stack(number, rows[rows["table"] == number]) for number in range(len(self.stacks))]

    def _of_stack(self, number: int, rows: pd.DataFrame) -> MatchedTable:
        stack = self.stacks[number]
        cells = list(zip(*rows["cells"], strict=True)) if len(rows) else [()] * len(stack.columns)
        index = pd.Index(rows["line"], name="line", dtype="int64")
        data = {
            column.name: pd.Series(list(values), index, dtype="str")
            for column, values in zip(stack.columns, cells, strict=True)
        }
        coded = {name: text if name == ID else as_categories(text) for name, text in data.items()}
        frame = pd.DataFrame(coded, index=index)
        return MatchedTable(stack.name, frame, stack.columns, (), excluded_rows([], [], [], []), (), stack.starts)

    def matched(self, place: Place) -> MatchedTable:
        """The rows of a part, one per customer if there are buckets."""
        if not self.buckets:
            return combine.with_ids(self.read(place))
        return combine.with_ids(combine.in_order(self.tables(place), self.order, self.rules, self.counted))

    def cleaned(self, place: Place) -> CleanTable:
        """The customers of a part."""
        return clean_part(self.matched(place), self.facts, self.rules)


def planned(
    session: "SparkSession", tables: Sequence[FileTable], rules: Rules, choices: ReadChoices, work: str
) -> Plan:
    """Stack tables with the same columns, and put the rows of each customer together where that takes other parts.

    Raises
    ------
    DataError
        Tables that cannot be joined, no known column, or a column that can be read in two ways.
    """
    parts: dict[frozenset[str], list[FileTable]] = defaultdict(list)
    for table in sorted(tables, key=_says_most):
        parts[frozenset(column.name for column in table.columns.values())].append(table)
    plan = Plan(tuple(Stack(tuple(same)) for same in parts.values()), rules, choices)
    if len(plan.stacks) > 1 or _has_repeats(session, plan):
        plan = _ordered(session, _bucketed(session, plan, work))
    columns = _matched_columns(session, plan)
    combine.check_known([column.name for column in columns], [table.source for table in tables], plan.stacks[0].name)
    plan = replace(plan, columns=columns)
    facts, found = _decided(session, plan, plan.parts, columns, plan.matched)
    marked = {name for name, votes_on in found.items() if votes_on.counts.get("marked")}
    return replace(plan, facts=facts, said=decisions(columns, facts, marked))


def _says_most(table: FileTable) -> tuple[int, int, list[str]]:
    return combine.says_most(list(table.columns.values()), table.rows)


def _has_repeats(session: "SparkSession", plan: Plan) -> bool:
    """Whether a customer id stands in more than one row."""
    if ID not in {column.name for column in plan.stacks[0].columns}:
        return False
    ids = over(session, plan.sources, partial(_ids, plan), "id string")
    return bool(ids.groupBy("id").count().where("count > 1").limit(1).collect())


def _ids(plan: Plan, source: tuple[int, int, int]) -> Iterator[pd.DataFrame]:
    ids = plan.read(source).frame[ID]
    yield pd.DataFrame({"id": ids[ids != ""].to_numpy(object)})


def _bucketed(session: "SparkSession", plan: Plan, work: str) -> Plan:
    """The plan with the rows in buckets by customer id."""
    rows = sum(table.rows for stack in plan.stacks for table in stack.tables)
    number = max(1, round(rows / BUCKET_ROWS))
    found = over(
        session,
        plan.sources,
        partial(_in_buckets, plan, number),
        "bucket int, table int, line long, cells array<string>",
    )
    found.repartition(number, "bucket").write.partitionBy("bucket").mode("overwrite").parquet(work)
    paths = answers(session, [work], lambda place: json.dumps([file.path for file in storage.listed(place)]))
    buckets: dict[str, list[str]] = defaultdict(list)
    for path in json.loads(paths[0]):
        buckets[path.rsplit("/", 2)[1]].append(path)
    return replace(plan, buckets=tuple(tuple(same) for same in buckets.values()))


def _in_buckets(plan: Plan, number: int, source: tuple[int, int, int]) -> Iterator[pd.DataFrame]:
    frame = plan.read(source).frame
    lines = frame.index.to_numpy()
    keys = lines
    if ID in frame:
        ids = frame[ID].to_numpy(object)
        keys = np.where(ids == "", lines.astype("uint64"), pd.util.hash_array(ids, categorize=False))
    cells = list(zip(*(frame[name].astype("str").to_numpy(object) for name in frame), strict=True))
    yield pd.DataFrame({"bucket": (keys % number).astype("int64"), "table": source[0], "line": lines, "cells": cells})


def _ordered(session: "SparkSession", plan: Plan) -> Plan:
    """The plan with the order of its tables, and the facts about those that are counted."""
    with_id = [number for number, stack in enumerate(plan.stacks) if ID in {one.name for one in stack.columns}]
    if not with_id:
        raise UnjoinableTablesError(
            f"Neither {plan.stacks[0].name} nor {plan.stacks[1].name} has a customer id, so they cannot be joined.",
            "Add a customer id to both, or use one of them only.",
        )
    told = tally(session, plan.parts, partial(_repeats, plan, with_id))
    names = [{column.name for column in stack.columns} for stack in plan.stacks]
    counted = [number for number in with_id if combine.is_counted(tuple(told[str(number)]), names[number])]
    order = combine.order_of(len(plan.stacks), with_id, counted)
    met = tally(session, plan.parts, partial(_met, plan, order)) if order.joined else {}
    for number, rows in met.items():
        if not rows[0]:
            raise UnjoinableTablesError(
                f"None of its customer ids is in {plan.stacks[order.lead].name}.",
                "Make both write the ids alike, or use one of them only.", file=plan.stacks[int(number)].name,
            )  # fmt: skip
    facts = {}
    for number in counted:
        sources = [source for source in plan.sources if source[0] == number]
        found, _ = _decided(session, plan, sources, plan.stacks[number].columns, plan.read)
        told = tally(session, sources, partial(_largest, plan, found))
        facts[number] = {name: _with_places(fact, name, told) for name, fact in found.items()}
    return replace(plan, order=order, counted=facts)


def _repeats(plan: Plan, with_id: Sequence[int], bucket: int) -> dict[str, np.ndarray]:
    tables = plan.tables(bucket)
    return {str(number): np.array(combine.repeats(tables[number])) for number in with_id}


def _largest(plan: Plan, facts: Facts, source: tuple[int, int, int]) -> dict[str, np.ndarray]:
    """The rows with an id of a part, and the largest number of each column that is summed."""
    table = plan.read(source)
    table = table.without(blank_ids(table.frame), "No customer id")
    found = {"rows": np.array([len(table.frame)])}
    for column in measures_of(table):
        sizes = np.abs(numbers_of(table, column, facts[column.name]))
        sizes = sizes[np.isfinite(sizes)]
        found[f"most {column.name}"] = np.array([sizes.max(initial=0.0)])
        found[f"broken {column.name}"] = np.array([(sizes != np.floor(sizes)).sum()])
    return found


def _with_places(fact: Fact, name: str, told: dict[str, np.ndarray]) -> Fact:
    largest = told.get(f"most {name}")
    if largest is None:
        return fact
    whole = not told[f"broken {name}"][0]
    return replace(fact, places=exact.decimals_of(largest[0], int(told["rows"][0]), whole=whole))


def _met(plan: Plan, order: combine.Order, bucket: int) -> dict[str, np.ndarray]:
    tables = plan.tables(bucket)
    ids = tables[order.lead].frame[ID]
    return {str(number): np.array([tables[number].frame[ID].isin(ids).sum()]) for number in order.joined}


def _matched_columns(session: "SparkSession", plan: Plan) -> tuple[Column, ...]:
    told = answers(
        session, plan.parts[:1], lambda place: json.dumps([asdict(one) for one in plan.matched(place).columns])
    )
    return tuple(Column(**one) for one in json.loads(told[0]))


def _decided(
    session: "SparkSession",
    plan: Plan,
    places: Sequence[Any],
    columns: Sequence[Column],
    table: Callable[[Any], MatchedTable],
) -> tuple[Facts, dict[str, Votes]]:
    """The facts that the different values in some parts decide, and their votes, by column."""
    found = over(session, places, partial(_distinct, columns, table), "column int, value string").dropDuplicates()
    total = {column.name: Votes() for column in columns}
    for row in found.mapInPandas(partial(_votes, columns), "column int, votes string").collect():
        total[columns[row["column"]].name] += Votes(**json.loads(row["votes"]))
    stack = plan.stacks[plan.order.lead]
    headers = {
        column.name: header for stack in plan.stacks for one in stack.tables for header, column in one.columns.items()
    }
    computed = {column.name for column in columns} - {column.name for stack in plan.stacks for column in stack.columns}
    facts = {
        column.name: Fact()
        if column.name in computed
        else settle(total[column.name], column, plan.rules, stack.name, headers[column.name])
        for column in columns
        if column.kind != "id"
    }
    return facts, total


def _distinct(columns: Sequence[Column], table: Callable[[Any], MatchedTable], place: Any) -> Iterator[pd.DataFrame]:
    frame = table(place).frame
    for number, column in enumerate(columns):
        if column.kind in VOTED:
            yield pd.DataFrame({"column": number, "value": frame[column.name].cat.categories.astype("str")})


def _votes(columns: Sequence[Column], batches: Iterator[pd.DataFrame]) -> Iterator[pd.DataFrame]:
    for batch in batches:
        for number, values in batch.groupby("column")["value"]:
            told = votes(values.astype("str").reset_index(drop=True), columns[int(number)])
            yield pd.DataFrame({"column": [number], "votes": [json.dumps(asdict(told))]})


def _read(path: str) -> pd.DataFrame:
    with storage.opened(path) as file:
        return pq.read_table(file).to_pandas()


def stage(session: "SparkSession", plan: Plan, place: str) -> tuple[Column, ...]:
    """Write the customers of every part, and the rows that are none, as a Parquet file per part; their columns.

    Raises
    ------
    UnusableTableError
        No customer is left.
    """
    columns = _columns(session, plan)
    schema = ", ".join([f"`{name}` {kind}" for name, kind in _schema(columns).items()])
    rejected = [_Rejected(source) for source in plan.sources] if plan.buckets else []
    found = over(session, [*plan.parts, *rejected], partial(_staged, plan, columns), schema)
    found.write.mode("overwrite").parquet(place)
    return columns


@dataclass(frozen=True)
class _Rejected:
    """A part of the files of which only the rows that could not be read are wanted."""

    source: tuple[int, int, int]


def _columns(session: "SparkSession", plan: Plan) -> tuple[Column, ...]:
    """The columns of cleaned customers, by those of the first part that has some."""
    for part in plan.parts:
        (told,) = answers(session, [part], lambda place: json.dumps([*plan.cleaned(place).customers]))
        if names := json.loads(told):
            known = {column.name: column for column in plan.columns}
            return tuple(known.get(name) or BY_NAME[name] for name in names)
    raise UnusableTableError("No customer is left after cleaning.", "Look at the file's rows.")


def schema_of(columns: Sequence[Column]) -> dict[str, str]:
    """The customers' columns with their types in SQL."""
    kinds = {column.name: SQL_TYPES.get(column.kind, "string") for column in columns}
    return kinds | {name: "float" for name in FLOATS if name in kinds} | dict.fromkeys(ENGINEERED, "string")


def _schema(columns: Sequence[Column]) -> dict[str, str]:
    return schema_of(columns) | {f"{MARK}{name}": kind for name, kind in EXCLUDED.items()} | {STEPS: "string"}


def _staged(plan: Plan, columns: Sequence[Column], place: Place) -> Iterator[pd.DataFrame]:
    """The customers of a part with their flags, the rows that are none, and what was done to them."""
    names = [*_schema(columns)]
    if isinstance(place, _Rejected):
        rejected = plan.read(place.source).excluded.add_prefix(MARK)
        yield from [_as_staged(rejected, names)] if len(rejected) else []
        return
    cleaned = plan.cleaned(place)
    customers = flag_rows(cleaned.customers, plan.rules)
    yield from (_as_staged(rows, names) for rows in (customers, cleaned.excluded.add_prefix(MARK)) if len(rows))
    steps = (*cleaned.steps, flag_step(len(customers)))
    told = {"steps": [asdict(step) for step in steps], "quality": cleaned.quality.to_dict("records")}
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
    """The customers of a staged part, or some of their columns."""
    names = [*(column.name for column in columns), *ENGINEERED] if names is None else [*names]
    with storage.opened(place) as file:
        table = pq.read_table(file, columns=[*names, f"{MARK}outcome", STEPS])
    is_customer = pc.and_(pc.is_null(table[f"{MARK}outcome"]), pc.is_null(table[STEPS]))
    return typed(table.filter(is_customer).select(names), columns)


def read_customers(
    place: str, columns: Sequence[Column], labels: Sequence[str], names: Sequence[str] | None = None
) -> pd.DataFrame:
    """Customers with their flags and `Cluster`, of which `labels` are the values, as `write_customers` wrote them."""
    with storage.opened(place) as file:
        table = pq.read_table(file, columns=None if names is None else [*names])
    frame = typed(table, columns)
    return frame.assign(**{CLUSTER: pd.Categorical(frame[CLUSTER], labels, ordered=True)})


def typed(table: pa.Table, columns: Sequence[Column]) -> pd.DataFrame:
    """Numbers and dates as they are; yes and no as categories, as are the flags."""
    kinds = {column.name: column.kind for column in columns} | dict.fromkeys((MASS_AFFLUENT, HIGH_POTENTIAL), "yes_no")
    frame = table.to_pandas(date_as_object=False)
    answered = [name for name in frame if kinds.get(name) == "yes_no"]
    return frame.assign(**{name: pd.Categorical(frame[name], YES_NO, ordered=True) for name in answered})
