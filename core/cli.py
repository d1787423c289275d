"""The command line: the same pipeline without a browser.

Exit status 0: done; 2: the input or a setting cannot be used, and the message says why. Progress
goes to stderr, a summary to stdout, and results appear all at once or not at all.
"""

import argparse
import warnings
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from core import cli_audience, cli_model, cli_months, cli_outcomes, cli_read, cli_sample
from core.analysis import Analysis
from core.cli_options import (
    PANDAS,
    SPARK,
    add_engine_options,
    add_feature_options,
    add_office_options,
    add_study_options,
    check_seed,
    features_of,
    out,
    place,
    progress,
    rules_of,
    workbooks_of,
)
from core.cli_project import choices_of, named, project_of
from core.cli_sources import arguments_of
from core.cubes.opened import open_folder, opened
from core.errors import DataError
from core.figures import count, percent, write_as, written_as
from core.files import check_out, write_all
from core.intake.flags import describe_mass_affluent
from core.intake.read import ReadChoices
from core.money import style_for
from core.pipeline import load_for, matrix_of, method_for, segment, structure, without_categories
from core.progress import told_to
from core.reporting.deck_template import template_of
from core.results import DECK, FILES, REPORT_PDF, results
from core.schema import CLUSTER, Column
from core.segments.choose_k import DEFAULT_K, KS, MOST_K, Choice, choose, verdict
from core.segments.evidence import Score, sample
from core.segments.profile import Segments
from core.segments.reality import in_words
from core.segments.recommendation import how_to_get, many_have_none
from core.segments.registry import DEFAULT, choice_for, clusterer_of
from core.segments.scale import SCALED
from core.segments.score_table import table
from core.segments.sql import NAME as SEGMENTS_SQL
from core.segments.sql import why_no_sql
from core.segments.sweep import search, sweep
from core.sources.kinds import input_paths, open_sources
from core.sources.source import Source
from core.spark.out import check_no_customers
from core.terminal import accept_any_text, say, say_aside
from core.understanding import BORDERS, FEATURES, findings
from core.views.export import to_csv, without_noise
from core.visuals.kpis import cards

AUTO = "auto"
CURVE = "choose_k.csv"  # the scores that choose k


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    accept_any_text()
    options = _parser().parse_args(arguments)
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
        "--k", type=_number_of_clusters, default=DEFAULT_K, metavar="K",
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
    study.add_argument("--out", type=out, required=True, help="folder for the results")
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
    return parser


def _segment(options: argparse.Namespace) -> None:
    check_seed(options.seed)
    if options.engine == SPARK:
        _segment_on_spark(options)
        return
    template = template_of(options.template) if options.template else b""
    asked = {REPORT_PDF: options.pdf, DECK: options.pptx or template, **workbooks_of(options)}
    if options.pdf and (why := FILES[REPORT_PDF].why_not()):
        raise DataError(why, "Or leave out --pdf.")
    check_no_customers(options.out)
    read = [
        *input_paths([*options.sources, *options.borders]),
        *filter(None, [options.rules, options.project, options.template]),
    ]
    check_out(options.out, [*FILES, CURVE], read)
    project = project_of(options)
    rules, features = choices_of(options, project)
    sources = [*open_sources(options.sources), *_borders(options.borders)]
    study = load_for(sources, rules, features, progress)
    write_as(style_for(study))
    clusterer = clusterer_of(options.method or method_for(study, features))
    choice = choice_for(clusterer, features)
    if project and not choice.categories:
        choice, _ = without_categories(study, choice)  # as the app does
    matrix = matrix_of(study, choice)
    chosen, scores = None, tuple[Score, ...]()
    if options.k == AUTO:
        scores = search(partial(sweep, matrix, seed=options.seed, clusterer=clusterer, progress=progress))
        chosen = choose(scores)
    k = chosen.of_all_features if chosen else options.k
    progress(f"Segmenting {len(study.customers):,} customers into {k}")
    segments = named(segment(study, k, seed=options.seed, matrix=matrix, clusterer=clusterer), study, project)
    found = structure(segments, sample(matrix, seed=options.seed), across=True)
    progress("Writing the results")
    measures = project.measures if project else ()
    analysis = Analysis(study, segments, found, seed=options.seed, measures=measures, template=template)
    with warnings.catch_warnings(record=True) as warned:
        files = {name: make() for name, make in results(analysis, *filter(asked.get, asked)).items()}
    for one in warned:
        say_aside(f"warning: {one.message}")
    if chosen:
        files[CURVE] = to_csv(without_noise(table(scores)))
    write_all(options.out, files, instead_of=[CURVE, SEGMENTS_SQL, *(n for n, one in FILES.items() if one.on_request)])
    say(_summary(analysis, options.out, [*segments.fewer_than(k), *_evidence(segments, found, chosen, scores)]))


def _evidence(
    segments: Segments, found: Score | None, chosen: Choice | None, scores: Sequence[Score]
) -> list[str]:  # fmt: skip
    """Whether the segments are real, why so many where that was `chosen`, and how to get those that were not made."""
    said = [verdict(found, segments.k), in_words(found, segments.profile["cluster"]) if found else ""]
    if chosen:
        said += [
            f"{chosen.reason} (k = {segments.k} is used.)",
            how_to_get(chosen, segments.scalings),
            many_have_none(scores),
        ]
    return [*filter(None, said)]


