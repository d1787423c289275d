"""Segment overview: how many customers, how many mass affluent, and what sets each segment apart."""

import streamlit as st

from core.views import charts, tables
from core.views.summary import percent
from pages.components import cards
from pages.components.view import current_view

view = current_view()
names = view.segments.names
cards.page_head("Segment overview", f"Who our customers are, in {view.segments.k} segments.", view)

totals = view.table(tables.totals)
cards.stop_if_empty(totals.customers)
cards.kpis(
    {
        "Total customers": (f"{totals.customers:,}", f"of {len(view.study.customers):,} in the data"),
        "Total mass affluent": (
            f"{totals.mass_affluent:,}",
            f"{percent(totals.mass_affluent, totals.mass_affluent_known)} of {totals.mass_affluent_known:,} known",
        ),
        "High potential": (
            f"{totals.high_potential:,}",
            f"{percent(totals.high_potential, totals.high_potential_known)} of {totals.high_potential_known:,} known",
        ),
        "Not clustered": (
            f"{totals.not_clustered:,}",
            f"{percent(totals.not_clustered, totals.customers)} of customers",
        ),
    }
)

clusters = view.table(tables.by_cluster, ("property_valuation", "purchases"))
pie, valuation, purchases = st.columns([1, 1.1, 1.1])
with pie:
    cards.chart("Customers by segment (%)", charts.pie(clusters, names=names), "Share of customers by segment")
for column, measure in ((valuation, "property_valuation"), (purchases, "purchases")):
    with column:
        title = f"Average {view.title(measure).lower()}"
        bars = charts.mean_bars(clusters, measure, names=names, title=title) if view.has(measure) else None
        cards.chart(title, bars, f"{title} by segment", missing=f"The file has no {measure.replace('_', ' ')} column.")

st.subheader("What sets each segment apart", anchor=False)
cards.segment_cards(view, clusters)
st.caption("Sizes follow the filters; averages are those of all customers in the segment. Segment 1 is the wealthiest.")
