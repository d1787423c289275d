"""One cleaner per kind of column, from distinct text values to clean values with a note on each change.

A cleaner sees every distinct value once; `clean.py` maps its answers back to the rows.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from difflib import get_close_matches
from functools import cache, partial
from typing import Literal

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from core.figures import exact
from core.intake.numbers import Mark, to_numbers
from core.rules import Rules
from core.schema import BLANKS, UNKNOWN, YES_NO, Column, Kind, normalise

Order = Literal["day_first", "month_first"]


@dataclass(frozen=True)
class Fact:
    """What only a whole column can tell: order of dates, decimal mark, how it usually writes each word.

    `places` are the decimals its numbers are summed in (`core.exact`); None where all numbers are at hand to say.
    """

    date_order: Order = "day_first"
    decimal_mark: Mark = "point"
    usual: Mapping[str, str] = field(default_factory=dict)
    places: int | None = None


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

_BLANKS = pa.array(sorted(BLANKS), pa.large_string())
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ].*)?")
_COMPACT = re.compile(r"((?:19|20)\d\d)(0[1-9]|1[0-2])([0-2]\d|3[01])(?:\.0)?")
# A year is one alternative, not two: Arrow's regular expressions take little more than half as long.
_PARTS = re.compile(r"(?P<first>\d{1,2})[-/. ](?P<second>\d{1,2})[-/. ](?P<year>\d{2}(?:\d{2})?)(?: .*)?")
_SERIAL = re.compile(r"[1-5]\d{4}(?:\.0)?")  # Excel's day number: 10000 is in 1927, 59999 in 2064
_NAMED = re.compile(r"(\d{1,2})[- ./]([a-z]{3})[a-z]*[- ./,]+(\d{4}|\d{2})|([a-z]{3})[a-z]* (\d{1,2}),? (\d{4})", re.I)


def as_categories(text: pd.Series) -> pd.Series:
    """Text as categories in order of appearance; nothing is done to what is categories already."""
    if isinstance(text.dtype, pd.CategoricalDtype):
        return text
    codes, values = pd.factorize(text)
    return pd.Series(pd.Categorical.from_codes(codes, values, validate=False), index=text.index)


def is_blank(text: pd.Series) -> pd.Series:
    """Which values mean "no value" (`schema.BLANKS`)."""
    words = pc.utf8_lower(pc.utf8_trim_whitespace(pa.array(text, pa.large_string())))
    return pd.Series(pc.is_in(words, value_set=_BLANKS).to_numpy(zero_copy_only=False), index=text.index)


def is_date_like(text: pd.Series) -> pd.Series:
    """Which values are written as a date, possible or not."""
    forms = "|".join(f"(?:{form.pattern})" for form in (_ISO, _COMPACT, _PARTS, _NAMED, _SERIAL))
    return text.str.strip().str.fullmatch(re.sub(r"\((?!\?)", "(?:", forms), flags=re.I)


def date_orders(text: pd.Series) -> tuple[dict[Order, int], np.ndarray]:
    """How many dates of a column can only be read day first, how many only month first, and which in both orders."""
    first, second, _ = _parts(text)
    votes: dict[Order, int] = {
        "day_first": int(((first > 12) & (second <= 12)).sum()),
        "month_first": int(((second > 12) & (first <= 12)).sum()),
    }
    return votes, (first <= 12) & (second <= 12) & (first != second)


def _parts(text: pd.Series) -> list[np.ndarray]:
    """The three numbers of each date written with three; 0 where it is not."""
    found = pc.extract_regex(pa.array(text.str.strip(), pa.string()), f"^(?:{_PARTS.pattern})$")
    return [pc.fill_null(part.cast("int64"), 0).to_numpy() for part in found.flatten()]


def usual_spellings(text: pd.Series) -> dict[str, str]:
    """Folded case → the spelling that sorts first, whatever the order of the rows: `{"retail": "Retail"}`."""
    return {spelling.casefold(): spelling for spelling in sorted(_tidy(text).tolist(), reverse=True)}


def clean_numbers(text: pd.Series, column: Column, fact: Fact, rules: Rules) -> Cleaned:
    """Numbers within the column's valid range; anything else is missing, with the reason."""
    values = to_numbers(text, fact.decimal_mark)
    outside = ((values < column.low) | (values > column.high)) & ("ranges" not in rules.intake.off)
    whole = np.floor(values) if column.name == "age" else values
    note = np.select(
        [is_blank(text), values.isna(), outside, whole != values],
        ["", "not a number, set to missing", f"{_range(column)}, set to missing", "rounded down to whole years"],
        "",
    )
    return pd.DataFrame({"value": whole.mask(outside), "note": note})


def _range(column: Column) -> str:
    return f"outside {exact(column.low)} to {exact(column.high)}"


def clean_dates(text: pd.Series, column: Column, fact: Fact, rules: Rules) -> Cleaned:  # noqa: ARG001
    """Birth dates as datetime64[s]; impossible ones are missing, with the reason."""
    values = _plain_dates(text, fact.date_order, rules.as_of)
    others = np.flatnonzero(np.isnat(values))
    found = [_clean_date(text.iloc[at].strip(), fact.date_order, rules.as_of) for at in others]
    values[others] = [value for value, _ in found]
    notes = np.full(len(text), "", dtype=object)
    notes[others] = [note for _, note in found]
    return pd.DataFrame({"value": values.astype("datetime64[s]"), "note": pd.array(notes, "str")}, index=text.index)


