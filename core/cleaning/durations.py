"""Durations in words → years: `21 yrs 4 mon`, `3y 4m`, `5 months`."""

import re
from typing import Final

import pandas as pd

# A letter alone must touch its number, and m needs years before it: "5m" is 5 million, "3 y 4m" a Spanish band.
_YEARS: Final = r"(?:y|\s*(?:yrs?|years?))\.?"
_MONTHS: Final = r"\s*(?:mons?|mos|mths?|months?)\.?"
DURATION: Final = (
    rf"(?:(?:\d{{1,3}}(?:\.\d+)?{_YEARS}(?:\s*(?:,|&|and)?\s*\d{{1,3}}(?:m|{_MONTHS}))?)|\d{{1,4}}{_MONTHS})"
)
_HINT: Final = re.compile(r"\d\s*(?:y|mo|mt)", re.I)
_PARTS: Final = r"(?i)^(?:(?P<years>[\d.]+)\s*y[a-z]*\.?)?\D*?(?P<months>\d+)?\D*$"


def durations(text: pd.Series) -> pd.Series:
    """The years of each text that is a duration (float64), NaN for others.

    >>> durations(pd.Series(["7 yrs 6 mon", "18 months", "5m"], dtype="str")).tolist()
    [7.5, 1.5, nan]
    """
    found = text.str.contains(_HINT).to_numpy(bool, copy=True)
    found[found] = text[found].str.strip().str.fullmatch(DURATION, flags=re.I)
    if not found.any():
        return pd.Series(float("nan"), text.index, "float64")
    parts = text[found].str.strip().str.extract(_PARTS).astype("float64").fillna(0.0)
    return (parts["years"] + parts["months"] / 12).reindex(text.index)
