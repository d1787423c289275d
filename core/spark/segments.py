"""Segments on Spark: a method fits a sample of the points, then asks the staged parts for sums."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from core.errors import DataError
from core.schema import Column
from core.segments.binned_sums import Grain, grains_for
from core.segments.choice import FeatureChoice
from core.segments.choose_k import KS
from core.segments.clusterer import Clusterer, Clustering, FitsPartialSums, Question, squared_error
from core.segments.default_features import DefaultFeatures, default_features, resolved
from core.segments.evidence import Score, sample_of, score_clusters, with_fewer
from core.segments.features import Feature, check_features, clustered, features_of, matrix_under, mean_square
from core.segments.points import PointsSummary, SampledPoints, sampled
from core.segments.profile import SegmentCounts, Segments, codes_of, deviation_sums, groups, segments_of
from core.segments.raw_values import is_answer
from core.segments.registry import DEFAULT_CLUSTERER
from core.segments.relabel import numbered, wealth_sums
from core.segments.rows import PartialSums
from core.segments.sampled_columns import EVENLY, SampledColumns, filled
from core.segments.sweep import each
from core.spark.staged import Distributed, Numbers
from core.spark.stand_in import stand_in


@dataclass(frozen=True)
class Features:
    """The chosen features on Spark: all that is known of them, the rows, and a sample of the standardised points.

    `middle` and `spread` are mean and deviation of the standardised features, `most` the largest size of each.
    """

    feature_specs: tuple[Feature, ...]
    rows: Distributed[Numbers]
    sample: SampledPoints
    middle: np.ndarray
    spread: np.ndarray
    most: np.ndarray
    most_wealth: float
    clustered: int
    missing: dict[str, int]
    customers: int
    stand_in: pd.DataFrame

    @property
    def summary(self) -> PointsSummary:
        """What is known of all standardised points."""
        square = mean_square(self.spread**2 + self.middle**2)
        return PointsSummary(self.sample, self.clustered, self.most, square)


def features(
    session: Any, places: tuple[str, ...], columns: tuple[Column, ...], choice: FeatureChoice, wealth: str = ""
) -> Features:
    """Standardise the features of all staged customers; `wealth` is the measure by which segments are numbered."""
    few = stand_in(session, places, columns, choice.names or ())
    columns_of = partial(_sampled_columns, session, places, columns)
    defaults = default_features(few, columns, columns_of) if choice.names is None else DefaultFeatures()
    choice = resolved(choice, defaults)
    names = choice.names or ()
    check_features(few, names)
    size = len(names)
    rows = Distributed(session, places, Numbers(columns, names, wealth))
    feature_specs = features_of(
        rows.map(lambda block: block[:, :size]), choice, [is_answer(few[name]) for name in names]
    )
    known = rows.partial_sums(lambda block: _counted(block, feature_specs))
    count = int(known["clustered"][0])
    middle, spread = known["sum"] / max(count, 1), np.ones(size)
    if count:
        apart = rows.partial_sums(
            lambda block: {"sum": ((standardised(feature_specs, block) - middle) ** 2).sum(axis=0)}
        )
        spread = np.sqrt(apart["sum"] / count)
    square = mean_square(spread**2 + middle**2) if count else 0.0
    points = rows.map(partial(standardised, feature_specs)).points(square)
    return Features(
        feature_specs, rows, sampled(points, square), middle, spread, known["most features"], float(known["most"][0]),
        count, {name: int(lacking) for name, lacking in zip(names, known["missing"], strict=True)},
        int(known["rows"][0]), few,
    )  # fmt: skip


def _sampled_columns(
    session: Any, places: tuple[str, ...], columns: tuple[Column, ...], names: Sequence[str]
) -> SampledColumns:
    """These columns of a sample of the staged customers (`default_features.in_memory`)."""
    rows = Distributed(session, places, Numbers(columns, tuple(names), ""))
    return SampledColumns.of(names, rows.map(lambda block: filled(block[:, :-1])).points(EVENLY))


def standardised(feature_specs: tuple[Feature, ...], block: np.ndarray) -> np.ndarray:
    """The standardised features of the rows of a block that are clustered."""
    return _scaled(feature_specs, _inside(feature_specs, block))


def _scaled(feature_specs: tuple[Feature, ...], inside: np.ndarray) -> np.ndarray:
    return np.column_stack(
        [inside[:, :0], *(one.scale.standardised(inside[:, i]) for i, one in enumerate(feature_specs))]
    )


def labels_of(customers: pd.DataFrame, feature_specs: tuple[Feature, ...], clustering: Clustering) -> pd.Categorical:
    """The label of each customer of a part."""
    matrix, k = matrix_under(customers, feature_specs), len(clustering.means)
    codes = codes_of(matrix, clustering.assign(matrix.values), k)
    return pd.Categorical.from_codes(codes, groups(feature_specs, k), ordered=True)


def _inside(feature_specs: tuple[Feature, ...], block: np.ndarray) -> np.ndarray:
    """The rows that are clustered, wealth included."""
    raw = block[:, : len(feature_specs)]
    number = np.arange(len(block), dtype="float64")[:, None]
    kept = clustered(np.hstack([raw, number]), [one.inlier_range for one in feature_specs])[:, -1].astype("int64")
    found: np.ndarray = block[kept]
    return found


def _counted(block: np.ndarray, feature_specs: tuple[Feature, ...]) -> dict[str, np.ndarray]:
    inside = _inside(feature_specs, block)
    points, wealth = _scaled(feature_specs, inside), inside[:, -1]
    return {
        "rows": np.array([len(block)]),
        "clustered": np.array([len(points)]),
        "sum": points.sum(axis=0),
        "missing": np.isnan(block[:, : len(feature_specs)]).sum(axis=0),
        "most": np.array([np.nanmax(np.abs(wealth), initial=0.0)]),
        "most features": np.abs(points).max(axis=0, initial=0.0),
    }


def segment(
    found: Features, columns: tuple[Column, ...], k: int, *, seed: int = 0, clusterer: Clusterer = DEFAULT_CLUSTERER
) -> Segments:
    """`pipeline.segment` of the staged customers; nobody's label is in it."""
    feature_specs, rows = found.feature_specs, found.rows
    (fitted,) = _fits(found, [k], seed, clusterer)
    grains = grains_for(np.array([found.most_wealth]), found.clustered)
    clustering = numbered(fitted, lambda one: rows.partial_sums(partial(_wealth, feature_specs, one, grains)), grains)
    sums = rows.partial_sums(lambda block: _counts(feature_specs, block, clustering))
    counts = SegmentCounts(
        sums["sizes"].astype("int64"), found.middle, found.spread, sums["sums"], float(sums["inertia"][0])
    )  # fmt: skip
    labels = groups(feature_specs, len(clustering.means))
    return segments_of(
        columns, feature_specs, clustering, counts, labels=pd.Categorical([], labels, ordered=True),
        missing=found.missing, numbered_by=rows.numbers.wealth,
    )  # fmt: skip


