"""A study and its segments → what the file of a result holds."""

import pandas as pd

from core.cubes.file import Contents
from core.cubes.make import cubes
from core.cubes.metadata import Metadata, deviations, known_numbers, metadata
from core.cubes.plan import number_columns, numbers_of, plan
from core.segments.evidence import Score
from core.segments.model import Model
from core.segments.profile import Segments, groups
from core.segments.rows import InMemory
from core.study import Study


def contents(
    study: Study, customers: pd.DataFrame, segments: Segments, structure: Score | None, model: Model
) -> Contents:
    """The contents of a result; `customers` are the study's with their `Cluster`, `model` is that of these segments."""
    features = [feature.name for feature in segments.feature_specs if not feature.yes_no]
    numbers = numbers_of(study.customers, study.columns, study.value_measures, features)
    labels = groups(segments.feature_specs, segments.k)
    planned = plan(customers.columns, numbers, [*study.categories], study.territories.column)
    return Contents(
        tuple(cubes(customers, planned, study.rules, labels)),
        _metadata(study, segments, structure),
        model,
    )


def _metadata(study: Study, segments: Segments, structure: Score | None) -> Metadata:
    return metadata(
        columns=study.columns,
        value_measures=study.value_measures,
        rows_read=study.rows_read,
        rows_merged=study.rows_merged,
        rejected=study.rejected_count,
        sources=study.sources,
        steps=study.steps,
        quality=study.quality,
        decided=study.decided,
        segments=segments,
        structure=structure,
        spread=_deviations(study),
        country=study.country,
        territories=study.territories,
    )


def _deviations(study: Study) -> dict[str, float]:
    """`metadata.deviations`, a number at a time: together they take as much memory as the customers."""
    spread: dict[str, float] = {}
    for name in number_columns(study.columns):
        spread |= deviations([name], InMemory(known_numbers(study.customers, [name])))
    return spread
