"""Whether the segments are real: the verdict of every page, all scores, how stable each segment is."""

from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

import pandas as pd
import streamlit as st

from core.customer_base import rows_of
from core.pipeline import structure
from core.schema import CLUSTER
from core.segments.bounds import AMPLITUDE
from core.segments.choice import FeatureChoice
from core.segments.choose_k import KS, verdict
from core.segments.evidence import Score, ScoredSample, sample, with_fewer
from core.segments.model import Model
from core.segments.profile import Segments
from core.segments.reality import STABLE, each_segment, in_words
from core.segments.registry import clusterer_of
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
ACROSS = "… ± 1 segment"
ABOUT_SEGMENTS = (
    f"Real: fewer customers lie between the segment and any other (the density falls by {AMPLITUDE} or more), and "
    f"random halves find it again (Jaccard similarity {STABLE} or more; below 0.5 it dissolves: Hennig 2007). Slices "
    "of noise can be found again, too."
)
NONE_REAL = "Here all segments together are no more than slices of structureless data, so none of them is real."


class OfMethod(NamedTuple):
    """The cache key of what a method finds among some customers."""

    customers: tuple[str, ...]
    features: FeatureChoice
    method: str
    k: int


def structure_of(
    study: Study, features: FeatureChoice, segments: Segments, model: Model | None, *,
    whole: bool = False, across: bool = False,
) -> Score | None:  # fmt: skip
    """The structure of some segments, scored once per data and segments; `whole` and `across` as in `structure`."""
    segments_key = (*_sample_key(study, features, model), segments.clustering_digest)
    return _structure(segments_key, whole, across, sample_of(study, features, model), segments)


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
    """`whole` scores by every measure; else those in fewer features are found, too."""
    scores: dict[int, Score | None] = {}
    rows, method = rows_of(view.study), view.segments.clustering.method
    for done, k in enumerate(ks):
        st.progress(done / len(ks), f"Scoring {k} segments against structureless data")
        segments = segments_of(study_key(rows), k, view.features, method, rows)
        if segments.k not in scores:
            score = structure_of(rows, view.features, segments, None, whole=whole)
            scores[segments.k] = score if whole else _in_fewer(view, score)
    return tuple(score for score in scores.values() if score)


def _in_fewer(view: View, score: Score | None) -> Score | None:
    rows, method = rows_of(view.study), view.segments.clustering.method
    sample_here = sample_of(rows, view.features)
    if score is None or sample_here is None:
        return score
    return _fewer(OfMethod(study_key(rows), view.features, method, score.k), sample_here, score)


def all_evidence(view: View) -> Score | None:
    """The structure of the view with how each segment is found among more and fewer; without that by a saved model."""
    if view.structure is None or view.saved is not None or view.study.rows is None:
        return view.structure
    return structure_of(rows_of(view.study), view.features, view.segments, None, across=True)


def segments_card(view: View) -> None:
    """How real each segment in use is: set apart, or one cloud with others, and found again or not."""
    score = all_evidence(view)
    if score is None:
        return
    labels = list(view.segments.profile["cluster"])
    found = each_segment(score, labels)
    found = found[found["segment"].isin(set(view.sizes[CLUSTER]))]
    rows = pd.DataFrame(
        {
            "Segment": [f"{label} {view.segments.names[label]}" for label in found["segment"]],
            "Real": found["real"].tolist(),
            "One cloud with": found["cloud_with"].tolist(),
            "Silhouette": found["silhouette"].tolist(),
            "Density falls by": found["fall"].tolist(),
            "Jaccard similarity": found["found_again"].tolist(),
            ACROSS: found["across"].tolist(),
        }
    )
    if not rows["One cloud with"].any():
        rows = rows.drop(columns="One cloud with")
    with st.container(border=True):
        card_title("Is each segment real?")
        if said := in_words(score, labels):
            st.markdown(escape_markdown(said))
        bar = st.column_config.ProgressColumn(min_value=0, max_value=1, format="%.2f")
        number = st.column_config.NumberColumn(format="%.2f")
        st.dataframe(
            rows.dropna(axis="columns", how="all"), hide_index=True, width="stretch",
            column_config={
                "Jaccard similarity": bar, "Silhouette": number, "Density falls by": number,
                ACROSS: st.column_config.NumberColumn(format="%.2f", help="With one segment more or one less."),
            },
        )  # fmt: skip
        st.caption(f"{ABOUT_SEGMENTS} {NONE_REAL}" if score.level == "none" else ABOUT_SEGMENTS)


@session_cache(st.cache_resource, everybody=32, own=4, show_spinner="Drawing structureless data to compare with…")
def _sample(key: tuple, _study: Study, _features: FeatureChoice, _model: Model | None) -> ScoredSample | None:  # noqa: ARG001
    data_key = study_key(_study)
    if _model:
        return sample(assigned_by(data_key, _model.to_dict(), _model, _study)[0])
    return sample(matrix_for(data_key, _features, _study))


@session_cache(st.cache_resource, everybody=256, own=64)
def _structure(
    key: tuple,  # noqa: ARG001
    whole: bool,
    across: bool,
    _sample: ScoredSample | None,
    _segments: Segments,
) -> Score | None:
    return structure(_segments, _sample, whole=whole, across=across)


@session_cache(st.cache_resource, everybody=256, own=64)
def _fewer(key: OfMethod, _sample: ScoredSample, _score: Score) -> Score:
    return with_fewer(_sample, _score, clusterer_of(key.method))
