"""K-means on Spark: the fit of `segments.fit` on a sample of points, polished by sums over the staged parts."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from core.schema import Column
from core.segments.choice import FeatureChoice, is_answer, resolved
from core.segments.choose_k import Sample, Score, sample_of, score
from core.segments.exact import value
from core.segments.features import Feature, clustered, features_of, matrix_under
from core.segments.fit import first_centres, grains_for, polished, tallied
from core.segments.nearest import nearest
from core.segments.number import numbered, wealth_measure
from core.segments.number import tallied as wealth_tallied
from core.segments.points import Points
from core.segments.profile import Census, Segments, codes_of, groups, mean_grains, mean_sums, segments_of
from core.segments.rows import Moments, moments
from core.spark.staged import Distributed, Numbers, stand_in


@dataclass(frozen=True)
class Features:
    """The chosen features on Spark: all that is known of them, the rows, and a sample of the standardised points."""

    details: tuple[Feature, ...]
    rows: Distributed
    sample: Points
    moments: Moments
    most_wealth: float
    missing: dict[str, int]
    customers: int
    few: pd.DataFrame


def features(session: Any, places: tuple[str, ...], columns: tuple[Column, ...], choice: FeatureChoice) -> Features:
    """Standardise the features of all staged customers."""
    few = stand_in(session, places, columns)
    choice = resolved(choice, few, columns)
    names = choice.names or ()
    rows = Distributed(session, places, Numbers(columns, names, wealth_measure(few)))
    size = len(names)
    details = features_of(_Some(rows, size), choice, [is_answer(few[name]) for name in names])
    standardise = partial(standardised, details)
    known = rows.tally(lambda block: _counted(block, details))
    found = moments(rows, standardise, size)
    points = rows.points(standardise).sample() if size and found.rows else Points(*(np.empty(0),) * 3)
    missing = {name: int(count) for name, count in zip(names, known["missing"], strict=True)}
    return Features(details, rows, points, found, float(known["most"][0]), missing, int(known["rows"][0]), few)


@dataclass(frozen=True)
class _Some:
    """The rows without what stands behind the features."""

    rows: Distributed
    size: int

    def tally(self, ask: Callable[[np.ndarray], Any]) -> dict[str, np.ndarray]:
        size = self.size
        return self.rows.tally(lambda block: ask(block[:, :size]))

    def ranked(self, values: Callable[[np.ndarray], np.ndarray], ranks: Any) -> np.ndarray:
        size = self.size
        return self.rows.ranked(lambda block: values(block[:, :size]), ranks)


def standardised(details: tuple[Feature, ...], block: np.ndarray) -> np.ndarray:
    """The standardised features of the rows of a block that are clustered."""
    inside = _inside(details, block)[:, : len(details)]
    return (
        np.column_stack([one.scale.standardised(inside[:, i]) for i, one in enumerate(details)]) if details else inside
    )


def labels_of(customers: pd.DataFrame, details: tuple[Feature, ...], centres: np.ndarray) -> pd.Categorical:
    """The label of each customer of a part."""
    matrix = matrix_under(customers, details)
    codes = codes_of(matrix, nearest(matrix.values, centres)[0], len(centres))
    return pd.Categorical.from_codes(codes, groups(details, len(centres)), ordered=True)


def _inside(details: tuple[Feature, ...], block: np.ndarray) -> np.ndarray:
    """The rows that are clustered, wealth included."""
    raw = block[:, : len(details)]
    number = np.arange(len(block), dtype="float64")[:, None]
    kept = clustered(np.hstack([raw, number]), [one.usual for one in details])[:, -1].astype("int64")
    return block[kept]


def _counted(block: np.ndarray, details: tuple[Feature, ...]) -> dict[str, np.ndarray]:
    wealth = _inside(details, block)[:, -1]
    return {
        "rows": np.array([len(block)]),
        "missing": np.isnan(block[:, : len(details)]).sum(axis=0),
        "most": np.array([np.nanmax(np.abs(wealth), initial=0.0)]),
    }


def segment(found: Features, columns: tuple[Column, ...], k: int, *, seed: int = 0) -> Segments:
    """`pipeline.segment` of the staged customers; nobody's label is in it."""
    details, rows, count = found.details, found.rows, found.moments.rows
    standardise = partial(standardised, details)
    centres = np.empty((0, len(details)))
    if len(found.sample):
        bounds = np.maximum(abs(found.moments.least), abs(found.moments.most))
        grains = grains_for(bounds, count)
        centres = polished(
            first_centres(found.sample, k, seed),
            lambda at: rows.tally(lambda block: {"sums": tallied(standardise(block), at, grains)})["sums"],
            grains,
        )
        wealth = grains_for(np.array([found.most_wealth]), count)
        centres = numbered(
            centres,
            lambda at: rows.tally(lambda block: {"sums": _wealth(details, block, at, wealth)})["sums"],
            wealth,
        )
    sums = mean_grains(details, count)
    census = rows.tally(lambda block: _census(details, block, centres, sums))
    return segments_of(
        columns, details, centres, Census(census["sizes"].astype("int64"), found.moments, value(census["sums"], sums)),
        labels=pd.Categorical([], groups(details, len(centres)), ordered=True), missing=found.missing,
        inertia=float(census["inertia"][0]), numbered_by=rows.numbers.wealth or "",
    )  # fmt: skip


def _wealth(details: tuple[Feature, ...], block: np.ndarray, centres: np.ndarray, grains: Any) -> np.ndarray:
    return wealth_tallied(standardised(details, block), _inside(details, block)[:, -1], centres, grains)


def _census(details: tuple[Feature, ...], block: np.ndarray, centres: np.ndarray, grains: Any) -> dict[str, np.ndarray]:
    labels, squared = nearest(standardised(details, block), centres)
    k, size = len(centres), len(details)
    whole = _inside(details, block)[:, :size]
    sizes = np.zeros(len(groups(details, k)))
    sizes[:k] = np.bincount(labels, minlength=k)[:k]
    lacking = int(np.isnan(block[:, :size]).any(axis=1).sum()) if size else len(block)
    if len(sizes) > k + 1:
        sizes[k] = len(block) - lacking - len(whole)
    sizes[-1] = lacking
    sums = mean_sums(whole, labels, details, k, grains) if size and k else np.zeros((2, k, size))
    return {"sizes": sizes, "sums": sums, "inertia": np.array([squared.sum()])}


def structure(found: Features, segments: Segments, *, seed: int = 0) -> Score | None:
    """`pipeline.structure` of the staged customers."""
    scored: Sample | None = sample_of(found.sample, seed=seed)
    return (
        None if scored is None else score(scored, nearest(found.sample.values, segments.centres)[0], segments.centres)
    )
