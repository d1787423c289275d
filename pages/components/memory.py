"""What the server's memory holds: a visitor's own for the session only, the sample for everybody."""

import gc
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

import streamlit as st

from pages.components.upload import box

Function = TypeVar("Function", bound=Callable[..., Any])

STUDY = "study"  # session state: the customers of the analyst's own files
MODEL, RESULT = "model", "result"  # the boxes of a saved model and of a result
_OWN: list[Any] = []  # the caches of what was made from a visitor's own files


def is_upload() -> bool:
    """Whether the customers shown are the analyst's own."""
    return st.session_state.get(STUDY) is not None


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
        shared = cache(max_entries=everybody, show_spinner=show_spinner)(function)
        private = cache(max_entries=own, scope="session", show_spinner=show_spinner)(function)
        _OWN.append(private)

        @wraps(function)
        def call(*arguments: Any) -> Any:
            return (private if is_own() else shared)(*arguments)

        return call

    return decorate


def forget_own() -> None:
    """Empty this session's caches."""
    for cache in _OWN:
        cache.clear()


@st.cache_resource(show_spinner=False)
def settle() -> None:
    """Leave all that the first visit has imported and made out of later garbage collections, once.

    Streamlit collects garbage after every run of a page, and walking the objects of the libraries
    takes longer than many a page.
    """
    gc.collect()
    gc.freeze()
