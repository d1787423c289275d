"""The app under Streamlit's own test runner: no server, no browser."""

from collections.abc import Iterator
from functools import cache

import pytest
import streamlit as st
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from pages.components import tweaks
from tests.pages.reading import started


@pytest.fixture(autouse=True, scope="session")
def _little_is_searched() -> Iterator[None]:
    """What takes as long as to draw a page: all packages are searched for components by each new `AppTest`.

    And all objects of all tests for garbage, now and then, which a server has fewer of.
    """
    with pytest.MonkeyPatch.context() as once:
        once.setattr(manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests))
        once.setattr(tweaks, "FULL_EVERY", 500)
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
