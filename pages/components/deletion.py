"""The button that leaves nothing of a visitor's data in the server's memory."""

from collections.abc import Iterator

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile

from core.schema import SLICERS
from pages.components import clicks, customer, intake, link, measures, scenarios
from pages.components.memory import forget_own
from pages.components.privacy import HIDE
from pages.components.upload import TURN

# Boxes that the browser fills again with what was typed unless it is told that they are empty.
TYPED = (customer.TYPED, scenarios.NAME, measures.FIELDS["name"], measures.FIELDS["formula"])


def delete_button() -> None:
    """The button, in a session that has files."""
    st.button(
        "Delete my data", icon=":material/delete:", key="delete_data", on_click=_delete, type="tertiary",
        help="Takes your files, and all that came of them or was saved here, out of the server's memory: "
        "scenarios, measures, names of segments and filters too.",
    )  # fmt: skip


def _delete() -> None:
    """Take the files away and begin the session anew; what the address says of settings stays."""
    context = get_script_run_ctx()
    for upload in _uploads():
        context.uploaded_file_mgr.remove_file(context.session_id, upload.file_id)
    left = {TURN: st.session_state.get(TURN, 0) + 1, HIDE: st.session_state[HIDE], link.WAITING: {}}
    for key in st.session_state.keys() - SLICERS.keys():  # emptied, they leave the address too
        del st.session_state[key]
    empty = dict.fromkeys(TYPED, "") | {column: [] for column in SLICERS} | intake.blank_form()
    st.session_state.update(left | empty | {clicks.CLICKS: (), clicks.SEGMENTS: None})
    forget_own()


def _uploads() -> Iterator[UploadedFile]:
    """The files in all boxes."""
    for value in st.session_state.values():
        yield from (one for one in (value if isinstance(value, list) else [value]) if isinstance(one, UploadedFile))
