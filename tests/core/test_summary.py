"""Shares, means and quantiles from the small tables are those of the customers behind them."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.schema import CLUSTER, MASS_AFFLUENT, NOT_CLUSTERED, UNKNOWN
from core.views import tables
from core.views.summary import crossed, left_out, mean, quartiles, share

YES, KNOWN = f"{MASS_AFFLUENT}_yes", f"{MASS_AFFLUENT}_known"


def histogram(ages):
    """The histogram of ages by cluster, from the ages of the customers in each."""
    rows = [(cluster, age) for cluster, values in ages.items() for age in values]
    frame = pd.DataFrame(rows, columns=[CLUSTER, "age"]).astype(
        {CLUSTER: pd.CategoricalDtype(list(ages)), "age": "float"}
    )
    return tables.histogram(frame, "age")


def test_mean_and_share_leave_out_the_unknown():
    table = pd.DataFrame({"tenure_n": [4, 0], "tenure_sum_2": [1000, 0], YES: [1, 0], KNOWN: [4, 0]})
    np.testing.assert_equal(mean(table, "tenure").tolist(), [2.5, np.nan])
    np.testing.assert_equal(share(table, MASS_AFFLUENT).tolist(), [0.25, np.nan])


def test_quartiles_are_five_numbers_per_cluster():
    found = quartiles(histogram({"1": [20, 30, 40, 50], "2": [33], "Not clustered": [10, 11, 12, 13, 90]}), "age")
    pd.testing.assert_frame_equal(
        found.astype({CLUSTER: "str"}),
        pd.DataFrame(
            {
                CLUSTER: ["1", "2", "Not clustered"],
                "customers": [4, 1, 5],
                "low": [20.0, 33.0, 10.0],
                "lower": [27.5, 33.0, 11.0],
                "median": [35.0, 33.0, 12.0],
                "upper": [42.5, 33.0, 13.0],
                "high": [50.0, 33.0, 13.0],  # 90 lies further than 1.5 interquartile ranges from the box
            }
        ),
    )


def test_quartiles_of_nobody_are_an_empty_table():
    found = quartiles(histogram({"1": []}), "age")
    assert found.columns.tolist() == [CLUSTER, "customers", "low", "lower", "median", "upper", "high"]
    assert found.empty


@settings(derandomize=True, deadline=None, max_examples=200)
@given(st.lists(st.integers(0, 110), min_size=1, max_size=60))
def test_quartiles_of_the_histogram_are_those_of_the_rows(ages):
    box = quartiles(histogram({"1": ages}), "age").iloc[0]
    lower, median, upper = np.quantile(ages, [0.25, 0.5, 0.75])
    assert box[["lower", "median", "upper"]].tolist() == [lower, median, upper]
    reach = 1.5 * (upper - lower)
    inside = [age for age in ages if lower - reach <= age <= upper + reach]
    assert box[["low", "high"]].tolist() == [min(inside), max(inside)]
    assert box["customers"] == len(ages)


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        ([1200, 300], "2,500 customers of unknown age are not shown."),
        ([4000], ""),
        ([], ""),  # nothing is shown: the chart's own sentence says why
        (None, ""),
    ],
)
def test_left_out_says_how_many_a_chart_cannot_show(shown, expected):
    table = None if shown is None else pd.DataFrame({"customers": pd.Series(shown, dtype="int64")})
    assert left_out(table, 4000, "of unknown age") == expected


def test_a_table_by_segment_and_category_is_crossed_without_the_unknown_and_those_in_no_segment():
    counts = {("2", "IT"): 3, ("1", "Law"): 2, ("1", "IT"): 5, ("1", UNKNOWN): 7, (NOT_CLUSTERED, "IT"): 4,
              ("3", "Law"): 0}  # fmt: skip
    table = pd.DataFrame([(*key, n) for key, n in counts.items()], columns=[CLUSTER, "job", "customers"])
    segments, values, found = crossed(table, "job")
    assert (segments, values, found.tolist()) == (["1", "2"], ["IT", "Law"], [[5, 2], [3, 0]])
