"""The month that a file is of: by its name, by a column that dates its rows, or as somebody writes it."""

from calendar import monthrange
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Final

from core.errors import DataError
from core.intake.meaning.canonical import header_key
from core.intake.read import TextTable
from core.intake.rows.dates import NEVER, name_dates, times_of
from core.intake.rows.words import SNAPSHOT_DATES
from core.rules import Rules

EARLIEST: Final = 1980  # periods that are only counted, 1 to 12, would be of 1970
WRITE_IT: Final = "Write its month, such as 2024-03."


def month_of_name(name: str, latest: date) -> date | None:
    """The first day of the month that a name has, such as `customers_2024-03.csv`; None where it has none.

    A month without a year, such as `mar.csv`, is the last one until `latest`.
    """
    found = name_dates([name])
    if not found:
        return None
    year, month, quarter, _ = found[0]
    month = month or 3 * quarter  # a quarter is at its last month
    if not month:
        return None
    return date(year or latest.year - (month > latest.month), month, 1)


def month_of_files(names: Sequence[str], as_of: date) -> date:
    """The month in the name of the file, if there is one only, or else that of the day its ages are counted at."""
    named = month_of_name(names[0], as_of) if len(names) == 1 else None
    return named or as_of.replace(day=1)


def month_of_rows(tables: Sequence[TextTable], rules: Rules) -> date | None:
    """The month of the column that says of which day the rows are; None where there is no such column.

    Raises
    ------
    DataError
        The rows are of several months, or their dates can be read in two ways.
    """
    for table in tables:
        for header in table.frame:
            if header_key(str(header)) not in SNAPSHOT_DATES:
                continue
            distinct = table.frame[header].astype("str").drop_duplicates().reset_index(drop=True)
            times = times_of(distinct, rules, table.name, str(header))
            days = (datetime.fromtimestamp(int(one), UTC) for one in times if one != NEVER)
            months = sorted({date(day.year, day.month, 1) for day in days if day.year >= EARLIEST})
            if len(months) > 1:
                raise DataError(
                    f"It has rows of several months, {written(months[0])} to {written(months[-1])}.",
                    f"{WRITE_IT} Of each customer, only the latest row counts.",
                    file=table.name,
                    column=str(header),
                )
            if months:
                return months[0]
    return None


def month_of_text(text: str, latest: date) -> date | None:
    """The month that somebody writes, such as 2024-03, 03/2024 or March 2024; None where it is none."""
    return month_of_name(text.strip(), latest)


def written(month: date) -> str:
    """A month as text that sorts and that people can read: 2024-03."""
    return f"{month:%Y-%m}"


def shifted(day: date, first: date, month: date) -> date:
    """A day as many months later as `month` is after `first`; the last of its month where there is no such day.

    Ages in a month's file are counted at a day as far from the month as it is in the file that the segments are of.
    """
    months = day.year * 12 + day.month - 1 + (month.year - first.year) * 12 + month.month - first.month
    year, number = divmod(months, 12)
    return date(year, number + 1, min(day.day, monthrange(year, number + 1)[1]))
