"""The cards of the page “Number of segments”: the recommendation, the chart behind it, and all evidence."""

from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.customer_base import rows_of
from core.schema import in_sentence
from core.segments.choose_k import DEFAULT_K, KS, MEANS, MOST_K, Choice, choose
from core.segments.evidence import Score, ScoredSample
from core.segments.judged import placed_method
from core.segments.recommendation import at_levels, in_a_sentence, many_have_none, others, why
from core.segments.registry import clusterer_of
from core.segments.resamples import HALVES, levels, recommended, score_halves
from core.segments.score_table import MEASURES, table
from core.views.structure import against_structureless, curve
from core.views.summary import counted
from pages.components.cards import Head, altair_chart
from pages.components.session_cache import session_cache
from pages.components.source import study_key
from pages.components.stepper import use_number
from pages.components.structure import OfMethod, by_every_measure, sample_of, segments_card, verdict_line
from pages.components.text import card_title, escape_markdown
from pages.components.view import View

EVIDENCE = "evidence"  # the key of the section
SHARES = ("smallest", "apart")  # the measures that are a share of customers
TITLES = {  # columns of the table of all measures
    "k": "Segments", "measure": "Measure", "value": "These customers", "reference": "Structureless data",
    "low": "… smallest draw", "high": "… largest draw",
}  # fmt: skip
ABOUT_RESAMPLES = (
    f"The same choice is made in {HALVES} random halves of the customers that are scored (2,000 at most), always the "
    "same halves, beside the same structureless data. A half finds its segments anew; three other halves tell whether "
    "they are found again."
)
ABOUT_BIC = (
    "Bayesian information criterion: the smaller the better. It only decides among numbers that noise does not reach."
)
ABOUT_CHART = (
    "The silhouette: how much closer customers are to their own segment than to the next one, from −1 to 1. Random "
    "data without groups reaches more than 0, too: the gap between the lines is what counts. The band is from the "
    "smallest to the largest of five random draws."
)


def recommendation_card(view: View, scores: tuple[Score, ...]) -> DeltaGenerator:
    """Why this number is recommended, the number in use, and a button to take the former.

    Returns
    -------
    DeltaGenerator
        Where `show_agreement` says what other resamples recommend, which takes longer.
    """
    chosen = choose(scores)
    with st.container(border=True, height="stretch"):
        card_title(f"Why {chosen.k}" if chosen.k else "Why no number")
        st.markdown(escape_markdown(why(chosen, scores, partial(_in_sentence, view))))
        if none := many_have_none(scores, partial(_in_sentence, view)):
            st.markdown(escape_markdown(none))
        place = st.empty()
        if chosen.k and view.saved is None:
            _use_button(view, chosen)
        st.caption(f"In use: {counted(view.segments.k, 'segment')}.")
    return place


def show_agreement(view: View, scores: tuple[Score, ...], head: Head, place: DeltaGenerator) -> None:
    """Say in the head how often resamples recommend the same number, with progress in the `place` of the card.

    Earlier answers come from the cache. What the other resamples recommend then stands in the card.
    """
    rows, method = rows_of(view.study), view.segments.clustering.method
    sample, found, chosen = sample_of(rows, view.features), [], choose(scores)
    for done, score in enumerate(scores if sample else ()):
        place.progress(done / len(scores), f"Asking {HALVES} resamples about {score.k} segments")
        key = OfMethod(study_key(rows), view.features, method, score.k)
        found.append(_halves(key, sample, score, score.k == chosen.k))
    agreed = recommended(found)
    if scores:
        head.say(in_a_sentence(chosen, agreed, partial(_in_sentence, view)), ABOUT_RESAMPLES)
    if different := " ".join(filter(None, [others(chosen, agreed), at_levels(chosen, levels(found, chosen))])):
        place.markdown(different, help=ABOUT_RESAMPLES)
    else:
        place.empty()


def _use_button(view: View, chosen: Choice) -> None:
    """Take the recommended number, and the features, where they are others."""
    if chosen.features:
        st.button(
            "Segment by these alone", on_click=_use_features, args=(chosen,), type="primary", key="use_features"
        )  # fmt: skip
    elif chosen.k != view.segments.k:
        st.button(f"Use {chosen.k} segments", on_click=use_number, args=(chosen.k,), type="primary", key="use_k")


def _use_features(chosen: Choice) -> None:
    st.session_state["features"] = list(chosen.features)
    use_number(chosen.k or DEFAULT_K)


def _in_sentence(view: View, name: str) -> str:
    return in_sentence(name, view.label(name))


def sentence(view: View, scores: tuple[Score, ...]) -> str:
    """The recommended number in a sentence, or why there is none to recommend."""
    chosen = choose(scores)
    return in_a_sentence(chosen, label=partial(_in_sentence, view)) if scores else chosen.reason


def of_result(view: View) -> str:
    """How many segments a result has, and how natural they are: other numbers cannot be tried."""
    natural = f" {MEANS[view.structure.level]}." if view.structure else ""
    return f"{counted(view.segments.k, 'segment')} in this result.{natural}"


def chart_card(view: View, scores: tuple[Score, ...]) -> None:
    """How clearly segments stand apart by their number, beside structureless data, and how far to try."""
    if not scores:
        return
    chosen = choose(scores)
    figure = against_structureless(
        table(scores, ["silhouette"]), used=view.segments.k, recommended=None if chosen.features else chosen.k
    )
    with st.container(border=True, height="stretch"):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            card_title("How clearly the segments stand apart, by their number", width="content", help=ABOUT_CHART)
            _range_choice()
        altair_chart(figure, "How clearly segments stand apart by their number, beside structureless data")


def evidence(view: View, scores: tuple[Score, ...]) -> None:
    """All indices, drawn only while their section is open; none that would show small groups."""
    with st.expander("Evidence", icon=":material/query_stats:", key=EVIDENCE, on_change="rerun") as section:
        if not section.open:
            return
        st.markdown(escape_markdown(choose(scores).reason))
        verdict_line(view)
        segments_card(view)
        _curves(view, by_every_measure(view, scores))


def _range_choice() -> None:
    """The largest number of segments to try."""
    st.segmented_control(
        "Try up to", [KS.stop - 1, 20, MOST_K], default=KS.stop - 1, required=True, key="most_k",
        persist_state="session", format_func=lambda most: f"Up to {most}", label_visibility="collapsed",
        help="Beyond a dozen segments few banks can act on each of them. "
        f"Where the largest number tried is the best, it goes on to {MOST_K}.",
    )  # fmt: skip


def _curves(view: View, scores: tuple[Score, ...]) -> None:
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
                card_title(label)
                altair_chart(curve(rows, measure, k=view.segments.k), f"{label} by number of segments")
    bic = st.column_config.NumberColumn("BIC", help=ABOUT_BIC, format="%.0f")
    st.dataframe(
        rows.assign(measure=rows["measure"].map(MEASURES)), hide_index=True, width="stretch",
        column_config={**TITLES, "bic": bic},
    )  # fmt: skip


@session_cache(st.cache_resource, everybody=256, own=64)
def _halves(key: OfMethod, _sample: ScoredSample, _score: Score, whole: bool) -> tuple[Score | None, ...]:
    return score_halves(_sample, _score, placed_method(clusterer_of(key.method), _sample.space), whole=whole)
