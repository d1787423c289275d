"""Effect sizes of differences between two groups (Cohen, *Statistical Power Analysis*, 1988)."""

from typing import Final

import numpy as np

MOST_EFFECT: Final = 5.0  # of a number: a d has no end where the groups hardly vary


def cohens_d(here: float, mean: float, deviation: float, part: float) -> float:
    """A part's mean minus that of the rest, in standard deviations within the two.

    From what is known of everybody, their mean and standard deviation: the variance between a part p and the rest is
    p (1 − p) times the squared difference of their means, and the rest of the variance lies within.
    """
    away = (here - mean) / (1 - part)
    within = np.sqrt(max(deviation**2 - part * (1 - part) * away**2, 0.0))
    size = min(abs(away) / within, MOST_EFFECT) if within > 0 else MOST_EFFECT
    return float(np.sign(away) * size)


def cohens_h(here: np.ndarray | float, others: np.ndarray | float) -> np.ndarray:
    """The difference of two shares, h = 2 asin √p₁ − 2 asin √p₂: as comparable as one in standard deviations."""
    found: np.ndarray = 2 * np.arcsin(np.sqrt(here)) - 2 * np.arcsin(np.sqrt(others))
    return found
