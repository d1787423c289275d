"""Help: how each method works, its formulas and its limits."""

import streamlit as st

from pages.components.help import help_text, topic_choice
from pages.components.view import current_view

current_view()
st.markdown(help_text(topic_choice()))
