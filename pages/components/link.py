"""The link to what is shown, and the values of a link that wait for the data that has them."""

import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import streamlit as st

from core.customer_base import CustomerBase
from core.schema import FILTERS
from core.visuals.registry import options
from pages.components.clipboard import copy_button
from pages.components.help import TOPIC

WAITING, HELD = "waiting", "held address"  # session state
STEP = "step"  # the parameter of the present step (`history`), which means nothing to another reader
DRAWN = ("data", "as_of", TOPIC, STEP)  # parameters whose widgets are drawn without data, too
# Arguments of an input that keeps its value while its page is left, and writes it into the address unless it is the
# default. Streamlit checks the value in an address: beyond the bounds or options of the input it is dropped.
IN_LINK = {"bind": "query-params", "persist_state": "session"}
MOST, LONGEST = 200, 200  # values of a parameter, characters of a value: every waiting value is shown
# Widgets whose options come from the data: key, which is the name in the address → label.
MORE = "more_filters"  # the filters that the analyst adds
FILTER = "where_"  # before the name of a column that is none of our own: it could be that of another input
OFFERED = FILTERS | {
    MORE: "Filter",
    "features": "Feature",
    "log": "By logarithm",
    "robust": "By quartiles",
    "value": "Value measure",
    "measure": "Wealth measure",
    **{option.key: option.label for option in options().values()},
}


def filter_key(column: str) -> str:
    """The key of the filter by a column, which is its name in the address."""
    return column if column in FILTERS else f"{FILTER}{column}"


def filter_keys(state: Iterable[Any] | None = None) -> list[str]:
    """The keys of all filters that are in the session, or in its `state`."""
    keys = st.session_state if state is None else state
    return [*FILTERS, MORE, *(str(key) for key in keys if str(key).startswith(FILTER))]


def offer(key: str, options: Sequence[str], text: Callable[[str], Any] = str) -> None:
    """Before a widget is drawn, select the waiting values that are among its options; the others go on waiting.

    A widget and the address drop a value that is not among the options. But a link may be opened before its file is
    uploaded, and another file may come and go.

    Parameters
    ----------
    key : str
        Of the widget, one of `OFFERED` or that of a filter.
    options : sequence of str
        Its options.
    text : callable, optional
        The text of an option in the widget and in the address.
    """
    known = {str(text(option)): option for option in options}
    held = st.session_state.get(key)
    chosen = [held] if isinstance(held, str) else list(held or ())
    lost = [value for value in chosen if value not in options]
    is_default = isinstance(held, str) and key not in st.query_params  # nobody has picked it, so it need not wait
    wanted = dict.fromkeys([*_waiting(key), *map(str, [] if is_default else lost)])
    available = [known.get(value, value) for value in wanted if value in known or value in options]
    st.session_state[WAITING][key] = [value for value in wanted if value not in known and value not in options]
    if held is not None and (available or lost):
        selected = list(dict.fromkeys([value for value in chosen if value in options] + available))
        st.session_state[key] = (available[-1] if available else options[0]) if isinstance(held, str) else selected


def waiting() -> list[tuple[str, str, str]]:
    """Each value that the data lacks: widget's key, its label, the value."""
    values = st.session_state.get(WAITING, {})
    return [(key, _label(key), value) for key in dict.fromkeys([*OFFERED, *values]) for value in values.get(key, ())]


def _label(key: str) -> str:
    return OFFERED.get(key) or key.removeprefix(FILTER).replace("_", " ").capitalize()


def values_of(name: str) -> list[str]:
    """The values of a parameter of the address, without those that are too long or too many."""
    return [value for value in st.query_params.get_all(name) if len(value) <= LONGEST][:MOST]


def drop_infinite() -> None:
    """Remove infinite numbers from the address before any widget is drawn: Streamlit fails on them."""
    keys = [
        key
        for key in st.query_params
        if key not in OFFERED and not key.startswith(FILTER) and any(map(_infinite, st.query_params.get_all(key)))
    ]
    for key in keys:
        del st.query_params[key]
    if keys:
        st.rerun()  # widgets take their values from the address at the start of the run


def hold_address() -> None:
    """While own data is missing, keep the parameters of widgets that are not drawn in the address.

    Streamlit removes them when the page changes, or when a widget is no longer drawn.
    """
    parameters = {name: st.query_params.get_all(name) for name in st.query_params if name not in DRAWN}
    for name, values in st.session_state.setdefault(HELD, parameters).items():
        if name not in parameters:
            st.query_params[name] = values


def let_go(*, forget: bool = False) -> None:
    """Stop holding the address, since the widgets are about to be drawn; `forget` removes the held parameters."""
    for name in st.session_state.pop(HELD, {}) if forget else ():
        st.query_params.pop(name, None)
    st.session_state.pop(HELD, None)


def forget(key: str, value: str) -> None:
    """Remove a waiting value; a callback."""
    st.session_state[WAITING][key] = [waits for waits in _waiting(key) if waits != value]


def forget_all() -> None:
    """Remove all waiting values; a callback."""
    st.session_state[WAITING] = {}


def copy_link(study: CustomerBase, *, uploaded: bool, saved: bool) -> None:
    """A button that copies the link to the page, and a line on what its reader needs."""
    copy_button(_extra_parameters(study))
    if saved:
        st.caption("The link does not carry the saved model: its reader must load it, too.")
    if study.rows is None:
        st.caption(
            "The link carries the page, filters and clicks, not the result. Its reader is asked for the same result, "
            "and sees no figure until then."
        )
        return
    st.caption(
        "The link carries the page, filters, clicks, settings and country, not the data and not how else it was read. "
        "Its reader is asked for the same files, and sees no figure until then."
        if uploaded
        else "The link carries the page, filters, clicks and settings; it shows the sample data."
    )


def _waiting(key: str) -> list[str]:
    if WAITING not in st.session_state:
        names = [*OFFERED, *(name for name in [*st.query_params][:MOST] if name.startswith(FILTER))]
        st.session_state[WAITING] = {name: values_of(name) for name in names}
    return st.session_state[WAITING].get(key, [])


def _infinite(text: str) -> bool:
    try:
        return math.isinf(float(text))
    except ValueError:
        return False


def _extra_parameters(study: CustomerBase) -> dict[str, list[str]]:
    """Parameters that differ from the address bar: the waiting values, the day even if it is today, no step."""
    parameters: dict[str, list[str]] = {"as_of": [study.rules.as_of.isoformat()], STEP: []}
    for key, _, value in waiting():
        parameters[key] = [*dict.fromkeys([*parameters.get(key, st.query_params.get_all(key)), value])]
    return parameters
