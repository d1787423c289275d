"""Changes to a whole process, each with what it buys and when it can go, and the switch that turns it off.

`TWEAKS_OFF` in the environment names the tweaks that are off, with commas between: `TWEAKS_OFF=blas_threads,run_queue`.
The table of the app's own tweaks, which also change libraries, is in `pages/components/tweaks.py`. A tweak whose
purpose is speed stays only while it takes a tenth off a wait.
"""

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

OFF: Final = "TWEAKS_OFF"  # the environment variable
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
CORE_TWEAKS: Final = (BLAS_THREADS, WORKER_PRIORITY, WORKER_ARENAS)


def names_off() -> frozenset[str]:
    """The names of the tweaks that the environment switches off."""
    return frozenset(filter(None, (name.strip() for name in os.environ.get(OFF, "").split(","))))


def limit_blas(pools: Any) -> None:
    """Limit BLAS to one thread; `pools` is a `threadpoolctl.ThreadpoolController`, which has no types."""
    if BLAS_THREADS.on:
        pools.limit(limits=1, user_api="blas")


def worker_variables() -> dict[str, str]:
    """What the environment of a worker process has besides the server's."""
    return {"MALLOC_ARENA_MAX": "2"} if WORKER_ARENAS.on else {}


def lower_priority() -> None:
    """Let pages go before this worker process, and let the system end it before the server."""
    if not WORKER_PRIORITY.on:
        return
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")
