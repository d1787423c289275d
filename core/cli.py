"""The command line: the same pipeline without a browser.

Exit status 0: done; 2: the input or a setting cannot be used, and the message says why. Progress
goes to stderr, a summary to stdout, and results appear all at once or not at all.
"""

import argparse
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path

from core import cli_audience, cli_model, cli_months, cli_outcomes, cli_read, cli_run, cli_sample
from core.analysis import Analysis
from core.cli_into import add_target, said_of, targets_of, write_with, written_into
from core.cli_options import (
    PANDAS,
    add_engine_options,
    add_feature_options,
    add_log,
    add_office_options,
    add_study_options,
    check_seed,
    features_of,
    number_of_clusters,
    out,
    progress,
    rules_of,
    workbooks_of,
)
from core.cli_project import choices_of, named, project_of
from core.cli_sources import SPARK, arguments_of
from core.cli_spark import into_of, memory_of, places_of
from core.cli_summary import counts, evidence, segment_lines, summary, told
from core.cubes.opened import open_folder, opened
from core.customer_table import CUSTOMERS, rows_for_database
from core.errors import DataError
from core.figures import write_as, written_as
from core.files import check_out
from core.intake.read import ReadChoices
from core.money import style_for
from core.pipeline import load_for, method_for, without_categories
from core.progress import told_to
from core.reporting.deck_template import template_of
from core.results import DECK, FILES, REPORT_PDF, curve_file, results
from core.schema import CLUSTER
from core.segmentation import find_segmentation
from core.segments.choose_k import DEFAULT_K, KS, MOST_K, choose
from core.segments.evidence import Score
from core.segments.registry import DEFAULT, choice_for, clusterer_of
from core.segments.score_table import CURVE
from core.segments.sql import NAME as SEGMENTS_SQL
from core.sources.kinds import input_paths, open_sources
from core.sources.source import Source
from core.spark.out import check_no_customers
from core.terminal import accept_any_text, logged_as, record_end, say, say_aside, say_interrupted

AUTO = "auto"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    accept_any_text()
    options = _parser().parse_args(arguments)
    with logged_as(options.log):
        try:
            status = _run(options)
        except KeyboardInterrupt:
            status = say_interrupted()
        record_end(status)
    return status


def _run(options: argparse.Namespace) -> int:
    try:
        if "address" in options:
            options.sources = arguments_of(options)
        with written_as(), told_to(progress):
            return options.run(options) or 0
    except DataError as error:
        say_aside(f"error: {error}")
        return 2
    except OSError as error:
        say_aside(f"error: {error.filename or 'output'}: {error.strerror}.")
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m core", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    study = commands.add_parser("segment", help="clean customer files, flag and segment the customers")
    add_study_options(study)
    add_feature_options(study)
    study.add_argument(
        "--k", type=number_of_clusters, default=DEFAULT_K, metavar="K",
        help=f"number of segments, 1 to {MOST_K}, or auto: the number the data itself has, of 2 to {KS.stop - 1}, "
        f"or to {MOST_K} where {KS.stop - 1} is the best of these (default {DEFAULT_K})",
    )  # fmt: skip
    study.add_argument(
        "--borders", action="append", default=[], metavar="FILE",
        help="GeoJSON or TopoJSON of your own territories, drawn as the map; it may be among the customer files, too",
    )  # fmt: skip
    study.add_argument(
        "--project", type=Path, metavar="FILE",
        help="a project that the app saved: its rules, roles, answers, features, number of segments, names, measures",
    )  # fmt: skip
    study.add_argument("--out", type=out, help="folder for the results")
    add_target(study, "customer")
    study.add_argument(
        "--pdf", action="store_true", help=f"also write {REPORT_PDF}, by an installed Chromium or Chrome"
    )
    add_office_options(study)
    add_engine_options(study)
    study.set_defaults(run=_segment)
    cli_read.add_parser(commands)
    cli_model.add_parsers(commands)
    cli_months.add_parser(commands)
    cli_audience.add_parser(commands)
    cli_outcomes.add_parser(commands)
    cli_sample.add_parser(commands)
    cli_run.add_parser(commands)
    add_log(commands)
    return parser


