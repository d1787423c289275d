"""Time and memory of reading: `python tests/bench/bench_intake.py [ROWS]`; each measured in a fresh process."""

import resource
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

ROOT = Path(__file__).parents[2]
WAYS = ("nothing", "pandas", "read", "load")


def measure(way: str, path: Path) -> None:
    """Print the seconds that one way takes, and the peak memory of the process in bytes."""
    import pandas as pd

    from core.intake.read import SourceFile, read
    from core.pipeline import load
    from core.rules import Rules

    start = time.perf_counter()
    if way == "pandas":
        pd.read_csv(path)
    elif way == "read":
        read(SourceFile(path.name, path.read_bytes()))
    elif way == "load":
        load([SourceFile(path.name, path.read_bytes())], Rules(as_of=date(2026, 1, 1)))
    print(time.perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)


def main(rows: int) -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "big.csv"
        subprocess.run(
            [sys.executable, "-m", "core", "sample", "--customers", str(rows), "--seed", "7", "--out", path],
            cwd=ROOT, check=True, capture_output=True,
        )  # fmt: skip
        found = {way: _apart(way, path) for way in WAYS}
        size = path.stat().st_size
    print(f"{rows:,} rows, {size / 1e6:,.0f} MB\n{'':<10}{'seconds':>9}{'× pandas':>10}{'peak MB':>9}{'× file':>8}")
    idle = found.pop("nothing")[1]
    for way, (seconds, peak) in found.items():
        used = peak - idle
        print(f"{way:<10}{seconds:9.2f}{seconds / found['pandas'][0]:10.2f}{used / 1e6:9,.0f}{used / size:8.2f}")


def _apart(way: str, path: Path) -> tuple[float, float]:
    command = [sys.executable, __file__, way, path]
    run = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True, env={"PYTHONPATH": str(ROOT)})
    seconds, peak = map(float, run.stdout.split())
    return seconds, peak


if __name__ == "__main__":
    if len(sys.argv) == 3:
        measure(sys.argv[1], Path(sys.argv[2]))
    else:
        main(int(sys.argv[1]) if len(sys.argv) == 2 else 1_000_000)
