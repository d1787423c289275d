"""Segment demographics: age, job industry and car ownership of each segment."""

import streamlit as st

from core.schema import CLUSTER
from core.views import charts, tables
from core.views.summary import beyond
from core.views.suppress import SHORT_BARS
from pages.components import cards
from pages.components.view import current_view

view = current_view()
cards.page_head("Segment demographics", "How old the segments are, where they work, who drives.", view)

totals = view.table(tables.totals)
cards.stop_if_empty(totals.customers, view)

left, right = st.columns(2)
with left:
    boxes = view.of("age")
    ages = boxes.table(tables.ages, needs=["age"])
    cards.chart(
        "Age by segment (years)",
        boxes.draw(charts.boxplot, ages),
        "Boxplot of age by segment",
        of=boxes,
        note=cards.hidden_note(ages) or boxes.left_out(ages, boxes.table(tables.totals).customers, "of unknown age"),
        missing=boxes.why_not(tables.ages) or "Nobody's age is known: a birth date or an age column is needed.",
    )
    cars = view.of("cars")
    owners = cars.table(tables.count, (CLUSTER, "owns_car"), needs=["owns_car"])
    cards.chart(
        "Car ownership by segment",
        cars.draw(charts.stacked_shares, owners, "owns_car", legend_title="Owns a car"),
        "Share of car owners by segment",
        of=cars,
        note=cards.hidden_note(owners, shares=SHORT_BARS),
        missing=cars.why_not(tables.count, (CLUSTER, "owns_car")) or "The file has no car ownership.",
    )
with right:
    jobs = view.of("jobs")
    industries = jobs.table(tables.count, (CLUSTER, "job_industry"), needs=["job_industry"])
    cards.chart(
        "Job industry by segment (area: customers)",
        jobs.draw(charts.treemap, industries, "job_industry"),
        "Treemap of job industries by segment",
        of=jobs,
        note=cards.hidden_note(industries) or beyond(industries, "job_industry"),
        missing=jobs.why_not(tables.count, (CLUSTER, "job_industry")) or "The file has no job industry.",
    )
