"""One cleaner per kind of column, from distinct text values to clean values with a note on each change.

A cleaner sees every distinct value once; `clean.py` maps its answers back to the rows.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from difflib import get_close_matches
from typing import Literal

import numpy as np
import pandas as pd

from core.rules import Rules
from core.schema import BLANKS, UNKNOWN, YES_NO, Column, normalise

Order = Literal["day_first", "month_first"]
# value: the clean value; note: why it changed, empty where it did not (trimming does not count).
Cleaned = pd.DataFrame

OLDEST = 120  # years; nobody on record has lived past 122
NEVER_SPELT = 4  # shorter words are too close to each other to be read as a misspelling
SPELLING = 0.85  # difflib ratio; "Argiculture" against "Agriculture" has 0.91
EXCEL_EPOCH = date(1899, 12, 30)  # day 0 of Excel's 1900 date system, as openpyxl counts it
MONTHS = {
    name: number
    for number, name in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], start=1
    )
}

_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ].*)?")
_PARTS = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})(?: .*)?")
_NAMED = re.compile(r"(\d{1,2})[- ./]([a-z]{3})[a-z]*[- ./,]+(\d{4}|\d{2})|([a-z]{3})[a-z]* (\d{1,2}),? (\d{4})", re.I)


def is_blank(text: pd.Series) -> pd.Series:
    """Which values mean "no value" (`schema.BLANKS`)."""
    return text.str.strip().str.casefold().isin(BLANKS)


def to_numbers(text: pd.Series) -> pd.Series:
    """Text → float64, NaN where it is no number; currency signs and thousands commas are read through."""
    plain = text.str.strip().str.replace(r"^([-+]?)\s*[$€£]\s*", r"\1", regex=True)
    grouped = plain.str.fullmatch(r"[-+]?\d{1,3}(,\d{3})+(\.\d*)?")
    plain = plain.mask(grouped, plain.str.replace(",", ""))
    # pandas reads "1_000", "inf" and "True" as numbers; a customer file means text by them.
    numeric = plain.str.fullmatch(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?")
    return pd.to_numeric(plain.where(numeric), errors="coerce").astype("float64").replace([np.inf, -np.inf], np.nan)


def date_orders(text: pd.Series) -> dict[Order, int]:
    """How many dates of a column can only be read day first, and only month first."""
    parts = text.str.strip().str.extract(_PARTS.pattern).dropna()
    first, second = parts[0].astype(int), parts[1].astype(int)
    return {
        "day_first": int(((first > 12) & (second <= 12)).sum()),
        "month_first": int(((second > 12) & (first <= 12)).sum()),
    }


def has_two_orders(text: pd.Series) -> bool:
    """Whether any value can be read in both orders with different results."""
    parts = text.str.strip().str.extract(_PARTS.pattern).dropna()
    return bool(
        (
            (parts[0].astype(int) <= 12) & (parts[1].astype(int) <= 12) & (parts[0].astype(int) != parts[1].astype(int))
        ).any()
    )


def clean_numbers(text: pd.Series, column: Column) -> Cleaned:
    """Numbers within the column's valid range; anything else is missing, with the reason."""
    values = to_numbers(text)
    outside = (values < column.low) | (values > column.high)
    note = np.select(
        [is_blank(text), values.isna(), outside],
        ["", "not a number, set to missing", f"outside {column.low:g}–{column.high:g}, set to missing"],
        "",
    )
    values = values.mask(outside)
    return pd.DataFrame({"value": np.floor(values) if column.name == "age" else values, "note": note})


def clean_dates(text: pd.Series, order: Order, as_of: date) -> Cleaned:
    """Birth dates as datetime64[s]; impossible ones are missing, with the reason."""
    rows = [_clean_date(value.strip(), order, as_of) for value in text]
    frame = pd.DataFrame(rows, columns=["value", "note"], index=text.index)
    return frame.assign(value=pd.to_datetime(frame["value"]).astype("datetime64[s]"))


