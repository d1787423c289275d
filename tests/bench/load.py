"""Many visitors at once, on this machine only: `python -m tests.bench.load --help`.

The server has one core; with `--servers 2` there are two behind the proxy of `.deploy/`, a core each. Each visitor has
a session of their own: every other one uploads a file of their own, the others look at the sample. They move the slider
of the number of segments, think, move it again; then those with a file delete their data, and all leave. A second round
follows on the same servers.
"""

import argparse
import os
import random
import re
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Barrier

import numpy as np

from data.generate import write_sample
from tests.bench.proxied import NAMES, Proxied, proxied
from tests.bench.server import Server, serving
from tests.bench.visitor import Answer, Visitor

MOST_SESSIONS = 100
PAGES = ("", "demographics", "strategy")
QUERY = "as_of=2026-01-01"
MARK = re.compile(rb"zq(\d+)zq")  # in every answer of a visitor with a file, and in no other's
FORGOTTEN_AFTER = 1  # seconds for which the server keeps the session of a closed tab; 120 unless told


@dataclass
class Visit:
    """What a visitor saw: seconds of the moves, of those with all others there, of all else by name, what was wrong."""

    moves: list[float] = field(default_factory=list)
    settled: list[float] = field(default_factory=list)
    others: dict[str, float] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    def check(self, answer: Answer, own: bytes, customers: str, what: str) -> None:
        """Note an answer that failed, shows another's data, or other numbers than the visitor's own."""
        marks = set(MARK.findall(answer.raw))
        if answer.failed or answer.texts("exception"):
            self.wrong.append(f"{what}: failed")
        if marks != ({own} if own else set()):
            self.wrong.append(f"{what}: shows the data of {marks}, not of {own}")
        if customers and (seen := answer.metrics.get("Total customers", customers)) != customers:
            self.wrong.append(f"{what}: {seen} customers instead of {customers}")


@dataclass(frozen=True)
class Round:
    """What a round of so many visitors took.

    `seconds` is the server's processor time until the last move; memory is in bytes, while all are there,
    deleted, and gone.
    """

    visits: tuple[Visit, ...]
    seconds: float
    busy: int
    deleted: int
    gone: int

    def move(self, share: float) -> float:
        """The seconds within which that share of the moves was answered."""
        return float(np.quantile([seconds for visit in self.visits for seconds in visit.moves], share))

    def settled(self, share: float) -> float:
        """The same of the moves that were made when all visitors had opened the app; NaN if none was."""
        found = [seconds for visit in self.visits for seconds in visit.settled]
        return float(np.quantile(found, share)) if found else float("nan")

    def slowest(self, what: str) -> float:
        """The most seconds that anything else took a visitor."""
        return max((visit.others.get(what, 0.0) for visit in self.visits), default=0.0)

    @property
    def wrong(self) -> list[str]:
        """All that was wrong."""
        return [one for visit in self.visits for one in visit.wrong]


def own_file(visitor: int, rows: int) -> bytes:
    """A file like the sample that only this visitor has, with a mark among the job industries."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "own.csv"
        write_sample(path, customers=rows + visitor, seed=visitor)
        return path.read_bytes().replace(b",Health,", b",Health zq%dzq," % visitor)


def visit(
    port: int, number: int, file: bytes, arrived: list[int], *, moves: int, think: float, there: Barrier
) -> Visit:
    """One visitor's session, from opening to deleting; `arrived` are those who have, `there` waits for all others."""
    seen, rng, own = Visit(), random.Random(number), b"%d" % number if file else b""
    time.sleep(rng.uniform(0, think))
    with Visitor(port, QUERY) as visitor:
        answer = visitor.open()
        seen.others["open"] = answer.seconds
        seen.check(answer, b"", "", "open")
        if file:
            answer = visitor.upload("uploads", f"zq{number}zq.csv", file)
            seen.others["upload"] = answer.seconds
        customers = answer.metrics.get("Total customers", "none")
        seen.check(answer, own, customers, "upload")
        visitor.page = PAGES[number % len(PAGES)]
        seen.check(visitor.rerun(), own, customers, "page")
        arrived.append(number)
        for k in rng.choices(range(2, 11), k=moves):
            time.sleep(rng.uniform(0.5, 1.5) * think)
            all_there = len(arrived) == there.parties - 1
            answer = visitor.set("k", k)
            seen.moves.append(answer.seconds)
            if all_there:
                seen.settled.append(answer.seconds)
            seen.check(answer, own, customers, f"k = {k}")
        there.wait()  # the server is as full as it gets
        there.wait()  # its memory has been read
        if file:
            visitor.states.pop("uploads")
            answer = visitor.click("delete_data")
            seen.check(answer, b"", "", "delete")
        there.wait()  # all has been deleted
        there.wait()  # its memory has been read again
    return seen


