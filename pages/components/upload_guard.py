"""Where a login is set up, no file of a visitor who is not logged in.

Streamlit (1.67) gives addresses for uploads to everybody who opens a websocket, and its server asks for nothing but an
active session before it takes a file into memory (`create_upload_routes` in `web/server/starlette`). A page without a
box for files does not prevent that. So the server is made to know as active, where it is asked, no session but those
whose run got past the login.
"""

from threading import Lock
from typing import Any, Final

from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

from pages.components.tweaks import UPLOAD_GUARD

ADMITTED: Final = "sessions_that_may_upload"  # an attribute of the server: this module can be loaded anew under it

_LOCK = Lock()  # the first runs of two visitors may come at once


def guard_uploads(*, logged_in: bool) -> None:
    """Let the session that runs upload files, or not; to be called in every run before anything is shown."""
    context = get_script_run_ctx()
    if UPLOAD_GUARD.on and context and runtime.exists():
        admit(runtime.get_instance(), context.session_id, logged_in=logged_in)


def admit(server: Any, session: str, *, logged_in: bool) -> None:
    """Let a session of a server upload files, or not.

    The first call, in the first run of any visitor, also drops what was uploaded before it.
    """
    with _LOCK:
        if not hasattr(server, ADMITTED):
            _install(server)
        admitted: set[str] = getattr(server, ADMITTED)
        (admitted.add if logged_in else admitted.discard)(session)


def _install(server: Any) -> None:
    admitted: set[str] = set()
    is_active = server.is_active_session
    server.is_active_session = lambda session: session in admitted and is_active(session)
    setattr(server, ADMITTED, admitted)
    for session in list(server.uploaded_file_mgr.file_storage):
        server.uploaded_file_mgr.remove_session_files(session)
