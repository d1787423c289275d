"""The customers shown: the bundled sample, or those of the sources that the analyst picks."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.customer_base import CustomerBase
from core.databases.fetch import Fetched
from core.errors import DataError
from core.pipeline import load, matrix_of, segment, segment_by, with_rules, with_wealth
from core.rules import Intake, Rules
from core.segments.choice import FeatureChoice
from core.segments.features import FeatureMatrix
from core.segments.model import Model
from core.segments.profile import Segments
from core.segments.registry import clusterer_of
from core.segments.score import assign
from core.sources.kinds import FILES
from core.sources.source import Source, digest_of
from core.study import Study
from core.workers.process import report
from pages.components.origin import Missing, missing, origin, sample_source
from pages.components.picked import Picked
from pages.components.place import PagePlace
from pages.components.session_cache import LOADED, forget_own, is_upload, session_cache
from pages.components.source_box import BOX
from pages.components.text import escape_markdown
from pages.components.trail import note_read
from pages.components.upload import lost_files
from pages.components.worker import in_worker

NOT_HERE = (
    "The server no longer has files that the sidebar lists: your session there has ended. The figures are without "
    "them: remove them by ✕ and drop them again."
)


@dataclass
class Loaded:
    """The customers that a session has read from its own sources.

    `study` has the customers that are shown, `digests` are those of their sources. `picked` are the sources in the box,
    `asked` identifies what was read last and how, and `error` says why that failed, if so.
    """

    study: Study | None = None
    digests: frozenset[str] = frozenset()
    picked: tuple[Source, ...] = ()
    asked: tuple[Any, ...] = ()  # a stamp, a day and an Intake, only compared
    error: DataError | None = None


def content_of(sources: tuple[Source, ...]) -> str:
    """A digest of the content of some sources, without their names; empty without sources."""
    return digest_of(sorted({source.digest for source in sources})) if sources else ""


def current_study(
    picked: Picked, rules: Rules, progress: DeltaGenerator, place: PagePlace
) -> tuple[Study | Missing, str]:
    """The customers to show or the missing data, and why the sources picked last are not shown, if so.

    If a source cannot be read, the earlier customers stay until the box is empty. The sample never replaces own data.
    `rules` are those for reading; `progress` is the container that shows the progress of a load, and `place` that of
    the page, which is covered meanwhile.
    """
    if not picked:
        if LOADED in st.session_state:
            _forget()
        return (missing() if origin() else _sample_under(rules)), ""
    loaded = st.session_state.setdefault(LOADED, Loaded())
    loaded.picked = picked.sources
    asked = picked.stamp, rules.as_of, rules.intake
    if loaded.asked != asked:
        with progress:
            _load(loaded, picked, rules, place)
        loaded.asked = asked
    if loaded.study is None:
        return Missing(str(loaded.error), refused=loaded.error.file or "the file"), ""
    if loaded.error:
        shown = f"Still shown, as loaded before: {', '.join(loaded.study.files)}."
        return loaded.study, f"{loaded.error} {shown} {_remedy(picked)}"
    return loaded.study, NOT_HERE if lost_files(BOX) else ""


def flagged(study: Study, rules: Rules, model: Model | None = None) -> Study:
    """The customers with flags by these rules; the rules for reading stay.

    Where the rules leave the wealth measure and its band open, a saved model tells them.
    """
    rules = replace(rules, as_of=study.rules.as_of, intake=study.rules.intake)
    if study.rules != rules:
        study = with_rules(study, rules)
        if is_upload():
            st.session_state[LOADED].study = study
    return with_wealth(study, model.wealth) if model and rules.mass_affluent.is_open else study


def load_error() -> DataError | None:
    """Why the last sources could not be used."""
    return getattr(st.session_state.get(LOADED), "error", None)


@session_cache(st.cache_resource, everybody=64, own=16, show_spinner="Finding segments…")
def segments_of(key: tuple[str, ...], k: int, features: FeatureChoice, method: str, _study: Study) -> Segments:
    """Segments of a study, fitted once per data, features, method and k; read-only, as every cached resource."""
    return segment(_study, k, matrix=matrix_for(key, features, _study), clusterer=clusterer_of(method))


@session_cache(st.cache_resource, everybody=8, own=1)  # one of a million customers takes 70 MB
def matrix_for(key: tuple[str, ...], features: FeatureChoice, _study: Study) -> FeatureMatrix:  # noqa: ARG001
    """The features of a study, standardised once for every number of segments; read-only."""
    return matrix_of(_study, features)


@session_cache(st.cache_resource, everybody=16, own=2, show_spinner="Finding segments…")
def segments_by(key: tuple[str, ...], document: dict, _model: Model, _study: Study) -> Segments:
    """The segments of a saved model, found once per data and model (`document`); read-only."""
    return segment_by(_study, _model, assigned=assigned_by(key, document, _model, _study))


@session_cache(st.cache_resource, everybody=4, own=1)
def assigned_by(key: tuple[str, ...], document: dict, _model: Model, _study: Study) -> tuple[FeatureMatrix, np.ndarray]:  # noqa: ARG001
    """The features and segments of a study under a saved model, cached for several callers; read-only."""
    return assign(_study.customers, _model, file=", ".join(_study.files))


def shown_sources() -> list[Source]:
    """The sources of the customers shown, to be read again."""
    if not is_upload():
        return [sample_source()]
    loaded = st.session_state[LOADED]
    sources = [source for source in loaded.picked if source.digest in loaded.digests]
    if not loaded.digests <= {source.digest for source in sources}:
        raise DataError("Sources of these customers were removed.", "Drop or open them again.")
    return sources


def study_key(study: CustomerBase) -> tuple[str, ...]:
    """The cache key of a study's customers, without their flags, and of the measure that numbers segments."""
    return study.identity, study.rules.as_of.isoformat(), repr(study.rules.intake), study.wealth.measure


