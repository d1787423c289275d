"""K-means on Spark: the fit of `segments.fit` on a sample of points, polished by sums over the staged parts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from core.schema import Column
from core.segments.choice import FeatureChoice, resolved
from core.segments.choose_k import KS, Score, sample_of, score
from core.segments.features import Feature, check_features, clustered, features_of, matrix_under, mean_square
from core.segments.fit import first_centres, grains_for, polished, tallied
from core.segments.nearest import nearest
from core.segments.number import numbered, wealth_measure
from core.segments.number import tallied as wealth_tallied
from core.segments.points import Sample, sampled
from core.segments.profile import Census, Segments, apart_sums, codes_of, groups, segments_of
from core.segments.raw_values import is_answer
from core.segments.rows import Tally
from core.segments.sweep import each
from core.spark.staged import Distributed, Numbers
from core.spark.stand_in import stand_in


@dataclass(frozen=True)
class Features:
    """The chosen features on Spark: all that is known of them, the rows, and a sample of the standardised points.

    `middle` and `spread` are mean and deviation of the standardised features, `most` the largest size of each.
    """

    details: tuple[Feature, ...]
    rows: Distributed[Numbers]
    sample: Sample
    middle: np.ndarray
    spread: np.ndarray
    most: np.ndarray
    most_wealth: float
    clustered: int
    missing: dict[str, int]
    customers: int
    few: pd.DataFrame


def features(session: Any, places: tuple[str, ...], columns: tuple[Column, ...], choice: FeatureChoice) -> Features:
    """Standardise the features of all staged customers."""
    few = stand_in(session, places, columns, choice.names or ())
    choice = resolved(choice, few, columns)
    names = choice.names or ()
    check_features(few, names)
    size = len(names)
    rows = Distributed(session, places, Numbers(columns, names, wealth_measure(few)))
    details = features_of(rows.map(lambda block: block[:, :size]), choice, [is_answer(few[name]) for name in names])
    known = rows.tally(lambda block: _counted(block, details))
    count = int(known["clustered"][0])
    middle, spread = known["sum"] / max(count, 1), np.ones(size)
    if count:
        apart = rows.tally(lambda block: {"sum": ((standardised(details, block) - middle) ** 2).sum(axis=0)})
        spread = np.sqrt(apart["sum"] / count)
    square = mean_square(spread**2 + middle**2) if count else 0.0
    points = rows.map(partial(standardised, details)).points(square)
    return Features(
        details, rows, sampled(points, square), middle, spread, known["most features"], float(known["most"][0]), count,
        {name: int(lacking) for name, lacking in zip(names, known["missing"], strict=True)},
        int(known["rows"][0]), few,
    )  # fmt: skip


def standardised(details: tuple[Feature, ...], block: np.ndarray) -> np.ndarray:
    """The standardised features of the rows of a block that are clustered."""
    return _scaled(details, _inside(details, block))


def _scaled(details: tuple[Feature, ...], inside: np.ndarray) -> np.ndarray:
    return np.column_stack([inside[:, :0], *(one.scale.standardised(inside[:, i]) for i, one in enumerate(details))])


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
    inside = _inside(details, block)
    points, wealth = _scaled(details, inside), inside[:, -1]
    return {
        "rows": np.array([len(block)]),
        "clustered": np.array([len(points)]),
        "sum": points.sum(axis=0),
        "missing": np.isnan(block[:, : len(details)]).sum(axis=0),
        "most": np.array([np.nanmax(np.abs(wealth), initial=0.0)]),
        "most features": np.abs(points).max(axis=0, initial=0.0),
    }


def segment(found: Features, columns: tuple[Column, ...], k: int, *, seed: int = 0) -> Segments:
    """`pipeline.segment` of the staged customers; nobody's label is in it."""
    details, rows = found.details, found.rows
    (centres,) = _fits(found, [k], seed)
    if len(centres):
        wealth = grains_for(np.array([found.most_wealth]), found.clustered)
        centres = numbered(
            centres, lambda at: rows.tally(lambda block: _wealth(details, block, at, wealth)), wealth
        )  # fmt: skip
    told = rows.tally(lambda block: _census(details, block, centres))
    census = Census(told["sizes"].astype("int64"), found.middle, found.spread, told["sums"])
    return segments_of(
        columns, details, centres, census, labels=pd.Categorical([], groups(details, len(centres)), ordered=True),
        missing=found.missing, inertia=float(told["inertia"][0]), numbered_by=rows.numbers.wealth or "",
    )  # fmt: skip


