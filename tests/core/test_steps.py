"""Which ids come twice."""

import pandas as pd
import pytest

from core.intake.steps import different_numbers, repeated


@pytest.mark.parametrize(
    ("ids", "different", "again"),
    [
        (["1", "2"], True, [False, False]),
        (["1", "1"], False, [False, True]),
        (["1", "01"], False, [False, False]),  # one number, two ids
        (["1", " 2"], False, [False, False]),
        (["1", ""], False, [False, False]),
        (["A", "A"], False, [False, True]),
        ([], True, []),
    ],
    ids=["numbers", "a repeat", "a leading zero", "a blank", "an empty one", "texts", "none"],
)
def test_ids_that_are_different_numbers_do_not_repeat(ids, different, again):
    column = pd.Series(ids, dtype="str")
    assert (different_numbers(column), repeated(column).tolist()) == (different, again)
