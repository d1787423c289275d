"""Choose k: how many segments the data has, if any, against structureless data of the same shape."""

from pages.components import cards, structure
from pages.components.view import current_view

view = current_view()
cards.page_head(
    "Choose k", "How many segments are there, if any? Of all customers, whatever the filters.", view, clickable=False
)
structure.range_choice()
scores = structure.all_scores(view)
structure.recommendation_card(view, scores)
structure.curve_cards(scores, view)
structure.stability_card(view)
