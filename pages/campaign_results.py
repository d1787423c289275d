"""Campaign results: what contacting brought against the control group, and whom to contact next."""

import streamlit as st

from pages.components import outcome_cards, outcome_files, outcomes
from pages.components.help import help_link
from pages.components.view import current_view

view = current_view()
head = outcomes.head("What did contacting bring? Against the customers who were held out.", view)
trial = outcome_files.campaign(view)
if trial is None:
    help_link("campaign_results")
    st.stop()
shown = outcomes.what_is_compared(trial, view)
outcomes.stop_if_hidden(shown)
outcomes.answer(shown, head)
outcomes.notes(shown, head)
if not shown.no_verdict:
    outcome_cards.kpi_row(shown)
    left, right = st.columns([1.15, 1])
    with left:
        outcome_cards.segments_chart(shown)
    with right:
        outcome_cards.order_chart(shown)
    left, right = st.columns([1.15, 1])
    with left:
        outcome_cards.next_card(shown)
    with right:
        outcome_cards.forecast_card(shown)
outcome_cards.table(shown)
outcomes.downloads(shown)
help_link("campaign_results")
