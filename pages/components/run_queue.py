"""The queue of page runs, for when more visitors ask at a time than there are processors.

Runs that all go on at once slow each other down and need more memory. In a queue, most of them end much earlier. A
section that reruns by itself is short and does not queue.
"""

import os
import sys
from bisect import insort
from collections.abc import Iterator
from contextlib import contextmanager
from threading import TIMEOUT_MAX, Condition, local
from time import monotonic

import streamlit as st

from pages.components.metrics import RUNS, WAITS
from pages.components.tweaks import RUN_QUEUE

LONG = 0.5  # seconds after which a run no longer counts as running
DUE = "due"  # session state: when the waiting run is due

Ticket = tuple[float, int]  # when a run is due, and its number


class RunQueue:
    """Limits the runs that go on at a time to `at_once`, in the order in which they are due.

    A run that takes more than `long` seconds goes on but no longer counts, so the next one starts.
    """

    def __init__(self, at_once: int, long: float = LONG) -> None:
        self._at_once, self._long = at_once, long
        self.asked = 0  # how many runs have asked for a place so far
        self._changed = Condition()
        self._waiting: list[Ticket] = []  # in order
        self._running: dict[Ticket, float] = {}  # ticket → the time until which it counts
        self._own = local()  # the ticket of this thread's run

    @property
    def waiting(self) -> int:
        """How many runs wait for a place."""
        return len(self._waiting)

    @property
    def running(self) -> int:
        """How many runs have a place."""
        return len(self._running)

    @contextmanager
    def place(self, due: float) -> Iterator[None]:
        """Wait for a place among the running, and give it up in the end; `due` is a time of `monotonic`."""
        self._take(due)
        try:
            yield
        finally:
            self._give_up()

    @contextmanager
    def step_out(self) -> Iterator[None]:
        """Give the place to others while this run waits for another process, then wait for a place again.

        It waits after an error, too, since its page is shown; but not where Streamlit ends the run (by no `Exception`).
        """
        self._give_up()
        try:
            yield
        except Exception:
            self._take(monotonic())
            raise
        self._take(monotonic())

    def _take(self, due: float) -> None:
        with self._changed:
            self.asked += 1
            ticket = due, self.asked
            insort(self._waiting, ticket)
            try:
                while wait := self._seconds_to_wait(ticket):
                    self._changed.wait(wait)
                self._running[ticket] = monotonic() + self._long
                self._own.ticket = ticket
            finally:
                self._waiting.remove(ticket)
                self._changed.notify_all()

    def _give_up(self) -> None:
        with self._changed:
            self._running.pop(getattr(self._own, "ticket", None), None)
            self._changed.notify_all()

    def _seconds_to_wait(self, ticket: Ticket) -> float:
        """Seconds until a run may start, unless another one ends or starts before; 0: now."""
        if self._waiting[0] != ticket:
            return TIMEOUT_MAX
        now = monotonic()
        left = sorted(until - now for until in self._running.values() if until > now)
        return 0.0 if len(left) < self._at_once else min(left[-self._at_once], TIMEOUT_MAX)


def at_once() -> int:
    """How many runs go on at a time: one in Python, and one in libraries that release its lock."""
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(processors, 2)


QUEUE = RunQueue(at_once() if RUN_QUEUE.on else sys.maxsize)


@contextmanager
def queued() -> Iterator[None]:
    """Run the page when it is due. A visitor who asks again while waiting, such as by a slider, keeps their place."""
    due = st.session_state.setdefault(DUE, monotonic())
    with QUEUE.place(due):
        start = monotonic()
        WAITS.add(start - due)
        st.session_state.pop(DUE, None)
        try:
            yield
        finally:
            RUNS.add(monotonic() - start)
