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
HELP: Final = "Help"
RESULTS: Final = "Campaign results"
WITHOUT_DATA: Final = (HELP, RESULTS)  # titles of the pages that need no customers
TITLE: Final = "page title"  # session state: of the page that is shown
# file → title, and the help of its place in the navigation, which has no icons: with them not all titles fit a laptop
PAGES: Final = {
    "overview": (
        "Segment overview",
        "How many customers, how many mass affluent, and what sets each segment apart.",
    ),
    "demographics": ("Segment demographics", "Age, job industry and car ownership of each segment."),
    "strategy": (
        "Strategy",  # of the mass affluent, as its page says: in full not all titles fit a laptop
        "Where the mass affluent live, who they are, and what a campaign would bring.",
    ),
    "campaign_results": (
        RESULTS,
        "What a campaign brought against its control group, in all and by segment, and whom to contact next.",
    ),
    "profiles": (
        "Segment profiles",
        "What each segment is like, a short rule that finds it, and its name.",
    ),
    "number_of_segments": (
        "Number of segments",
        "How many segments the data has, if any, and who moves from which segment to which with another number.",
    ),
    "data": ("Data", "What was read, what each column is, what was changed, and what was rejected."),
    "help": (HELP, "How each method works, its formulas and its limits."),
}
MOVED: Final = {"choose_k": "number_of_segments"}  # a page's name in older links → its file


def frame(*, follow: bool = True) -> StreamlitPage:
    """Set up the browser's tab and the navigation, and return the page to run.

    The entrypoint calls it, and a page that a deep link runs on a fresh server without the entrypoint. `follow` says
    whether a page's former name leads to the page, which takes the entrypoint.
    """
    st.set_page_config(page_title=APP, page_icon=str(ICON), layout="wide")
    pages = [
        st.Page(f"pages/{name}.py", title=title, default=position == 0, help=hint)
        for position, (name, (title, hint)) in enumerate(PAGES.items())
    ]
    older = [st.Page(f"pages/{name}.py", visibility="hidden") for name in MOVED]
    page = st.navigation([*pages, *older], position="top")
    if follow and (name := MOVED.get(page.url_path)):
        st.switch_page(f"pages/{name}.py", query_params={key: st.query_params.get_all(key) for key in st.query_params})
    st.set_page_config(page_title=f"{page.title} · {APP}")
    st.session_state[TITLE] = page.title
    return page
