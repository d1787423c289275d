"""Cleaning rule of dates: recognise dates, count orders of day and month, and read each date."""

from collections.abc import Mapping
from datetime import date

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from core.cleaning.date_forms import COMPACT, NO_DATE, PARTS, Order, is_written_date, written_date
from core.cleaning.epochs import BARE, EPOCHS, EXCEL_1900, NO_EPOCH, OLDEST, epoch_votes, read_bare
from core.cleaning.values import Cells, Changes
from core.schema import BLANKS

SERIAL = r"[1-5]\d{4}(?:\.\d+)?"  # Excel's day number: 10000 is in 1927, 59999 in 2064
_REAL = r"^\d{4}[-/.]\d{1,2}[-/.](?P<day>\d{1,2})(?:[T ].*)?$"
_YEAR = r"(?:^|\D)(?P<year>(?:19|20)\d\d)(?:\D|$|[01]\d[0-3]\d$)"
FUTURE, NO_SENSE = "after", "a number that makes sense as no date"
LOUD = (FUTURE, NO_SENSE)  # the beginnings of notes that are warnings however few cells have them
NOTHING = "stands for no date, set to missing"
# Shares of the days of a year up to the 12th of a month, and after it.
UP_TO_12, AFTER_12 = 144 / 365, 221 / 365
BY_CHANCE = 1e-3


def is_date_like(text: pd.Series) -> pd.Series:
    """Which values are written as a date, possible or not."""
    return is_written_date(text) | text.str.strip().str.fullmatch(SERIAL)


def is_bare_number(text: pd.Series) -> pd.Series:
    """Which values are numbers, which systems write instead of dates; what they count is a fact of the column."""
    return text.str.strip().str.fullmatch(BARE)


def date_orders(text: pd.Series) -> tuple[dict[str, int], np.ndarray]:
    """Counts of dates that fit one order only, and a mask of dates that fit both."""
    first, second, _ = _parts(text)
    votes = {
        "day_first": int(((first > 12) & (second <= 12)).sum()),
        "month_first": int(((second > 12) & (first <= 12)).sum()),
    }
    return votes, (first <= 12) & (second <= 12) & (first != second)


def year_votes(text: pd.Series, as_of: date) -> dict[str, int]:
    """Counts of years (`"written 1980"`), of bare numbers by each epoch, and of dates with a day up to the 12th.

    Counts of two parts of a column add up.
    """
    plain = text.str.strip()
    first, second, _ = _parts(text)
    days = pc.struct_field(pc.extract_regex(pa.array(plain, pa.string()), _REAL), "day")
    iso_days = days.drop_null().cast("int64").to_numpy()
    years = pc.extract_regex(pa.array(plain, pa.string()), _YEAR)
    counted = pc.struct_field(years, "year").drop_null().value_counts().to_pylist()
    return {
        "real": len(iso_days),
        "real up to 12": int((iso_days <= 12).sum()),
        "both up to 12": int(((first > 0) & (first <= 12) & (second <= 12)).sum()),
        **{f"written {count['values']}": count["counts"] for count in counted},
        **epoch_votes(plain[_is_bare(plain)], as_of),
    }


def is_half_converted(votes: Mapping[str, int]) -> bool:
    """Whether real dates have days up to the 12th only, and texts of one order only later ones.

    A spreadsheet of the other order makes that: it reads 01/02 as a date, swapped, and leaves 13/02 as text.
    """
    real, written = votes.get("real", 0), max(votes["day_first"], votes["month_first"])
    if not real or not written or real > votes["real up to 12"]:
        return False
    if votes["both up to 12"] or min(votes["day_first"], votes["month_first"]):
        return False
    return UP_TO_12**real * AFTER_12**written < BY_CHANCE


def _parts(text: pd.Series) -> list[np.ndarray]:
    """The three numbers of each date written with three; 0 where it is not."""
    groups = pc.extract_regex(pa.array(text.str.strip(), pa.string()), f"^(?:{PARTS.pattern})$")
    return [pc.fill_null(part.cast("int64"), 0).to_numpy() for part in groups.flatten()]


