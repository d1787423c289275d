"""The pages of the dashboard, one file each; `components` holds what they share."""

from pathlib import Path

import streamlit as st
from streamlit.navigation.page import StreamlitPage

# The app's own file: Streamlit fetches Material icons for the browser's tab from the internet.
ICON = Path(__file__).parent / "components" / "icon.svg"


def frame() -> StreamlitPage:
    """Set up the browser's tab and the navigation, and return the page to run.

    The entrypoint calls it, and a page that a deep link runs on a fresh server without the entrypoint.
    """
    st.set_page_config(page_title="Mass affluent dashboard", page_icon=str(ICON), layout="wide")
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
            st.Page(
                "pages/profiles.py",
                title="Segment profiles",
                icon=":material/badge:",
                help="What each segment is like, a short rule that finds it, and its name.",
            ),
            st.Page(
                "pages/choose_k.py",
                title="Choose k",
                icon=":material/tune:",
                help="How many segments the data has, if any.",
            ),
            st.Page(
                "pages/data.py",
                title="Data",
                icon=":material/table_view:",
                help="What was read, what each column is, what was changed, and what was rejected.",
            ),
            st.Page(
                "pages/help.py",
                title="Help",
                icon=":material/help:",
                help="How each method works, its formulas and its limits.",
            ),
        ],
        position="top",
    )
