"""What an operator measures of a server, in the form of Streamlit's own metrics: page runs, the queue, memory, errors.

`METRICS` is registered with Streamlit's server, so `/_stcore/metrics` has them too, beside sessions and caches.
"""

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from itertools import accumulate
from math import inf
from threading import Lock
from typing import Final

from streamlit.runtime import Runtime
from streamlit.runtime.stats import (
    CounterStat,
    GaugeStat,
    HistogramStat,
    Stat,
    StatsManager,
    StatsProvider,
)

BOUNDS: Final = (0.1, 0.25, 0.5, 1.0, 2.0, 3.0, 5.0, 10.0, 30.0, 60.0)  # seconds; a visitor should wait 3 at most
CACHES: Final = "cache_"  # how the names of Streamlit's families by cache begin: hundreds of lines


class Seconds:
    """A histogram of seconds that several threads add to."""

    def __init__(self, family: str, what: str) -> None:
        self.family, self._what, self._lock = family, what, Lock()
        self._counts, self._sum = [0] * (len(BOUNDS) + 1), 0.0

    def add(self, seconds: float) -> None:
        """Count one more."""
        with self._lock:
            self._counts[bisect_left(BOUNDS, seconds)] += 1
            self._sum += seconds

    def stat(self) -> HistogramStat:
        """The histogram as it is now."""
        with self._lock:
            counts, total = [*accumulate(self._counts)], self._sum
        buckets = tuple(zip((*BOUNDS, inf), counts, strict=True))
        return HistogramStat(self.family, buckets, total, counts[-1], unit="seconds", help=self._what)


class Errors:
    """A counter of page runs that ended in an error."""

    family: Final = "page_errors"

    def __init__(self) -> None:
        self._count, self._lock = 0, Lock()

    def add(self, _: Exception) -> None:
        """Count one more; Streamlit shows and logs it as ever."""
        with self._lock:
            self._count += 1

    def stat(self) -> CounterStat:
        """The counter as it is now."""
        return CounterStat(self.family, self._count, help="Page runs that ended in an error.")


RUNS: Final = Seconds("page_run_seconds", "Time that a page run took once it had a place, in seconds.")
WAITS: Final = Seconds("page_wait_seconds", "Time that a page run waited for a place in the queue, in seconds.")
ERRORS: Final = Errors()


class Metrics(StatsProvider):
    """Our families; further ones are values that are read when somebody asks."""

    def __init__(self) -> None:
        self._stats: dict[str, Callable[[], Stat]] = {one.family: one.stat for one in (RUNS, WAITS, ERRORS)}

    def gauge(self, family: str, read: Callable[[], int], what: str, unit: str = "") -> None:
        """Add a family of one value, before `METRICS` is registered."""
        self._stats[family] = lambda: GaugeStat(family, read(), unit=unit, help=what)

    @property
    def stats_families(self) -> Sequence[str]:
        """The names of the families."""
        return [*self._stats]

    def get_stats(self, family_names: Sequence[str] | None = None) -> Mapping[str, Sequence[Stat]]:
        """Family → its values, of those asked for."""
        return {family: [read()] for family, read in self._stats.items() if family in (family_names or self._stats)}


METRICS: Final = Metrics()


def text_of(server: Runtime) -> str:
    """The metrics of a server in the OpenMetrics format: sessions and ours.

    `/_stcore/metrics` has those of each cache, too. For their memory, Streamlit walks through every object of every
    session.
    """
    manager: StatsManager = server.stats_mgr
    found = manager.get_stats([family for family in manager.registered_families() if not family.startswith(CACHES)])
    lines = (line for family, stats in found.items() if stats for line in _lines(family, stats))
    return "\n".join([*lines, "# EOF", ""])


def _lines(family: str, stats: Sequence[Stat]) -> list[str]:
    first = stats[0]
    unit = [f"# UNIT {family} {first.unit}"] if first.unit else []
    return [f"# TYPE {family} {first.type}", *unit, f"# HELP {family} {first.help}"] + [
        s.to_metric_str() for s in stats
    ]
