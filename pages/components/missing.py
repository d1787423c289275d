"""What every page shows where the analyst's own data should be and is not: no figure, and what to do."""

import streamlit as st

from pages.components.origin import Missing, origin, set_origin
from pages.components.question import question
from pages.components.result import SHOWN
from pages.components.text import plain
from pages.components.upload import empty_boxes


def missing_page(title: str, missing: Missing) -> None:
    """The page under its title: what happened, the question that is open, the way to go on."""
    st.title(title, anchor=False)
    say, icon = (st.error, ":material/error:") if missing.refused else (st.warning, ":material/folder_off:")
    say(plain(missing.happened), icon=icon)
    question()
    st.markdown(_remedy(refused=missing.refused))
    st.button(
        "Show the sample data", icon=":material/science:", key="show_sample", on_click=_show_sample,
        help="Made-up customers. It empties the boxes for files.",
    )  # fmt: skip


def _remedy(*, refused: bool) -> str:
    what, where = ("result", "Open a result") if origin() == "result" else ("files", "Customer files")
    which = "a corrected one" if refused else f"the same {what}"
    return f"Drop {which} into “{where}” in the sidebar: filters and settings wait for them."


def _show_sample() -> None:
    empty_boxes()
    if SHOWN in st.session_state:
        st.session_state[SHOWN] = False  # a result of the command line
    set_origin("")
