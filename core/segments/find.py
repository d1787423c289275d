"""From a matrix of features to segments: fit, number by wealth, describe."""

from collections.abc import Sequence

import pandas as pd

from core.schema import Column
from core.segments.clusterer import Clusterer
from core.segments.features import FeatureMatrix
from core.segments.profile import Segments, describe
from core.segments.registry import DEFAULT_CLUSTERER
from core.segments.relabel import relabelled, wealth_measure


def find_segments(
    customers: pd.DataFrame,
    columns: Sequence[Column],
    matrix: FeatureMatrix,
    k: int,
    *,
    seed: int = 0,
    clusterer: Clusterer = DEFAULT_CLUSTERER,
    wealth: str | None = None,
) -> Segments:
    """The segments of all customers who have every feature; `matrix` is that of the customers' features.

    `wealth` is the column by whose mean they are numbered, the best measure of wealth unless given.
    """
    if wealth is None:
        wealth = wealth_measure(customers, columns)
    clustering = relabelled(customers, matrix, clusterer.fit(matrix, k, seed=seed), wealth)
    same = matrix.repeated
    within = clustering.assign(matrix.points) if same is None else clustering.assign(same.points)[same.at]
    return describe(customers, columns, matrix, clustering, within, numbered_by=wealth)
