"""How often random halves of the customers recommend the same number of segments."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import cache, partial
from typing import Final

import numpy as np

from core.segments import bounds
from core.segments.choose_k import Choice, choose
from core.segments.clusterer import Clusterer, Clustering
from core.segments.edges import bimodal_amplitude
from core.segments.evidence import FEWEST_ROWS, LEVELS, Level, Score, ScoredSample, score_fewer
from core.segments.judged import bic_of
from core.segments.quality import RESAMPLE_STARTS, separation, share_apart, stability
from core.threads import one_thread

HALVES: Final = 20
# How many other halves tell whether a half's segments are found again. Halves of each half take three to ten times as
# long: on seven made-up mixtures both ways agreed on every recommendation.
OTHERS: Final = 3

Recommended = Counter[int | None]  # number of segments → in how many halves it is recommended; None: no number


@one_thread()
def score_halves(
    scored: ScoredSample, score: Score, clusterer: Clusterer, *, whole: bool = False
) -> tuple[Score | None, ...]:  # fmt: skip
    """Score one number of segments again in each of `HALVES` random halves of the sample, always the same halves.

    Structureless data is not drawn anew: it is that of `score`. A half has only the scores that `choose` looks at; the
    others stay those of `score`. None where the segments of a half are not set apart, and so no groups, unless `whole`
    asks for their `levels`. Empty where a half has fewer than `FEWEST_ROWS` customers.
    """
    rows = len(scored.points) // 2
    if rows < FEWEST_ROWS:
        return ()
    rng = np.random.default_rng(scored.seed)
    halves = [np.sort(rng.choice(len(scored.points), rows, replace=False)) for _ in range(HALVES)]
    in_halves = partial(_in_halves, k=score.k, clusterer=clusterer, seed=scored.seed, whole=whole)
    found = in_halves([scored.points[half] for half in halves], lambda: replace(score, fewer=None))
    if scored.fewer is None or score.k > scored.fewer.distinct:
        return tuple(found)
    some = cache(lambda: score.fewer or score_fewer(scored, score.k, clusterer, whole=True))
    fewer = in_halves([scored.fewer.points[half] for half in halves], some)
    none = replace(score, observed=replace(score.observed, apart=0.0))
    return tuple(
        replace(one or none, fewer=other) if other else one for one, other in zip(found, fewer, strict=True)
    )  # fmt: skip


def _in_halves(
    halves: Sequence[np.ndarray], score: Callable[[], Score | None], *,
    k: int, clusterer: Clusterer, seed: int, whole: bool,
) -> list[Score | None]:  # fmt: skip
    found = [clusterer.refit(half, k, seed=seed, starts=RESAMPLE_STARTS) for half in halves]
    return [
        _score(half, score, found[at], [found[(at + step) % HALVES] for step in range(1, OTHERS + 1)], whole=whole)
        for at, half in enumerate(halves)
    ]


def recommended(scores: Iterable[Sequence[Score | None]]) -> Recommended:
    """In how many halves each number is recommended, by the rule for all customers; `scores` by number of segments."""
    by_half = zip(*scores, strict=True)
    return Counter(choose([score for score in half if score is not None]).k for half in by_half)


def levels(scores: Iterable[Sequence[Score | None]], chosen: Choice) -> dict[Level, int]:
    """In how many halves the recommended number has each level; `scores` by number of segments."""
    found = Counter[Level]()
    for halves in scores:
        for half in halves:
            score = half and half.fewer if chosen.features else half
            if score and score.k == chosen.k:
                found[score.level] += 1
    return {level: found[level] for level in LEVELS}


def _score(
    points: np.ndarray, score_of: Callable[[], Score | None], clustering: Clustering, others: Sequence[Clustering], *,
    whole: bool,
) -> Score | None:  # fmt: skip
    """The score of one half; what takes long is left out of one whose segments are no groups."""
    labels = clustering.assign(points)
    falls = bimodal_amplitude(points, labels, clustering.means)
    apart = share_apart(falls, labels)
    if not whole and apart < bounds.APART:
        return None
    found, score = separation(points, labels, clustering.means), score_of()
    if not (found and score):
        return None
    observed = replace(
        score.observed, inertia=found.inertia, silhouette=found.silhouette, apart=apart,
        stability=stability(labels, [other.assign(points) for other in others]), amplitudes=tuple(map(float, falls)),
    )  # fmt: skip
    return replace(score, observed=observed, bic=bic_of(clustering, points, np.ones(len(points))))
