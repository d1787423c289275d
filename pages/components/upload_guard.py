"""Where a login is set up, the server takes no file from a visitor who is not logged in.

Streamlit (1.67) gives addresses for uploads to everybody who opens a websocket. Its server takes a file into memory for
any active session (`create_upload_routes` in `web/server/starlette`), even if the page has no box for files. So this
module replaces the check for active sessions: only sessions whose run got past the login pass it.
"""

from threading import Lock
from typing import Any, Final

from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

from pages.components.tweaks import UPLOAD_GUARD

ADMITTED: Final = "sessions_that_may_upload"  # an attribute of the server, since this module can be reloaded

_LOCK = Lock()  # the first runs of two visitors may come at once


def guard_uploads(*, logged_in: bool) -> None:
    """Allow or forbid uploads of the session of this run; call it in every run before anything is shown."""
    context = get_script_run_ctx()
    if UPLOAD_GUARD.on and context and runtime.exists():
        admit(runtime.get_instance(), context.session_id, logged_in=logged_in)


def admit(server: Any, session: str, *, logged_in: bool) -> None:
    """Allow or forbid uploads of a session of a server.

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
