"""Clusters are numbered by wealth, sized, and named after what sets them apart."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from core.pipeline import load, segment
from core.rules import Rules
from core.schema import BY_NAME, NOT_CLUSTERED, Column
from core.segments.choice import candidates
from core.segments.features import feature_matrix, matrix_under
from core.segments.find import find_segments
from core.segments.profile import describe
from core.segments.relabel import relabelled, wealth_measure
from core.sources.file import FileSource


@dataclass(frozen=True)
class Given:
    """A clustering of these customers alone, whose labels are known."""

    means: np.ndarray
    labels: np.ndarray

    def assign(self, points):  # noqa: ARG002
        return self.labels

    def reordered(self, order):
        return Given(self.means[order], np.argsort(order)[self.labels])


def segments(customers, labels, features=None, centres=None):
    """Describe the customers whose fit gave them these labels, one per customer who has all features."""
    features = list(customers) if features is None else features
    matrix = feature_matrix(customers, features)
    labels = np.array(labels, "int64")
    if centres is None:
        count = labels.max() + 1 if len(labels) else 0
        centres = [matrix.values[labels == i].mean(axis=0) for i in range(count)]
    columns = [BY_NAME.get(name, Column(name, "number", name.capitalize())) for name in customers]
    given = Given(np.reshape(centres, (len(centres), len(features))), labels)
    found = relabelled(customers, matrix, given, wealth_measure(customers, columns))
    return describe(customers, columns, matrix, found, found.labels)


def test_profile_has_a_row_per_cluster_with_its_size_and_means():
    customers = pd.DataFrame({"property_valuation": [2.0, 8, 2, 8, np.nan], "age": [30.0, 50, 40, 60, 70]})
    found = segments(customers, [0, 1, 0, 1])
    assert found.labels.tolist() == ["2", "1", "2", "1", NOT_CLUSTERED]
    assert found.labels.categories.tolist() == ["1", "2", NOT_CLUSTERED]
    z = round(10 / found.scale[1], 9)
    pd.testing.assert_frame_equal(
        found.profile,
        pd.DataFrame(
            {
                "cluster": ["1", "2"],
                "name": ["High valuation · older", "Low valuation · younger"],
                "customers": [2, 2],
                "property_valuation": [8.0, 2.0],
                "age": [55.0, 35.0],
                "property_valuation_z": [1.0, -1.0],
                "age_z": [z, -z],
            }
        ),
    )
    assert found.names == {"1": "High valuation · older", "2": "Low valuation · younger", NOT_CLUSTERED: NOT_CLUSTERED}
    assert (found.k, found.features, found.not_clustered) == (2, ("property_valuation", "age"), 1)
    assert found.missing == {"property_valuation": 1, "age": 0}


@pytest.mark.parametrize(
    ("columns", "features", "expected"),
    [
        ({"property_valuation": [1, 5, 9], "balance": [9, 5, 1], "age": [20, 30, 40]}, ["age"], ["3", "2", "1"]),
        ({"balance": [5, 9, 1], "income": [1, 5, 9], "age": [20, 30, 40]}, ["age"], ["2", "1", "3"]),
        ({"income": [1, 5, 9], "age": [20, 30, 40]}, ["age"], ["3", "2", "1"]),
        ({"tenure": [5, 1, 9], "age": [20, 30, 40]}, ["tenure", "age"], ["2", "3", "1"]),  # the first feature, then
        ({"property_valuation": [np.nan, 5, 9], "age": [20, 30, 40]}, ["age"], ["3", "2", "1"]),  # unknown comes last
    ],
)
def test_clusters_are_numbered_by_descending_wealth(columns, features, expected):
    assert segments(pd.DataFrame(columns, dtype="float64"), [0, 1, 2], features).labels.tolist() == expected


def test_equally_wealthy_clusters_are_numbered_by_size():
    customers = pd.DataFrame({"property_valuation": [5.0] * 3, "age": [20.0, 60, 61]})
    assert segments(customers, [0, 1, 1], ["age"]).labels.tolist() == ["2", "1", "1"]


@pytest.mark.parametrize(
    ("centres", "expected"),
    [
        ([[1.0, 0.0], [-1.0, 0.1]], ["Older", "Younger"]),
        ([[0.5, 2.0], [-0.5, -2.0]], ["Frequent buyers · older", "Rare buyers · younger"]),  # the strongest first
        ([[0.1, 0.1], [2.0, 0.3]], ["Close to the average", "Older"]),
        ([[2.0, 0.3], [2.1, -0.3]], ["Older · frequent buyers", "Older · rare buyers"]),  # one trait more tells apart
        ([[2.0, 0.1], [2.1, -0.3]], ["Older", "Older · rare buyers"]),  # but none that is hardly there
        ([[2.0, 1.5], [1.5, 2.0]], ["Older · frequent buyers", "Frequent buyers · older"]),
        ([[2.0, 0.3], [2.1, 0.3]], ["Older · frequent buyers (1)", "Older · frequent buyers (2)"]),
    ],
)
def test_a_name_is_made_of_the_notable_differences(centres, expected):
    customers = pd.DataFrame({"age": [1.0, 2.0], "purchases": [1.0, 2.0], "balance": [9.0, 1.0]})
    assert segments(customers, [0, 1], ["age", "purchases"], centres).profile["name"].tolist() == expected


def test_a_name_has_no_difference_that_is_none_in_its_own_unit():
    customers = pd.DataFrame({"age": [40.0, 40.1], "purchases": [1.0, 2.0], "balance": [9.0, 1.0]})
    found = segments(customers, [0, 1], ["age", "purchases"], [[2.0, 0.5], [-2.0, -0.5]])
    assert found.profile["name"].tolist() == ["Frequent buyers", "Rare buyers"], "the standard deviation of age is 0.05"


def test_a_measure_of_the_file_gives_its_label_to_the_name():
    found = segments(pd.DataFrame({"spend": [1.0, 9.0]}), [0, 1])
    assert found.profile["name"].tolist() == ["High Spend", "Low Spend"]


def test_a_measure_named_like_a_column_of_the_profile_leaves_the_profile_as_it_is():
    text = "customer_id,property_valuation,customers,cluster\n1,9,90,7\n2,9,90,7\n3,1,10,5\n"
    study = load([FileSource("companies.csv", text.encode())], Rules(date(2018, 1, 1)))
    profile = segment(study, 2, candidates(study.customers, study.columns)).profile
    assert profile["cluster"].tolist() == ["1", "2"]
    assert profile["customers"].tolist() == [2, 1]


@pytest.mark.parametrize(
    ("columns", "labels", "expected"),
    [
        ({"age": [1, 2], "tenure": [1, 2]}, [0, 1], ""),
        (
            {"age": [1, 2, np.nan, np.nan], "tenure": [1, 2, np.nan, 3], "purchases": [1, 2, 3, 4]},
            [0, 1],
            "2 of 4 customers are not clustered: 2 lack age, 1 lacks tenure (some lack several).",
        ),
        ({}, [], "No feature to segment by: the file has no numeric column that varies, or none is picked."),
    ],
)
def test_why_not_clustered_counts_who_lacks_which_feature(columns, labels, expected):
    customers = pd.DataFrame(columns, index=range(len(next(iter(columns.values()), [0]))), dtype="float64")
    found = segments(customers, labels)
    assert found.why_not_clustered([BY_NAME[name] for name in columns]) == expected


def test_under_a_saved_model_everybody_are_the_customers_now():
    then = pd.DataFrame({"age": [20.0, 40]})
    made = segments(then, [0, 1], centres=[[1.0], [-1.0]])
    now = pd.DataFrame({"age": [25.0, 41, 45, np.nan]})
    matrix = matrix_under(now, made.feature_specs)
    found = describe(now, [BY_NAME["age"]], matrix, made.clustering, np.array([1, 0, 0]), names=made.names)
    assert (found.mean.tolist(), found.profile["age"].tolist()) == ([37], [43, 25])


def test_without_features_everybody_is_not_clustered():
    found = segments(pd.DataFrame({"age": [1.0, 2.0]}), [], [])
    assert found.labels.tolist() == [NOT_CLUSTERED] * 2
    assert (found.k, found.names, found.not_clustered) == (0, {NOT_CLUSTERED: NOT_CLUSTERED}, 2)
    assert found.profile.columns.tolist() == ["cluster", "name", "customers"]
    assert found.profile.empty


numbers = st.none() | st.integers(0, 12)


@settings(derandomize=True, deadline=None, max_examples=40)
@given(st.lists(st.tuples(numbers, numbers), min_size=1, max_size=40), st.integers(1, 8))
def test_sizes_sum_to_the_customers_and_wealth_falls_with_the_number(rows, k):
    customers = pd.DataFrame(rows, columns=["age", "property_valuation"], dtype="float64")
    assume(customers.notna().any().all())
    columns = [BY_NAME[name] for name in customers]
    matrix = feature_matrix(customers, ["age", "property_valuation"])
    found = find_segments(customers, columns, matrix, k)
    assert found.profile["customers"].sum() + found.not_clustered == len(customers)
    assert found.not_clustered == customers.isna().any(axis=1).sum()
    wealth = (
        customers["property_valuation"].groupby(found.labels, observed=True).mean().drop(NOT_CLUSTERED, errors="ignore")
    )
    assert wealth.index.tolist() == found.profile["cluster"].tolist()
    assert (np.diff(wealth) <= 1e-9).all()
    np.testing.assert_allclose(found.profile["property_valuation"], wealth, atol=1e-8)  # 1e-9 deviations
    assert len(set(found.names.values())) == len(found.names)


def test_a_header_in_snake_case_is_spelt_in_names():
    frame = pd.DataFrame({"card_limit": [1.0, 1.1, 9.0, 9.1]})
    columns = [Column("card_limit", "number", "card_limit")]
    found = find_segments(frame, columns, feature_matrix(frame, ["card_limit"]), 2)
    assert found.profile["name"].tolist() == ["High card limit", "Low card limit"]
