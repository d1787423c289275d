"""Caches of the server: for a visitor's own files within the session, for the sample shared by everybody."""

import sys
from collections.abc import Callable
from functools import wraps
from operator import attrgetter
from typing import Any, TypeVar

import streamlit as st

from pages.components.tweaks import collect_all_next
from pages.components.upload import box

Function = TypeVar("Function", bound=Callable[..., Any])

LOADED = "loaded"  # session state: the customers of the analyst's own sources (`source.Loaded`)
MODEL, RESULT = "model", "result"  # the boxes of a saved model and of a result, whose key `origin` has too
MONTHS = "files of months"  # session state: id → the file of a month (`months`)
OUTCOMES = "files of outcomes"  # session state: id → a file of a campaign (`outcome_files`)
PROJECT_MODEL = "model of the project"  # session state: the saved model that a project brought
_OWN: list[Any] = []  # the caches for visitors' own files


def is_upload() -> bool:
    """Whether the customers shown are the analyst's own."""
    return getattr(st.session_state.get(LOADED), "study", None) is not None


def is_own() -> bool:
    """Whether anything shown comes from a file of the analyst's: customers, a model, a result, a month or outcomes."""
    boxes = (box(MODEL), box(RESULT), PROJECT_MODEL, MONTHS, OUTCOMES)
    return is_upload() or any(st.session_state.get(key) for key in boxes)


def session_cache(
    cache: Callable[..., Any], *, everybody: int, own: int, show_spinner: bool | str = False
) -> Callable[[Function], Function]:
    """Cache a function of a study: for the session if the study is of the visitor's own files, else for all sessions.

    Parameters
    ----------
    cache : callable
        `st.cache_data` or `st.cache_resource`.
    everybody, own : int
        How many results are kept at most: of the bundled sample, and per visitor.
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


def full_name(function: Callable[..., Any]) -> str:
    """The module and name of a function, as its part of the key of a cache.

    Empty for a lambda, a closure or a partial: different ones share a name.
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
    collect_all_next()
