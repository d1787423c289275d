"""The summary of a run on Spark (`core.cubes`): workers count each part of the customers, and add up each cube."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from core.categories import FEWEST, MOST, ordered
from core.cubes.file import Contents, to_bytes
from core.cubes.make import part, typed
from core.cubes.metadata import Metadata, metadata
from core.cubes.plan import Cube, plan
from core.intake.facts import country_in
from core.schema import UNKNOWN, Column
from core.segments.choice import value_measures
from core.segments.model import Model
from core.segments.profile import groups
from core.spark import storage
from core.spark.customers import ENGINEERED, without_categories
from core.spark.jobs import answers, part_name, whole_file
from core.spark.numbers import Customers, deviations_of, numbers_of
from core.spark.results import Run
from core.views.counted import COUNT

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


@dataclass(frozen=True)
class Counted(Customers):
    """Parts of the customers to count: how to read them, and the cubes to make.

    The cells of each part are a file per cube in the folder `work`, and so is what those of all parts add up to.
    """

    cubes: tuple[Cube, ...]
    work: str

    def write_part(self, numbered: tuple[int, str]) -> None:
        """Write the cells of a part in all cubes."""
        at, path = numbered
        customers = self.read(path, sorted({name for cube in self.cubes for name in _read_by(cube)}))
        for number, cube in enumerate(self.cubes):
            cells = pa.Table.from_pandas(without_categories(part(customers, cube)), preserve_index=False)
            _write(self._of_part(number, at), _typed(cells))

    def write_whole(self, parts: int, numbered: tuple[int, int]) -> str:
        """Write a cube with as many of its further keys as so many cells have room for; its file, or nothing if even
        its own make more.

        Parts are added up whenever there are too many cells, and a key leaves all of them if still so many are left:
        the cells of some parts are never more than those of all (`cubes.make.bounded`).
        """
        number, most = numbered
        cube = self.cubes[number]
        files = [self._of_part(number, at) for at in range(parts)]
        keys, cells, further = [*cube.keys], pa.table({}), None
        for file in files:
            added = _read(file, [*keys, *_counts(cube)])
            cells = pa.concat_tables([cells, added]) if cells.num_rows else added
            if cells.num_rows <= most and file is not files[-1]:
                continue
            cells = _summed(cells, keys)
            while cells.num_rows > most:
                further = _most_values_first(files, cube.by) if further is None else further
                if not further:
                    return ""
                keys.remove(further.pop(0))
                cells = _summed(cells, keys)
        path = storage.below(self.work, f"cube-{number:03}.parquet")
        _write(path, cells)
        return path

    def _of_part(self, number: int, at: int) -> str:
        return storage.below(self.work, f"cells-{number:03}", part_name(at))


def summary(session: "SparkSession", run: Run, paths: Sequence[str], model: Model, work: str) -> bytes:
    """The file of a run whose customers are in Parquet files; `work` is a folder for cells until the end."""
    labels = tuple(groups(run.segments.feature_specs, run.segments.k))
    values = value_measures(run.features.stand_in, run.columns, run.wealth.measure)
    customers = Customers(run.columns, labels)
    features = [feature.name for feature in run.segments.feature_specs if not feature.yes_no]
    numbers = numbers_of(session, customers, paths, values, features)
    names = [*(column.name for column in run.columns), *ENGINEERED]
    counted = Counted(run.columns, labels, plan(names, numbers, _categories(session, run.columns, paths)), work)
    cubes = (typed(cube, run.plan.rules, labels) for cube in _cubes(session, counted, paths))
    return to_bytes(Contents(tuple(cubes), _metadata(run, values, deviations_of(session, customers, paths)), model))


def _categories(session: "SparkSession", columns: Sequence[Column], paths: Sequence[str]) -> list[str]:
    """`categories.categories` of all customers: the names alone."""
    values: dict[str, set[str]] = {}
    for of_part in answers(session, paths, partial(_values, tuple(columns))):
        for name, found in of_part.items():
            values.setdefault(name, set()).update(found)
    return [name for name, found in values.items() if FEWEST <= len(found) <= MOST]


def _values(columns: tuple[Column, ...], path: str) -> dict[str, list[str]]:
    """The different values of each text column of a part; of one that has too many, as many as tell that."""
    with storage.opened(path) as file:
        table = pq.read_table(file, columns=ordered(columns))
    found = {name: pc.unique(table[name]).drop_null().to_pylist() for name in table.column_names}
    return {name: [one for one in values if one != UNKNOWN][: MOST + 1] for name, values in found.items()}


def _cubes(session: "SparkSession", counted: Counted, paths: Sequence[str]) -> Iterator[pd.DataFrame]:
    """The cubes within their bounds."""
    answers(session, list(enumerate(paths)), counted.write_part)
    bounds = [(number, cube.most_cells) for number, cube in enumerate(counted.cubes)]
    for path in answers(session, bounds, partial(counted.write_whole, len(paths))):
        if path:
            cells = _read(path)
            text = [name for name in cells.column_names if pa.types.is_string(cells.schema.field(name).type)]
            coded = {name: cells[name].dictionary_encode() for name in text}
            yield pa.table({name: coded.get(name, cells[name]) for name in cells.column_names}).to_pandas()


def _typed(cells: pa.Table) -> pa.Table:
    """Cells with the types that those of every part have: counts, numbers without −0, and text."""
    columns = {}
    for name, values in zip(cells.column_names, cells.columns, strict=True):
        if pa.types.is_floating(values.type):
            columns[name] = pc.add(values, 0.0)
        else:
            columns[name] = values if pa.types.is_integer(values.type) else values.cast(pa.string())
    return pa.table(columns)


def _summed(cells: pa.Table, keys: Sequence[str]) -> pa.Table:
    """Cells with the same keys as one (`cubes.make.summed`)."""
    counts = [name for name in cells.column_names if pa.types.is_integer(cells.schema.field(name).type)]
    found = cells.group_by([*keys]).aggregate([(name, "sum") for name in counts])
    return found.select([*keys, *(f"{name}_sum" for name in counts)]).rename_columns([*keys, *counts])


def _most_values_first(files: Sequence[str], keys: Sequence[str]) -> list[str]:
    """The keys by the number of their known values in some files."""
    values: dict[str, set[str]] = {key: set() for key in keys}
    for file in files:
        cells = _read(file, keys)
        for key, known in values.items():
            known.update(pc.unique(cells[key]).drop_null().to_pylist())
    return sorted(keys, key=lambda key: -len(values[key]))


def _write(path: str, cells: pa.Table) -> None:
    with whole_file(path) as file:
        pq.write_table(cells, file)


def _read(path: str, names: Sequence[str] | None = None) -> pa.Table:
    with storage.opened(path) as file:
        return pq.read_table(file, columns=None if names is None else [*names])


def _metadata(run: Run, values: tuple[str, ...], spread: dict[str, float]) -> Metadata:
    return metadata(
        columns=run.columns,
        value_measures=values,
        rows_read=run.rows_read,
        rows_merged=run.rows_read - run.rejected - run.totals.customers,
        rejected=run.rejected,
        sources=run.plan.table_sources,
        steps=run.steps,
        quality=run.quality,
        decided=run.plan.decided,
        segments=run.segments,
        structure=run.structure,
        spread=spread,
        country=country_in(run.plan.facts),
    )


def _counts(cube: Cube) -> list[str]:
    return [COUNT, *(f"{name}_{end}" for name, places in cube.sums.items() for end in ("n", f"sum_{places}"))]


def _read_by(cube: Cube) -> list[str]:
    """The columns of customers that a cube is made from."""
    return [*(cube.bins[key][0] if key in cube.bins else key for key in cube.keys), *cube.sums]
