"""The pipeline: sources → flagged customers → segments. App and command line both call it."""

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd
import pyarrow as pa

from core.errors import UnusableTableError
from core.figures import count
from core.intake.clean import CleanTable, clean
from core.intake.combine import combine
from core.intake.flags import flag_rows, has_known_segments
from core.intake.match import MatchedTable, match_tables
from core.intake.own_borders import needed_roles, places_of
from core.intake.quality import one_sided
from core.intake.read import ReadChoices, TextTable
from core.intake.rfm import with_rfm
from core.intake.roles import MEASURE, Match, left_out
from core.intake.rows.decide import rows_decided
from core.intake.stand_ins import stand_in_steps
from core.intake.steps import Step
from core.progress import Progress, told_to
from core.rules import Rules
from core.schema import AGE_GROUP, HIGH_POTENTIAL, MASS_AFFLUENT, Column
from core.segments.category_features import default_categories
from core.segments.choice import FeatureChoice
from core.segments.clusterer import Clusterer
from core.segments.default_features import default_features, in_memory, resolved
from core.segments.evidence import Score, ScoredSample, score_clusters
from core.segments.features import FeatureMatrix, feature_matrix, parted
from core.segments.find import find_segments
from core.segments.model import Model
from core.segments.profile import Segments, describe
from core.segments.raw_values import is_answer
from core.segments.registry import DEFAULT, DEFAULT_CLUSTERER, WITH_CATEGORIES, choice_for, default_method
from core.segments.score import assign
from core.segments.wealth_band import decide_wealth
from core.segments.wealth_band import in_memory as wealth_rows
from core.sources.source import Source, digest_of, each_once
from core.study import Study
from core.territories.fit import find_territories
from core.territories.layer import Layer
from core.territories.territories import Territories
from core.wealth import Wealth


def load(sources: Sequence[Source], rules: Rules, progress: Progress = lambda _: None) -> Study:
    """Read, match, clean and flag the customers of one or several sources.

    Raises
    ------
    core.errors.DataError
        The sources cannot be used; the message says which, where and what to do.
    """
    sources = each_once(sources)
    with ThreadPoolExecutor(1) as behind:
        digest = behind.submit(digest_of, (source.digest for source in sources))
        tables, outside, layers = match_all(sources, rules, progress)
        pa.default_memory_pool().release_unused()  # the parser's memory, before cleaning needs as much
        matched = combine(tables, rules)
        rejected = pd.concat([*outside, matched.rejected], ignore_index=True)
        matched = replace(matched, rejected=rejected)
        progress(cleaning := f"Cleaning {count(len(matched.frame))} rows")
        with told_to(partial(_tell, progress, cleaning)):
            cleaned = clean(matched, rules)
    wealth = wealth_of(cleaned.customers, cleaned.columns, rules, cleaned.quality)
    defaults = default_features(cleaned.customers, cleaned.columns, in_memory(cleaned.customers))
    scored, columns, rfm_steps = with_rfm(cleaned.customers, cleaned.columns)
    stand_ins = stand_in_steps(cleaned.customers, cleaned.columns)
    return Study(
        customers=flag_rows(scored, rules, wealth),
        columns=columns,
        steps=(*cleaned.steps, *stand_ins, *rfm_steps, flag_step(len(cleaned.customers))),
        rejected=cleaned.rejected.astype({"line": "int64"}),
        rules=rules,
        files=tuple(sorted(source.name for source in sources)),
        digest=digest.result(),
        rows_read=sum(source.rows for source in matched.sources) + sum(map(len, outside)),
        rows_merged=matched.merged,
        sources=matched.sources,
        quality=cleaned.quality,
        decided=cleaned.decided | rows_decided(matched.sources),
        country=cleaned.country,
        territories=_territories(layers, cleaned, rules),
        questions=(*matched.questions, *cleaned.questions),
        wealth=wealth,
        defaults=replace(defaults, categories=default_categories(cleaned.customers, cleaned.columns, defaults.names)),
    )


