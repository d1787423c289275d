"""The canonical columns: known spellings lead to them, and no spelling leads to two."""

import re
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.countries.registry import countries
from core.labels import at_start, spelt
from core.schema import (
    ANSWERS,
    BLANKS,
    BY_HEADER,
    BY_NAME,
    CUSTOMER,
    DEFAULT_FEATURES,
    FILTERS,
    GENDERS,
    GROUPS,
    ID,
    INDUSTRIES,
    MIXED,
    NEVER_FEATURES,
    PERSONAL,
    WEALTH_SEGMENTS,
    Column,
    normalise,
    one_of,
)

SPELLINGS = {
    "genders": GENDERS,
    "states": countries()["AU"].spellings,
    "industries": INDUSTRIES,
    "wealth segments": WEALTH_SEGMENTS,
    "answers": ANSWERS,
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("DOB", "dob"),
        ("Past 3-Years  Purchases", "past_3_years_purchases"),
        ("  customer.id ", "customer_id"),
        ("__a__b__", "a_b"),
        ("N.S.W.", "n_s_w"),
        ("Größe (€)", "grosse"),
        ("年齢", "年齢"),
        ("%%%", ""),
        ("", ""),
    ],
)
def test_case_punctuation_and_spaces_are_folded(text, expected):
    assert normalise(text) == expected


@settings(derandomize=True, deadline=None)
@given(st.text())
def test_folding_twice_is_folding_once_and_leaves_words_joined_by_single_underscores(text):
    folded = normalise(text)
    assert normalise(folded) == folded
    assert re.fullmatch(r"([^\W_]+(_[^\W_]+)*)?", folded)


@pytest.mark.parametrize(
    ("header", "column"),
    [
        ("customer_id", "customer_id"),
        ("CLIENTNUM", "customer_id"),
        ("DOB", "date_of_birth"),
        ("Customer Age", "age"),
        ("Sex", "gender"),
        ("State/Territory", "state"),
        ("ZIP code", "postcode"),
        ("lat", "latitude"),
        ("Lng", "longitude"),
        ("job_industry_category", "job_industry"),
        ("Occupation", "job_title"),
        ("Wealth Band", "wealth_segment"),
        ("property valuation", "property_valuation"),
        ("past_3_years_bike_related_purchases", "purchases"),
        ("Tenure (years)", "tenure"),
        ("Total Assets", "balance"),
        ("Has car", "owns_car"),
        ("deceased_indicator", "deceased"),
    ],
)
def test_headers_as_files_spell_them_lead_to_their_column(header, column):
    assert BY_HEADER[normalise(header)].name == column


def test_a_header_spelling_belongs_to_one_column_and_is_written_folded():
    spellings = Counter(header for column in CUSTOMER for header in (column.name, *column.headers))
    assert {header for header, count in spellings.items() if count > 1} == set()
    assert {header for header in (*spellings, *PERSONAL) if normalise(header) != header} == set()


def test_a_personal_header_is_never_the_header_of_a_column():
    assert PERSONAL & set(BY_HEADER) == set()


@pytest.mark.parametrize(
    ("kind", "spelling", "value"),
    [
        ("genders", "F", "Female"),
        ("genders", "Femal", "Female"),
        ("genders", "m", "Male"),
        ("genders", "U", "Undisclosed"),
        ("genders", "Prefer not to say", "Undisclosed"),
        ("states", "New South Wales", "NSW"),
        ("states", "n.s.w.", "NSW"),
        ("states", "victoria", "VIC"),
        ("states", "S.A.", "SA"),
        ("states", "Canberra", "ACT"),
        ("industries", "Argiculture", "Agriculture"),
        ("industries", "I.T.", "IT"),
        ("industries", "Real Estate", "Property"),
        ("wealth segments", "HNW", "High Net Worth"),
        ("wealth segments", "mass-affluent", "Affluent Customer"),
        ("wealth segments", "Mass", "Mass Customer"),
        ("answers", "Y", "Yes"),
        ("answers", "TRUE", "Yes"),
        ("answers", "0", "No"),
    ],
)
def test_values_as_files_spell_them_lead_to_the_canonical_value(kind, spelling, value):
    assert SPELLINGS[kind][normalise(spelling)] == value


@pytest.mark.parametrize("kind", SPELLINGS)
def test_a_canonical_value_is_a_spelling_of_itself(kind):
    values = SPELLINGS[kind]
    assert {value: values.get(normalise(value)) for value in values.values()} == {v: v for v in values.values()}


@pytest.mark.parametrize("kind", SPELLINGS)
def test_value_spellings_are_written_folded(kind):
    assert [spelling for spelling in SPELLINGS[kind] if normalise(spelling) != spelling] == []


def test_blank_spellings_are_written_as_they_are_looked_up():
    assert {blank for blank in BLANKS if blank != blank.strip().casefold()} == set()


def test_no_value_spelling_means_blank():
    assert {word for values in SPELLINGS.values() for word in values} & BLANKS == set()


def test_only_measures_are_features_by_default():
    assert {name: BY_NAME[name].kind for name in DEFAULT_FEATURES} == dict.fromkeys(DEFAULT_FEATURES, "number")
    assert set(DEFAULT_FEATURES) & NEVER_FEATURES == set()


def test_ids_and_postcodes_are_no_numbers():
    assert (BY_NAME[ID].kind, BY_NAME["postcode"].kind) == ("id", "postcode")


@pytest.mark.parametrize(
    ("column", "title"),
    [
        (Column("tenure", "number", "Tenure", "years"), "Tenure (years)"),
        (Column("income", "number", "Income"), "Income"),
        (Column("income", "number", "Income", "£"), "Income"),
        (Column("income", "number", "Income", MIXED), "Income (mixed currencies)"),
    ],
)
def test_a_title_is_the_label_with_the_unit_that_figures_are_written_without(column, title):
    assert column.title == title


def test_every_filter_is_of_a_column_of_few_values():
    assert set(FILTERS) <= set(GROUPS)
    with pytest.raises(ValueError, match="There is no 'age' to show here: choose one of gender, state"):
        one_of("age", GROUPS)


@pytest.mark.parametrize(
    ("label", "within", "first"),
    [
        ("bedroom_count", "bedroom count", "Bedroom count"),
        ("balance", "balance", "Balance"),
        ("iPhone_models", "iPhone models", "iPhone models"),
        ("NW Category", "NW Category", "NW Category"),
        ("_", "", ""),
    ],
)
def test_a_header_in_snake_case_is_words_with_a_capital_at_the_start_and_keeps_its_own(label, within, first):
    assert (spelt(label), at_start(label)) == (within, first)
