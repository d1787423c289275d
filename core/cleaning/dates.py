"""Cleaning rule of dates: recognise dates, count orders of day and month, and read each date."""

import re
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from core.cleaning.values import Cells, Changes, Order
from core.schema import BLANKS

OLDEST = 120  # years; nobody on record has lived past 122
EXCEL_EPOCH = date(1899, 12, 30)  # day 0 of Excel's 1900 date system, as openpyxl counts it
MONTHS = {
    name: number
    for number, name in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], start=1
    )
}

_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ].*)?")
_COMPACT = re.compile(r"((?:19|20)\d\d)(0[1-9]|1[0-2])([0-2]\d|3[01])(?:\.0)?")
# A year is one alternative, not two: Arrow's regular expressions take little more than half as long.
_PARTS = re.compile(r"(?P<first>\d{1,2})[-/. ](?P<second>\d{1,2})[-/. ](?P<year>\d{2}(?:\d{2})?)(?: .*)?")
_SERIAL = re.compile(r"[1-5]\d{4}(?:\.0)?")  # Excel's day number: 10000 is in 1927, 59999 in 2064
_NAMED = re.compile(r"(\d{1,2})[- ./]([a-z]{3})[a-z]*[- ./,]+(\d{4}|\d{2})|([a-z]{3})[a-z]* (\d{1,2}),? (\d{4})", re.I)


def is_date_like(text: pd.Series) -> pd.Series:
    """Which values are written as a date, possible or not."""
    forms = "|".join(f"(?:{form.pattern})" for form in (_ISO, _COMPACT, _PARTS, _NAMED, _SERIAL))
    return text.str.strip().str.fullmatch(re.sub(r"\((?!\?)", "(?:", forms), flags=re.I)


def date_orders(text: pd.Series) -> tuple[dict[str, int], np.ndarray]:
    """Counts of dates that fit one order only, and a mask of dates that fit both."""
    first, second, _ = _parts(text)
    votes = {
        "day_first": int(((first > 12) & (second <= 12)).sum()),
        "month_first": int(((second > 12) & (first <= 12)).sum()),
    }
    return votes, (first <= 12) & (second <= 12) & (first != second)


def _parts(text: pd.Series) -> list[np.ndarray]:
    """The three numbers of each date written with three; 0 where it is not."""
    groups = pc.extract_regex(pa.array(text.str.strip(), pa.string()), f"^(?:{_PARTS.pattern})$")
    return [pc.fill_null(part.cast("int64"), 0).to_numpy() for part in groups.flatten()]


def read_dates(cells: Cells) -> tuple[pd.Series, Changes]:
    """Dates as datetime64[s]; impossible ones are missing, with the reason."""
    order, as_of = cells.fact.date_order, cells.as_of
    values = _common_dates(cells.text, order, as_of)
    unread = np.flatnonzero(np.isnat(values))
    dates = [_checked_date(text.strip(), order, as_of) for text in cells.text.iloc[unread].tolist()]
    values[unread] = [value for value, _ in dates]
    changes = {note: np.zeros(len(values), bool) for _, note in dates if note}
    for at, (_, note) in zip(unread, dates, strict=True):
        if note:
            changes[note][at] = True
    return pd.Series(values.astype("datetime64[s]"), index=cells.text.index), changes


def _common_dates(text: pd.Series, order: Order, as_of: date) -> np.ndarray:
    """The most common dates, all at once: three numbers, a year of four digits, not in the future, not too old."""
    first, second, year = _parts(text)
    day, month = (first, second) if order == "day_first" else (second, first)
    months = (12 * (year - 1970) + month - 1).astype("datetime64[M]")
    days = months.astype("datetime64[D]") + (day - 1)
    valid = (day > 0) & (month > 0) & (month <= 12) & (days.astype("datetime64[M]") == months)
    recent = (year >= as_of.year - OLDEST) & (days <= np.datetime64(as_of))
    return np.where(valid & recent & (year > 99), days, np.datetime64("NaT"))


def _checked_date(text: str, order: Order, as_of: date) -> tuple[date | None, str]:
    if text.casefold() in BLANKS:
        return None, ""
    value, note = _parse_date(text, order, as_of)
    if value is None:
        return None, note
    if value > as_of:
        return None, f"after {as_of}, set to missing"
    if as_of.year - value.year > OLDEST:
        return None, f"more than {OLDEST} years ago, set to missing"
    return value, note


def _parse_date(text: str, order: Order, as_of: date) -> tuple[date | None, str]:
    """One date in any of the forms people write; the note is empty for the column's own form."""
    try:
        if iso := _ISO.fullmatch(text) or _COMPACT.fullmatch(text):
            return date(*map(int, iso.groups())), ""
        if parts := _PARTS.fullmatch(text):
            first, second, year = int(parts[1]), int(parts[2]), parts[3]
            day, month = (first, second) if order == "day_first" else (second, first)
            return _complete_year(year, month, day, as_of), ""
        if named := _NAMED.fullmatch(text):
            written = (named[1], named[2], named[3]) if named[1] else (named[5], named[4], named[6])
            return _complete_year(written[2], MONTHS[written[1].lower()], int(written[0]), as_of), ""
        if _SERIAL.fullmatch(text):
            return EXCEL_EPOCH + timedelta(days=int(float(text))), "Excel serial number read as a date"
    except (ValueError, KeyError):
        return None, f"no such {order.replace('_', ' ')} date, set to missing"
    return None, "not a date, set to missing"


def _complete_year(year: str, month: int, day: int, as_of: date) -> date:
    """The date; for a year of two digits, the latest such day that is not in the future."""
    if len(year) > 2:
        return date(int(year), month, day)
    this_century = as_of.year - as_of.year % 100 + int(year)
    try:
        value = date(this_century, month, day)
    except ValueError:  # 29 February of another century
        return date(this_century - 100, month, day)
    return value if value <= as_of else date(this_century - 100, month, day)
