"""Segment demographics: age, job industry, car ownership and other categories of each segment."""

from pages.components import cards
from pages.components.view import current_view
from pages.components.visuals import Board

view = current_view()
visuals = Board("demographics", view)
cards.page_head("Segment demographics", "How old the segments are, where they work, and how else they differ.", view)
cards.stop_if_empty(view)

visuals.row(["age", "cars"], ["jobs"])
visuals.show_others()
