"""Measure everything on made-up files and print the table: `python -m tests.bench --help`."""

import argparse
import json
import subprocess
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

from data.generate import SAMPLE, write_sample
from tests.bench.app import served
from tests.bench.report import markdown, written
from tests.bench.server import ROOT
from tests.bench.steps import STEPS, Cost, csv, leave_study, measured

ROWS = (10_000, 100_000, 1_000_000)
MORE = 10_000_000
LARGEST_UPLOAD = 200 * 2**20


def main() -> None:
    """Measure, print, and with `--write` put the table into `tests/bench/README.md`."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__.partition(":")[0])
    parser.add_argument("--rows", type=lambda text: [*map(int, text.split(","))], default=[*ROWS])
    parser.add_argument("--ten-million", action="store_true", help=f"{MORE:,} rows as well (no app)")
    parser.add_argument("--write", action="store_true", help="put the table into tests/bench/README.md")
    parser.add_argument("--step", nargs=2, metavar=("NAME", "FOLDER"), help="measure one step in this process")
    options = parser.parse_args()
    if options.step:
        print(json.dumps(asdict(measured(options.step[0], Path(options.step[1])))))
        return
    text = _everything([*options.rows, *([MORE] if options.ten_million else [])])
    print(text)
    if options.write:
        readme = ROOT / "tests" / "bench" / "README.md"
        readme.write_text(written(readme.read_text("utf-8"), text), "utf-8")


def _everything(rows: list[int]) -> str:
    costs, sizes = {}, {len(SAMPLE.read_bytes().splitlines()) - 1: SAMPLE.stat().st_size}
    apps = {next(iter(sizes)): served(None)}
    for number in rows:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            _say(f"Making {number:,} customers")
            write_sample(csv(folder), customers=number, seed=7)
            sizes[number] = csv(folder).stat().st_size
            leave_study(folder)
            costs[number] = {step: _apart(step, folder, number) for step in STEPS}
            if sizes[number] <= LARGEST_UPLOAD:
                _say(f"The app on {number:,} customers")
                apps[number] = served(csv(folder))
    return markdown(costs, sizes, apps)


def _apart(step: str, folder: Path, rows: int) -> Cost:
    """Measure a step in a fresh process."""
    _say(f"{step}, {rows:,} rows")
    command = [sys.executable, "-m", "tests.bench", "--step", step, str(folder)]
    run = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    return Cost(**json.loads(run.stdout))


def _say(what: str) -> None:
    print(f"{what} …", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
