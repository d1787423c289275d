"""From a matrix of features to segments: fit, number by wealth, describe."""

from collections.abc import Sequence

import pandas as pd

from core.schema import Column
from core.segments.clusterer import Clusterer
from core.segments.features import FeatureMatrix
from core.segments.profile import Segments, describe
from core.segments.registry import DEFAULT_CLUSTERER
from core.segments.relabel import relabelled


def find_segments(
    customers: pd.DataFrame,
    columns: Sequence[Column],
    matrix: FeatureMatrix,
    k: int,
    *,
    seed: int = 0,
    clusterer: Clusterer = DEFAULT_CLUSTERER,
) -> Segments:
    """The segments of all customers who have every feature; `matrix` is that of the customers' features."""
    clustering = relabelled(customers, matrix, clusterer.fit(matrix, k, seed=seed))
    return describe(customers, columns, matrix, clustering, clustering.assign(matrix.values))
