"""A result that is opened again: the study and the segments that the pages look at, made of cubes."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd

from core.cubes.check import BINS
from core.cubes.file import NAME, Contents, read
from core.cubes.make import is_text
from core.cubes.told import COUNTED, segments_of
from core.errors import DocumentError
from core.intake.steps import excluded_rows
from core.measures.columns import columns_of
from core.pipeline import Study
from core.schema import AGE_GROUP, BY_NAME, CLUSTER, HIGH_POTENTIAL, MASS_AFFLUENT, Column
from core.segments.choose_k import Score
from core.segments.explain import COMPARED, FLAGS, MOST_CATEGORIES
from core.segments.model import Model
from core.segments.profile import Segments
from core.views.counted import COUNT, size
from core.views.tables import count, measured, total

ADDED = (MASS_AFFLUENT, AGE_GROUP, HIGH_POTENTIAL, CLUSTER)  # columns that no file has


@dataclass(frozen=True)
class Opened(Study):
    """The study of a result without rows: `customers` are the cells of its first cube.

    `cubes` are all of them, each with `Cluster`; `stamp` tells one file from another; `aside` is the number of
    rows set aside, which are not here.
    """

    cubes: tuple[pd.DataFrame, ...] = ()
    model: Model | None = None
    measures: tuple[str, ...] = ()
    deviations: Mapping[str, float] = field(default_factory=dict)
    stamp: str = ""
    aside: int = 0

    @property
    def summed(self) -> bool:
        """Whether there are sums only, and no rows."""
        return True

    @property
    def size(self) -> int:
        """How many customers there are."""
        return size(self.customers)

    @property
    def set_aside(self) -> int:
        """How many rows are no customers."""
        return self.aside

    @property
    def identity(self) -> str:
        """What tells this study from any other."""
        return self.stamp

    @property
    def value_measures(self) -> tuple[str, ...]:
        """The numbers that can stand for a customer's value."""
        return self.measures

    @cached_property
    def filled(self) -> frozenset[str]:
        """Numbers of which somebody has one, and all other columns: of these a result does not tell."""
        numbers = {column.name for column in self.columns if column.kind == "number"}
        known = {name for name in numbers if f"{name}_n" in self.customers and self.customers[f"{name}_n"].any()}
        return frozenset(known | self.known - numbers - {CLUSTER})

    @property
    def categories(self) -> tuple[str, ...]:
        """The columns of few values that there are sums by and that segments are compared in."""
        names = (column.name for column in self.columns if column.kind in COMPARED)
        return tuple(name for name in (*names, *FLAGS) if self._is_category(name))

    def counted(self, columns: Iterable[str]) -> Iterator[tuple[pd.Series, np.ndarray, np.ndarray]]:
        """Of columns that there are sums by: values, the code of the segment of each, how many customers have both."""
        cubes = ((name, self.with_columns({CLUSTER, name})) for name in columns if name in self.known)
        found = ((name, self.cubes[number]) for name, number in cubes if number is not None)
        for name, cube in found:
            yield cube[name], cube[CLUSTER].cat.codes.to_numpy(), cube[COUNT].to_numpy()

    def summed_numbers(self) -> Iterator[tuple[str, np.ndarray, np.ndarray, float]]:
        """Of each number that all cells sum: by group how many know it and its sum, and everybody's deviation."""
        first = self.cubes[0]
        decimals = measured(first, [*self.deviations])
        groups = count(first, [CLUSTER], sums=decimals).set_index(CLUSTER)
        groups = groups.reindex(first[CLUSTER].cat.categories, fill_value=0)
        for name in decimals:
            yield name, groups[f"{name}_n"].to_numpy(), total(groups, name).to_numpy(), self.deviations[name]

    def _is_category(self, name: str) -> bool:
        found = next((cube[name] for cube in self.cubes if name in cube), None)
        return found is not None and is_text(found) and len(found.cat.categories) <= MOST_CATEGORIES

    @cached_property
    def language(self) -> dict[str, tuple[str, ...] | int]:
        """The columns that a formula can name (`measures.columns.columns_of`), in the customers' order."""
        found = {name: known for cube in self.cubes[::-1] for name, known in columns_of(cube).items()}
        return {name: found[name] for name in (*self.names, *ADDED) if name in found}

    @cached_property
    def known(self) -> frozenset[str]:
        """All columns of the customers the result was made from."""
        return frozenset({*(column.name for column in self.columns), *ADDED})

    def bins(self, measure: str) -> float:
        """The width of the bins in which a measure is counted, 1 if it is not."""
        found = (BINS.fullmatch(str(name)) for cube in self.cubes for name in cube)
        return next((float(one[2]) for one in found if one and one[1] == measure), 1.0)

    def with_columns(self, columns: Collection[str]) -> int | None:
        """The number of the first cube that has some columns, those aside that no customer has; None if none has.

        Without a wealth segment the rule of mass affluent asks for a number, by which no cube is.
        """
        absent = {*BY_NAME, *ADDED} - self.known - {"wealth_segment"}
        needed = {*columns} - absent
        return next((number for number, cube in enumerate(self.cubes) if needed <= {*cube}), None)


def opened(content: bytes, stamp: str, file: str = NAME) -> tuple[Opened, Segments, Score | None]:
    """The study, the segments and their structure in the bytes of a file; `stamp` tells it from others.

    Raises
    ------
    DocumentError
        `file.read`.
    """
    contents = read(content, file)
    first = contents.cubes[0]
    return _study(contents, stamp), _segments(contents, first), contents.told.structure


def open_folder(folder: Path) -> bytes:
    """The bytes of the file in the folder of a result.

    Raises
    ------
    DocumentError
        There is none.
    """
    path = folder / NAME
    try:
        return path.read_bytes()
    except OSError:
        raise DocumentError(
            f"There is no {NAME} in {folder}.", "Name a folder that `python -m core segment --out` wrote."
        ) from None


def _study(contents: Contents, stamp: str) -> Opened:
    told, model = contents.told, contents.model
    return Opened(
        contents.cubes[0].drop(columns=CLUSTER),
        tuple(map(_column, told.columns)),
        told.steps,
        excluded_rows([], [], [], []),
        model.rules,
        model.files,
        model.digest,
        told.rows_read,
        told.rows_merged,
        told.sources,
        pd.DataFrame([vars(one) for one in told.quality], columns=["column", "label", *COUNTED]),
        told.decided,
        contents.cubes,
        model,
        told.value_measures,
        told.deviations,
        stamp,
        told.set_aside,
    )


def _segments(contents: Contents, first: pd.DataFrame) -> Segments:
    return segments_of(contents.model, contents.told.portrait, first[CLUSTER].array)


def _column(column: Column) -> Column:
    """The column as the schema has it, where it is one of these."""
    known = BY_NAME.get(column.name)
    return known if known and (known.kind, known.label) == (column.kind, column.label) else column
