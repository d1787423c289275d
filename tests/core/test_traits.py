"""What sets a segment apart, in words with figures."""

import numpy as np
import pandas as pd
import pytest

from core.schema import BY_NAME, Column
from core.segments.features import feature_matrix
from core.segments.find import find_segments
from core.segments.traits import distinguishing_traits


def segments(**values):
    customers = pd.DataFrame(values)
    columns = [BY_NAME.get(name, Column(name, "number", name.capitalize())) for name in values]
    matrix = feature_matrix(customers, list(values))
    return find_segments(customers, columns, matrix, 2), columns


@pytest.mark.parametrize(
    ("cluster", "expected"),
    [
        (
            "1",
            [
                "Property valuation 11.0 (clustered: 6.8)",
                "Age 60.5 years (clustered: 40.1)",
                "Balance 1,500 (clustered: 1,001)",
            ],
        ),
        (
            "2",
            [
                "Property valuation 2.5 (clustered: 6.8)",
                "Age 19.8 years (clustered: 40.1)",
                "Balance 502.5 (clustered: 1,001)",
            ],
        ),
    ],
)
def test_the_three_strongest_differences_come_first_to_last(cluster, expected):
    found, columns = segments(
        purchases=[5, 5.1, 5, 5],
        balance=[2000, 1000, 1000, 5],
        age=[60, 61, 25, 14.5],
        property_valuation=[11, 11, 2.5, 2.5],
    )
    assert distinguishing_traits(found, cluster, columns, everybody={}) == expected


def test_a_yes_or_no_is_a_share_and_a_small_number_keeps_its_digits():
    customers = pd.DataFrame(
        {
            "owns_car": pd.Categorical(["Yes", "Yes", "Yes", "No"], ["Yes", "No", "Unknown"]),
            "risk": [0.004, 0.004, 0.004, 0.04],
        }
    )
    columns = [BY_NAME["owns_car"], Column("risk", "number", "Risk")]
    matrix = feature_matrix(customers, list(customers))
    found = find_segments(customers, columns, matrix, 2)
    assert distinguishing_traits(found, "2", columns, everybody={}) == [
        "Car ownership 0% (clustered: 75%)",
        "Risk 0.04 (clustered: 0.013)",
    ]
    assert distinguishing_traits(found, "1", columns, everybody={}) == [
        "Car ownership 100% (clustered: 75%)",
        "Risk 0.004 (clustered: 0.013)",
    ]


def test_a_mean_of_0_is_0_whatever_rounding_leaves_of_it():
    found, columns = segments(change=[-0.3, 0.1, 0.2, 9, 9.5], age=[20, 20, 20, 60, 60])
    assert "Change 0.0 (clustered: 3.7)" in distinguishing_traits(found, "2", columns, everybody={})


def test_a_segment_with_fewer_features_has_fewer_lines():
    found, columns = segments(tenure=[1, 1, 9, 9])
    assert distinguishing_traits(found, "1", columns, everybody={}) == ["Tenure 9.0 years (clustered: 5.0)"]


def test_without_the_means_of_everybody_those_of_the_clustered_are_given_and_called_so():
    found, columns = segments(age=[20, 40, 99], tenure=[1, 3, np.nan])
    assert distinguishing_traits(found, "1", columns, everybody={}) == [
        "Age 40.0 years (clustered: 30.0)",
        "Tenure 3.0 years (clustered: 2.0)",
    ]


def test_a_segment_is_compared_with_all_of_whom_the_value_is_known():
    found, columns = segments(age=[20, 40, 99], tenure=[1, 3, np.nan])
    said = distinguishing_traits(found, "1", columns, everybody={"age": 53.0})
    assert said == ["Age 40.0 years (all: 53.0)", "Tenure 3.0 years (clustered: 2.0)"]
