"""The order in which pages are made when several visitors ask at once."""

import math
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from streamlit.testing.v1 import AppTest

from pages.components import turns
from pages.components.turns import PATIENCE, Turns
from tests.pages.reading import metrics
from tests.pages.test_upload import SMALL, upload

WITHIN = 60  # seconds for a thread to do what it is about to do


def started(turns: Turns, inside: Callable[[], object], due: float = 0.0) -> threading.Thread:
    """A thread that waits for its turn, or has it."""

    def run() -> None:
        with turns.turn(due):
            inside()

    before = turns.asked
    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    until(lambda: turns.asked > before)
    return thread


def until(true: Callable[[], bool]) -> None:
    for _ in range(WITHIN * 1000):
        if true():
            return
        time.sleep(0.001)
    raise AssertionError


def finished(threads: list[threading.Thread]) -> bool:
    for thread in threads:
        thread.join(WITHIN)
    return not any(thread.is_alive() for thread in threads)


def test_as_many_go_on_at_a_time_as_there_are_places() -> None:
    turns, together, waiting = Turns(2, math.inf), threading.Barrier(3, timeout=WITHIN), []
    threads = [started(turns, together.wait) for _ in range(2)]
    threads.append(started(turns, lambda: waiting.append("third")))
    together.wait()
    assert finished(threads)
    assert waiting == ["third"]


def test_first_come_first_served_but_the_patient_let_others_go_first() -> None:
    turns, order = Turns(1, math.inf), []
    with turns.turn(0):
        threads = [
            started(turns, lambda: order.append("file"), due=1.0),
            started(turns, lambda: order.append("one")),
            started(turns, lambda: order.append("other")),
        ]
    assert finished(threads)
    assert order == ["one", "other", "file"]


def test_who_takes_long_keeps_nobody_waiting() -> None:
    turns, done = Turns(1, long=0.0), []
    with turns.turn(0):
        assert finished([started(turns, lambda: done.append("other"))])
    assert done == ["other"]


def test_a_run_that_ends_in_an_error_gives_up_its_place() -> None:
    turns, done = Turns(1, math.inf), []
    with pytest.raises(ZeroDivisionError), turns.turn(0):
        raise ZeroDivisionError
    assert finished([started(turns, lambda: done.append("other"))])
    assert done == ["other"]


@pytest.fixture
def dues(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """When each run of the app is due that asks for its turn."""
    found = []

    class Asked(Turns):
        def turn(self, due: float) -> AbstractContextManager[None]:
            found.append(due)
            return super().turn(due)

    monkeypatch.setattr(turns, "TURNS", Asked(1))
    return found


def test_only_a_run_with_a_file_to_read_lets_others_go_first(app: AppTest, dues: list[float]) -> None:
    dues.clear()
    upload(app, forty_csv=SMALL)
    app.run()
    file, move = dues
    assert file - move > PATIENCE / 2
    assert not app.toast


def test_whoever_asks_again_while_waiting_keeps_their_place(app: AppTest, dues: list[float]) -> None:
    dues.clear()
    app.session_state[turns.DUE] = 1.0  # of a run that was given up
    app.run()
    app.run()
    assert dues[0] == 1.0
    assert dues[1] > 1.0


def test_a_file_that_has_to_wait_says_so(monkeypatch: pytest.MonkeyPatch, app: AppTest) -> None:
    monkeypatch.setattr(turns, "TURNS", busy := Turns(1, math.inf))
    with busy.turn(0):
        waiting = started(busy, lambda: None)
        app.file_uploader(key="uploads").upload("forty.csv", SMALL)
        run = threading.Thread(target=app.run, daemon=True)
        run.start()
        until(lambda: busy.asked == 3)
    assert finished([waiting, run])
    assert [toast.value for toast in app.toast] == ["The server is busy. Your file is read in its turn."]
    assert metrics(app)["Total customers"] == "40"
