"""A number that is known only roughly: at least, most likely, at most."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Range:
    """Low, likely and high value in one unit; who uses it checks that they rise (`campaign.Campaign`)."""

    low: float
    likely: float
    high: float

    def rises(self) -> bool:
        """Whether low ≤ likely ≤ high, all of them finite numbers."""
        return bool(np.isfinite([self.low, self.high]).all()) and self.low <= self.likely <= self.high

    def quantile(self, part: np.ndarray) -> np.ndarray:
        """Quantiles of the triangular distribution with these ends and this mode.

        The triangle is the usual stand-in where only three numbers are known (Johnson, "The
        triangular distribution as a proxy for the beta distribution in risk analysis", 1997). The
        same `part` for two ranges gives draws that move together, so a narrower range can only
        narrow what follows from it.
        """
        below, above = self.likely - self.low, self.high - self.likely
        span = below + above
        if not span:
            return np.full_like(part, self.likely)
        rising = self.low + np.sqrt(part * span * below)
        falling = self.high - np.sqrt((1 - part) * span * above)
        return np.where(part * span < below, rising, falling)


def exactly(value: float) -> Range:
    """A number that is known."""
    return Range(value, value, value)


def around(likely: float, spread: float, most: float = np.inf) -> Range:
    """`likely` give or take the share `spread` of it, and at most `most`."""
    return Range(likely * (1 - spread), likely, max(likely, min(likely * (1 + spread), most)))
