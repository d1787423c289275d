"""The groups that stand out, as a short list."""

import streamlit as st

from core.strategy.insights import Insight, sentences
from core.visuals.place_names import written_in
from pages.components.session_cache import session_cache
from pages.components.text import card_title, escape_markdown
from pages.components.view import View


def insights_card(view: View) -> None:
    """The insights on the selected customers, worded by how real the segments are."""
    structure = view.structure.level if view.structure else ""
    with st.container(border=True, height="stretch"):
        card_title("What stands out")
        found = _insights(view.key(), view.hide, view)
        points = sentences(found, view.segments.names, structure=structure, text=view.text, write=written_in(view))
        if not points:
            st.caption(view.nothing_stands_out)
            return
        st.markdown("\n".join(f"- {escape_markdown(sentence)}" for sentence in points))
        st.caption("Within the filters; in brackets an interval that holds for all groups compared (95% together).")


@session_cache(st.cache_data, everybody=100, own=40)
def _insights(key: str, hide: bool, _view: View) -> tuple[Insight, ...]:  # noqa: ARG001
    """The groups that stand out among the selected customers, compared once per selection."""
    return _view.insights
