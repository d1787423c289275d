"""The cleaned customers as rows of numbers on Spark's workers: what the segments are made from."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from core.schema import UNKNOWN, WEALTH_MEASURES, YES_NO, Column
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
        raw, _ = raw_features(frame, self.features)
        return np.column_stack([raw, wealth_of(frame, self.wealth)])


@dataclass(frozen=True)
class Distributed:
    """`segments.rows.Rows` on Spark: blocks of the staged parts."""

    session: Any
    places: tuple[str, ...]
    numbers: Numbers

    def tally(self, ask: Callable[[np.ndarray], Tally]) -> dict[str, np.ndarray]:
        """`Rows.tally`."""
        block = self.numbers.block
        return tally(self.session, self.places, lambda place: ask(block(place)))

    def ranked(self, values: Values, ranks: Sequence[int]) -> np.ndarray:
        """`Rows.ranked`: bit by bit, from the highest, by how many numbers begin with the same ones."""
        known = {rank: (0, rank) for rank in ranks}  # the bits so far, and the rank among the numbers that have them
        for left in range(BITS, 0, -DIGIT):
            begins = sorted({bits for bits, _ in known.values()})
            counts = self.tally(partial(_digits, values, begins, min(left, DIGIT), max(left - DIGIT, 0)))
            known = {rank: _next(counts[str(bits)], bits, at) for rank, (bits, at) in known.items()}
        return _numbers(np.array([known[rank][0] for rank in ranks], "uint64"))

    def points(self, standardised: Callable[[np.ndarray], np.ndarray]) -> Points:
        """The points of the smallest keys of all rows (`points.distinct`), and the customers at each."""
        return sketch(self.session, self.places, self.numbers.block, standardised)


def _digits(values: Values, begins: Sequence[int], width: int, left: int, block: np.ndarray) -> Tally:
    """How many numbers that begin with some bits go on with each of the next `width` ones, before those `left`."""
    keys = _keys(values(block)) >> np.uint64(left)
    before, digits = keys >> np.uint64(width), (keys & np.uint64((1 << width) - 1)).astype("int64")
    return {str(bits): np.bincount(digits[before == np.uint64(bits)], minlength=1 << width) for bits in begins}


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
    session: "SparkSession",
    places: Sequence[str],
    block: Callable[[str], np.ndarray],
    standardised: Callable[[np.ndarray], np.ndarray],
) -> Points:
    """`Distributed.points`; a task joins those of its parts, so that few are sent here."""

    def run(batches: Any) -> Any:
        found: list[Points] = []
        for batch in batches:
            for number in batch["id"]:
                found = [merged([*found, distinct(standardised(block(places[int(number)])))[0]])]
        for points in filter(len, found):  # PySpark knows no type of an empty column of lists
            yield pd.DataFrame({"key": points.keys.view("int64"), "weight": points.weights, "point": [*points.values]})

    tasks = max(min(len(places), TALLIES), 1)
    told = (
        session.range(0, len(places), 1, tasks)
        .mapInPandas(run, "key long, weight long, point array<double>")
        .toPandas()
    )
    points = np.array([*told["point"]]) if len(told) else np.empty((0, 0))
    return merged([Points(told["key"].to_numpy("int64").view("uint64"), points, told["weight"].to_numpy("int64"))])


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


def wealth_measure_of(few: pd.DataFrame) -> str | None:
    """`number.wealth_measure`, of rows that stand in for all."""
    return next((name for name in WEALTH_MEASURES if name in few and few[name].notna().any()), None)
