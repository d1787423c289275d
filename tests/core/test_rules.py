"""The analyst's rules: their defaults, their TOML, and what is refused."""

from dataclasses import FrozenInstanceError
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import DocumentError, RulesError
from core.rules import HighPotential, Intake, MassAffluent, Rules, from_toml

AS_OF = date(2018, 1, 1)


def test_the_defaults_are_the_published_ones():
    assert Rules(AS_OF).to_dict() == {
        "as_of": "2018-01-01",
        "age_starts": [18, 25, 35, 45, 55, 65],
        "mass_affluent": {
            "segments_in": ["Affluent Customer"],
            "segment_by_valuation": ["Mass Customer"],
            "min_property_valuation": 9,
            "segments_out": ["High Net Worth"],
            "measure": "auto",
        },
        "high_potential": {
            "below_age": 40,
            "segments": ["Affluent Customer", "High Net Worth"],
            "min_property_valuation": 9,
        },
        "intake": {
            "columns": {},
            "date_order": "auto",
            "decimal_mark": "auto",
            "encoding": "",
            "delimiter": "",
            "header_row": 0,
            "sheets": [],
            "off": [],
        },
    }


def test_rules_cannot_be_changed_in_place():
    with pytest.raises(FrozenInstanceError):
        Rules(AS_OF).as_of = AS_OF


def test_equal_rules_have_equal_hashes():
    assert len({Rules(AS_OF), Rules(AS_OF), Rules(AS_OF, (40,))}) == 2


@pytest.mark.parametrize(
    ("starts", "labels"),
    [
        ((18, 25, 35, 45, 55, 65), ("<18", "18–24", "25–34", "35–44", "45–54", "55–64", "65+")),
        ((40,), ("<40", "40+")),
        ((18, 19), ("<18", "18–18", "19+")),
    ],
)
def test_age_groups_are_named_after_their_first_and_last_age(starts, labels):
    assert Rules(AS_OF, age_starts=starts).age_groups == labels


@pytest.mark.parametrize("starts", [(), (25, 18), (18, 18)])
def test_age_groups_must_rise(starts):
    with pytest.raises(RulesError, match="rising ages"):
        Rules(AS_OF, age_starts=starts)


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        (
            "date_order",
            "dmy",
            "“date_order” is not one of auto, day_first, month_first but 'dmy'. Choose another value.",
        ),
        ("decimal_mark", ";", "“decimal_mark” is not one of auto, point, comma but ';'. Choose another value."),
        ("off", ("dead",), "“dead” is not a step that can be left out. Use one of deceased, misspellings, ranges."),
    ],
)
def test_an_unknown_choice_is_refused_with_the_known_ones(field, value, message):
    with pytest.raises(RulesError) as error:
        Intake(**{field: value})
    assert str(error.value) == message


@pytest.mark.parametrize("text", ["as_of = 2018-01-01", 'as_of = "2018-01-01"', 'as_of = "20180101"'])
def test_the_as_of_date_may_be_a_date_or_text_and_all_else_has_defaults(text):
    assert from_toml(text) == Rules(AS_OF)


def test_a_given_as_of_date_wins_over_the_document():
    assert from_toml('as_of = "1999-12-31"', as_of=AS_OF) == Rules(AS_OF)
    assert from_toml("", as_of=AS_OF) == Rules(AS_OF)


def test_every_rule_can_be_set():
    text = """
        as_of = 2018-01-01
        age_starts = [30, 60]
        [mass_affluent]
        segments_in = ["Gold", "Platinum"]
        segment_by_valuation = []
        min_property_valuation = 7.5
        segments_out = ["Private"]
        measure = "income"
        min_measure = 50_000
        max_measure = 2e9
        [high_potential]
        below_age = 35
        segments = ["Gold"]
        min_property_valuation = 8
        [intake]
        date_order = "month_first"
        decimal_mark = "comma"
        encoding = "UTF-16"
        delimiter = ";"
        header_row = 3
        sheets = ["Kunden"]
        off = ["deceased"]
        columns = { "Kunden-Nr" = "customer_id", "Notiz" = "" }
    """
    assert from_toml(text) == Rules(
        AS_OF,
        (30, 60),
        MassAffluent(("Gold", "Platinum"), (), 7.5, ("Private",), "income", 50_000, 2e9),
        HighPotential(35, ("Gold",), 8),
        Intake(
            {"Kunden-Nr": "customer_id", "Notiz": ""},
            "month_first",
            "comma",
            "UTF-16",
            ";",
            3,
            ("Kunden",),
            ("deceased",),
        ),
    )


numbers = st.integers(-(10**9), 10**9) | st.floats(-1e18, 1e18)
words = st.lists(st.text(), max_size=3).map(tuple)
any_rules = st.builds(
    Rules,
    as_of=st.dates(date(1900, 1, 1), date(2199, 12, 31)),
    age_starts=st.sets(st.integers(1, 120), min_size=1, max_size=40).map(sorted).map(tuple),
    mass_affluent=st.builds(MassAffluent, words, words, numbers, words, st.text(), numbers, numbers),
    high_potential=st.builds(HighPotential, st.integers(0, 150), words, numbers),
    intake=st.builds(
        Intake,
        st.dictionaries(st.text(), st.text()),
        st.sampled_from(["auto", "day_first", "month_first"]),
        st.sampled_from(["auto", "point", "comma"]),
        st.sampled_from(["", "UTF-8", "windows-1252", "utf-16-le"]),
        st.sampled_from(["", ",", "\t", "·"]),
        st.integers(-1, 9),
        words,
        st.sets(st.sampled_from(["deceased", "misspellings", "ranges"])).map(sorted).map(tuple),
    ),
)


