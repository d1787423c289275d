"""Time and memory of a run on Spark: `python tests/bench/bench_spark.py [CUSTOMERS …]` (default 100000 1000000).

Prints a Markdown table: customers, megabytes of CSV, who works (this program, or Spark's workers), seconds, and the
peak memory of the driver, of Python and of Java apart. 10000000 takes long, and 6 GB of disk.
"""

import os
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from time import perf_counter

sys.path.insert(0, str(Path(__file__).parents[2]))

from data.generate import write_sample

ROOT = Path(__file__).parents[2]
MASTER = "local[2]"
WHO = {"this program": "4", "workers": "0"}  # with so many GB of its own
SETTINGS = "--conf spark.driver.memory=1g --conf spark.executor.memory=1g --conf spark.ui.enabled=false pyspark-shell"


def peaks(pid: int) -> tuple[int, int]:
    """Peak memory in megabytes of a process, and of the Java that it starts."""
    try:
        below = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        return _peak(pid), max((_peak(int(child)) for child in below), default=0)
    except OSError:  # it has ended
        return 0, 0


def _peak(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) // 1000 for line in lines if line.startswith("VmHWM")), 0)


def measured(command: list[str]) -> tuple[float, int, int]:
    """Seconds of a command, and its `peaks`."""
    begin, most = perf_counter(), (0, 0)
    process = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.DEVNULL, env={**os.environ, "PYSPARK_SUBMIT_ARGS": SETTINGS}
    )
    ended = threading.Event()
    while process.poll() is None:
        most = tuple(map(max, most, peaks(process.pid)))
        ended.wait(0.5)
    if process.returncode:
        sys.exit(f"{' '.join(command)} ended with {process.returncode}.")
    return perf_counter() - begin, *most


def main() -> None:
    """Print the table."""
    print("| customers | CSV | who works | time | driver: Python | driver: Java |\n|--:|--:|:--|--:|--:|--:|")
    for customers in map(int, sys.argv[1:] or ("100000", "1000000")):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "customers.csv")
            write_sample(path, customers=customers, seed=7)
            command = [sys.executable, "-m", "core", "segment", str(path), "--as-of", "2026-01-01", "--engine", "spark"]
            command += ["--master", MASTER, "--out", f"{folder}/out"]
            size = path.stat().st_size / 1e6
            for who, memory in WHO.items():
                took, python, java = measured([*command, "--local-memory", memory])
                print(
                    f"| {customers:,} | {size:,.0f} MB | {who} | {took:,.0f} s | {python:,} MB | {java:,} MB |",
                    flush=True,
                )


if __name__ == "__main__":
    main()