def wealth_of(customers: pd.DataFrame, columns: Sequence[Column], rules: Rules, quality: pd.DataFrame) -> Wealth:
    """What tells the wealthy among some customers (`wealth_band.decide_wealth`); `quality` is that of their columns."""
    known = has_known_segments(customers, rules)
    return decide_wealth(
        wealth_rows(customers), columns, rules.mass_affluent, by_segment=known, lost=one_sided(quality)
    )


def load_by(sources: Sequence[Source], rules: Rules, model: Model, progress: Progress = lambda _: None) -> Study:
    """`load` for a saved model: the wealthy are told as in the model.

    Dates and numbers are read as in the files that it was made from, but where these files prove otherwise.
    """
    return with_wealth(load(sources, model.settled(rules), progress), model.wealth)


def load_for(
    sources: Sequence[Source], rules: Rules, features: FeatureChoice, progress: Progress = lambda _: None
) -> Study:
    """`load`, with columns that are named as features even if they would be left out (`reading_for`)."""
    study = load(sources, rules, progress)
    needed_rules = reading_for(rules, (match for source in study.sources for match in source.matches), features)
    return study if needed_rules == rules else load(sources, needed_rules, progress)


def reading_for(rules: Rules, matches: Iterable[Match], features: FeatureChoice) -> Rules:
    """The rules, extended to read columns as numbers that are named as features but would be left out."""
    unused = left_out(matches)
    added = {unused[name].header: MEASURE for name in features.names or () if name in unused}
    if not added:
        return rules
    return replace(rules, intake=replace(rules.intake, columns={**rules.intake.columns, **added}))


def match_all(
    sources: Sequence[Source], rules: Rules, progress: Progress = lambda _: None
) -> tuple[list[MatchedTable], list[pd.DataFrame], list[Layer]]:
    """The tables of the sources, nothing cleaned yet, the rows that belong to none, and borders; each source once.

    Raises
    ------
    UnusableTableError
        There are borders only.
    """
    tables: list[TextTable] = []
    layers: list[Layer] = []
    outside: list[pd.DataFrame] = []
    intake = rules.intake
    choices = ReadChoices(intake.encoding, intake.delimiter, intake.header_row, intake.sheets)
    for source in each_once(sources):
        said = f"Reading {source.name}{f', {_rows_of(tables)} so far' if tables else ''}"
        progress(said)
        with told_to(partial(_tell, progress, said)):
            reading = source.tables(choices)
        tables += reading.tables
        outside.append(reading.rejected)
        layers += reading.layers
    if not tables:
        files = ", ".join(sorted({layer.file for layer in layers}))
        raise UnusableTableError(
            "These are borders, and there are no customers.", "Add the customer files.", file=files
        )
    progress(f"Matching the columns of {_rows_of(tables)}")
    matched = match_tables(tables, intake)
    if layers and (needed := needed_roles(layers, matched, intake.borders)):
        matched = match_tables(tables, replace(intake, columns={**intake.columns, **needed}))
    return matched, outside, layers


def _tell(progress: Progress, step: str, part: str) -> None:
    progress(f"{step}: {part}")


def _rows_of(tables: Sequence[TextTable]) -> str:
    return f"{count(sum(len(table.frame) for table in tables))} rows"


def _territories(layers: Sequence[Layer], cleaned: CleanTable, rules: Rules) -> Territories:
    """The territories of clean customers, none without files of borders."""
    if not layers:
        return Territories()
    places = places_of(cleaned.customers, cleaned.columns, cleaned.country)
    return find_territories(layers, cleaned.customers, places, rules.intake.borders, cleaned.country)


