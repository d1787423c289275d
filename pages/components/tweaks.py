"""Changes to the server's process and to its libraries, one table: what each does, what it buys, when it can go.

Each is switched off by its name in the environment variable `TWEAKS_OFF` (`core/tweaks.py`). The figures compare runs
with and without the tweak in turn, on two cores. Those of `run_queue` and `worker_priority` are wall time, that of
`memory_arenas` is memory; the others are the server's processor time for a page that is run again.
"""

import gc
import logging
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from threading import Event
from time import monotonic
from typing import Any, Final

import altair as alt
import pandas as pd
import streamlit as st
from altair.utils import schemapi
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile

from core.tweaks import CORE_TWEAKS, OFF, Tweak, names_off
from core.views.chart_text import drawable_spec, drawable_table

GARBAGE_COLLECTION: Final = Tweak(
    "garbage_collection",
    what="After a run only what the run made is searched for garbage. Streamlit alone searches all objects, those of "
    "the libraries too.",
    buys="A page takes 0.35 to 0.55 of the time.",
    until="Streamlit leaves the garbage collection to Python.",
)
ONE_ADDRESS: Final = Tweak(
    "one_address",
    what="All changes of the address in a run reach the browser as one. Streamlit sends each by itself.",
    buys="No time: one press of the back button undoes a step, in place of two or three presses.",
    until="Streamlit sends the address once in a run.",
)
RUN_QUEUE: Final = Tweak(
    "run_queue",
    what="At most two runs go on at a time, in the order in which they were asked for (`run_queue`).",
    buys="Twelve visitors who click at once wait 0.4 of the time on one core, 0.8 on two.",
    until="Each session has a process of its own.",
)
UNCHECKED_CHARTS: Final = Tweak(
    "unchecked_charts",
    what="Charts are sent without a check against Vega-Lite's schema. The tests check every chart.",
    buys="A page with charts takes 0.5 to 0.8 of the time.",
    until="Altair has a public way to write a chart unchecked.",
)
UPLOAD_COPIES: Final = Tweak(
    "upload_copies",
    what="Streamlit copies the value of every widget in each run. Here it does not copy files, which nobody changes.",
    buys="With a file of 82 MB a page takes 0.5 to 0.9 of the time.",
    until="Streamlit no longer copies them.",
)
UPLOAD_GUARD: Final = Tweak(
    "upload_guard",
    what="Where a login is set up, the server takes files from logged-in visitors only (`upload_guard`).",
    buys="Security, not time. Without it everybody who reaches the server can fill its memory.",
    until="Streamlit asks for the login itself before it takes a file.",
)
TWEAKS: Final = (
    GARBAGE_COLLECTION,
    ONE_ADDRESS,
    RUN_QUEUE,
    UNCHECKED_CHARTS,
    UPLOAD_COPIES,
    UPLOAD_GUARD,
    *CORE_TWEAKS,
)

FULL_EVERY: Final = 50  # runs between two searches of all objects
_RUNS, _FULL_NEXT = count(), Event()
_LEFT: deque[float] = deque()  # when visitors left who had files, as far as Streamlit may still keep their sessions


def check_names() -> None:
    """Warn in the server's log if the environment switches off a tweak that does not exist; the others go off."""
    known = [tweak.name for tweak in TWEAKS]
    if unknown := sorted(names_off().difference(known)):
        logging.getLogger(__name__).warning(f"{OFF} names {', '.join(unknown)}. There are {', '.join(known)}.")


check_names()
if UPLOAD_COPIES.on:
    UploadedFile.__deepcopy__ = lambda upload, _: upload
if UNCHECKED_CHARTS.on:
    schemapi.disable_debug_mode()


@dataclass(frozen=True)
class Unchecked:
    """A chart that `st.altair_chart` sends without checking it, nor putting its layers together once more."""

    figure: alt.TopLevelMixin

    def to_dict(self) -> dict[str, Any]:
        """The chart as Vega-Lite, its data as Altair's data transformer in force gives it."""
        figure, shared = self.figure, {}
        for part in (figure, *getattr(figure, "layer", ())):
            if isinstance(part.data, pd.DataFrame):
                part.data = drawable_table(part.data)
        if not UNCHECKED_CHARTS.on:
            return drawable_spec(figure.to_dict())
        if figure.data is not alt.Undefined:  # else each layer has data of its own
            shared["data"] = alt.data_transformers.get()(figure.data)
        context = {"top_level": False, "datasets": {}, **shared}
        escape_markdown = schemapi.SchemaBase.to_dict(figure, validate=False, ignore=["data"], context=context)
        return {"$schema": alt.SCHEMA_URL, **shared, **drawable_spec(escape_markdown)}


@contextmanager
def garbage_collection(is_own: Callable[[], bool]) -> Iterator[None]:
    """Collect the garbage of a run at its end, however it ends; now and then all garbage.

    Objects that survive a run are frozen: the search that Streamlit starts after every run passes them over. What
    becomes garbage among them is found by a full search only. One is made every `FULL_EVERY` runs, when a visitor
    deletes their files, and when Streamlit drops the session of a visitor who had some (`is_own`).
    """
    try:
        yield
    finally:
        if GARBAGE_COLLECTION.on:
            _collect()
            visit = _visit()
            visit.own = visit.own or is_own()


@contextmanager
def one_address() -> Iterator[None]:
    """Send the last address of a run at its end, however it ends: each that is sent is an entry in the history."""
    context = get_script_run_ctx()
    if context is None or not ONE_ADDRESS.on:
        yield
        return
    send, last = context._enqueue, list[ForwardMsg]()

    def hold(message: ForwardMsg) -> None:
        if message.WhichOneof("type") == "page_info_changed":
            last[:] = [message]
        else:
            send(message)

    context._enqueue = hold
    try:
        yield
    finally:
        context._enqueue = send
        for message in last:
            send(message)


def collect_all_next() -> None:
    """Search all objects at the end of the next run: much that a visitor had may have become garbage."""
    _FULL_NEXT.set()


def _collect() -> None:
    if _FULL_NEXT.is_set() or next(_RUNS) % FULL_EVERY == 0:
        _FULL_NEXT.clear()
        gc.unfreeze()
    gc.collect()
    gc.freeze()


@dataclass
class Visit:
    """Whether a visitor has had files here."""

    own: bool = False


def _leave(visit: Visit) -> None:
    """Note that a visitor has closed the app.

    Streamlit keeps the session for a while, in case they come back. It drops sessions that are too old when another
    visitor leaves.
    """
    now, session_seconds = monotonic(), st.get_option("server.disconnectedSessionTTL")
    while _LEFT and _LEFT[0] <= now - session_seconds:
        _LEFT.popleft()
        collect_all_next()
    if visit.own:
        _LEFT.append(now)


@st.cache_resource(scope="session", on_release=_leave, show_spinner=False)
def _visit() -> Visit:
    return Visit()
