"""The scores of several numbers of segments as a table, ready to draw or export."""

from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np
import pandas as pd

from core.segments.evidence import Score

CURVE: Final = "choose_k.csv"  # the file of all scores by which k is chosen
MEASURES: Final = {
    "inertia": "Inertia (mean squared distance to the centre)",
    "silhouette": "Silhouette",
    "calinski_harabasz": "Calinski–Harabasz index",
    "davies_bouldin": "Davies–Bouldin index (lower is better)",
    "smallest": "Smallest segment (share of the clustered customers)",
    "apart": "Separated (share of the sampled customers)",
    "stability": "Stability (adjusted Rand index)",
}


def table(scores: Sequence[Score], measures: Iterable[str] = MEASURES) -> pd.DataFrame:
    """Some measures of every k beside its reference, ready to draw or export.

    Returns
    -------
    DataFrame
        k, measure, value, reference (mean of the draws), low, high (smallest and largest draw); bic, the same in all
        rows of a k, where the method gives one.
    """
    rows = [
        (one.k, measure, getattr(one.observed, measure), *_range(one, measure))
        for one in scores
        for measure in measures
    ]
    found = pd.DataFrame(rows, columns=["k", "measure", "value", "reference", "low", "high"])
    by_k = {one.k: one.bic for one in scores if one.bic is not None}
    return found.assign(bic=found["k"].map(by_k)) if by_k else found


def _range(score: Score, measure: str) -> tuple[float, float, float]:
    values = score.drawn(measure)
    return float(np.mean(values)), min(values), max(values)
