"""Intervals of a share, and the strength of an association."""

from math import sqrt
from statistics import NormalDist

import numpy as np

Z95 = 1.959964  # quantile of the standard normal for a two-sided 95% interval


def wilson(yes: int, n: int, z: float = Z95) -> tuple[float, float]:
    """Score interval of a share (Wilson, "Probable inference", JASA 22, 1927); NaN where there is nobody.

    It stays inside 0 to 1, and is sound for few customers and for shares near 0 and 1.
    """
    if not n:
        return float("nan"), float("nan")
    p = yes / n
    middle = p + z * z / (2 * n)
    half = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    low, high = (middle - half) / (1 + z * z / n), (middle + half) / (1 + z * z / n)
    return max(0.0, float(low)), min(1.0, float(high))


def difference(
    one: tuple[int, int], other: tuple[int, int], correlation: float = 0.0, z: float = Z95
) -> tuple[float, float]:  # fmt: skip
    """Interval of the second share less the first, each as (yes, n), from their Wilson intervals; NaN without either.

    The method of variance estimates recovery with the correlation of the two shares, which is not 0 where some
    customers are in both (Zou and Donner, "Construction of confidence limits about effect measures", Statistics in
    Medicine 27, 2008). Without one it is Newcombe's hybrid score interval (1998, method 10).
    """
    if not (one[1] and other[1]):
        return float("nan"), float("nan")
    p, q = one[0] / one[1], other[0] / other[1]
    (p_low, p_high), (q_low, q_high) = wilson(*one, z), wilson(*other, z)

    def reach(a: float, b: float) -> float:
        return sqrt(max(a * a - 2 * correlation * a * b + b * b, 0.0))

    return q - p - reach(q - q_low, p_high - p), q - p + reach(q_high - q, p - p_low)


def change(
    one: tuple[int, int], other: tuple[int, int], both: tuple[int, int, int, int] = (0, 0, 0, 0)
) -> tuple[float, float, float]:
    """The second share less the first, each as (yes, n), with the 95% interval (`difference`); NaN without either.

    `both` are the customers who count in the two shares: how many there are, how many are yes in the first, in the
    second, and in both. They make the shares correlated, and so the interval shorter.
    """
    if not (one[1] and other[1]):
        return float("nan"), float("nan"), float("nan")
    (yes, n), (yes_later, n_later) = one, other
    p, q = yes / n, yes_later / n_later
    in_both, before, after, always = both
    covariance = (always - before * after / max(in_both, 1)) / (n * n_later)
    spread = sqrt(p * (1 - p) / n * q * (1 - q) / n_later)
    correlation = min(max(covariance / spread, -1.0), 1.0) if spread else 0.0
    return (q - p, *difference(one, other, correlation))


def ratio(one: tuple[int, int], other: tuple[int, int], z: float = Z95) -> tuple[float, float]:
    """Interval of the ratio of two shares, each as (yes, n), from their Wilson intervals; NaN where it has none.

    The method of variance estimates recovery, MOVER-R (Donner and Zou, "Closed-form confidence intervals
    for functions of the normal mean and standard deviation", Statistical Methods in Medical Research 21, 2012).
    """
    p, q = (np.float64(yes / n) for yes, n in (one, other))
    (low, high), (q_low, q_high) = wilson(*one, z), wilson(*other, z)

    def end(near: float, far: float, side: int) -> float:
        whole = far * (2 * q - far)
        return float((p * q + side * np.sqrt((p * q) ** 2 - near * (2 * p - near) * whole)) / whole)

    with np.errstate(all="ignore"):
        return end(low, q_high, -1), end(high, q_low, 1)


def z_for(comparisons: int, level: float = 0.05) -> float:
    """The normal quantile at which so many comparisons together err with probability `level` (Bonferroni)."""
    return NormalDist().inv_cdf(1 - level / max(comparisons, 1) / 2)


def cramers_v(yes: np.ndarray, n: np.ndarray) -> float:
    """Association of a group with a yes or no, 0 none to 1 full (Cramér, *Mathematical Methods of Statistics*, 1946).

    √(χ² ÷ customers), as a table of two columns has min(rows, columns) − 1 = 1; 0 where nothing varies.
    """
    total, rate = n.sum(), yes.sum() / max(n.sum(), 1)
    if not 0 < rate < 1:
        return 0.0
    chi_squared = ((yes - n * rate) ** 2 / (n * rate * (1 - rate))).sum()
    return float(np.sqrt(chi_squared / total))
