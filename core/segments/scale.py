"""How the values of a feature become comparable with those of another: a centre, a spread, perhaps a logarithm."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor, log10
from typing import Literal

import numpy as np

from core.segments.rows import Moments, Rows, Values, moments

Scaling = Literal["standard", "robust", "log"]

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


def fit_scales(rows: Rows, values: Values, scalings: Sequence[Scaling]) -> tuple[Scale, ...]:
    """Centre and spread of each column: mean and standard deviation, or median and interquartile range."""

    def columns(block: np.ndarray) -> np.ndarray:
        return np.column_stack([bent(column, kind) for column, kind in zip(values(block).T, scalings, strict=True)])

    found = moments(rows, columns, len(scalings)) if scalings else None
    return tuple(_fit_scale(rows, columns, scaling, i, found) for i, scaling in enumerate(scalings))


def _fit_scale(rows: Rows, columns: Values, scaling: Scaling, i: int, found: Moments) -> Scale:
    centre, spread = float(found.mean[i]), float(found.deviation[i])
    if scaling == "robust" and found.rows:
        low, centre, high = quantiles(rows, lambda block: columns(block)[:, i], found.rows, (0.25, 0.5, 0.75))
        spread = (high - low) / IQR_OF_NORMAL or spread
    return rounded(scaling, centre, spread if found.least[i] < found.most[i] else 0.0)


def rounded(scaling: Scaling, centre: float, spread: float) -> Scale:
    """The scale as a model keeps it; without any spread it is 1."""
    spread = spread if spread > 0 else 1.0
    digits = _digits(spread)
    return Scale(scaling, round(centre, digits), round(spread, digits))


def usual_range(rows: Rows, values: Values, scaling: Scaling) -> tuple[float, float]:
    """The values of one column, in the feature's unit, that are no outliers.

    At most 3.5 robust standard deviations (median absolute deviation ÷ 0.6745) from the median, after
    the logarithm where the feature has one; standard deviations where half the values are equal.
    """
    found = moments(rows, lambda block: bent(values(block), scaling)[:, None], 1)
    if not found.rows:
        return -LARGEST, LARGEST
    half = ((found.rows - 1) // 2, found.rows // 2)
    around = rows.ranked(values, half)  # usual even where rounding would not say so
    middle = float(bent(around, scaling).mean())
    apart = rows.ranked(lambda block: np.abs(bent(values(block), scaling) - middle), half)
    spread = float(apart.mean()) / MAD_OF_NORMAL or float(found.deviation[0])
    ends = np.array([middle - OUTLYING * spread, middle + OUTLYING * spread])
    low, high = np.clip(_unbent(ends, scaling), -LARGEST, LARGEST)
    digits = _digits(spread or 1.0)
    return min(round(float(low), digits), float(around[0])), max(round(float(high), digits), float(around[1]))


def quantiles(rows: Rows, values: Values, count: int, shares: Sequence[float]) -> list[float]:
    """Quantiles of the `count` numbers of one column, between two of them by their distance (Hyndman and Fan 7)."""
    at = [share * (count - 1) for share in shares]
    around = rows.ranked(values, [rank for place in at for rank in (floor(place), min(floor(place) + 1, count - 1))])
    return [float(np.quantile(pair, place % 1)) for pair, place in zip(around.reshape(-1, 2), at, strict=True)]


def bent(values: np.ndarray, scaling: Scaling) -> np.ndarray:
    """The values, or their signed logarithm (John and Draper 1980, modulus transformation with λ = 0)."""
    # ln(1 + x) as databases have it, not log1p: both must give the same bits.
    return np.sign(values) * np.log(1 + np.abs(values)) if scaling == "log" else values


def _unbent(values: np.ndarray, scaling: Scaling) -> np.ndarray:
    return np.sign(values) * np.expm1(np.abs(values)) if scaling == "log" else values


def _digits(spread: float) -> int:
    return DIGITS - floor(log10(spread))
