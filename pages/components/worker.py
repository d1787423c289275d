"""Uploaded files are read in a worker process, so that a large or hostile one does not block other visitors."""

from collections.abc import Callable
from time import monotonic
from typing import Any

import streamlit as st
from streamlit.runtime import get_instance
from streamlit.runtime.scriptrunner import get_script_run_ctx

from core.workers.pool import MEMORY, Workers
from pages.components import run_queue

GRACE = 30.0  # seconds in which a visitor who has lost the connection may come back
PER_BYTE = 8  # bytes of memory per byte of the files: a quarter more than reading ordinary ones takes
WORKERS = Workers(run_queue.at_once(), "core.audit", "core.cubes.opened")


def in_worker(
    function: Callable[..., Any], *arguments: Any, name: str, size: int, say: Callable[[str], Any] = lambda _: None
) -> Any:
    """Call a function of core in a worker process, and return its result.

    Other visitors get their pages meanwhile. The call ends when the visitor leaves or asks for something else.

    Parameters
    ----------
    function, *arguments
        As `Workers.call` takes them.
    name, size
        The name of the input, for messages, and its size in bytes.
    say : callable
        Called with the current step, several times a second.
    """
    present = _Presence()

    def tick(step: str) -> None:
        present.check()
        say(step)

    with run_queue.QUEUE.step_out():
        return WORKERS.call(function, *arguments, name=name, tick=tick, memory=MEMORY + PER_BYTE * size)


class _Presence:
    """Whether the visitor of this run is still there."""

    def __init__(self) -> None:
        self._context, self._seen = get_script_run_ctx(), monotonic()

    def check(self) -> None:
        """Stop the run if the visitor has left. Reading the session state ends it if they ask for another run."""
        if self._context is None:  # outside of a server
            return
        if get_instance().is_active_session(self._context.session_id):
            self._seen = monotonic()
        if monotonic() > self._seen + GRACE:
            st.stop()
        _ = run_queue.DUE in st.session_state
