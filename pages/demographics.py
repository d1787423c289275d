"""Segment demographics: age, job industry and car ownership of each segment."""

import streamlit as st

from core.schema import CLUSTER
from core.views import charts, tables
from pages.components import cards
from pages.components.view import current_view

view = current_view()
names = view.segments.names
cards.page_head("Segment demographics", "How old the segments are, where they work, who drives.", view)

totals = view.table(tables.totals)
cards.stop_if_empty(totals.customers)

left, right = st.columns(2)
with left:
    ages = view.table(tables.ages) if view.has("age") else None
    boxes = charts.boxplot(ages, names=names) if ages is not None and len(ages) else None
    unknown = totals.customers - (0 if ages is None else int(ages["customers"].sum()))
    cards.chart(
        "Age by segment (years)",
        boxes,
        "Boxplot of age by segment",
        note=f"{unknown:,} customers of unknown age are not in the boxes." if boxes and unknown else "",
        missing="The file has no birth date and no age.",
    )
    cars = None
    if view.has("owns_car"):
        cars = charts.stacked_shares(
            view.table(tables.count, (CLUSTER, "owns_car")), "owns_car", names=names, legend_title="Owns a car"
        )
    cards.chart(
        "Car ownership by segment", cars, "Share of car owners by segment", missing="The file has no car ownership."
    )
with right:
    tiles = None
    if view.has("job_industry"):
        tiles = charts.treemap(view.table(tables.count, (CLUSTER, "job_industry")), "job_industry", names=names)
    cards.chart(
        "Job industry by segment (area: customers)",
        tiles,
        "Treemap of job industries by segment",
        missing="The file has no job industry.",
    )
