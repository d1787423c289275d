"""What reads files from outside runs in a worker process: a large or hostile file holds up no other visitor."""

from collections.abc import Callable
from time import monotonic
from typing import Any

import streamlit as st
from streamlit.runtime import get_instance
from streamlit.runtime.scriptrunner import get_script_run_ctx

from core.workers.pool import MEMORY, Workers
from pages.components import run_queue

GRACE = 30.0  # seconds: whoever has lost the connection may come back within them
PER_BYTE = 8  # bytes of memory for a byte of the files: what reading honest ones takes, and a quarter more
WORKERS = Workers(run_queue.at_once(), "core.audit", "core.cubes.opened")


def in_worker(
    function: Callable[..., Any], *arguments: Any, name: str, size: int, say: Callable[[str], Any] = lambda _: None
) -> Any:
    """What a function of core returns, called in a worker process while others get their pages.

    It ends when the visitor leaves, or asks for something else meanwhile.

    Parameters
    ----------
    function, *arguments
        As `Workers.call` takes them.
    name, size
        What is read, for messages, and its bytes.
    say : callable
        Called with the step it is at, several times a second.
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
        """Stop the run where the visitor has left, or wants another one: Streamlit ends it on a look at the state."""
        if self._context is None:  # outside of a server
            return
        if get_instance().is_active_session(self._context.session_id):
            self._seen = monotonic()
        if monotonic() > self._seen + GRACE:
            st.stop()
        _ = run_queue.DUE in st.session_state