def one_round(server: Server | Proxied, files: list[bytes], **options: float) -> Round:
    """A visitor per file, those with an empty one on the sample."""
    there, arrived, before = Barrier(len(files) + 1), [], server.seconds
    with ThreadPoolExecutor(len(files)) as pool:
        visits = [
            pool.submit(visit, server.port, i, file, arrived, there=there, **options) for i, file in enumerate(files)
        ]
        for each in visits:
            each.add_done_callback(lambda one: one.exception() and there.abort())
        there.wait()
        busy, seconds = server.memory, server.seconds - before
        there.wait()
        there.wait()
        deleted = server.memory
        there.wait()
        found = tuple(each.result() for each in visits)
    time.sleep(2 * FORGOTTEN_AFTER)
    for _ in range(2):  # a server forgets closed sessions when another one ends, and frees them in the next run
        with ExitStack() as stack:
            for _ in range(server.count):  # one at each
                stack.enter_context(Visitor(server.port, QUERY)).open()
        time.sleep(1)
    return Round(found, seconds, busy, deleted, server.memory)


def measure(sessions: int, servers: int, *, rows: int, moves: int, think: float) -> tuple[int, list[Round], list[str]]:
    """The memory of the server before, two rounds of visitors, and the errors in its log."""
    files = [own_file(i, rows) if i % 2 else b"" for i in range(sessions)]
    forget = f"--server.disconnectedSessionTTL={FORGOTTEN_AFTER}"
    with proxied(forget) if servers > 1 else serving(forget, core=0) as server:
        with Visitor(server.port, QUERY) as first:
            first.open()
        time.sleep(1)
        before = server.memory
        return before, [one_round(server, files, moves=moves, think=think) for _ in range(2)], server.errors


def main() -> None:
    """Print a line per number of sessions and round."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sessions", type=lambda text: [*map(int, text.split(","))], default=[1, 10, 25, 50])
    parser.add_argument("--servers", type=int, default=1, choices=(1, len(NAMES)), help="two are behind the proxy")
    parser.add_argument("--rows", type=int, default=4000, help="customers in each uploaded file")
    parser.add_argument("--moves", type=int, default=5, help="of the slider, per visitor and round")
    parser.add_argument("--think", type=float, default=10, help="seconds between moves, half as many more or less")
    options = parser.parse_args()
    print(f"Load average {os.getloadavg()[0]:.1f} before.")
    print("sessions round  p50 s  p95 s  p95 all there  open s  upload s  CPU s  MB before  busy  deleted  gone  wrong")
    for sessions in options.sessions:
        sessions = min(sessions, MOST_SESSIONS)
        before, rounds, errors = measure(
            sessions, options.servers, rows=options.rows, moves=options.moves, think=options.think
        )
        for number, one in enumerate(rounds, 1):
            print(
                f"{sessions:8}{number:6}{one.move(0.5):7.2f}{one.move(0.95):7.2f}{one.settled(0.95):15.2f}"
                f"{one.slowest('open'):8.2f}{one.slowest('upload'):10.2f}{one.seconds:7.1f}"
                f"{before / 1e6:11,.0f}{one.busy / 1e6:6,.0f}{one.deleted / 1e6:9,.0f}"
                f"{one.gone / 1e6:6,.0f}{len(one.wrong) + len(errors):7}", flush=True,
            )  # fmt: skip
            for line in dict.fromkeys([*one.wrong, *errors][:5]):
                print("   ", line)


if __name__ == "__main__":
    main()
