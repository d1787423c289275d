"""What a control group can show: the uplift that a campaign of its size is likely to find significant."""

from collections.abc import Callable
from statistics import NormalDist
from typing import Final

import numpy as np
from scipy.optimize import bisect

from core.figures import coefficient, count, share
from core.strategy.campaign import Campaign, Outcome

LEVEL: Final = 0.05  # of the two-sided test
POWER: Final = 0.8  # the usual chance to find an uplift that is there


def detectable_uplift(outcome: Outcome, baseline: float, *, level: float = LEVEL, power: float = POWER) -> float:
    """The smallest uplift, as a share, that a two-sided test finds with the given power.

    With baseline p₁ of the n₁ held out, p₂ = p₁ + uplift of the n₂ reached, q = 1 − p and p̄ the rate of both together:
    uplift = z(1 − level/2) √(p̄ q̄ (1/n₁ + 1/n₂)) + z(power) √(p₁ q₁/n₁ + p₂ q₂/n₂), solved for the uplift
    (Fleiss, Levin and Paik, *Statistical Methods for Rates and Proportions*, 2003, chapter 4, without continuity
    correction). Infinite where one of the two is empty, or where even a conversion of everybody would not do.
    """
    return detectable(float(outcome.held_out), float(outcome.reached), baseline, level=level, power=power)


def detectable(
    held_out: float, reached: float, baseline: float, *, level: float = LEVEL, power: float = POWER
) -> float:  # fmt: skip
    """`detectable_uplift` of so many held out and reached."""
    if not (held_out > 0 and reached > 0):
        return float("inf")
    significant, found = NormalDist().inv_cdf(1 - level / 2), NormalDist().inv_cdf(power)

    def lacking(uplift: float) -> float:
        """What the uplift lacks; concave, so that it falls to zero once at most."""
        treated = min(baseline + uplift, 1.0)
        both = (held_out * baseline + reached * treated) / (held_out + reached)
        under_none = both * (1 - both) * (1 / held_out + 1 / reached)
        under_uplift = baseline * (1 - baseline) / held_out + treated * (1 - treated) / reached
        return float(significant * np.sqrt(under_none) + found * np.sqrt(under_uplift) - uplift)

    least, most = np.finfo(float).eps, 1 - baseline  # an uplift of zero lacks nothing where nobody converts
    if most <= least or lacking(most) > 0:
        return float("inf")
    return float(bisect(lacking, least, most)) if lacking(least) > 0 else least


def least_held_out(reached: Callable[[int], float], most: int, uplift: float, baseline: float) -> int | None:
    """The fewest that must be held out to show an uplift (`detectable`); None where `most` of them are too few.

    `reached` says how many are reached beside so many held out; more held out must not show less.
    """

    def shows(held_out: int) -> bool:
        return detectable(held_out, reached(held_out), baseline) <= uplift

    if most < 1 or not shows(most):
        return None
    few, enough = 0, most
    while enough - few > 1:
        middle = (few + enough) // 2
        few, enough = (few, middle) if shows(middle) else (middle, enough)
    return enough


def describe_control(campaign: Campaign, outcome: Outcome) -> str:
    """Whether the control group is large enough to show the likely uplift, as a sentence."""
    held_out, baseline = float(outcome.held_out), campaign.baseline.likely
    if not held_out:
        return "Without a control group the uplift cannot be measured."
    if not outcome.reached:
        return "Nobody is reached, so that the uplift cannot be measured."
    least, uplift = detectable_uplift(outcome, baseline), min(campaign.uplift.likely, 1 - baseline)
    found = f"({share(POWER, 0)} power, {share(LEVEL, 0)} level)"
    if not np.isfinite(least):
        return f"The control group of {count(held_out)} is too few to show any uplift {found}."
    verdict = "enough for" if least <= uplift else "too few for"
    return (
        f"The control group of {count(held_out)} is {verdict} the uplift of {coefficient(uplift * 100, 1)} points: "
        f"it shows {coefficient(least * 100, 1)} points or more {found}."
    )
