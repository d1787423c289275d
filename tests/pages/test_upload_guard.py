"""With a login set up, Streamlit's server takes files of sessions that are logged in only."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import streamlit as st
from starlette.applications import Starlette
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.uploaded_file_manager import UploadedFileRec
from streamlit.web.server.starlette import starlette_routes
from streamlit.web.server.starlette.starlette_routes import create_upload_routes

from pages.components.upload_guard import admit
from tests.pages.test_privacy import app_with_login

BODY = b'--B\r\nContent-Disposition: form-data; name="f"; filename="a.csv"\r\n\r\na,b\r\n--B--\r\n'


class Server:
    """What Streamlit's upload route knows of the server."""

    def __init__(self) -> None:
        self.uploaded_file_mgr = MemoryUploadedFileManager("/_stcore/upload_file")

    def is_active_session(self, session: str) -> bool:
        return session in ("ana", "stranger")

    def files(self, session: str) -> list[bytes]:
        return [file.data for file in self.uploaded_file_mgr.get_files(session, ["1"])]


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Server:
    monkeypatch.setattr(starlette_routes, "is_xsrf_enabled", lambda: False)
    return Server()


def put(server: Server, session: str) -> tuple[int, bool]:
    """Upload a file by Streamlit's own route: the status, and whether the server asked for the file's bytes."""
    app = Starlette(routes=create_upload_routes(server, server.uploaded_file_mgr, None))
    sent: list[dict[str, Any]] = []
    asked: list[bool] = []

    async def receive() -> dict[str, Any]:
        asked.append(True)
        return {"type": "http.request", "body": BODY, "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    path = f"/_stcore/upload_file/{session}/1"
    headers = [(b"content-type", b"multipart/form-data; boundary=B")]
    scope = {"type": "http", "method": "PUT", "path": path, "headers": headers, "query_string": b"", "app": app}
    with ThreadPoolExecutor(1) as apart:  # the browser of other tests may have a loop in this thread
        apart.submit(asyncio.run, app(scope, receive, send)).result()
    return sent[0]["status"], bool(asked)


def test_without_a_login_set_up_every_session_may_upload(server: Server) -> None:
    assert put(server, "stranger") == (204, True)


def test_no_byte_of_a_file_is_taken_before_the_login(server: Server) -> None:
    admit(server, "stranger", logged_in=False)
    admit(server, "ana", logged_in=True)
    admit(server, "gone", logged_in=True)
    assert {name: put(server, name) for name in ("stranger", "unknown", "gone", "ana")} == {
        "stranger": (400, False), "unknown": (400, False), "gone": (400, False), "ana": (204, True),
    }  # fmt: skip
    assert (server.files("stranger"), server.files("ana")) == ([], [b"a,b"])
    admit(server, "ana", logged_in=False)
    assert put(server, "ana") == (400, False)


def test_what_was_uploaded_before_anybody_opened_the_page_is_dropped(server: Server) -> None:
    server.uploaded_file_mgr.add_file("stranger", UploadedFileRec("1", "a.csv", "text/csv", b"a,b"))
    admit(server, "ana", logged_in=True)
    assert server.files("stranger") == []
    put(server, "ana")
    admit(server, "stranger", logged_in=False)
    assert server.files("ana") == [b"a,b"]


@pytest.mark.parametrize("logged_in", [True, False])
def test_every_run_says_whether_its_session_may_upload(monkeypatch: pytest.MonkeyPatch, logged_in: bool) -> None:
    told: list[bool] = []
    monkeypatch.setattr("pages.components.privacy.guard_uploads", lambda *, logged_in: told.append(logged_in))
    monkeypatch.setattr("pages.components.privacy.find_spec", lambda name: name)
    monkeypatch.setattr(st, "user", {"is_logged_in": logged_in, "email": "ana@example.com"})
    app_with_login().run()
    assert set(told) == {logged_in}