def _segment(options: argparse.Namespace) -> None:
    check_seed(options.seed)
    if options.engine == SPARK:
        _segment_on_spark(options)
        return
    template = template_of(options.template) if options.template else b""
    asked = {REPORT_PDF: options.pdf, DECK: options.pptx or template, **workbooks_of(options)}
    if not options.out and (name := next(filter(asked.get, asked), "")):
        raise DataError(f"There is no folder for {name}.", "Give --out.")
    if options.pdf and (why := FILES[REPORT_PDF].why_not()):
        raise DataError(why, "Or leave out --pdf.")
    targets = targets_of(options, {"into": CUSTOMERS})
    if options.out:
        check_no_customers(options.out)
        more = filter(None, [options.rules, options.project, options.template])
        check_out(options.out, [*FILES, CURVE], [*input_paths([*options.sources, *options.borders]), *more])
    project = project_of(options)
    rules, features = choices_of(options, project)
    sources = [*open_sources(options.sources), *_borders(options.borders)]
    study = load_for(sources, rules, features, progress)
    write_as(style_for(study))
    clusterer = clusterer_of(options.method or method_for(study, features))
    choice = choice_for(clusterer, features)
    if project and not choice.categories:
        choice, _ = without_categories(study, choice)  # as the app does
    k = None if options.k == AUTO else options.k
    found = find_segmentation(study, k, choice, clusterer=clusterer, seed=options.seed, progress=progress)
    segments = named(found.segments, study, project)
    progress("Writing the results")
    measures = project.measures if project else ()
    analysis = Analysis(study, segments, found.structure, seed=options.seed, measures=measures, template=template)
    files = _files(analysis, [*filter(asked.get, asked)], found.scores) if options.out else {}
    instead_of = [CURVE, SEGMENTS_SQL, *(name for name, one in FILES.items() if one.on_request)]
    tables = written_into(targets, {"into": lambda: rows_for_database(analysis)}, rules.as_of)
    write_with(tables, options.out, files, instead_of)
    said = [*segments.fewer_than(found.wanted), *evidence(segments, found.structure, found.chosen, found.scores)]
    where = said_of(options, targets, f": one row per customer with {CLUSTER} in customer_data_cleaned.csv")
    say("\n".join([*summary(analysis, said), where]))


def _files(analysis: Analysis, asked: Sequence[str], scores: Sequence[Score]) -> dict[str, bytes]:
    with warnings.catch_warnings(record=True) as warned:
        files = {name: make() for name, make in results(analysis, *asked).items()}
    for one in warned:
        say_aside(f"warning: {one.message}")
    return files | curve_file(scores)


def _borders(arguments: Sequence[str]) -> Iterator[Source]:
    """The files of borders that arguments name."""
    for source in open_sources(arguments):
        if not source.tables(ReadChoices()).layers:
            raise DataError("These are no borders.", "Give --borders GeoJSON or TopoJSON.", file=source.name)
        yield source


def _segment_on_spark(options: argparse.Namespace) -> None:
    if options.project:
        raise DataError("Spark reads no project.", f"Leave out --project, or use --engine {PANDAS}.")
    if options.to or not options.out:
        raise DataError("Spark writes a folder.", f"Give --out and leave out --to, or use --engine {PANDAS}.")
    for option in ("borders", "pdf", "pptx", "template", "xlsx"):
        if getattr(options, option):
            raise DataError(f"Spark draws no {option}.", f"Leave out --{option}, or use --engine {PANDAS}.")
    from core.spark.run import run  # only here, as hardly anybody has Spark
    from core.spark.segments import check_method
    from core.spark.session import connected

    clusterer = clusterer_of(options.method or DEFAULT)
    check_method(clusterer)  # before a session, which takes a while to start
    rules, choice = rules_of(options), features_of(options)
    places, into = places_of(options), into_of(options)
    with connected(master=options.master, remote=options.remote) as session:
        k = None if options.k == AUTO else options.k
        made = run(
            session, places, rules, options.out, k=k, choice=choice, into=into, clusterer=clusterer,
            seed=options.seed, memory=memory_of(options), progress=progress,
        )  # fmt: skip
    analysis = Analysis(*opened(open_folder(options.out), stamp=""))
    write_as(analysis.style)
    lines = [
        *counts(made.rows_read, made.files, made.rejected, analysis),
        *segment_lines(made.segments, made.columns),
        *told(analysis),
        *made.segments.fewer_than(k or 0),
        *evidence(made.segments, made.structure, choose(made.scores) if k is None else None, made.scores),
        *analysis.warnings,
    ]
    say("\n".join([*lines, f"Written to {options.out}: one row per customer with {CLUSTER} in customers/"]))
    if into:
        say(f"Written into {into.table}")
