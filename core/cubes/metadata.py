"""The metadata of a result: how its customers were read and cleaned, and the profile of their segments."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from core.intake.match import TableSource
from core.intake.steps import Step
from core.schema import NOT_CLUSTERED, OUTLIERS, Column
from core.segments.evidence import Score
from core.segments.model import Model
from core.segments.profile import Segments, groups
from core.segments.rows import Rows, moments
from core.territories.territories import Territories

NO_TERRITORIES = Territories()
COUNTED = ("cells", "blank", "invalid")  # of a column's quality; distinct values do not add up from part to part


@dataclass(frozen=True)
class ColumnQuality:
    """How many cells of a column there are, are blank, and are not valid (`CleanTable.quality`)."""

    column: str
    label: str
    cells: int
    blank: int
    invalid: int


@dataclass(frozen=True)
class SegmentProfile:
    """What segments are like beyond their model: by segment mean and `_z` of each feature (`Segments.profile`)."""

    means: tuple[tuple[float, ...], ...]
    z: tuple[tuple[float, ...], ...]
    mean: tuple[float, ...]
    inertia: float
    missing: dict[str, int]
    levels: tuple[tuple[tuple[int, ...], ...], ...] = ()  # `Segments.category_counts`


@dataclass(frozen=True)
class Metadata:
    """The parts of `study.Study` that are no rows, the `SegmentProfile` of the segments, and how natural they are.

    The fields are the keys of the file: some of them, such as `set_aside`, have the words of before, so that its files
    still open.
    """

    columns: tuple[Column, ...]
    value_measures: tuple[str, ...]
    rows_read: int
    rows_merged: int
    set_aside: int
    sources: tuple[TableSource, ...]
    steps: tuple[Step, ...]
    quality: tuple[ColumnQuality, ...]
    decided: dict[str, str]
    portrait: SegmentProfile
    structure: Score | None
    deviations: dict[str, float]  # of each number among all who know it, clustered or not
    country: str | None = None  # its code, empty where none was decided; None in a result of before
    territories: Territories = NO_TERRITORIES


def metadata(
    *, columns: Sequence[Column], value_measures: tuple[str, ...], rows_read: int, rows_merged: int, rejected: int,
    sources: Sequence[TableSource], steps: Sequence[Step], quality: pd.DataFrame, decided: Mapping[str, str],
    segments: Segments, structure: Score | None, spread: dict[str, float], country: str | None,
    territories: Territories = NO_TERRITORIES,
) -> Metadata:  # fmt: skip
    """The metadata of a result, without the cells of anybody; `quality` is `CleanTable.quality`."""
    return Metadata(
        columns=without_spellings(columns),
        value_measures=value_measures,
        rows_read=rows_read,
        rows_merged=rows_merged,
        set_aside=rejected,
        sources=without_values(sources),
        steps=without_examples(steps),
        quality=qualities(quality),
        decided=dict(decided),
        portrait=portrait(segments),
        structure=structure,
        deviations=spread,
        country=country,
        territories=territories,
    )


def without_values(sources: Sequence[TableSource]) -> tuple[TableSource, ...]:
    """The tables as they were read, but no values of their columns: these are rows of somebody."""
    bare = ((source, tuple(replace(match, samples=()) for match in source.matches)) for source in sources)
    return tuple(replace(source, matches=matches) for source, matches in bare)


def without_examples(steps: Sequence[Step]) -> tuple[Step, ...]:
    """The steps, but no cell that one of them changed: it is somebody's."""
    return tuple(replace(step, example="") for step in steps)


def without_spellings(columns: Sequence[Column]) -> tuple[Column, ...]:
    """The columns without what recognised and cleaned them: spellings, and the keys of cleaning rules."""
    return tuple(replace(column, headers=(), values={}, cleaning=()) for column in columns)


def qualities(quality: pd.DataFrame) -> tuple[ColumnQuality, ...]:
    """The quality of each column (`CleanTable.quality`)."""
    return tuple(
        ColumnQuality(str(row["column"]), str(row["label"]), *(int(row[name]) for name in COUNTED))
        for row in quality.to_dict("records")
    )


def known_numbers(customers: pd.DataFrame, names: Sequence[str]) -> np.ndarray:
    """Some numbers (customers, names), unknown or infinite ones as NaN: rows for `deviations`."""
    values = customers[[*names]].to_numpy("float64")
    return np.where(np.isfinite(values), values, np.nan)


def deviations(names: Sequence[str], rows: Rows) -> dict[str, float]:
    """The standard deviation of each number, 0 where it does not vary."""
    found = moments(rows)
    spread = np.where(found.least < found.most, found.deviation, 0.0)
    return dict(zip(names, spread.tolist(), strict=True))


def portrait(segments: Segments) -> SegmentProfile:
    """What the segments are like."""
    names = [*segments.features]
    return SegmentProfile(
        _rows(segments.profile[names]),
        _rows(segments.profile[[f"{name}_z" for name in names]]),
        tuple(map(float, segments.mean)),
        float(segments.inertia),
        {name: int(number) for name, number in segments.missing.items()},
        tuple(tuple(tuple(row) for row in counts.tolist()) for counts in segments.category_counts),
    )


def segments_of(model: Model, profile: SegmentProfile, labels: pd.Categorical) -> Segments:
    """The segments again, by their model and profile; `labels` are those of the cells of a cube."""
    names = [feature.name for feature in model.feature_specs]
    table = pd.DataFrame(
        {"cluster": [*model.names], "name": [*model.names.values()]}
        | {"customers": [model.sizes[label] for label in model.names]}
        | dict(zip(names, _columns(profile.means, len(names)), strict=True))
        | {f"{name}_z": column for name, column in zip(names, _columns(profile.z, len(names)), strict=True)}
    )
    others = {group: group for group in groups(model.feature_specs, model.k)[model.k :] if model.sizes.get(group)}
    return Segments(
        labels, model.names | others, table, tuple(names), model.clustering, np.array(profile.mean),
        np.array([feature.deviation for feature in model.feature_specs]), profile.inertia,
        model.sizes.get(NOT_CLUSTERED, 0), profile.missing, model.numbered_by, model.feature_specs,
        model.sizes.get(OUTLIERS), model.categories,
        tuple(np.reshape(np.array(counts, "int64"), (model.k, -1)) for counts in profile.levels),
    )  # fmt: skip


def _rows(table: pd.DataFrame) -> tuple[tuple[float, ...], ...]:
    return tuple(tuple(row) for row in table.to_numpy("float64").tolist())


def _columns(rows: Sequence[Sequence[float]], width: int) -> np.ndarray:
    return np.reshape(np.array(rows, "float64"), (len(rows), width)).T
