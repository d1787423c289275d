"""The measurements as a Markdown table, and its place in `tests/bench/README.md`."""

import math
import platform
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from os import sched_getaffinity
from pathlib import Path

from tests.bench.app import Served
from tests.bench.steps import Cost

START, END = "<!-- benchmark: python -m tests.bench --write -->", "<!-- end of benchmark -->"
LIBRARIES = ("streamlit", "pandas", "numpy", "scikit-learn", "duckdb")
# Step → the yardstick of the same run that it is compared with.
YARDSTICKS = {
    "load": "pandas.read_csv", "read": "pandas.read_csv", "fit": "KMeans(n_init=10)", "sweep": "KMeans(n_init=10)",
    "k change": "KMeans(n_init=10)", "page tables": "DuckDB: page tables", "filter change": "DuckDB: filter change",
}  # fmt: skip
TITLES = {
    "load": "**Load**: all of the next three", "read": "read", "clean": "clean", "flags": "flags",
    "fit": "Fit 5 segments", "sweep": "Sweep: score 2 to 12 segments", "k change": "Change the number of segments",
    "page tables": "All tables of the dashboard", "filter change": "… after a filter changed",
}  # fmt: skip

Costs = Mapping[int, Mapping[str, Cost]]  # by number of rows


def markdown(costs: Costs, sizes: Mapping[int, int], served: Mapping[int, Served]) -> str:
    """All measurements: rows → step → cost, rows → bytes of the file, rows → what the app takes."""
    rows = sorted(costs)
    apps = sorted(served)
    return "\n\n".join(
        [
            f"{_machine()} Seconds, the memory beyond what was held before in MB.",
            _table(
                ["step", *map(_rows, rows), "growth per tenfold", "against"],
                [_step(name, costs, rows) for name in next(iter(costs.values()))],
            ),
            f"Memory while loading: {_peaks(costs, sizes)} of the file.",
            _table(["the app", *map(_rows, apps)], [[title, *cells] for title, cells in _app(served, apps, sizes)]),
        ]
    )


def written(readme: str, text: str) -> str:
    """The page with the text in its place."""
    head, _, rest = readme.partition(START)
    return f"{head}{START}\n{text}\n{END}{rest.partition(END)[2]}"


def _step(name: str, costs: Costs, rows: Sequence[int]) -> list[str]:
    each = [costs[n][name] for n in rows]
    cells = [f"{_seconds(cost.seconds)} ({cost.peak / 1e6:,.0f})" for cost in each]
    return [
        TITLES.get(name, f"*{name}*"),
        *cells,
        _growth(rows, [cost.seconds for cost in each]),
        _against(name, costs),
    ]


def _against(name: str, costs: Costs) -> str:
    yardstick = YARDSTICKS.get(name)
    if not yardstick:
        return ""
    last = costs[max(costs)]
    return f"{last[name].seconds / last[yardstick].seconds:.2g} × {yardstick}"


def _growth(rows: Sequence[int], seconds: Sequence[float]) -> str:
    """By which factor the time grows from ten times as many rows, over the last two sizes."""
    if len(rows) < 2:
        return ""
    return f"{(seconds[-1] / seconds[-2]) ** (1 / math.log10(rows[-1] / rows[-2])):.1f} ×"


def _peaks(costs: Costs, sizes: Mapping[int, int]) -> str:
    return ", ".join(f"{costs[n]['load'].peak / sizes[n]:.1f} × ({_rows(n)})" for n in sorted(costs))


def _app(served: Mapping[int, Served], rows: Sequence[int], sizes: Mapping[int, int]) -> list[tuple[str, list[str]]]:
    each = [served[n] for n in rows]
    return [
        ("first page of a fresh server", [_seconds(one.first) for one in each]),
        ("upload to page", [_seconds(one.upload) if one.upload else "" for one in each]),
        ("a page again", [_slowest(one.again) for one in each]),
        ("a filter changes", [_slowest(one.filter) for one in each]),
        ("the number of segments changes", [_slowest(one.k) for one in each]),
        ("bytes sent, largest page", [f"{max(one.bytes.values()) / 1e3:,.0f} KB" for one in each]),
        (
            "memory while loading",
            [f"{served[n].loading / sizes[n]:.1f} × file" if served[n].upload else "" for n in rows],
        ),
    ]


def _slowest(by_page: Mapping[str, float]) -> str:
    return _seconds(max(by_page.values()))


def _seconds(value: float) -> str:
    return f"{value:.2f}" if value < 10 else f"{value:.0f}"


def _rows(number: int) -> str:
    for unit, letter in ((1_000_000, "M"), (1_000, "k")):
        if number >= unit:
            return f"{number / unit:g} {letter}"
    return str(number)


def _table(head: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    return "\n".join(f"| {' | '.join(line)} |" for line in (head, ["---"] * len(head), *lines))


def _machine() -> str:
    model = next((line.partition(":")[2].strip() for line in Path("/proc/cpuinfo").read_text().splitlines()
                  if line.startswith("model name")), platform.machine())  # fmt: skip
    versions = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    return f"{len(sched_getaffinity(0))} cores ({model}), Python {platform.python_version()}, {versions}."
