"""The pipeline on Spark: places of files → results in a folder; the workers have the rows, where these are many."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa

from core import trail
from core.cubes.file import NAME
from core.customer_table import check_ids
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
from core.spark import cubes, customers, here, results, segments
from core.spark.catalogue import CatalogueTable, check_tables, copied
from core.spark.customers import read_staged
from core.spark.first_pass import planned
from core.spark.into import Into, check_into, rows_of, written_into
from core.spark.jobs import answers, written
from core.spark.out import CUSTOMERS, check_out, swap, unfinished
from core.spark.parts import CHUNK_BYTES
from core.spark.plan import SparkPlan
from core.spark.results import Asked, Found, Run
from core.spark.source import tables
from core.spark.table import FileTable
from core.spark.wealth import Flags, wealth_of
from core.views.tables import Totals, totals

Progress = Callable[[str], None]
# Temporary folders: rows in buckets, cleaned customers, cells of cubes, customers of an earlier run, tables as read.
ROWS, WORK, CELLS, OLD, READ = "rows", "staged", "cubes", "old", "read"


def run(
    session: Any, places: Sequence[str | CatalogueTable], rules: Rules, out: Path, *, k: int | None,
    choice: FeatureChoice, into: Into | None = None, clusterer: Clusterer = DEFAULT_CLUSTERER, seed: int = 0,
    piece_bytes: int = CHUNK_BYTES, memory: float = 0, progress: Progress = lambda _: None,
) -> Found:  # fmt: skip
    """Clean, flag and segment the customers in some files, and write all results; the customers as Parquet.

    Without `k` the number of segments is chosen (`choose_k.choose`). `into` is a table that gets a row per customer.
    Where loading them takes no more bytes than `memory`, this program does the work; else the workers do, in parts.
    """
    segments.check_method(clusterer)
    named, paths = _checked(session, places, out, into)
    asked = Asked(rules, out, k, choice, into, clusterer, seed, progress)
    with unfinished(session, out) as folder:
        copies = _copied(session, named, folder, progress)
        places_of_customers = (str(folder / CUSTOMERS), str(out.absolute() / CUSTOMERS), str(folder / OLD))
        if read := here.sources(paths, copies, memory, progress):
            found = here.run(session, read, asked, folder)
            swap(places_of_customers)
            return found
        tables_of = partial(tables, session, paths, piece_bytes=piece_bytes, progress=progress, further=copies)
        of_workers = _by_workers(session, tables_of, asked, folder)
        answers(session, [places_of_customers], swap)  # they are the workers' own
        return of_workers


def _by_workers(session: Any, read: Callable[..., list[FileTable]], asked: Asked, folder: Path) -> Run:
    """The work in parts, of which this program holds sums; the customers stay in the temporary folder."""
    rules, seed, clusterer, progress = asked.rules, asked.seed, asked.clusterer, asked.progress
    files, plan = _planned(session, read, rules, asked.choice, str(folder / ROWS), progress)
    for table in files:
        trail.note(
            trail.READ, sources=[table.file.name], origin=table.file.path, sha256=table.digest, bytes=table.file.size
        )
    rules = plan.rules
    if asked.into:
        check_ids(plan.table_sources, [table.file.name for table in files])
    progress(f"Cleaning {sum(table.rows for table in files):,} rows")
    columns, staged = customers.stage(session, plan, str(folder / WORK))
    progress("Standardising the features")
    flags = Flags(rules, wealth_of(session, staged, columns, rules))
    features = segments.features(session, staged, columns, asked.choice, flags.wealth.measure)
    sweep = partial(segments.sweep, features, seed=seed, clusterer=clusterer, progress=progress)
    scores = search(sweep) if asked.k is None else ()
    k = asked.k or choose(scores).of_all_features
    progress(f"Segmenting {features.customers:,} customers into {k}")
    found = segments.segment(features, columns, k, seed=seed, clusterer=clusterer)
    structure = segments.structure(features, found, seed=seed)
    progress("Writing the customers")
    results.note_customers(asked.out / CUSTOMERS, columns, found)
    labelled = write_customers(session, staged, columns, flags, found, str(folder / CUSTOMERS))
    rejected = folder / results.REJECTED
    rejected_count = results.write_rejected(staged, rejected)
    steps, quality = results.steps(plan, staged)
    run = Run(
        plan=plan, columns=columns, wealth=flags.wealth, features=features, segments=found, structure=structure,
        files=tuple(sorted(table.file.name for table in files)), digest=digest_of(table.digest for table in files),
        steps=tuple(steps), quality=quality, rows_read=sum(table.rows + table.rejected for table in files),
        rejected=rejected_count, totals=_totals(session, labelled, columns, found), scores=scores,
    )  # fmt: skip
    progress("Counting the customers for the pages")
    summary = cubes.summary(session, run, labelled, results.model_of(run, seed), str(folder / CELLS))
    if asked.into:
        progress(f"Writing into {asked.into.table}")
        rows = rows_of(session.read.parquet(*labelled), found)
        written_into(session, asked.into, rows, rules.as_of, customers=found.customers)
    results.write_results(run, asked.out, rejected, {NAME: summary}, seed=seed)
    return run


def _checked(
    session: Any, places: Sequence[str | CatalogueTable], out: Path, into: Into | None
) -> tuple[list[CatalogueTable], list[str]]:
    """The tables and the files that are read, when they, the folder and the table of the results can be used."""
    named = [place for place in places if isinstance(place, CatalogueTable)]
    paths = [place for place in places if not isinstance(place, CatalogueTable)]
    check_out(out, paths, (*results.FILES, NAME))
    check_tables(session, named)
    if into:
        check_into(session, into, named)
    return named, paths


def _planned(
    session: Any, read: Callable[..., list[FileTable]], rules: Rules, choice: FeatureChoice, folder: str,
    progress: Progress,
) -> tuple[list[FileTable], SparkPlan]:  # fmt: skip
    """The tables, and the plan for their customers, with the rules by which the chosen features are read."""
    choices = ReadChoices(rules.intake.encoding, rules.intake.delimiter, rules.intake.header_row)
    files = read(rules.intake, choices)
    with_features = reading_for(rules, (match for table in files for match in table.matches), choice)
    if with_features != rules:
        rules = with_features
        files = read(rules.intake, choices)
    progress("Deciding how dates and numbers are read")
    return files, planned(session, files, rules, choices, folder)


def _copied(session: Any, named: Sequence[CatalogueTable], folder: Path, progress: Progress) -> list[FileTable]:
    copies = []
    for number, table in enumerate(named):
        progress(f"Reading {table}")
        copies.append(copied(session, table, str(folder / f"{READ}{number}")))
    return copies


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
