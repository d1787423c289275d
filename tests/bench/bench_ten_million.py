"""Ten million customers in the app: `python tests/bench/bench_ten_million.py [ROWS] [FOLDER]`.

A Parquet file and a DuckDB table of the same typed customers are made, once per folder. Then, each in a process of its
own: `load` of both, and DuckDB and Polars with the same load (`polars` has to be installed): all columns read, the age
of the birth date, a flag, and the customers and means by state and flag. Last the app, started with the file on its
command line: the first page, a filter, another number of segments. Seconds of the clock, of the processor, and the
most memory; the app's is that of the server and of the process that reads.
"""

import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from threading import Event, Thread

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

sys.path.insert(0, str(Path(__file__).parents[2]))

from core.databases.address import address_of
from core.databases.fetch import fetch
from core.databases.request import Request
from core.pipeline import load
from core.rules import Rules
from core.sources.file import FileSource
from data import generate
from tests.bench import visitor as visitors
from tests.bench.server import ROOT, serving
from tests.bench.visitor import Visitor

ROWS, GROUP = 10_000_000, 1_000_000
RULES = Rules(as_of=date(2026, 1, 1))
FILTERS = (["NSW"], ["NSW", "VIC"], ["QLD", "VIC", "WA"])
AGES = "SELECT *, date_diff('year', date_of_birth, DATE '2026-01-01') AS age FROM '{file}'"
FLAGS = "SELECT *, wealth_segment = 'Affluent Customer' AND property_valuation >= 8 AS flag FROM customers"
COUNTS = "SELECT state, flag, count(*), avg(age), avg(purchases_past_3_years) FROM flagged GROUP BY state, flag"


def write_customers(path: Path, rows: int) -> None:
    """Write typed customers without a blank, in groups, and the same as a DuckDB table beside it."""
    rng = np.random.default_rng(7)
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        made, writer = Path(folder) / path.name, None
        for first in range(0, rows, GROUP):
            table = _typed(first + 1, min(GROUP, rows - first), rng)
            writer = writer or pq.ParquetWriter(made, table.schema)
            writer.write_table(table)
        writer.close()
        with duckdb.connect(str(made.with_suffix(".duckdb"))) as database:
            database.execute(f"CREATE TABLE customers AS SELECT * FROM '{made}'")
        made.with_suffix(".duckdb").replace(path.with_suffix(".duckdb"))
        made.replace(path)


def _typed(first: int, rows: int, rng: np.random.Generator) -> pa.Table:
    frame = generate._customers(first, rows, rng).drop(columns=["first_name", "last_name", "deceased"])
    born = frame["date_of_birth"].str.split("/").str[::-1].str.join("-").to_numpy("datetime64[D]")
    numbers = {name: frame[name].astype("int64") for name in ("property_valuation", "tenure")}
    return pa.Table.from_pandas(frame.assign(date_of_birth=born, **numbers), preserve_index=False)


def ours(path: Path) -> None:
    """`load` of the Parquet file."""
    load([FileSource(path.name, path.read_bytes())], RULES)


def ours_of_a_table(path: Path) -> None:
    """`load` of the DuckDB table."""
    address = address_of(f"duckdb:///{path.with_suffix('.duckdb')}")
    load([fetch(Request(address, table="customers"))], RULES)


def in_duckdb(path: Path) -> None:
    """The same load in DuckDB."""
    with duckdb.connect() as database:
        database.execute(f"CREATE TABLE customers AS {AGES.format(file=path)}")
        database.execute(f"CREATE TABLE flagged AS {FLAGS}")
        database.execute(COUNTS).fetchall()


def in_polars(path: Path) -> None:
    """The same load in Polars."""
    import polars as pl

    age = pl.lit(date(2026, 1, 1)).dt.year() - pl.col("date_of_birth").dt.year()
    flag = (pl.col("wealth_segment") == "Affluent Customer") & (pl.col("property_valuation") >= 8)
    customers = pl.read_parquet(path).with_columns(age=age, flag=flag)
    customers.group_by("state", "flag").agg(pl.len(), pl.mean("age"), pl.mean("purchases_past_3_years"))


