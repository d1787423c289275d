"""The app without its tweaks: it shows the same, and each tweak is off that is named."""

import os
import subprocess
import sys

import pytest

from core.tweaks import OFF
from pages.components.tweaks import TWEAKS, check_names
from tests.bench.server import ROOT, serving
from tests.bench.test_sessions import NAME, ONE, QUERY, seen, walked
from tests.bench.visitor import Visitor

ALL = ",".join(tweak.name for tweak in TWEAKS)
IN_FORCE = """
import os
import pages
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from ctypes import CDLL, c_void_p
from pathlib import Path
from tempfile import NamedTemporaryFile
from threading import Barrier
from altair.utils import schemapi
from streamlit.runtime.uploaded_file_manager import UploadedFile
from core import tweaks as core
from core.threads import POOLS
from pages.components import run_queue, tweaks

def arenas(threads: int) -> int:
    libc, barrier = CDLL(None), Barrier(threads)
    libc.fopen.restype = c_void_p

    def allocate(_: int) -> bytearray:
        barrier.wait()  # all threads are alive at once
        return bytearray(5000)

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(allocate, range(threads)))
        with NamedTemporaryFile() as file:
            stream = c_void_p(libc.fopen(file.name.encode(), b"w"))
            libc.malloc_info(0, stream)
            libc.fclose(stream)
            return Path(file.name).read_text().count("<heap nr=")


core.lower_priority()
with suppress(Exception), tweaks.garbage_collection(lambda: False):  # there is no session
    pass
print({
    "upload_copies": "__deepcopy__" in vars(UploadedFile),
    "unchecked_charts": not schemapi.DEBUG_MODE,
    "run_queue": run_queue.QUEUE._at_once < 3,
    "garbage_collection": tweaks.gc.get_freeze_count() > 0,
    "worker_priority": os.nice(0) > 0,
    "worker_arenas": bool(core.worker_variables()),
    "memory_arenas": arenas(6) <= 2,
    "blas_threads": max(pool["num_threads"] for pool in POOLS.info() if pool["user_api"] == "blas") == 1,
})
"""


def in_force(off: str) -> set[str]:
    """The tweaks that are found in a fresh process; a machine with one core cannot tell that of BLAS."""
    environment = {name: value for name, value in os.environ.items() if name != "MALLOC_ARENA_MAX"}
    run = subprocess.run(
        [sys.executable, "-c", IN_FORCE], cwd=ROOT, env=environment | {OFF: off, "OPENBLAS_NUM_THREADS": "2"},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return {line.split("'")[1] for line in run.stdout.split(",") if line.rstrip("}\n ").endswith("True")}


def test_the_app_shows_the_same_with_every_tweak_off(monkeypatch: pytest.MonkeyPatch) -> None:
    found = []
    for off in ("", ALL):
        monkeypatch.setenv(OFF, off)
        with serving() as server, Visitor(server.port, QUERY) as visitor:
            sample = [seen(visitor.open()), *walked(visitor, 3)]
            own = [seen(visitor.upload("uploads", NAME, ONE))]
            assert server.errors == []
        found.append((sample, own))
    assert found[0] == found[1]


def test_a_tweak_is_in_force_unless_it_is_named() -> None:
    everything = {tweak.name for tweak in TWEAKS} - {"upload_guard", "one_address"}  # which have tests of their own
    assert in_force("") == everything
    assert in_force(ALL) == set()
    assert in_force("run_queue, blas_threads") == everything - {"run_queue", "blas_threads"}


def test_a_misspelt_name_is_logged_and_the_app_goes_on(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv(OFF, "run_queue,run_que")
    check_names()
    assert caplog.messages[0].startswith(f"{OFF} names run_que. There are garbage_collection, one_address, run_queue, ")
