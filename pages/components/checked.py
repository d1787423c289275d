"""The files whose reading the analyst found right: kept in the session, the address and the rules."""

import streamlit as st

from pages.components.decisions import rules_file
from pages.components.link import values_of

CHECKED = "checked"  # session state, and the parameter of the address


def checked() -> tuple[str, ...]:
    """What identifies each of them (`understanding.confirmation`)."""
    used = rules_file()
    own = st.session_state.setdefault(CHECKED, tuple(values_of(CHECKED)))
    return tuple(dict.fromkeys([*own, *(used.checked if used else ())]))


def check(confirmation: str) -> None:
    """Store that the reading is right; a callback."""
    st.session_state[CHECKED] = tuple(dict.fromkeys([*checked(), confirmation]))


def hold_checked() -> None:
    """Write them into the address again: a change of pages removes what no widget is bound to."""
    if (own := list(checked())) and st.query_params.get_all(CHECKED) != own:
        st.query_params[CHECKED] = own
