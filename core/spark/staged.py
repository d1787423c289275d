"""The cleaned customers as rows of numbers on Spark's workers: what the segments are made from."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Generic, Protocol, TypeVar

import numpy as np

from core.schema import Column
from core.segments.points import Points, distinct
from core.segments.raw_values import raw_features
from core.segments.relabel import wealth_of
from core.segments.rows import PartialSums, Values
from core.spark.customers import read_staged
from core.spark.jobs import partial_sums
from core.spark.ranks import ranked


class Blocks(Protocol):
    """What reads a part of the customers as numbers; it is sent to the workers."""

    def block(self, place: str) -> np.ndarray:
        """The rows of a part."""


Reader = TypeVar("Reader", bound=Blocks)


@dataclass(frozen=True)
class Numbers:
    """The features of a staged part in their own units, and the wealth measure last: a block of rows."""

    columns: tuple[Column, ...]
    features: tuple[str, ...]
    wealth: str

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
class Distributed(Generic[Reader]):
    """`segments.rows.Rows` on Spark: blocks of the staged parts, and what is made of each before it is asked."""

    session: Any
    places: tuple[str, ...]
    numbers: Reader
    made: Values = same

    def map(self, values: Values) -> "Distributed[Reader]":
        """`Rows.map`."""
        made = self.made
        return replace(self, made=lambda block: values(made(block)))

    def partial_sums(self, ask: Callable[[np.ndarray], PartialSums]) -> dict[str, np.ndarray]:
        """`Rows.partial_sums`."""
        numbers, made = self.numbers, self.made  # a session cannot go to the workers
        return partial_sums(self.session, self.places, lambda place: ask(made(numbers.block(place))))

    def ranked(self, ranks: Sequence[Sequence[int]]) -> list[np.ndarray]:
        """`Rows.ranked`."""
        return ranked(self.partial_sums, ranks)

    def points(self, square: float) -> Points:
        """The points of the smallest ranks of all rows (`points.distinct`), and the customers at each."""
        return Points.of(self.partial_sums(lambda block: {"points": distinct(block, square)[0].array})["points"])
