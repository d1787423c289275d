"""Dates as banks' systems write them, one by one and as numbers of a whole column."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from core.cleaning.dates import date_orders, is_half_converted, year_votes
from core.cleaning.epochs import EXCEL_1904, likeliest_epoch, possible_epochs
from core.cleaning.registry import clean_values
from core.cleaning.values import Fact
from core.schema import BY_NAME

AS_OF = date(2026, 1, 1)


def text(*values):
    return pd.Series(values, dtype="str")


def read(written, epoch=""):
    values, changes = clean_values(text(written), BY_NAME["date_of_birth"], Fact(epoch=epoch), as_of=AS_OF)
    return values.dt.strftime("%Y-%m-%d").astype(object).where(values.notna(), None).iloc[0], [c.note for c in changes]


@pytest.mark.parametrize(
    "written",
    [
        "06MAY1980", "06MAY1980:00:00:00", "May  6 1980 12:00AM", "06-MAY-80 12.00.00.000000 AM", "19800506",
        "1980-05-06T00:00:00Z", "1980-05-06 00:00:00+00:00", "6. Mai 1980", "6 de mayo de 1980", "6 mai 1980",
        "6 maja 1980", "Tue, 06 May 1980 00:00:00 GMT", "Tue May 06 00:00:00 UTC 1980", "1980-May-06", "6th May 1980",
        "1980年5月6日", "06.05.1980 00:00:00",
    ],
)  # fmt: skip
def test_a_date_is_read_in_every_form(written):
    assert read(written) == ("1980-05-06", [])


@pytest.mark.parametrize("written", ["0000-00-00", "9999-12-31", "1900-01-01", "31/12/9999", "01.01.1900", "0"])
def test_what_stands_for_no_date_is_missing(written):
    assert read(written) == (None, ["stands for no date, set to missing"])


@pytest.mark.parametrize(
    ("number", "epoch", "day"),
    [
        ("7431", "sas_days", "1980-05-06"),
        ("0800506", "cyymmdd", "1980-05-06"),
        ("1050506", "cyymmdd", "2005-05-06"),
        ("6051980", "ddmmyyyy", "1980-05-06"),
        ("326419200", "unix_seconds", "1980-05-06"),
        ("326419200000", "unix_milliseconds", "1980-05-06"),
        ("642038400", "sas_seconds", "1980-05-06"),
        ("27885", EXCEL_1904, "1980-05-06"),
        ("1980", "year", "1980-07-01"),
        ("29347.5", "", "1980-05-06"),
        ("29347", "none", None),
    ],
)
def test_a_bare_number_is_read_as_its_column_counts(number, epoch, day):
    assert read(number, epoch)[0] == day
    assert read(number, epoch)[1]


def days(first, last, start, a_day=1):
    """The days from the first to the last year as numbers."""
    wanted = np.arange(np.datetime64(f"{first}-01-05"), np.datetime64(f"{last}-01-05"), 97)
    return text(*((wanted - np.datetime64(start)).astype(int) * a_day).astype(str))


@pytest.mark.parametrize(
    ("numbers", "born", "birth", "epoch"),
    [
        (days(2014, 2022, "1960-01-01"), range(1970, 1985), False, "sas_days"),
        (days(2014, 2022, "1960-01-01"), (), False, "sas_days"),
        (days(1995, 2025, "1899-12-30"), range(1950, 2000), False, "excel_1900"),
        (days(2005, 2025, "1970-01-01", 86_400), range(1950, 2000), False, "unix_seconds"),
        (days(2005, 2025, "1970-01-01", 86_400_000), (), False, "unix_milliseconds"),
        (days(1945, 2005, "1899-12-30"), (), True, "excel_1900"),
        (days(1940, 2000, "1960-01-01"), (), True, "sas_days"),
        (text("2001", "2015", "2024"), (), False, "year"),
        (text("1050506", "0990131", "1201231"), (), False, "cyymmdd"),
        (text("1", "2", "3"), range(1970, 1985), False, "none"),
    ],
)
def test_the_epoch_is_the_one_that_makes_sense(numbers, born, birth, epoch):
    votes = year_votes(numbers, AS_OF)
    parts = [year_votes(part, AS_OF) for part in (numbers[:1], numbers[1:])]
    assert votes == {name: sum(part.get(name, 0) for part in parts) for name in votes}
    shares = possible_epochs(votes, np.array([*born]), AS_OF, birth=birth)
    assert likeliest_epoch(shares, from_1904=False)[0] == epoch


def test_only_the_file_can_say_that_days_are_counted_from_1904_and_close_epochs_are_told():
    shares = possible_epochs(year_votes(days(1960, 1990, "1904-01-01"), AS_OF), np.empty(0), AS_OF, birth=True)
    assert [likeliest_epoch(shares, from_1904=flag)[0] for flag in (True, False)] == ["excel_1904", "excel_1900"]
    births = possible_epochs(year_votes(days(1950, 1995, "1960-01-01"), AS_OF), np.empty(0), AS_OF, birth=True)
    assert likeliest_epoch(births, from_1904=False) == ("sas_days", "unix_days")


@pytest.mark.parametrize(
    ("real", "written", "found"),
    [
        ([f"1980-{m:02d}-{m:02d}" for m in range(1, 9)], [f"{d}/02/1980" for d in range(13, 25)], True),
        ([f"1980-{m:02d}-13" for m in range(1, 9)], [f"{d}/02/1980" for d in range(13, 25)], False),
        ([f"1980-{m:02d}-{m:02d}" for m in range(1, 9)], [f"{d}/02/1980" for d in range(10, 25)], False),
        (["1980-01-01"], ["13/02/1980"], False),
        ([f"1980-{m:02d}-{m:02d}" for m in range(1, 9)], [], False),
    ],
    ids=["swapped", "a late real day", "an early text", "may be chance", "no text"],
)
def test_dates_that_a_spreadsheet_swapped_by_half_are_found(real, written, found):
    dates = text(*real, *written)
    assert is_half_converted(date_orders(dates)[0] | year_votes(dates, AS_OF)) is found
