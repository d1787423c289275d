"""Work on parts of the rows: a task for each on Spark's workers, and what adds up summed."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, is_dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import pandas as pd

from core.errors import DataError
from core.segments.rows import PartialSums, joined

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

T = TypeVar("T")
PARTIAL_SUMS = 64  # tasks that send their sums here: so many are held at once, however many parts there are


def over(
    session: "SparkSession", parts: Sequence[T], work: Callable[[T], Iterator[pd.DataFrame]], schema: str
) -> "DataFrame":
    """The rows that the work on every part gives, a task per part; lost ones are done again."""

    def run(batches: Iterator[pd.DataFrame]) -> Iterator[pd.DataFrame]:
        for batch in batches:
            for number in batch["id"]:
                yield from map(_plain_text, work(parts[int(number)]))

    return session.range(0, len(parts), 1, max(len(parts), 1)).mapInPandas(run, schema)


def _plain_text(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with text as Python's: PySpark cannot send pandas' own where that is held in several pieces."""
    text = [name for name in frame if isinstance(frame[name].dtype, pd.StringDtype)]
    return frame.astype(dict.fromkeys(text, "object"))


def answers(session: "SparkSession", parts: Sequence[T], work: Callable[[T], Any]) -> list[Any]:
    """The answer from every part, in the order of the parts, as JSON has it: a dict in place of a dataclass, say.

    Raises
    ------
    DataError
        That of the first part whose work raised one.
    """

    def row(numbered: tuple[int, T]) -> Iterator[pd.DataFrame]:
        number, part = numbered
        try:
            answer, error = json.dumps(work(part), default=_plain), ""
        except DataError as raised:
            answer, error = "", json.dumps(raised.parts)
        yield pd.DataFrame({"part": [number], "answer": [answer], "error": [error]})

    collected = over(session, list(enumerate(parts)), row, "part long, answer string, error string").collect()
    collected.sort(key=lambda one: one["part"])
    for one in collected:
        if one["error"]:
            raise DataError(**json.loads(one["error"]))
    return [json.loads(one["answer"]) for one in collected]


def partial_sums(session: "SparkSession", parts: Sequence[T], ask: Callable[[T], PartialSums]) -> dict[str, np.ndarray]:
    """The joined answers of all parts (`segments.rows.joined`)."""

    def run(batches: Iterator[pd.DataFrame]) -> Iterator[pd.DataFrame]:
        found: dict[str, np.ndarray] = {}
        for batch in batches:
            for number in batch["id"]:
                found = add(found, ask(parts[int(number)]))
        yield pd.DataFrame(
            {
                "name": list(found),
                "shape": [list(values.shape) for values in found.values()],
                "numbers": [values.astype("float64").tobytes() for values in found.values()],
            }
        )

    tasks = max(min(len(parts), PARTIAL_SUMS), 1)
    schema = "name string, shape array<long>, numbers binary"
    total: dict[str, np.ndarray] = {}
    for row in session.range(0, len(parts), 1, tasks).mapInPandas(run, schema).collect():
        total = add(total, {row["name"]: np.frombuffer(row["numbers"]).reshape(row["shape"])})
    return total


def add(one: dict[str, np.ndarray], other: PartialSums) -> dict[str, np.ndarray]:
    """Two answers as one."""
    return one | {name: joined(name, one[name], values) if name in one else values for name, values in other.items()}


def _plain(value: Any) -> Any:
    """What JSON has no form for, in one that it has."""
    return asdict(value) if is_dataclass(value) and not isinstance(value, type) else value.tolist()
