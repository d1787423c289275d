"""The card that compares two numbers of segments: who moves from which segment to which, and what each are like."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import streamlit as st

from core.customer_base import rows_of
from core.segments.choose_k import MEANS, choose
from core.segments.evidence import Score
from core.segments.profile import Segments
from core.views.moves import AFTER, BEFORE, matrix
from core.views.summary import counted
from core.visuals.comparison import compare, title
from pages.components.cards import altair_chart, theme
from pages.components.profiles import renamed
from pages.components.session_cache import session_cache
from pages.components.source import segments_of, study_key
from pages.components.stepper import use_number
from pages.components.text import card_title, escape_markdown
from pages.components.view import View, written

TRAITS = 2  # of each segment; its name has them, too


def compare_card(view: View, scores: tuple[Score, ...]) -> None:
    """Two numbers to pick, what becomes of the segments in words and as a matrix, and both lists of segments."""
    numbers = sorted({score.k for score in scores} | {view.segments.k})
    if len(numbers) < 2:
        return
    with st.container(border=True):
        card_title("Compare two numbers of segments: who moves where?")
        one, other = _two_numbers(view, scores, numbers)
        before, after = (_segments(view, k) for k in (one, other))
        compared = compare(view, before, after)
        st.markdown(f"**From {one} to {other} segments.** {escape_markdown(compared.words)}")
        if not compared.moves.empty:
            sides = _shown(before, compared.before), _shown(after, compared.after)
            figure = matrix(compared.moves, *sides, theme=theme())
            altair_chart(figure, f"Who moves from which of {one} segments to which of {other}")
        if compared.note:
            st.caption(compared.note)
        by_k = {score.k: score for score in scores}
        with st.grid(2, min_column_width=260):
            for side, segments, sizes in ((BEFORE, before, compared.before), (AFTER, after, compared.after)):
                with st.container(border=True, height="stretch"):
                    _side(view, segments, by_k.get(segments.k), sizes)
                    if segments.k != view.segments.k and view.saved is None:
                        use = f"Use {segments.k} segments"
                        st.button(use, on_click=use_number, args=(segments.k,), key=f"use {side}")


def _two_numbers(view: View, scores: Sequence[Score], numbers: Sequence[int]) -> tuple[int, int]:
    """The numbers to compare: at first the one in use, and the recommended one or else a neighbour."""
    used, wanted = view.segments.k, choose(scores).k
    others = [k for k in numbers if k != used]
    other = wanted if wanted in others else min(others, key=lambda k: (abs(k - used), -k))
    with st.container(horizontal=True):
        picked = [
            st.selectbox(
                label, numbers, numbers.index(k), key=f"{label} {used} {other}", width=140, persist_state="session"
            )
            for label, k in (("Compare", used), ("with", other))
        ]
    return picked[0], picked[1]


def _side(view: View, segments: Segments, score: Score | None, sizes: Mapping[str, str]) -> None:
    """One of the two numbers: how natural its segments are, their sizes, and what sets each apart."""
    in_use = " · in use" if segments.k == view.segments.k else ""
    card_title(f"{counted(segments.k, 'segment')}{in_use}")
    if score:
        st.caption(f"{MEANS[score.level]}.")
    of = replace(view, segments=segments)
    traits = _traits(written(of.made_from), view.hide, of)
    for segment, size in sizes.items():
        like = " · ".join(traits[segment][:TRAITS])
        st.markdown(f"**{escape_markdown(title(segment, segments))}**  \n{size}  \n:small[{escape_markdown(like)}]")


def _segments(view: View, k: int) -> Segments:
    """The segments in use, or those of another number under the names that the analyst has given them."""
    if k == view.segments.k:
        return view.segments
    rows = rows_of(view.study)
    found = segments_of(study_key(rows), k, view.features, view.segments.clustering.method, rows)
    return renamed(rows, found, None)


def _shown(segments: Segments, sizes: Mapping[str, str]) -> dict[str, str]:
    return {segment: segments.names[segment] for segment in sizes}


@session_cache(st.cache_data, everybody=64, own=16)
def _traits(key: str, hide: bool, _view: View) -> dict[str, list[str]]:  # noqa: ARG001
    labels = _view.segments.profile["cluster"]
    return {segment: _view.distinguishing_traits(segment) for segment in labels}
