"""Whose page is made next, where more visitors ask at a time than there are processors.

Made all at once, pages take the processors and the memory from each other, and all are late. Made one
after the other, most are there long before. A section that reruns by itself is soon done, and waits for nobody.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from heapq import heappop, heappush
from math import inf
from threading import TIMEOUT_MAX, Condition
from time import monotonic

import streamlit as st

from pages.components.source import unread

LONG = 0.5  # seconds after which a run no longer keeps others waiting
DUE = "due"  # session state: when the run is that waits
PATIENCE = 120.0  # seconds within which others may still overtake a run with a file to read


class Turns:
    """Lets so many runs go on at a time, in the order in which they are due.

    Whoever takes more than `long` seconds goes on, but counts no longer: the next one starts beside it.
    So nobody waits for the reading of a million customers, or for a run that waits for their own.
    """

    def __init__(self, at_once: int, long: float = LONG) -> None:
        self._at_once, self._long = at_once, long
        self.asked = 0  # how many runs have so far
        self._changed = Condition()
        self._waiting: list[tuple[float, int]] = []  # when a run is due, and its number
        self._running: dict[int, float] = {}  # number → until when it counts

    @contextmanager
    def turn(self, due: float) -> Iterator[None]:
        """Wait for a place among the running, and give it up in the end; `due` is a time of `monotonic`."""
        with self._changed:
            self.asked += 1
            number = self.asked
            heappush(self._waiting, (due, number))
            while wait := self._wait(number):
                self._changed.wait(wait)
            heappop(self._waiting)
            self._running[number] = monotonic() + self._long
            self._changed.notify_all()
        try:
            yield
        finally:
            with self._changed:
                del self._running[number]
                self._changed.notify_all()

    @property
    def busy(self) -> bool:
        """Whether whoever asks now has to wait."""
        with self._changed:
            return bool(self._waiting) or self._left() > 0

    def _wait(self, number: int) -> float:
        """Seconds until a run may start unless another one ends before; 0: now."""
        return self._left() if self._waiting[0][1] == number else TIMEOUT_MAX

    def _left(self) -> float:
        """Seconds until there is a place unless a run ends before; 0: there is one."""
        now = monotonic()
        left = sorted(until - now for until in self._running.values() if until > now)
        return 0.0 if len(left) < self._at_once else min(left[-self._at_once], TIMEOUT_MAX)


def _at_once() -> int:
    """Python computes for one at a time; beside it a second one can be where the libraries do without Python."""
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(processors, 2)


TURNS = Turns(_at_once())


@contextmanager
def turn() -> Iterator[None]:
    """Make the page in its turn; with a file to read it takes as long as several others, and lets them go first."""
    late, waited_for = unread(), st.session_state.get(DUE, inf)
    if late and TURNS.busy and waited_for == inf:
        st.toast("The server is busy. Your file is read in its turn.", icon=":material/hourglass_top:", duration="long")
    # Whoever asks again while waiting, by another move of the slider, keeps their place.
    due = st.session_state[DUE] = min(waited_for, monotonic() + (PATIENCE if late else 0.0))
    with TURNS.turn(due):
        st.session_state.pop(DUE, None)
        yield
