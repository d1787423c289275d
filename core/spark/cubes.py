"""The summary of a run on Spark (`core.cubes`): each part of the customers is counted, and Spark adds up the counts."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from core.categories import FEWEST, MOST, ordered
from core.cubes.file import Contents, to_bytes
from core.cubes.make import part, typed
from core.cubes.metadata import Metadata, metadata
from core.cubes.plan import Cube, number_columns, plan
from core.intake.facts import country_in
from core.schema import UNKNOWN, Column
from core.segments.choice import value_measures
from core.segments.model import Model
from core.segments.profile import groups
from core.spark import storage
from core.spark.customers import ENGINEERED
from core.spark.jobs import answers, over
from core.spark.numbers import Customers, deviations_of, numbers_of
from core.spark.results import Run
from core.views.counted import COUNT

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

NUMBER: Final = "cube"  # the column that says of which cube a cell is
FEW_CELLS: Final = 100_000  # of a cube that is sent here with others


@dataclass(frozen=True)
class Counted(Customers):
    """Parts of the customers to count: how to read them, and the cubes to make.

    A cell of any cube is a row of text keys `k0`, `k1` … and counts `c0`, `c1` …, so that one pass makes all cubes.
    """

    cubes: tuple[Cube, ...] = ()

    @property
    def keys(self) -> list[str]:
        """The columns for the keys of any cube."""
        return [f"k{i}" for i in range(max(len(cube.keys) for cube in self.cubes))]

    @property
    def counts(self) -> list[str]:
        """The columns for the counts of any cube."""
        return [f"c{i}" for i in range(max(len(_counts(cube)) for cube in self.cubes))]

    @property
    def schema(self) -> str:
        """The columns in SQL."""
        text, long = (f"{name} string" for name in self.keys), (f"{name} long" for name in self.counts)
        return ", ".join([f"{NUMBER} int", *text, *long])

    def cells(self, path: str) -> Iterator[pd.DataFrame]:
        """The cells of a part in all cubes."""
        names = {name for cube in self.cubes for name in _read_by(cube)}
        customers = self.read(path, sorted(names))
        for number, cube in enumerate(self.cubes):
            counted = part(customers, cube)
            keys = {f"k{i}": _text(counted[key]) for i, key in enumerate(cube.keys)}
            counts = {f"c{i}": counted[name] for i, name in enumerate(_counts(cube))}
            blank = dict.fromkeys([*self.keys, *self.counts]) | keys | counts
            yield pd.DataFrame({NUMBER: number} | blank)

    def cube(self, number: int, cells: pa.Table) -> pd.DataFrame:
        """The cells of a cube under the names of its columns, without keys that were left out."""
        cube, numbers = self.cubes[number], {*number_columns(self.columns), *self.cubes[number].bins}
        keys = {key: f"k{i}" for i, key in enumerate(cube.keys) if f"k{i}" in cells.column_names}
        values = {
            key: cells[name].cast("double") if key in numbers else cells[name].dictionary_encode()
            for key, name in keys.items()
        }
        counts = {name: cells[f"c{i}"] for i, name in enumerate(_counts(cube))}
        return pa.table(values | counts).to_pandas()


def summary(session: "SparkSession", run: Run, paths: Sequence[str], model: Model, work: str) -> bytes:
    """The file of a run whose customers are in Parquet files; `work` is a folder for cells until the end."""
    labels = tuple(groups(run.segments.feature_specs, run.segments.k))
    values = value_measures(run.features.stand_in, run.columns, run.wealth.measure)
    customers = Customers(run.columns, labels)
    features = [feature.name for feature in run.segments.feature_specs if not feature.yes_no]
    numbers = numbers_of(session, customers, paths, values, features)
    names = [*(column.name for column in run.columns), *ENGINEERED]
    counted = Counted(run.columns, labels, plan(names, numbers, _categories(session, run.columns, paths)))
    cubes = (typed(cube, run.plan.rules, labels) for cube in _cubes(session, counted, paths, work))
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


def _cubes(session: "SparkSession", counted: Counted, paths: Sequence[str], work: str) -> Iterator[pd.DataFrame]:
    """The cubes within their bounds; those of few cells are sent here at once."""
    counts = over(session, paths, counted.cells, counted.schema)
    _summed(counts, [NUMBER, *counted.keys], counted.counts).write.mode("overwrite").parquet(work)
    cells = session.read.parquet(work)
    sizes = {row[NUMBER]: row["count"] for row in cells.groupBy(NUMBER).count().collect()}
    few = [at for at, cube in enumerate(counted.cubes) if sizes.get(at, 0) <= min(cube.most_cells, FEW_CELLS)]
    together = cells.where(cells[NUMBER].isin(few)).toArrow()
    for at in range(len(counted.cubes)):
        if at in few:
            yield counted.cube(at, together.filter(pc.equal(together[NUMBER], at)))
        elif (cube := _bounded(counted, at, cells.where(f"{NUMBER} = {at}").drop(NUMBER))) is not None:
            yield cube


def _summed(cells: "DataFrame", keys: Sequence[str], counts: Sequence[str]) -> "DataFrame":
    return cells.groupBy(*keys).sum(*counts).toDF(*keys, *counts)


def _bounded(counted: Counted, number: int, cells: "DataFrame") -> pd.DataFrame | None:
    """`cubes.make.bounded`, before any cell is sent here."""
    cube, keys = counted.cubes[number], [*counted.keys]
    further = {f"k{i}": key for i, key in enumerate(cube.keys) if key in cube.by}
    while cells.count() > cube.most_cells:
        if not further:
            return None
        values = {key: cells.select(key).distinct().count() for key in further}
        dropped = max(further, key=values.__getitem__)
        del further[dropped]
        keys.remove(dropped)
        cells = _summed(cells, keys, counted.counts)
    return counted.cube(number, cells.toArrow())


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


def _text(values: pd.Series) -> pd.Series:
    """A key as text that Python reads back to the same; None where it is not known."""
    text = values.astype("object")
    if pd.api.types.is_numeric_dtype(values.dtype):
        text = values.map(repr).astype("object")
    return text.where(values.notna(), None)
