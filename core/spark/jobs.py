"""Work on parts of the rows: one Spark task per part, and sums over the answers."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, is_dataclass
from posixpath import basename, dirname
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from core.errors import DataError
from core.segments.rows import PartialSums, joined
from core.spark import storage

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

T = TypeVar("T")
PARTIAL_SUMS = 64  # tasks that send their sums to the driver, which holds them all at once


def over(
    session: "SparkSession", parts: Sequence[T], work: Callable[[T], Iterator[pd.DataFrame]], schema: str
) -> "DataFrame":
    """The rows that `work` gives for every part, one task per part; Spark repeats lost tasks."""

    def run(batches: Iterator[pd.DataFrame]) -> Iterator[pd.DataFrame]:
        for batch in batches:
            for number in batch["id"]:
                yield from map(_plain_text, work(parts[int(number)]))

    return session.range(0, len(parts), 1, max(len(parts), 1)).mapInPandas(run, schema)


def _plain_text(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with text as Python's: PySpark cannot send pandas' strings that are held in several chunks."""
    text = [name for name in frame if isinstance(frame[name].dtype, pd.StringDtype)]
    return frame.astype(dict.fromkeys(text, "object"))


def answers(session: "SparkSession", parts: Sequence[T], work: Callable[[T], Any]) -> list[Any]:
    """The answer from every part, in the order of the parts, as JSON: a dataclass is a dict.

    Raises
    ------
    DataError
        The error of the first part whose work raised one.
    """

    def answer_row(numbered: tuple[int, T]) -> Iterator[pd.DataFrame]:
        number, part = numbered
        try:
            answer, error = json.dumps(work(part), default=_plain), ""
        except DataError as raised:
            answer, error = "", json.dumps(raised.parts)
        yield pd.DataFrame({"part": [number], "answer": [answer], "error": [error]})

    collected = over(session, list(enumerate(parts)), answer_row, "part long, answer string, error string").collect()
    collected.sort(key=lambda row: row["part"])
    for row in collected:
        if row["error"]:
            raise DataError(**json.loads(row["error"]))
    return [json.loads(row["answer"]) for row in collected]


def written(
    session: "SparkSession", parts: Sequence[T], work: Callable[[T], Iterator[pd.DataFrame]], schema: pa.Schema,
    folder: str,
) -> tuple[str, ...]:  # fmt: skip
    """Write the rows that `work` gives for every part as a Parquet file each; the files with rows, by part.

    The workers write them themselves: through Java it takes several times as long.
    """

    def write(numbered: tuple[int, T]) -> str:
        number, part = numbered
        path, rows = storage.below(folder, part_name(number)), 0
        with whole_file(path) as file, pq.ParquetWriter(file, schema) as writer:
            for frame in work(part):
                rows += len(frame)
                writer.write_table(pa.Table.from_pandas(frame, schema, preserve_index=False))
        return path if rows else ""

    return tuple(filter(None, answers(session, list(enumerate(parts)), write)))


def part_name(number: int) -> str:
    """The name of the file of a part."""
    return f"part-{number:06}.parquet"


@contextmanager
def whole_file(path: str) -> Iterator[pa.NativeFile]:
    """A file that a task writes, and that is there when it is whole.

    A task that Spark repeats puts the same file in the place of the first one.
    """
    from pyspark import TaskContext

    task: Any = TaskContext.get()
    unfinished = storage.below(dirname(path), f".{basename(path)}-{task.taskAttemptId()}")
    with storage.created(unfinished) as file:
        yield file
    storage.move(unfinished, path)


def partial_sums(session: "SparkSession", parts: Sequence[T], ask: Callable[[T], PartialSums]) -> dict[str, np.ndarray]:
    """The joined answers of all parts (`segments.rows.joined`)."""

    def run(batches: Iterator[pd.DataFrame]) -> Iterator[pd.DataFrame]:
        sums: dict[str, np.ndarray] = {}
        for batch in batches:
            for number in batch["id"]:
                sums = add(sums, ask(parts[int(number)]))
        yield pd.DataFrame(
            {
                "name": list(sums),
                "shape": [list(values.shape) for values in sums.values()],
                "numbers": [values.astype("float64").tobytes() for values in sums.values()],
            }
        )

    tasks = max(min(len(parts), PARTIAL_SUMS), 1)
    schema = "name string, shape array<long>, numbers binary"
    total: dict[str, np.ndarray] = {}
    for row in session.range(0, len(parts), 1, tasks).mapInPandas(run, schema).collect():
        total = add(total, {row["name"]: np.frombuffer(row["numbers"]).reshape(row["shape"])})
    return total


def add(total: dict[str, np.ndarray], part: PartialSums) -> dict[str, np.ndarray]:
    """The sums so far joined with those of a further part."""
    return total | {
        name: joined(name, total[name], values) if name in total else values for name, values in part.items()
    }


def _plain(value: Any) -> Any:
    """A dataclass or a numpy value as a value that JSON can hold."""
    return asdict(value) if is_dataclass(value) and not isinstance(value, type) else value.tolist()
