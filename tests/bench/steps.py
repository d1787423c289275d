"""The steps that are measured: each is prepared, then timed, in a process of its own."""

import gc
import pickle
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
from sklearn.cluster import KMeans

from core.intake.clean import clean
from core.intake.combine import combine
from core.intake.flags import flag_rows
from core.intake.read import read
from core.pipeline import load, match_all, matrix_of, segment, structure
from core.rules import Rules
from core.segments.choose_k import KS
from core.segments.evidence import sample
from core.segments.sweep import sweep
from core.sources.file import FileSource
from core.study import Study
from core.views.tables import select
from tests.bench import pagetables

RULES = Rules(as_of=date(2026, 1, 1))
STUDY = "study"  # what `load` leaves for the steps after it
K, OTHER_K = 5, 6
FILTERS = (("NSW",), ("NSW", "VIC"), ("QLD", "VIC", "WA"))
Task = Callable[[], Any]


@dataclass(frozen=True)
class Cost:
    """Seconds of a step, and the bytes it held at most beyond those held before."""

    seconds: float
    peak: int


def measured(name: str, folder: Path) -> Cost:
    """Prepare a step on the file in the folder, then time it: the median of its tasks."""
    tasks = STEPS[name](folder)
    gc.collect()
    Path("/proc/self/clear_refs").write_text("5")  # the peak is counted from here
    before, seconds = _status("VmRSS"), []
    for task in tasks:
        start = time.perf_counter()
        task()
        seconds.append(time.perf_counter() - start)
    return Cost(statistics.median(seconds), max(0, _status("VmHWM") - before))


def csv(folder: Path) -> Path:
    """The file of a benchmark's folder."""
    return folder / "customers.csv"


def _status(name: str) -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(f"{name}:"))


def _source(folder: Path) -> FileSource:
    return FileSource(csv(folder).name, csv(folder).read_bytes())


def _study(folder: Path) -> Study:
    return pickle.loads((folder / STUDY).read_bytes())


def leave_study(folder: Path) -> None:
    """Load the file once for the steps that start from its customers."""
    (folder / STUDY).write_bytes(pickle.dumps(load([_source(folder)], RULES)))


def _clean(folder: Path) -> list[Task]:
    matched = combine(match_all([_source(folder)], RULES)[0], RULES)
    return [lambda: clean(matched, RULES)]


def _flags(folder: Path) -> list[Task]:
    customers = _study(folder).customers
    return [lambda: flag_rows(customers, RULES)]


def _fit(folder: Path) -> list[Task]:
    study = _study(folder)
    return [lambda: segment(study, K)]


def _k_means(folder: Path) -> list[Task]:
    values = matrix_of(_study(folder)).values
    return [lambda: KMeans(K, n_init=10, random_state=0).fit(values)]


def _sweep(folder: Path) -> list[Task]:
    matrix = matrix_of(_study(folder))
    return [lambda: sweep(matrix, KS)]


def _k_change(folder: Path) -> list[Task]:
    """All that another k changes: the segments, how natural they are, and every table of the pages."""
    study = _study(folder)
    matrix = matrix_of(study)
    segment(study, K, matrix=matrix)
    scored = sample(matrix)

    def task(k: int) -> None:
        segments = segment(study, k, matrix=matrix)
        structure(segments, scored)
        _all_tables(study, study.with_segments(segments))

    return [lambda k=k: task(k) for k in (OTHER_K, OTHER_K + 1, OTHER_K - 2)]


def _tables(folder: Path) -> list[Task]:
    study, customers = _segmented(folder)
    return [lambda: _all_tables(study, customers)] * 3


def _filter(folder: Path) -> list[Task]:
    study, customers = _segmented(folder)
    return [lambda states=states: _all_tables(study, select(customers, {"state": states})) for states in FILTERS]


def _duckdb(folder: Path) -> list[Task]:
    study, customers = _segmented(folder)
    connection = pagetables.database(customers)
    return [lambda: pagetables.run(connection, pagetables.sql(study.rules))] * 3


def _duckdb_filter(folder: Path) -> list[Task]:
    study, customers = _segmented(folder)
    connection = pagetables.database(customers)
    chosen = [f" AND state IN ({', '.join(map(repr, states))})" for states in FILTERS]
    return [lambda where=where: pagetables.run(connection, pagetables.sql(study.rules), where) for where in chosen]


def _segmented(folder: Path) -> tuple[Study, pd.DataFrame]:
    study = _study(folder)
    return study, study.with_segments(segment(study, K))


def _all_tables(study: Study, customers: pd.DataFrame) -> list[Any]:
    return [build(customers) for build in pagetables.ours(study).values()]


# Name → what prepares it and gives the tasks to time.
STEPS: dict[str, Callable[[Path], list[Task]]] = {
    "load": lambda folder: [lambda: load([_source(folder)], RULES)] * 5,
    "read": lambda folder: [lambda: read(_source(folder))] * 5,
    "clean": _clean,
    "flags": _flags,
    "pandas.read_csv": lambda folder: [lambda: pd.read_csv(csv(folder))] * 5,
    "fit": _fit,
    "sweep": _sweep,
    "k change": _k_change,
    "KMeans(n_init=10)": _k_means,
    "page tables": _tables,
    "filter change": _filter,
    "DuckDB: page tables": _duckdb,
    "DuckDB: filter change": _duckdb_filter,
}
