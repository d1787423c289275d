"""The card with the segments that a segment's customers are nearest to."""

import streamlit as st

from core.segments.next_segment import describe_next, what_differs
from pages.components.profiles import said_if_without_rows
from pages.components.text import card_title, escape_markdown
from pages.components.view import View

SHOWN = 3
HELP = (
    "Each customer has a segment that fits best and one that fits second best: the latter is meant. The arrows go from "
    "the average here to the average there, in the features in which the two segments differ most."
)


def next_card(view: View, cluster: str) -> None:
    """Which other segments its customers are nearest to, what these are worth, and what would have to change."""
    with st.container(border=True):
        card_title("The next segment", help=HELP)
        if said_if_without_rows(view):
            return
        table = view.kept("next segments", lambda: view.next_segments)
        rows = table[table["cluster"] == cluster].head(SHOWN).to_dict("records")
        if not rows:
            st.caption("There is none: these segments are made by a method that knows no second-best segment.")
            return
        for row in rows:
            st.markdown(escape_markdown(describe_next(row, view.segments.names, view.label(view.value))))
            if differ := what_differs(view.segments, cluster, row["next"], view.study.columns):
                st.caption(escape_markdown(" · ".join(differ)))
