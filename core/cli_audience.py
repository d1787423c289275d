"""`python -m core audience`: a list of customers to contact, with a control group."""

import argparse
from dataclasses import replace
from datetime import date
from pathlib import Path

from core.analysis import Analysis
from core.cli_options import (
    add_feature_options,
    add_study_options,
    check_seed,
    day,
    features_of,
    out,
    progress,
    read_as,
    rules_of,
    share_text,
)
from core.errors import DataError, MeasureError
from core.figures import count, write_as
from core.files import check_out, write_all
from core.money import style_for
from core.pipeline import load_by, load_for, method_for, segment, segment_by
from core.segments.choose_k import DEFAULT_K, MOST_K
from core.segments.model_file import DOCUMENT, read_model
from core.segments.registry import clusterer_of
from core.sources.kinds import input_paths, open_sources
from core.targets.assignment import CONTACT, DEFAULT_SHARE, Split
from core.targets.choice import ListChoice, default_salt
from core.targets.files import NAMES, PERSONS, describe, list_files
from core.targets.target_list import target_list
from core.terminal import say

FIXED = ("features", "outliers", "method", "rules")  # options that a saved model answers


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command `audience` to a parser's commands."""
    parser = commands.add_parser("audience", help="list the customers to contact, and hold some out as a control group")
    add_study_options(parser)
    add_feature_options(parser)
    parser.add_argument(
        "--k", type=int, default=DEFAULT_K, metavar="K", help=f"number of segments, 1 to {MOST_K} (default {DEFAULT_K})"
    )
    parser.add_argument("--model", type=Path, help="model.json written by segment, whose segments are used")
    parser.add_argument(
        "--where", default="", metavar="CONDITION",
        help="whom to list, as in a measure: \"segment = 2 and is_mass_affluent\" (default: everybody)",
    )  # fmt: skip
    parser.add_argument("--by", metavar="COLUMN", help="a number or a formula of numbers that ranks, the highest first")
    parser.add_argument("--lowest-first", action="store_true", help="rank the lowest first")
    parser.add_argument("--top", type=int, metavar="N", help="how many to contact at most")
    parser.add_argument("--budget", type=float, metavar="AMOUNT", help="what may be spent on contacts")
    parser.add_argument("--contact-cost", type=float, metavar="AMOUNT", help="what a contact costs")
    parser.add_argument(
        "--columns",
        type=_names,
        metavar="NAMES",
        help="columns of the list beside the id, such as Segment_name,age,Why",
    )
    parser.add_argument("--sure-only", action="store_true", help="leave out customers who are unsure of their segment")
    parser.add_argument(
        "--control", type=share_text, default=None, metavar="SHARE",
        help=f"share held out at random, such as 10%% or 0.1; 0 for nobody (default {DEFAULT_SHARE})",
    )  # fmt: skip
    parser.add_argument(
        "--uplift",
        type=share_text,
        metavar="SHARE",
        help="hold out as many as show this uplift over --baseline, such as 2%% for 2 percentage points",
    )
    parser.add_argument("--baseline", type=share_text, metavar="SHARE", help="conversion without contact, such as 2%%")
    parser.add_argument("--arms", type=_names, metavar="NAMES", help="kinds of contact to try, such as Mail,Call")
    parser.add_argument(
        "--salt", help="text that the random draw follows: the same salt keeps each customer on their side "
        "(default: made from the model or the files)",
    )  # fmt: skip
    parser.add_argument("--date", type=day, help="day that the list says it was made (default: the as-of date)")
    parser.add_argument("--out", type=out, required=True, help="folder for the results")
    parser.set_defaults(run=_audience)


def _audience(options: argparse.Namespace) -> None:
    read = [*input_paths(options.sources), *filter(None, [options.rules, options.model])]
    check_out(options.out, NAMES, read)
    choice = _choice(options)  # what cannot be is refused before the files are read
    analysis = _analysis(options)
    write_as(style_for(analysis.study))
    salt = options.salt or default_salt(analysis.study.digest, analysis.saved)
    choice = replace(choice, split=replace(choice.split, salt=salt))
    progress("Making the list")
    try:
        found = target_list(analysis, choice)
    except MeasureError as error:
        raise DataError(error.found, f"{error.remedy}\n{error.pointer()}") from error
    created: date = options.date or analysis.study.rules.as_of
    write_all(options.out, list_files(found, analysis, choice, created), instead_of=NAMES)
    lines = [
        describe(found, choice),
        f"Audience: {found.audience}.",
        *(
            f"  {row[0]:<13} {row[1]:<10} {count(row[2]):>11}"
            for row in found.counts.itertuples(index=False, name=None)
        ),
        *found.notes,
        f"Salt: {salt}. Use it again to keep each customer on their side.",
        PERSONS,
        f"Written to {options.out}",
    ]
    say("\n".join(lines))


def _choice(options: argparse.Namespace) -> ListChoice:
    if options.control is not None and options.uplift is not None:
        raise DataError("--control and --uplift both say how many are held out.", "Leave out one of them.")
    if options.top is not None and options.top < 1:
        raise DataError(f"--top is {options.top}.", "Ask for at least one customer.")
    control = DEFAULT_SHARE if options.control is None else options.control
    if control >= 1:
        raise DataError("--control holds out everybody.", "Give a share below 100%.")
    return ListChoice(
        Split(options.salt or "none", control, options.arms or (CONTACT,)),
        by=options.by, lowest_first=options.lowest_first, top=options.top, budget=options.budget,
        contact_cost=options.contact_cost, columns=options.columns, where=options.where, sure_only=options.sure_only,
        uplift=options.uplift, baseline=options.baseline,
    )  # fmt: skip


def _analysis(options: argparse.Namespace) -> Analysis:
    """The customers in the segments of a saved model, or in segments made anew."""
    sources = list(open_sources(options.sources))
    if options.model:
        for name in FIXED:
            if getattr(options, name):
                raise DataError(f"The model says what --{name} says, too.", "Leave out one of them.")
        model = read_model(DOCUMENT.bytes_of(options.model), options.model.name)
        rules = replace(model.reading_rules, as_of=options.as_of or model.rules.as_of)
        study = load_by(sources, read_as(rules, options), model, progress)
        return Analysis(study, segment_by(study, model), saved=model)
    check_seed(options.seed)
    if not 1 <= options.k <= MOST_K:
        raise DataError(f"--k is {options.k}.", f"Ask for 1 to {MOST_K} segments.")
    features = features_of(options)
    study = load_for(sources, rules_of(options), features, progress)
    clusterer = clusterer_of(options.method or method_for(study, features))
    progress(f"Segmenting {count(len(study.customers))} into {options.k}")
    segments = segment(study, options.k, features, seed=options.seed, clusterer=clusterer)
    return Analysis(study, segments, seed=options.seed)


def _names(text: str) -> tuple[str, ...]:
    """Names between commas."""
    return tuple(name for one in text.split(",") if (name := one.strip()))
