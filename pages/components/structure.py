"""Whether the segments are real: the verdict of every page, all scores, how stable each segment is."""

from collections.abc import Sequence
from functools import partial

import pandas as pd
import streamlit as st

from core.customer_base import rows_of
from core.pipeline import structure
from core.schema import CLUSTER
from core.segments.choice import FeatureChoice
from core.segments.choose_k import KS, Score, ScoredSample, sample, verdict
from core.segments.model import Model
from core.segments.profile import Segments
from core.segments.sweep import search
from core.study import Study
from pages.components.session_cache import session_cache
from pages.components.source import assigned_by, matrix_for, segments_of, study_key
from pages.components.text import card_title, escape_markdown
from pages.components.view import View

ICONS = {
    "strong": ":material/verified:",
    "moderate": ":material/check:",
    "weak": ":material/blur_on:",
    "none": ":material/content_cut:",
}
UNKNOWN = ":material/help:"
STABLE, DISSOLVED = 0.75, 0.5  # Hennig (2007), on the Jaccard similarity of a cluster


def structure_of(
    study: Study, features: FeatureChoice, segments: Segments, model: Model | None, *, whole: bool = False
) -> Score | None:
    """The structure of some segments, scored once per data and segments; `whole` by every measure."""
    segments_key = (*_sample_key(study, features, model), segments.clustering_digest)
    return _structure(segments_key, whole, sample_of(study, features, model), segments)


def sample_of(study: Study, features: FeatureChoice, model: Model | None = None) -> ScoredSample | None:
    """The customers that are scored, and structureless data like them; None where they are too few."""
    return _sample(_sample_key(study, features, model), study, features, model)


def _sample_key(study: Study, features: FeatureChoice, model: Model | None) -> tuple:
    return (*study_key(study), features, model.to_dict() if model else None)


def structure_icon(view: View) -> str:
    """The icon of how real the segments are."""
    return ICONS[view.structure.level] if view.structure else UNKNOWN


def verdict_line(view: View) -> None:
    """The verdict in one sentence, with a way to the figures behind it."""
    st.caption(f"{structure_icon(view)} {escape_markdown(verdict(view.structure, view.segments.k))}")


def all_scores(view: View) -> tuple[Score, ...]:
    """The scores of all numbers of segments, with progress; earlier ones come from the cache."""
    ks = range(KS.start, st.session_state.get("most_k", KS.stop - 1) + 1)
    with st.empty():
        scores = search(partial(_scores, view), ks)
        st.empty()
    return scores


def by_every_measure(view: View, scores: Sequence[Score]) -> tuple[Score, ...]:
    """The same numbers of segments scored by every measure, with progress."""
    with st.empty():
        found = _scores(view, [score.k for score in scores], whole=True)
        st.empty()
    return found


def _scores(view: View, ks: Sequence[int], *, whole: bool = False) -> tuple[Score, ...]:
    scores: dict[int, Score | None] = {}
    rows, method = rows_of(view.study), view.segments.clustering.method
    for done, k in enumerate(ks):
        st.progress(done / len(ks), f"Scoring {k} segments against structureless data")
        segments = segments_of(study_key(rows), k, view.features, method, rows)
        scores.setdefault(segments.k, structure_of(rows, view.features, segments, None, whole=whole))
    return tuple(score for score in scores.values() if score)


def stability_card(view: View) -> None:
    """How stable each segment in use is: whether it is found again in random halves of the customers."""
    if view.structure is None:
        return
    pairs = zip(view.segments.profile["cluster"], view.structure.observed.jaccard, strict=True)
    similarity = {label: jaccard for label, jaccard in pairs if label in set(view.sizes[CLUSTER])}
    rows = pd.DataFrame(
        {
            "Segment": [f"{label} {view.segments.names[label]}" for label in similarity],
            "Jaccard similarity": pd.Series(list(similarity.values()), dtype="float64"),
            "Found again": [_stability_text(value) for value in similarity.values()],
        }
    )
    with st.container(border=True):
        card_title("Is each segment found again in random halves of the customers?")
        column = st.column_config.ProgressColumn(min_value=0, max_value=1, format="%.2f")
        st.dataframe(rows, hide_index=True, width="stretch", column_config={"Jaccard similarity": column})
        st.caption("Above 0.75 stable, below 0.5 it dissolves (Hennig 2007). Slices of noise can be stable too.")


def _stability_text(jaccard: float | None) -> str:
    if jaccard is None:
        return "Too few in the sample to tell"
    return "Yes" if jaccard >= STABLE else "No, it dissolves" if jaccard < DISSOLVED else "In part"


@session_cache(st.cache_resource, everybody=32, own=4, show_spinner="Drawing structureless data to compare with…")
def _sample(key: tuple, _study: Study, _features: FeatureChoice, _model: Model | None) -> ScoredSample | None:  # noqa: ARG001
    data_key = study_key(_study)
    if _model:
        return sample(assigned_by(data_key, _model.to_dict(), _model, _study)[0])
    return sample(matrix_for(data_key, _features, _study))


@session_cache(st.cache_resource, everybody=256, own=64)
def _structure(key: tuple, whole: bool, _sample: ScoredSample | None, _segments: Segments) -> Score | None:  # noqa: ARG001
    return structure(_segments, _sample, whole=whole)
