"""Numbers as text."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.figures import (
    between,
    coefficient,
    count,
    exact,
    money,
    number,
    number_form,
    percent,
    rate,
    share,
    short,
    short_between,
)

INF, NAN = float("inf"), float("nan")


def cents(value):
    return number(value, 2)


def pounds(value):
    return money(value, "£")


def trimmed(value):
    return number(value, trim=True)


@pytest.mark.parametrize(
    ("form", "value", "text"),
    [
        (number, 58941.37, "58,941"),
        (number, 1e23, "1e23"),
        (number, 999_999_999_999_999.0, "999,999,999,999,999"),
        (number, 1e15, "1e15"),
        (number, -1.2345e300, "−1.23e300"),
        (count, 1e300, "1e300"),
        (coefficient, 2.5e300, "2.5e300"),
        (exact, 123_456_789_012_345_680.0, "1.2345678901234568e17"),
        (exact, -1e300, "-1e300"),
        (share, 1.5e298, "1.5e300%"),
        (pounds, 1.5e15, "£1,500\u00a0tn"),
        (pounds, -1e300, "−£1e300"),
        (short, 4e17, "400,000\u00a0tn"),
        (short, 1e300, "1e300"),
        (number, 502.5, "502.5"),
        (number, 23.76, "23.8"),
        (number, -1234.4, "−1,234"),
        (number, 999.97, "1,000"),
        (number, 0.52, "0.52"),
        (number, 0.9996, "1.0"),
        (cents, 0.5, "0.50"),
        (number, 0.0000001234, "0.000000123"),
        (number, 1e-17, "near 0"),
        (number, -1e-17, "near 0"),
        (number, -0.0, "0.0"),
        (number, NAN, "–"),
        (trimmed, 27.0, "27"),
        (trimmed, 0.0, "0"),
        (trimmed, 100.0, "100"),
        (exact, 100_000.0, "100,000"),
        (exact, 0.1, "0.1"),
        (exact, 1e-7, "0.0000001"),
        (exact, 12_345_678_901.0, "12,345,678,901"),
        (exact, np.float32(0.1), "0.1"),
        (exact, -0.0, "0"),
        (exact, -10_000.5, "-10,000.5"),
        (exact, INF, "–"),
        (coefficient, -0.001, "0.00"),
        (coefficient, -0.216, "−0.22"),
        (coefficient, NAN, "–"),
        (count, 1234.4, "1,234"),
        (count, -0.2, "0"),
        (pounds, 1234.4, "£1,234"),
        (pounds, -1234.4, "−£1,234"),
        (pounds, -0.3, "£0"),
        (pounds, INF, "–"),
        (share, 0.526, "52.6%"),
        (share, -1, "−100.0%"),
        (share, 0.0, "0.0%"),
        (share, -0.0004, "0.0%"),
        (share, 1 - 1e-10, "100.0%"),
        (share, 0.0004, "under 0.1%"),
        (share, 0.9996, "over 99.9%"),
        (share, 1.0, "100.0%"),
        (share, 12.5, "1,250.0%"),
        (share, NAN, "–"),
        (rate, 0.0324, "3.2%"),
        (rate, INF, "never"),
    ],
)
def test_a_figure_is_written_by_its_kind_and_size(form, value, text):
    assert form(value) == text


def test_a_share_can_be_written_in_whole_percent():
    assert [share(value, 0) for value in (0.526, 0.004, 0.996, 1.0)] == ["53%", "under 1%", "over 99%", "100%"]


def test_a_share_of_nothing_is_none():
    assert (percent(3, 8), percent(0, 0)) == ("37.5%", "–")


@pytest.mark.parametrize(
    ("values", "form"),
    [
        ([0.1, 58941], ",.0f"),
        ([0.1, 30], ",.1f"),
        ([0, 0], ",.1f"),
        ([0.001, NAN], ",.3~r"),
        ([], ",.1f"),
        ([1, 2e15], ".2~e"),
    ],
)
def test_numbers_beside_each_other_have_the_form_of_the_largest(values, form):
    assert number_form(values) == form


def test_the_ends_of_a_short_interval_have_one_unit():
    assert short_between(-198.8, 3200, "$") == "−$0.2\u00a0k to $3.2\u00a0k"
    assert short_between(549.4, 10_700) == "0.5\u00a0k to 10.7\u00a0k"
    assert short_between(-12.5, 40, "$") == "−$12.5 to $40"
    assert short_between(float("nan"), float("nan"), "$") == "–"


def test_an_interval_of_one_figure_is_that_figure():
    assert between(pounds, 1, 3) == "£1 to £3"
    assert between(pounds, 1.1, 1.2) == "£1"


@given(st.floats(allow_nan=True, allow_infinity=True), st.sampled_from([number, trimmed, exact, coefficient, count]))
def test_a_number_is_written_with_an_exponent_from_16_digits_on_only_and_never_as_minus_zero(value, form):
    text = form(value)
    plain, long = r"–|near 0|[−-]?\d{1,3}(,\d{3})*(\.\d+)?", r"[−-]?\d(\.\d+)?e\d+"
    assert re.fullmatch(long if 1e15 <= abs(value) < INF else plain, text)
    assert not re.fullmatch(r"[−-][0.,]+", text)


@given(st.floats(1e-9, 1e12), st.booleans())
def test_a_number_is_near_what_it_says(value, negative):
    value = -value if negative else value
    assert float(number(value).replace(",", "").replace("−", "-")) == pytest.approx(value, rel=0.051)
