"""The rows of all customers, in memory or spread over machines: what is asked of them adds up from part to part."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np

from core.segments.exact import grain, totals, value

Tally = Mapping[str, np.ndarray]
# From a block of rows (rows, columns), some numbers of each row (rows, columns) or (rows,); any rows may be left out.
Values = Callable[[np.ndarray], np.ndarray]
# How the answers of two parts become one, by the first word of their name; the others are summed.
JOINED: Final = {"least": np.fmin, "most": np.fmax}


class Rows(Protocol):
    """Rows (customers, columns) of float64."""

    def tally(self, ask: Callable[[np.ndarray], Tally]) -> dict[str, np.ndarray]:
        """Ask every block of rows, and join the answers: summed, or the `least…` and `most…` of them."""

    def ranked(self, values: Values, ranks: Sequence[int]) -> np.ndarray:
        """The numbers that stand at some ranks, from 0, among those of all rows in rising order."""


@dataclass(frozen=True)
class InMemory:
    """Rows that are here: one block."""

    values: np.ndarray

    def tally(self, ask: Callable[[np.ndarray], Tally]) -> dict[str, np.ndarray]:
        """`Rows.tally`."""
        return dict(ask(self.values))

    def ranked(self, values: Values, ranks: Sequence[int]) -> np.ndarray:
        """`Rows.ranked`."""
        return np.sort(values(self.values))[list(ranks)]


@dataclass(frozen=True)
class Moments:
    """Number of rows; least, most, mean and standard deviation of each column; 0 where there is no row."""

    rows: int
    least: np.ndarray
    most: np.ndarray
    mean: np.ndarray
    deviation: np.ndarray


def moments(rows: Rows, values: Values, columns: int) -> Moments:
    """The moments of some columns, the same to the last bit in whatever order and parts the rows come."""
    ends = rows.tally(lambda block: _ends(values(block), columns))
    least, most, count = ends["least"], ends["most"], int(ends["rows"][0])
    if not count:
        return Moments(0, *(np.zeros(columns) for _ in range(4)))
    mean = summed(rows, values, np.maximum(abs(least), abs(most)), count) / count
    furthest = np.maximum(most - mean, mean - least) ** 2
    squares = summed(rows, lambda block: (values(block) - mean) ** 2, furthest, count)
    return Moments(count, least, most, mean, np.sqrt(squares / count))


def summed(rows: Rows, values: Values, most: np.ndarray, count: int) -> np.ndarray:
    """The sum of each column; `most` bounds a column's numbers, `count` the rows."""
    grains = [grain(float(bound), count) for bound in most]
    return value(rows.tally(lambda block: {"sum": totals(values(block), grains)})["sum"], grains)[0]


def joined(name: str, one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """The answers of two parts as one."""
    return JOINED.get(name.split()[0], np.add)(one, other)


def _ends(values: np.ndarray, columns: int) -> Tally:
    if not len(values):
        return {"rows": np.zeros(1), "least": np.full(columns, np.nan), "most": np.full(columns, np.nan)}
    return {"rows": np.array([len(values)]), "least": values.min(axis=0), "most": values.max(axis=0)}
