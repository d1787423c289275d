"""The browser's question before a reload or a closed tab ends a session that holds uploaded files."""

import streamlit as st

from pages.components.session_cache import MONTHS, OUTCOMES, RESULT
from pages.components.source_box import BOX
from pages.components.upload import files_in

# Browsers show their own words. The question goes with the component, once the files are removed.
SCRIPT = """export default function () {
  const ask = (event) => { event.preventDefault(); event.returnValue = true; };
  window.addEventListener("beforeunload", ask);
  return () => window.removeEventListener("beforeunload", ask);
}"""
_guard = st.components.v2.component("warn_before_leaving", js=SCRIPT)


def warn_before_leaving() -> None:
    """Ask before the page is left while it has files that the visitor uploaded: a new session has none."""
    if any(map(files_in, (BOX, RESULT))) or any(map(st.session_state.get, (MONTHS, OUTCOMES))):
        _guard(key="warn_before_leaving")
