"""Segment demographics: age, job industry, car ownership and other categories of each segment."""

from pages.components import cards
from pages.components.target_list import export_button
from pages.components.versus_rest import rest_card
from pages.components.view import current_view
from pages.components.visuals import Board

view = current_view()
visuals = Board("demographics", view)
head = cards.page_head("Segment demographics", "How the segments differ.", view, page="demographics")
with head.row:
    export_button(view)
cards.stop_if_empty(view)
rest_card(view)

visuals.row(["age"], ["jobs"], height=visuals.first_row)
visuals.show_others()