@settings(derandomize=True, deadline=None)
@given(any_rules)
def test_exported_rules_read_back_equal(rules):
    assert from_toml(rules.to_toml()) == rules


NO_DATE = "bank.toml: This is not a file of rules: “as_of” is not a date such as 2026-01-31 but"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("as_of =", "bank.toml: This is not a file of rules: it is not TOML: "),
        ("as_of = 1899-12-31", "bank.toml: “as_of” is in the year 1899. Give one from 1900 to 2199."),
        ("", "bank.toml: There is no as-of date. Add a line such as as_of = "),
        ("as_of = ''", f"{NO_DATE} ''. "),
        (
            "as_of = 20180101",
            f"{NO_DATE} 20180101. ",
        ),
        (
            "as_of = 2018-01-01T10:00:00",
            f"{NO_DATE} 2018-01-01 10:00:00. ",
        ),
    ],
)
def test_rules_without_a_usable_as_of_date_are_refused(text, message):
    with pytest.raises(DocumentError) as error:
        from_toml(text, file="bank.toml")
    assert str(error.value).startswith(message)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("mass_affluence = 1", "it has an unknown 'mass_affluence'; known are as_of, age_starts, "),
        ("[high_potential]\nage = 1", "“high_potential” has an unknown 'age'; known are below_age, "),
        ("intake.date_order = 'dmy'", "“intake.date_order” is not one of auto, day_first, month_first but 'dmy'."),
        ("intake.encoding = 'idna'", "There is no encoding “idna”. Choose UTF-8, "),
        ("intake.encoding = 'hex'", "There is no encoding “hex”."),
        ("intake.encoding = 'undefined'", "There is no encoding “undefined”."),
        (f"intake.encoding = '{'x' * 99}'", f"There is no encoding “{'x' * 40}…”."),
        ("intake.delimiter = ';;'", "';;' cannot be a delimiter. Choose a single character "),
        ("intake.delimiter = '\"'", "'\"' cannot be a delimiter."),
        (r'intake.delimiter = "\u0000"', r"'\x00' cannot be a delimiter."),
        (r'intake.delimiter = "\n"', r"'\n' cannot be a delimiter."),
        ("intake.header_row = -2", "“intake.header_row” is not a whole number from -1 to 1,000,000,000 but -2."),
        ("age_starts = []", "The age groups start at []. List rising ages."),
        (f"age_starts = {[*range(1, 130)]}", "“age_starts” is not a list of at most 40 but one of 129."),
        ("age_starts = [0]", "“age_starts[0]” is not a whole number from 1 to 150 but 0."),
        ("age_starts = 18", "“age_starts” is not a list of at most 40 but 18."),
        ("age_starts = ['18']", "“age_starts[0]” is not a whole number from 1 to 150 but '18'."),
        ("age_starts = [true]", "“age_starts[0]” is not a whole number from 1 to 150 but True."),
        ("age_starts = [18.5]", "“age_starts[0]” is not a whole number from 1 to 150 but 18.5."),
        ("mass_affluent = 3", "“mass_affluent” is not a table of names and values but 3."),
        ("mass_affluent = []", "“mass_affluent” is not a table of names and values but a list."),
        ("mass_affluent.segments_in = 'Gold'", "“mass_affluent.segments_in” is not a list but 'Gold'."),
        (
            "mass_affluent.min_measure = 'lots'",
            "“mass_affluent.min_measure” is not a number from -1e+18 to 1e+18 but 'lots'.",
        ),
        ("mass_affluent.min_measure = nan", "it is not TOML: 'nan' is not a finite number."),
        ("mass_affluent.max_measure = 1e999", "it is not TOML: '1e999' is not a finite number."),
        (
            "mass_affluent.max_measure = 1e19",
            "“mass_affluent.max_measure” is not a number from -1e+18 to 1e+18 but 1e+19.",
        ),
        ("high_potential.below_age = '40'", "“high_potential.below_age” is not a whole number from 0 to 150 but '40'."),
        ("high_potential.below_age = 39.5", "“high_potential.below_age” is not a whole number from 0 to 150 but 39.5."),
        (
            f"high_potential.below_age = {10**40}",
            "“high_potential.below_age” is not a whole number from 0 to 150 but a ",
        ),
        ("intake.columns = {a = 'age', b = 1}", "“intake.columns.b” is not a text but 1."),
        ("high_potential.below_age = 999", "“high_potential.below_age” is not a whole number from 0 to 150 but 999."),
    ],
)
def test_a_rule_that_cannot_be_understood_is_refused_by_name(text, message):
    with pytest.raises(DocumentError) as error:
        from_toml(text, as_of=AS_OF, file="bank.toml")
    assert message in str(error.value)
    assert error.value.file == "bank.toml"
