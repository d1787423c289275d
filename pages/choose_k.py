"""Choose k: how many segments the data has, if any, against structureless data of the same shape."""

import streamlit as st

from pages.components import cards, structure
from pages.components.help import help_link
from pages.components.result import only_sums
from pages.components.view import current_view

view = current_view()
cards.page_head(
    "Choose k", "How many segments are there, if any? Of all customers, whatever the filters.", view, clickable=False
)
help_link("structure")
if view.study.rows is None:
    only_sums("to try other numbers of segments, open the customer files.")
    structure.stability_card(view)
    st.stop()
structure.range_choice()
scores = structure.all_scores(view)
structure.recommendation_card(view, scores)
structure.curve_cards(scores, view)
structure.stability_card(view)
