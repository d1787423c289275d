"""The rows of all customers, in memory or spread over machines: what is asked of them adds up from part to part."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np

from core.segments.binned_sums import grain, totals, value
from core.segments.points import Points, merged

PartialSums = Mapping[str, np.ndarray]
# From a block of rows (rows, columns), other numbers of each row (rows, columns); any rows may be left out.
Values = Callable[[np.ndarray], np.ndarray]
MOST_VALUES: Final = 4_096  # different values of a column that are counted one by one


class Rows(Protocol):
    """Rows (customers, columns) of float64."""

    def map(self, values: Values) -> "Rows":
        """Other numbers of each row, each from its own row alone."""

    def partial_sums(self, ask: Callable[[np.ndarray], PartialSums]) -> dict[str, np.ndarray]:
        """Ask every block of rows, and join the answers (`joined`)."""

    def ranked(self, ranks: Sequence[Sequence[int]]) -> list[np.ndarray]:
        """For each column its numbers at some ranks, from 0, in rising order; unknown ones come last."""


@dataclass(frozen=True)
class InMemory:
    """Rows that are here: one block."""

    values: np.ndarray

    def map(self, values: Values) -> "InMemory":
        """`Rows.map`."""
        return InMemory(values(self.values))

    def partial_sums(self, ask: Callable[[np.ndarray], PartialSums]) -> dict[str, np.ndarray]:
        """`Rows.partial_sums`."""
        return dict(ask(self.values))

    def ranked(self, ranks: Sequence[Sequence[int]]) -> list[np.ndarray]:
        """`Rows.ranked`."""
        return [
            np.partition(column, list(at))[list(at)] if len(at) else np.empty(0)
            for column, at in zip(self.values.T, ranks, strict=True)
        ]


@dataclass(frozen=True)
class Moments:
    """Number of rows; least, most, mean and standard deviation of each column's known numbers, 0 if there is none."""

    rows: int
    least: np.ndarray
    most: np.ndarray
    mean: np.ndarray
    deviation: np.ndarray


def moments(rows: Rows) -> Moments:
    """The moments of each column, the same to the last bit in whatever order and parts the rows come, NaN unknown."""
    ends = rows.partial_sums(_ends)
    least, most, count = np.nan_to_num(ends["least"]), np.nan_to_num(ends["most"]), int(ends["rows"][0])
    if not count:
        return Moments(0, *(np.zeros(len(least)) for _ in range(4)))
    known = np.maximum(ends["known"], 1)
    mean = _summed(rows, np.maximum(abs(least), abs(most)), count) / known
    furthest = np.maximum(most - mean, mean - least) ** 2
    squares = _summed(rows.map(lambda block: (block - mean) ** 2), furthest, count)
    return Moments(count, least, most, mean, np.sqrt(squares / known))


def joined(name: str, one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """The answers of two parts as one: the `least…` or `most…` of both, `values…` (`counted`) and `points…`
    (`Points.array`) counted together, others summed.
    """
    return JOINED.get(name.split()[0], np.add)(one, other)


def counted(column: np.ndarray) -> np.ndarray:
    """The different values of a column, rising, and how many rows have each: (2, values), at most `MOST_VALUES` + 1."""
    known = column[~np.isnan(column)] + 0.0  # + 0: there are two zeros
    found: np.ndarray = np.vstack(np.unique(known, return_counts=True))
    return found[:, : MOST_VALUES + 1]


def _counted_together(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    values, at = np.unique(np.concatenate([one[0], other[0]]), return_inverse=True)
    counts = np.bincount(at, np.concatenate([one[1], other[1]]), minlength=len(values))
    found: np.ndarray = np.vstack([values, counts])
    return found[:, : MOST_VALUES + 1]


def _points_together(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    return merged([Points.of(one), Points.of(other)]).array


JOINED: Final[dict[str, Callable[[np.ndarray, np.ndarray], np.ndarray]]] = {
    "least": np.fmin,
    "most": np.fmax,
    "values": _counted_together,
    "points": _points_together,
}


def _summed(rows: Rows, most: np.ndarray, count: int) -> np.ndarray:
    """The sum of each column; `most` bounds a column's numbers, `count` the rows."""
    grains = [grain(float(bound), count) for bound in most]
    (total,) = value(rows.partial_sums(lambda block: {"sum": totals(_or_nothing(block), grains)})["sum"], grains)
    return np.asarray(total)


def _or_nothing(values: np.ndarray) -> np.ndarray:
    """The numbers, 0 where unknown."""
    unknown = np.isnan(values)
    return np.where(unknown, 0.0, values) if unknown.any() else values


def _ends(values: np.ndarray) -> PartialSums:
    least, most = (np.array([end.reduce(column, initial=np.nan) for column in values.T]) for end in (np.fmin, np.fmax))
    known = np.array([np.count_nonzero(~np.isnan(column)) for column in values.T])
    return {"rows": np.array([len(values)]), "known": known, "least": least, "most": most}
