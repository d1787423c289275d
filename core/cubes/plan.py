"""Which cubes a result has: by what columns its customers are counted, and which numbers are summed.

One table by all columns at once would have about as many cells as there are customers. So each cube is by
what one group of visuals needs, and by as many of the columns that filter them as it can bear.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
import pandas as pd

from core.schema import AGE_GROUP, CLUSTER, FILTERS, HIGH_POTENTIAL, MASS_AFFLUENT, USUAL_VALUE, Column
from core.strategy.insights import FIELDS
from core.views.counted import BINS
from core.views.grid import Size, cells_of
from core.views.tables import AGE_BIN, Decimals, measured, value_step
from core.visuals import choices
from core.visuals.registry import VISUALS
from core.visuals.table import TABLES
from core.visuals.tables import MOST_VALUES
from core.visuals.value import OF_CATEGORIES, REGION, USUAL, VALUE, WHOLE_DEGREES, ValueMeasure
from core.visuals.visual import Visual

MOST_CELLS: Final = 1_000_000  # of a cube: a page then takes as long as it does for so many customers
MOST_BYTES: Final = 2**30  # of a cube, or of a file, unpacked: eight cubes of a million cells have a third of it
WIDTH: Final = 8  # bytes of a value, unpacked
ALWAYS: Final = (CLUSTER, MASS_AFFLUENT, HIGH_POTENTIAL)
# What customers are filtered by; their age group is always there.
FILTERED: Final = (AGE_GROUP, *(name for name in FILTERS if name not in (AGE_GROUP, *ALWAYS)))
FURTHER: Final = (*FILTERED, *(name for name in FIELDS if name not in (*FILTERED, *ALWAYS)))  # what insights compare by
# Categories of a file that have a cube of their own: each can have a million cells, so that all fit into `MOST_BYTES`.
MOST_CATEGORIES: Final = 8


@dataclass(frozen=True)
class Numbers:
    """Facts about numbers that need all customers: the decimals each is summed in, the bins of value measures.

    `values` are the measures that can stand for a customer's value, the first ones with the width of their bins.
    `shown` says what the placeholders of numbers stand for beside each of them, `widths` has the bins of all numbers,
    `cell_size` is that of the grid over coordinates.
    """

    decimals: Decimals
    values: Mapping[str, float]
    shown: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    widths: Mapping[str, float] = field(default_factory=dict)
    cell_size: Size = WHOLE_DEGREES


@dataclass(frozen=True)
class Cube:
    """A cube to make: keys it is for, further keys that are left out where the cells are too many, numbers to sum.

    `bins` are the keys that are bins of a number: key → number and width.
    """

    own: tuple[str, ...]
    by: tuple[str, ...] = FILTERED
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


def numbers_of(
    customers: pd.DataFrame, columns: Sequence[Column], values: Sequence[str], features: Sequence[str] = ()
) -> Numbers:
    """The numbers of all customers; `values` can stand for a customer's value, `features` are those of the segments."""
    decimals = measured(customers, number_columns(columns))
    filled = [name for name in decimals if customers[name].notna().any()]
    numbers = with_shown(decimals, {name: value_step(customers[name]) for name in filled}, columns, values, features)
    return replace(numbers, cell_size=cells_of(customers) or WHOLE_DEGREES)


def with_shown(
    decimals: Decimals, widths: Mapping[str, float], columns: Sequence[Column], values: Sequence[str],
    features: Sequence[str],
) -> Numbers:  # fmt: skip
    """The numbers, with what the placeholders of visuals stand for; `widths` of those that somebody has."""
    finite = {name: step for name, step in widths.items() if np.isfinite(step)}
    known = [column for column in columns if column.name in finite]
    numbers = choices.Numbers(known, features, values)
    spread = {name: finite[name] for name in spread_of(values, decimals) if name in finite}
    shown = {value: numbers.shown(value) for value in ("", *spread)}
    return Numbers(decimals, spread, shown, finite | {"age": float(AGE_BIN)})


def spread_of(values: Sequence[str], numbers: Collection[str]) -> tuple[str, ...]:
    """The measures whose spread is kept: the first ones, or the one that the pages show where none varies."""
    return tuple(values[:MOST_VALUES]) or tuple(name for name in (USUAL_VALUE,) if name in numbers)


def number_columns(columns: Sequence[Column]) -> list[str]:
    """The columns of numbers."""
    return [column.name for column in columns if column.kind == "number"]


@dataclass(frozen=True)
class Asked:
    """What a table is made from: `keys` and `sums` of the customers, if they have all columns of `only_with`."""

    only_with: tuple[str, ...]
    keys: tuple[str, ...]
    sums: Decimals = field(default_factory=dict)
    by: tuple[str, ...] = FILTERED

    def cube(self, there: Collection[str], filtered: tuple[str, ...] = FILTERED) -> Cube | None:
        """The cube of customers with some columns, to filter by some; None if they lack what it takes."""
        bins = {key: (found[1], float(found[2])) for key in self.keys if (found := BINS.fullmatch(key))}
        own = tuple(key for key in self.keys if bins.get(key, (key,))[0] in there)
        by = (*filtered, *(name for name in self.by if name not in FILTERED))
        return Cube(own, by, self.sums, bins) if {*there}.issuperset(self.only_with) else None


