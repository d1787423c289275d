"""How the values of a feature become comparable with those of another: a centre, a spread, perhaps a logarithm."""

from dataclasses import dataclass
from math import floor, log10
from typing import Literal

import numpy as np

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


def fit_scale(values: np.ndarray, scaling: Scaling) -> Scale:
    """Centre and spread of rising values: mean and standard deviation, or median and interquartile range.

    Sums of floats depend on their order, so the values must come sorted. Without any spread it is 1.
    """
    if not len(values):
        return Scale(scaling, 0.0, 1.0)
    values = bent(values, scaling)
    centre, spread = float(values.mean()), float(values.std())
    if scaling == "robust":
        low, centre, high = map(float, np.quantile(values, [0.25, 0.5, 0.75]))
        spread = (high - low) / IQR_OF_NORMAL or spread
    spread = spread if values[0] < values[-1] and spread > 0 else 1.0
    digits = _digits(spread)
    return Scale(scaling, round(centre, digits), round(spread, digits))


def usual_range(values: np.ndarray, scaling: Scaling) -> tuple[float, float]:
    """The values, in the feature's unit, that are no outliers; the values must come sorted.

    At most 3.5 robust standard deviations (median absolute deviation ÷ 0.6745) from the median, after
    the logarithm where the feature has one; standard deviations where half the values are equal.
    """
    if not len(values):
        return -LARGEST, LARGEST
    around = values[(len(values) - 1) // 2], values[len(values) // 2]  # usual even where rounding would not say so
    values = bent(values, scaling)
    middle = float(np.median(values))
    spread = float(np.median(np.sort(np.abs(values - middle)))) / MAD_OF_NORMAL or float(values.std())
    ends = np.array([middle - OUTLYING * spread, middle + OUTLYING * spread])
    low, high = np.clip(_unbent(ends, scaling), -LARGEST, LARGEST)
    digits = _digits(spread or 1.0)
    return min(round(float(low), digits), float(around[0])), max(round(float(high), digits), float(around[1]))


def bent(values: np.ndarray, scaling: Scaling) -> np.ndarray:
    """The values, or their signed logarithm (John and Draper 1980, modulus transformation with λ = 0)."""
    # ln(1 + x) as databases have it, not log1p: both must give the same bits.
    return np.sign(values) * np.log(1 + np.abs(values)) if scaling == "log" else values


def _unbent(values: np.ndarray, scaling: Scaling) -> np.ndarray:
    return np.sign(values) * np.expm1(np.abs(values)) if scaling == "log" else values


def _digits(spread: float) -> int:
    return DIGITS - floor(log10(spread))
