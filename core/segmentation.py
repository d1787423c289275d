"""Segments of loaded customers in one go: the number of segments, if it is left to the data, and how real they are."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from core.pipeline import matrix_of, segment, structure
from core.segments.choice import FeatureChoice
from core.segments.choose_k import Choice, choose
from core.segments.clusterer import Clusterer
from core.segments.evidence import Score, sample
from core.segments.profile import Segments
from core.segments.sweep import search, sweep
from core.study import Study


@dataclass(frozen=True)
class Segmentation:
    """Segments and their score against structureless data, if they can be scored.

    `wanted` is the number of segments to find. Where it was left to the data, `scores` are those of all numbers, and
    `chosen` is the choice among them.
    """

    segments: Segments
    structure: Score | None
    wanted: int
    scores: tuple[Score, ...] = ()
    chosen: Choice | None = None


def find_segmentation(
    study: Study,
    k: int | None,
    features: FeatureChoice,
    *,
    clusterer: Clusterer,
    seed: int = 0,
    progress: Callable[[str], None] = lambda _: None,
) -> Segmentation:
    """The segments of all customers who have every feature; without `k`, the number is the one that the data has."""
    progress("Standardising the features")
    matrix = matrix_of(study, features)
    scores, chosen = tuple[Score, ...](), None
    if k is None:
        scores = search(partial(sweep, matrix, seed=seed, clusterer=clusterer, progress=progress))
        chosen = choose(scores)
        k = chosen.of_all_features
    progress(f"Segmenting {len(study.customers):,} customers into {k}")
    segments = segment(study, k, seed=seed, matrix=matrix, clusterer=clusterer)
    score = structure(segments, sample(matrix, seed=seed), across=True)
    return Segmentation(segments, score, k, scores, chosen)
