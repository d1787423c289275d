"""Changes to a whole process, each with what it buys and when it can go, and the switch that turns it off.

`TWEAKS_OFF` in the environment names the tweaks that are off, with commas between: `TWEAKS_OFF=blas_threads,run_queue`.
The table of the app's own tweaks, which also change libraries, is in `pages/components/tweaks.py`. A tweak whose
purpose is speed stays only while it takes a tenth off a wait.
"""

import ctypes
import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

OFF: Final = "TWEAKS_OFF"  # the environment variable
M_ARENA_MAX, ARENAS = -8, 2  # glibc's parameter for `mallopt`, and how many pools it may make
NICENESS: Final = 5  # a worker still gets a quarter of a processor that it shares with a page


@dataclass(frozen=True)
class Tweak:
    """A change to a process or a library: what it does, what that buys (as measured), when it can go."""

    name: str
    what: str
    buys: str
    until: str

    @property
    def on(self) -> bool:
        """Whether it is in force."""
        return self.name not in names_off()


BLAS_THREADS: Final = Tweak(
    "blas_threads",
    what="BLAS computes in one thread. It has one limit for the process, so it is set once and for good.",
    buys="Another k of 1,000,000 customers takes 0.83 of the processor time. No results change with the machine.",
    until="K-means no longer runs in several threads of its own.",
)
WORKER_PRIORITY: Final = Tweak(
    "worker_priority",
    what="A worker process has a low priority, and is the first that the system ends where memory is short.",
    buys="A page on the same core as a worker takes 0.7 of the time.",
    until="Workers run on a machine of their own.",
)
WORKER_ARENAS: Final = Tweak(
    "worker_arenas",
    what="glibc gives the threads of a worker process two pools of memory at most.",
    buys="Each pool takes 64 MB from the addresses that a worker may use, before it holds anything.",
    until="The memory of a worker is bounded by what it holds, and not by its addresses.",
)
MEMORY_ARENAS: Final = Tweak(
    "memory_arenas",
    what="glibc gives the threads of the server two pools of memory at most. Each run of a page is a new thread, and a "
    "pool keeps what was freed in it. `MALLOC_ARENA_MAX` in the environment goes first.",
    buys="After 16 visitors have left, the server holds about 50 MB more than before they came, instead of 115 to 130.",
    until="Runs of pages share threads, or the server uses another allocator.",
)
CORE_TWEAKS: Final = (BLAS_THREADS, WORKER_PRIORITY, WORKER_ARENAS, MEMORY_ARENAS)


def names_off() -> frozenset[str]:
    """The names of the tweaks that the environment switches off."""
    return frozenset(filter(None, (name.strip() for name in os.environ.get(OFF, "").split(","))))


def limit_blas(pools: Any) -> None:
    """Limit BLAS to one thread; `pools` is a `threadpoolctl.ThreadpoolController`, which has no types."""
    if BLAS_THREADS.on:
        pools.limit(limits=1, user_api="blas")


def limit_arenas() -> None:
    """Limit the memory pools of this process. It has no effect on pools that threads have already."""
    if MEMORY_ARENAS.on and "MALLOC_ARENA_MAX" not in os.environ:
        with suppress(AttributeError, OSError, TypeError):  # another C library than glibc
            ctypes.CDLL(None).mallopt(M_ARENA_MAX, ARENAS)


def worker_variables() -> dict[str, str]:
    """Environment variables that a worker process has and the server has not."""
    return {"MALLOC_ARENA_MAX": "2"} if WORKER_ARENAS.on else {}


def lower_priority() -> None:
    """Give this worker process a lower priority than pages, and let the system end it before the server."""
    if not WORKER_PRIORITY.on:
        return
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")
