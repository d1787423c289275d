"""Text to typed customers: ids, dates, ages, the deceased, and row rules that work on any slice of the rows."""

from datetime import date

import pandas as pd
import pytest

from core.errors import AmbiguousDatesError, AmbiguousNumbersError, UnusableTableError
from core.intake.clean import clean, clean_rows
from core.intake.combine import combine
from core.intake.facts import decide_facts
from core.intake.match import match
from core.intake.read import SourceFile, read
from core.intake.steps import Step
from core.rules import Intake, Rules

RULES = Rules(date(2018, 1, 1))


def matched(text):
    """One file as a matched text table."""
    tables = read(SourceFile("bank.csv", text.encode())).tables
    return combine([match(table, Intake()) for table in tables], RULES)


def customers(text, rules=RULES):
    """The customers of one file as CSV."""
    return clean(matched(text), rules).customers.to_csv(index=False)


def test_every_change_is_a_step_and_every_row_that_goes_is_kept_or_counted():
    table = clean(
        matched(
            "customer_id,DOB,gender,state,postcode,tenure,deceased\n"
            "007,13/02/1980,F,New South Wales,0800,5,N\n"
            "8,01/02/1990,Femal,NSW,800,-1,N\n"
            "9,1843-12-21,M,,2000,,N\n"
            "9,1843-12-21,M,,2000,,N\n"
            ",01/01/1970,M,VIC,3000,1,N\n"
            "8,01/02/1990,Femal,NSW,801,lots,N\n"
            "10,soon,U,vic,3000,1,Y\n"
        ),
        RULES,
    )
    assert table.customers.to_csv(index=False) == (
        "customer_id,date_of_birth,age,gender,state,postcode,tenure\n"
        "007,1980-02-13,37.0,Female,NSW,0800,5.0\n"
        "8,1990-02-01,27.0,Female,NSW,0800,\n"
        "9,,,Male,Unknown,2000,\n"
    )
    restored = "Postcode: leading zero restored or decimals dropped"
    assert table.steps[1:] == (
        Step("Rejected rows without a customer id", 7, 6, "customer_id"),
        Step("Removed identical repeats of a row", 6, 5, "customer_id"),
        Step("Rejected rows that repeat a customer id with other values", 5, 4, "customer_id"),
        Step("Birth date: more than 120 years ago, set to missing", 4, 4, "date_of_birth", 1, "1843-12-21 → missing"),
        Step("Birth date: not a date, set to missing", 4, 4, "date_of_birth", 1, "soon → missing"),
        Step("Gender: spelling unified", 4, 4, "gender", 4, "F → Female"),
        Step("State: spelling unified", 4, 4, "state", 2, "New South Wales → NSW"),
        Step(restored, 4, 4, "postcode", 1, "800 → 0800"),
        Step("Tenure: outside 0 to 100, set to missing", 4, 4, "tenure", 1, "-1 → missing", "ranges"),
        Step("Deceased: spelling unified", 4, 4, "deceased", 4, "N → No"),
        Step("Removed the deceased", 4, 3, "deceased", switch="deceased"),
    )
    assert table.rejected.to_dict("split", index=False) == {
        "columns": ["file", "line", "outcome", "reason", "raw_text"],
        "data": [
            ["bank.csv", 6, "rejected", "No customer id", ",01/01/1970,M,VIC,3000,1,N"],
            ["bank.csv", 5, "removed", "The same row stands before it", "9,1843-12-21,M,,2000,,N"],
            ["bank.csv", 7, "rejected", "Another row has the same customer id", "8,01/02/1990,Femal,NSW,801,lots,N"],
            ["bank.csv", 8, "removed", "Deceased", "10,soon,U,vic,3000,1,Y"],
        ],
    }
    assert [column.name for column in table.columns] == list(table.customers.columns)


def test_columns_have_compact_types():
    table = clean(matched("id,DOB,age,state,job,postcode,balance\n1,1980-02-13,,NSW,cook,0800,2.5\n"), RULES)
    assert table.customers.dtypes.astype(str).to_dict() == {
        "customer_id": "str",
        "date_of_birth": "datetime64[s]",
        "age": "float32",
        "state": "category",
        "job_title": "category",
        "postcode": "category",
        "balance": "float32",
    }


@pytest.mark.parametrize(("balance", "dtype"), [("16777216", "float32"), ("16777217", "float64"), ("0.1", "float64")])
def test_a_number_keeps_its_exact_value(balance, dtype):
    values = clean(matched(f"id,balance\n1,{balance}\n2,\n"), RULES).customers["balance"]
    assert (values[0], str(values.dtype)) == (float(balance), dtype)


