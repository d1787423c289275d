"""The evidence that segments are groups: every k scored beside structureless data of the same shape."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cache, cached_property, partial
from typing import Any, Final, Literal, get_args

import numpy as np

from core.segments import bounds
from core.segments.clusterer import Clusterer, Clustering
from core.segments.edges import bimodal_amplitude
from core.segments.features import FeatureMatrix
from core.segments.grouped_features import VALUES, grouped_features
from core.segments.judged import bic_of, drawn, judged_by, space_of
from core.segments.onehot import OneHot
from core.segments.points import SampledPoints
from core.segments.quality import RESAMPLES, Quality, Separation, quality, separation, share_apart
from core.segments.reference import at_lowest, structureless
from core.threads import one_thread

Level = Literal["strong", "moderate", "weak", "none"]
LEVELS: Final[tuple[Level, ...]] = get_args(Level)

FEWEST_ROWS = 30  # with fewer customers no number can tell groups from chance
SCORED_ROWS = 2_000
MORE_ROWS = 8_000  # where so few leave it open
DRAWS = 5
REFERENCE_STARTS = 2
REFERENCE_RESAMPLES = 1
FEWER_STARTS = 5
FEW_IN_SEGMENT = 60  # rows of a sample: the density of fewer is chance
CLOSE = 0.08  # to a bound: more rows can change on which side
TINY = 1e-12

# The least silhouette and excess silhouette of groups that are natural ones: Kaufman and Rousseeuw (1990) call a
# silhouette above 0.5 reasonable. The least excess and gap of hints: no uniform, Gaussian or independent features had
# so much. What groups take is in `bounds`.
STRONG_SILHOUETTE, STRONG_EXCESS = 0.5, 0.3
HINT_EXCESS, HINT_GAP = 0.1, 0.1


@dataclass(frozen=True)
class ScoredSample:
    """The rows of a feature matrix that are scored, and `DRAWS` arrays of structureless data like them.

    `names` are the features, `space` that of the points where some are categories. `more` draws a larger sample, None
    where these are all. `everybody` has the points that stand for all customers, coded as the method takes them.
    """

    rows: np.ndarray
    points: np.ndarray
    references: tuple[np.ndarray, ...]
    seed: int
    names: tuple[str, ...] = ()
    space: OneHot | None = None
    more: "Callable[[], ScoredSample | None]" = field(default=lambda: None, compare=False)
    everybody: SampledPoints | None = None

    @cached_property
    def distinct(self) -> int:
        """How many of the points differ."""
        return len(np.unique(self.points, axis=0))

    @cached_property
    def fewer(self) -> "ScoredSample | None":
        """The sample in the features alone that have groups; None where that is all of them, or none."""
        several = self.points.shape[1] > 1 and self.space is None  # a level alone is no feature
        columns = list(grouped_features(self.points, self.seed)) if several else []
        if not 0 < len(columns) < self.points.shape[1]:
            return None
        points = self.points[:, columns]
        names = tuple(self.names[column] if self.names else f"{column + 1}" for column in columns)
        return ScoredSample(np.arange(len(points)), points, structureless(points, DRAWS, self.seed), self.seed, names)

    @cached_property
    def at_lowest(self) -> tuple[tuple[str, float], ...]:
        """Features that many customers have none of, and the share of these."""
        shares = zip(self.names, map(at_lowest, self.points.T), strict=False)
        return tuple((name, share) for name, share in shares if share)


@dataclass(frozen=True)
class Score:
    """One k: the quality of its clusters and of those that the same method finds in structureless data.

    Of the latter all is known where it is shown beside that of the data, else what the verdict takes. `fewer` is the
    same k in those `features` alone that have groups, where these are not all; `many_have_none` the share of customers
    at the lowest value of a feature. `bic` is that of all customers, where the method gives one (`GivesBic`).
    """

    k: int
    observed: Quality
    reference: tuple[Separation, ...]
    features: tuple[str, ...] = ()
    fewer: "Score | None" = None
    many_have_none: tuple[tuple[str, float], ...] = ()
    bic: float | None = None

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
    def groups(self) -> bool:
        """Whether these segments are groups, which can be recommended."""
        observed = self.observed
        return (
            self.beyond
            and observed.stability >= bounds.STABILITY
            and observed.apart >= bounds.APART
            and self.gap >= bounds.LESS_INERTIA * self.excess
        )

    @property
    def level(self) -> Level:
        """How natural these groups are."""
        if self.groups:
            natural = self.observed.silhouette >= STRONG_SILHOUETTE and self.excess >= STRONG_EXCESS
            return "strong" if natural else "moderate"
        return "weak" if self.beyond and self.excess >= HINT_EXCESS and self.gap >= HINT_GAP else "none"

    @property
    def beyond(self) -> bool:
        """Whether all customers, or those of small segments, are closer to their own than in structureless data."""
        even = self.observed.even
        drawn = [one.even for one in self.reference if one.even is not None]
        return bounds.beyond(self.observed.silhouette, self.drawn("silhouette")) or (
            even is not None and bool(drawn) and bounds.beyond(even, drawn)
        )

    @property
    def close(self) -> bool:
        """Whether more rows could change the verdict: nearly groups, or hardly."""
        stable, apart = self.observed.stability - bounds.STABILITY, self.observed.apart - bounds.APART
        nearly = stable >= -CLOSE and apart >= -4 * CLOSE
        by_chance = any(abs(fall - bounds.AMPLITUDE) < CLOSE for fall in self.observed.amplitudes)
        return nearly and (stable < CLOSE / 2 or apart < 0 or by_chance)


def sample(matrix: FeatureMatrix, *, seed: int = 0) -> ScoredSample | None:
    """The rows to score, whatever the order of the customers; None if there are too few to tell."""
    found = sample_of(matrix.sample, space_of(matrix), seed=seed, names=matrix.names)
    return found and _at(found, matrix.rows)


def sample_of(
    points: SampledPoints, space: OneHot | None = None, *, seed: int = 0, names: tuple[str, ...] = (),
    rows: int | None = None,
) -> ScoredSample | None:  # fmt: skip
    """The sample of sampled points; its `rows` are positions among these, a customer each."""
    rows, even = rows or SCORED_ROWS, np.flatnonzero(points.even)
    cumulative = np.cumsum(points.counts[even])
    if not points.values.size or cumulative[-1] < FEWEST_ROWS:
        return None
    ranks, more = np.arange(cumulative[-1]), None
    if len(ranks) > rows:
        ranks = np.sort(np.random.default_rng(seed).choice(len(ranks), rows, replace=False))
        more = (
            cache(partial(sample_of, points, space, seed=seed, names=names, rows=MORE_ROWS))
            if rows < MORE_ROWS
            else None
        )
    at = even[np.searchsorted(cumulative, ranks, side="right")]
    if len(np.unique(at)) < 3:
        return None
    found = drawn(points.values[at], space, DRAWS, seed)
    return ScoredSample(at, *found, seed, names, space, more or (lambda: None), points)


def _at(found: ScoredSample, rows: np.ndarray) -> ScoredSample:
    """The sample with `rows` of a matrix for positions among its points."""
    return replace(found, rows=rows[found.rows], more=cache(lambda: (more := found.more()) and _at(more, rows)))


@one_thread()
def score_clusters(
    scored: ScoredSample,
    labels: np.ndarray,
    clustering: Clustering,
    *,
    smallest: float | None = None,
    whole: bool = True,
    across: bool = False,
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
    across : bool
        Whether to compare with one cluster less and one more.
    """
    k, seed, (clusterer, means) = len(clustering.means), scored.seed, judged_by(clustering, scored.space)
    if k > scored.distinct:
        return None
    if smallest is None:
        smallest = float(np.bincount(labels, minlength=k).min() / len(labels))  # a sample misses who is rare
    inside = labels[scored.rows]
    on_more = partial(_on_more, scored, labels, clustering, smallest=smallest, whole=whole, across=across)
    few = 0 < np.bincount(inside, minlength=k).min() < FEW_IN_SEGMENT
    if few and (score := on_more()):
        return score
    observed = quality(scored.points, inside, means, clusterer, resamples=RESAMPLES, seed=seed, across=across)
    found = [_reference(points, k, clusterer, seed, whole=whole) for points in scored.references]
    reference = tuple(one for one in found if one is not None)
    if not (observed and reference):
        return None
    everybody = scored.everybody
    bic = bic_of(clustering, everybody.values, everybody.weights) if everybody else None
    score = Score(k, replace(observed, smallest=smallest), reference, bic=bic)
    return (on_more() if score.close else None) or score


