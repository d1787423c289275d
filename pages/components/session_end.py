"""Say what is lost where a visitor's session has ended on the server while their page was open.

Their server was stopped, or the connection was lost for longer than it keeps sessions. The browser then connects anew,
behind a proxy to another server, and gets a new session. It sends the widgets of the page as they were, which a page
that was opened or reloaded does not.
"""

from typing import Final

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

ENDED: Final = "the session before has ended"  # session state
LOST: Final = (
    "Your session on the server has ended: the server was stopped, or the connection was lost for too long. Filters, "
    "clicks and settings are kept. What was not saved is gone: files, answers about them, measures, scenarios, names "
    "of segments, notes, named views and undo. If you saved a project, open it under “Project” in the sidebar."
)


def note_session_end() -> None:
    """In the first run of a session, note whether the browser's page is older; before anything is drawn."""
    context = get_script_run_ctx()
    if context is not None and ENDED not in st.session_state:
        st.session_state[ENDED] = bool(context.session_state.get_widget_states())


def say_session_end() -> None:
    """What is lost, on top of the page, until the visitor has closed it."""
    if not st.session_state.get(ENDED):
        return
    st.warning(LOST, icon=":material/link_off:")
    st.button("Close", icon=":material/close:", key="close_session_end", on_click=_close, type="tertiary")


def _close() -> None:
    st.session_state[ENDED] = False
