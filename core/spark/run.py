"""The whole way on Spark: places of files → results in a folder, without ever holding the rows here."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from core.intake.read import ReadChoices
from core.rules import Rules
from core.schema import CLUSTER, Column
from core.segments.choice import FeatureChoice
from core.segments.choose_k import Score
from core.segments.features import Feature
from core.segments.profile import Segments
from core.spark import customers, segments, storage
from core.spark.customers import Plan, read_staged
from core.spark.parts import PIECE_BYTES
from core.spark.source import FileTable, tables
from core.spark.work import answers, over

Progress = Callable[[str], None]
# In the folder of the results while a run lasts: the rows as they were read, and the cleaned customers.
ROWS, WORK = "_rows", "_customers"


@dataclass(frozen=True)
class Run:
    """What a run on Spark has found: the plan, columns of the customers, features, segments."""

    plan: Plan
    columns: tuple[Column, ...]
    features: segments.Features
    segments: Segments
    structure: Score | None
    digest: str


def run(
    session: Any, places: Sequence[str], rules: Rules, out: str, *, k: int, choice: FeatureChoice, seed: int = 0,
    piece_bytes: int = PIECE_BYTES, progress: Progress = lambda _: None,
) -> Run:  # fmt: skip
    """Clean, flag and segment the customers in some files; write them as Parquet into a folder of `out`."""
    choices = ReadChoices(rules.intake.encoding, rules.intake.delimiter, rules.intake.header_row)
    found = tables(session, places, rules.intake, choices, piece_bytes=piece_bytes, progress=progress)
    progress("Deciding how dates and numbers are read")
    work, rows = storage.below(out, WORK), storage.below(out, ROWS)
    try:
        plan = customers.planned(session, found, rules, choices, rows)
        progress(f"Cleaning {sum(table.rows for table in found):,} rows")
        columns = customers.stage(session, plan, work)
        staged = tuple(answers(session, [work], _paths)[0].split("\n"))
        progress("Standardising the features")
        features = segments.features(session, staged, columns, choice)
        progress(f"Segmenting {features.customers:,} customers into {k}")
        made = segments.segment(features, columns, k, seed=seed)
        structure = segments.structure(features, made, seed=seed)
        progress("Writing the customers")
        write_customers(session, staged, columns, made, storage.below(out, "customers"))
    finally:
        answers(session, [work, rows], _removed)
    return Run(plan, columns, features, made, structure, digest_of(found))


def digest_of(found: Sequence[FileTable]) -> str:
    """The SHA-256 over the files' contents, as `pipeline.load` has it."""
    return hashlib.sha256("".join(table.digest for table in found).encode()).hexdigest()


def write_customers(session: Any, staged: Sequence[str], columns: Sequence[Column], made: Segments, place: str) -> None:
    """Write the customers with their flags and `Cluster`, a Parquet file per part."""
    names = {**customers.schema_of(columns), CLUSTER: "string"}
    schema = ", ".join(f"`{name}` {kind}" for name, kind in names.items())
    label = partial(_labelled, tuple(columns), made.details, made.centres)
    over(session, staged, label, schema).write.mode("overwrite").parquet(place)


def _labelled(columns: tuple[Column, ...], details: tuple[Feature, ...], centres: np.ndarray, place: str) -> Any:
    frame = read_staged(place, columns)
    labelled = frame.assign(**{CLUSTER: segments.labels_of(frame, details, centres)})
    yield customers.without_categories(labelled)


def _paths(work: str) -> str:
    return "\n".join(customers.staged_parts(work))


def _removed(work: str) -> str:
    storage.remove(work)
    return ""
