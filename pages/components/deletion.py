"""The button that deletes a visitor's data from the server's memory."""

import streamlit as st

from pages.components import clicks, customer, database, link, measures, reading, scenarios
from pages.components.command_line import SHOWN
from pages.components.origin import ORIGIN
from pages.components.privacy import HIDE
from pages.components.project import STARTED
from pages.components.session_cache import forget_own
from pages.components.session_end import ENDED
from pages.components.source_box import argument_keys
from pages.components.upload import TURN, empty_boxes

# Text boxes that the browser fills again unless the server sets them to empty.
TYPED = (database.SELECT, customer.TYPED, scenarios.NAME, measures.FIELDS["name"], measures.FIELDS["formula"])


def delete_button() -> None:
    """The button, in a session that has files."""
    st.button(
        "Delete my data", icon=":material/delete:", key="delete_data", on_click=_delete, type="tertiary",
        help="Removes your files, their results and everything saved here from the server's memory: "
        "scenarios, measures, names of segments, named views and filters too.",
    )  # fmt: skip


def _delete() -> None:
    """Remove the files and reset the session; settings in the address stay."""
    empty_boxes()
    link.let_go(forget=True)
    left = {TURN: st.session_state[TURN], HIDE: st.session_state[HIDE], link.WAITING: {}, ORIGIN: "", ENDED: False}
    left |= {STARTED: True, SHOWN: False}  # nor are the project and the files of the command line opened again
    filters = link.filter_keys()
    for key in {*st.session_state.keys()}.difference(filters):  # emptied, they leave the address too
        del st.session_state[key]
    empty = dict.fromkeys([*TYPED, *argument_keys()], "") | {key: [] for key in filters} | reading.blank_form()
    st.session_state.update(left | empty | {clicks.CLICKS: (), clicks.SEGMENTS: None})
    forget_own()
