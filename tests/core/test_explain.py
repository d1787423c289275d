"""What a segment is like: differences by effect size."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import zscore
from statsmodels.stats.proportion import proportion_effectsize

from core.schema import BY_NAME
from core.segments.choice import FeatureChoice
from core.segments.explain import differences
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
        ["1", "owns_car", "No", 0.0, 0.429, -1.427, False],
        ["1", "owns_car", "Yes", 1.0, 0.571, 1.427, False],
        ["1", "age", "", 30.0, 51.429, -1.055, False],
        ["1", "property_valuation", "", 10.75, 6.375, 0.985, True],
    ]
    assert set(found["cluster"]) == {"1", "2"}
    assert "state" not in set(found["column"])  # everybody has the same one


def test_effects_are_z_scores_of_means_and_cohens_h_of_shares():
    found = differences(CUSTOMERS, COLUMNS, segments()).query("cluster == '2'").set_index(["column", "value"])["effect"]
    age = zscore(CUSTOMERS["age"].dropna())  # known of three of the first segment and all four of the second
    assert found["age", ""] == pytest.approx(age[3:].mean())
    assert found["owns_car", "Yes"] == pytest.approx(proportion_effectsize(1 / 4, 4 / 7))


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
