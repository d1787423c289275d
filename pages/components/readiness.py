"""Whether a server can take one more visitor, and the addresses `/ready` and `/metrics` that say it to an operator."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from streamlit.runtime import RuntimeState, get_instance
from streamlit.starlette import App

from pages.components.metrics import METRICS, text_of
from pages.components.run_queue import QUEUE
from pages.components.worker import WORKERS

BOUND: Final = "MEMORY_BOUND_MB"  # an environment variable: a server that holds more takes no new visitor
SHARE: Final = 0.5  # of the container's or machine's memory, unless the variable is set: workers need the rest
CONTAINER: Final = Path("/sys/fs/cgroup/memory.max")
OPENMETRICS: Final = "application/openmetrics-text; version=1.0.0; charset=utf-8"
FULL: Final = 404  # a proxy such as HAProxy then keeps the visitors that are here, and sends no new ones
AGAIN: Final = 10  # seconds until the app is run again, if its first run went wrong

_FIRST_RUN: Final = {"state": "starting"}  # of the app without a visitor: "ok" once it has gone well


def memory_held(process: str = "self") -> int:
    """Bytes that a process holds; 0 where the system does not say."""
    with suppress(OSError):
        return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    return 0


def memory_bound() -> float:
    """Bytes above which this server takes no new visitor."""
    if megabytes := os.environ.get(BOUND, "").strip():
        return float(megabytes) * 1e6
    with suppress(OSError, ValueError):  # "max": without a limit
        return SHARE * int(CONTAINER.read_text())
    with suppress(AttributeError, OSError, ValueError):
        return SHARE * os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return float("inf")


def readiness() -> tuple[str, int]:
    """In words, and as an HTTP status: 200 for ready, 404 for full, 503 for all else."""
    if get_instance().state in (RuntimeState.STOPPING, RuntimeState.STOPPED):
        return "not ready: the server is stopping", 503
    if _FIRST_RUN["state"] != "ok":
        return f"not ready: the app is {_FIRST_RUN['state']}", 503
    if not WORKERS.revive():
        return "not ready: no process that reads files runs", 503
    try:
        held, bound = memory_held(), memory_bound()
    except ValueError:
        return f"not ready: {BOUND} is no number of megabytes", 503
    # Python gives little memory back: without a visitor, what it holds is free for the next one.
    if held > bound and get_instance().state == RuntimeState.ONE_OR_MORE_SESSIONS_CONNECTED:
        return f"full: {held / 1e6:.0f} MB are held, {bound / 1e6:.0f} MB are the bound", FULL
    return "ready", 200


@asynccontextmanager
async def running(_: App) -> AsyncIterator[None]:
    """Register the metrics, start a worker, and run the app once, so that the first visitor does not wait for it."""
    METRICS.gauge("page_runs_waiting", lambda: QUEUE.waiting, "Page runs that wait for a place.")
    METRICS.gauge("page_runs_going", lambda: QUEUE.running, "Page runs that have a place.")
    METRICS.gauge("resident_memory_bytes", memory_held, "Memory that this server holds.", "bytes")
    METRICS.gauge("workers_resident_memory_bytes", _workers_memory, "Memory of its workers, that read files.", "bytes")
    get_instance().stats_mgr.register_provider(METRICS)
    WORKERS.warm_up()
    first_run = asyncio.create_task(_run_until_ok())
    yield
    first_run.cancel()


async def _run_until_ok() -> None:
    while _FIRST_RUN["state"] != "ok":
        ok, message = await get_instance().does_script_run_without_error()
        _FIRST_RUN["state"] = "ok" if ok else f"failing ({message})"
        await asyncio.sleep(0 if ok else AGAIN)


def _workers_memory() -> int:
    return sum(memory_held(str(process)) for process in WORKERS.processes)


def _ready(_: Request) -> PlainTextResponse:
    text, status = readiness()
    return PlainTextResponse(f"{text}\n", status, {"Cache-Control": "no-store"})


def _metrics(_: Request) -> PlainTextResponse:
    return PlainTextResponse(text_of(get_instance()), media_type=OPENMETRICS)


ROUTES: Final = (Route("/ready", _ready), Route("/metrics", _metrics))
