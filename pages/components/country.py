"""The country of the files: the choice of the sidebar and of the panel, and the one that a link carries."""

import streamlit as st

from core.countries.decide import AUTO, NONE
from core.countries.registry import WORLD, countries, country_of
from core.customer_base import CustomerBase
from pages.components.decisions import current_intake, decide, own_choices
from pages.components.link import values_of

COUNTRY = "country"  # parameter of the address
LINKED = "country of the link"  # session state: the choice that waits for the files it was made on


def country_names() -> dict[str, str]:
    """The countries to choose from, by code: deciding first, none, the world, the others by name."""
    known = sorted(countries().values(), key=lambda country: (country.code != WORLD, country.name))
    return {AUTO: "Decide by the values", NONE: "None"} | {one.code: one.name for one in known}


def country_choice(study: CustomerBase, key: str, *, label: bool = True, help: str = "") -> None:
    """The select of the country; its first option is what the values decide."""
    names = country_names()
    if current_intake().country == AUTO:
        found = country_of(study.country)
        names[AUTO] = f"Decided: {found.name if found else 'none'}"
    st.session_state[key] = current_intake().country
    st.selectbox(
        "Country", names, key=key, format_func=names.get, on_change=_decide, args=(key,), help=help or None,
        label_visibility="visible" if label else "collapsed",
    )  # fmt: skip


def take_from_link() -> None:
    """Read the files by the country of the link that the page was opened by; called once they are there."""
    if LINKED not in st.session_state:
        st.session_state[LINKED] = next((code for code in values_of(COUNTRY) if code in country_names()), "")
    linked, st.session_state[LINKED] = st.session_state[LINKED], ""
    if linked and COUNTRY not in own_choices():
        decide(country=linked)


def hold_in_link() -> None:
    """Write the choice into the address again: a change of pages removes what no widget is bound to."""
    chosen = own_choices().get(COUNTRY) or st.session_state.get(LINKED, "")
    if chosen and st.query_params.get(COUNTRY) != chosen:
        st.query_params[COUNTRY] = chosen
    elif not chosen:
        st.query_params.pop(COUNTRY, None)


def _decide(key: str) -> None:
    st.session_state[LINKED] = ""
    decide(country=st.session_state[key])
