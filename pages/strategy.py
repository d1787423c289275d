"""Mass affluent strategy: where they live, who they are, and what a campaign would bring."""

import streamlit as st

from pages.components import cards
from pages.components.insights import insights_card
from pages.components.simulation import simulation
from pages.components.view import current_view
from pages.components.visuals import Board

view = current_view()
visuals = Board("strategy", view)
cards.page_head("Mass affluent strategy", "Where the mass affluent are, and whom to go after.", view)
cards.stop_if_empty(view)
cards.kpi_row(view, "strategy")
cards.segment_kpi_row(view)

left, right = st.columns(2)
with left:
    visuals.show("map")
with right:
    visuals.show("scatter")

left, right = st.columns([1, 1.6])
with left:
    visuals.show("states")
with right:
    insights_card(view)
visuals.show_others()
simulation(view)
