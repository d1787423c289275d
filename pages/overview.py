"""Segment overview: how many customers, how many mass affluent, and what sets each segment apart."""

import streamlit as st

from core.views import charts, tables
from core.views.summary import counted
from core.views.suppress import of_whom_shown
from pages.components import cards, saved_model
from pages.components.insights import insights_card
from pages.components.measures import measures_card
from pages.components.view import current_view

view = current_view()
cards.page_head("Segment overview", f"Who our customers are, in {counted(view.segments.k, 'segment')}.", view)

totals = view.table(tables.totals)
cards.stop_if_empty(totals.customers, view)
measures = view.of_all(tables.measured, [view.value, "purchases"])
clusters = view.table(tables.by_cluster, measures)
cards.totals_row(totals, clusters, view)

left, middle, right = st.columns([1, 1.1, 1.1])
with left:
    pie = view.of("pie")
    sizes = pie.table(tables.by_cluster, measures)
    title = f"Customers by segment (% {of_whom_shown(sizes, view.study.size)})"
    slices, note = pie.draw(charts.pie, sizes), cards.hidden_note(sizes)
    cards.chart(title, slices, "Share of customers by segment", of=pie, note=note)
for column, bars, measure in ((middle, view.of("value"), view.value), (right, view.of("purchases"), "purchases")):
    with column:
        title = f"Average {view.title_in_sentence(measure)}"
        means = bars.table(tables.by_cluster, measures, needs=[measure])
        cards.chart(
            title,
            bars.draw(charts.mean_bars, means, measure, title=title),
            f"{title} by segment",
            of=bars,
            note=cards.hidden_note(means, of=[measure]),
            missing=f"The data has no {view.label(measure)}.",
        )

st.subheader("What sets each segment apart", anchor=False)
cards.segment_cards(view, clusters)
st.caption(
    "Sizes follow the filters; averages are those of all customers in the segment, "
    "“all” is everybody whose value is known. " + view.segments.how_numbered(view.study.columns)
)
insights_card(view)
saved_model.refresh_card(view)
measures_card(view)
