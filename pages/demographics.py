"""Segment demographics: age, job industry, car ownership and other categories of each segment."""

from core.visuals.headlines import headline_of
from pages.components import cards
from pages.components.view import current_view
from pages.components.visuals import Board

view = current_view()
visuals = Board("demographics", view)
question = "How old the segments are, where they work, and how else they differ."
cards.page_head("Segment demographics", headline_of("demographics", view) or question, view)
cards.stop_if_empty(view)

visuals.row(["age"], ["jobs"])
visuals.show_others()