def clean_categories(text: pd.Series, column: Column) -> Cleaned:
    """Known spellings → their canonical value, near misses corrected, others kept as the file has them."""
    blank = is_blank(text)
    tidy = text.str.split().str.join(" ")
    known = {spelling: _recognise(spelling, column.values) for spelling in tidy[~blank].map(normalise).unique()}
    found = tidy.map(normalise).map(known).astype("str")
    usual = _usual_case(tidy)
    value = found.fillna(usual).mask(blank, UNKNOWN)
    note = np.where(blank | (value == tidy), "", "spelling unified")
    return pd.DataFrame({"value": value, "note": note})


def clean_answers(text: pd.Series, column: Column) -> Cleaned:
    """Yes, No or Unknown; an answer that is neither becomes Unknown, with a note."""
    answers = clean_categories(text.str.replace(r"^([01])\.0+$", r"\1", regex=True), column)
    other = ~answers["value"].isin(YES_NO)
    return pd.DataFrame(
        {
            "value": answers["value"].mask(other, UNKNOWN),
            "note": answers["note"].mask(other, "neither yes nor no, set to Unknown"),
        }
    )


def clean_text(text: pd.Series, column: Column) -> Cleaned:  # noqa: ARG001 - one signature for all kinds
    """Trimmed text; blanks become "Unknown"."""
    tidy = text.str.split().str.join(" ")
    return pd.DataFrame({"value": tidy.mask(is_blank(text), UNKNOWN), "note": ""})


def clean_postcodes(text: pd.Series, column: Column) -> Cleaned:  # noqa: ARG001
    """Postcodes as text; what a spreadsheet did to them (`800`, `2000.0`) is undone and noted."""
    tidy = text.str.strip()
    value = tidy.str.replace(r"\.0+$", "", regex=True)
    value = value.mask(value.str.fullmatch(r"\d{3}"), "0" + value).mask(is_blank(text), UNKNOWN)
    note = np.where((value == tidy) | is_blank(text), "", "leading zero restored or decimals dropped")
    return pd.DataFrame({"value": value, "note": note})


CLEANERS: Mapping[str, Callable[[pd.Series, Column], Cleaned]] = {
    "number": clean_numbers,
    "category": clean_categories,
    "yes_no": clean_answers,
    "text": clean_text,
    "postcode": clean_postcodes,
}


def clean_values(text: pd.Series, column: Column, order: Order | None, rules: Rules) -> Cleaned:
    """Clean the distinct values of one column of any kind but the id."""
    if column.kind == "date":
        return clean_dates(text, order or "day_first", rules.as_of)
    return CLEANERS[column.kind](text, column)


def _recognise(spelling: str, values: Mapping[str, str]) -> str | None:
    if spelling in values or len(spelling) <= NEVER_SPELT:
        return values.get(spelling)
    near = get_close_matches(spelling, [word for word in values if len(word) > NEVER_SPELT], n=1, cutoff=SPELLING)
    return values[near[0]] if near else None


def _usual_case(tidy: pd.Series) -> pd.Series:
    """`retail`, `Retail` → whichever sorts first, so that the result does not depend on row order."""
    return tidy.groupby(tidy.str.casefold()).transform("min")


def _clean_date(text: str, order: Order, as_of: date) -> tuple[date | None, str]:
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
        if iso := _ISO.fullmatch(text):
            return date(*map(int, iso.groups())), ""
        if parts := _PARTS.fullmatch(text):
            first, second, year = map(int, parts.groups())
            day, month = (first, second) if order == "day_first" else (second, first)
            return date(_four_digits(year, as_of), month, day), ""
        if named := _NAMED.fullmatch(text):
            day, month, year = (named[1], named[2], named[3]) if named[1] else (named[5], named[4], named[6])
            return date(_four_digits(int(year), as_of), MONTHS[month.lower()], int(day)), ""
        if re.fullmatch(r"\d{4,5}(\.0)?", text):
            return EXCEL_EPOCH + timedelta(days=int(float(text))), "Excel serial number read as a date"
    except (ValueError, KeyError):
        return None, f"no such {order.replace('_', ' ')} date, set to missing"
    return None, "not a date, set to missing"


def _four_digits(year: int, as_of: date) -> int:
    """A two-digit birth year is the latest that is not in the future."""
    if year > 99:
        return year
    century = as_of.year - as_of.year % 100
    return century + year if century + year <= as_of.year else century - 100 + year