def _plain_dates(text: pd.Series, order: Order, as_of: date) -> np.ndarray:
    """The dates that need no second look, all at once: three numbers, a whole year, neither ahead nor too long ago."""
    first, second, year = _parts(text)
    day, month = (first, second) if order == "day_first" else (second, first)
    months = (12 * (year - 1970) + month - 1).astype("datetime64[M]")
    days = months.astype("datetime64[D]") + (day - 1)
    valid = (day > 0) & (month > 0) & (month <= 12) & (days.astype("datetime64[M]") == months)
    recent = (year >= as_of.year - OLDEST) & (days <= np.datetime64(as_of))
    return np.where(valid & recent & (year > 99), days, np.datetime64("NaT"))


def clean_categories(text: pd.Series, column: Column, fact: Fact, rules: Rules) -> Cleaned:
    """Known spellings → their canonical value, near misses corrected, others kept as the file has them."""
    return _table(text, _categories(text, column, fact, rules))


def _categories(text: pd.Series, column: Column, fact: Fact, rules: Rules) -> list[tuple[str, str]]:
    recognise = cache(partial(_recognise, values=column.values, guess="misspellings" not in rules.intake.off))

    def cleaned(spelling: str, *, blank: bool) -> tuple[str, str]:
        if blank:
            return UNKNOWN, ""
        word = normalise(spelling)
        known = recognise(word)
        value = known or fact.usual.get(spelling.casefold(), spelling)
        if value == spelling:
            return value, ""
        return value, "misspelling corrected" if known and word not in column.values else "spelling unified"

    pairs = zip(_tidy(text).tolist(), is_blank(text).tolist(), strict=True)
    return [cleaned(spelling, blank=blank) for spelling, blank in pairs]


def clean_answers(text: pd.Series, column: Column, fact: Fact, rules: Rules) -> Cleaned:
    """Yes, No or Unknown; an answer that is neither becomes Unknown, with a note."""
    whole = text.str.replace(r"^([01])\.0+$", r"\1", regex=True)
    neither = UNKNOWN, "neither yes nor no, set to Unknown"
    answers = _categories(whole, column, fact, rules)
    return _table(text, [(value, note) if value in YES_NO else neither for value, note in answers])


def _table(text: pd.Series, cleaned: list[tuple[str, str]]) -> Cleaned:
    values, notes = zip(*cleaned, strict=True) if cleaned else ((), ())
    return pd.DataFrame({"value": pd.array(values, "str"), "note": pd.array(notes, "str")}, index=text.index)


def clean_text(text: pd.Series, column: Column, fact: Fact, rules: Rules) -> Cleaned:  # noqa: ARG001
    """Trimmed text; blanks become "Unknown"."""
    tidy = _tidy(text)
    return pd.DataFrame({"value": tidy.mask(is_blank(text), UNKNOWN), "note": ""})


def clean_postcodes(text: pd.Series, column: Column, fact: Fact, rules: Rules) -> Cleaned:  # noqa: ARG001
    """Postcodes as text; what a spreadsheet did to them (`800`, `2000.0`) is undone and noted."""
    tidy = text.str.strip()
    value = tidy.str.replace(r"\.0+$", "", regex=True)
    value = value.mask(value.str.fullmatch(r"\d{3}"), "0" + value).mask(is_blank(text), UNKNOWN)
    note = np.where((value == tidy) | is_blank(text), "", "leading zero restored or decimals dropped")
    return pd.DataFrame({"value": value, "note": note})


# All kinds have one signature, whatever each of them reads of it.
CLEANERS: Mapping[Kind, Callable[[pd.Series, Column, Fact, Rules], Cleaned]] = {
    "date": clean_dates,
    "number": clean_numbers,
    "category": clean_categories,
    "yes_no": clean_answers,
    "band": clean_text,
    "text": clean_text,
    "postcode": clean_postcodes,
}


def clean_values(text: pd.Series, column: Column, fact: Fact, rules: Rules) -> Cleaned:
    """Clean the distinct values of one column of any kind but the id."""
    return CLEANERS[column.kind](text, column, fact, rules)


def _tidy(text: pd.Series) -> pd.Series:
    """Trimmed, with single spaces."""
    return text.str.split().str.join(" ")


def _recognise(spelling: str, values: Mapping[str, str], guess: bool) -> str | None:
    if spelling in values or not guess or len(spelling) <= NEVER_SPELT:
        return values.get(spelling)
    # A misspelling keeps the first letter; "non-affluent" and "unaffluent" do not, and mean the opposite.
    words = [word for word in values if len(word) > NEVER_SPELT and word[0] == spelling[0]]
    near = get_close_matches(spelling, words, n=1, cutoff=SPELLING)
    return values[near[0]] if near else None


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
        if iso := _ISO.fullmatch(text) or _COMPACT.fullmatch(text):
            return date(*map(int, iso.groups())), ""
        if parts := _PARTS.fullmatch(text):
            first, second, year = int(parts[1]), int(parts[2]), parts[3]
            day, month = (first, second) if order == "day_first" else (second, first)
            return _latest(year, month, day, as_of), ""
        if named := _NAMED.fullmatch(text):
            day, month, year = (named[1], named[2], named[3]) if named[1] else (named[5], named[4], named[6])
            return _latest(year, MONTHS[month.lower()], int(day), as_of), ""
        if _SERIAL.fullmatch(text):
            return EXCEL_EPOCH + timedelta(days=int(float(text))), "Excel serial number read as a date"
    except (ValueError, KeyError):
        return None, f"no such {order.replace('_', ' ')} date, set to missing"
    return None, "not a date, set to missing"


def _latest(year: str, month: int, day: int, as_of: date) -> date:
    """The date; where its year has two digits, the latest such day that is not in the future."""
    if len(year) > 2:
        return date(int(year), month, day)
    this_century = as_of.year - as_of.year % 100 + int(year)
    try:
        value = date(this_century, month, day)
    except ValueError:  # 29 February of another century
        return date(this_century - 100, month, day)
    return value if value <= as_of else date(this_century - 100, month, day)
