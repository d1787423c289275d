"""Segment demographics: age, job industry and car ownership of each segment."""

import streamlit as st

from pages.components import cards
from pages.components.view import current_view
from pages.components.visuals import Board

view = current_view()
visuals = Board("demographics", view)
cards.page_head("Segment demographics", "How old the segments are, where they work, who drives.", view)
cards.stop_if_empty(view)

left, right = st.columns(2)
with left:
    visuals.show("age")
    visuals.show("cars")
with right:
    visuals.show("jobs")
visuals.show_others()
