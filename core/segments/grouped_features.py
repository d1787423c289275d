"""The features in which customers fall into groups, found feature by feature, then inside each group that shows.

K-means gives every feature the same say: groups in two of eight features drown in the noise of six. Whether one feature
alone has groups is quickly asked (`one_feature`), and groups that overlap there often part in another feature, as in
Kalogeratos and Likas, "Dip-means" (2012), and with no stable split inside a cluster that is left, as Mourer and others
ask for (2023).
"""

from collections.abc import Iterator
from typing import Final

import numpy as np

from core.segments import bounds
from core.segments.edges import bimodal_amplitude
from core.segments.one_feature import labels_of, silhouettes, splits
from core.segments.quality import adjusted_rand_index, share_apart
from core.segments.reference import structureless

KS: Final = range(2, 6)
HALVES: Final = 6
DRAWS: Final = 5
FEWEST_ROWS: Final = 100  # of a group that is looked into: fewer seldom tell
DEEPEST: Final = 3  # groups in groups in groups
VALUES: Final = 2  # different ones a group has on average: five bands of income are no five groups of customers


def grouped_features(points: np.ndarray, seed: int) -> tuple[int, ...]:
    """The columns of `points` (rows, features) in which all, or those of a group so found, fall into groups."""
    return tuple(sorted(set(_found(points, seed, DEEPEST))))


def _found(points: np.ndarray, seed: int, depth: int) -> Iterator[int]:
    best, parts = -np.inf, np.zeros(len(points), int)
    for column, values in enumerate(points.T):
        means = _groups(values, seed)
        if means is None:
            continue
        yield column
        labels = labels_of(values, means)
        parted, _ = silhouettes(np.sort(values), means)
        if parted > best:
            best, parts = parted, labels
    if best > -np.inf and depth:
        for part in range(int(parts.max()) + 1):
            inside = points[parts == part]
            if len(inside) >= FEWEST_ROWS:
                yield from _found(inside, seed, depth - 1)


def _groups(values: np.ndarray, seed: int) -> np.ndarray | None:
    """The means of the groups that one feature falls into, the most that are set apart; None without groups."""
    values, rng = np.sort(values), np.random.default_rng(seed)
    most = len(np.unique(values)) // VALUES
    halves = [splits(np.sort(rng.choice(values, len(values) // 2, replace=False)), KS) for _ in range(HALVES)]
    found = {
        k: means
        for k, means in splits(values, KS).items()
        if k <= most
        and _set_apart(values, means)
        and _found_again(values, means, [half[k] for half in halves if k in half])
    }
    if not found:
        return None
    draws = [np.sort(draw[:, 0]) for draw in structureless(values[:, None], DRAWS, seed)]
    drawn = [(draw, splits(draw, KS)) for draw in draws]
    for k, means in sorted(found.items(), reverse=True):
        expected = [silhouettes(draw, parted[k]) for draw, parted in drawn if k in parted]
        both = zip(silhouettes(values, means), zip(*expected, strict=True), strict=True) if expected else ()
        if any(bounds.beyond(observed, draws) for observed, draws in both):
            return means
    return None


def _set_apart(values: np.ndarray, means: np.ndarray) -> bool:
    labels = labels_of(values, means)
    falls = bimodal_amplitude(values[:, None], labels, means[:, None])
    return share_apart(falls, labels) >= bounds.APART


def _found_again(values: np.ndarray, means: np.ndarray, others: list[np.ndarray]) -> bool:
    labels = labels_of(values, means)
    indices = [adjusted_rand_index(labels, labels_of(values, other)) for other in others]
    return bool(indices) and float(np.mean(indices)) >= bounds.STABILITY
