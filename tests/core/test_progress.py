"""How far a long step is: told to whoever waits, by a thread that does not outlive the step."""

import threading
from contextlib import contextmanager
from datetime import date

import pytest

from core.intake import clean
from core.intake.reading import plain
from core.pipeline import load
from core.progress import tell, told_to, watched
from core.rules import Rules
from core.sources.file import FileSource

ROWS = 300


def test_a_step_is_told_to_the_innermost_who_waits_and_to_nobody_outside():
    told = []
    tell("before")
    with told_to(lambda step: told.append(f"outer {step}")):
        with told_to(lambda step: told.append(f"inner {step}")):
            tell("1")
        tell("2")
    tell("after")
    assert told == ["inner 1", "outer 2"]


def test_a_running_step_is_asked_until_it_is_over():
    asked = threading.Event()
    told = []

    def tell_once(step):
        told.append(step)
        asked.set()

    with told_to(tell_once), watched(lambda: "half", every=0.001):
        assert asked.wait(20)
    assert set(told) == {"half"}


def test_a_caller_that_is_gone_does_not_end_the_step():
    def gone(_):
        raise BrokenPipeError

    before = threading.active_count()
    with told_to(gone), watched(lambda: "half", every=0.001):
        for _ in range(1000):
            if threading.active_count() == before:
                break
            threading.Event().wait(0.01)
    assert threading.active_count() == before


@pytest.mark.parametrize("odd", ["", "x,1\n"], ids=["even", "with a short row"])
def test_a_file_tells_its_rows_so_far_and_then_its_columns(monkeypatch, odd):
    @contextmanager
    def before_and_after(step):
        tell(step())
        yield
        tell(step())

    told = []
    monkeypatch.setattr(plain, "WATCHED", 1)
    monkeypatch.setattr(clean, "MANY", 1)
    monkeypatch.setattr(plain, "watched", before_and_after)
    text = "customer_id,age,balance\n" + odd + "".join(f"c{i},{20 + i % 50},{i}\n" for i in range(ROWS))
    load([FileSource("bank.csv", text.encode())], Rules(date(2026, 1, 1)), told.append)
    lines = f"{ROWS + 1 + bool(odd):,}"
    within = [step for step in told if step.startswith("Reading bank.csv: ")]
    assert (within[0], within[-1]) == (
        f"Reading bank.csv: 0 of {lines} rows", f"Reading bank.csv: {lines} of {lines} rows"
    )  # fmt: skip
    cleaned = [step for step in told if step.startswith("Cleaning ")]
    assert cleaned == [f"Cleaning {ROWS:,} rows", *(f"Cleaning {ROWS:,} rows: column {at} of 2" for at in (1, 2))]
