"""A result that is opened again: the customers and the segments that the pages look at, made of cubes."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import ClassVar

import numpy as np
import pandas as pd

from core.categories import categories, protected
from core.countries.decide import Evidence, chosen_countries, localised, only
from core.countries.votes import state_votes
from core.cubes.file import NAME, Contents, read
from core.cubes.make import is_text
from core.cubes.metadata import COUNTED, segments_of
from core.cubes.plan import number_columns
from core.errors import DocumentError
from core.measures.columns import Columns, columns_of
from core.schema import AGE_GROUP, BY_NAME, CLUSTER, HIGH_POTENTIAL, MASS_AFFLUENT, STATE, Column
from core.segments.advice import PROTECTED, driven
from core.segments.evidence import Score
from core.segments.explain import COMPARED, FLAGS, MOST_CATEGORIES, differences_of_sums
from core.segments.model import Model
from core.segments.profile import Segments
from core.study import Provenance
from core.views.counted import BINS, COUNT, size
from core.views.tables import count, measured, total
from core.wealth import Wealth, ruled

ADDED = (MASS_AFFLUENT, AGE_GROUP, HIGH_POTENTIAL, CLUSTER)  # columns that no file has


@dataclass(frozen=True, kw_only=True)
class OpenedResult(Provenance):
    """The customers of a result: the base (`core.customer_base`) that has counted cells and no rows.

    `cubes` are its tables of cells. `identity` tells one file from another. `deviations` has the standard deviation
    of each number.
    """

    cubes: tuple[pd.DataFrame, ...]
    model: Model
    value_measures: tuple[str, ...]
    deviations: Mapping[str, float]
    identity: str
    rejected_count: int
    rows: ClassVar[None] = None

    @property
    def size(self) -> int:
        """How many customers there are."""
        return size(self.cubes[0])

    @cached_property
    def filled(self) -> frozenset[str]:
        """Numbers of which somebody has one, and all other columns: of these a result does not tell."""
        numbers, first = {*number_columns(self.columns)}, self.cubes[0]
        known = {name for name in numbers if f"{name}_n" in first and first[f"{name}_n"].any()}
        return frozenset(known | self._all_columns - numbers - {CLUSTER})

    @cached_property
    def categories(self) -> Mapping[str, tuple[str, ...]]:
        """The columns of few values that there are sums by, with these (`categories.categories`)."""
        found = {str(name): values for cube in self.cubes[::-1] for name, values in cube.items()}
        return categories(found, self.columns)

    @cached_property
    def formula_columns(self) -> Columns:
        """The columns that a formula can name (`measures.columns.columns_of`), in the customers' order."""
        found = {name: known for cube in self.cubes[::-1] for name, known in columns_of(cube).items()}
        return {name: found[name] for name in (*self.names, *ADDED) if name in found}

    def cells(self, segments: Segments, number: int = 0) -> pd.DataFrame:  # noqa: ARG002
        """One of the cubes: its customers are in the segments that the result was made with."""
        return self.cubes[number]

    def keys(self, number: int) -> Collection[str]:
        """The columns of a cube."""
        return {*self.cubes[number].columns}

    def number_with(self, columns: Collection[str]) -> int | None:
        """The number of the first cube that has some columns, but for those no customer has; None if none has.

        Without a wealth segment the rule of mass affluent asks for a number, by which no cube is.
        """
        absent = {*BY_NAME, *ADDED} - self._all_columns - {"wealth_segment"}
        needed = {*columns} - absent
        return next((number for number, cube in enumerate(self.cubes) if needed <= {*cube}), None)

    def bin_width(self, measure: str) -> float:
        """The width of the bins in which a measure is counted, 1 if it is not."""
        found = (BINS.fullmatch(str(name)) for cube in self.cubes for name in cube)
        return max((float(one[2]) for one in found if one and one[1] == measure), default=1.0)

    @cached_property
    def cell_size(self) -> tuple[float, float] | None:
        """The size of the cells of the cube by coordinates; None if there is none."""
        found = [BINS.fullmatch(str(name)) for cube in self.cubes for name in cube]
        steps = {one[1]: float(one[2]) for one in found if one}
        both = {"latitude", "longitude"} <= {*steps}
        return (steps["latitude"], steps["longitude"]) if both else None

    def differences(self, segments: Segments) -> pd.DataFrame:
        """What each segment is like against all customers, in what there are sums of."""
        return differences_of_sums(self._counted(self._compared), self._sums(), self.columns, segments)

    def drivers(self, segments: Segments) -> list[str]:
        """Sentences on protected attributes that the segments follow, of those that there are sums by."""
        return driven(self._counted([*PROTECTED, *protected(self.columns)]), self.columns, segments)

    @cached_property
    def _all_columns(self) -> frozenset[str]:
        """All columns of the customers the result was made from."""
        return frozenset({*self.names, *ADDED})

    @property
    def _compared(self) -> list[str]:
        """The columns of few values that there are sums by and that segments are compared in."""
        names = (column.name for column in self.columns if column.kind in COMPARED)
        return [name for name in (*names, *FLAGS) if self._is_category(name)]

    def _is_category(self, name: str) -> bool:
        found = next((cube[name] for cube in self.cubes if name in cube), None)
        return found is not None and is_text(found) and len(found.cat.categories) <= MOST_CATEGORIES

    def _counted(self, columns: Iterable[str]) -> Iterator[tuple[pd.Series, np.ndarray, np.ndarray]]:
        """Of columns that there are sums by: values, the code of the segment of each, how many customers have both."""
        cubes = ((name, self.number_with({CLUSTER, name})) for name in columns if name in self._all_columns)
        found = ((name, self.cubes[number]) for name, number in cubes if number is not None)
        for name, cube in found:
            yield cube[name], cube[CLUSTER].cat.codes.to_numpy(), cube[COUNT].to_numpy()

    def _sums(self) -> Iterator[tuple[str, np.ndarray, np.ndarray, float]]:
        """Of each number that all cells sum: by group how many know it and its sum, and everybody's deviation."""
        first = self.cubes[0]
        decimals = measured(first, [*self.deviations])
        groups = count(first, [CLUSTER], sums=decimals).set_index(CLUSTER)
        groups = groups.reindex(first[CLUSTER].cat.categories, fill_value=0)
        for name in decimals:
            yield name, groups[f"{name}_n"].to_numpy(), total(groups, name).to_numpy(), self.deviations[name]


