"""A project on the command line: what it decided is used as in the app, and what cannot be taken is refused."""

import argparse
from dataclasses import replace

from core.cli_options import features_of, read_as, rules_of
from core.errors import DataError
from core.project import DOCUMENT, Project, from_json, names_key
from core.rules import Rules
from core.segments.choice import FeatureChoice
from core.segments.choose_k import DEFAULT_K
from core.segments.profile import Segments
from core.segments.registry import AUTO
from core.study import Study
from core.terminal import say_aside

INSTEAD = ("rules", "features", "outliers")  # options that a project has its own answer to


def project_of(options: argparse.Namespace) -> Project | None:
    """The project asked for, whose number of segments and method stand in the options unless these say others.

    Raises
    ------
    DataError
        It is no project, an option says otherwise, or it needs what the command does not do.
    """
    if options.project is None:
        return None
    for name in INSTEAD:
        if getattr(options, name):
            raise DataError(f"The project says what --{name} says, too.", "Leave out one of them.")
    file = options.project.name
    project = from_json(DOCUMENT.bytes_of(options.project), file)
    if project.model is not None:
        raise DataError(
            "The project uses a saved model.", "Give the model to the command score, or save a project without it.",
            file=file,
        )  # fmt: skip
    if project.state.filters or project.state.clicks:
        say_aside(f"warning: filters and clicks of {file} are left out: the results have all customers.")
    options.method = "" if project.state.method == AUTO else project.state.method
    options.k = project.state.k if options.k == DEFAULT_K else options.k
    return project


def choices_of(options: argparse.Namespace, project: Project | None) -> tuple[Rules, FeatureChoice]:
    """The rules and features of a project, else those of the options; how to read the files is that of the options."""
    if project is None:
        return rules_of(options), features_of(options)
    rules = replace(project.rules, as_of=options.as_of or project.rules.as_of)
    state = project.state
    return read_as(rules, options), FeatureChoice(state.features or None, state.scaling, state.outliers)


def named(segments: Segments, study: Study, project: Project | None) -> Segments:
    """The segments under the names that the analyst gave these very segments."""
    return segments.renamed(project.names.get(names_key(study.identity, segments), {})) if project else segments
