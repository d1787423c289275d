"""The cleaned customers as Parquet files, one per part."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from core.intake.clean import clean_part
from core.pipeline import flag_step
from core.schema import AGE_GROUP, CLUSTER, HIGH_POTENTIAL, MASS_AFFLUENT, YES_NO, Column
from core.spark import storage
from core.spark.jobs import written
from core.spark.plan import Source, SparkPlan, Task

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

# Further columns of a staged part: rejected rows, and the steps applied to the part.
REJECTED_COLUMNS: Final = {
    "file": pa.string(),
    "line": pa.int64(),
    "outcome": pa.string(),
    "reason": pa.string(),
    "raw_text": pa.string(),
}
MARK: Final = "excluded "  # before their names
STEPS: Final = f"{MARK}steps"
FLOATS: Final = ("age", "tenure")  # float32; other numbers are float64
ENGINEERED: Final = (MASS_AFFLUENT, AGE_GROUP, HIGH_POTENTIAL)
KINDS: Final = {"number": pa.float64(), "date": pa.date32()}


def stage(session: "SparkSession", plan: SparkPlan, folder: str) -> tuple[tuple[Column, ...], tuple[str, ...]]:
    """Write the customers of every part, the rejected rows and the steps; the customers' columns, and the files."""
    columns = _columns(plan)
    unread = [_OnlyRejected(source) for source in plan.sources] if plan.buckets else []
    tasks, schema = [*plan.tasks, *unread], pa.schema(_schema(columns))
    return columns, written(session, tasks, partial(_staged, plan, columns), schema, folder)


@dataclass(frozen=True)
class _OnlyRejected:
    """A part of the files of which only the rejected rows are needed: its other rows are in buckets."""

    source: Source


def _columns(plan: SparkPlan) -> tuple[Column, ...]:
    """The columns of cleaned customers, the same in every task."""
    return clean_part(plan.empty(), plan.facts, plan.rules).columns


def types_of(columns: Sequence[Column]) -> dict[str, pa.DataType]:
    """The customers' columns with their types."""
    kinds = {column.name: KINDS.get(column.kind, pa.string()) for column in columns}
    return kinds | {name: pa.float32() for name in FLOATS if name in kinds} | dict.fromkeys(ENGINEERED, pa.string())


def _schema(columns: Sequence[Column]) -> dict[str, pa.DataType]:
    own = {name: kind for name, kind in types_of(columns).items() if name not in ENGINEERED}
    return own | {f"{MARK}{name}": kind for name, kind in REJECTED_COLUMNS.items()} | {STEPS: pa.string()}


def _staged(plan: SparkPlan, columns: Sequence[Column], task: Task | _OnlyRejected) -> Iterator[pd.DataFrame]:
    """The customers of a task, the rejected rows, and the steps; the flags need facts about all customers first."""
    names = [*_schema(columns)]
    if isinstance(task, _OnlyRejected):
        rejected = plan.read(task.source).rejected.add_prefix(MARK)
        yield from [_as_staged(rejected, names)] if len(rejected) else []
        return
    cleaned = plan.cleaned(task)
    customers = cleaned.customers
    yield from (_as_staged(rows, names) for rows in (customers, cleaned.rejected.add_prefix(MARK)) if len(rows))
    steps = [asdict(step) for step in (*cleaned.steps, flag_step(len(customers)))]
    summary = json.dumps({"steps": steps, "quality": cleaned.quality.to_dict("records")}, default=float)
    yield _as_staged(pd.DataFrame({STEPS: [summary]}), names)


def _as_staged(frame: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    return without_categories(frame).assign(**{name: None for name in names if name not in frame})[[*names]]


def without_categories(frame: pd.DataFrame) -> pd.DataFrame:
    """The same cells, categories as text."""
    text = {name: frame[name].astype("str") for name in frame if isinstance(frame[name].dtype, pd.CategoricalDtype)}
    return frame.assign(**text)


def read_staged(place: str, columns: Sequence[Column], names: Sequence[str] | None = None) -> pd.DataFrame:
    """The customers of a staged part, or some of their columns."""
    names = [column.name for column in columns] if names is None else [*names]
    with storage.opened(place) as file:
        table = pq.read_table(file, columns=[*names, f"{MARK}outcome", STEPS])
    is_customer = pc.and_(pc.is_null(table[f"{MARK}outcome"]), pc.is_null(table[STEPS]))
    return typed(table.filter(is_customer).select(names), columns)


def read_customers(
    place: str, columns: Sequence[Column], labels: Sequence[str], names: Sequence[str] | None = None
) -> pd.DataFrame:
    """Customers with their flags and `Cluster`, whose values are `labels`, as `write_customers` wrote them."""
    with storage.opened(place) as file:
        table = pq.read_table(file, columns=None if names is None else [*names])
    frame = typed(table, columns)
    return frame.assign(**{CLUSTER: pd.Categorical(frame[CLUSTER], labels, ordered=True)})


def typed(table: pa.Table, columns: Sequence[Column]) -> pd.DataFrame:
    """The table as a frame, with yes/no columns and flags as categories."""
    kinds = {column.name: column.kind for column in columns} | dict.fromkeys((MASS_AFFLUENT, HIGH_POTENTIAL), "yes_no")
    frame = table.to_pandas(date_as_object=False)
    yes_no = [name for name in frame if kinds.get(name) == "yes_no"]
    return frame.assign(**{name: pd.Categorical(frame[name], YES_NO, ordered=True) for name in yes_no})
