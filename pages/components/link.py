"""The link to what is shown, and the values of a link that wait for the data that has them."""

import math
from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from core.customer_base import CustomerBase
from core.schema import FILTERS
from pages.components.clipboard import copy_button

WAITING, HELD = "waiting", "held address"  # session state
DRAWN = ("data", "as_of")  # what the address says of these is written by what is drawn without data too
# How an input stays while it is not drawn, as when its page is left, and goes into the address where it is not the
# usual value.
# What an address says of it is checked by Streamlit: beyond its bounds or options it is dropped.
IN_LINK = {"bind": "query-params", "persist_state": "session"}
MOST, LONGEST = 200, 200  # values of a parameter, characters of one: each that waits is shown
# Widgets that offer what the data has; by their key, which is their name in the address.
OFFERED = FILTERS | {
    "features": "Feature",
    "log": "By logarithm",
    "robust": "By quartiles",
    "value": "Value measure",
    "measure": "Wealth measure",
}


def offer(key: str, options: Sequence[str], text: Callable[[str], Any] = str) -> None:
    """Before a widget is drawn, give it the values that waited for these options, and keep those they lack.

    A widget forgets a value that is not among its options, and the address with it. But a link may be
    opened before the file it was made on is dropped, and another file may come and go.

    Parameters
    ----------
    key : str
        Of the widget, one of `OFFERED`.
    options : sequence of str
        What it offers.
    text : callable, optional
        What the widget shows for an option; this is what an address carries.
    """
    known = {str(text(option)): option for option in options}
    held = st.session_state.get(key) if key in st.session_state else None
    chosen = [held] if isinstance(held, str) else list(held or ())
    lost = [value for value in chosen if value not in options]
    usual = isinstance(held, str) and key not in st.query_params  # nobody has picked it, so nobody waits for it
    wanted = dict.fromkeys([*_waiting(key), *map(str, [] if usual else lost)])
    found = [known.get(value, value) for value in wanted if value in known or value in options]
    st.session_state[WAITING][key] = [value for value in wanted if value not in known and value not in options]
    if held is not None and (found or lost):
        kept = list(dict.fromkeys([value for value in chosen if value in options] + found))
        st.session_state[key] = (found[-1] if found else options[0]) if isinstance(held, str) else kept


def waiting() -> list[tuple[str, str, str]]:
    """Each value that the data lacks: widget's key, its label, the value."""
    kept = st.session_state.get(WAITING, {})
    return [(key, label, value) for key, label in OFFERED.items() for value in kept.get(key, ())]


def values_of(name: str) -> list[str]:
    """The values of a parameter of the address, those that are too long or too many left out."""
    return [value for value in st.query_params.get_all(name) if len(value) <= LONGEST][:MOST]


def drop_infinite() -> None:
    """Before any widget is drawn: Streamlit fails on a whole number that the address calls infinite."""
    keys = [key for key in st.query_params if key not in OFFERED and any(map(_infinite, st.query_params.get_all(key)))]
    for key in keys:
        del st.query_params[key]
    if keys:
        st.rerun()  # a widget is filled from the address that the run began with


def hold_address() -> None:
    """While own data is missing, keep what the address says to widgets that are not drawn.

    Streamlit takes it away when the page changes, or when a widget is drawn no longer.
    """
    said = {name: st.query_params.get_all(name) for name in st.query_params if name not in DRAWN}
    for name, values in st.session_state.setdefault(HELD, said).items():
        if name not in said:
            st.query_params[name] = values


def let_go(*, forget: bool = False) -> None:
    """Leave the address to the widgets again, which are about to be drawn; or `forget` what it was to keep."""
    for name in st.session_state.pop(HELD, {}) if forget else ():
        st.query_params.pop(name, None)
    st.session_state.pop(HELD, None)


def forget(key: str, value: str) -> None:
    """No longer wait for a value; a callback."""
    st.session_state[WAITING][key] = [one for one in st.session_state[WAITING][key] if one != value]


def forget_all() -> None:
    """No longer wait for anything; a callback."""
    st.session_state[WAITING] = {}


def copy_link(study: CustomerBase, *, uploaded: bool, saved: bool) -> None:
    """A button that copies the link to what is shown, and what whoever opens it needs."""
    copy_button(_besides(study))
    if saved:
        st.caption("The saved model does not travel with the link: whoever opens it must load it, too.")
    if study.rows is None:
        st.caption(
            "The link carries the page, filters and clicks, not the result: whoever opens it is asked for the same "
            "result, and sees no figure until then."
        )
        return
    st.caption(
        "The link carries the page, filters, clicks and settings, neither the data nor how it was read: whoever opens "
        "it is asked for the same files, and sees no figure until then."
        if uploaded
        else "The link carries the page, filters, clicks and settings; it shows the sample data."
    )


def _waiting(key: str) -> list[str]:
    if WAITING not in st.session_state:
        st.session_state[WAITING] = {name: values_of(name) for name in OFFERED}
    return st.session_state[WAITING].get(key, [])


def _infinite(text: str) -> bool:
    try:
        return math.isinf(float(text))
    except ValueError:
        return False


def _besides(study: CustomerBase) -> dict[str, list[str]]:
    """What the address bar leaves out: what waits, and the day ages are counted at, today unless it is chosen."""
    found = {"as_of": [study.rules.as_of.isoformat()]}
    for key, _, value in waiting():
        found[key] = [*dict.fromkeys([*found.get(key, st.query_params.get_all(key)), value])]
    return found
