"""Numbers and bands as people write them."""

import pandas as pd
import pytest

from core.cleaning.bands import band_start, is_band
from core.cleaning.numbers import decimal_mark, mark_votes, may_be_thousands, to_numbers


def text(*values):
    return pd.Series(values, dtype="str")


@pytest.mark.parametrize(
    ("written", "point", "comma"),
    [
        ("1,234.50", 1234.5, None),
        ("12.691,51", None, 12691.51),
        ("1.234.567", None, 1234567),
        ("1,234", 1234, 1.234),
        ("12.691", 12.691, 12691),
        ("1,5", None, 1.5),
        ("$53.62 ", 53.62, None),
        ("A$ 100", 100, 100),
        ("100 €", 100, 100),
        ("USD 5", 5, 5),
        ("(60K)", -60_000, -60_000),
        ("1.2M", 1_200_000, None),
        ("5 %", 5, 5),
        ("1 234 567", 1234567, 1234567),
        ("1'234.5", 1234.5, None),
        ("1e3", 1000, 1000),
        ("1_000", None, None),
        ("34847.84_", 34847.84, None),
        ("__10000__", 10_000, 10_000),
        ("1,250.00*", 1250, None),
        ("_", None, None),
        ("R12 345.60", 12345.6, None),
        ("R345.00", 345, None),
        ("R1", None, None),
        ("inf", None, None),
        ("True", None, None),
        ("12a", None, None),
        ("1-2", None, None),
        ("", None, None),
    ],
)
def test_numbers_are_read_with_the_decimal_mark_of_their_column(written, point, comma):
    for mark, expected in (("point", point), ("comma", comma)):
        (value,) = to_numbers(text(written), mark).astype(object).where(lambda found: found.notna(), None)
        assert value == (None if expected is None else pytest.approx(expected)), mark


@pytest.mark.parametrize(
    ("values", "mark"),
    [
        (("1.234,50", "7"), "comma"),
        (("0,5", "1,25", "1.000"), "comma"),
        (("1,234.50", "7"), "point"),
        (("0.5", "1,000"), "point"),
        (("1,234", "5,678"), "point"),
        (("1", "2", ""), "point"),
    ],
)
def test_the_decimal_mark_is_the_one_most_values_need(values, mark):
    assert decimal_mark(text(*values)) == mark


@pytest.mark.parametrize(
    ("values", "found"),
    [
        (("7", "1.234", "2.500"), True),
        (("1.234", "2.501"), False),
        (("1.234", "2.500", "0.125"), False),
        (("1.234", "2.500", "3.5"), False),
        (("1.234", "2.500", "3,5"), False),
        (("1,234", "2,500"), False),
        (("901.234", "902.500"), False),
    ],
    ids=["either", "no trailing zero", "below one", "fewer decimals", "a comma tells", "commas", "beyond the range"],
)
def test_three_digits_behind_each_point_may_be_thousands(values, found):
    votes, unsure = mark_votes(text(*values), 0, 900_000)
    parts = [mark_votes(text(value), 0, 900_000)[0] for value in values]
    assert votes == {name: sum(part[name] for part in parts) for name in votes}
    assert may_be_thousands(votes) is found
    assert not found or unsure == "1.234"


def test_bands_are_recognised_and_ordered_by_where_they_begin():
    bands = ["$120K +", "Less than $40K", "$60K - $80K", "$40K - $60K", "80.000 to 100.000"]
    others = ["1980-12-25", "40", "Unknown", "", "12 Main St"]
    assert is_band(text(*bands, *others)).tolist() == [True] * len(bands) + [False] * len(others)
    assert sorted(bands[:4], key=band_start) == ["Less than $40K", "$40K - $60K", "$60K - $80K", "$120K +"]
