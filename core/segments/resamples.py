"""How often random halves of the customers recommend the same number of segments."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from core.segments.bounds import AMPLITUDE
from core.segments.choose_k import Choice, choose
from core.segments.clusterer import Clusterer, Clustering
from core.segments.edges import bimodal_amplitude
from core.segments.evidence import FEWEST_ROWS, LEVELS, Level, Score, ScoredSample
from core.segments.judged import bic_of
from core.segments.quality import RESAMPLE_STARTS, separation, stability
from core.threads import one_thread

HALVES: Final = 20
# How many other halves tell whether a half's segments are found again. Halves of each half take three to ten times as
# long: on seven made-up mixtures both ways agreed on every recommendation.
OTHERS: Final = 3

Recommended = Counter[int | None]  # number of segments → in how many halves it is recommended; None: no number


@one_thread()
def score_halves(scored: ScoredSample, score: Score, clusterer: Clusterer) -> tuple[Score | None, ...]:
    """Score one number of segments again in each of `HALVES` random halves of the sample, always the same halves.

    Structureless data is not drawn anew: it is that of `score`. A half has only the scores that `choose` looks at; the
    others stay those of `score`. Empty where a half has fewer than `FEWEST_ROWS` customers.
    """
    rows = len(scored.points) // 2
    if rows < FEWEST_ROWS:
        return ()
    rng = np.random.default_rng(scored.seed)
    halves = [np.sort(rng.choice(len(scored.points), rows, replace=False)) for _ in range(HALVES)]
    found = _in_halves([scored.points[half] for half in halves], score, clusterer, scored.seed)
    if score.fewer is None or scored.fewer is None:
        return tuple(found)
    fewer = _in_halves([scored.fewer.points[half] for half in halves], score.fewer, clusterer, scored.seed)
    return tuple(one and replace(one, fewer=other) for one, other in zip(found, fewer, strict=True))


def _in_halves(halves: Sequence[np.ndarray], score: Score, clusterer: Clusterer, seed: int) -> list[Score | None]:
    found = [clusterer.refit(half, score.k, seed=seed, starts=RESAMPLE_STARTS) for half in halves]
    return [
        _score(half, score, found[at], [found[(at + step) % HALVES] for step in range(1, OTHERS + 1)])
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


def _score(points: np.ndarray, score: Score, clustering: Clustering, others: Sequence[Clustering]) -> Score | None:
    labels = clustering.assign(points)
    found = separation(points, labels, clustering.means)
    if found is None:
        return None
    falls = bimodal_amplitude(points, labels, clustering.means)
    again = [other.assign(points) for other in others]
    observed = replace(
        score.observed, inertia=found.inertia, silhouette=found.silhouette,
        apart=float((falls >= AMPLITUDE)[labels].mean()), stability=stability(labels, again),
        amplitudes=tuple(map(float, falls)),
    )  # fmt: skip
    return replace(score, observed=observed, bic=bic_of(clustering, points, np.ones(len(points))))
