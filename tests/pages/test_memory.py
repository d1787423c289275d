"""What becomes garbage is let go: what a run has made at its end, what is older after somebody has gone."""

import gc
import weakref
from collections.abc import Callable, Iterator

import pytest
from streamlit.runtime.caching import clear_session_resource_cache
from streamlit.testing.v1 import AppTest

from pages.components import memory
from tests.pages.reading import settled
from tests.pages.test_upload import SMALL, upload


class Ring:
    """Something that only a garbage collection frees."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture(autouse=True)
def _only_the_app_collects() -> Iterator[None]:
    gc.disable()
    yield
    gc.enable()
    gc.unfreeze()


def test_what_a_run_leaves_is_gone_at_its_end(app: AppTest) -> None:
    ring = weakref.ref(Ring())
    assert ring() is not None
    settled(app.run())
    assert ring() is None


def visitor_leaves() -> None:
    """As Streamlit does when it ends a session."""
    clear_session_resource_cache("test session id")


@pytest.mark.parametrize("gone", [memory.discard, visitor_leaves])
def test_what_is_older_is_gone_once_somebody_has_gone(app: AppTest, gone: Callable[[], None]) -> None:
    old = Ring()
    ring = weakref.ref(old)
    upload(app, mine_csv=SMALL)
    del old
    gone()
    settled(app.run())
    assert ring() is None


def test_in_the_end_all_that_is_older_is_gone(app: AppTest) -> None:
    old = Ring()
    ring = weakref.ref(old)
    settled(app.run())
    del old
    for _ in range(memory.THOROUGH):
        settled(app.run())
    assert ring() is None
