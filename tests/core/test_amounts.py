"""Amounts as banks' systems write them, and what a column proves about its marks, dashes and currencies."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.cleaning.currencies import different
from core.cleaning.number_text import plain_number
from core.cleaning.numbers import (
    common_sign,
    cr_is_crore,
    credit_votes,
    currency_votes,
    dash_votes,
    in_crore,
    mixed_currencies,
    other_currency,
    proven_mark,
    to_numbers,
    with_crore,
)
from core.countries.currencies import currencies
from core.countries.registry import countries

repeatable = settings(derandomize=True, deadline=None)


def text(*values):
    return pd.Series(values, dtype="str")


def read(written, mark="point"):
    return to_numbers(text(written, "1"), mark).astype(object).where(lambda found: found.notna(), None).iloc[0]


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("12345.00-", -12345),
        ("−567", -567),
        ("– 567", -567),
        ("$(567.00)", -567),
        ("($567.00)", -567),
        ("(567.00) USD", -567),
        ("$-5", -5),
        ("1,234.00 CR", 1234),
        ("1,234.00 Dr", -1234),
        ("1.50S", -1.5),
        ("Rs. 1,234", 1234),
        ("₹12,34,567.89", 1234567.89),
        ("INR 1,23,456", 123456),
        ("kr 100", 100),
        ("100 zł", 100),
        ("CHF 1'234.50", 1234.5),
        ("CHF 1’234", 1234),
        ("1'234.-", 1234),
        ("1\u202f234.5", 1234.5),
        ("R 1 234.50", 1234.5),
        ("12.5 %", 12.5),
        ("٣٤٥", 345),
        ("2 lakh", 200_000),
        ("1.5 crore", 15_000_000),
        ("1.5 Mio. EUR", 1_500_000),
        ("$ -", 0),
        ("- €", 0),
        ("'123", 123),
        ("21 yrs 4 mon", 21 + 4 / 12),
        ("1yrs 11mon", 1 + 11 / 12),
        ("3y 4m", 3 + 4 / 12),
        ("22 Years and 1 Months", 22 + 1 / 12),
        ("5 months", 5 / 12),
        ("13 months", 13 / 12),
        ("1 years", 1),
        ("5m", 5_000_000),
        ("3 y 4m", None),
        ("-", None),
        ("5S", None),
        ("R1", None),
        ("TOP 10", None),
        ("2+", None),
        ("A-", None),
        ("(5", None),
        ("--5", None),
        ("1-2", None),
        ("2020-01-01", None),
        ("(02) 9999 1234", None),
    ],
)
def test_amounts_are_read_as_systems_write_them(written, number):
    assert read(written) == number


@pytest.mark.parametrize(
    ("written", "number"),
    [("12.345,00-", -12345), ("1.234,56 EUR", 1234.56), ("1.234,56 H", 1234.56), ("0,151", 0.151)],
)
def test_amounts_with_a_decimal_comma(written, number):
    assert read(written, "comma") == number


FORMS = ["{}", "{}-", "({})", "-{}", "−{}", "EUR {}", "{} EUR", "${}", "$({})", "({}) USD", "{} CR", "{} DR", "{} kr"]
NEGATIVE = {"{}-", "({})", "-{}", "−{}", "$({})", "({}) USD", "{} DR"}


@repeatable
@given(st.integers(0, 10**11), st.sampled_from(FORMS), st.sampled_from([",", "'", "\u202f", ""]))
def test_a_formatted_number_reads_back_to_the_last_bit(cents, form, group):
    number = cents / 100
    sign = -1 if form in NEGATIVE else 1
    with_point = f"{number:,.2f}"
    assert read(form.format(with_point.replace(",", group))) == sign * number
    with_comma = with_point.translate({ord("."): ",", ord(","): group.replace(",", ".")})
    assert read(form.format(with_comma), "comma") == sign * number


@repeatable
@given(st.lists(st.from_regex(r"-?(\$|€|USD)? ?[0-9][0-9.,]{0,8} ?(%|EUR|€)?", fullmatch=True), min_size=1))
def test_the_amounts_that_are_read_at_once_are_those_read_one_by_one(written):
    one_by_one = text(*(plain_number(value) for value in written))
    assert to_numbers(text(*written)).equals(to_numbers(one_by_one))


@pytest.mark.parametrize(
    ("values", "dashes", "accounting"),
    [
        ((" 1,234.00 ", " -   "), 1, 2),
        (("(567.00)", "-"), 1, 1),
        (("$-", "$5"), 0, 1),
        (("-", "5", "A-"), 1, 0),
        (("5", "-5"), 0, 0),
    ],
)
def test_dashes_and_accounting_formats_are_counted(values, dashes, accounting):
    votes = dash_votes(text(*values))
    parts = [dash_votes(text(value)) for value in values]
    assert votes == {"dashes": dashes, "accounting": accounting} == {n: sum(part[n] for part in parts) for n in votes}


@pytest.mark.parametrize(
    ("values", "mixed"),
    [
        (("USD 5", "EUR 6", "7"), ("EUR", "USD")),
        (("$5", "USD 6"), ()),
        (("$5", "€6"), ("$", "€")),
        (("Rs. 5", "INR 6", "₹7"), ()),
        (("5", "6"), ()),
    ],
)
def test_several_currencies_in_a_column_are_found(values, mixed):
    assert mixed_currencies(currency_votes(text(*values))) == mixed
    assert different([]) == ()


@pytest.mark.parametrize(
    ("values", "code", "other"),
    [
        (("£5", "£6"), "EUR", "£"),
        (("5 USD", "6"), "EUR", "USD"),
        (("$5", "$6"), "CAD", ""),
        (("5", "6"), "EUR", ""),
        (("£5", "£6"), "", ""),
    ],
)
def test_amounts_of_another_currency_than_their_header_names_are_found(values, code, other):
    assert other_currency(currency_votes(text(*values)), code) == other


OF_COUNTRIES = sorted({country.currency for country in countries().values()} - {""})


@pytest.mark.parametrize("code", OF_COUNTRIES)
def test_every_sign_of_a_country_is_read_before_and_behind_an_amount(code):
    known = currencies()[code]
    signs = {known.sign, known.home_sign, *known.marks.split("|")} - {""}
    written = [form for sign in signs for form in (f"{sign} 1,200.50", f"{sign}1,200.50", f"1,200.50 {sign}")]
    assert {form: read(form) for form in written} == dict.fromkeys(written, 1200.5)


@pytest.mark.parametrize(
    ("values", "sign"),
    [
        (("zł 5", "6 ZŁ"), "PLN"),
        (("5 Kč", "6 Kč"), "CZK"),
        (("5 Ft", "6 Ft"), "HUF"),
        (("Rp5", "Rp6"), "IDR"),
        (("RM 5", "RM 6"), "MYR"),
        (("5 lei", "6 lei"), "RON"),
        (("Tk 5", "Tk. 6"), "BDT"),
        (("S/ 5", "S/ 6"), "S/"),
        (("5 kr", "kr 6"), "kr"),
        (("Rs. 5", "Rs 6"), "Rs"),
        (("5 dollars", "6 dollars"), ""),
        (("5 zł", "6"), ""),
    ],
)
def test_a_word_that_all_amounts_have_is_their_sign(values, sign):
    assert common_sign(currency_votes(text(*values))) == sign


def test_a_mark_is_proven_only_where_no_value_contradicts():
    assert [proven_mark({"comma": c, "point": p}) for c, p in ((1, 0), (0, 2), (1, 1), (0, 0))] == [
        "comma", "point", "", "",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("values", "crore"),
    [
        (("₹ 1.10 Cr", "₹ 45,00,000"), True),
        (("1.10 Cr", "85 lakh"), True),
        (("1.10 Cr", "85 L"), True),
        (("1.10 Cr", "85 L", "2.00 Dr"), False),
        (("₹ 1.10 Cr", "₹ 2.00 Dr"), False),
        (("₹ 12,345.00 Cr", "₹ 1.10 Cr"), False),  # a ledger of balances in credit
        (("1.10 CR", "2.00"), False),
        (("₹ 5", "₹ 6"), False),
    ],
)
def test_cr_beside_rupees_is_crore_where_nothing_is_debit(values, crore):
    votes = credit_votes(text(*values))
    parts = [credit_votes(text(value)) for value in values]
    assert votes == {name: sum(part[name] for part in parts) for name in votes}
    assert cr_is_crore(votes) == crore


def test_crore_and_credit_are_different_amounts():
    written = text("₹ 1.10 Cr", "5", "1.5 L")
    assert to_numbers(with_crore(written)).tolist() == [11_000_000, 5, 150_000]
    assert to_numbers(in_crore(written)).tolist() == [11_000_000, 5, 150_000]
    assert to_numbers(in_crore(text("1.10 Cr", "5"))).tolist() == [1.1, 5]


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("₹0.94 L", 94_000),
        ("Rs. 1.5L", 150_000),
        ("-₹0.94 L", -94_000),
        ("0.94 L", None),
        ("€5 L", None),
        ("5 ml", None),
    ],
)
def test_an_l_behind_rupees_is_lakh(written, number):
    assert read(written) == number