def with_rules(study: Study, rules: Rules) -> Study:
    """The same customers under other flag rules; as-of date and intake need the files again (`load`)."""
    if (rules.as_of, rules.intake) != (study.rules.as_of, study.rules.intake):
        raise ValueError("An as-of date and the rules of intake apply to the files: load them again.")
    if rules == study.rules:
        return study
    if rules.of_rows == study.rules.of_rows:
        return replace(study, rules=rules)
    wealth = study.wealth
    if (rules.mass_affluent, rules.high_potential) != (study.rules.mass_affluent, study.rules.high_potential):
        wealth = wealth_of(study.customers, study.columns, rules, study.quality)
    return replace(study, customers=flag_rows(study.customers, rules, wealth), rules=rules, wealth=wealth)


def with_wealth(study: Study, wealth: Wealth | None) -> Study:
    """The same customers, the wealthy told by the facts of a saved model; None where the model has none."""
    if wealth is None or wealth == study.wealth:
        return study
    return replace(study, customers=flag_rows(study.customers, study.rules, wealth), wealth=wealth)


def matrix_of(study: Study, features: FeatureChoice | Sequence[str] | None = None) -> FeatureMatrix:
    """The standardised features of the customers (`default_features` unless given), the same for every k."""
    return feature_matrix(study.customers, resolved(FeatureChoice.of(features), study.defaults))


def method_for(study: Study, features: FeatureChoice) -> str:
    """The key of the method unless one is asked for: by the features asked for, else by what the files have."""
    if features.names is None:
        return default_method(study.defaults)
    named = (study.customers[name] for name in features.names if name in study.possible_categories)
    return WITH_CATEGORIES if any(not is_answer(one) for one in named) else DEFAULT


def without_categories(study: Study, features: FeatureChoice) -> tuple[FeatureChoice, tuple[str, ...]]:
    """The choice for a method of numbers, and the categories that it leaves out; yes and no stay, as 1 and 0."""
    _, others = parted(study.customers, replace(features, categories=True))
    aside = tuple(name for name in others if not is_answer(study.customers[name]))
    if not aside:
        return features, ()
    names = tuple(name for name in features.names or () if name not in aside)
    return replace(features, names=names or None), aside


def segment(
    study: Study,
    k: int,
    features: FeatureChoice | Sequence[str] | None = None,
    *,
    seed: int = 0,
    matrix: FeatureMatrix | None = None,
    clusterer: Clusterer = DEFAULT_CLUSTERER,
) -> Segments:
    """Segments of all customers who have every feature; `matrix` is that of the features, if at hand."""
    if matrix is None:
        matrix = matrix_of(study, choice_for(clusterer, FeatureChoice.of(features)))
    return find_segments(
        study.customers, study.columns, matrix, k, seed=seed, clusterer=clusterer, wealth=study.wealth.measure
    )


def segment_by(study: Study, model: Model, *, assigned: tuple[FeatureMatrix, np.ndarray] | None = None) -> Segments:
    """The segments of a saved model, of other customers: its numbers and names.

    `assigned` is what `assign` gives for these customers and the model, if at hand.

    Raises
    ------
    DataError
        The files lack a feature of the model.
    """
    matrix, labels = assigned or assign(study.customers, model, file=", ".join(study.files))
    return describe(
        study.customers, study.columns, matrix, model.clustering, labels, names=model.names,
        numbered_by=model.numbered_by,
    )  # fmt: skip


def structure(
    segments: Segments, scored: ScoredSample | None, *, whole: bool = False, across: bool = False
) -> Score | None:  # fmt: skip
    """Score segments against structureless data of the same shape; None if they cannot be scored.

    `whole` computes every measure, for a chart, `across` how each segment is found among more and fewer; the verdict
    needs neither.
    """
    clustered = segments.labels.codes[segments.labels.codes < segments.k]
    return (
        None if scored is None else score_clusters(scored, clustered, segments.clustering, whole=whole, across=across)
    )


def flag_step(rows: int) -> Step:
    """The step that adds the flags."""
    return Step("Added the engineered columns", rows, rows, f"{MASS_AFFLUENT}, {AGE_GROUP}, {HIGH_POTENTIAL}")
