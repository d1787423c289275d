"""The bounds that evidence must reach for segments to be called groups.

They were chosen by a procedure, on data of our own (`tests/bench/structure/procedure.py`, and tests/bench/README): of a
grid, bounds that find the most true numbers of groups in the sets for tuning while at most 1 % of the noise is called
groups. They lie on a plateau, on which nothing depends on their exact value. Then they were tried on other sets.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np

SURE: Final = 3.5  # standard deviations that the silhouette lies above that of structureless data …
LEAST_SPREAD: Final = 0.004  # … which five draws can underestimate
STABILITY: Final = 0.9  # adjusted Rand index with the segments of random halves
# How far the density falls between a segment and any other for it to be set apart: as between two normal groups 3.3
# standard deviations apart. It tells groups from slices of a curve, a ring or a spiral, which no draw bends along.
AMPLITUDE: Final = 0.47
APART: Final = 0.9  # the share of customers in such segments
# The gap, in units of the excess: a hull around a core has a fine silhouette, but no less inertia than a cloud.
LESS_INERTIA: Final = 0.35


def beyond(silhouette: float, drawn: Sequence[float]) -> bool:
    """Whether a silhouette is above those of structureless data."""
    return bool(silhouette >= np.mean(drawn) + SURE * max(float(np.std(drawn)), LEAST_SPREAD))
