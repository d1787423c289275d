"""Functions in processes of their own: their results and errors, their bounds, and their end."""

import os
import re
import signal
import tempfile
import time
from datetime import date
from threading import Barrier, Thread

import pytest

from core.errors import AmbiguousDatesError, DataError, MeasureError
from core.pipeline import load
from core.rules import Rules
from core.sources.file import FileSource
from core.workers import process
from core.workers.pool import WAITING, ExceededError, Workers
from core.workers.process import report

CSV = b"customer_id,age,state\n1,30,NSW\n2,40,VIC\n3,x,NSW\n,,\n"


class GoneError(Exception):
    """The visitor has left."""


def nothing(_):
    """Nobody looks."""


def gone(_):
    """Somebody has left."""
    raise GoneError


@pytest.fixture
def workers():
    made = Workers(1)
    yield made
    made.close()


def test_a_worker_gives_what_the_function_gives_here(workers):
    files, rules = [FileSource("a.csv", CSV)], Rules(date(2026, 1, 1))
    here, there = load(files, rules), workers.call(load, files, rules, report, name="a.csv", tick=nothing)
    assert there.customers.equals(here.customers)
    assert there.rejected.equals(here.rejected)
    assert there.quality.equals(here.quality)
    fields = ("columns", "steps", "rules", "files", "digest", "rows_read", "rows_merged", "sources", "decided")
    assert [getattr(there, name) for name in fields] == [getattr(here, name) for name in fields]


def test_the_steps_reach_the_caller_and_the_worker_serves_again(workers):
    steps = []
    workers.call(report, "half way", name="a", tick=steps.append)
    first = workers._idle[0]
    assert workers.call(len, "abc", name="a", tick=nothing) == 3
    assert steps == ["half way"]
    assert workers._idle == [first]


def test_an_error_of_the_data_arrives_whole(workers):
    content = b"customer_id,dob\n1,01/02/1980\n2,03/04/1981\n"
    with pytest.raises(AmbiguousDatesError) as caught:
        workers.call(load, [FileSource("a.csv", content)], Rules(date(2026, 1, 1)), name="a.csv", tick=nothing)
    assert (caught.value.file, caught.value.column) == ("a.csv", "dob")
    assert len(workers._idle) == 1


@pytest.mark.parametrize(
    "error",
    [DataError("Found.", "Do.", file="a", column="b", line=3, choices=("c",)), MeasureError("No.", "Do.", "1 +", 3)],
)
def test_errors_can_be_copied(workers, error):
    def parts(one):
        return type(one), str(one), one.__dict__

    (copied,) = workers.call(list, [error], name="a", tick=nothing)
    assert parts(copied) == parts(error)


def test_whoever_takes_too_much_memory_is_told_so(workers):
    with pytest.raises(ExceededError) as caught:
        workers.call(bytes, 10**10, name="big.csv", tick=nothing, memory=200_000_000)
    assert str(caught.value) == (
        "big.csv: To read this takes more than the 0.2 GB of memory that there are for it. "
        "Split the file, leave out columns that are not needed, or use the command line."
    )
    assert workers.call(len, "abc", name="a", tick=nothing) == 3


def test_a_pattern_that_holds_the_lock_is_ended_after_its_seconds(workers):
    with pytest.raises(ExceededError, match=r"^slow\.csv: To read this takes more than 1 seconds\."):
        workers.call(re.fullmatch, "(a+)+b", "a" * 60, name="slow.csv", tick=nothing, seconds=1)
    assert workers.call(len, "abc", name="a", tick=nothing) == 3


def test_a_call_that_stands_still_is_ended_after_its_seconds(workers):
    with pytest.raises(ExceededError, match=r"^still\.csv: To read this takes more than 1 seconds\."):
        workers.call(time.sleep, 1_000_000, name="still.csv", tick=nothing, seconds=1)
    assert workers.call(len, "abc", name="a", tick=nothing) == 3


def test_a_call_that_crashes_its_process_costs_only_itself(workers):
    with pytest.raises(ExceededError, match=r"^bad\.parquet: What reads this file has crashed: it may be damaged\."):
        workers.call(signal.raise_signal, signal.SIGSEGV, name="bad.parquet", tick=nothing)
    assert workers.call(len, "abc", name="a", tick=nothing) == 3


