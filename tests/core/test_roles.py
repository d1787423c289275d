"""Each column's role, by its header and by its values; the analyst's word comes first."""

from difflib import SequenceMatcher

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import RulesError
from core.intake.meaning.canonical import SAME_WORD, alike
from core.intake.roles import propose


def frame(**columns):
    return pd.DataFrame({header.replace("__", " "): pd.Categorical(values) for header, values in columns.items()})


def roles(table, chosen=None):
    return {match.header: match.role for match in propose(table, chosen or {})}


BANK_CHURN = {
    "CLIENTNUM": ["768805383", "818770008"], "Attrition_Flag": ["Existing Customer", "Attrited Customer"],
    "Customer_Age": ["45", "49"], "Gender": ["M", "F"], "Dependent_count": ["3", "5"],
    "Education_Level": ["High School", "Graduate"], "Income_Category": ["$60K - $80K", "Less than $40K"],
    "Months_on_book": ["39", "44"], "Credit_Limit": ["12691,51", "8256"], "Total_Trans_Ct": ["42", "33"],
}  # fmt: skip
CHURN = {
    "RowNumber": ["1", "2"], "CustomerId": ["15634602", "15647311"], "Surname": ["Hargrave", "Hill"],
    "CreditScore": ["619", "608"], "Geography": ["France", "Spain"], "Gender": ["Female", "Male"], "Age": ["42", "41"],
    "Tenure": ["2", "1"], "Balance": ["0.0", "83807.86"], "EstimatedSalary": ["101348.88", "112542.58"],
}  # fmt: skip
TELCO = {
    "customerID": ["7590-VHVEG", "5575-GNVDE"], "gender": ["Female", "Male"], "SeniorCitizen": ["0", "1"],
    "tenure": ["1", "72"], "MonthlyCharges": ["29.85", "56.95"], "TotalCharges": ["29.85", " "],
}  # fmt: skip
MARKETING = {
    "ID": ["5524", "2174"], "Year_Birth": ["1957", "1954"], "Income": ["58138", "46344"],
    "Dt_Customer": ["04-09-2012", "08-03-2014"], "Recency": ["58", "38"], "MntWines": ["635", "11"],
}  # fmt: skip
GERMAN = {
    "Kunden-Nr": ["1", "2"], "Geburtsdatum": ["01.02.1980", "13.05.1990"], "Geschlecht": ["w", "m"],
    "PLZ": ["10115", "01067"], "Kontostand": ["1.234,50", "7,00"], "Vorname": ["Anna", "Bernd"],
}  # fmt: skip


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        (
            BANK_CHURN,
            ["customer_id", "", "age", "gender", "measure", "", "income", "tenure_months", "credit_limit", "purchases"],
        ),
        (
            CHURN,
            ["", "customer_id", "personal", "measure", "state", "gender", "age", "tenure", "balance", "income"],
        ),
        (TELCO, ["customer_id", "gender", "category", "tenure_months", "measure", "measure"]),
        (MARKETING, ["customer_id", "birth_year", "income", "joined_on", "measure", "measure"]),
        (GERMAN, ["customer_id", "date_of_birth", "gender", "postcode", "balance", "personal"]),
    ],
    ids=["bank churn", "churn", "telco", "marketing", "german"],
)
def test_headers_as_exports_write_them_find_their_role(columns, expected):
    assert list(roles(frame(**columns)).values()) == expected


def test_values_tell_where_the_header_does_not():
    table = frame(a=["NSW", "Victoria", "qld"], b=["F", "M", "Male"], c=["a@b.com", "c@d.org", ""], d=["1", "x", "y"])
    assert roles(table) == {"a": "state", "b": "gender", "c": "personal", "d": ""}
    match = propose(table, {})[0]
    assert (match.confidence, match.evidence) == (0.6, "100% of the values are known as state")
    assert match.samples == ("NSW", "Victoria", "qld")
    assert propose(table, {})[2].samples == (), "no e-mail address is shown"


def test_a_header_is_not_believed_where_the_values_are_of_another_kind():
    table = frame(age=["north", "south"], customer_age=["30", "40"])
    assert roles(table) == {"age": "", "customer_age": "age"}


@pytest.mark.parametrize("header", ["home_phone", "work_email", "street_address_2", "Last Name", "IBAN"])
def test_personal_columns_are_recognised_by_a_word_of_their_header(header):
    assert roles(frame(**{header: ["41111", "42222"]})) == {header: "personal"}


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ({"Account No": "ABCDABCD", "DATE": "12345678"}, "customer_id"),
        ({"Account Number": "ABCDABCD"}, "customer_id"),  # a transaction each: rows are no customers
        ({"Account Number": "ABCDEFGH"}, "personal"),  # line numbers do as well
        ({"Kontonummer": "ABCDABCD", "Kunden-ID": "12345678"}, "personal"),
        ({"cc_num": "ABCDABCD", "amt": "12345678"}, "customer_id"),
        ({"account_no": "ABCDEFGH", "loan_no": "12345678"}, ""),
        ({"account_type": "ABCDABCD"}, "category"),
    ],
)
def test_an_account_stands_for_the_customer_where_nothing_else_does(columns, expected):
    found = roles(frame(**{header: [f"{cell}-{cell}" for cell in cells] for header, cells in columns.items()}))
    assert next(iter(found.values())) == expected


@pytest.mark.parametrize("header", ["branch_id", "account_no", "product_code", "RowNumber"])
def test_numbers_that_only_name_something_are_no_measures(header):
    assert roles(frame(**{header: ["41111", "42222"]})) == {header: ""}


@pytest.mark.parametrize(("longest", "role"), [("50", "tenure"), ("51", "tenure_months")])
def test_a_tenure_beyond_fifty_counts_months(longest, role):
    assert roles(frame(tenure=["1", longest])) == {"tenure": role}


@pytest.mark.parametrize(
    ("cells", "role"),
    [(range(1, 61), ""), ([*range(1, 61), 60], ""), ([*range(1, 60), 61], "measure"), (range(1, 51), "measure")],
    ids=["1, 2, 3 …", "branches", "with a gap", "too few to tell"],
)
@pytest.mark.parametrize("sample", [10, 100, 1_000_000])
def test_whole_numbers_without_a_gap_number_something(monkeypatch, cells, role, sample):
    monkeypatch.setattr("core.intake.column_profile.SAMPLE_ROWS", sample)
    assert roles(frame(figure=list(map(str, cells)))) == {"figure": role}


def test_the_analysts_word_comes_first():
    table = frame(Wert=["1", "2"], age=["30", "40"], alter=["31", "41"])
    chosen = {"WERT": "property_valuation", "alter": "age", "age": ""}
    assert roles(table, chosen) == {"Wert": "property_valuation", "age": "", "alter": "age"}


def test_a_role_that_there_is_not_is_refused_with_those_there_are():
    with pytest.raises(RulesError, match=r"“wealth” is not a role of a column\. Use one of customer_id, date_of_birth"):
        propose(frame(a=["1"]), {"a": "wealth"})


@given(one=st.text("abc_", min_size=1, max_size=12), other=st.text("abc_", min_size=1, max_size=12))
def test_headers_are_alike_by_the_ratio_of_difflib(one, other):
    assert alike(one, other) == (SequenceMatcher(None, one, other).ratio() >= SAME_WORD)
