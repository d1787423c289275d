"""Mass affluent strategy: where they live, who they are, and what a campaign would bring."""

import streamlit as st

from core.views import charts, tables
from pages.components import cards
from pages.components.insights import insights_card
from pages.components.simulation import simulation
from pages.components.view import current_view

view = current_view()
cards.page_head("Mass affluent strategy", "Where the mass affluent are, and whom to go after.", view)

totals = view.table(tables.totals)
cards.stop_if_empty(totals.customers, view)
clusters = view.table(tables.by_cluster, view.of_all(tables.measured, ["tenure"]))
cards.penetration_row(view, clusters)

left, right = st.columns(2)
with left:
    states = view.of("map")
    missing = view.why_not(tables.places) or "The file has no state, so there is no map."
    cards.state_map(states.table(tables.places, needs=["state"]), of=states, missing=missing)
with right:
    value, step = view.value, view.step
    dots = view.of("scatter")
    bins = dots.table(tables.age_by_value, value, step, needs=["age", value])
    cards.chart(
        f"Age and {view.label(value)} by segment (area: customers)",
        dots.draw(charts.scatter, bins, value, step=step, titles=view.titles("age", value)),
        f"Scatter of age and {view.label(value)} by segment",
        of=dots,
        note=cards.hidden_note(bins)
        or dots.left_out(bins, dots.table(tables.totals).customers, f"of unknown age or {view.label(value)}"),
        missing=dots.why_not(tables.age_by_value, value, step)
        or f"The scatter needs an age and a {view.label(value)}.",
    )

left, right = st.columns([1, 1.6])
with left:
    bars = view.of("states")
    cards.state_bars(bars.table(tables.places, needs=["state"]), of=bars, missing=missing)
with right:
    insights_card(view)
simulation(view)
