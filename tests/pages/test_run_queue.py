"""The order in which pages are made when several visitors ask at once."""

import math
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress

import pytest
from streamlit.testing.v1 import AppTest

from pages.components import run_queue
from pages.components.run_queue import RunQueue

WITHIN = 60  # seconds for a thread to do what it is about to do


def started(queue: RunQueue, inside: Callable[[], object], due: float = 0.0) -> threading.Thread:
    """A thread that waits for its turn, or has it."""

    def run() -> None:
        with queue.place(due):
            inside()

    before = queue.asked
    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    until(lambda: queue.asked > before)
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
    queue, together, waiting = RunQueue(2, math.inf), threading.Barrier(3, timeout=WITHIN), []
    threads = [started(queue, together.wait) for _ in range(2)]
    threads.append(started(queue, lambda: waiting.append("third")))
    together.wait()
    assert finished(threads)
    assert waiting == ["third"]


def test_runs_go_on_in_the_order_in_which_they_are_due() -> None:
    queue, order = RunQueue(1, math.inf), []
    with queue.place(0):
        threads = [
            started(queue, lambda: order.append("late"), due=1.0),
            started(queue, lambda: order.append("one")),
            started(queue, lambda: order.append("other")),
        ]
    assert finished(threads)
    assert order == ["one", "other", "late"]


def test_who_takes_long_keeps_nobody_waiting() -> None:
    queue, done = RunQueue(1, long=0.0), []
    with queue.place(0):
        assert finished([started(queue, lambda: done.append("other"))])
    assert done == ["other"]


def test_a_run_that_ends_in_an_error_gives_up_its_place() -> None:
    queue, done = RunQueue(1, math.inf), []
    with pytest.raises(ZeroDivisionError), queue.place(0):
        raise ZeroDivisionError
    assert finished([started(queue, lambda: done.append("other"))])
    assert done == ["other"]


def test_a_run_that_waits_for_another_process_gives_its_place_to_others_and_takes_a_new_one() -> None:
    queue, order = RunQueue(1, math.inf), []

    def read() -> None:
        with queue.step_out():
            assert finished([started(queue, lambda: order.append("other"))])
        order.append("reader")
        behind.append(started(queue, lambda: order.append("behind")))
        order.append("reader still")

    behind: list[threading.Thread] = []
    assert finished([started(queue, read)])
    assert finished(behind)
    assert order == ["other", "reader", "reader still", "behind"]


def test_a_run_that_ends_while_it_is_aside_leaves_every_place_free() -> None:
    queue, done = RunQueue(1, math.inf), []
    with pytest.raises(KeyboardInterrupt), queue.place(0), queue.step_out():
        raise KeyboardInterrupt
    assert finished([started(queue, lambda: done.append("other"))])
    assert done == ["other"]


def test_a_run_whose_file_is_refused_has_a_place_again_while_it_shows_that() -> None:
    queue, order = RunQueue(1, math.inf), []
    with queue.place(0):
        with suppress(ZeroDivisionError), queue.step_out():
            raise ZeroDivisionError
        behind = started(queue, lambda: order.append("behind"))
        order.append("refused")
    assert finished([behind])
    assert order == ["refused", "behind"]


def test_an_error_while_a_run_waits_keeps_nobody_else_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    queue, done = RunQueue(1, math.inf), []

    def interrupted(_: float) -> None:
        raise KeyboardInterrupt

    with queue.place(0), monkeypatch.context() as patched:
        patched.setattr(queue._changed, "wait", interrupted)
        with pytest.raises(KeyboardInterrupt), queue.place(0):
            done.append("never")
    assert finished([started(queue, lambda: done.append("other"))])
    assert done == ["other"]


@pytest.mark.parametrize(("processors", "places"), [(1, 1), (2, 2), (3, 2), (64, 2)])
def test_places_are_the_processors_but_two_at_most(
    monkeypatch: pytest.MonkeyPatch, processors: int, places: int
) -> None:
    monkeypatch.setattr(run_queue.os, "sched_getaffinity", lambda _: range(processors), raising=False)
    assert run_queue.at_once() == places


@pytest.fixture
def dues(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """When each run of the app is due that asks for its turn."""
    found = []

    class Asked(RunQueue):
        def place(self, due: float) -> AbstractContextManager[None]:
            found.append(due)
            return super().place(due)

    monkeypatch.setattr(run_queue, "QUEUE", Asked(1))
    return found


def test_whoever_asks_again_while_waiting_keeps_their_place(app: AppTest, dues: list[float]) -> None:
    dues.clear()
    app.session_state[run_queue.DUE] = 1.0  # of a run that was given up
    app.run()
    app.run()
    assert dues[0] == 1.0
    assert dues[1] > 1.0
