"""Counting codes."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.intake.codes import code_counts


@pytest.mark.parametrize("kind", ["int8", "int16", "int32"])
@given(codes=st.lists(st.integers(-1, 126), min_size=1, max_size=9))
def test_each_code_is_counted_and_a_missing_one_is_not(kind, codes):
    seen = Counter(codes)
    assert code_counts(np.array(codes, kind), 127).tolist() == [seen[code] for code in range(127)]


def test_without_rows_nothing_is_counted():
    assert code_counts(np.array([], "int8"), 2).tolist() == [0, 0]
