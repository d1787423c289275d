"""One date as people and systems write it → the date."""

import re
from datetime import date
from typing import Final, Literal

import pandas as pd

from core.cleaning.month_names import month_number

Order = Literal["day_first", "month_first"]

# What systems write where there is no date, read in any order of day and month. Systems take the first or the last
# day they can hold: SQL Server 1753 and 1900, Oracle and DB2 year 1 and 9999.
NO_DATE: Final = re.compile(
    r"0+(?:\.0)?|(?:0000|0001|1753|1900|9999)[-/.]?(?:00|01|12)[-/.]?(?:00|01|31)(?:[T ].*)?"
    r"|(?:00|01|12|31)[-/.](?:00|01|12|31)[-/.](?:0000|0001|1753|1900|9999)(?:[ T].*)?|9{6,8}"
    r"|(?:01|31)[- ](?:jan|dec)[a-z]*[- ](?:0001|1753|1900|9999).*",
    re.I,
)
_TIME = r"(?:[T :].*)?"
_LETTERS = r"[^\W\d_]{3,}"
ISO: Final = re.compile(rf"(\d{{4}})[-/.](\d{{1,2}})[-/.](\d{{1,2}}){_TIME}")
COMPACT: Final = re.compile(r"((?:19|20)\d\d)(0[1-9]|1[0-2])([0-2]\d|3[01])(?:\.0|[T ]?\d{6}Z?)?")
# A year is one alternative, not two: Arrow's regular expressions take little more than half as long.
PARTS: Final = re.compile(r"(?P<first>\d{1,2})[-/. ](?P<second>\d{1,2})[-/. ](?P<year>\d{2}(?:\d{2})?)(?: .*)?")
_DAY_MONTH_YEAR = re.compile(
    rf"(?:{_LETTERS}\.?,? )?(\d{{1,2}})(?:st|nd|rd|th|er)?\.?[- ./]{{0,2}}(?:de )?({_LETTERS})\.?"
    rf"[- ./,]{{0,2}}(?:de )?(\d{{4}}|\d{{2}}){_TIME}"
)
_MONTH_DAY_YEAR = re.compile(rf"({_LETTERS})\.? (\d{{1,2}})(?:st|nd|rd|th)?,? (\d{{4}}){_TIME}")
_YEAR_MONTH_DAY = re.compile(rf"(\d{{4}})[- ./]({_LETTERS})[- ./](\d{{1,2}}){_TIME}")
_JAVA = re.compile(rf"{_LETTERS} ({_LETTERS}) (\d{{1,2}}) [\d:]{{5,8}} (?:\S+ )?(\d{{4}})")
_CJK = re.compile(r"(\d{4}) ?[年년] ?(\d{1,2}) ?[月월] ?(\d{1,2}) ?[日일]?")
_NAMED: Final = {  # a form → which groups are day, month and year
    _DAY_MONTH_YEAR: (1, 2, 3), _MONTH_DAY_YEAR: (2, 1, 3), _YEAR_MONTH_DAY: (3, 2, 1), _JAVA: (2, 1, 3),
}  # fmt: skip


def is_written_date(text: pd.Series) -> pd.Series:
    """Which values are written as a date, possible or not."""
    forms = "|".join(f"(?:{form.pattern})" for form in (ISO, COMPACT, PARTS, _CJK, *_NAMED, NO_DATE))
    return text.str.strip().str.fullmatch(re.sub(r"\((?!\?)", "(?:", re.sub(r"\?P<\w+>", "?:", forms)), flags=re.I)


def written_date(text: str, order: Order, as_of: date) -> date | None:
    """A date in any of the forms; None if it is in none.

    Raises
    ------
    ValueError
        There is no such day.
    """
    text = re.sub(r"\s+", " ", text)
    if iso := ISO.fullmatch(text) or COMPACT.fullmatch(text) or _CJK.fullmatch(text):
        return date(*map(int, iso.groups()))
    if parts := PARTS.fullmatch(text):
        first, second = int(parts[1]), int(parts[2])
        day, month = (first, second) if order == "day_first" else (second, first)
        return _complete_year(parts[3], month, day, as_of)
    for form, (day, month, year) in _NAMED.items():
        if named := form.fullmatch(text):
            return _complete_year(named[year], month_number(named[month]), int(named[day]), as_of)
    return None


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
