"""Every number of segments scored: up to a dozen, and further where the largest of them is the best."""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from core.segments.choose_k import KS, MOST_K, unfinished
from core.segments.clusterer import Clusterer
from core.segments.evidence import Score, sample, score_clusters, with_fewer
from core.segments.features import FeatureMatrix
from core.segments.registry import DEFAULT_CLUSTERER

WORKERS: Final = 2  # at a time; each keeps all rows and their distances to the centres


def search(scores_of: Callable[[Sequence[int]], tuple[Score, ...]], ks: range = KS) -> tuple[Score, ...]:
    """Score some numbers of segments, and on to `MOST_K` where the largest of these is the best.

    Parameters
    ----------
    scores_of : callable
        Scores every number asked for that the customers can be split into (`sweep`).
    ks : range
        The numbers that are scored in any case.
    """
    found, further = scores_of(ks), range(ks.stop, MOST_K + 1)
    if not (further and unfinished(found)) or found[-1].k < ks[-1]:  # the last: there are no more different customers
        return found
    return (*found, *(one for one in scores_of(further) if one.k in further))


def sweep(
    matrix: FeatureMatrix,
    ks: Iterable[int] = KS,
    *,
    seed: int = 0,
    clusterer: Clusterer = DEFAULT_CLUSTERER,
    progress: Callable[[str], None] = lambda _: None,
    whole: bool = True,
) -> tuple[Score, ...]:
    """Score every k that the customers can be split into; none if they are too few to tell.

    `whole` is as in `score_clusters`.
    """
    progress("Drawing structureless data of the same shape")
    scored = sample(matrix, seed=seed)
    if scored is None:
        return ()

    def one(k: int) -> Score | None:
        clustering = clusterer.fit(matrix, k, seed=seed)
        score = score_clusters(scored, clustering.assign(matrix.points), clustering, whole=whole)
        return score and with_fewer(scored, score, clusterer)

    return each(ks, one, progress)


def each(
    ks: Iterable[int], one: Callable[[int], Score | None], progress: Callable[[str], None]
) -> tuple[Score, ...]:  # fmt: skip
    """The score of every k, some at a time; each number of segments once, as fewer points than k give fewer."""
    ks, scores = tuple(ks), dict[int, Score]()
    with ThreadPoolExecutor(WORKERS) as pool:  # scikit-learn lets go of Python's lock while it computes
        for k, scored_k in zip(ks, pool.map(one, ks), strict=True):
            progress(f"Scored {k} segments")
            if scored_k:
                scores[scored_k.k] = scored_k
    return tuple(scores.values())
