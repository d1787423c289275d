"""The pages of the dashboard, one file each; `components` holds what they share."""

import ctypes
import gc
import os
from contextlib import suppress
from pathlib import Path

import streamlit as st
from streamlit.navigation.page import StreamlitPage

# To import the libraries makes no garbage: looking for it takes an eighth of the time until the first page is shown.
# Streamlit collects garbage after every run.
gc.set_threshold(100_000, 50, 10)

# Every run of a page is a new thread. glibc gives threads pools of their own, and each keeps what was freed in it:
# after forty visitors had left, the server held 140 MB more than before they came, with few pools 50 to 70 MB. Their
# number can only be bounded while there are few, so before the libraries start threads.
M_ARENA_MAX, ARENAS = -8, 2
if "MALLOC_ARENA_MAX" not in os.environ:  # else an operator has bounded it
    with suppress(AttributeError, OSError, TypeError):  # another C library
        ctypes.CDLL(None).mallopt(M_ARENA_MAX, ARENAS)

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
