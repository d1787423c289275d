"""Files are read in a worker process, which ends when its visitor leaves or asks for something else."""

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.workers.pool import Workers
from pages.components import worker
from tests.pages.reading import PATIENCE, said
from tests.pages.test_upload import SMALL, upload


class Recorded(Workers):
    """Workers that say what they are asked, and under which bounds."""

    def __init__(self) -> None:
        super().__init__(1)
        self.asked: list[tuple[str, str, int]] = []

    def call(self, function: Any, *arguments: Any, name: str, memory: int, **more: Any) -> Any:
        self.asked.append((function.__name__, name, memory - worker.MEMORY))
        return super().call(function, *arguments, name=name, memory=memory, **more)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str, int]]:
    monkeypatch.setattr(worker, "WORKERS", recorded := Recorded())
    return recorded.asked


def test_files_and_a_customer_looked_into_are_read_in_a_worker(app: AppTest, asked: list[tuple[str, str, int]]) -> None:
    upload(app, forty_csv=SMALL)
    app.switch_page("pages/data.py").run()
    app.text_input(key="audit").set_value("7").run()
    assert "Customer **7**: segment" in said(app)
    room = worker.PER_BYTE * len(SMALL)
    assert asked == [("load", "forty.csv", room), ("read_again", "forty.csv", room)]


def waits_for_a_worker() -> None:
    import re

    import streamlit as st

    from pages.components.run_queue import QUEUE
    from pages.components.worker import in_worker

    with QUEUE.place(0):
        in_worker(re.fullmatch, "(a+)+b", "a" * 60, name="slow.csv", size=0)
    st.write("never")


def test_reading_ends_when_the_visitor_leaves(monkeypatch: pytest.MonkeyPatch) -> None:
    class Left:
        def is_active_session(self, _: str) -> bool:
            return False

    monkeypatch.setattr(worker, "GRACE", 0.0)
    monkeypatch.setattr(worker, "get_instance", Left)
    workers = Workers(1)
    workers.warm_up()
    (process,) = workers._idle
    monkeypatch.setattr(worker, "WORKERS", workers)
    at = AppTest.from_function(waits_for_a_worker, default_timeout=PATIENCE).run()
    assert not at.markdown
    assert not at.exception
    assert not process.alive
