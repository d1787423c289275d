"""What keeps the server's memory small and its rounds of garbage collection short."""

import gc

import streamlit as st


@st.cache_resource(show_spinner=False)
def settle() -> None:
    """Leave all that the first visit has imported and made out of later garbage collections, once.

    Streamlit collects garbage after every run of a page, and walking the objects of the libraries
    takes longer than many a page.
    """
    gc.collect()
    gc.freeze()
