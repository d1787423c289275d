"""Each kind of column: distinct text values to clean values, with a note on every change."""

from datetime import date, timedelta

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.cleaning.dates import date_orders
from core.cleaning.numbers import to_numbers
from core.cleaning.registry import clean_values
from core.cleaning.values import Fact, is_blank
from core.schema import BLANKS, BY_NAME, UNKNOWN, Column

AS_OF = date(2018, 6, 30)
repeatable = settings(derandomize=True, deadline=None)


def clean(raw, column, order="day_first", country="AU"):
    values, changes = clean_values(raw, column, Fact(date_order=order, country=country), as_of=AS_OF)
    notes = pd.Series("", index=raw.index)
    for change in changes:
        notes[change.where] = change.note
    return pd.DataFrame({"value": values, "note": notes})


def text(*values):
    return pd.Series(values, dtype="str")


def cleaned(frame):
    """(value, note) per row; dates as ISO text, missing as None."""
    values = frame["value"]
    if values.dtype.kind == "M":
        values = values.dt.strftime("%Y-%m-%d")
    return [(None if pd.isna(value) else value, note) for value, note in zip(values, frame["note"], strict=True)]


def table(*rows):
    """Split (raw, value, note) rows into the raw texts and what is expected of them."""
    return text(*(raw for raw, *_ in rows)), [(value, note) for _, value, note in rows]


def test_blanks_are_blank_in_any_case_and_with_spaces_around():
    assert is_blank(text("", "  ", "N/A", " na ", "NULL", "-", "#N/A", "Unknown", "0", "Nab", "n")).tolist() == [
        *[True] * 8,
        *[False] * 3,
    ]


@pytest.mark.parametrize(
    ("raw", "number"),
    [
        ("7", 7),
        (" 7.50 ", 7.5),
        ("-3", -3),
        ("+3", 3),
        (".5", 0.5),
        ("5.", 5),
        ("1e3", 1000),
        ("007", 7),
        ("$53.62 ", 53.62),
        ("-$5", -5),
        ("$ 1,234,567.89", 1234567.89),
        ("€20", 20),
        ("1,000", 1000),
        ("", None),
        ("12,34", None),
        ("1,0000", None),
        ("1_000", None),
        ("0x10", None),
        ("inf", None),
        ("1e999", None),
        ("nan", None),
        ("True", None),
        ("1 2", None),
        ("12 years", 12.0),
    ],
)
def test_numbers_are_read_through_signs_of_money_and_thousands_and_nothing_else(raw, number):
    assert to_numbers(text(raw)).astype(object).where(lambda found: found.notna(), None).tolist() == [number]


@repeatable
@given(st.lists(st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(2**53), 2**53), min_size=1))
def test_a_number_written_out_reads_back(numbers):
    assert to_numbers(text(*map(repr, numbers))).tolist() == list(map(float, numbers))


@pytest.mark.parametrize(
    ("values", "day_first", "month_first"),
    [
        (["01/02/1980", "12/12/1980"], 0, 0),
        (["13/02/1980", "28-02-80", " 31.12.1980 "], 3, 0),
        (["02/13/1980", "12 31 1980 00:00"], 0, 2),
        (["13/02/1980", "02/13/1980", "02/14/1980"], 1, 2),
        (["32/13/1980", "", "n/a", "25 Dec 1980", "29221"], 0, 0),
        (["1980-12-25", "1980-05-13", "1980/06/07", "1980-10-25T00:00"], 0, 0),
    ],
)
def test_only_dates_with_one_reading_vote_for_the_order_of_day_and_month(values, day_first, month_first):
    assert date_orders(text(*values))[0] == {"day_first": day_first, "month_first": month_first}


@pytest.mark.parametrize(
    ("value", "ambiguous"),
    [
        ("01/02/1980", True),
        (" 1-2-80", True),
        ("02/02/1980", False),
        ("13/02/1980", False),
        ("02/13/1980", False),
        ("1980-02-01", False),
        ("2001-02-03", False),
        ("1 Feb 1980", False),
        ("", False),
    ],
)
def test_a_date_is_ambiguous_if_both_orders_give_different_days(value, ambiguous):
    assert date_orders(text(value))[1].tolist() == [ambiguous]