@pytest.mark.parametrize(
    ("as_of", "born", "age"),
    [
        ("2018-06-15", "1980-06-14", 38),
        ("2018-06-15", "1980-06-15", 38),
        ("2018-06-15", "1980-06-16", 37),
        ("2018-06-15", "1980-05-30", 38),
        ("2018-06-15", "1980-07-01", 37),
        ("2018-06-15", "2018-06-15", 0),
        ("2018-02-28", "2000-02-29", 17),
        ("2018-03-01", "2000-02-29", 18),
        ("2020-02-29", "2000-02-29", 20),
        ("2018-06-15", "1898-06-15", 120),
    ],
)
def test_age_is_in_whole_years_at_the_as_of_date(as_of, born, age):
    table = clean(
        matched(f"id,DOB\n1,{born}\n"), Rules(date.fromisoformat(as_of), intake=Intake(date_order="day_first"))
    )
    assert table.customers["age"].tolist() == [age]


def test_the_files_own_age_serves_where_there_is_no_birth_date():
    text = "id,Age,DOB\n1,99,1980-02-13\n2,45,\n3,46,1843-12-21\n4,,\n"
    assert customers(text) == ("customer_id,date_of_birth,age\n1,1980-02-13,37.0\n2,,45.0\n3,,46.0\n4,,\n")


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        (["01/02/1980", "13/02/1980"], ["1980-02-01", "1980-02-13"]),
        (["01/02/1980", "02/13/1980"], ["1980-01-02", "1980-02-13"]),
        (["01/02/1980", "13/02/1980", "14/02/1980", "02/13/1980"], ["1980-02-01", "1980-02-13", "1980-02-14", ""]),
        (["01/02/1980", "02/13/1980", "02/14/1980", "13/02/1980"], ["1980-01-02", "1980-02-13", "1980-02-14", ""]),
        (
            ["1980-12-25", "1990-10-25", "1970-11-30", "12/26/1980"],
            ["1980-12-25", "1990-10-25", "1970-11-30", "1980-12-26"],
        ),
        (["02/02/1980", "1980-12-25"], ["1980-02-02", "1980-12-25"]),
        (["2001-02-03", "2002-03-04"], ["2001-02-03", "2002-03-04"]),
    ],
)
def test_the_order_of_day_and_month_is_decided_once_for_the_column(dates, expected):
    rows = "".join(f"{number},{born}\n" for number, born in enumerate(dates))
    found = clean(matched(f"id,DOB\n{rows}"), RULES).customers["date_of_birth"]
    assert found.dt.strftime("%Y-%m-%d").fillna("").tolist() == expected


@pytest.mark.parametrize("others", ["", "2,1980-12-25\n", "2,02/02/1990\n3,\n"])
def test_dates_that_fit_both_orders_are_asked_about(others):
    with pytest.raises(AmbiguousDatesError) as error:
        customers(f"id,date_of_birth\n1,01/02/1980\n{others}")
    assert str(error.value) == (
        "bank.csv, column “date_of_birth”: Dates such as 01/02/1980 can be read day first and month first. "
        "Say which it is: “Date order” in the sidebar, or --date-order on the command line."
    )


def test_numbers_that_can_be_thousands_are_asked_about_and_what_was_decided_is_said():
    text = "id,balance,DOB\n1,1.234,13/02/1980\n2,2.500,01/02/1980\n"
    with pytest.raises(AmbiguousNumbersError) as error:
        customers(text)
    assert str(error.value) == (
        "bank.csv, column “balance”: Numbers such as 1.234 can be thousands, or have three decimals. "
        "Say which: “Decimal mark” on the Data page, or --decimal-mark on the command line."
    )
    with pytest.raises(AmbiguousNumbersError, match=r"column “Fee \(k\)”"):
        customers(text.replace("balance", "Fee (k)"))
    table = clean(matched(text), Rules(date(2018, 1, 1), intake=Intake(decimal_mark="comma")))
    assert table.customers["balance"].tolist() == [1234, 2500]
    assert table.decided == {"Balance": "decimal comma", "Birth date": "day first"}


def test_numbers_that_would_be_out_of_range_as_thousands_are_decimals():
    assert clean(matched("id,latitude\n1,33.868\n2,33.870\n"), RULES).customers["latitude"].tolist() == [33.868, 33.87]


