"""The pages of the dashboard, one file each; `components` holds what they share."""

from pathlib import Path
from typing import Final

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from core.tweaks import limit_arenas

limit_arenas()  # here, as the libraries that `components` imports start threads
# The app's own file: Streamlit fetches Material icons for the browser's tab from the internet.
ICON: Final = Path(__file__).parent / "components" / "icon.svg"
APP: Final = "Mass affluent dashboard"  # in the browser's tab, after the title of the page
HELP: Final = "Help"  # the title of the page that needs no data
TITLE: Final = "page title"  # session state: of the page that is shown
# file → title, icon, and the help of its place in the navigation; the first page is the default
PAGES: Final = {
    "overview": (
        "Segment overview",
        "donut_large",
        "How many customers, how many mass affluent, and what sets each segment apart.",
    ),
    "demographics": ("Segment demographics", "groups", "Age, job industry and car ownership of each segment."),
    "strategy": (
        "Mass affluent strategy",
        "target",
        "Where the mass affluent live, who they are, and what a campaign would bring.",
    ),
    "profiles": (
        "Segment profiles",
        "badge",
        "What each segment is like, a short rule that finds it, and its name.",
    ),
    "choose_k": ("Choose k", "tune", "How many segments the data has, if any."),
    "data": ("Data", "table_view", "What was read, what each column is, what was changed, and what was rejected."),
    "help": (HELP, "help", "How each method works, its formulas and its limits."),
}


def frame() -> StreamlitPage:
    """Set up the browser's tab and the navigation, and return the page to run.

    The entrypoint calls it, and a page that a deep link runs on a fresh server without the entrypoint.
    """
    st.set_page_config(page_title=APP, page_icon=str(ICON), layout="wide")
    pages = [
        st.Page(f"pages/{name}.py", title=title, icon=f":material/{icon}:", default=position == 0, help=hint)
        for position, (name, (title, icon, hint)) in enumerate(PAGES.items())
    ]
    page = st.navigation(pages, position="top")
    st.set_page_config(page_title=f"{page.title} · {APP}")
    st.session_state[TITLE] = page.title
    return page
