"""`python -m core score`, `refresh` and `audit`: a saved model on other customers, and one customer looked into."""

import argparse
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from math import isnan
from pathlib import Path

import pandas as pd

from core.analysis import Analysis
from core.audit import Audit, audit
from core.cli_into import add_target, said_of, targets_of, write_with, written_into
from core.cli_options import (
    add_feature_options,
    add_reading_options,
    add_study_options,
    check_file,
    check_seed,
    day,
    features_of,
    out,
    progress,
    read_as,
    rules_of,
)
from core.cli_sources import add_sources
from core.customer_table import CUSTOMERS, SHARES, customers
from core.customer_table import shares as shares_table
from core.errors import DataError
from core.figures import count, money, number, share, write_as
from core.files import check_out, printable
from core.money import style_for
from core.pipeline import load, load_by, method_for, segment, segment_by, structure
from core.schema import CLUSTER
from core.segments.choose_k import DEFAULT_K, MOST_K
from core.segments.choose_k import verdict as verdict_of
from core.segments.evidence import Score, sample
from core.segments.model import Model
from core.segments.model_file import DOCUMENT, read_model
from core.segments.profile import Segments
from core.segments.refit import refit
from core.segments.refresh import GONE, NEW, Refresh, headline, movers, refresh, verdict, with_ids_of
from core.segments.registry import clusterer_of
from core.segments.score import OUTSIDE, REASON, assign, score_customers
from core.sources.kinds import input_paths, open_sources
from core.study import Study
from core.terminal import say
from core.views.export import to_csv, without_noise

SHARES_CSV, SHIFTS, MOVERS = "segment_shares.csv", "feature_shifts.csv", "movers.csv"
REFIT, SCORED = "refit_movers.csv", "scored.csv"
NAMES = (SHARES_CSV, SHIFTS, MOVERS, REFIT)
DRIFT = 3  # the exit status where the customers have drifted


