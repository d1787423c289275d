"""How often choosing k is right about data of known structure: `python tests/bench/bench_structure.py [SEEDS] [ROWS]`.

Prints, per kind of data, in how many of the seeds the recommended k is the true one (none, where there
is no structure) and how often each level of structure was said.
"""

import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).parents[2]))

from core.segments.choose_k import Choice, choose
from core.segments.features import feature_matrix
from core.segments.sweep import sweep

Draw = Callable[[np.random.Generator, int], np.ndarray]


def uniform(rng: np.random.Generator, rows: int) -> np.ndarray:
    """A uniform box."""
    return rng.uniform(size=(rows, 4))


def gaussian(rng: np.random.Generator, rows: int) -> np.ndarray:
    """One Gaussian with correlated features."""
    return rng.standard_normal((rows, 4)) @ rng.standard_normal((4, 4))


def independent(rng: np.random.Generator, rows: int) -> np.ndarray:
    """Independent features as customers have them: ages, a skewed amount, counts, a band."""
    return np.column_stack(
        [rng.normal(45, 15, rows), rng.lognormal(10, 1, rows), rng.poisson(4, rows), rng.integers(1, 13, rows)]
    )


def blobs(k: int) -> Draw:
    """K round groups whose centres are at least 7 of their standard deviations apart."""

    def draw(rng: np.random.Generator, rows: int) -> np.ndarray:
        centres = rng.uniform(-10, 10, (k, 4))
        apart = np.linalg.norm(centres[:, None] - centres, axis=2) + 99 * np.eye(k)
        return draw(rng, rows) if apart.min() < 7 else np.repeat(centres, rows // k, axis=0) + _noise(rng, k, rows)

    return draw


def _noise(rng: np.random.Generator, k: int, rows: int) -> np.ndarray:
    return rng.standard_normal((rows // k * k, 4))


KINDS: dict[str, tuple[Draw, int | None]] = {
    "uniform": (uniform, None),
    "one Gaussian": (gaussian, None),
    "independent features": (independent, None),
    **{f"{k} blobs": (blobs(k), k) for k in (3, 5, 8)},
}


def recommended(points: np.ndarray) -> Choice:
    """The choice of k for these points."""
    customers = pd.DataFrame(points).add_prefix("feature_")
    return choose(sweep(feature_matrix(customers, list(customers))))


def main(seeds: int, rows: int) -> None:
    """Print the table."""
    print(f"{seeds} seeds, {rows:,} rows\n{'':<24}{'right':>6}  levels")
    for name, (draw, truth) in KINDS.items():
        found = [recommended(draw(np.random.default_rng(seed), rows)) for seed in range(seeds)]
        levels = Counter(one.level for one in found)
        print(f"{name:<24}{sum(one.k == truth for one in found):>6}  {dict(levels)}", flush=True)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:] or ["20", "2000"]))