def check_method(clusterer: Clusterer) -> FitsPartialSums:
    """Refuse a method that needs all points in one place.

    Raises
    ------
    DataError
        It cannot fit by sums over parts of the points.
    """
    if not isinstance(clusterer, FitsPartialSums):
        raise DataError(f"Segments by {clusterer.label} cannot be made on Spark.", "Use --engine pandas.")
    return clusterer


def sweep(
    found: Features,
    ks: Sequence[int] = KS,
    *,
    seed: int = 0,
    clusterer: Clusterer = DEFAULT_CLUSTERER,
    progress: Callable[[str], None] = lambda _: None,
) -> tuple[Score, ...]:
    """`sweep.sweep` of the staged customers; a pass over them serves every k."""
    names = tuple(feature.name for feature in found.feature_specs)
    scored = sample_of(found.sample, seed=seed, names=names)
    if scored is None:
        return ()
    fits = _fits(found, ks, seed, clusterer)
    sizes = _of_each(found, [partial(_sizes, clustering) for clustering in fits])

    def one(k: int) -> Score | None:
        at = ks.index(k)
        smallest = float(sizes[at]["sizes"].min() / found.clustered)
        score = score_clusters(scored, fits[at].assign(found.sample.values), fits[at], smallest=smallest)
        return score and with_fewer(scored, score, clusterer)

    return each(ks, one, progress)


def _fits(found: Features, ks: Sequence[int], seed: int, clusterer: Clusterer) -> list[Clustering]:
    """A clustering for each k."""
    return check_method(clusterer).fit_sums(found.summary, ks, partial(_of_each, found), seed=seed)


def _of_each(found: Features, questions: Sequence[Question]) -> list[PartialSums]:
    """The answers of all points to several questions, by one pass."""
    answers = found.rows.map(partial(standardised, found.feature_specs)).partial_sums(
        lambda points: {
            f"{i} {name}": values for i, ask in enumerate(questions) for name, values in ask(points).items()
        }
    )
    return [
        {name.split(" ", 1)[1]: values for name, values in answers.items() if name.split()[0] == str(i)}
        for i in range(len(questions))
    ]


def _sizes(clustering: Clustering, points: np.ndarray) -> PartialSums:
    return {"sizes": np.bincount(clustering.assign(points), minlength=len(clustering.means))}


def _wealth(
    feature_specs: tuple[Feature, ...], clustering: Clustering, grains: tuple[Grain, ...], block: np.ndarray
) -> PartialSums:  # fmt: skip
    inside = _inside(feature_specs, block)
    return wealth_sums(clustering, _scaled(feature_specs, inside), inside[:, -1], grains)


def _counts(feature_specs: tuple[Feature, ...], block: np.ndarray, clustering: Clustering) -> PartialSums:
    k, size, inside = len(clustering.means), len(feature_specs), _inside(feature_specs, block)
    points, whole = _scaled(feature_specs, inside), inside[:, :size]
    labels = clustering.assign(points)
    sizes = np.zeros(len(groups(feature_specs, k)))
    sizes[:k] = np.bincount(labels, minlength=k)[:k]
    lacking = int(np.isnan(block[:, :size]).any(axis=1).sum()) if size else len(block)
    if len(sizes) > k + 1:
        sizes[k] = len(block) - lacking - len(whole)
    sizes[-1] = lacking
    sums = deviation_sums(whole, labels, feature_specs, k) if k else np.zeros((k, size))
    inertia = squared_error(points, clustering.means, labels) if k else 0.0
    return {"sizes": sizes, "sums": sums, "inertia": np.array([inertia])}


def structure(found: Features, segments: Segments, *, seed: int = 0) -> Score | None:
    """`pipeline.structure` of the staged customers, with how each segment is found among more and fewer."""
    scored = sample_of(found.sample, seed=seed)
    if scored is None:
        return None
    smallest = float(segments.profile["customers"].min() / max(found.clustered, 1))
    labels = segments.clustering.assign(found.sample.values)
    return score_clusters(scored, labels, segments.clustering, smallest=smallest, whole=False, across=True)
