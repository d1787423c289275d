"""How many segments the data has, if any: every k scored against structureless data of the same shape."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final, Literal

import numpy as np
import pandas as pd

from core.figures import coefficient
from core.segments.clusterer import Clusterer, Clustering
from core.segments.features import FeatureMatrix
from core.segments.judged import drawn, judged_by, space_of
from core.segments.onehot import OneHot
from core.segments.points import SampledPoints
from core.segments.quality import RESAMPLES, Quality, Separation, quality, separation
from core.threads import one_thread

Level = Literal["strong", "moderate", "weak", "none"]

KS: Final = range(2, 13)
DEFAULT_K = 5  # unless the analyst, or the data, says otherwise
MOST_K = 30  # more segments than that nobody can act on
FEWEST_ROWS = 30  # with fewer customers no number can tell groups from chance
SCORED_ROWS = 2_000
DRAWS = 5
REFERENCE_STARTS = 2
REFERENCE_RESAMPLES = 1

# Level → the least silhouette, excess silhouette, gap, stability and share set apart it takes. Kaufman and
# Rousseeuw (1990) call a silhouette above 0.5 reasonable; the others were set on made-up data of known structure:
# uniform, Gaussian and independent features had no excess above 0.05 and no gap above 0.1, a sphere's surface
# 0.08 and 0.25. Only the last tells groups from slices of a curve (income that peaks in mid-life), a ring or a
# spiral, which the reference does not bend along: there at most a third was set apart, of round groups all.
TAKES: Final[dict[Level, tuple[float, float, float, float, float]]] = {
    "strong": (0.5, 0.3, 0.5, 0.9, 0.7),
    "moderate": (0.25, 0.15, 0.2, 0.8, 0.5),
    "weak": (0.0, 0.1, 0.1, 0.0, 0.0),
}
TOO_FEW = "There are too few different customers to tell groups from chance."
ALONE = "one segment has no other to stand apart from."
TINY = 1e-12
SURE = 3  # standard deviations of the reference that the silhouette must exceed it by
STABLE = 0.9  # a recommended k finds the same segments again
SET_APART = 0.5  # … and most customers are in segments with fewer customers around them
MORE_GAP = 0.03  # a further cluster must explain more than the reference's noise
OF_BEST = 0.5  # … and keep so much of the largest excess


@dataclass(frozen=True)
class ScoredSample:
    """The rows of a feature matrix that are scored, and `DRAWS` arrays of structureless data like them."""

    rows: np.ndarray
    points: np.ndarray
    references: tuple[np.ndarray, ...]
    seed: int
    space: OneHot | None = None  # that the points are places in, where there are categories

    @cached_property
    def distinct(self) -> int:
        """How many of the points differ."""
        return len(np.unique(self.points, axis=0))


@dataclass(frozen=True)
class Score:
    """One k: the quality of its clusters and of those that the same method finds in structureless data.

    Of the latter all is known where it is shown beside that of the data, else what the verdict takes.
    """

    k: int
    observed: Quality
    reference: tuple[Separation, ...]

    def drawn(self, measure: str) -> list[float]:
        """A measure of each draw of the reference data."""
        return [getattr(one, measure) for one in self.reference]

    def expected(self, measure: str) -> tuple[float, float]:
        """Mean and standard deviation of a measure over the reference data."""
        return float(np.mean(self.drawn(measure))), float(np.std(self.drawn(measure)))

    @cached_property
    def gap(self) -> float:
        """Log inertia of the reference minus that of the data (Tibshirani, Walther and Hastie 2001)."""
        return float(np.mean(np.log(np.add(self.drawn("inertia"), TINY))) - np.log(self.observed.inertia + TINY))

    @cached_property
    def excess(self) -> float:
        """The silhouette above the reference's, as a share of what was left to reach 1."""
        mean, _ = self.expected("silhouette")
        return (self.observed.silhouette - mean) / max(1 - mean, TINY) if mean < 1 - 1e-6 else 0.0

    @property
    def level(self) -> Level:
        """How natural these groups are."""
        mean, spread = self.expected("silhouette")
        if self.observed.silhouette - mean < SURE * spread:
            return "none"
        observed = self.observed
        reached = (observed.silhouette, self.excess, self.gap, observed.stability, observed.apart)
        return next(
            (level for level, least in TAKES.items() if all(a >= b for a, b in zip(reached, least, strict=True))),
            "none",
        )


