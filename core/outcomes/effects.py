"""The difference that contact makes, with its interval: of rates by Newcombe, of amounts by Welch or a bootstrap."""

from dataclasses import dataclass
from math import nan
from statistics import NormalDist
from typing import Final

import numpy as np
from scipy.special import stdtr, stdtrit

from core.strategy.rates import difference

LEVEL: Final = 0.05
DRAWS: Final = 4_000  # resamples; of many segments together the ends are far out
MOST_DRAWN, LEAST_DRAWS = 20_000_000, 1_000  # distinct amounts of all resamples: a few seconds
SKEWED: Final = 25  # a mean is nearly normal from 25 times its squared skewness on (Cochran, 1977, section 2.15)
MOST_DISTINCT: Final = 20_000  # amounts above zero; the mean of more is normal enough, and resamples take long
LEAST_DISTINCT: Final = 10  # amounts above zero; of fewer, resamples are few different ones
NEWCOMBE, WELCH, BOOTSTRAP, TWO_STAGE = "Newcombe", "Welch", "bootstrap-t", "two-stage least squares"


@dataclass(frozen=True)
class Effect:
    """An estimate with the ends of its interval, the two-sided p-value of no effect, and the method of the interval.

    NaN where there is nobody, or a single amount, in an arm; the ends, too, where all amounts of an arm are alike.
    """

    estimate: float
    low: float
    high: float
    p: float
    method: str


def rate_effect(contacted: tuple[int, int], control: tuple[int, int], level: float = LEVEL) -> Effect:
    """The share of the contacted less that of the control group, each as (conversions, customers).

    The interval is Newcombe's hybrid score interval ("Interval estimation for the difference between independent
    proportions", Statistics in Medicine 17, 1998, method 10); the p-value that of the z-test with the pooled rate.
    """
    (yes, n), (yes_c, n_c) = contacted, control
    if not (n and n_c):
        return Effect(nan, nan, nan, nan, NEWCOMBE)
    low, high = difference(control, contacted, z=NormalDist().inv_cdf(1 - level / 2))
    pooled = (yes + yes_c) / (n + n_c)
    error = np.sqrt(pooled * (1 - pooled) * (1 / n + 1 / n_c))
    estimate = yes / n - yes_c / n_c
    p = 2 * NormalDist().cdf(-abs(estimate) / error) if error else 1.0
    return Effect(estimate, low, high, float(p), NEWCOMBE)


def mean_effect(contacted: np.ndarray, control: np.ndarray, level: float = LEVEL, *, seed: int = 0) -> Effect:
    """The mean of the contacted less that of the control group.

    The interval and p-value are Welch's ("The generalization of Student's problem", Biometrika 34, 1947). Where the
    amounts are too skewed for their number (`SKEWED`), the interval is that of a bootstrap of the t-statistic (Hall,
    "Theoretical comparison of bootstrap confidence intervals", Annals of Statistics 16, 1988).
    """
    n, n_c = len(contacted), len(control)
    if min(n, n_c) < 2:
        return Effect(nan, nan, nan, nan, WELCH)
    estimate = float(contacted.mean() - control.mean())
    variance, variance_c = contacted.var(ddof=1) / n, control.var(ddof=1) / n_c
    error = float(np.sqrt(variance + variance_c))
    if not error:
        return Effect(estimate, nan, nan, nan, WELCH)
    freedom = error**4 / (variance**2 / (n - 1) + variance_c**2 / (n_c - 1))
    p = float(2 * stdtr(freedom, -abs(estimate) / error))
    if is_skewed(contacted) or is_skewed(control):
        most = max(len(np.unique(values)) for values in (contacted, control))
        draws = int(np.clip(MOST_DRAWN // most, LEAST_DRAWS, DRAWS))
        (mean, spread), (mean_c, spread_c) = _resampled(contacted, draws, seed), _resampled(control, draws, seed + 1)
        errors = np.sqrt(spread + spread_c)
        there = errors > 0
        t = (mean - mean_c - estimate)[there] / errors[there]
        upper, lower = np.quantile(t, [1 - level / 2, level / 2])
        return Effect(estimate, estimate - float(upper) * error, estimate - float(lower) * error, p, BOOTSTRAP)
    half = float(stdtrit(freedom, 1 - level / 2)) * error
    return Effect(estimate, estimate - half, estimate + half, p, WELCH)


def is_skewed(values: np.ndarray) -> bool:
    """Whether amounts are too skewed for their number, though there are enough of them to draw from."""
    spread = values.std()
    if not spread or not LEAST_DISTINCT <= np.count_nonzero(values) <= MOST_DISTINCT:
        return False
    skewness = float(np.mean(((values - values.mean()) / spread) ** 3))
    return len(values) < SKEWED * skewness**2


def _resampled(values: np.ndarray, draws: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Mean and squared standard error of each resample: how often each distinct amount is drawn, not who draws it."""
    amounts, counts = np.unique(values, return_counts=True)
    n = len(values)
    amounts = amounts - values.mean()  # squares of large amounts would lose the figures of their variance
    rng = np.random.default_rng(seed)
    sums = np.empty((2, draws))
    step = max(1, 4_000_000 // len(amounts))  # numbers held at a time
    for start in range(0, draws, step):
        drawn = rng.multinomial(n, counts / n, size=min(step, draws - start))
        sums[:, start : start + step] = (drawn @ amounts, drawn @ amounts**2)
    mean = sums[0] / n
    return mean + values.mean(), (sums[1] / n - mean**2) / (n - 1)


def complier_effect(
    contacted: tuple[np.ndarray, np.ndarray], control: tuple[np.ndarray, np.ndarray], level: float = LEVEL
) -> Effect:
    """The effect on those who are contacted only if they should be, each arm as (outcomes, was contacted).

    The difference of outcomes over that of the shares contacted (Angrist, Imbens and Rubin, "Identification of causal
    effects using instrumental variables", JASA 91, 1996), with the interval of two-stage least squares. NaN where the
    arms were contacted alike.
    """
    (y, d), (y_c, d_c) = contacted, control
    if min(len(y), len(y_c)) < 2 or not (taken := float(d.mean() - d_c.mean())):
        return Effect(nan, nan, nan, nan, TWO_STAGE)
    estimate = float(y.mean() - y_c.mean()) / taken
    variances = ((part - estimate * done).var(ddof=1) / len(part) for part, done in ((y, d), (y_c, d_c)))
    error = float(np.sqrt(sum(variances))) / abs(taken)
    z = NormalDist().inv_cdf(1 - level / 2)
    p = 2 * NormalDist().cdf(-abs(estimate) / error) if error else float(estimate == 0)
    return Effect(estimate, estimate - z * error, estimate + z * error, float(p), TWO_STAGE)
