"""Days and months that order rows and files: in the cells of a column, and in the names of files."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Final

import numpy as np
import pandas as pd

from core.cleaning.registry import clean_values
from core.cleaning.values import Fact, is_blank
from core.intake.facts import Whole, settle, votes
from core.intake.rows.words import MONTHS
from core.rules import Rules
from core.schema import Column, normalise

NEVER: Final = np.iinfo("int64").min  # the time of a cell without one: before any other
LATER: Final = 40  # years after the as-of date that a snapshot may be of; its years of two digits end there
SECONDS: Final = 86_400
_WORDS: Final = "|".join(sorted(MONTHS, key=len, reverse=True))
_YEAR, _MONTH, _DAY = r"(?P<y>(?:19|20)\d\d)", r"(?P<m>0[1-9]|1[0-2])", r"(?P<d>0[1-9]|[12]\d|3[01])"
# The ways to write a day, a month, a quarter or a year, the more exact first; `normalise` has made marks to `_`.
_FORMS: Final[dict[str, tuple[re.Pattern[str], ...]]] = {
    "day": tuple(
        re.compile(rf"(?<!\d){form}(?!\d)")
        for form in (
            rf"{_YEAR}_?{_MONTH}_?{_DAY}",
            rf"{_DAY}_?{_MONTH}_?{_YEAR}",
            rf"(?P<m>0[1-9]|1[0-2])_?(?P<d>1[3-9]|2\d|3[01])_?{_YEAR}",
        )
    ),
    "month": tuple(
        re.compile(form)
        for form in (
            rf"(?<!\d){_YEAR}_?m?_?{_MONTH}(?!\d)",
            rf"(?<!\d){_MONTH}_?{_YEAR}(?!\d)",
            rf"(?<![a-z])(?P<w>{_WORDS})_?(?P<y>(?:20)?\d\d)(?!\d)",
            rf"(?<!\d)(?P<y>(?:20)?\d\d)_?(?P<w>{_WORDS})(?![a-z])",
        )
    ),
    "quarter": (
        re.compile(rf"(?<!\d){_YEAR}_?q(?P<q>[1-4])(?!\d)"),
        re.compile(rf"(?<![a-z])q(?P<q>[1-4])_?{_YEAR}(?!\d)"),
    ),
    "month of a year": (re.compile(rf"(?<![a-z])(?P<w>{_WORDS})(?![a-z0-9])"),),
    "year": (re.compile(rf"(?<!\d){_YEAR}(?!\d)"),),
}
_MONTH_CELL: Final = re.compile(r"\s*(?:\d{4}\W?m?\d{1,2}|\d{1,2}\W\d{4}|\d{4}|.*[a-z].*|(?:19|20)\d{4})\s*", re.I)
_ONE_DIGIT: Final = re.compile(r"^(?=\d_\d{4}$)|(?<=^\d{4}_)(?=\d$)")  # where a zero belongs: 1_2024, 2024_1
_CLOCK: Final = r"(?P<h>\d{1,2})[:.](?P<min>\d\d)(?:[:.](?P<s>\d\d(?:\.\d+)?))?\s*(?P<half>[AaPp][Mm])?"


def name_dates(names: Sequence[str]) -> list[tuple[int, ...]] | None:
    """The day, month, quarter or year in each name, comparable; None unless all have one of the same kind.

    A sheet's name goes before that of its workbook. Days that fit both orders, and months without a year that may be
    of two years, say nothing.
    """
    for part in (_sheet, _stem):
        plain = [part(name) for name in names]
        for kind, forms in _FORMS.items():
            found = [_first(forms, name) for name in plain]
            if all(found):
                dated = [one for one in found if one]
                return None if _is_unsure(kind, dated, plain) else dated
    return None


def _sheet(name: str) -> str:
    return _plain_name(name.partition(" › ")[2])


def _stem(name: str) -> str:
    return _plain_name(re.sub(r"\.\w{1,7}(\.(gz|zip|bz2|xz))?$", "", name.partition(" › ")[0]))


def _plain_name(name: str) -> str:
    """A name in words: `customersJun25` → `customers_jun25`."""
    return normalise(re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name))


def _first(forms: Sequence[re.Pattern[str]], name: str) -> tuple[int, ...] | None:
    found = next((match for form in forms if (match := form.search(name))), None)
    if not found:
        return None
    parts = found.groupdict()
    year = int(parts.get("y") or 0)
    month = MONTHS[parts["w"]] if parts.get("w") else int(parts.get("m") or 0)
    return (year + 2000 if 0 < year < 100 else year, month, int(parts.get("q") or 0), int(parts.get("d") or 0))


def _is_unsure(kind: str, found: Sequence[tuple[int, ...]], names: Sequence[str]) -> bool:
    if kind == "month of a year":
        months = [month for _, month, _, _ in found]
        return max(months) - min(months) > 6  # December and January: of one year or of two
    if kind == "day" and not all(_FORMS["day"][0].search(name) for name in names):
        return all(day <= 12 for *_, day in found) and any(day != month for _, month, _, day in found)
    return False


def times_of(text: pd.Series, rules: Rules, table: str, header: str) -> np.ndarray:
    """The time of each distinct text, in seconds since 1970; `NEVER` where there is none.

    Raises
    ------
    AmbiguousDatesError
        The dates fit both orders of day and month.
    """
    column = Column("row_date", "date", header)
    if (counted := _counted_periods(text)) is not None:
        return counted
    months = text.str.fullmatch(_MONTH_CELL).to_numpy(bool)
    times = np.full(len(text), NEVER)
    times[months] = [_month_time(value) for value in text[months]]
    rest = text[times == NEVER].reset_index(drop=True)
    if len(rest):
        own = votes(rest, column, rules.as_of)
        fact = settle(column, Whole(table, (column,), lambda _: own, {column.name: header}), rules)
        times[times == NEVER] = seconds_of(rest, column, fact, date(rules.as_of.year + LATER, 12, 31))
    return times


def seconds_of(text: pd.Series, column: Column, fact: Fact, as_of: date) -> np.ndarray:
    """The seconds since 1970 of distinct dates, with their time of day; `NEVER` where there is no date."""
    dates, _ = clean_values(text, column, fact, as_of=as_of)
    days = dates.to_numpy("datetime64[D]")
    missing = np.isnat(days)
    seconds = np.where(missing, 0, days.astype("int64")) * SECONDS + _seconds_of_day(text)
    return np.where(missing, NEVER, seconds)


def _seconds_of_day(text: pd.Series) -> np.ndarray:
    if not text.str.contains(":", regex=False).any():
        return np.zeros(len(text), "int64")
    found = text.str.extract(_CLOCK)
    hours, minutes, seconds = (found[name].astype("float64").fillna(0).to_numpy() for name in ("h", "min", "s"))
    half = found["half"].fillna("").str.lower().to_numpy(object)
    hours = np.where(half == "pm", hours % 12 + 12, np.where(half == "am", hours % 12, hours))
    return np.asarray(hours * 3600 + minutes * 60 + seconds).astype("int64")


def _counted_periods(text: pd.Series) -> np.ndarray | None:
    """Months or periods that are only counted, such as 1 to 12 or April; None where other values stand."""
    filled = ~is_blank(text).to_numpy()
    text = month_numbers(text)
    if not filled.any() or not text[filled].str.fullmatch(r"\s*\d{1,3}(?:\.0)?\s*").all():
        return None
    return np.where(filled, pd.to_numeric(text.where(filled, "0")).to_numpy("float64"), NEVER).astype("int64")


def month_numbers(text: pd.Series) -> pd.Series:
    """Text with the number of a month in place of its name."""
    named = {value: str(MONTHS[word]) for value in text.unique() if (word := normalise(value)) in MONTHS}
    return text.replace(named) if named else text


def _month_time(value: str) -> int:
    """The first of a month, quarter or year in seconds, if the cell is one."""
    plain = _ONE_DIGIT.sub("0", normalise(value))
    for kind in ("month", "quarter", "year"):
        for form in _FORMS[kind]:
            if (found := form.fullmatch(plain)) and (parts := _first((form,), plain)) and found:
                year, month, quarter, _ = parts
                return _seconds(date(year, month or 3 * max(quarter - 1, 0) + 1, 1))
    return NEVER


def _seconds(day: date) -> int:
    return (day - date(1970, 1, 1)).days * SECONDS
