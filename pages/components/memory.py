"""What the server's memory holds: a visitor's own for the session only, the sample for everybody."""

import gc
import sys
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from inspect import signature
from itertools import count
from operator import attrgetter
from threading import Event
from time import monotonic
from typing import Any, TypeVar

import streamlit as st

from pages.components.upload import box

Function = TypeVar("Function", bound=Callable[..., Any])

LOADED = "loaded"  # session state: the customers of the analyst's own sources (`source.Loaded`)
MODEL, RESULT = "model", "result"  # the boxes of a saved model and of a result, whose key `origin` has too
THOROUGH = 50  # runs between two walks through all objects
_RUNS, _DISCARDED = count(), Event()
_LEFT: deque[float] = deque()  # when visitors who had files left, as far as their sessions may be kept still
_OWN: list[Any] = []  # the caches of what was made from a visitor's own files


def is_upload() -> bool:
    """Whether the customers shown are the analyst's own."""
    return getattr(st.session_state.get(LOADED), "study", None) is not None


def is_own() -> bool:
    """Whether anything shown comes from a file of the analyst's: customers, a saved model or a result."""
    return is_upload() or any(st.session_state.get(box(name)) for name in (MODEL, RESULT))


def kept(
    cache: Callable[..., Any], *, everybody: int, own: int, show_spinner: bool | str = False
) -> Callable[[Function], Function]:
    """Cache a function of a study: for the session where it is of the visitor's own files, else for all sessions.

    Parameters
    ----------
    cache : callable
        `st.cache_data` or `st.cache_resource`.
    everybody, own : int
        Results kept at most: of the bundled sample, and per visitor.
    """

    def decorate(function: Function) -> Function:
        function.__signature__ = signature(function)  # else Streamlit works it out for every argument of every call
        shared = cache(max_entries=everybody, show_spinner=show_spinner)(function)
        private = cache(max_entries=own, scope="session", show_spinner=show_spinner)(function)
        _OWN.append(private)

        @wraps(function)
        def call(*arguments: Any) -> Any:
            return (private if is_own() else shared)(*arguments)

        return call

    return decorate


def full_name(function: Callable[..., Any]) -> str:
    """The module and name by which a function is found, to stand for it in the key of a cache.

    Empty for a lambda, a closure or a partial: several of them share a name and answer differently.
    """
    module, name = getattr(function, "__module__", ""), getattr(function, "__qualname__", "")
    try:
        found = attrgetter(name)(sys.modules[module])
    except (AttributeError, KeyError):
        return ""
    return f"{module}:{name}" if found is function else ""


def forget_own() -> None:
    """Empty this session's caches."""
    for cache in _OWN:
        cache.clear()
    discard()


def discard() -> None:
    """Look for garbage among all objects at the end of the next run: much of a visitor's may have become some."""
    _DISCARDED.set()


@contextmanager
def tidied() -> Iterator[None]:
    """Look for garbage at the end of a run, however it ends, most times only among what this run has made.

    Streamlit walks through all objects after every run. Those of the libraries take longer than many a
    page, and those of fifty visitors took a third of the server's time.
    """
    try:
        yield
    finally:
        if _DISCARDED.is_set() or next(_RUNS) % THOROUGH == 0:
            _DISCARDED.clear()
            gc.unfreeze()
        gc.collect()
        gc.freeze()
        visit = _visit()
        visit.own = visit.own or is_own()


@dataclass
class Visit:
    """Whether a visitor has had files here."""

    own: bool = False


def _leave(visit: Visit) -> None:
    """A visitor has closed the app.

    Streamlit keeps the session for a while, in case they come back, and drops what it has kept for long
    enough when another visitor leaves. What it drops is garbage that only a walk through all objects finds.
    """
    now, kept_for = monotonic(), st.get_option("server.disconnectedSessionTTL")
    while _LEFT and _LEFT[0] <= now - kept_for:
        _LEFT.popleft()
        discard()
    if visit.own:
        _LEFT.append(now)


@st.cache_resource(scope="session", on_release=_leave, show_spinner=False)
def _visit() -> Visit:
    return Visit()
