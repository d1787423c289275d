"""What the real app takes, asked as a browser asks it: seconds of the server, bytes sent."""

import statistics
import time
from dataclasses import dataclass
from pathlib import Path

from tests.bench.server import serving
from tests.bench.visitor import Visitor

QUERY = "as_of=2026-01-01"
FILTERS = (["NSW"], ["NSW", "VIC"], ["QLD", "VIC", "WA"])
# None was shown before on any page: what another page has found is not measured again.
KS = {"": (6, 7, 4), "demographics": (8, 3, 9), "strategy": (10, 2, 11)}


@dataclass(frozen=True)
class Served:
    """Seconds and bytes by page, and the memory of the server in bytes.

    `first` is the first page of a fresh server, `again` a page that is run again with nothing changed,
    `upload` from the uploaded file to the page it is on.
    """

    first: float
    upload: float
    again: dict[str, float]
    filter: dict[str, float]
    k: dict[str, float]
    bytes: dict[str, int]
    loading: int
    held: int


def served(file: Path | None) -> Served:
    """Measure a fresh server on a file, or on the bundled sample."""
    with serving("--server.maxUploadSize=2000") as server, Visitor(server.port, QUERY) as visitor:
        first, upload = visitor.open().seconds, 0.0
        before = server.memory
        server.forget_peak()
        if file:
            upload = visitor.upload("uploads", file.name, file.read_bytes()).seconds
        loading, held = server.peak - before, server.memory - before
        pages = list(visitor.pages)
        sent, again, filter, k = {}, {}, {}, {}
        for page in pages:
            visitor.page = page
            sent[page] = visitor.rerun().bytes
        for page in KS:
            visitor.page = page
            visitor.rerun()
            again[page] = statistics.median(visitor.rerun().seconds for _ in range(3))
            filter[page] = statistics.median(visitor.set("state", chosen).seconds for chosen in FILTERS)
            visitor.set("state", [])
            k[page] = statistics.median(visitor.set("k", n).seconds for n in KS[page])
            visitor.set("k", 5)
        time.sleep(0.5)
        return Served(first, upload, again, filter, k, sent, loading, held)