@dataclass(frozen=True)
class Choice:
    """The recommended number of segments, None where there is no natural one, and the level of structure at it."""

    k: int | None
    level: Level
    reason: str


def sample(matrix: FeatureMatrix, *, seed: int = 0) -> ScoredSample | None:
    """The rows to score, whatever the order of the customers; None if there are too few to tell."""
    found = sample_of(matrix.sample, space_of(matrix), seed=seed)
    return found and replace(found, rows=matrix.rows[found.rows])


def sample_of(points: SampledPoints, space: OneHot | None = None, *, seed: int = 0) -> ScoredSample | None:
    """The sample of sampled points; its `rows` are positions among these, a customer each."""
    even = np.flatnonzero(points.even)
    cumulative = np.cumsum(points.counts[even])
    if not points.values.size or cumulative[-1] < FEWEST_ROWS:
        return None
    ranks = np.arange(cumulative[-1])
    if len(ranks) > SCORED_ROWS:
        ranks = np.sort(np.random.default_rng(seed).choice(len(ranks), SCORED_ROWS, replace=False))
    at = even[np.searchsorted(cumulative, ranks, side="right")]
    if len(np.unique(at)) < 3:
        return None
    return ScoredSample(at, *drawn(points.values[at], space, DRAWS, seed), seed, space)


@one_thread()
def score_clusters(
    scored: ScoredSample,
    labels: np.ndarray,
    clustering: Clustering,
    *,
    smallest: float | None = None,
    whole: bool = True,
) -> Score | None:
    """Score clusters on the sample's rows, the smallest on all; None where that means nothing (one cluster, say).

    Parameters
    ----------
    labels : array (rows of the matrix,)
        What `clustering` assigns to the rows.
    smallest : float, optional
        The share of all customers in the smallest cluster, where `labels` are not those of all.
    whole : bool
        Whether to score the structureless data by every measure, not only those that the verdict takes.
    """
    k, seed, (clusterer, means) = len(clustering.means), scored.seed, judged_by(clustering, scored.space)
    if k > scored.distinct:
        return None
    inside = labels[scored.rows]
    observed = quality(scored.points, inside, means, clusterer, resamples=RESAMPLES, seed=seed)
    found = [_reference(points, k, clusterer, seed, whole=whole) for points in scored.references]
    reference = tuple(one for one in found if one is not None)
    if not (observed and reference):
        return None
    if smallest is None:
        smallest = float(np.bincount(labels, minlength=k).min() / len(labels))  # a sample misses who is rare
    return Score(k, replace(observed, smallest=smallest), reference)


def choose(scores: Sequence[Score]) -> Choice:
    """The largest number of segments that is stable, set apart, and explains clearly more than fewer do."""
    if not scores:
        return Choice(None, "none", TOO_FEW)
    best = max(scores, key=lambda score: score.excess)
    if all(score.level == "none" for score in scores):
        return Choice(None, "none", _no_groups(scores, best))
    chosen = None
    for score in sorted(scores, key=lambda score: score.k):
        if _usable(score, best) and (chosen is None or score.gap >= chosen.gap + MORE_GAP):
            chosen = score
    if chosen is None:
        return Choice(None, "weak", _unstable(best, scores))
    return Choice(chosen.k, chosen.level, _found(chosen, scores))


def unfinished(scores: Sequence[Score]) -> bool:
    """Whether the largest number scored is the one recommended, or does best beside structureless data."""
    if not scores:
        return False
    last = scores[-1]
    return choose(scores).k == last.k or max(scores, key=lambda one: one.excess) is last


