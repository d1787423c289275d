"""Sums of whole numbers in a decimal place of their own."""

import numpy as np
import pandas as pd
import pytest

from core.exact import decimals, sums


@pytest.mark.parametrize(
    ("values", "kind", "places"),
    [
        ([0.29, 90], "float64", 13),
        ([8.3, 90], "float32", 4),  # the rest of its digits is noise
        ([16_777_215], "float32", 0),  # but whole numbers stay whole
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


def test_sums_are_whole_numbers_by_group_and_leave_out_what_is_no_number():
    values, codes = np.array([0.1, 0.2, np.nan, np.inf, -0.004]), np.array([0, 0, 0, 2, 2])
    number, found = sums(values, codes, 3, 3)
    assert (number.tolist(), found.tolist(), found.dtype) == ([2, 0, 1], [300, 0, -4], np.dtype("int64"))
    assert sums(np.array([123456.0]), np.array([0]), 1, -3)[1].tolist() == [123]
