"""How much each feature decides in which segment a customer is."""

from typing import Final

import numpy as np
import pandas as pd

from core.segments.clusterer import Clustering
from core.segments.features import matrix_under
from core.segments.profile import Segments

ROWS: Final = 20_000
TIMES: Final = 5


def feature_importance(customers: pd.DataFrame, segments: Segments, *, seed: int = 0) -> pd.DataFrame:
    """`importance` of each feature of some segments, by its name."""
    matrix = matrix_under(customers, segments.feature_specs, segments.categories)
    found = importance(matrix.points, segments.clustering, seed=seed)
    return found.assign(feature=[segments.made_of[at] for at in found["feature"]])


def importance(points: np.ndarray, clustering: Clustering, *, seed: int = 0) -> pd.DataFrame:
    """Shuffle one feature at a time among the customers, assign anew, and count who changes segment.

    The permutation importance of Breiman ("Random forests", 2001) with the segments themselves in place of a model
    that stands in for them. The mean of `TIMES` seeded shuffles, of `ROWS` points at most, of whom the order does
    not matter.

    Parameters
    ----------
    points : array (customers, features)
        The standardised features of those who are clustered.

    Returns
    -------
    DataFrame
        feature (its position), changed (share of the customers, 0 to 1): the most important first.
    """
    rng = np.random.default_rng(seed)
    ordered = points[np.lexsort(points.T)] if len(points) else points
    if len(ordered) > ROWS:
        ordered = ordered[np.sort(rng.choice(len(ordered), ROWS, replace=False))]
    own = clustering.assign(ordered)
    rows = []
    for feature in range(points.shape[1]):
        changed = []
        for _ in range(TIMES):
            shuffled = ordered.copy()
            shuffled[:, feature] = rng.permutation(shuffled[:, feature])
            changed.append(float(np.mean(clustering.assign(shuffled) != own)) if len(own) else 0.0)
        rows.append((feature, float(np.mean(changed))))
    return pd.DataFrame(rows, columns=["feature", "changed"]).sort_values(
        "changed", ascending=False, kind="stable", ignore_index=True
    )
