"""A saved model's segments beside those that a fit on later customers finds: who would be in another one."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from core.figures import count, share
from core.segments.features import FeatureMatrix
from core.segments.matching import best_match
from core.segments.model import Model
from core.segments.registry import clusterer_of


@dataclass(frozen=True)
class Refit:
    """Customers by their segment of the model (rows) and after a fit on these customers (columns), labels "1" to "k".

    The segments of the fit have the labels of those that they share most customers with. One that shares
    nothing, where there are fewer customers than segments then, is not there.
    """

    counts: pd.DataFrame

    @property
    def customers(self) -> int:
        """All who are in a segment."""
        return int(self.counts.to_numpy().sum())

    @property
    def moved(self) -> int:
        """Who would be in another segment."""
        return self.customers - sum(int(self.counts.loc[label, label]) for label in self.counts.columns)

    def in_words(self) -> str:
        """What a refit would change, as a sentence."""
        if not self.customers:
            return "Nobody is in a segment, so there is nothing to fit anew."
        if not self.moved:
            return "A refit on these customers would leave everybody in their segment."
        return (
            f"A refit on these customers would put {count(self.moved)} of {count(self.customers)} "
            f"({share(self.moved / self.customers)}) in another segment."
        )


def refit(model: Model, matrix: FeatureMatrix, within: np.ndarray) -> Refit:
    """Fit the model's method anew and match its segments with the model's (`best_match`).

    Parameters
    ----------
    matrix : FeatureMatrix
        The customers under the model's features, scaled as then (`score.assign`).
    within : array (rows of the matrix,)
        The segment of each by the model, from 0.
    """
    labels = [*model.names]
    if not len(within):
        return Refit(pd.DataFrame(0, labels, labels))
    found = clusterer_of(model.clustering.method).fit(matrix, model.k, seed=model.seed)
    after, k = found.assign(matrix.points), len(found.means)
    counts = np.bincount(within * k + after, minlength=model.k * k).reshape(model.k, k)
    table = pd.DataFrame(counts, labels, [labels[row] for row in best_match(counts)])
    return Refit(table[sorted(table.columns, key=labels.index)])