def _borders(arguments: Sequence[str]) -> Iterator[Source]:
    """The files of borders that arguments name."""
    for source in open_sources(arguments):
        if not source.tables(ReadChoices()).layers:
            raise DataError("These are no borders.", "Give --borders GeoJSON or TopoJSON.", file=source.name)
        yield source


def _segment_on_spark(options: argparse.Namespace) -> None:
    if options.project:
        raise DataError("Spark reads no project.", f"Leave out --project, or use --engine {PANDAS}.")
    for option in ("borders", "pdf", "pptx", "template", "xlsx"):
        if getattr(options, option):
            raise DataError(f"Spark draws no {option}.", f"Leave out --{option}, or use --engine {PANDAS}.")
    from core.spark.run import run  # only here, as hardly anybody has Spark
    from core.spark.segments import check_method
    from core.spark.session import connected

    clusterer = clusterer_of(options.method or DEFAULT)
    check_method(clusterer)  # before a session, which takes a while to start
    rules, choice = rules_of(options), features_of(options)
    places = [place(argument, remote=bool(options.remote)) for argument in options.sources]
    with connected(master=options.master, remote=options.remote) as session:
        k = None if options.k == AUTO else options.k
        made = run(
            session, places, rules, options.out, k=k, choice=choice, clusterer=clusterer,
            seed=options.seed, progress=progress,
        )  # fmt: skip
    analysis = Analysis(*opened(open_folder(options.out), stamp=""))
    write_as(analysis.style)
    lines = [
        *_counts(made.rows_read, made.files, made.rejected, analysis),
        *_segments(made.segments, made.columns),
        *_told(analysis),
        *made.segments.fewer_than(k or 0),
        *_evidence(made.segments, made.structure, choose(made.scores) if k is None else None, made.scores),
        *analysis.warnings,
    ]
    say("\n".join([*lines, f"Written to {options.out}: one row per customer with {CLUSTER} in customers/"]))


def _number_of_clusters(text: str) -> int | str:
    if text == AUTO:
        return AUTO
    if not text.isdecimal() or not 1 <= int(text) <= MOST_K:
        raise argparse.ArgumentTypeError(f"{text!r} is not {AUTO} or a number from 1 to {MOST_K}")
    return int(text)


def _summary(analysis: Analysis, folder: Path, said: Sequence[str]) -> str:
    study, segments = analysis.study, analysis.segments
    lines = [
        *_counts(study.rows_read, study.files, study.rejected_count, analysis),
        *_segments(segments, study.columns),
        *_told(analysis),
        *said,
        *analysis.warnings,
    ]
    return "\n".join([*lines, f"Written to {folder}: one row per customer with {CLUSTER} in customer_data_cleaned.csv"])


def _counts(read: int, files: Sequence[str], rejected: int, analysis: Analysis) -> list[str]:
    customers, *others = (_line(card.label, card.value, card.note) for card in cards(analysis, "summary"))
    return [
        _line("Rows read", count(read), ", ".join(files)),
        customers,
        _line("Rejected rows", count(rejected), "rejected_rows.csv says which and why"),
        *others,
    ]


def _told(analysis: Analysis) -> list[str]:
    """What was understood, what tells the mass affluent, and the numbers that are no feature unless asked for."""
    study, segments = analysis.study, analysis.segments
    why = study.rows.defaults.left_out if study.rows else {}
    by_reason: dict[str, list[str]] = {}
    for name, reason in why.items():
        if name not in segments.made_of:
            by_reason.setdefault(reason, []).append(analysis.label(name))
    left_out = [f"{', '.join(names)} ({reason})" for reason, names in by_reason.items()]
    understood = findings(study, segments)
    return [
        "What was understood",
        *(f"  {one.label:<12}  {one.text}" for one in understood),
        *(f"  {doubt}" for one in understood if one.key in (FEATURES, BORDERS) for doubt in one.doubts),
        *([f"Mass affluent. {describe_mass_affluent(study.rules, study.wealth)}"] if study.wealth.tells else []),
        *([f"Not a feature unless asked for: {'; '.join(left_out)}."] if left_out else []),
    ]


def _line(label: str, value: str, note: str) -> str:
    return f"{label:<16}{value:>11}   {note}"


def _segments(segments: Segments, columns: Sequence[Column]) -> list[str]:
    scaled = ((name, SCALED.get(how, "")) for name, how in segments.scalings.items())
    features = (f"{name} ({how})" if how else name for name, how in scaled)
    lines = [f"Segments        {count(segments.k):>11}   on {', '.join(features) or 'nothing'}; % of all customers"]
    lines += [
        f"  {one.cluster:>2} {count(one.customers):>11} {percent(one.customers, segments.customers):>7}  {one.name}"
        for one in segments.profile[["cluster", "customers", "name"]].itertuples(index=False, name="Row")
    ]
    if segments.outliers:
        lines.append(f"   – {count(segments.outliers):>11}   {segments.who_is_unusual()}")
    if segments.not_clustered:
        lines.append(f"   – {count(segments.not_clustered):>11}   {segments.who_lacks(columns)}")
    return [*lines, *filter(None, [why_no_sql(segments.clustering)])]