class Unsendable:
    """What cannot be sent back."""

    def __reduce__(self):
        raise ValueError("not to be sent")


@pytest.mark.parametrize(
    ("function", "arguments", "said"),
    [(Unsendable, (), "ValueError: not to be sent"), (divmod, (1, 0), "ZeroDivisionError")],
    ids=["its answer", "its call"],
)
def test_a_failure_of_our_own_is_told_as_one(workers, function, arguments, said):
    with pytest.raises(RuntimeError, match=rf"Traceback[\s\S]*{said}"):
        workers.call(function, *arguments, name="honest.csv", tick=nothing)


def test_a_module_that_cannot_be_imported_is_told_to_whoever_needs_it():
    lacking = Workers(1, "core.there_is_none")
    assert lacking.call(len, "abc", name="a", tick=nothing) == 3
    lacking.close()


def test_a_worker_that_is_killed_in_the_middle_of_an_answer_costs_only_the_call(workers):
    workers.warm_up()
    (worker,) = workers._all

    def kill(_):
        worker._process.kill()

    with pytest.raises(ExceededError, match="GB of memory"):
        workers.call(half_an_answer, name="a.csv", tick=kill)
    assert workers.call(len, "abc", name="a", tick=nothing) == 3


def half_an_answer():
    """Send the begin of a message, and wait."""
    os.write(process._caller.fileno(), (1_000_000).to_bytes(4, "big") + b"abc")
    time.sleep(1_000_000)


def test_workers_leave_no_folder_behind(workers, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    workers.call(len, "abc", name="a", tick=nothing)
    assert [path.name[:7] for path in tmp_path.iterdir()] == ["worker-"]
    workers.close()
    assert not [*tmp_path.iterdir()]


def test_first_visitors_at_once_start_one_worker(workers):
    together = Barrier(4)
    threads = [Thread(target=lambda: (together.wait(), workers.warm_up())) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(workers._all) == 1


def test_a_call_ends_with_its_process_when_nobody_waits_any_more(workers):
    workers.warm_up()
    (worker,) = workers._idle
    with pytest.raises(GoneError):
        workers.call(time.sleep, 1_000_000, name="a", tick=gone)
    assert not worker.alive
    assert workers.call(len, "abc", name="a", tick=nothing) == 3


def test_a_further_call_waits_for_a_place_and_can_give_up(workers):
    ended = []

    def wait_behind(_):
        with pytest.raises(GoneError):
            workers.call(len, "abc", name="a", tick=lambda step: ended.append(step) or gone(step))
        raise GoneError

    with pytest.raises(GoneError):
        workers.call(time.sleep, 1_000_000, name="a", tick=wait_behind)
    assert ended == [WAITING]


def test_a_worker_that_was_killed_while_it_was_idle_is_replaced(workers):
    workers.call(len, "abc", name="a", tick=nothing)
    (killed,) = workers._idle
    killed._process.kill()
    killed._process.wait()
    assert workers.call(len, "abc", name="a", tick=nothing) == 3
    assert workers._idle != [killed]


def test_whoever_asks_whether_a_worker_runs_gets_one_in_place_of_one_that_was_killed(workers):
    workers.warm_up()
    (before,) = workers.processes
    assert workers.revive()
    assert workers.processes == [before]
    workers._all[0]._process.kill()
    workers._all[0]._process.wait()
    assert workers.revive()
    (after,) = workers.processes
    assert after != before


@pytest.mark.parametrize("asked", [False, True], ids=["never asked", "idle"])
def test_a_worker_ends_with_the_server_however_that_ends(workers, asked):
    workers.warm_up()
    (worker,) = workers._all
    if asked:
        workers.call(len, "abc", name="a", tick=nothing)
    worker._process.stdin.close()  # as the system does
    assert worker._process.wait(60) == 0


def test_two_callers_get_their_own_answers():
    both, found = Workers(2), {}

    def ask(text):
        found[text] = both.call(str.upper, text, name="a", tick=nothing)

    threads = [Thread(target=ask, args=(text,)) for text in ("a", "b", "c", "d")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    both.close()
    assert found == {"a": "A", "b": "B", "c": "C", "d": "D"}
