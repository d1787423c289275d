"""Figures as text."""

import pytest

from core.views.figures import between, dollars, rate, share, whole

INF, NAN = float("inf"), float("nan")


@pytest.mark.parametrize(
    ("form", "value", "text"),
    [
        (dollars, 1234.4, "$1,234"),
        (dollars, -1234.4, "−$1,234"),
        (dollars, -0.3, "$0"),
        (dollars, INF, "–"),
        (whole, 23.76, "23.8"),
        (whole, -1234.4, "−1,234"),
        (whole, NAN, "–"),
        (share, 0.526, "53%"),
        (share, -1, "−100%"),
        (share, NAN, "–"),
        (rate, 0.0324, "3.2%"),
        (rate, INF, "never"),
    ],
)
def test_a_figure_is_written_with_its_unit_and_sign(form, value, text):
    assert form(value) == text


def test_an_interval_of_one_figure_is_that_figure():
    assert between(dollars, 1, 3) == "$1 to $3"
    assert between(dollars, 1.1, 1.2) == "$1"
