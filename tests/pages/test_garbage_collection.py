"""What becomes garbage is let go: what a run has made at its end, what is older after somebody has gone."""

import gc
import weakref
from collections.abc import Iterator

import pytest
from streamlit.runtime.caching import clear_session_resource_cache
from streamlit.testing.v1 import AppTest

from pages.components import tweaks
from tests.pages.reading import said, settled, started
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


def test_what_a_run_leaves_is_gone_at_its_end_and_the_rest_is_not_walked_through_again(app: AppTest) -> None:
    ring = weakref.ref(Ring())
    assert ring() is not None
    settled(app.run())
    assert ring() is None
    assert gc.get_freeze_count() > 50_000, "the libraries alone have more"
    assert len(gc.get_objects()) < 50_000


def leave() -> None:
    """As Streamlit does when a visitor closes the app."""
    clear_session_resource_cache("test session id")


def test_what_is_older_is_gone_once_the_session_of_a_visitor_with_files_is(monkeypatch: pytest.MonkeyPatch) -> None:
    theirs, other = started(), started()
    old = Ring()
    ring = weakref.ref(old)
    upload(theirs, mine_csv=SMALL)
    leave()
    settled(other.run())
    assert ring() is not None, "the session is kept in case they come back"
    del old
    monkeypatch.setattr(tweaks.st, "get_option", lambda _: 0)
    leave()  # another one, upon which the session is dropped
    settled(other.run())
    assert ring() is None


def test_after_a_page_that_stopped_early_garbage_is_looked_for_too() -> None:
    at = started(click=["map:NSW", "states:VIC"])
    assert "No customer passes all filters" in said(at)
    old = Ring()
    ring = weakref.ref(old)
    settled(at.run())
    del old
    tweaks.collect_all_next()
    settled(at.run())
    assert ring() is None


def test_in_the_end_all_that_is_older_is_gone(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tweaks, "FULL_EVERY", 3)
    old = Ring()
    ring = weakref.ref(old)
    settled(app.run())
    del old
    for _ in range(3):
        settled(app.run())
    assert ring() is None