LOADS = {one.__name__: one for one in (ours, ours_of_a_table, in_duckdb, in_polars)}


def measured(name: str, path: Path) -> str:
    """A load in this process, as a line of the table."""
    Path("/proc/self/clear_refs").write_text("5")  # the peak is counted from here
    start, before = time.perf_counter(), time.process_time()
    LOADS[name](path)
    wall, processor = time.perf_counter() - start, time.process_time() - before
    peak = _number("/proc/self/status", "VmHWM") / 2**30
    return f"{name:<16} {wall:6.1f} s {processor:6.1f} s of the processor {peak:5.2f} GB"


class Memory:
    """The most memory of a process and those that it started, looked at several times a second."""

    def __init__(self, process: int) -> None:
        self.process, self.peak, self._over = process, 0, Event()
        Thread(target=self._watch, daemon=True).start()

    def _watch(self) -> None:
        while not self._over.wait(0.1):
            self.peak = max(self.peak, self.now())

    def now(self) -> int:
        """Bytes that are held now; what processes share counts once."""
        children = Path(f"/proc/{self.process}/task/{self.process}/children").parent.parent
        started = [int(pid) for tasks in children.glob("*/children") for pid in tasks.read_text().split()]
        return sum(map(_held, [self.process, *started]))

    def stop(self) -> None:
        """Look no longer."""
        self._over.set()


def _held(process: int) -> int:
    try:
        return _number(f"/proc/{process}/smaps_rollup", "Pss")
    except OSError:  # it has ended
        return 0


def _number(path: str, name: str) -> int:
    lines = Path(path).read_text().splitlines()
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith(f"{name}:")), 0)


def app(path: Path) -> None:
    """Print what the app takes, started with the file."""
    visitors.PATIENCE = 600
    with serving("--", "--data", str(path)) as server, Visitor(server.port, "as_of=2026-01-01") as visitor:
        memory, before = Memory(server.process.pid), server.seconds
        opened = visitor.open()
        print(f"first page       {opened.seconds:6.1f} s, the server {server.seconds - before:.1f} s of the processor")
        print(f"its memory       {memory.peak / 2**30:6.2f} GB at most, {memory.now() / 2**30:.2f} GB held")
        for page in ("", "demographics", "strategy"):
            visitor.page = page
            visitor.rerun()
            for label, key, values, back in (("filter", "state", FILTERS, []), ("k", "k", (6, 7, 4), 5)):
                for value in values:
                    before = server.seconds
                    answer = visitor.set(key, value)
                    name = f"{page or 'overview'}: {label} {value}"
                    print(f"{name:<44} {answer.seconds:6.2f} s {server.seconds - before:6.2f} s of the processor")
                visitor.set(key, back)
        print(f"memory           {memory.peak / 2**30:6.2f} GB at most, {memory.now() / 2**30:.2f} GB held")
        memory.stop()
        assert not server.errors, server.errors


def main(arguments: list[str]) -> None:
    """Measure everything and print it."""
    if arguments[:1] == ["--load"]:
        print(measured(arguments[1], Path(arguments[2])), flush=True)
        return
    rows = int(arguments[0]) if arguments else ROWS
    folder = Path(arguments[1] if len(arguments) > 1 else tempfile.gettempdir())
    path = folder / f"customers-{rows}.parquet"
    if not path.exists():
        write_customers(path, rows)
    size, load_of_machine = path.stat().st_size / 1e6, Path("/proc/loadavg").read_text()[:4]
    print(f"{rows:,} customers, {size:.0f} MB, load of the machine {load_of_machine}", flush=True)
    for name in LOADS:
        subprocess.run([sys.executable, __file__, "--load", name, str(path)], cwd=ROOT, check=True)
    app(path)


if __name__ == "__main__":
    main(sys.argv[1:])
