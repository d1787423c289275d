"""Sums of whole numbers in a decimal place of their own."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import exact
from core.exact import counted, decimals, sums


@pytest.mark.parametrize(
    ("values", "kind", "places"),
    [
        ([0.29, 90], "float64", 13),
        ([0.25, 200_000], "float32", 9),  # cleaning makes a float32 of what it holds exactly
        ([16_777_215, 3], "float32", 0),
        ([31.0, np.nan], "float64", 0),
        ([0.004, 0.0042], "float64", 17),
        ([1e18] * 1000, "float64", -3),  # the sum of a thousand fits 64 bits in thousands
        ([-1e300, np.nan], "float64", -282),
        ([5e-324], "float64", 300),
        ([0, 0], "float64", 0),
        ([np.nan, np.inf], "float64", 0),
        ([], "float64", 0),
    ],
)
def test_a_column_is_summed_in_as_many_decimals_as_it_has_and_fit(values, kind, places):
    assert decimals(pd.Series(values, dtype=kind)) == places


@pytest.mark.parametrize("kind", ["float32", "float64"])
def test_small_values_beside_a_large_one_keep_their_digits(kind):
    values = pd.Series([0.25] * 999 + [200_000], dtype=kind)
    places = decimals(values)
    _, found = sums(values.to_numpy("float64"), np.zeros(1000, int), 1, places)
    assert found[0] / 10**places == 200_249.75


def test_sums_are_whole_numbers_by_group_and_leave_out_what_is_no_number():
    values, codes = np.array([0.1, 0.2, np.nan, np.inf, -0.004]), np.array([0, 0, 0, 2, 2])
    number, found = sums(values, codes, 3, 3)
    assert (number.tolist(), found.tolist(), found.dtype) == ([2, 0, 1], [300, 0, -4], np.dtype("int64"))
    assert sums(np.array([123456.0]), np.array([0]), 1, -3)[1].tolist() == [123]


def test_sums_too_large_for_a_float_are_exact_too():
    whole = 2.0**53
    _, found = sums(np.array([whole, 1.0, 1.0, -whole, 3.0]), np.array([0, 0, 0, 1, 1]), 2, 0)
    assert found.tolist() == [2**53 + 2, 3 - 2**53]


NUMBERS = st.sampled_from([np.nan, np.inf, 2.0**53, -(2.0**53), 0.5]) | st.integers(-9, 9).map(float)


@given(st.lists(st.tuples(NUMBERS, st.integers(0, 4))), st.integers(1, 9), st.integers(0, 2))
def test_rows_looked_at_a_few_at_a_time_add_up_to_all(rows, few, places):
    values, codes = (np.array([row[at] for row in rows], kind) for at, kind in ((0, "float64"), (1, "int8")))
    found = []
    for block in (few, len(rows) + 1):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(exact, "BLOCK", block)
            found.append([one.tolist() for one in (*sums(values, codes, 5, places), counted(codes, 5))])
    assert found[0] == found[1]
    assert found[1][2] == np.bincount(codes, minlength=5).tolist()
