"""Segment overview: how many customers, how many mass affluent, and what sets each segment apart."""

import streamlit as st

from core.views.summary import counted
from pages.components import cards, saved_model
from pages.components.band import editors
from pages.components.help import help_link
from pages.components.insights import insights_card
from pages.components.measures import measures_card
from pages.components.understood import understood_card
from pages.components.view import current_view
from pages.components.visuals import Board

view = current_view()
visuals = Board("overview", view)
cards.page_head("Segment overview", f"Who our customers are, in {counted(view.segments.k, 'segment')}.", view)
cards.stop_if_empty(view)
understood_card(view)
cards.kpi_row(view, "overview", editors(view))
cards.unknown_line(view)

visuals.row(["pie"], ["value"], ["purchases"], widths=[1, 1.1, 1.1])
visuals.show_others()

st.header("What sets each segment apart", anchor=False)
cards.segment_cards(view)
st.caption(
    "Sizes follow the filters; averages are those of all customers in the segment, "
    "“all” is everybody whose value is known. " + view.segments.how_numbered(view.study.columns)
)
help_link("segments")
insights_card(view)
saved_model.refresh_card(view)
measures_card(view)
