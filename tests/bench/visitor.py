"""A visitor without a browser: Streamlit's websocket protocol, spoken through its own protobuf classes."""

import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin

import requests
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

PATIENCE = 120  # seconds for an answer


@dataclass
class Answer:
    """What one run of the script sent: seconds until it had finished, bytes, the elements, the raw messages.

    `elements` has the last one at each place, as a browser shows it.
    """

    seconds: float = 0.0
    bytes: int = 0
    elements: dict[tuple[int, ...], Any] = field(default_factory=dict)
    raw: bytes = b""
    failed: bool = False

    def texts(self, kind: str) -> list[str]:
        """The bodies of all elements of a kind: `markdown`, `alert`, `exception`, …"""
        return [getattr(one, kind) for one in self.elements.values() if one.WhichOneof("type") == kind]

    @property
    def metrics(self) -> dict[str, str]:
        """KPI cards: label → value."""
        return {one.label: one.body for one in self.texts("metric")}


class Visitor:
    """A session of the app at a port of this machine.

    Widgets are named by their key. As a browser does, it keeps the state of every widget it has set, and sends all.
    """

    def __init__(self, port: int, query: str = "") -> None:
        self.home = f"http://127.0.0.1:{port}"
        self.query = query
        self.page = ""
        self.pages: dict[str, str] = {}
        self.ids: dict[str, str] = {}
        self.states: dict[str, WidgetState] = {}
        self.session = ""
        self._web = requests.Session()
        self._connect()

    def _connect(self) -> None:
        """As a browser does: ask for the server's health, which sets cookies, then open the websocket with them."""
        self._web.get(f"{self.home}/_stcore/health", timeout=PATIENCE).raise_for_status()
        cookies = "; ".join(f"{one.name}={one.value}" for one in self._web.cookies)
        known = ["no-token", self.session] if self.session else []
        self._open = connect(
            f"{self.home.replace('http', 'ws')}/_stcore/stream", subprotocols=["streamlit", *known], max_size=None,
            origin=self.home, compression=None, open_timeout=PATIENCE, ping_timeout=PATIENCE,
            additional_headers={"Cookie": cookies},
        )  # fmt: skip
        self._socket = self._open.__enter__()

    def __enter__(self) -> "Visitor":
        return self

    def __exit__(self, *_: object) -> None:
        self.leave()

    def leave(self) -> None:
        """Close the connection, as a closed tab does."""
        self._open.__exit__(None, None, None)
        self._web.close()

    @property
    def served_by(self) -> str:
        """The name of the server behind a proxy that has this session; empty without a proxy."""
        return self._web.cookies.get("served_by", "")

    def reconnect(self) -> Answer:
        """Connect anew after the connection was lost, ask for the same session, and rerun with all widgets."""
        with suppress(ConnectionClosed):
            self._open.__exit__(None, None, None)
        until = time.monotonic() + PATIENCE
        while not self._is_served() and time.monotonic() < until:
            time.sleep(0.2)
        self._connect()
        return self.rerun()

    def _is_served(self) -> bool:
        try:
            return self._web.get(f"{self.home}/_stcore/health", timeout=PATIENCE).ok
        except requests.ConnectionError:  # a proxy ends a kept connection without an answer; browsers then ask again
            return False

    def open(self, page: str = "") -> Answer:
        """Open a page by its name in the address; the first one is ""."""
        self.page = page
        return self.rerun(opening=True)

    def rerun(self, *, opening: bool = False) -> Answer:
        """Run the script with all widgets as they are, and wait until it has finished."""
        message = BackMsg()
        state = message.rerun_script
        state.query_string = self.query
        state.page_script_hash = "" if opening else self.pages.get(self.page, "")
        state.page_name = self.page if opening else ""
        state.widget_states.widgets.extend(self.states.values())
        answer = self._ask(message)
        self.states = {key: one for key, one in self.states.items() if one.WhichOneof("value") != "trigger_value"}
        return answer

    def set(self, key: str, value: float | str | bool | list[str]) -> Answer:
        """Set a widget and rerun: a number for a slider, texts for a choice."""
        state = self.states[key] = WidgetState(id=self.ids[key])
        match value:
            case bool():
                state.bool_value = value
            case int() | float():
                state.double_array_value.data.append(value)
            case str():
                state.string_value = value
            case list():
                state.string_array_value.data.extend(value)
        return self.rerun()

    def click(self, key: str) -> Answer:
        """Click a button."""
        self.states[key] = WidgetState(id=self.ids[key], trigger_value=True)
        return self.rerun()

    def upload(self, key: str, name: str, content: bytes) -> Answer:
        """Put a file into an uploader in place of those there, and rerun."""
        urls = self._upload_address(name)
        token = self._web.cookies.get("_streamlit_xsrf", "")
        answer = self._web.put(
            urljoin(self.home, urls.upload_url), files={"file": (name, content)},
            headers={"X-Xsrftoken": token}, timeout=PATIENCE,
        )  # fmt: skip
        answer.raise_for_status()
        state = self.states[key] = WidgetState(id=self.ids[key])
        files = state.file_uploader_state_value.uploaded_file_info
        info = files.add(file_id=urls.file_id, name=name, size=len(content))
        info.file_urls.CopyFrom(urls)
        return self.rerun()

    def _upload_address(self, name: str) -> Any:
        message = BackMsg()
        message.file_urls_request.request_id = name
        message.file_urls_request.file_names.append(name)
        message.file_urls_request.session_id = self.session
        self._socket.send(message.SerializeToString())
        while True:
            found = ForwardMsg.FromString(self._socket.recv(timeout=PATIENCE))
            if found.WhichOneof("type") == "file_urls_response":
                return found.file_urls_response.file_urls[0]

    def _ask(self, message: BackMsg) -> Answer:
        answer, start = Answer(), time.perf_counter()
        self._socket.send(message.SerializeToString())
        messages = []
        while True:
            raw = self._socket.recv(timeout=PATIENCE)
            messages.append(raw)
            found = ForwardMsg.FromString(raw)
            kind = found.WhichOneof("type")
            if kind == "new_session":
                self.session = found.new_session.initialize.session_id or self.session
                # Whoever reruns starts anew; the run before was stopped.
                answer.elements.clear()
            elif kind == "navigation":
                self.pages = {("" if one.is_default else one.url_pathname): one.page_script_hash
                              for one in found.navigation.app_pages}  # fmt: skip
            elif kind == "delta" and found.delta.WhichOneof("type") == "new_element":
                self._see(found.delta.new_element)
                answer.elements[*found.metadata.delta_path] = found.delta.new_element
            elif kind == "script_finished":
                status = found.script_finished
                if status in (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_WITH_COMPILE_ERROR):
                    answer.failed = status != ForwardMsg.FINISHED_SUCCESSFULLY
                    break
        answer.seconds = time.perf_counter() - start
        answer.bytes, answer.raw = sum(map(len, messages)), b"".join(messages)
        return answer

    def _see(self, element: Any) -> None:
        body = getattr(element, element.WhichOneof("type"))
        identity = getattr(body, "id", "")
        if isinstance(identity, str) and identity.startswith("$$ID-"):
            _, _, key = identity.removeprefix("$$ID-").partition("-")
            self.ids[key] = identity
