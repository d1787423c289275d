"""The filters of the page as buttons that remove them."""

import streamlit as st

from core.schema import FILTERS
from core.visuals.clicks import describe
from core.visuals.place_names import written_in
from pages.components.clicks import remove_all_clicks, remove_clicks
from pages.components.link import filter_key, filter_keys, forget, forget_all, waiting
from pages.components.text import escape_markdown
from pages.components.view import View

NOT_IN_DATA = "(not in these data)"


def chips(view: View) -> None:
    """A button per filter value and per click, and one that removes all; values that the data lacks are marked."""
    write = written_in(view)
    filter_values = [(column, value) for column, values in view.filters.items() for value in values]
    for column, value in filter_values:
        _chip(f"{view.text(column)}: {write(column, value)}", f"chip {column} {value}", _remove, column, value)
    for clicks, note in ((view.clicks, ""), (view.waiting, f" {NOT_IN_DATA}")):
        shown = {describe(click): describe(click, view.text, write) for click in clicks}
        for described, label in shown.items():  # the same segment may be clicked on several visuals
            _chip(label + note, f"chip {described}", remove_clicks, described)
    for key, label, value in waiting():
        label = view.text(key) if key in FILTERS else label
        _chip(f"{label}: {value} {NOT_IN_DATA}", f"chip {key} {value}", forget, key, value)
    if filter_values or view.clicks or view.waiting or waiting():
        st.button("Reset filters", type="tertiary", key="reset", on_click=_reset)


def _chip(label: str, key: str, remove: object, *arguments: object) -> None:
    st.button(
        escape_markdown(label),
        icon=":material/close:",
        key=key,
        on_click=remove,
        args=arguments,
        help="Remove this filter",
    )


def _remove(column: str, value: str) -> None:
    key = filter_key(column)
    st.session_state[key] = [chosen for chosen in st.session_state[key] if chosen != value]


def _reset() -> None:
    for key in filter_keys():
        st.session_state[key] = []
    remove_all_clicks()
    forget_all()
