"""The files of a run on Spark: those of the command line, the customers as Parquet."""

import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from core.files import json_bytes, write_all
from core.intake.facts import country_in
from core.intake.match import frozen_roles, reading_steps, result_columns
from core.intake.rows.stack import STACKED
from core.intake.steps import Step
from core.results import curve_file
from core.rules import Rules
from core.schema import CLUSTER, Column
from core.segments.choice import FeatureChoice
from core.segments.choose_k import verdict
from core.segments.clusterer import Clusterer
from core.segments.evidence import Score
from core.segments.model import Model, freeze
from core.segments.profile import Segments
from core.segments.reality import each_segment
from core.segments.score_table import CURVE
from core.segments.sql import NAME as SEGMENTS_SQL
from core.segments.sql import to_sql, why_no_sql
from core.spark import storage
from core.spark.customers import MARK, REJECTED_COLUMNS, STEPS, types_of
from core.spark.into import Into
from core.spark.plan import SparkPlan
from core.spark.segments import Features
from core.spark.steps import merged
from core.trail import EXPORTED, note
from core.views.export import segment_sheet, to_csv, without_noise
from core.views.palette import by_label
from core.views.tables import Totals
from core.wealth import Wealth


@dataclass(frozen=True)
class Asked:
    """What is asked of a run; `k` None: as many segments as are chosen; `into` is a table that is written, too."""

    rules: Rules
    out: Path
    k: int | None
    choice: FeatureChoice
    into: Into | None
    clusterer: Clusterer
    seed: int
    progress: Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class Found:
    """What is told of a run: the columns of the customers, segments, how real they are, scores of each k tried."""

    columns: tuple[Column, ...]
    segments: Segments
    structure: Score | None
    files: tuple[str, ...]
    rows_read: int
    rejected: int
    scores: tuple[Score, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Run(Found):
    """A run of which the workers had the rows: what it has found out about them, part by part."""

    plan: SparkPlan
    wealth: Wealth
    features: Features
    digest: str
    steps: tuple[Step, ...]
    quality: pd.DataFrame
    totals: Totals


REJECTED: Final = "rejected_rows.csv"
FILES: Final = (
    "segments.csv",
    "segment_evidence.csv",
    "model.json",
    SEGMENTS_SQL,
    "steps.json",
    CURVE,
    REJECTED,
)


def note_customers(folder: Path, columns: Sequence[Column], segments: Segments) -> None:
    """Tell the audit trail of the customers that are about to be written."""
    note(EXPORTED, file=str(folder), columns=[*types_of(columns), CLUSTER], rows=segments.customers)


def write_results(run: Run, folder: Path, rejected: Path, more: Mapping[str, bytes], *, seed: int) -> None:
    """Write all but the customers: model, segments, steps, and some more; move the rejected rows there."""
    model = model_of(run, seed)
    files = {
        "segments.csv": to_csv(segment_sheet(run.segments.profile, run.segments.customers)),
        "model.json": json_bytes(model.to_dict()),
        "steps.json": json_bytes([asdict(step) for step in run.steps]),
    }
    if not why_no_sql(run.segments.clustering):
        files[SEGMENTS_SQL] = to_sql(model).encode()
    if run.structure:
        evidence = each_segment(run.structure, run.segments.profile["cluster"])
        files["segment_evidence.csv"] = to_csv(without_noise(evidence))
    write_all(folder, {**files, **curve_file(run.scores), **more}, instead_of={*FILES} - {REJECTED})
    os.replace(rejected, folder / REJECTED)


def model_of(run: Run, seed: int) -> Model:
    """The frozen model."""
    return freeze(
        run.segments, run.plan.rules, files=run.files, digest=run.digest, seed=seed,
        colours=by_label(run.segments.names), structure=verdict(run.structure, run.segments.k),
        columns=result_columns(run.plan.table_sources, run.columns), described=run.columns, wealth=run.wealth,
        country=country_in(run.plan.facts), roles=frozen_roles(run.plan.table_sources),
        decided=run.plan.decided,
    )  # fmt: skip


def steps(plan: SparkPlan, staged: Sequence[str]) -> tuple[list[Step], pd.DataFrame]:
    """What was done to the data, and how much of each column is there (`CleanTable.quality`, distinct values aside)."""
    parts = [json.loads(said) for path in staged for said in _marked(path, [STEPS], STEPS)[STEPS].to_pylist()]
    quality = pd.concat([pd.DataFrame(part["quality"]) for part in parts])
    counts = {name: (name, "sum") for name in ("cells", "blank", "invalid")}
    said = {"invalid_values": ("invalid_values", "max")}
    quality = quality.groupby(["column", "label"], sort=False, as_index=False).agg(**counts, **said)
    return [*_reading(plan), *merged([[Step(**step) for step in part["steps"]] for part in parts])], quality


def _reading(plan: SparkPlan) -> Iterator[Step]:
    """What was done before the rows were cleaned: each file read, those with the same columns stacked."""
    for stack in (plan.stacks[at] for at in (plan.order.lead, *plan.order.joined, *plan.order.left_out)):
        yield from (step for table in stack.tables for step in reading_steps(table.source))
        if len(stack.tables) > 1:
            rows = sum(table.rows for table in stack.tables)
            names = ", ".join(table.file.name for table in stack.tables)
            yield Step(STACKED.format(names), rows, rows)


def write_rejected(staged: Sequence[str], path: Path) -> int:
    """Write the rows that are no customers as CSV, those of a part at a time; their number."""
    number, names = 0, [f"{MARK}{name}" for name in REJECTED_COLUMNS]
    with path.open("wb") as file:
        for part in staged:
            frame = _marked(part, names, f"{MARK}outcome").rename_columns([*REJECTED_COLUMNS]).to_pandas()
            if frame.empty:
                continue
            content = to_csv(frame)
            file.write(content if not number else content.partition(b"\r\n")[2])
            number += len(frame)
        if not number:
            file.write(to_csv(pd.DataFrame(columns=[*REJECTED_COLUMNS])))
    return number


def _marked(path: str, names: Sequence[str], mark: str) -> pa.Table:
    """Some columns of the rows of a staged part that have a mark; where they are blank, they hardly take time."""
    with storage.opened(path) as file:
        table = pq.read_table(file, columns=[*names])
    return table.filter(pc.is_valid(table[mark]))
