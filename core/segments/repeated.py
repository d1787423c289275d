"""The different points among many: what is found for one of them holds for all customers who are there."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

FROM: Final = 1_000_000  # customers: of fewer, all are asked in a moment
HEAD: Final = 50_000  # customers by whom it is told whether a feature has many values
ROOM: Final = 2**26  # combinations of values that are counted in an array
SELDOM: Final = 0.25  # different points, of all customers, from which on it takes as long as asking all


@dataclass(frozen=True)
class Repeated:
    """Different points (points, features), the first customer and the number of customers at each.

    `at` is the point of each customer.
    """

    points: np.ndarray
    rows: np.ndarray
    counts: np.ndarray
    at: np.ndarray


def repeated(points: np.ndarray) -> Repeated | None:
    """The different ones of many points (customers, features); None where they are few, or seldom the same."""
    head = points[:HEAD]
    if len(points) < FROM or not head.shape[1] or max(len(pd.unique(one)) for one in head.T) > SELDOM * len(head):
        return None
    if (at := _different(points, len(points) * SELDOM)) is None:
        return None
    counts = np.bincount(at)
    rows = np.empty(len(counts), "int64")
    rows[at[::-1]] = np.arange(len(at))[::-1]
    return Repeated(points[rows], rows, counts, at)


def _different(points: np.ndarray, most: float) -> np.ndarray | None:
    """The number of each row's point, from 0; None where there are more than so many."""
    at, size = np.zeros(len(points), "int64"), 1
    for column in points.T:
        codes, values = pd.factorize(column)
        at, size = at * len(values) + codes, size * len(values)
        if size > ROOM:
            at, known = pd.factorize(at)
            size = len(known)
            if size > most:
                return None
    occurs = np.bincount(at, minlength=size) > 0
    return (np.cumsum(occurs) - 1)[at] if np.count_nonzero(occurs) <= most else None
