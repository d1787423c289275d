"""Mass affluent strategy: where they live, who they are, and what a campaign would bring."""

import streamlit as st

from core.views import charts, maps, summary, tables
from pages.components import cards
from pages.components.simulation import simulation
from pages.components.view import current_view

view = current_view()
names = view.segments.names
cards.page_head("Mass affluent strategy", "Where the mass affluent are, and whom to go after.", view)

totals = view.table(tables.totals)
cards.stop_if_empty(totals.customers)
clusters = view.table(tables.by_cluster, ("tenure",))
tenure = summary.overall_mean(clusters, "tenure") if view.has("tenure") else None
cards.kpis(
    {
        "Mass affluent": (
            summary.percent(totals.mass_affluent, totals.mass_affluent_known),
            f"{totals.mass_affluent:,} of {totals.mass_affluent_known:,} known",
        ),
        "High potential": (
            summary.percent(totals.high_potential, totals.high_potential_known),
            f"{totals.high_potential:,} of {totals.high_potential_known:,} known",
        ),
        "Average tenure": ("–" if tenure is None else f"{tenure:.1f} years", "of those whose tenure is known"),
    }
)
cards.penetration_cards(view, clusters)

left, right = st.columns(2)
places = view.table(tables.places) if view.has("state") else None
with left:
    regions = maps.by_region(places) if places is not None else None
    deck = maps.deck(maps.by_state(places), regions, theme=cards.theme()) if places is not None else None
    cards.state_map(
        "Customers by state, mass affluent by region",
        deck,
        "Map of Australia: customers by state, mass affluent customers by postcode region",
        note=maps.describe_placed(places, regions) if places is not None else "",
        missing="The file has no state, so there is no map.",
    )
with right:
    dots = None
    if view.has("age", "property_valuation"):
        steps = {
            "age": tables.AGE_BIN,
            "property_valuation": tables.value_step(view.study.customers["property_valuation"]),
        }
        dots = charts.scatter(
            view.table(tables.age_by_value, "property_valuation"),
            "property_valuation",
            names=names,
            titles={name: view.title(name) for name in steps},
            steps=steps,
        )
    cards.chart(
        "Age and property valuation by segment (area: customers)",
        dots,
        "Scatter of age and property valuation by segment",
        missing="The scatter needs an age and a property valuation.",
    )

left, right = st.columns([1, 1.6])
with left:
    states = charts.state_bars(maps.by_state(places)) if places is not None else None
    cards.chart("Customers by state (% mass affluent)", states, "Customers by state", missing="The file has no state.")
with right:
    simulation(clusters, names)