def opened(content: bytes, stamp: str, file: str = NAME) -> tuple[OpenedResult, Segments, Score | None]:
    """The customers, their segments and the structure of these in the bytes of a file; `stamp` tells it from others.

    Raises
    ------
    DocumentError
        `file.read`.
    """
    contents = read(content, file)
    first = contents.cubes[0]
    return _result(contents, stamp), _segments(contents, first), contents.metadata.structure


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


def _result(contents: Contents, identity: str) -> OpenedResult:
    metadata, model = contents.metadata, contents.model
    country = _country(contents)
    return OpenedResult(
        columns=tuple(_column(column, contents, country) for column in metadata.columns),
        steps=metadata.steps,
        rules=model.rules,
        files=model.files,
        digest=model.digest,
        rows_read=metadata.rows_read,
        rows_merged=metadata.rows_merged,
        sources=metadata.sources,
        quality=pd.DataFrame([asdict(one) for one in metadata.quality], columns=["column", "label", *COUNTED]),
        decided=metadata.decided,
        country=country,
        wealth=_wealth(contents),
        territories=metadata.territories,
        cubes=contents.cubes,
        model=model,
        value_measures=metadata.value_measures,
        deviations=metadata.deviations,
        identity=identity,
        rejected_count=metadata.set_aside,
    )


def _segments(contents: Contents, first: pd.DataFrame) -> Segments:
    return segments_of(contents.model, contents.metadata.portrait, first[CLUSTER].array)


def _wealth(contents: Contents) -> Wealth:
    """What told the wealthy; in a result of before, the rules alone."""
    names = [column.name for column in contents.metadata.columns]
    known = ruled(contents.model.rules.mass_affluent, names, by_segment="wealth_segment" in names)
    return contents.model.wealth or known


def _country(contents: Contents) -> str:
    """The code of the customers' country; in a result of before, what the rules and its states say."""
    if contents.metadata.country is not None:
        return contents.metadata.country
    cube = next((cube for cube in contents.cubes if STATE in cube), None)
    evidence = Evidence(state_votes(cube[STATE].cat.categories) if cube is not None else {})
    return only(chosen_countries(contents.model.rules.intake.country, lambda: evidence))


def _column(column: Column, contents: Contents, country: str) -> Column:
    """The column as the schema has it, where it is one of these; its unit is told, except in a result of before."""
    known = BY_NAME.get(column.name)
    if not known or known.kind != column.kind:
        return column
    if contents.metadata.country is None:
        return localised(known, country)
    return replace(column, headers=known.headers, values=known.values, cleaning=known.cleaning)
