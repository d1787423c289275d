"""Segment overview: how many customers, how many mass affluent, and what sets each segment apart."""

import streamlit as st

from core.views.summary import counted
from pages.components import cards, months, saved_model
from pages.components.band import band_editor
from pages.components.help import help_link
from pages.components.insights import insights_card
from pages.components.measures import measures_card
from pages.components.month_changes import since_last_month
from pages.components.target_list import export_button
from pages.components.understood import understood_card
from pages.components.versus_rest import rest_card
from pages.components.view import current_view
from pages.components.visuals import Board

view = current_view()
visuals = Board("overview", view)
head = cards.page_head("Segment overview", "Who our customers are.", view, page="overview")
with head.row:
    band_editor(view)
    export_button(view)
cards.stop_if_empty(view)
rest_card(view)
cards.kpi_row(view, "overview", since_last_month(view))

visuals.row(["pie"], ["value"], ["purchases"], widths=[1, 1.1, 1.1])
understood_card(view, head.row)
visuals.show_others()

st.header(f"{counted(view.segments.k, 'segment')}: what sets each apart", anchor=False)
cards.segment_cards(view)
st.caption(
    "Sizes follow the filters; averages are those of all customers in the segment, "
    "“all” is everybody whose value is known. " + view.segments.how_numbered(view.study.columns)
)
help_link("segments")
insights_card(view)
saved_model.refresh_card(view)
months.months_card(view)
measures_card(view)
