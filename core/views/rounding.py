"""Round what shares and means are made of, so that no count of customers can be worked out from their digits.

Counts are rounded to a multiple of five, as statistical offices do (Hundepool et al., "Statistical Disclosure Control",
2012, chapter 5). It moves a share less than chance does wherever there are more than 25 customers.
"""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

BASE: Final = 5  # customers
FIGURES: Final = 3  # of a mean


def rounded(table: pd.DataFrame, flags: Sequence[str], measures: Mapping[str, str]) -> pd.DataFrame:
    """A table of counts (`tables.count`) with what the shares of flags and the means of measures are made of rounded.

    `measures` have the column with the sums of each.
    """
    figures: dict[str, pd.Series] = {}
    for flag in flags:
        yes, known = f"{flag}_yes", f"{flag}_known"
        figures[yes], figures[known] = rounded_share(table[yes], table[known], table["customers"])
    for measure, units in measures.items():
        known, whole = f"{measure}_n", units.endswith("_sum_0")
        figures[known], figures[units] = rounded_mean(table[known], table[units], table["customers"], whole=whole)
    return table.assign(**figures)


def to_base(counts: pd.Series) -> pd.Series:
    """Whole numbers, each as the next multiple of `BASE`."""
    return (counts + BASE // 2) // BASE * BASE


def to_figures(values: npt.ArrayLike) -> np.ndarray:
    """Numbers by their first `FIGURES` figures: `58941.0` → `58900.0`; missing ones stay missing."""
    numbers = np.asarray(values, "float64")
    size = np.abs(numbers)
    scale = 10.0 ** (FIGURES - 1 - np.floor(np.log10(np.where(size > 0, size, 1.0))))
    found: np.ndarray = np.round(numbers * scale) / scale
    return found


def rounded_share(yes: pd.Series, known: pd.Series, customers: pd.Series) -> tuple[pd.Series, pd.Series]:
    """How many have a flag, and of how many it is known: nobody and everybody stay so.

    Rounded are those with the flag, and those of whom it is unknown.
    """
    counted = _known(known, customers)
    return to_base(yes).where(yes < known, counted), counted


def rounded_mean(
    known: pd.Series, units: pd.Series, customers: pd.Series, *, whole: bool = False
) -> tuple[pd.Series, pd.Series]:
    """How many have a measure, and its sum in units: that of the rounded mean.

    The sum of a measure of `whole` numbers is rounded like a count, since it is one where the numbers are 0 and 1.
    """
    counted = _known(known, customers)
    means = to_figures(units / known.where(known > 0, 1))
    added = (means * counted).round().astype("int64")
    return counted, to_base(added) if whole else added


def _known(known: pd.Series, customers: pd.Series) -> pd.Series:
    """Of how many something is known; 0 where that is hidden."""
    return (customers - to_base(customers - known)).where(known > 0, 0)
