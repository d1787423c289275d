"""The pages of the dashboard, one file each; `components` holds what they share."""

import streamlit as st
from streamlit.navigation.page import StreamlitPage


def navigation() -> StreamlitPage:
    """Register the pages and return the one to run; also what a deep link to a fresh server lands on."""
    return st.navigation(
        [
            st.Page(
                "pages/overview.py",
                title="Segment overview",
                icon=":material/donut_large:",
                default=True,
                help="How many customers, how many mass affluent, and what sets each segment apart.",
            ),
            st.Page(
                "pages/demographics.py",
                title="Segment demographics",
                icon=":material/groups:",
                help="Age, job industry and car ownership of each segment.",
            ),
            st.Page(
                "pages/strategy.py",
                title="Mass affluent strategy",
                icon=":material/target:",
                help="Where the mass affluent live, who they are, and what a campaign would bring.",
            ),
        ],
        position="top",
    )
