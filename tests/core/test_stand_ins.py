"""Numbers that may stand for "not known"."""

import pandas as pd
import pytest

from core.intake.stand_ins import stand_in_steps
from core.schema import Column

MANY = [float(value) for value in range(12)]


def told(**columns):
    described = [Column(name, "number", name.capitalize(), meaning="debt") for name in columns]
    return [(step.title, step.cells_changed, step.warns) for step in stand_in_steps(pd.DataFrame(columns), described)]


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ([*MANY, 99_999_999.0, 99_999_999.0], [("99,999,999", 2)]),
        ([*MANY, 999.0, None], [("999", 1)]),
        ([*MANY, 365_243.0], [("365,243", 1)]),
        ([*MANY, -1.0], [("-1", 1)]),
        ([*MANY, -9.0, -9.0, -8.0], [("-9", 2), ("-8", 1)]),
        ([*MANY, -999_999.0], [("-999,999", 1)]),
        ([*MANY, 998.0, 999.0], []),  # the largest of many
        ([*MANY, 99.0], []),
        ([*MANY, 999.5], []),
        ([*MANY, -1.0, -250.0], []),  # an account can be overdrawn
        ([-2.0, -1.0, 0.0, 1.0, 2.0], []),  # a scale that starts below 0
        ([None, None], []),
        (MANY, []),
    ],
)
def test_a_number_far_from_all_others_that_is_a_usual_code_is_told(values, found):
    said = "Loan: {} seems to stand for “not known”, but counts as a number"
    assert told(loan=values) == [(said.format(number), cells, True) for number, cells in found]


def test_a_code_of_several_columns_is_told_once():
    coded = [*MANY, -9.0]
    said = "-9 seems to stand for “not known”, but counts as a number in Loan, Card"
    assert told(loan=coded, card=coded) == [(said, 1, True)]


def test_codes_and_outcomes_are_not_looked_at():
    columns = [Column("branch", "number", "Branch", meaning="code")]
    assert stand_in_steps(pd.DataFrame({"branch": [*MANY, 999.0]}), columns) == []
