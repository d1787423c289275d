"""Mass affluent strategy: where they live, who they are, and what a campaign would bring."""

from pages.components import cards
from pages.components.band import band_editor
from pages.components.insights import insights_card
from pages.components.month_changes import since_last_month
from pages.components.simulation import simulation
from pages.components.target_list import export_button
from pages.components.versus_rest import rest_card
from pages.components.view import current_view
from pages.components.visuals import Board

view = current_view()
visuals = Board("strategy", view)
head = cards.page_head(
    "Mass affluent strategy", "Where the mass affluent are, whom to go after.", view, page="strategy"
)
with head.row:
    band_editor(view)
    export_button(view)
cards.stop_if_empty(view)
rest_card(view)
changes = since_last_month(view)
cards.kpi_row(view, "strategy", changes)
cards.segment_kpi_row(view, changes)

places = visuals.first("within", "map", "points", "states")
visuals.row([places], [visuals.first("subregions", "regions", "squares", "scatter")], widths=[1.05, 1.55], height=282)
visuals.row(["postcodes"], ["scatter"], widths=[1.8, 1])
insights_card(view)
visuals.show_others()
simulation(view)