def _usable(score: Score, best: Score) -> bool:
    observed = score.observed
    return (
        score.level != "none"
        and observed.stability >= STABLE
        and observed.apart >= SET_APART
        and score.excess >= OF_BEST * best.excess
    )


def _no_groups(scores: Sequence[Score], best: Score) -> str:
    return (
        f"No natural number of groups: of {scores[0].k} to {scores[-1].k} segments, {best.k} do best beside "
        f"structureless data of the same shape, with a silhouette of {coefficient(best.observed.silhouette)} "
        f"against its {coefficient(best.expected('silhouette')[0])}. Choose the number that is easiest to act on."
    )


def _unstable(best: Score, scores: Sequence[Score]) -> str:
    return (
        f"There is some structure ({_against(best)} at k = {best.k}), but no number of segments that shows "
        "half of it or more is both clearly found again in random halves of the customers (adjusted Rand index "
        f"{STABLE} or more) and separated by fewer customers between the segments. "
        f"Tried: {scores[0].k} to {scores[-1].k}."
    )


def _found(chosen: Score, scores: Sequence[Score]) -> str:
    last = " It is the largest number tried: there may be more groups." if chosen.k == scores[-1].k else ""
    return (
        f"{chosen.k} segments: {_against(chosen)}; random halves of the customers give the same segments "
        f"(adjusted Rand index {coefficient(chosen.observed.stability)}), and more segments explain little more. "
        f"Tried: {scores[0].k} to {scores[-1].k}.{last}"
    )


def _against(score: Score) -> str:
    return (
        f"the silhouette is {coefficient(score.observed.silhouette)} where structureless data of the same shape has "
        f"{coefficient(score.expected('silhouette')[0])}"
    )


MEANS: Final[dict[Level, str]] = {
    "strong": "Strong structure: these segments are natural groups",
    "moderate": "Moderate structure: these segments are groups whose edges overlap",
    "weak": "Weak structure: there are hints of groups, but these segments are not clearly separated",
    "none": "No structure: these segments are convenient slices, not natural groups",
}


def verdict(found: Score | None, k: int | None = None) -> str:
    """One sentence with its figures: whether the `k` segments shown are real."""
    if found is None:
        return f"Structure unknown: {ALONE if k == 1 else TOO_FEW[0].lower() + TOO_FEW[1:]}"
    return f"{MEANS[found.level]} ({_against(found)}; stability {coefficient(found.observed.stability)})."


MEASURES: Final = {
    "inertia": "Inertia (mean squared distance to the centre)",
    "silhouette": "Silhouette",
    "calinski_harabasz": "Calinski–Harabasz index",
    "davies_bouldin": "Davies–Bouldin index (lower is better)",
    "smallest": "Smallest segment (share of the clustered customers)",
    "apart": "Separated (share of the sampled customers)",
    "stability": "Stability (adjusted Rand index)",
}


def table(scores: Sequence[Score], measures: Iterable[str] = MEASURES) -> pd.DataFrame:
    """Some measures of every k beside its reference, ready to draw or export.

    Returns
    -------
    DataFrame
        k, measure, value, reference (mean of the draws), low, high (smallest and largest draw).
    """
    rows = [(one.k, name, getattr(one.observed, name), *_range(one, name)) for one in scores for name in measures]
    return pd.DataFrame(rows, columns=["k", "measure", "value", "reference", "low", "high"])


def _range(score: Score, measure: str) -> tuple[float, float, float]:
    values = score.drawn(measure)
    return float(np.mean(values)), min(values), max(values)


def _reference(points: np.ndarray, k: int, clusterer: Clusterer, seed: int, *, whole: bool) -> Separation | None:
    clustering = clusterer.refit(points, k, seed=seed, starts=REFERENCE_STARTS)
    labels = clustering.assign(points)
    if not whole:
        return separation(points, labels, clustering.means)
    return quality(points, labels, clustering.means, clusterer, resamples=REFERENCE_RESAMPLES, seed=seed)