def sweep(
    found: Features, ks: Sequence[int] = KS, *, seed: int = 0, progress: Callable[[str], None] = lambda _: None
) -> tuple[Score, ...]:
    """`sweep.sweep` of the staged customers; a pass over them serves every k."""
    scored = sample_of(found.sample, seed=seed)
    if scored is None:
        return ()
    fits = _fits(found, ks, seed)
    sizes = _of_each(found, fits, lambda points, at: {"sizes": np.bincount(nearest(points, at)[0], minlength=len(at))})

    def one(k: int) -> Score | None:
        at = ks.index(k)
        smallest = float(sizes[at]["sizes"].min() / found.clustered)
        return score(scored, nearest(found.sample.values, fits[at])[0], fits[at], smallest=smallest)

    return each(ks, one, progress)


def _fits(found: Features, ks: Sequence[int], seed: int) -> list[np.ndarray]:
    """The centres of a fit of each k (`fit.fitter`); none where nobody is clustered."""
    if not len(found.sample.values):
        return [np.empty((0, len(found.details))) for _ in ks]
    grains = grains_for(found.most, found.clustered)
    return polished(
        [first_centres(found.sample, k, seed) for k in ks],
        lambda fits: _of_each(found, fits, lambda points, at: tallied(points, at, grains)),
        grains,
        mean_square(found.spread**2 + found.middle**2),
    )


def _of_each(
    found: Features, fits: Sequence[np.ndarray], ask: Callable[[np.ndarray, np.ndarray], Tally]
) -> list[dict[str, np.ndarray]]:
    """The answers of all rows about the centres of several fits, by one pass."""
    told = found.rows.map(partial(standardised, found.details)).tally(
        lambda points: {f"{i} {name}": values for i, at in enumerate(fits) for name, values in ask(points, at).items()}
    )
    return [
        {name.split(" ", 1)[1]: values for name, values in told.items() if name.split()[0] == str(i)}
        for i in range(len(fits))
    ]


def _wealth(details: tuple[Feature, ...], block: np.ndarray, centres: np.ndarray, grains: Any) -> Tally:
    inside = _inside(details, block)
    return wealth_tallied(_scaled(details, inside), inside[:, -1], centres, grains)


def _census(details: tuple[Feature, ...], block: np.ndarray, centres: np.ndarray) -> Tally:
    k, size, inside = len(centres), len(details), _inside(details, block)
    labels, squared = nearest(_scaled(details, inside), centres)
    whole = inside[:, :size]
    sizes = np.zeros(len(groups(details, k)))
    sizes[:k] = np.bincount(labels, minlength=k)[:k]
    lacking = int(np.isnan(block[:, :size]).any(axis=1).sum()) if size else len(block)
    if len(sizes) > k + 1:
        sizes[k] = len(block) - lacking - len(whole)
    sizes[-1] = lacking
    sums = apart_sums(whole, labels, details, k) if k else np.zeros((k, size))
    return {"sizes": sizes, "sums": sums, "inertia": np.array([squared.sum()])}


def structure(found: Features, segments: Segments, *, seed: int = 0) -> Score | None:
    """`pipeline.structure` of the staged customers."""
    scored = sample_of(found.sample, seed=seed)
    if scored is None:
        return None
    smallest = float(segments.profile["customers"].min() / max(found.clustered, 1))
    return score(
        scored, nearest(found.sample.values, segments.centres)[0], segments.centres, smallest=smallest, whole=False
    )
