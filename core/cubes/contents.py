"""A study and its segments → what the file of a result holds."""

import pandas as pd

from core.cubes.file import Contents
from core.cubes.make import cubes
from core.cubes.metadata import (
    Metadata,
    deviations,
    known_numbers,
    portrait,
    qualities,
    without_examples,
    without_spellings,
    without_values,
)
from core.cubes.plan import number_columns, numbers_of, plan
from core.segments.choose_k import Score
from core.segments.model import Model
from core.segments.profile import Segments, groups
from core.segments.rows import InMemory
from core.study import Study


def contents(
    study: Study, customers: pd.DataFrame, segments: Segments, structure: Score | None, model: Model
) -> Contents:
    """The contents of a result; `customers` are the study's with their `Cluster`, `model` is that of these segments."""
    numbers = numbers_of(study.customers, study.columns, study.value_measures)
    labels = groups(segments.feature_specs, segments.k)
    return Contents(
        tuple(cubes(customers, plan(customers.columns, numbers), study.rules, labels)),
        metadata(study, segments, structure),
        model,
    )


def metadata(study: Study, segments: Segments, structure: Score | None) -> Metadata:
    """The metadata of a result, beside its cubes."""
    return Metadata(
        without_spellings(study.columns),
        study.value_measures,
        study.rows_read,
        study.rows_merged,
        study.rejected_count,
        without_values(study.sources),
        without_examples(study.steps),
        qualities(study.quality),
        study.decided,
        portrait(segments),
        structure,
        _deviations(study),
        study.country,
    )


def _deviations(study: Study) -> dict[str, float]:
    """`metadata.deviations`, a number at a time: together they take as much memory as the customers."""
    spread: dict[str, float] = {}
    for name in number_columns(study.columns):
        spread |= deviations([name], InMemory(known_numbers(study.customers, [name])))
    return spread
