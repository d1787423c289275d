"""The figures of a server in the form that Streamlit and Prometheus read."""

from types import SimpleNamespace

import pytest
from streamlit.runtime.stats import CacheStat, StatsManager, StatsProvider

from pages.components import metrics, run_queue
from pages.components.metrics import Metrics, Seconds, text_of


class Cache(StatsProvider):
    """A cache of Streamlit's, whose memory takes long to measure."""

    stats_families = ("cache_memory_bytes",)

    def get_stats(self, _: object = None) -> dict[str, list[CacheStat]]:
        raise AssertionError


def test_seconds_are_counted_up_to_each_bound_and_summed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metrics, "BOUNDS", (0.5, 3.0))
    seconds = Seconds("run_seconds", "Of a run.")
    for one in (0.25, 0.5, 2.0, 9.0):
        seconds.add(one)
    assert seconds.stat().to_metric_str().splitlines() == [
        'run_seconds_bucket{le="0.5"} 2',
        'run_seconds_bucket{le="3.0"} 3',
        'run_seconds_bucket{le="+Inf"} 4',
        "run_seconds_sum 11.75",
        "run_seconds_count 4",
    ]


def test_the_text_has_our_families_and_leaves_out_those_of_caches() -> None:
    ours, manager = Metrics(), StatsManager()
    ours.gauge("memory_bytes", lambda: 7, "Memory held.", "bytes")
    manager.register_provider(Cache())
    manager.register_provider(ours)
    lines = text_of(SimpleNamespace(stats_mgr=manager)).splitlines()
    assert lines[-5:] == [
        "# TYPE memory_bytes gauge",
        "# UNIT memory_bytes bytes",
        "# HELP memory_bytes Memory held.",
        "memory_bytes 7",
        "# EOF",
    ]
    assert {line.split()[2] for line in lines if line.startswith("# TYPE")} == {*ours.stats_families}


def test_only_families_that_are_asked_for_are_read() -> None:
    ours = Metrics()
    ours.gauge("unread", lambda: 1 // 0, "Fails.")
    assert [*ours.get_stats(["page_errors", "active_sessions"])] == ["page_errors"]


def test_a_run_is_counted_with_its_wait_also_if_it_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    runs, waits = Seconds("runs", ""), Seconds("waits", "")
    monkeypatch.setattr(run_queue, "RUNS", runs)
    monkeypatch.setattr(run_queue, "WAITS", waits)
    monkeypatch.setattr(run_queue.st, "session_state", {})
    with run_queue.queued():
        assert (runs.stat().observation_count, waits.stat().observation_count) == (0, 1)
    with pytest.raises(ZeroDivisionError), run_queue.queued():
        raise ZeroDivisionError
    assert (runs.stat().observation_count, waits.stat().observation_count) == (2, 2)