DATES_IN_ANY_ORDER = [
    ("1980-02-01", "1980-02-01", ""),
    ("1980/2/1", "1980-02-01", ""),
    ("1980-02-01T00:00:00", "1980-02-01", ""),
    ("1980-02-01 00:00", "1980-02-01", ""),
    ("1 Feb 1980", "1980-02-01", ""),
    ("01-feb-80", "1980-02-01", ""),
    ("February 1, 1980", "1980-02-01", ""),
    ("29/02/2000", "2000-02-29", ""),
    ("29221", "1980-01-01", "Excel serial number read as a date"),
    ("29221.0", "1980-01-01", "Excel serial number read as a date"),
    ("", None, ""),
    (" N/A ", None, ""),
    ("soon", None, "not a date, set to missing"),
    ("1843-12-21", None, "more than 120 years ago, set to missing"),
    ("2018-07-01", None, "after 2018-06-30, set to missing"),
    ("2018-06-30", "2018-06-30", ""),
]


@pytest.mark.parametrize(
    ("order", "rows"),
    [
        (
            "day_first",
            [
                *DATES_IN_ANY_ORDER,
                ("01/02/1980", "1980-02-01", ""),
                (" 1.2.80 ", "1980-02-01", ""),
                ("01-02-1980 00:00", "1980-02-01", ""),
                ("30/02/1980", None, "no such day first date, set to missing"),
                ("02/13/1980", None, "no such day first date, set to missing"),
                ("29 Foo 1980", None, "no such day first date, set to missing"),
                ("01/02/18", "2018-02-01", ""),
                ("30/06/18", "2018-06-30", ""),  # the day itself
                ("01/07/18", "1918-07-01", ""),
                ("01/02/19", "1919-02-01", ""),
            ],
        ),
        (
            "month_first",
            [
                *(row for row in DATES_IN_ANY_ORDER if row[0] != "29/02/2000"),
                ("01/02/1980", "1980-01-02", ""),
                ("2/29/2000", "2000-02-29", ""),
                ("13/02/1980", None, "no such month first date, set to missing"),
                ("2/29/1900", None, "no such month first date, set to missing"),
            ],
        ),
    ],
)
def test_dates_are_read_in_the_columns_order_and_the_impossible_are_missing_with_a_reason(order, rows):
    raw, expected = table(*rows)
    assert cleaned(clean(raw, BY_NAME["date_of_birth"], order)) == expected


def test_a_bare_year_is_not_taken_for_an_excel_serial():
    assert cleaned(clean(text("1955", "1980"), BY_NAME["date_of_birth"], "day_first"))[0][0] is None


DERIVED_FROM = {"day_first": ["%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y"], "month_first": ["%m/%d/%Y", "%m-%d-%Y"]}


@repeatable
@given(st.data(), st.sampled_from(["day_first", "month_first"]), st.dates(date(1900, 1, 1), AS_OF))
def test_a_date_written_in_the_columns_order_reads_back(data, order, born):
    form = data.draw(st.sampled_from([*DERIVED_FROM[order], "%Y-%m-%d", "%d %b %Y", "%B %d, %Y"]))
    assert cleaned(clean(text(born.strftime(form)), BY_NAME["date_of_birth"], order)) == [(born.isoformat(), "")]


@repeatable
@given(st.dates(AS_OF - timedelta(days=90 * 365), AS_OF))
def test_an_excel_serial_counts_the_days_from_the_end_of_1899(born):
    serial = str((born - date(1899, 12, 30)).days)
    assert clean(text(serial), BY_NAME["date_of_birth"], "day_first")["value"].dt.date.tolist() == [born]


def test_numbers_out_of_range_and_words_are_missing_with_a_reason():
    raw, expected = table(
        ("0", 0, ""),
        (" 12 ", 12, ""),
        ("", None, ""),
        ("n/a", None, ""),
        ("-1", None, "outside 0 to 100, set to missing"),
        ("1,000", None, "outside 0 to 100, set to missing"),
        ("twelve", None, "not a number, set to missing"),
    )
    assert cleaned(clean(raw, BY_NAME["tenure"])) == expected


def test_ages_are_whole_years():
    frame = clean(text("45.9", "120", "121"), BY_NAME["age"])
    assert [value for value, _ in cleaned(frame)] == [45, 120, None]


@pytest.mark.parametrize(
    ("column", "rows"),
    [
        (
            "state",
            [
                ("NSW", "NSW", ""),
                (" NSW ", "NSW", ""),
                ("New  South Wales", "NSW", "spelling unified"),
                ("victoria", "VIC", "spelling unified"),
                ("Queenslnd", "QLD", "misspelling corrected"),
                ("S.A.", "SA", "spelling unified"),
                ("", UNKNOWN, ""),
                ("n/a", UNKNOWN, ""),
                ("Bavaria", "Bavaria", ""),
                ("NSWW", "NSWW", ""),
            ],
        ),
        (
            "job_industry",
            [
                ("Argiculture", "Agriculture", "spelling unified"),
                ("manufacturng", "Manufacturing", "misspelling corrected"),
                ("Space travel", "Space travel", ""),
            ],
        ),
        (
            "wealth_segment",
            [
                ("HNW", "High Net Worth", "spelling unified"),
                ("Afluent Customer", "Affluent Customer", "misspelling corrected"),
            ],
        ),
        (
            "deceased",
            [
                ("Y", "Yes", "spelling unified"),
                ("true", "Yes", "spelling unified"),
                ("1", "Yes", "spelling unified"),
                ("N", "No", "spelling unified"),
                ("No", "No", ""),
                ("-", UNKNOWN, ""),
            ],
        ),
    ],
)
def test_known_spellings_and_near_misses_are_unified_and_the_rest_is_kept(column, rows):
    raw, expected = table(*rows)
    assert cleaned(clean(raw, BY_NAME[column])) == expected


