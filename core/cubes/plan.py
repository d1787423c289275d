"""Which cubes a result has: by what columns its customers are counted, and which numbers are summed.

One table by all columns at once would have about as many cells as there are customers. So each cube is by
what one group of visuals needs, and by as many of the columns that filter them as it can bear.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import pandas as pd

from core.schema import AGE_GROUP, CLUSTER, HIGH_POTENTIAL, MASS_AFFLUENT, WEALTH_MEASURES, Column
from core.views.counted import in_bins
from core.views.tables import AGE_BIN, NOTHING, Decimals, measured, value_step

MOST_CELLS: Final = 1_000_000  # of a cube: a page then takes as long as it does for so many customers
MOST_BYTES: Final = 2**30  # of a cube, or of a file, unpacked: eight cubes of a million cells have a third of it
WIDTH: Final = 8  # bytes of a value, unpacked
MOST_VALUES: Final = 4  # measures whose spread by age is kept; each is a cube
ALWAYS: Final = (CLUSTER, MASS_AFFLUENT, HIGH_POTENTIAL)
SLICED: Final = (AGE_GROUP, "state", "job_industry", "owns_car")
# What the tried rule of the simulation asks of a customer.
RULE: Final = ("wealth_segment", "property_valuation", "deceased")


@dataclass(frozen=True)
class Numbers:
    """What only all customers tell of their numbers: the decimals each is summed in, the bins of those shown as value.

    `values` are the measures that can stand for a customer's value, the first ones with the width of their bins.
    """

    decimals: Decimals
    values: Mapping[str, float]


@dataclass(frozen=True)
class Cube:
    """A cube to make: keys it is for, further keys that are left out where the cells are too many, numbers to sum.

    `bins` are the keys that are bins of a number: key → number and width.
    """

    own: tuple[str, ...]
    by: tuple[str, ...] = SLICED
    sums: Decimals = field(default_factory=dict)
    bins: Mapping[str, tuple[str, float]] = field(default_factory=dict)

    @property
    def keys(self) -> tuple[str, ...]:
        """All keys, in the order of the columns."""
        return (*ALWAYS, *self.own, *self.by)

    @property
    def most_cells(self) -> int:
        """How many cells it may have at most, by its columns."""
        return most_cells(len(self.keys) + 1 + 2 * len(self.sums))


def most_cells(columns: int) -> int:
    """How many cells a cube of so many columns may have at most."""
    return min(MOST_CELLS, MOST_BYTES // (WIDTH * max(columns, 1)))


def numbers_of(customers: pd.DataFrame, columns: Sequence[Column], values: Sequence[str]) -> Numbers:
    """The numbers of all customers; `values` are the measures that can stand for a customer's value."""
    decimals = measured(customers, number_columns(columns))
    steps = {name: value_step(customers[name]) for name in spread_of(values, decimals)}
    return Numbers(decimals, {name: step for name, step in steps.items() if np.isfinite(step)})


def spread_of(values: Sequence[str], numbers: Collection[str]) -> tuple[str, ...]:
    """The measures whose spread is kept: the first ones, or the one that the pages show where none varies."""
    return tuple(values[:MOST_VALUES]) or tuple(name for name in WEALTH_MEASURES[:1] if name in numbers)


def number_columns(columns: Sequence[Column]) -> list[str]:
    """The columns of numbers."""
    return [column.name for column in columns if column.kind == "number"]


def plan(columns: Collection[str], numbers: Numbers) -> tuple[Cube, ...]:
    """The cubes of customers with some columns; a table is made from the first that has what it needs."""
    there = {*columns}
    cubes = [Cube((), (*SLICED, "gender"), numbers.decimals)]
    if "age" in there:
        cubes += [Cube(("age",)), *(_by_value(name, step) for name, step in numbers.values.items())]
    if "wealth_segment" in there:
        cubes.append(Cube(tuple(name for name in RULE if name in there), (*SLICED, "gender")))
    if {"state", "postcode"} <= there:
        cubes.append(Cube(("state", "postcode")))
    return tuple(_with(cube, there) for cube in cubes)


def _by_value(name: str, step: float) -> Cube:
    bins = {in_bins("age", AGE_BIN): ("age", float(AGE_BIN)), in_bins(name, step): (name, step)}
    return Cube(tuple(bins), sums=NOTHING, bins=bins)


def _with(cube: Cube, there: Collection[str]) -> Cube:
    further = tuple(name for name in cube.by if name in {*there, AGE_GROUP} and name not in cube.own)
    return Cube(cube.own, further, cube.sums, cube.bins)