@pytest.mark.parametrize(("order", "born"), [("day_first", "1980-02-01"), ("month_first", "1980-01-02")])
def test_the_analyst_can_say_which_order_it_is(order, born):
    text = "id,DOB\n1,01/02/1980\n"
    assert (
        customers(text, Rules(date(2018, 1, 1), intake=Intake(date_order=order)))
        == f"customer_id,date_of_birth,age\n1,{born},37.0\n"
    )


@pytest.mark.parametrize(
    ("ids", "kept"),
    [
        (["1", "01", "001"], ["1", "01", "001"]),
        ([" 1 ", "2"], ["1", "2"]),
        (["1", " 1", "1"], ["1"]),
        (["", "  ", "3"], ["3"]),
        (["NA", "null", "0"], ["NA", "null", "0"]),
    ],
)
def test_an_id_is_text_and_the_first_row_of_it_counts(ids, kept):
    rows = "".join(f"{customer},{30 + number}\n" for number, customer in enumerate(ids))
    assert clean(matched(f"customer_id,age\n{rows}"), RULES).customers["customer_id"].tolist() == kept


def test_unknown_values_that_differ_in_case_only_are_one():
    states = clean(matched("id,state\n1,Bavaria\n2,BAVARIA\n3,bavaria\n"), RULES).customers["state"]
    assert len(set(states)) == 1


def test_only_the_known_dead_are_removed():
    text = "id,age,deceased\n1,30,N\n2,40,\n3,50,yes\n4,60,n/a\n"
    assert customers(text) == "customer_id,age\n1,30.0\n2,40.0\n4,60.0\n"


@pytest.mark.parametrize("rows", ["1,30,Y\n", ",30,N\n"])
def test_a_file_without_a_living_customer_is_refused(rows):
    with pytest.raises(UnusableTableError, match=r"bank.csv: No customer is left after cleaning\. Look at"):
        customers(f"id,age,deceased\n{rows}")


def test_rejected_rows_of_several_lines_keep_their_text():
    table = clean(matched('id,job\n1,cook\n1,"head\ncook"\n2,baker\n3,tailor\n'), RULES)
    assert table.rejected[["line", "raw_text"]].to_numpy().tolist() == [[3, '1,"head\ncook"']]


MESSY = {
    "id": [" 1 ", "02", "3", "4", "5", "6", "7", "8"],
    "DOB": ["13/02/1980", "1843-12-21", "30/02/1980", "29221", "soon", "", "n/a", "01/02/1990"],
    "age": ["", "30", "45.5", "200", "x", "30", "31", "n/a"],
    "gender": ["F", "Femal", "Other", "other", "OTHER", "", "n/a", "male"],
    "state": ["Bavaria", "BAVARIA", "new south wales", "NSW", "Queenslnd", "", "?", "vic"],
    "postcode": ["0800", "800", "2000.0", "2000", "", "n/a", " 800 ", "SW1A"],
    "balance": ["5", "0.1", "16777217", "$1,000", "", "-1", "n/a", "lots"],
    "job": [" Chief  Cook ", "cook", "Cook", "NA", "", "0800", "chief cook", "?"],
    "owns car": ["Y", "no", "1", "maybe", "Maybe", "", "FALSE", "n/a"],
}


def plain(frame):
    """The values only: which categories there are may differ from slice to slice."""
    return frame.astype(dict.fromkeys(frame.select_dtypes("category"), "str"))


@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_slices_of_the_rows_are_cleaned_as_in_the_whole(size):
    table = matched(pd.DataFrame(MESSY).to_csv(index=False))
    facts = decide_facts(table, RULES)

    def cleaned(frame):
        # A machine that holds these rows only knows none of the other rows' values.
        alone = frame.astype("str").astype({name: "category" for name in frame if name != "customer_id"})
        return plain(clean_rows(alone, table.columns, facts, RULES)[0])

    rows = len(table.frame)
    parts = [cleaned(table.frame.iloc[first : first + size]) for first in range(0, rows + 1, size)]
    pd.testing.assert_frame_equal(pd.concat(parts), cleaned(table.frame), check_dtype=False)


def test_the_example_of_a_step_is_what_most_cells_hold_and_of_equals_the_first_by_alphabet():
    steps = clean(matched("customer_id,state\n1,vic\n2,nsw\n3,nsw\n4,vic\n5,qld\n"), RULES).steps
    assert steps[-1] == Step("State: spelling unified", 5, 5, "state", 5, "nsw → NSW")
