"""Numbers and amounts as different countries write them."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.figures import amount, count, exact, money, number, share, short, short_if_large, style, write_as, written_as
from core.number_style import ENGLISH, SPACE, examples, style_of

KEYS = ("en", "de", "fr", "de_CH", "en_IN")


def written(text):
    """With spaces that can be typed."""
    return text.replace(SPACE, " ").replace("\u202f", " ")


@pytest.mark.parametrize(
    ("numbers", "code", "sign", "texts"),
    [
        ("auto", "AUD", "$", ["$1,234", "−$1,234,568", "$12.4 k", "$3.1 m", "$1,234.5", "52.6%"]),
        ("auto", "GBP", "£", ["£1,234", "−£1,234,568", "£12.4 k", "£3.1 m", "£1,234.5", "52.6%"]),
        ("auto", "INR", "₹", ["₹1,234", "−₹12,34,568", "₹12.4 k", "₹31 lakh", "₹1,234.5", "52.6%"]),
        ("auto", "EUR", "€", ["€1,234", "−€1,234,568", "€12.4 k", "€3.1 m", "€1,234.5", "52.6%"]),
        ("de", "EUR", "€", ["1.234 €", "−1.234.568 €", "12,4 k €", "3,1 m €", "1.234,5 €", "52,6 %"]),
        ("fr", "EUR", "€", ["1 234 €", "−1 234 568 €", "12,4 k €", "3,1 m €", "1 234,5 €", "52,6 %"]),
        ("de", "BRL", "R$", ["R$ 1.234", "−R$ 1.234.568", "R$ 12,4 k", "R$ 3,1 m", "R$ 1.234,5", "52,6 %"]),
        ("auto", "JPY", "¥", ["¥1,234", "−¥1,234,568", "¥12.4 k", "¥3.1 m", "¥1,234.5", "52.6%"]),
        ("de_CH", "CHF", "CHF", ["CHF 1’234", "−CHF 1’234’568", "CHF 12.4 k", "CHF 3.1 m", "CHF 1’234.5", "52.6%"]),
        ("auto", "SEK", "kr", ["1,234 kr", "−1,234,568 kr", "12.4 k kr", "3.1 m kr", "1,234.5 kr", "52.6%"]),
        ("auto", "ZAR", "R", ["R 1,234", "−R 1,234,568", "R 12.4 k", "R 3.1 m", "R 1,234.5", "52.6%"]),
        ("auto", "SAR", "SAR", ["SAR 1,234", "−SAR 1,234,568", "SAR 12.4 k", "SAR 3.1 m", "SAR 1,234.5", "52.6%"]),
        ("auto", "", "", ["1,234", "−1,234,568", "12.4 k", "3.1 m", "1,234.5", "52.6%"]),
        ("de", "", "", ["1.234", "−1.234.568", "12,4 k", "3,1 m", "1.234,5", "52,6 %"]),
        ("en_IN", "GBP", "£", ["£1,234", "−£12,34,568", "£12.4 k", "£31 lakh", "£1,234.5", "52.6%"]),
    ],
)
def test_amounts_are_written_as_the_currency_and_the_style_have_it(numbers, code, sign, texts):
    with written_as(style_of(numbers, code)):
        found = [
            money(1234, sign), money(-1234567.5, sign), short(12_400, sign), short(3_100_000, sign),
            amount(1234.5, sign), share(0.5261),
        ]  # fmt: skip
    assert list(map(written, found)) == texts


@pytest.mark.parametrize(
    ("code", "value", "text"),
    [
        ("GBP", 999, "999"),
        ("GBP", 999.97, "1 k"),
        ("GBP", 960_000, "960 k"),
        ("GBP", 999_940, "999.9 k"),
        ("GBP", 999_960, "1 m"),
        ("GBP", 2.5e9, "2.5 bn"),
        ("GBP", 4e15, "4,000 tn"),
        ("INR", 99_960, "1 lakh"),
        ("INR", 31_200_000, "3.1 crore"),
        ("INR", 5e12, "5,00,000 crore"),
        ("GBP", 0.25, "0.25"),
        ("GBP", 0, "0"),
        ("GBP", -1e-17, "near 0"),
        ("GBP", float("nan"), "–"),
    ],
)
def test_a_short_number_has_the_word_of_its_size(code, value, text):
    with written_as(style_of("auto", code)):
        assert written(short(value)) == text


def test_a_card_is_short_from_a_million_or_a_lakh_on():
    with written_as(style_of("auto", "GBP")):
        assert list(map(written, map(short_if_large, (999_999, 1e6, -2e6)))) == ["999,999", "1 m", "−2 m"]
    with written_as(style_of("auto", "INR")):
        assert list(map(written, map(short_if_large, (99_999, 1e5, float("inf"))))) == ["99,999", "1 lakh", "–"]


def test_each_style_that_can_be_chosen_has_an_example():
    assert {key: written(text) for key, text in examples().items()} == {
        "en": "1,234,567.89",
        "de": "1.234.567,89",
        "fr": "1 234 567,89",
        "de_CH": "1’234’567.89",
        "en_IN": "12,34,567.89",
    }


def test_a_style_is_in_force_for_its_block_only():
    with written_as(style_of("de")):
        assert count(1234) == "1.234"
        with written_as():
            assert count(1234) == "1,234"
        write_as(style_of("fr"))
    assert (style(), count(1234)) == (ENGLISH, "1,234")


@given(st.floats(-1e15, 1e15), st.sampled_from(KEYS))
def test_the_digits_of_a_number_are_the_same_in_every_style(value, key):
    def digits(form):
        return re.sub(r"\D", "", form(value))

    plain = [digits(form) for form in (number, exact, count, share)]
    with written_as(style_of(key)):
        assert [digits(form) for form in (number, exact, count, share)] == plain


@given(st.floats(-1e15, 1e15), st.sampled_from(KEYS))
def test_a_number_can_be_read_again_from_its_marks(value, key):
    chosen = style_of(key)
    with written_as(chosen):
        text = exact(value)
    assert float(text.replace(chosen.group, "").replace(chosen.decimal, ".")) == value


@given(st.integers(0, 10**15), st.sampled_from(KEYS))
def test_groups_have_three_digits_or_two_before_the_last_three(value, key):
    chosen = style_of(key)
    groups = chosen.marked(str(value)).split(chosen.group)
    assert "".join(groups) == str(value)
    if len(groups) > 1:
        assert len(groups[-1]) == 3
        assert {len(group) for group in groups[1:-1]} <= {chosen.later}
        assert 1 <= len(groups[0]) <= chosen.later


def test_charts_get_the_same_marks():
    assert style_of("de", "EUR").chart_locale == {
        "decimal": ",", "thousands": ".", "grouping": [3] * 9, "currency": ["", ""], "percent": f"{SPACE}%",
    }  # fmt: skip
    assert style_of("auto", "INR").chart_locale["grouping"] == [3, *[2] * 8]
    assert [style_of("auto", code).is_english for code in ("AUD", "SEK", "INR", "")] == [True, True, False, True]
