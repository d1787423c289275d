"""Dates written as bare numbers: years, digits of a date, days or seconds since a first day. A column has one form."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Final

import numpy as np
import pandas as pd

BARE: Final = r"[-+]?\d{1,14}(?:\.\d+)?(?:[eE]\+?\d{1,2})?"
EXCEL_1900, EXCEL_1904, NO_EPOCH = "excel_1900", "excel_1904", "none"
NEARLY_ALL: Final = 0.98
ALIKE: Final = 0.25  # of the shares of usual dates: a smaller difference decides nothing
OLDEST: Final = 120  # years; nobody on record has lived past 122
# Years before the as-of date in which most customers of a bank are born, and in which most have joined.
USUAL_BIRTH, USUAL_OTHER = (16, 80), (0, 40)
MOST_DAYS: Final = 3_000_000
QUANTILES: Final = (0.05, 0.25, 0.5, 0.75)


@dataclass(frozen=True)
class Epoch:
    """A way to read bare numbers as dates: `read` takes numbers and the as-of date, and gives days or NaT.

    `digits` says that the digits are those of a date, which no other numbers have by chance; `common` that so many
    systems write it that others are not thought of where it makes sense.
    """

    label: str
    read: Callable[[np.ndarray, date], np.ndarray]
    digits: bool = False
    common: bool = False


def _since(start: str, a_day: float, least: float, numbers: np.ndarray, as_of: date) -> np.ndarray:  # noqa: ARG001
    days = np.floor(numbers / a_day)
    valid = (np.abs(days) < MOST_DAYS) & (np.abs(numbers) >= least)
    return np.where(valid, np.datetime64(start, "D") + np.where(valid, days, 0).astype("int64"), np.datetime64("NaT"))


def _year(numbers: np.ndarray, as_of: date) -> np.ndarray:
    """The middle of a year, or the as-of date in its own year."""
    middle = _day(numbers, np.full(len(numbers), 7), np.full(len(numbers), 1), (1900, as_of.year))
    return np.asarray(np.minimum(middle, np.datetime64(as_of)))


def _century_year_month_day(numbers: np.ndarray, as_of: date) -> np.ndarray:  # noqa: ARG001
    return _day(1900 + numbers // 10_000, numbers // 100 % 100, numbers % 100, (1900, 2099))


def _day_month_year(numbers: np.ndarray, as_of: date) -> np.ndarray:  # noqa: ARG001
    return _day(numbers % 10_000, numbers // 10_000 % 100, numbers // 1_000_000, (1900, 2099))


def _month_day_year(numbers: np.ndarray, as_of: date) -> np.ndarray:  # noqa: ARG001
    return _day(numbers % 10_000, numbers // 1_000_000, numbers // 10_000 % 100, (1900, 2099))


def _day(year: np.ndarray, month: np.ndarray, day: np.ndarray, years: tuple[int, int]) -> np.ndarray:
    """The days, NaT where there is no such day."""
    valid = (year >= years[0]) & (year <= years[1]) & (month >= 1) & (month <= 12) & (day >= 1) & (day % 1 == 0)
    months = np.where(valid, 12 * (year - 1970) + month - 1, 0).astype("int64").astype("datetime64[M]")
    days = months.astype("datetime64[D]") + (np.where(valid, day, 1).astype("int64") - 1)
    return np.where(valid & (days.astype("datetime64[M]") == months), days, np.datetime64("NaT"))


# In this order where several make sense alike. Seconds below four months or so would all be in one season.
EPOCHS: Final[Mapping[str, Epoch]] = {
    "year": Epoch("years (as their 1 July)", _year, digits=True),
    "cyymmdd": Epoch("century, year, month and day (CYYMMDD)", _century_year_month_day, digits=True),
    "ddmmyyyy": Epoch("day, month and year", _day_month_year, digits=True),
    "mmddyyyy": Epoch("month, day and year", _month_day_year, digits=True),
    EXCEL_1900: Epoch("Excel serial number", partial(_since, "1899-12-30", 1, 10_000), common=True),
    EXCEL_1904: Epoch("Excel serial number from 1904", partial(_since, "1904-01-01", 1, 0)),
    "sas_days": Epoch("days since 1960 (SAS, Stata)", partial(_since, "1960-01-01", 1, 0)),
    "unix_days": Epoch("days since 1970", partial(_since, "1970-01-01", 1, 0)),
    "unix_seconds": Epoch("seconds since 1970 (Unix)", partial(_since, "1970-01-01", 86_400, 1e7), common=True),
    "unix_milliseconds": Epoch("milliseconds since 1970", partial(_since, "1970-01-01", 86_400e3, 1e10), common=True),
    "sas_seconds": Epoch("seconds since 1960 (SAS)", partial(_since, "1960-01-01", 86_400, 1e7)),
    "stata_milliseconds": Epoch("milliseconds since 1960 (Stata)", partial(_since, "1960-01-01", 86_400e3, 1e10)),
    "spss_seconds": Epoch("seconds since 1582 (SPSS)", partial(_since, "1582-10-14", 86_400, 1e10)),
}


def read_bare(text: pd.Series, epoch: str, as_of: date) -> np.ndarray:
    """Bare numbers as datetime64[D], NaT where there is no such day."""
    return EPOCHS[epoch].read(text.astype("float64").to_numpy(), as_of)


def epoch_votes(bare: pd.Series, as_of: date) -> dict[str, int]:
    """Number of bare numbers by year, as each epoch reads them (`"sas_days 2014"`), and of all (`"bare"`).

    Counts of two parts of a column add up.
    """
    votes = {"bare": len(bare)}
    for key in EPOCHS if len(bare) else ():
        years = read_bare(bare, key, as_of)
        years = years[~np.isnat(years)].astype("datetime64[Y]").astype("int64") + 1970
        near = years[(years >= as_of.year - OLDEST) & (years <= as_of.year)]
        votes |= {f"{key} {year}": int(n) for year, n in zip(*np.unique(near, return_counts=True), strict=True)}
    return votes


def possible_epochs(votes: Mapping[str, int], born: np.ndarray, as_of: date, *, birth: bool) -> dict[str, float]:
    """The epochs that make dates of nearly all bare numbers, with the share of usual dates; all shares are above 0.

    Parameters
    ----------
    votes : mapping
        As `epoch_votes`.
    born : array
        Years in which the customers are born, as far as other columns say. Other dates come after.
    birth : bool
        Whether the column itself is of birth dates.
    """
    shares: dict[str, float] = {}
    for key, epoch in EPOCHS.items():
        years = years_of(votes, key)
        if len(years) < NEARLY_ALL * votes["bare"] or (not birth and is_before(years, born)):
            continue
        if epoch.digits:
            return {key: 1.0}
        low, high = USUAL_BIRTH if birth else USUAL_OTHER
        usual = float(((as_of.year - years >= low) & (as_of.year - years <= high)).mean())
        shares |= {key: usual} if usual else {}
    return shares


def likeliest_epoch(shares: Mapping[str, float], *, from_1904: bool) -> tuple[str, str]:
    """Of the possible epochs the first that makes about as much sense as the best, and another one that does so too.

    `from_1904` says that the file counts its days from 1904. The second is empty where the first leaves no doubt.
    """
    if EXCEL_1904 in shares and from_1904:
        return EXCEL_1904, ""
    # Four years and a day from Excel's other count: only the file can say.
    close = [key for key in shares if key != EXCEL_1904 and shares[key] >= max(shares.values()) - ALIKE]
    if not close:
        return NO_EPOCH, ""
    return close[0], "" if EPOCHS[close[0]].common or len(close) == 1 else close[1]


def years_of(votes: Mapping[str, int], key: str) -> np.ndarray:
    """The years counted in votes, one for each value."""
    found = [(int(name.removeprefix(f"{key} ")), n) for name, n in votes.items() if name.startswith(f"{key} ")]
    return np.repeat([year for year, _ in found], [n for _, n in found]) if found else np.empty(0, "int64")


def is_before(years: np.ndarray, born: np.ndarray) -> bool:
    """Whether years of later events lie before those of birth, compared by quantiles."""
    if not len(years) or not len(born):
        return False
    return bool((np.quantile(years, QUANTILES) < np.quantile(born, QUANTILES)).sum() > len(QUANTILES) // 2)
