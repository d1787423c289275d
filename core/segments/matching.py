"""Two sets of segments of the same customers, matched one to one.

As in Kuhn, "The Hungarian method for the assignment problem" (1955).
"""

import numpy as np
from scipy.optimize import linear_sum_assignment


def best_match(counts: np.ndarray) -> np.ndarray:
    """The row of each column in the one-to-one match that keeps most customers.

    Parameters
    ----------
    counts : array (segments, other segments)
        Customers by both; there are no more others than segments.
    """
    rows, columns = linear_sum_assignment(-counts)
    found = np.empty(counts.shape[1], "int64")
    found[columns] = rows
    return found
