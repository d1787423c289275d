"""The pipeline on Spark: places of files → results in a folder; the driver never holds the rows."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa

from core.cubes.file import NAME
from core.intake.read import ReadChoices
from core.pipeline import reading_for
from core.rules import Rules
from core.schema import CLUSTER, HIGH_POTENTIAL, MASS_AFFLUENT, Column
from core.segments.choice import FeatureChoice
from core.segments.choose_k import choose
from core.segments.clusterer import Clusterer, Clustering
from core.segments.features import Feature
from core.segments.profile import Segments, groups
from core.segments.registry import DEFAULT_CLUSTERER
from core.segments.sweep import search
from core.sources.source import digest_of
from core.spark import cubes, customers, results, segments
from core.spark.customers import read_staged
from core.spark.first_pass import planned
from core.spark.jobs import answers, written
from core.spark.out import CUSTOMERS, check_out, swap, unfinished
from core.spark.parts import CHUNK_BYTES
from core.spark.results import Run
from core.spark.source import tables
from core.spark.wealth import Flags, wealth_of
from core.views.tables import Totals, totals

Progress = Callable[[str], None]
# Temporary folders: rows in buckets, cleaned customers, cells of cubes, customers of an earlier run.
ROWS, WORK, CELLS, OLD = "rows", "staged", "cubes", "old"


def run(
    session: Any, places: Sequence[str], rules: Rules, out: Path, *, k: int | None, choice: FeatureChoice,
    clusterer: Clusterer = DEFAULT_CLUSTERER, seed: int = 0, piece_bytes: int = CHUNK_BYTES,
    progress: Progress = lambda _: None,
) -> Run:  # fmt: skip
    """Clean, flag and segment the customers in some files, and write all results; the customers as Parquet.

    Without `k` the number of segments is chosen (`choose_k.choose`).
    """
    segments.check_method(clusterer)
    check_out(out, places, (*results.FILES, NAME))
    choices = ReadChoices(rules.intake.encoding, rules.intake.delimiter, rules.intake.header_row)
    read = partial(tables, session, places, choices=choices, piece_bytes=piece_bytes, progress=progress)
    files = read(rules.intake)
    with_features = reading_for(rules, (match for table in files for match in table.matches), choice)
    if with_features != rules:
        rules = with_features
        files = read(rules.intake)
    progress("Deciding how dates and numbers are read")
    with unfinished(session, out) as folder:
        work, rows, cells = (str(folder / name) for name in (WORK, ROWS, CELLS))
        plan = planned(session, files, rules, choices, rows)
        progress(f"Cleaning {sum(table.rows for table in files):,} rows")
        columns, staged = customers.stage(session, plan, work)
        progress("Standardising the features")
        flags = Flags(rules, wealth_of(session, staged, columns, rules))
        features = segments.features(session, staged, columns, choice, flags.wealth.measure)
        sweep = partial(segments.sweep, features, seed=seed, clusterer=clusterer, progress=progress)
        scores = search(sweep) if k is None else ()
        k = k or choose(scores).of_all_features
        progress(f"Segmenting {features.customers:,} customers into {k}")
        found = segments.segment(features, columns, k, seed=seed, clusterer=clusterer)
        structure = segments.structure(features, found, seed=seed)
        progress("Writing the customers")
        labelled = write_customers(session, staged, columns, flags, found, str(folder / CUSTOMERS))
        totals = _totals(session, labelled, columns, found)
        rejected = folder / results.REJECTED
        rejected_count = results.write_rejected(session, work, rejected)
        steps, quality = results.steps(session, plan, work)
        run = Run(
            plan, columns, flags.wealth, features, found, structure, tuple(sorted(table.file.name for table in files)),
            digest_of(table.digest for table in files), tuple(steps), quality,
            sum(table.rows + table.rejected for table in files), rejected_count, totals, scores,
        )  # fmt: skip
        progress("Counting the customers for the pages")
        summary = cubes.summary(session, run, labelled, results.model_of(run, seed), cells)
        results.write_results(run, out, rejected, {NAME: summary}, seed=seed)
        swap(session, folder / CUSTOMERS, out, folder / OLD)
    return run


def _totals(session: Any, files: Sequence[str], columns: tuple[Column, ...], found: Segments) -> Totals:
    """The counts behind the KPI cards."""
    labels = groups(found.feature_specs, found.k)
    counts = answers(session, files, partial(_counted, columns, labels))
    return Totals(**{name: sum(part[name] for part in counts) for name in counts[0]})


def _counted(columns: tuple[Column, ...], labels: list[str], path: str) -> Totals:
    frame = customers.read_customers(path, columns, labels, [CLUSTER, MASS_AFFLUENT, HIGH_POTENTIAL])
    return totals(frame)


def write_customers(
    session: Any, staged: Sequence[str], columns: Sequence[Column], flags: Flags, found: Segments, place: str
) -> tuple[str, ...]:
    """Write the customers with their flags and `Cluster`, a Parquet file per part; the files."""
    schema = pa.schema({**customers.types_of(columns), CLUSTER: pa.string()})
    label = partial(_labelled, tuple(columns), flags, found.feature_specs, found.clustering)
    return written(session, staged, label, schema, place)


def _labelled(
    columns: tuple[Column, ...], flags: Flags, feature_specs: tuple[Feature, ...], clustering: Clustering, place: str
) -> Any:
    frame = flags.added(read_staged(place, columns))
    labelled = frame.assign(**{CLUSTER: segments.labels_of(frame, feature_specs, clustering)})
    yield customers.without_categories(labelled)
