"""The cleaned customers as rows of numbers on Spark's workers: what the segments are made from."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from core.schema import UNKNOWN, YES_NO, Column
from core.segments.features import raw_features
from core.segments.number import wealth_of
from core.segments.points import Points, distinct, merged
from core.segments.rows import Tally, Values
from core.spark.customers import read_staged
from core.spark.work import TALLIES, tally

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

DIGIT: Final = 13  # bits of a number that are settled at a time: 8,192 counts
BITS: Final = 64


@dataclass(frozen=True)
class Numbers:
    """The features of a staged part in their own units, and the wealth measure last: a block of rows."""

    columns: tuple[Column, ...]
    features: tuple[str, ...]
    wealth: str | None

    def block(self, place: str) -> np.ndarray:
        """The rows (customers, features + 1)."""
        names = dict.fromkeys([*self.features, *([self.wealth] if self.wealth else [])])
        frame = read_staged(place, self.columns, list(names) or [self.columns[0].name])
        raw = raw_features(frame, self.features)
        return np.column_stack([raw, wealth_of(frame, self.wealth)])


def same(block: np.ndarray) -> np.ndarray:
    """The rows as they are."""
    return block


@dataclass(frozen=True)
class Distributed:
    """`segments.rows.Rows` on Spark: blocks of the staged parts, and what is made of each before it is asked."""

    session: Any
    places: tuple[str, ...]
    numbers: Numbers
    made: Values = same

    def block(self, place: str) -> np.ndarray:
        """The rows of a part."""
        return self.made(self.numbers.block(place))

    def map(self, values: Values) -> "Distributed":
        """`Rows.map`."""
        made = self.made
        return replace(self, made=lambda block: values(made(block)))

    def tally(self, ask: Callable[[np.ndarray], Tally]) -> dict[str, np.ndarray]:
        """`Rows.tally`."""
        numbers, made = self.numbers, self.made  # a session cannot go to the workers
        return tally(self.session, self.places, lambda place: ask(made(numbers.block(place))))

    def ranked(self, ranks: Sequence[Sequence[int]]) -> list[np.ndarray]:
        """`Rows.ranked`: bit by bit, from the highest, by how many numbers begin with the same ones."""
        # By column and rank: the bits so far, and the rank among the numbers that have them.
        known = {(i, rank): (0, rank) for i, some in enumerate(ranks) for rank in some}
        for left in range(BITS if known else 0, 0, -DIGIT):
            begins = sorted({(i, bits) for (i, _), (bits, _) in known.items()})
            counts = self.tally(partial(_digits, begins, min(left, DIGIT), max(left - DIGIT, 0)))
            known = {(i, rank): _next(counts[f"{i} {bits}"], bits, at) for (i, rank), (bits, at) in known.items()}
        return [_numbers(np.array([known[i, rank][0] for rank in some], "uint64")) for i, some in enumerate(ranks)]

    def points(self, square: float) -> Points:
        """The points of the smallest ranks of all rows (`points.distinct`), and the customers at each."""
        numbers, made = self.numbers, self.made
        return sketch(self.session, self.places, lambda place: made(numbers.block(place)), square)


def _digits(begins: Sequence[tuple[int, int]], width: int, left: int, block: np.ndarray) -> Tally:
    """How many numbers that begin with some bits go on with each of the next `width` ones, before those `left`."""
    found = {}
    for i in {i for i, _ in begins}:
        column = block[:, i]
        keys = _keys(column[~np.isnan(column)]) >> np.uint64(left)
        before, digits = keys >> np.uint64(width), (keys & np.uint64((1 << width) - 1)).astype("int64")
        for bits in (bits for at, bits in begins if at == i):
            found[f"{i} {bits}"] = np.bincount(digits[before == np.uint64(bits)], minlength=1 << width)
    return found


def _next(counts: np.ndarray, bits: int, at: int) -> tuple[int, int]:
    """The bits with the next ones, and the rank among the numbers that have all these."""
    upto = np.cumsum(counts)
    digit = int(np.searchsorted(upto, at, side="right"))
    return bits * len(counts) + digit, at - int(upto[digit - 1] if digit else 0)


def _keys(values: np.ndarray) -> np.ndarray:
    """Whole numbers in the order of the floats: those below zero turned over, the others above them."""
    bits = np.ascontiguousarray(values + 0.0).view("uint64")
    return np.where(bits >> np.uint64(63) == 1, ~bits, bits | np.uint64(1 << 63))


def _numbers(keys: np.ndarray) -> np.ndarray:
    top = np.uint64(1 << 63)
    return np.where(keys & top, keys ^ top, ~keys).view("float64")


def sketch(
    session: "SparkSession", places: Sequence[str], block: Callable[[str], np.ndarray], square: float
) -> Points:  # fmt: skip
    """`Distributed.points`; a task joins those of its parts, so that few are sent here."""

    def run(batches: Any) -> Any:
        found: list[Points] = []
        for batch in batches:
            for number in batch["id"]:
                found = [merged([*found, distinct(block(places[int(number)]), square)[0]])]
        for points in filter(len, found):  # PySpark knows no type of an empty column of lists
            yield pd.DataFrame({"rank": points.ranks, "count": points.counts, "point": [*points.values]})

    tasks = max(min(len(places), TALLIES), 1)
    told = (
        session.range(0, len(places), 1, tasks)
        .mapInPandas(run, "rank double, count long, point array<double>")
        .toPandas()
    )
    points = np.array([*told["point"]]) if len(told) else np.empty((0, 0))
    return merged([Points(told["rank"].to_numpy("float64"), points, told["count"].to_numpy("int64"))])


def stand_in(session: "SparkSession", places: Sequence[str], columns: Sequence[Column]) -> pd.DataFrame:
    """A few rows in place of all customers, for what asks which values there are.

    Numbers have their least and most value, and are mostly missing where they are among all; yes and no have those
    answers that occur.
    """
    names = [column.name for column in columns if column.kind in ("number", "yes_no")]
    numeric = [column.name for column in columns if column.kind == "number"]

    def ask(place: str) -> Tally:
        frame = read_staged(place, columns, names or [columns[0].name])
        found = {"rows": np.array([len(frame)])}
        for name in names:
            if name in numeric:
                values = frame[name].to_numpy("float64")
                known = values[~np.isnan(values)]
                found |= {f"known {name}": np.array([len(known)])}
                found |= {f"least {name}": np.array([known.min(initial=np.inf)])}
                found |= {f"most {name}": np.array([known.max(initial=-np.inf)])}
            else:
                found[f"known {name}"] = np.bincount(frame[name].cat.codes, minlength=len(YES_NO))
        return found

    told = tally(session, places, ask)
    rows = int(told["rows"][0])
    return pd.DataFrame({name: _few(told, name, rows) if name in numeric else _answers(told, name) for name in names})


FEW: Final = 5


def _few(told: dict[str, np.ndarray], name: str, rows: int) -> np.ndarray:
    known = int(told[f"known {name}"][0])
    values = np.full(FEW, np.nan)
    if known:
        filled = FEW if known * 2 >= rows else 2
        values[:filled] = told[f"most {name}"][0]
        values[0] = told[f"least {name}"][0]
    return values


def _answers(told: dict[str, np.ndarray], name: str) -> pd.Categorical:
    occur = [answer for answer, count in zip(YES_NO, told[f"known {name}"], strict=True) if count]
    return pd.Categorical([*occur, *[UNKNOWN] * FEW][:FEW], categories=YES_NO)
