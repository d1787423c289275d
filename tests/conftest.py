"""What tests of every layer share."""

import gc
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from core.countries.country import Country
from core.countries.registry import countries
from tests import postgres as postgres_server
from tests.bench.proxied import HAPROXY
from tests.toy_country import write_country

# No test may fail by the clock of a busy machine, nor differ from run to run.
settings.register_profile("project", deadline=None, derandomize=True)
settings.load_profile("project")

# Until all tests are collected nothing becomes garbage, and to look for some takes a quarter of the time.
gc.disable()

LONGEST_FIRST = {"spark": 0, "browser": 1, "pages": 2}


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Folder of the public customer tables; tests that use it carry the marker `real_data`."""
    folder = os.environ.get("REAL_DATA_DIR")
    if not folder:
        pytest.skip("REAL_DATA_DIR is not set: it names the folder of the public customer tables")
    return Path(folder)


@pytest.fixture(scope="session")
def postgres() -> Iterator[postgres_server.Server]:
    """A PostgreSQL server with no table."""
    postgres_server.need_server()
    with postgres_server.started() as server:
        yield server


@pytest.fixture
def atlantis(tmp_path: Path) -> Iterator[Country]:
    """A made-up country, registered for one test."""
    with countries().added(write_country(tmp_path)) as country:
        yield country


@pytest.fixture(scope="session")
def haproxy() -> None:
    """Skip where the proxy is not installed."""
    if HAPROXY is None:
        reason = "no HAProxy found: install it"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Start the longest files first, of which each is one worker's: their tests share caches and servers."""
    items.sort(key=lambda item: LONGEST_FIRST.get(item.path.parent.name, len(LONGEST_FIRST)))


def pytest_collection_finish() -> None:
    """From now on look for garbage, but not among what the tests and all libraries have made so far, which stays."""
    gc.freeze()
    gc.enable()
