"""The app under Streamlit's own test runner: no server, no browser."""

from collections.abc import Iterator
from functools import cache

import pytest
import streamlit as st
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from tests.pages.reading import started


@pytest.fixture(autouse=True, scope="session")
def _packages_searched_once() -> Iterator[None]:
    """Each new `AppTest` searches all installed packages for components, which takes longer than to draw a page."""
    with pytest.MonkeyPatch.context() as once:
        once.setattr(manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests))
        yield


@pytest.fixture(autouse=True, scope="module")
def _fresh_caches() -> None:
    """Caches are shared by the tests of a file, as by the visitors of a server, and start empty in each."""
    st.cache_data.clear()
    st.cache_resource.clear()


@pytest.fixture
def app() -> AppTest:
    """The app on the bundled sample, at a fixed day."""
    return started()