def add_parsers(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the commands `score`, `refresh` and `audit` to a parser's commands."""
    scored = commands.add_parser("score", help="give other customers the segments of a saved model")
    _add_model_options(scored)
    scored.add_argument("--out", type=out, help="CSV file to write")
    add_target(scored, "customer")
    scored.set_defaults(run=_score)
    fresh = commands.add_parser("refresh", help="compare later customers with those a saved model was made from")
    _add_model_options(fresh)
    fresh.add_argument("--before", nargs="+", default=[], help="earlier sources, to say who moved")
    fresh.add_argument(
        "--drift-above", type=_index, metavar="INDEX",
        help=f"exit with {DRIFT} where a stability index is above this (such as 0.1) and beyond chance",
    )  # fmt: skip
    fresh.add_argument("--before-as-of", type=day, help="as-of date of the earlier sources (default: the model's)")
    fresh.add_argument("--scored", action="store_true", help=f"also write {SCORED}, each customer's segment")
    fresh.add_argument("--out", type=out, help="folder for the results")
    add_target(fresh, "customer")
    fresh.add_argument("--shares-into", default="", metavar="TABLE", help="table of --to that gets a row per segment")
    fresh.set_defaults(run=_refresh)
    one = commands.add_parser("audit", help="follow one customer from the file to the segment")
    add_study_options(one)
    add_feature_options(one)
    one.add_argument("--k", type=int, default=DEFAULT_K, help=f"number of segments (default {DEFAULT_K})")
    one.add_argument("--id", required=True, help="customer id")
    one.set_defaults(run=_audit)


def _add_model_options(parser: argparse.ArgumentParser) -> None:
    add_sources(parser)
    parser.add_argument("--model", type=Path, required=True, help="model.json written by segment")
    parser.add_argument("--as-of", type=day, help="day ages are counted at (default: the model's)")
    add_reading_options(parser)


def _score(options: argparse.Namespace) -> None:
    targets = targets_of(options, {"into": CUSTOMERS})
    if options.out:
        check_file(options.out, [*input_paths(options.sources), options.model])
    model = _model(options)
    study = _study(options, options.sources, model, options.as_of)
    write_as(style_for(study))
    matrix, _ = assigned = assign(study.customers, model, file=", ".join(study.files))
    table = score_customers(study.customers, study.columns, model, assigned=assigned)
    now = segment_by(study, model, assigned=assigned)
    tables = written_into(targets, {"into": lambda: customers(study, table)}, study.rules.as_of)
    files = {options.out.name: to_csv(table)} if options.out else {}
    write_with(tables, options.out and options.out.absolute().parent, files)
    lines = [*_describe_scores(study, table), *_warnings(study, now, structure(now, sample(matrix)), model)]
    say("\n".join([*lines, said_of(options, targets)]))


def _describe_scores(study: Study, table: pd.DataFrame) -> list[str]:
    sizes = table[CLUSTER].value_counts()
    names = table.drop_duplicates(CLUSTER).set_index(CLUSTER)["Segment"]
    reasons = table.loc[table[REASON] != "", REASON].value_counts().head(5)
    return [
        f"Customers       {count(len(table)):>11}   as of {study.rules.as_of}",
        f"Rejected rows   {count(len(study.rejected)):>11}",
        f"Outside range   {count(int((table[OUTSIDE] != '').sum())):>11}   beyond what the model has seen",
        *(f"  {label:<13} {count(sizes[label]):>11}   {names[label]}" for label in sorted(sizes.index)),
        *(f"    {reason}: {count(n)}" for reason, n in reasons.items()),
    ]


def _warnings(study: Study, segments: Segments, found: Score | None, model: Model) -> list[str]:
    """What to know before trusting the segments of other customers by a model."""
    analysis = Analysis(study, segments, found, saved=model)
    return [*filter(None, [segments.why_not_clustered(study.columns)]), verdict_of(found), *analysis.warnings]


def _refresh(options: argparse.Namespace) -> int:
    targets = targets_of(options, {"into": CUSTOMERS, "shares_into": SHARES})
    if options.scored and not options.out:
        raise DataError(f"There is no folder for {SCORED}.", "Give --out.")
    if options.before_as_of and not options.before:
        raise DataError("There are no earlier sources.", "Give --before, or leave out --before-as-of.")
    if options.out:
        check_out(options.out, [*NAMES, SCORED], [*input_paths([*options.sources, *options.before]), options.model])
    model = _model(options)
    study = _study(options, options.sources, model, options.as_of)
    write_as(style_for(study))
    matrix, within = assign(study.customers, model, file=", ".join(study.files))
    now = segment_by(study, model, assigned=(matrix, within))
    found, again = refresh(model, study.customers, now), refit(model, matrix, within)
    if options.before:
        earlier = _study(options, options.before, model, options.before_as_of)
        _check_ids(study, earlier)
        then = earlier.with_segments(segment_by(earlier, model))
        today = study.with_segments(now)
        then, said = with_ids_of(then, today)
        found = replace(found, movers=movers(then, today, CLUSTER), ids=said)
    table = partial(score_customers, study.customers, study.columns, model, assigned=(matrix, within))
    files = {SHARES_CSV: to_csv(without_noise(found.shares)), SHIFTS: to_csv(without_noise(found.features))}
    files[REFIT] = to_csv(again.counts.rename_axis("segment").reset_index())
    if found.movers is not None:
        files[MOVERS] = to_csv(found.movers.reset_index())
    if options.scored:
        files[SCORED] = to_csv(table())
    rows = {"into": lambda: customers(study, table()), "shares_into": lambda: shares_table(found)}
    write_with(written_into(targets, rows, study.rules.as_of), options.out, files, NAMES)
    warnings = _warnings(study, now, structure(now, sample(matrix)), model)
    say("\n".join([*_describe_refresh(found, model, study), again.in_words(), *warnings, said_of(options, targets)]))
    psi, _ = found.largest
    return DRIFT if options.drift_above is not None and psi > options.drift_above else 0


def _check_ids(*studies: Study) -> None:
    """Refuse to look for customers again who can only be told apart by their line."""
    for study in studies:
        if study.numbered:
            raise DataError(
                "There is no customer id, so nobody can be found again.",
                "Add a customer id to the files of both times, or leave out --before.",
                file=", ".join(study.files),
            )


def _describe_refresh(found: Refresh, model: Model, study: Study) -> list[str]:
    titles = {column.name: column.label for column in study.columns}
    signs = {column.name: column.sign for column in study.columns}
    lines = [
        f"Customers {count(sum(model.sizes.values()))} as of {model.rules.as_of}, "
        f"{count(len(study.customers))} as of {study.rules.as_of}",
        headline(found, titles),
        f"Population stability index of the segments {number(found.psi, 3)}: {verdict(found.psi, found.chance)} "
        f"(chance gives up to {number(found.chance, 3)})",
        *(
            f"  {row.cluster:<13} {share(row.share_then):>10} → {share(row.share_now):>10}   {row.name}"
            for row in found.shares.itertuples(index=False, name="Row")
        ),
        *(
            f"  {titles[row.feature]}: {number(row.psi, 3)} ({verdict(row.psi, row.chance)}; chance gives up to "
            f"{number(row.chance, 3)}){_means(row.mean_then, row.mean_now, signs[row.feature])}"
            for row in found.features.itertuples(index=False, name="Row")
        ),
    ]
    if found.movers is not None:
        both = found.movers.drop(index=NEW, columns=GONE, errors="ignore")
        stayed = sum(int(both.loc[label, label]) for label in both.index.intersection(both.columns))
        lines.append(
            f"Of {count(int(both.to_numpy().sum()))} customers in both, {count(stayed)} stayed in their segment"
        )
    if found.ids:
        lines.append(f"{found.ids}.")
    return lines


def _means(then: float, now: float, sign: str) -> str:
    """The means of a feature; empty for a category, which has none."""
    return "" if isnan(then) else f", mean of the clustered {money(then, sign, 1)} → {money(now, sign, 1)}"


def _audit(options: argparse.Namespace) -> None:
    if not 1 <= options.k <= MOST_K:
        raise DataError(f"--k is {options.k}.", f"Ask for 1 to {MOST_K} segments.")
    check_seed(options.seed)
    sources = list(open_sources(options.sources))
    study = load(sources, rules_of(options), progress)
    write_as(style_for(study))
    features = features_of(options)
    clusterer = clusterer_of(options.method or method_for(study, features))
    segments = segment(study, options.k, features, seed=options.seed, clusterer=clusterer)
    found = audit(sources, study, segments, printable(options.id))
    say(_describe_customer(found))


def _describe_customer(found: Audit) -> str:
    parts = {
        f"Customer {found.customer}: {found.standing}": None,
        "As it was read": found.raw.rename(columns={"line": found.position}),
        "What cleaning made of it": found.changes,
        "Rules": found.flags,
        "Distance to the centre of each segment (standardised units)": found.distances,
        "Rejected rows of this id": found.rejected.rename(columns={"line": found.position}),
    }
    written = partial(number, digits=3, trim=True)
    texts = (
        title if table is None else f"\n{title}\n{table.to_string(index=False, float_format=written)}"
        for title, table in parts.items()
        if table is None or len(table)
    )  # fmt: skip
    return "\n".join(texts)


def _index(text: str) -> float:
    """A stability index as an option."""
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value < float("inf"):
        raise argparse.ArgumentTypeError(f"{text!r} is no stability index: give a number from 0, such as 0.1.")
    return value


def _model(options: argparse.Namespace) -> Model:
    return read_model(DOCUMENT.bytes_of(options.model), options.model.name)


def _study(options: argparse.Namespace, arguments: Sequence[str], model: Model, as_of: date | None) -> Study:
    """Customers under the rules of a model, at another day if one is given."""
    rules = replace(model.reading_rules, as_of=as_of or model.rules.as_of)
    return load_by(list(open_sources(arguments)), read_as(rules, options), model, progress)
