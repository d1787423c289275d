"""The former name of the page “Number of segments”: older links lead there.

This runs on a fresh server only, before any visitor has run the entrypoint, which follows such links.
"""

import streamlit as st

from pages import frame

frame(follow=False)
st.rerun()
