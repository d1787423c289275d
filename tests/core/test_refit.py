"""Who would be in another segment if the segments were made anew."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from core.rules import Rules
from core.schema import BY_NAME
from core.segments.features import feature_matrix
from core.segments.find import find_segments
from core.segments.model import freeze
from core.segments.refit import refit
from core.segments.score import assign

COLUMNS = [BY_NAME["age"]]


def model(ages, k=2):
    customers = pd.DataFrame({"age": ages}, dtype="float64")
    found = find_segments(customers, COLUMNS, feature_matrix(customers, ["age"]), k)
    return freeze(found, Rules(date(2018, 1, 1)), files=[], digest="")


def again(made, ages):
    return refit(made, *assign(pd.DataFrame({"age": ages}, dtype="float64"), made))


def test_the_customers_that_a_model_was_made_from_stay_where_they_are():
    ages = [20, 21, 22, 60, 61, 62, np.nan]
    found = again(model(ages), ages)
    assert found.counts.to_numpy().tolist() == [[3, 0], [0, 3]]
    assert (found.customers, found.moved) == (6, 0)
    assert found.in_words() == "A refit on these customers would leave everybody in their segment."


def test_segments_are_matched_by_the_customers_they_share():
    made = model([20, 21, 22, 60, 61, 62])
    found = again(made, [50, 51, 52, 53, 80, 81, 82])  # by the model all are in the older segment
    older = next(label for label, size in zip(found.counts.index, found.counts.sum(axis=1), strict=True) if size == 7)
    younger = next(label for label in found.counts.index if label != older)
    assert found.counts.loc[older, older] == 4, "the larger part keeps the label"
    assert found.counts.loc[older, younger] == 3
    assert found.counts.loc[younger].tolist() == [0, 0]
    assert found.in_words() == "A refit on these customers would put 3 of 7 (42.9%) in another segment."


@pytest.mark.parametrize(("ages", "columns"), [([30, 30, 30], 1), ([np.nan], 2)])
def test_fewer_customers_than_segments_are_no_fault(ages, columns):
    found = again(model([20, 21, 22, 60, 61, 62]), ages)
    assert (len(found.counts.columns), found.moved) == (columns, 0)
    assert found.in_words()