def _is_bare(plain: pd.Series) -> np.ndarray:
    """Which texts are a bare number, but no date of eight digits and nothing that stands for no date."""
    bare = np.array(plain.str.fullmatch(BARE), bool)
    if bare.any():
        bare[bare] = ~plain[bare].str.fullmatch(f"(?:{COMPACT.pattern})|(?:0+|9+)(?:\\.0+)?").to_numpy(bool)
    return bare


def no_dates(text: pd.Series) -> np.ndarray:
    """Which texts are what systems write where there is no date, such as 9999-12-31."""
    return np.asarray(text.str.strip().str.fullmatch(f"(?i:{NO_DATE.pattern})"), bool)


def read_dates(cells: Cells) -> tuple[pd.Series, Changes]:
    """Dates as datetime64[s]; impossible ones are missing, with the reason."""
    order, as_of, epoch = cells.fact.date_order, cells.as_of, cells.fact.epoch
    plain = cells.text.str.strip()
    values = _common_dates(cells.text, order, as_of)
    notes = np.full(len(values), "", object)
    bare = np.isnat(values)
    bare[bare] = _is_bare(plain[bare])
    _read_bare(plain, bare, epoch, as_of, values, notes)
    unread = np.flatnonzero(np.isnat(values) & ~bare)
    absent = no_dates(plain.iloc[unread])
    notes[unread[absent]] = NOTHING
    for at, text in zip(unread[~absent], plain.iloc[unread[~absent]].tolist(), strict=True):
        values[at], notes[at] = _checked_date(text, order, as_of)
    changes = {note: np.asarray(notes == note, bool) for note in dict.fromkeys(notes.tolist()) if note}
    return pd.Series(values.astype("datetime64[s]"), index=cells.text.index), changes


def _read_bare(
    plain: pd.Series, bare: np.ndarray, epoch: str, as_of: date, values: np.ndarray, notes: np.ndarray
) -> None:
    """Read the bare numbers by the epoch of their column; without one, only those that are Excel's."""
    if not bare.any():
        return
    if epoch == NO_EPOCH:
        notes[bare] = f"{NO_SENSE}, set to missing"
        return
    own = np.flatnonzero(bare)
    days = read_bare(plain.iloc[own], epoch or EXCEL_1900, as_of)
    if not epoch:
        days[~plain.iloc[own].str.fullmatch(SERIAL).to_numpy(bool)] = np.datetime64("NaT")
    future, old = days > np.datetime64(as_of), days.astype("datetime64[Y]") < np.datetime64(f"{as_of.year - OLDEST}")
    values[own] = np.where(future | old, np.datetime64("NaT"), days)
    notes[own] = f"{EPOCHS[epoch or EXCEL_1900].label} read as a date"
    notes[own[np.isnat(days)]] = "not a date, set to missing"
    notes[own[future]] = _future(as_of)
    notes[own[old]] = _too_old()


def _common_dates(text: pd.Series, order: Order, as_of: date) -> np.ndarray:
    """The most common dates, all at once: three numbers, a year of four digits, not in the future, not too old."""
    first, second, year = _parts(text)
    day, month = (first, second) if order == "day_first" else (second, first)
    months = (12 * (year - 1970) + month - 1).astype("datetime64[M]")
    days = months.astype("datetime64[D]") + (day - 1)
    valid = (day > 0) & (month > 0) & (month <= 12) & (days.astype("datetime64[M]") == months)
    recent = (year >= as_of.year - OLDEST) & (days <= np.datetime64(as_of))
    placeholder = (year == 1900) & (day == 1) & (month == 1)
    return np.where(valid & recent & (year > 99) & ~placeholder, days, np.datetime64("NaT"))


def _checked_date(text: str, order: Order, as_of: date) -> tuple[date | None, str]:
    if text.casefold() in BLANKS:
        return None, ""
    try:
        value = written_date(text, order, as_of)
    except ValueError:
        return None, f"no such {order.replace('_', ' ')} date, set to missing"
    if value is None:
        return None, "not a date, set to missing"
    if value > as_of:
        return None, _future(as_of)
    return (None, _too_old()) if as_of.year - value.year > OLDEST else (value, "")


def _future(as_of: date) -> str:
    return f"{FUTURE} {as_of}, set to missing"


def _too_old() -> str:
    return f"more than {OLDEST} years ago, set to missing"
