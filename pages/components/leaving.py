"""The browser's question before a reload or a closed tab ends a session that holds uploaded files."""

import streamlit as st

from pages.components.session_cache import RESULT
from pages.components.source_box import BOX
from pages.components.upload import files_in

# The handler is kept at the window, so that a rerun replaces it. Browsers show their own words, not ours.
SCRIPT = """export default function ({ data }) {
  window.removeEventListener("beforeunload", window.askBeforeLeaving);
  window.askBeforeLeaving = (event) => { event.preventDefault(); event.returnValue = true; };
  if (data) window.addEventListener("beforeunload", window.askBeforeLeaving);
}"""
_guard = st.components.v2.component("warn_before_leaving", js=SCRIPT)


def warn_before_leaving() -> None:
    """Ask before the page is left while it has files that the visitor uploaded: a new session has none."""
    _guard(data=any(map(files_in, (BOX, RESULT))), key="warn_before_leaving")
