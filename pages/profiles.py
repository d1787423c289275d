"""Segment profiles: what each segment is like, the short rule that finds it, and its name."""

import streamlit as st

from pages.components import cards, profiles, telling_apart
from pages.components.next_segment import next_card
from pages.components.view import current_view

view = current_view()
cards.page_head(
    "Segment profiles", "What each segment is like, among all customers, whatever the filters.", view,
    answer=profiles.headline(view), clickable=False,
)  # fmt: skip
cluster = profiles.segment_choice(view)
profiles.title_row(view, cluster)
left, right = st.columns([1, 1.1])
with left:
    profiles.differences_card(view, cluster)
    profiles.rule_card(view, cluster)
    next_card(view, cluster)
    telling_apart.importance_card(view)
with right:
    profiles.distributions_card(view, cluster)
telling_apart.tree_card(view)