def _forget() -> None:
    del st.session_state[LOADED]
    forget_own()


def _load(loaded: Loaded, picked: Picked, rules: Rules, place: PagePlace) -> None:
    label, sources = picked.kind.label, picked.sources
    with st.status(f"Loading your {label.lower()}…") as status:

        def say(step: str) -> None:
            status.update(label=escape_markdown(f"{step}…"))
            place.cover(picked.names, step)

        try:
            if picked.error:
                raise picked.error
            loaded.study = in_worker(
                load, sources, rules, report, name=", ".join(source.name for source in sources),
                size=sum(source.size for source in sources), say=say,
            )  # fmt: skip
            note_read(
                [source.name for source in sources], rows=loaded.study.rows_read, sha256=loaded.study.digest,
                origin=[source.origin for source in sources if isinstance(source, Fetched)],
                columns=[match.header for table in loaded.study.sources for match in table.matches],
            )  # fmt: skip
            loaded.digests, loaded.error = frozenset(source.digest for source in sources), None
            status.update(label=f"{label} loaded", state="complete")
        except DataError as error:
            loaded.error = error
            status.update(label=f"{label} not loaded", state="error")


def _remedy(picked: Picked) -> str:
    """The sentence on how to correct refused sources."""
    if picked.kind.key == FILES:
        return "Remove the refused file by the ✕ beside it."
    return f"Correct it under “{picked.kind.label}”."


def _sample_under(rules: Rules) -> Study:
    # The bundled dates are day first; a choice of order is about the analyst's own files.
    intake = replace(rules.intake, date_order="auto")
    try:
        return _sample(rules.as_of, repr(intake), intake)
    except DataError:  # a rules file made for other files
        return _sample(rules.as_of, "", Intake())


@st.cache_resource(max_entries=16, show_spinner="Loading the bundled sample…")
def _sample(as_of: date, key: str, _intake: Intake) -> Study:  # noqa: ARG001
    return load([sample_source()], Rules(as_of, intake=_intake))
