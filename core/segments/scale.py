"""Scaling of features to comparable values: a centre, a spread, perhaps a logarithm."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor, log10
from typing import Final, Literal

import numpy as np

from core.segments.rows import Moments, Rows, moments

Scaling = Literal["standard", "robust", "log"]
SCALED: Final[dict[str, str]] = {"log": "by its logarithm", "robust": "by median and quartiles"}  # in words

# What is further from zero counts as infinite, what is nearer as zero: so no square, share or quotient of a feature
# over- or underflows, whatever the spread.
LARGEST, SMALLEST = 1e30, 1e-30
# Digits of a spread, and of a centre in its units, that are kept: what a sum's order can change is beyond them.
DIGITS = 12
# The interquartile range of a normal distribution in standard deviations, so that robust and standard units agree.
IQR_OF_NORMAL = 1.3489795003921634
# Iglewicz and Hoaglin (1993), How to Detect and Handle Outliers: |0.6745 (x − median) / MAD| > 3.5.
OUTLYING, MAD_OF_NORMAL = 3.5, 0.6745


@dataclass(frozen=True)
class Scale:
    """Standardised value = (value − centre) ÷ spread; under "log" of sign(value) · ln(1 + |value|)."""

    scaling: Scaling
    centre: float
    spread: float

    def standardised(self, values: np.ndarray) -> np.ndarray:
        """Values in the feature's unit → standardised units, each from its own value alone."""
        return (bent(values, self.scaling) - self.centre) / self.spread


def fit_scales(rows: Rows, found: Moments, scalings: Sequence[Scaling]) -> tuple[Scale, ...]:
    """Centre and spread of each column: mean and standard deviation, or median and interquartile range.

    `rows` are the columns in which they are counted (`bent`), `found` the moments of these.
    """
    robust = [scaling == "robust" and found.rows > 0 for scaling in scalings]
    quartiles = quantiles(rows, found.rows, [(0.25, 0.5, 0.75) if one else () for one in robust])
    scales = []
    for i, scaling in enumerate(scalings):
        centre, spread = float(found.mean[i]), float(found.deviation[i])
        if robust[i]:
            low, centre, high = quartiles[i]
            spread = (high - low) / IQR_OF_NORMAL or spread
        scales.append(rounded(scaling, centre, spread if found.least[i] < found.most[i] else 0.0))
    return tuple(scales)


def rounded(scaling: Scaling, centre: float, spread: float) -> Scale:
    """The scale as a model keeps it; without any spread it is 1."""
    spread = spread if spread > 0 else 1.0
    digits = _digits(spread)
    return Scale(scaling, round(centre, digits), round(spread, digits))


def inlier_ranges(rows: Rows, scalings: Sequence[Scaling]) -> list[tuple[float, float]]:
    """The values of each column, in the feature's unit, that are no outliers.

    At most 3.5 robust standard deviations (median absolute deviation ÷ 0.6745) from the median, after
    the logarithm where the feature has one; standard deviations where half the values are equal.
    """
    columns = rows.map(lambda block: bent_columns(block, scalings))
    found = moments(columns)
    if not found.rows:
        return [(-LARGEST, LARGEST)] * len(scalings)
    half = [((found.rows - 1) // 2, found.rows // 2)] * len(scalings)
    around = rows.ranked(half)  # inliers even where rounding would not say so
    middle = [float(bent(ends, scaling).mean()) for ends, scaling in zip(around, scalings, strict=True)]
    away = columns.map(lambda block: np.abs(block - middle)).ranked(half)
    spreads = [float(both.mean()) / MAD_OF_NORMAL or float(found.deviation[i]) for i, both in enumerate(away)]
    return [_inlier_range(around[i], middle[i], spreads[i], scaling) for i, scaling in enumerate(scalings)]


def _inlier_range(around: np.ndarray, middle: float, spread: float, scaling: Scaling) -> tuple[float, float]:
    ends = np.array([middle - OUTLYING * spread, middle + OUTLYING * spread])
    low, high = np.clip(_unbent(ends, scaling), -LARGEST, LARGEST)
    digits = _digits(spread or 1.0)
    return min(round(float(low), digits), float(around[0])), max(round(float(high), digits), float(around[1]))


def quantiles(rows: Rows, count: int, shares: Sequence[Sequence[float]]) -> list[list[float]]:
    """Quantiles of the `count` numbers of each column, between two of them by their distance (Hyndman and Fan 7)."""
    places = [[share * (count - 1) for share in some] for some in shares]
    ranks = [[rank for at in some for rank in (floor(at), min(floor(at) + 1, count - 1))] for some in places]
    around = rows.ranked(ranks) if any(ranks) else [np.empty(0)] * len(ranks)
    return [
        [float(np.quantile(pair, at % 1)) for pair, at in zip(numbers.reshape(-1, 2), some, strict=True)]
        for numbers, some in zip(around, places, strict=True)
    ]


def bent_columns(block: np.ndarray, scalings: Sequence[Scaling]) -> np.ndarray:
    """Each column `bent` as its feature is."""
    if "log" not in scalings:
        return block
    return np.column_stack([bent(column, scaling) for column, scaling in zip(block.T, scalings, strict=True)])


def bent(values: np.ndarray, scaling: Scaling) -> np.ndarray:
    """The values, or their signed logarithm (John and Draper 1980, modulus transformation with λ = 0)."""
    # ln(1 + x) as databases have it, not log1p: both must give the same bits.
    return np.sign(values) * np.log(1 + np.abs(values)) if scaling == "log" else values


def _unbent(values: np.ndarray, scaling: Scaling) -> np.ndarray:
    return np.sign(values) * np.expm1(np.abs(values)) if scaling == "log" else values


def _digits(spread: float) -> int:
    return DIGITS - floor(log10(spread))
