"""Dates of Excel: a number of days, and a number format that shows it as a date or a duration.

The rules and the rounding to milliseconds are those of openpyxl.
"""

import re
from datetime import date, datetime, time, timedelta
from typing import Final, Literal

Shown = Literal["number", "date", "duration"]

# Of the formats that have a number and no code in the file (ECMA-376, part 1, 18.8.30), in every language.
BUILT_IN: Final[dict[str, Shown]] = {**dict.fromkeys(map(str, (*range(14, 23), 45, 47)), "date"), "46": "duration"}
DAY: Final = 86_400_000  # milliseconds
MAX_WHOLE: Final = 1e15  # below it, Excel keeps and shows all digits of a whole number
FROM_1900, FROM_1904 = datetime(1899, 12, 30), datetime(1904, 1, 1)
OUTSIDE: Final = "#VALUE!"  # a number that is no date, shown as one

# Texts in quotes, and what is in brackets unless it is hours, minutes or seconds.
LITERAL = re.compile(r'".*?"|\[(?!hh?\]|mm?\]|ss?\])[^\]]*\]')
DATE_LETTER = re.compile(r"(?<![_\\])[dmhysDMHYS]")
DURATION = re.compile(r"\[hh?\](:mm(:ss(\.0*)?)?)?|\[mm?\](:ss(\.0*)?)?|\[ss?\](\.0*)?", re.I)


def shown_as(code: str) -> Shown:
    """Whether a number format shows numbers, dates or durations, by its part for positive numbers."""
    code = code.split(";")[0]
    if not DATE_LETTER.search(LITERAL.sub("", code)):
        return "number"
    return "duration" if DURATION.search(code) else "date"


def serial_text(days: float, shown: Shown, *, from_1904: bool) -> str:
    """The text of a number that is shown as a date or a duration; `OUTSIDE` if no date has it."""
    try:
        return value_text(
            _duration(days) if shown == "duration" else _date(days, FROM_1904 if from_1904 else FROM_1900)
        )
    except (OverflowError, ValueError):
        return OUTSIDE


def value_text(value: object) -> str:
    """The text of a cell's value as Excel shows it, without rounding."""
    if isinstance(value, float):
        # As many digits as Excel keeps and shows.
        return str(int(value)) if value.is_integer() and abs(value) < MAX_WHOLE else f"{value:.15g}"
    if isinstance(value, str):
        return value.replace("\x00", "")
    if isinstance(value, datetime):
        return (value.date() if value.time() == time() else value).isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value)


def _date(days: float, start: datetime) -> datetime | time:
    day, fraction = divmod(days, 1)
    passed = timedelta(milliseconds=round(fraction * DAY))
    if 0 <= days < 1 and not passed.days:
        return (datetime.min + passed).time()
    if 0 < days < 60 and start is FROM_1900:
        day += 1  # Excel counts a 29 February 1900
    return start + timedelta(days=day) + passed


def _duration(days: float) -> timedelta:
    passed = timedelta(days=days)
    if not passed.microseconds:
        return passed
    return timedelta(seconds=passed.total_seconds() // 1, microseconds=round(passed.microseconds, -3))
