"""Time of choosing k on a million rows: `python tests/bench/bench_choose_k.py [ROWS]`.

Beside it, in the same run, scikit-learn's `KMeans(n_init=10)` on all rows for the same k without any
score, and how far the inertia of our fit is from its.
"""

import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.cluster import KMeans

sys.path.insert(0, str(Path(__file__).parents[2]))

from core.segments.clusterer import squared_error
from core.segments.features import feature_matrix
from core.segments.kmeans import KMEANS
from core.segments.sweep import sweep

KS = range(2, 11)


def customers(rows: int) -> pd.DataFrame:
    """Independent features as customers have them: age, property valuation, purchases, tenure."""
    rng = np.random.default_rng(0)
    return pd.DataFrame(
        {
            "age": rng.normal(45, 15, rows).round(),
            "property_valuation": rng.integers(1, 13, rows),
            "purchases": rng.integers(0, 100, rows),
            "tenure": rng.integers(1, 23, rows),
        }
    )


def seconds(task: object) -> tuple[float, object]:
    """How long a task takes, and what it gives."""
    start = time.perf_counter()
    result = task()
    return time.perf_counter() - start, result


def main(rows: int) -> None:
    """Print the table."""
    frame = customers(rows)
    made, matrix = seconds(lambda: feature_matrix(frame, list(frame)))
    swept, _ = seconds(lambda: sweep(matrix, KS))
    small = feature_matrix(frame.head(rows // 10), list(frame))
    tenth, _ = seconds(lambda: sweep(small, KS))
    print(f"{rows:,} rows, k = {KS[0]}…{KS[-1]}; feature matrix {made:.2f} s")
    print(f"sweep with all scores   {swept:8.2f} s   on a tenth of the rows {tenth:.2f} s")
    total = 0.0
    print(f"{'k':>4}{'fit s':>8}{'sklearn s':>11}{'inertia above sklearn’s':>25}")
    for k in KS:
        ours, fitted = seconds(lambda k=k: KMEANS.fit(matrix, k, seed=0))
        theirs, model = seconds(lambda k=k: KMeans(k, n_init=10, random_state=0).fit(matrix.values))
        total += theirs
        inertia = squared_error(matrix.values, fitted.means, fitted.assign(matrix.values))
        print(f"{k:>4}{ours:>8.2f}{theirs:>11.2f}{inertia / model.inertia_ - 1:>24.3%}", flush=True)
    print(f"scikit-learn in all {total:.2f} s: {total / swept:.1f} × the sweep")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) == 2 else 1_000_000)
