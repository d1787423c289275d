"""What a segment is like: differences by effect size."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_effectsize

from core.schema import BY_NAME
from core.segments.choice import FeatureChoice
from core.segments.effect_sizes import MOST_EFFECT, cohens_d
from core.segments.explain import differences, notable
from core.segments.features import feature_matrix
from core.segments.find import find_segments

CUSTOMERS = pd.DataFrame(
    {
        "property_valuation": [10.0, 11, 12, 10, 1, 2, 3, 2],
        "age": [20.0, 30, 40, np.nan, 60, 60, 70, 80],
        "owns_car": pd.Categorical(["Yes", "Yes", "Yes", "Unknown", "No", "No", "No", "Yes"]),
        "state": pd.Categorical(["NSW"] * 8),
    }
)
COLUMNS = tuple(BY_NAME[name] for name in CUSTOMERS)


def segments(customers=CUSTOMERS, k=2, names=("property_valuation",)):
    matrix = feature_matrix(customers, FeatureChoice.of(names))
    return find_segments(customers, COLUMNS, matrix, k)


def test_every_column_is_compared_and_the_largest_effect_comes_first():
    found = differences(CUSTOMERS, COLUMNS, segments())
    first = found[found["cluster"] == "1"].round(3).drop(columns="label")
    assert first.to_dict("split")["data"] == [
        ["1", "property_valuation", "", 10.75, 6.375, 5.0, True],  # 11.7, of which no more than 5 is told
        ["1", "age", "", 30.0, 51.429, -4.552, False],
        ["1", "owns_car", "No", 0.0, 0.429, -2.094, False],
        ["1", "owns_car", "Yes", 1.0, 0.571, 2.094, False],
    ]
    assert set(found["cluster"]) == {"1", "2"}
    assert "state" not in set(found["column"])  # everybody has the same one


def test_effects_are_cohens_d_of_means_and_cohens_h_of_shares():
    found = differences(CUSTOMERS, COLUMNS, segments()).query("cluster == '2'").set_index(["column", "value"])["effect"]
    young, old = [20.0, 30, 40], [60.0, 60, 70, 80]  # known of three of the first segment and all four of the second
    within = np.sqrt((3 * np.var(young) + 4 * np.var(old)) / 7)
    assert found["age", ""] == pytest.approx((np.mean(old) - np.mean(young)) / within)
    assert found["owns_car", "Yes"] == pytest.approx(proportion_effectsize(1 / 4, 3 / 3))


@settings(derandomize=True, deadline=None)
@given(*[st.lists(st.floats(-1e3, 1e3), min_size=2, max_size=9)] * 2)
def test_a_difference_from_the_rest_is_that_of_two_groups(here, others):
    whole = [*here, *others]
    within = np.sqrt((len(here) * np.var(here) + len(others) * np.var(others)) / len(whole))
    assume(within > 1)
    expected = (np.mean(here) - np.mean(others)) / within
    found = cohens_d(np.mean(here), np.mean(whole), np.std(whole), len(here) / len(whole))
    assert found == pytest.approx(np.clip(expected, -MOST_EFFECT, MOST_EFFECT), rel=1e-6, abs=1e-6)


def test_a_difference_is_notable_in_standard_deviations_and_in_its_own_unit():
    rows = [
        ("1", "age", "", 44.0, 40.0, 0.4), ("1", "age", "", 41.0, 40.0, 0.4), ("1", "age", "", 44.0, 40.0, 0.1),
        ("1", "balance", "", -10.0, 5.0, -0.3), ("1", "owns_car", "Yes", 0.07, 0.01, 0.3),
        ("1", "owns_car", "Yes", 0.04, 0.01, 0.3), ("1", "owns_car", "No", 0.2, 0.9, -1.0),
    ]  # fmt: skip
    found = pd.DataFrame(rows, columns=["cluster", "column", "value", "here", "everybody", "effect"])
    assert notable(found).index.tolist() == [0, 3, 4]


def test_no_result_depends_on_the_order_of_the_customers():
    order = np.random.default_rng(1).permutation(len(CUSTOMERS))
    shuffled = CUSTOMERS.iloc[order].reset_index(drop=True)
    pd.testing.assert_frame_equal(
        differences(CUSTOMERS, COLUMNS, segments()), differences(shuffled, COLUMNS, segments(shuffled))
    )


@pytest.mark.parametrize("names", [(), ("state",)[:0]])
def test_without_segments_there_is_nothing_to_explain(names):
    made = segments(names=names)
    assert differences(CUSTOMERS, COLUMNS, made).empty
