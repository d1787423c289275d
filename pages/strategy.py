"""Mass affluent strategy: where they live, who they are, and what a campaign would bring."""

from pages.components import cards
from pages.components.band import band_line
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
band_line(view)

places = visuals.first("within", "map", "points", "states")
with visuals.beside(places, widths=[1, 1.6]):
    visuals.show(visuals.first("subregions", "regions", "squares", "scatter"))
    insights_card(view)
visuals.row(["postcodes"], ["scatter"], widths=[1.8, 1])
visuals.show_others()
simulation(view)
