"""How sure each customer's segment is: how often refits on resamples put customers of such a margin in it."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from sklearn.isotonic import IsotonicRegression

from core.schema import CERTAINTY, MARGIN, SECOND, UNKNOWN, YES_NO
from core.segments.clusterer import Clusterer, Clustering, GivesMargin
from core.segments.features import FeatureMatrix
from core.segments.judged import placed_method, space_of
from core.segments.matching import best_match
from core.segments.points import SampledPoints
from core.segments.quality import RESAMPLE_STARTS
from core.segments.registry import clusterer_of

# Below it a customer is unsure: another segment in more than one of ten refits, which on public customer tables is a
# third of the customers.
UNSURE: Final = 0.9
# A resample has as many customers as there are, at most so many: with a million, all refits take a tenth of the fit.
RESAMPLE_ROWS: Final = 5_000
REFIT_ROWS: Final = 100_000  # of all refits together
REFITS: Final = (20, 50)  # fewest and most
LEAST_CUSTOMERS: Final = 50  # resamples of fewer tell nothing
LEAST_POINTS: Final = 100  # of a segment with a curve of its own; smaller ones have that of all customers
MOST_KNOTS: Final = 12
CLOSE: Final = 0.005  # how near a curve of fewer knots comes to what was learned
DIGITS: Final = 6
WORKERS: Final = 2  # refits at a time: scikit-learn lets go of Python's lock while it computes


@dataclass(frozen=True)
class Curve:
    """How certain a segment is by the margin: rising knots, straight in between; beyond them as at the ends."""

    margins: tuple[float, ...]
    chances: tuple[float, ...]

    def at(self, margins: np.ndarray) -> np.ndarray:
        """The certainty of some margins."""
        found: np.ndarray = np.interp(margins, self.margins, self.chances)
        return found


Calibration = tuple[Curve, ...]  # a curve per segment, in their order


def calibrated(calibration: Calibration, within: np.ndarray, margins: np.ndarray) -> np.ndarray:
    """The certainty of customers by their segment, from 0, and their margin."""
    found = np.zeros(len(within))
    for segment, curve in enumerate(calibration):
        inside = within == segment
        found[inside] = curve.at(margins[inside])
    return found


def calibrate(matrix: FeatureMatrix, clustering: Clustering, *, seed: int = 0) -> Calibration | None:
    """Learn by refits how certain each segment is by the margin; None of too few customers, or without a margin.

    The certainty is the share of refits on resamples of the customers that put a customer in the same segment, after
    the one-to-one match of segments that keeps most customers. It is learned as a function that does not fall with the
    margin (isotonic regression), from the sampled points (`points`). Where a resample has fewer customers than there
    are, it moves the edges of the segments more than one of all would: by the root of the ratio (Politis, Romano and
    Wolf 1999, "Subsampling"). So the margins that it was learned at are taken as that much smaller.
    """
    sample = matrix.sample
    if not isinstance(clustering, GivesMargin) or not len(clustering.means) or len(matrix.values) < LEAST_CUSTOMERS:
        return None
    within, (_, margins) = clustering.assign(sample.values), clustering.margins(sample.values)
    agreement = np.zeros(len(within))
    refits = [*_agreements(matrix, clustering, within, seed)]
    for same in refits:
        agreement += same
    agreement /= len(refits)
    margins = margins * np.sqrt(_resample_rows(sample) / sample.weights.sum())
    everybody = _curve(margins, agreement, sample.weights)
    own = (within == segment for segment in range(len(clustering.means)))
    return tuple(
        _curve(margins[inside], agreement[inside], sample.weights[inside])
        if np.count_nonzero(inside) >= LEAST_POINTS
        else everybody
        for inside in own
    )


def certainties(
    matrix: FeatureMatrix,
    within: np.ndarray,
    clustering: Clustering,
    calibration: Calibration | None,
    labels: Sequence[str],
) -> pd.DataFrame:
    """Second-best segment, margin and certainty of each customer, as far as the method and the model have them.

    Parameters
    ----------
    within : array (rows of the matrix,)
        The segment of each clustered customer, from 0; the others have blank cells.
    labels : sequence of str
        Those of the segments.
    """
    if not isinstance(clustering, GivesMargin):
        return pd.DataFrame(index=range(len(matrix.complete)))
    second, margins = clustering.margins(matrix.points)
    codes = np.full(len(matrix.complete), -1)
    codes[matrix.complete] = second
    found: dict[str, object] = {SECOND: pd.Categorical.from_codes(codes, list(labels)), MARGIN: _whole(matrix, margins)}
    if calibration is not None:
        found[CERTAINTY] = _whole(matrix, calibrated(calibration, within, margins))
    return pd.DataFrame(found)


def sure(certainty: np.ndarray) -> pd.Categorical:
    """Whether customers are sure of their segment: Yes, No, or Unknown for who has none."""
    codes = np.select([certainty >= UNSURE, certainty < UNSURE], [0, 1], 2)
    return pd.Categorical.from_codes(codes, [*YES_NO[:2], UNKNOWN])


def unsure_by(labels: pd.Categorical, certainty: np.ndarray, k: int) -> np.ndarray:
    """How many customers of each segment are unsure of it."""
    unsure: np.ndarray = np.bincount(labels.codes[certainty < UNSURE], minlength=k)[:k]
    return unsure


def _whole(matrix: FeatureMatrix, values: np.ndarray) -> np.ndarray:
    whole = np.full(len(matrix.complete), np.nan)
    whole[matrix.complete] = np.round(values, DIGITS)
    return whole


def _agreements(
    matrix: FeatureMatrix, clustering: Clustering, within: np.ndarray, seed: int
) -> Iterator[np.ndarray]:  # fmt: skip
    """For each refit, whether it puts each sampled point in the same segment."""
    sample, k = matrix.sample, len(clustering.means)
    rows = _resample_rows(sample)
    fewest, most = REFITS
    space = space_of(matrix)
    clusterer: Clusterer = placed_method(clusterer_of(clustering.method), space)
    points = sample.values if space is None else space.places(sample.values)
    chances = sample.weights / sample.weights.sum()

    def agrees(at: int) -> np.ndarray:
        drawn = np.sort(np.random.default_rng([seed, at]).choice(len(points), rows, p=chances))
        different = len(np.unique(drawn))
        found = clusterer.refit(points[drawn], min(k, different), seed=(seed + at) % 2**32, starts=RESAMPLE_STARTS)
        same: np.ndarray = matched(within, found.assign(points), sample.weights, k) == within
        return same

    with ThreadPoolExecutor(WORKERS) as pool:
        yield from pool.map(agrees, range(int(np.clip(REFIT_ROWS // rows, fewest, most))))


def _resample_rows(sample: SampledPoints) -> int:
    return min(int(sample.weights.sum()), RESAMPLE_ROWS)


def matched(within: np.ndarray, others: np.ndarray, weights: np.ndarray, k: int) -> np.ndarray:
    """The segments of a refit under the labels of those that they share most customers with (`best_match`)."""
    counts = np.bincount(within * k + others, weights, minlength=k * k).reshape(k, k)
    found: np.ndarray = best_match(counts)[others]
    return found


def _curve(margins: np.ndarray, agreement: np.ndarray, weights: np.ndarray) -> Curve:
    """The curve that does not fall and is nearest to the agreement, by few knots."""
    learned = IsotonicRegression(y_min=0, y_max=1).fit(margins, agreement, sample_weight=weights)
    at, chances = _few(learned.X_thresholds_, learned.y_thresholds_)
    places, first = np.unique(np.round(at, DIGITS), return_index=True)
    return Curve(tuple(places.tolist()), tuple(np.round(chances[first], DIGITS).tolist()))


def _few(at: np.ndarray, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The knots that a curve needs: the ends, then each time the one farthest from the curve so far.

    As Douglas and Peucker (1973) choose the points of a line.
    """
    kept = [0, len(at) - 1] if len(at) > 1 else [0]
    while len(kept) < MOST_KNOTS:
        away = np.abs(np.interp(at, at[kept], values[kept]) - values)
        farthest = int(away.argmax())
        if away[farthest] <= CLOSE:
            break
        kept = sorted([*kept, farthest])
    return at[kept], values[kept]