def _on_more(scored: ScoredSample, labels: np.ndarray, clustering: Clustering, **how: Any) -> Score | None:
    """`score_clusters` on a larger sample; None where there is none."""
    more = scored.more()
    return score_clusters(more, labels, clustering, **how) if more else None


@one_thread()
def with_fewer(scored: ScoredSample, score: Score, clusterer: Clusterer) -> Score:
    """The score with that of the same number of segments in fewer features, where only these have groups."""
    return replace(score, many_have_none=scored.at_lowest, fewer=score_fewer(scored, score.k, clusterer))


def score_fewer(scored: ScoredSample, k: int, clusterer: Clusterer, *, whole: bool = False) -> Score | None:
    """The score of `k` segments in the features alone that have groups.

    None where the segments are not set apart: those are no groups, and never recommended. `whole` scores these, too.
    """
    fewer = scored.fewer
    if fewer is None or k > (fewer.distinct // VALUES if len(fewer.names) == 1 else fewer.distinct):
        return None
    clustering = clusterer.refit(fewer.points, k, seed=scored.seed, starts=FEWER_STARTS)
    labels = clustering.assign(fewer.points)
    falls = bimodal_amplitude(fewer.points, labels, clustering.means)
    if not whole and share_apart(falls, labels) < bounds.APART:
        return None
    found = score_clusters(fewer, labels, clustering, whole=False)
    return found and replace(found, features=fewer.names)


def _reference(points: np.ndarray, k: int, clusterer: Clusterer, seed: int, *, whole: bool) -> Separation | None:
    clustering = clusterer.refit(points, k, seed=seed, starts=REFERENCE_STARTS)
    labels = clustering.assign(points)
    if not whole:
        return separation(points, labels, clustering.means)
    return quality(points, labels, clustering.means, clusterer, resamples=REFERENCE_RESAMPLES, seed=seed)
