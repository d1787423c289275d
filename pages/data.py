"""Data: what was read, what each column is, what was changed, and what was rejected."""

import streamlit as st

from pages.components import cards, customer, intake
from pages.components.help import help_link
from pages.components.result import only_sums
from pages.components.understood import understood_panel
from pages.components.view import current_view

view = current_view()
cards.page_head("Data", "What was read, what was changed, what was rejected.", view, clickable=False, noted=False)
understood_panel(view)
intake.sources_card(view)
help_link("files")
if view.hide:
    st.info(
        "Counts, examples and rejected rows are not shown while small groups are hidden.",
        icon=":material/visibility_off:",
    )
    st.stop()
if (rows := view.study.rows) is None:
    only_sums("to see rejected rows, change the roles of columns or follow a customer, open the customer files.")
    with st.container(border=True):
        intake.balance_line(view.study)
        intake.steps_table(view.study)
    intake.quality_card(view.study)
    st.stop()
intake.matching_card(rows)
intake.steps_card(rows)
left, right = st.columns([1.2, 1])
with left:
    intake.rejected_card(rows)
with right:
    intake.quality_card(rows)
customer.audit_card(view)
