"""The app under Streamlit's own test runner: no server, no browser."""

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from tests.pages.reading import started


@pytest.fixture(autouse=True, scope="module")
def _fresh_caches() -> None:
    """Caches are shared by the tests of a file, as by the visitors of a server, and start empty in each."""
    st.cache_data.clear()
    st.cache_resource.clear()


@pytest.fixture
def app() -> AppTest:
    """The app on the bundled sample, at a fixed day."""
    return started()
