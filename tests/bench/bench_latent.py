"""How much segments foretell an outcome that they are not made from: latent classes beside k-means of indicators.

`python -m tests.bench.bench_latent` prints a line per made-up set: the skill of both, 1 - log-loss / log-loss of the
base rate, on the half of the customers that neither was made from. `python -m tests.bench.bench_latent 1000000` prints
how long so many customers take, of 4 numbers and 6 categories, beside k-means of the numbers.
"""

import sys
import time

import numpy as np
import pandas as pd
from sklearn.cluster import KMeans

from core.schema import Column
from core.segments.choice import FeatureChoice
from core.segments.evidence import sample, score_clusters
from core.segments.features import feature_matrix, matrix_under
from core.segments.find import find_segments
from core.segments.kmeans import KMEANS
from core.segments.latent import LATENT
from tests.mixed import SETS, wide

K = 8


def skill(train: np.ndarray, test: np.ndarray, of_train: np.ndarray, of_test: np.ndarray) -> float:
    """1 - log-loss / log-loss of the base rate, of an outcome foretold by the rate of a customer's segment."""
    base = of_train.mean()
    sizes = np.bincount(train, minlength=K)
    rates = (np.bincount(train, of_train, minlength=K) + base) / (sizes + 1)
    return 1 - _loss(rates[test], of_test) / _loss(np.full(len(test), base), of_test)


def _loss(rates: np.ndarray, outcome: np.ndarray) -> float:
    return float(-np.log(np.where(outcome, rates, 1 - rates)).mean())


def skills(made: pd.DataFrame, outcome: np.ndarray, seed: int = 0) -> tuple[float, float]:
    """The skill of latent classes, and of k-means of standardised numbers and indicators."""
    half = len(made) // 2
    train, test = made.iloc[:half], made.iloc[half:]
    matrix = feature_matrix(train, FeatureChoice(tuple(made), categories=True))
    other = matrix_under(test, matrix.feature_specs, matrix.categories)
    classes = LATENT.fit(matrix, K, seed=seed)
    wide, wide_other = (np.hstack([one.values, one.layout.indicators(one.points)]) for one in (matrix, other))
    centres = KMeans(K, n_init=10, random_state=seed).fit(wide)
    ours = skill(classes.assign(matrix.points), classes.assign(other.points), outcome[:half], outcome[half:])
    theirs = skill(centres.predict(wide), centres.predict(wide_other), outcome[:half], outcome[half:])
    return ours, theirs


def times(rows: int) -> None:
    """Seconds of a processor to fit, and to find, number and score other segments."""
    made = wide(rows, 0)
    columns = [Column(name, "number" if name.startswith("number") else "category", name) for name in made]
    numbers = tuple(name for name in made if name.startswith("number"))
    for clusterer, choice in ((KMEANS, FeatureChoice(numbers)), (LATENT, FeatureChoice(tuple(made), categories=True))):
        start = time.process_time()
        matrix = feature_matrix(made, choice)
        scored = sample(matrix)
        print(f"{clusterer.label}: features and sample {time.process_time() - start:.2f}")
        for k in (5, 8, 12):
            start = time.process_time()
            clusterer.fit(matrix, k, seed=0)
            fitted = time.process_time()
            segments = find_segments(made, columns, matrix, k, clusterer=clusterer)
            score_clusters(scored, segments.labels.codes, segments.clustering, whole=False)
            print(f"  {k} segments: fit {fitted - start:.2f}, change of k {time.process_time() - fitted:.2f}")


if __name__ == "__main__" and sys.argv[1:]:
    times(int(sys.argv[1]))
elif __name__ == "__main__":
    for name, make in SETS.items():
        for seed in range(3):
            ours, theirs = skills(*make(20_000, seed))
            print(f"{name:20} seed {seed}: latent classes {ours:.3f}, k-means of indicators {theirs:.3f}")