def plan(
    columns: Collection[str], numbers: Numbers, categories: Sequence[str] = (), territory: str = ""
) -> tuple[Cube, ...]:
    """The cubes of customers with some columns; a table is made from the first that has what it needs.

    `territory` is the column that the analyst's own borders are of.

    The first has the sums of all numbers. Each further one is made for a table that none before it can give, such as
    one by each of the first `MOST_CATEGORIES` of the `categories`.
    """
    there = {*columns, AGE_GROUP}
    filtered = filtered_by(there, categories)
    further = tuple(dict.fromkeys((*filtered, *FURTHER)))
    cubes = [Cube((), further, numbers.decimals)]
    by_own = dict.fromkeys([*filter(None, [territory]), *categories])
    own = [name for name in by_own if name == territory or name not in (*further, *ALWAYS)][:MOST_CATEGORIES]
    for asked in _asked(numbers, own, territory):
        cube = asked.cube(there, filtered)
        if cube:
            _add(cube, cubes)
    return tuple(_with(cube, there) for cube in cubes)


def filtered_by(there: Collection[str], categories: Sequence[str]) -> tuple[str, ...]:
    """The columns that every cube can be filtered by: the usual filters, and as many categories as of these lack.

    Each more multiplies the cells.
    """
    usual = [name for name in FILTERED if name in there]
    more = [name for name in categories if name not in (*FILTERED, *ALWAYS)]
    return (*usual, *more[: len(FILTERED) - len(usual)])


def most_cubes() -> int:
    """How many cubes a result has at most."""
    numbers = Numbers({}, {f"value {number}": 1.0 for number in range(MOST_VALUES)})
    asked = [*_asked(numbers, ())]
    there = {name for one in asked for name in (*one.only_with, *one.keys)}
    categories = [f"category {number}" for number in range(MOST_CATEGORIES)]
    return len(plan({*there, *FILTERED, *categories}, numbers, categories))


def _asked(numbers: Numbers, categories: Sequence[str], territory: str = "") -> Iterator[Asked]:
    """What each table is made from, in the order of their descriptions."""
    nothing = ValueMeasure("", 1.0, numbers.decimals, numbers.shown.get("", {}), numbers.widths, numbers.cell_size)
    shown = [
        ValueMeasure(name, step, numbers.decimals, numbers.shown.get(name, {}), numbers.widths, numbers.cell_size)
        for name, step in numbers.values.items()
    ]
    for table in TABLES.values():
        for visual in VISUALS.values():
            if visual.table is table:
                optional = VALUE in visual.optional
                for one in shown or [nothing] * optional if optional or VALUE in visual.columns else [nothing]:
                    yield from _of_visual(visual, one, categories, territory)
        if table.counted_by:
            by = (*FILTERED, *table.counted_by.further)
            yield Asked(table.counted_by.only_with, table.counted_by.keys, by=by)


def _of_visual(visual: Visual, shown: ValueMeasure, categories: Sequence[str], territory: str) -> Iterator[Asked]:
    """What a visual is made from by the usual column, and by each category in its place."""
    yield _with_columns(visual, shown)
    possible = {**dict.fromkeys(OF_CATEGORIES, categories), REGION: [territory] if territory else []}
    for placeholder in filter(possible.get, visual.columns):
        others = (name for name in possible[placeholder] if name != USUAL[placeholder])
        yield from (
            _with_columns(visual, replace(shown, chosen={**shown.chosen, placeholder: name})) for name in others
        )


def _with_columns(visual: Visual, shown: ValueMeasure) -> Asked:
    needed = [*visual.table.columns(*visual.arguments(shown))]
    sums = {name: places for name, places in shown.numbers.items() if f"{name}_n" in needed}
    keys = tuple(name for name in needed if name not in (*ALWAYS, *(f"{name}_n" for name in sums)))
    return Asked(visual.required(shown), keys, sums)


def _add(asked: Cube, cubes: list[Cube]) -> None:
    """Add a cube, unless one has its keys and sums; one that is for the same keys gets the sums, too."""
    if any({*cube.keys}.issuperset(asked.own) and {*cube.sums}.issuperset(asked.sums) for cube in cubes):
        return
    same = (number for number, cube in enumerate(cubes) if {*cube.own} == {*asked.own} and cube.by == asked.by)
    if (number := next(same, None)) is None:
        cubes.append(asked)
    else:
        cubes[number] = replace(cubes[number], sums={**cubes[number].sums, **asked.sums})


def _with(cube: Cube, there: Collection[str]) -> Cube:
    further = tuple(name for name in cube.by if name in there and name not in cube.own)
    return Cube(cube.own, further, cube.sums, cube.bins)
