"""When a server takes a new visitor, and when it keeps those that it has."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from streamlit.runtime import RuntimeState

from pages.components import readiness


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What is true of a server: ready, unless a test changes it."""
    facts = {"state": RuntimeState.ONE_OR_MORE_SESSIONS_CONNECTED, "worker": True, "held": 300_000_000}
    monkeypatch.setattr(readiness, "get_instance", lambda: SimpleNamespace(state=facts["state"]))
    monkeypatch.setattr(readiness, "WORKERS", SimpleNamespace(revive=lambda: facts["worker"]))
    monkeypatch.setattr(readiness, "memory_held", lambda: facts["held"])
    monkeypatch.setenv(readiness.BOUND, "400")
    monkeypatch.setitem(readiness._FIRST_RUN, "state", "ok")
    return facts


@pytest.mark.parametrize(
    ("fact", "value", "expected"),
    [
        ("worker", True, ("ready", 200)),
        ("worker", False, ("not ready: no process that reads files runs", 503)),
        ("state", RuntimeState.STOPPING, ("not ready: the server is stopping", 503)),
        ("held", 400_000_000, ("ready", 200)),
        ("held", 401_000_000, ("full: 401 MB are held, 400 MB are the bound", 404)),
    ],
)
def test_a_server_is_ready(server: dict[str, Any], fact: str, value: object, expected: tuple[str, int]) -> None:
    server[fact] = value
    assert readiness.readiness() == expected


@pytest.mark.usefixtures("server")
def test_a_bound_that_is_no_number_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(readiness.BOUND, "2g")
    assert readiness.readiness() == ("not ready: MEMORY_BOUND_MB is no number of megabytes", 503)


def test_a_server_without_visitors_is_not_full(server: dict[str, Any]) -> None:
    server |= {"held": 900_000_000, "state": RuntimeState.NO_SESSIONS_CONNECTED}
    assert readiness.readiness() == ("ready", 200)


@pytest.mark.usefixtures("server")
def test_a_server_is_not_ready_before_the_app_has_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(readiness._FIRST_RUN, "state", "starting")
    assert readiness.readiness() == ("not ready: the app is starting", 503)


@pytest.mark.parametrize(("limit", "expected"), [("2000000000\n", 1e9), ("max\n", 0.5 * 4096 * 1000)])
def test_the_bound_is_half_of_what_the_container_or_the_machine_has(
    limit: str, expected: float, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "memory.max").write_text(limit)
    monkeypatch.delenv(readiness.BOUND, raising=False)
    monkeypatch.setattr(readiness, "CONTAINER", tmp_path / "memory.max")
    monkeypatch.setattr(readiness.os, "sysconf", {"SC_PHYS_PAGES": 1000, "SC_PAGE_SIZE": 4096}.__getitem__)
    assert readiness.memory_bound() == expected
