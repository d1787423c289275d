"""Number of segments: the recommended one, the evidence for it, and any two numbers beside each other."""

import streamlit as st

from pages.components import cards, compare, recommendation, structure
from pages.components.help import help_link
from pages.components.result import only_sums
from pages.components.view import current_view

view = current_view()
head = cards.page_head(
    "Number of segments", "How many segments are there, if any? Of all customers, whatever the filters.", view,
    clickable=False,
)  # fmt: skip
if view.study.rows is None:
    head.say(recommendation.of_result(view))
    only_sums("to try other numbers of segments, open the customer files.")
    structure.segments_card(view)
    st.stop()
scores = structure.all_scores(view)
left, right = st.columns([1, 1.4])
head.say(recommendation.sentence(view, scores))
with left:
    resamples = recommendation.recommendation_card(view, scores)
with right:
    recommendation.chart_card(view, scores)
compare.compare_card(view, scores)
recommendation.evidence(view, scores)
help_link("structure")
recommendation.show_agreement(view, scores, head, resamples)