@pytest.mark.parametrize("opposite", ["Non-affluent customer", "Unaffluent"])
def test_the_opposite_of_a_word_is_no_misspelling_of_it(opposite):
    assert cleaned(clean(text(opposite), BY_NAME["wealth_segment"])) == [(opposite, "")]


def test_answers_a_spreadsheet_wrote_as_decimals_are_understood():
    answers = clean(text("1.0", "0.0"), BY_NAME["deceased"])
    assert answers["value"].tolist() == ["Yes", "No"]


def test_an_answer_that_is_neither_yes_nor_no_is_unknown_and_said_so():
    ((value, note),) = cleaned(clean(text("maybe"), BY_NAME["owns_car"]))
    assert value == UNKNOWN
    assert note


def test_a_job_title_na_is_unknown_and_other_titles_are_only_trimmed():
    raw, expected = table(
        ("  Office   Assistant IV ", "Office Assistant IV", ""),
        ("NA", UNKNOWN, ""),
        ("", UNKNOWN, ""),
        ("Nana", "Nana", ""),
        ("0800", "0800", ""),
    )
    assert cleaned(clean(raw, BY_NAME["job_title"])) == expected


def test_postcodes_stay_text_and_what_a_spreadsheet_did_to_them_is_undone():
    restored = "leading zero restored or decimals dropped"
    raw, expected = table(
        ("0800", "0800", ""),
        ("2000", "2000", ""),
        (" 2000 ", "2000", ""),
        ("800", "0800", restored),
        ("2000.0", "2000", restored),
        ("800.00", "0800", restored),
        ("SW1A 1AA", "SW1A 1AA", ""),
        ("", UNKNOWN, ""),
        ("n/a", UNKNOWN, ""),
    )
    assert cleaned(clean(raw, BY_NAME["postcode"])) == expected


@pytest.mark.parametrize(
    ("column", "raw", "value"),
    [
        ("date_of_birth", "02/01/1980", "1980-02-01"),
        ("age", "45", 45),
        ("gender", "F", "Female"),
        ("owns_car", "y", "Yes"),
        ("postcode", "800", "0800"),
        ("job_title", " Nurse ", "Nurse"),
    ],
)
def test_a_column_is_cleaned_by_its_kind(column, raw, value):
    frame = clean(text(raw), BY_NAME[column], "month_first")
    assert [found for found, _ in cleaned(frame)] == [value]


KINDS = ["gender", "state", "job_industry", "wealth_segment", "owns_car", "postcode", "job_title"]
messy = st.text(max_size=12) | st.sampled_from(
    ["n/a", "800", "2000.0", "new south wales", "Femal", " Retail ", *BLANKS]
)


@repeatable
@given(st.sampled_from(KINDS), st.lists(messy, min_size=1, max_size=8, unique=True))
def test_cleaning_clean_values_changes_nothing(name, values):
    column = BY_NAME[name]
    once = clean(text(*values), column)["value"]
    again = clean(once, column)
    assert again["value"].tolist() == once.tolist()
    assert set(again["note"]) <= {""}


@settings(derandomize=True, deadline=None, max_examples=50)
@given(
    st.sampled_from([*KINDS, "tenure", "date_of_birth"]),
    st.lists(messy, min_size=1, max_size=5, unique_by=str.casefold),
)
def test_a_value_is_cleaned_the_same_whatever_stands_beside_it(name, values):
    together, *alone = (
        cleaned(clean(text(*group), BY_NAME[name], "day_first")) for group in (values, *([value] for value in values))
    )
    assert together == [one for found in alone for one in found]


def test_a_measure_of_the_file_may_be_any_number_that_still_adds_up():
    too_large = "outside -10,000,000,000 to 10,000,000,000, set to missing"
    raw, expected = table(("-5", -5, ""), ("1e9", 1e9, ""), ("1e12", None, too_large), ("?", None, ""))
    assert cleaned(clean(raw, Column("shoe_size", "number", "Shoe size"))) == expected
