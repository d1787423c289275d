"""Whether the segments are real: the verdict of every page, and the Choose k page's cards."""

from collections.abc import Sequence
from functools import partial

import pandas as pd
import streamlit as st

from core.customer_base import rows_of
from core.pipeline import structure
from core.schema import CLUSTER
from core.segments.choice import FeatureChoice
from core.segments.choose_k import KS, MEASURES, MOST_K, Score, ScoredSample, choose, headline, sample, table, verdict
from core.segments.model import Model
from core.segments.profile import Segments
from core.segments.sweep import search
from core.study import Study
from core.views.structure import curve
from pages.components.session_cache import session_cache
from pages.components.source import assigned_by, matrix_for, segments_of, study_key
from pages.components.text import escape_markdown
from pages.components.tweaks import Unchecked
from pages.components.view import View

ICONS = {
    "strong": ":material/verified:",
    "moderate": ":material/check:",
    "weak": ":material/blur_on:",
    "none": ":material/content_cut:",
}
UNKNOWN = ":material/help:"
SHARES = ("smallest", "apart")  # the measures that are a share of customers
STABLE, DISSOLVED = 0.75, 0.5  # Hennig (2007), on the Jaccard similarity of a cluster


def structure_of(
    study: Study, features: FeatureChoice, segments: Segments, model: Model | None, *, whole: bool = False
) -> Score | None:
    """The structure of some segments, scored once per data and segments; `whole` by every measure."""
    key = (*study_key(study), features, model.to_dict() if model else None)
    segments_key = (*key, segments.clustering_digest)
    return _structure(segments_key, whole, _sample(key, study, features, model), segments)


def verdict_line(view: View) -> None:
    """The verdict in one sentence, with a way to the figures behind it."""
    icon = ICONS[view.structure.level] if view.structure else UNKNOWN
    st.caption(f"{icon} {escape_markdown(verdict(view.structure))}")


def all_scores(view: View) -> tuple[Score, ...]:
    """The scores of all numbers of segments, with progress; earlier ones come from the cache."""
    ks = range(KS.start, st.session_state.get("most_k", KS.stop - 1) + 1)
    with st.empty():
        scores = search(partial(_scores, view), ks)
        st.empty()
    return scores


def _scores(view: View, ks: Sequence[int]) -> tuple[Score, ...]:
    scores: dict[int, Score | None] = {}
    rows, method = rows_of(view.study), view.segments.clustering.method
    for done, k in enumerate(ks):
        st.progress(done / len(ks), f"Scoring {k} segments against structureless data")
        segments = segments_of(study_key(rows), k, view.features, method, rows)
        scores.setdefault(segments.k, structure_of(rows, view.features, segments, None, whole=True))
    return tuple(score for score in scores.values() if score)


def recommendation_card(view: View, scores: tuple[Score, ...]) -> None:
    """The recommended number of segments in words, the number in use, and a button to take the former."""
    chosen = choose(scores)
    with st.container(border=True):
        st.markdown(f"**{headline(chosen)}**")
        st.markdown(escape_markdown(chosen.reason))
        st.markdown(f":small[In use: {view.segments.k} segments. {escape_markdown(verdict(view.structure))}]")
        if chosen.k and chosen.k != view.segments.k and view.saved is None:
            st.button(f"Use {chosen.k} segments", on_click=_use_k, args=(chosen.k,), type="primary", key="use_k")


def range_choice() -> None:
    """The largest number of segments to try."""
    st.segmented_control(
        "Try up to", [KS.stop - 1, 20, MOST_K], default=KS.stop - 1, required=True, key="most_k",
        persist_state="session",
        help="Beyond a dozen segments few banks can act on each of them. "
        f"Where the largest number tried is the best, it goes on to {MOST_K}.",
    )  # fmt: skip


def curve_cards(scores: tuple[Score, ...], view: View) -> None:
    """A chart per measure by number of segments, against structureless data; none that would show small groups."""
    measures = {name: label for name, label in MEASURES.items() if not (view.hide and name in SHARES)}
    rows = table(scores)
    rows = rows[rows["measure"].isin(measures)]
    if rows.empty:
        return
    st.markdown(
        ":blue[●] these customers  :gray[●] structureless data of the same shape (line: mean, band: smallest to "
        "largest of the draws)  :red[┆] the number in use"
    )
    with st.grid(4, min_column_width=230):
        for measure, label in measures.items():
            with st.container(border=True, height="stretch"):
                st.markdown(f"**{label}**")
                figure = Unchecked(curve(rows, measure, k=view.segments.k))
                st.altair_chart(figure, alt=f"{label} by number of segments", width="stretch")
    with st.expander("The figures", icon=":material/table:"):
        st.dataframe(rows, hide_index=True, width="stretch")


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
        st.markdown("**Is each segment found again in random halves of the customers?**")
        column = st.column_config.ProgressColumn(min_value=0, max_value=1, format="%.2f")
        st.dataframe(rows, hide_index=True, width="stretch", column_config={"Jaccard similarity": column})
        st.caption("Above 0.75 stable, below 0.5 it dissolves (Hennig 2007). Slices of noise can be stable too.")


def _stability_text(jaccard: float | None) -> str:
    if jaccard is None:
        return "Too few in the sample to tell"
    return "Yes" if jaccard >= STABLE else "No, it dissolves" if jaccard < DISSOLVED else "In part"


def _use_k(k: int) -> None:
    st.session_state["k"] = k


@session_cache(st.cache_resource, everybody=32, own=4, show_spinner="Drawing structureless data to compare with…")
def _sample(key: tuple, _study: Study, _features: FeatureChoice, _model: Model | None) -> ScoredSample | None:  # noqa: ARG001
    data_key = study_key(_study)
    if _model:
        return sample(assigned_by(data_key, _model.to_dict(), _model, _study)[0])
    return sample(matrix_for(data_key, _features, _study))


@session_cache(st.cache_resource, everybody=256, own=64)
def _structure(key: tuple, whole: bool, _sample: ScoredSample | None, _segments: Segments) -> Score | None:  # noqa: ARG001
    return structure(_segments, _sample, whole=whole)
