"""What has changed under one model: shares, features, who moved."""

import math
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from core.rules import Rules
from core.schema import BY_NAME, CLUSTER
from core.segments.features import feature_matrix
from core.segments.kmeans import CentreClustering
from core.segments.model import freeze
from core.segments.profile import describe
from core.segments.refresh import critical, headline, movers, psi_parts, refresh, verdict, with_ids_of
from core.segments.score import assign

THEN = pd.DataFrame({"age": [20.0, 22, 40, 42, np.nan]})
COLUMNS = [BY_NAME["age"]]


def model():
    matrix = feature_matrix(THEN, ["age"])
    found = describe(THEN, COLUMNS, matrix, CentreClustering(np.array([[1.0], [-1.0]])), np.array([1, 1, 0, 0]))
    return freeze(found, Rules(date(2018, 1, 1)), files=[], digest="")


def compared(ages):
    customers = pd.DataFrame({"age": ages}, dtype="float64")
    made = model()
    matrix, labels = assign(customers, made)
    now = describe(customers, COLUMNS, matrix, made.clustering, labels, names=made.names)
    return refresh(made, customers, now)


def test_shares_then_and_now_and_the_index_that_sums_their_shift():
    found = compared([20, 41, 41, 60, np.nan])
    assert found.shares.drop(columns="psi").to_numpy().tolist() == [
        ["1", "Older", 2, 3, 0.4, 0.6],
        ["2", "Younger", 2, 1, 0.4, 0.2],
        ["Not clustered", "Not clustered", 1, 1, 0.2, 0.2],
    ]
    assert found.shares["psi"].tolist() == pytest.approx([0.2 * math.log(1.5), 0.2 * math.log(2), 0])
    assert found.psi == pytest.approx(found.shares["psi"].sum())


def test_a_feature_has_its_means_its_missing_values_and_what_was_never_seen():
    [row] = compared([20, 41, 41, 60, np.nan]).features.to_dict("records")
    # bins of then: 20 | 22 | 40 | 42, and missing, one customer each; now 1, 0 (as a half), 2, 1, 1
    expected = (0.1 - 0.2) * math.log(0.1 / 0.2) + (0.4 - 0.2) * math.log(0.4 / 0.2)
    assert row == {
        "feature": "age", "mean_then": 31, "mean_now": 40.5, "missing_then": 1, "missing_now": 1, "outside_range": 1,
        "psi": pytest.approx(expected), "chance": pytest.approx((1 / 5 + 1 / 5) * stats.chi2.isf(0.025, 4)),
    }  # fmt: skip


def test_the_same_customers_have_not_shifted():
    found = compared(THEN["age"])
    assert (found.psi, found.features["psi"].tolist(), found.movers) == (0, [0], None)


@pytest.mark.parametrize(("size", "groups"), [(200, 4), (5000, 10)])
def test_chance_is_exceeded_as_often_as_it_says(size, groups):
    rng = np.random.default_rng(0)
    chances = np.full(groups, 1 / groups)
    pairs = zip(rng.multinomial(size, chances, 4000), rng.multinomial(3 * size, chances, 4000), strict=True)
    beyond = [psi_parts(then, now).sum() > critical(then, now) for then, now in pairs]
    assert np.mean(beyond) == pytest.approx(0.05, abs=0.012)


@pytest.mark.parametrize(
    ("then", "now", "tests", "expected"),
    [
        ([50, 50], [100, 100], 1, (1 / 100 + 1 / 200) * 3.841459),
        ([50, 50], [100, 100], 5, (1 / 100 + 1 / 200) * 6.634897),  # the level of 1 % is a fifth of 5 %
        ([50, 50, 0], [100, 100, 0], 1, (1 / 100 + 1 / 200) * 3.841459),
        ([50, 0], [100, 0], 1, 0),
        ([0, 0], [5, 5], 1, 0),
    ],
)
def test_chance_depends_on_the_sizes_the_groups_and_the_tests(then, now, tests, expected):
    assert critical(then, now, tests) == pytest.approx(expected)


def test_an_index_is_a_shift_above_chance_only():
    assert [verdict(psi, 0.2) for psi in (0.1, 0.2, 0.201)] == ["stable", "stable", "shifted"]


@pytest.mark.parametrize(
    ("ages", "sentence"),
    [
        (THEN["age"], "Stable: neither the segments nor a feature have shifted by more than chance."),
        ([20.0, 20, 40, 40, np.nan], "Stable: neither the segments nor a feature have shifted by more than chance."),
        ([41.0] * 5000, "A shift beyond chance in age (years): its stability index, the largest, is 7.365."),
    ],
)
def test_the_headline_is_the_largest_shift_of_segments_and_features(ages, sentence):
    assert headline(compared(ages), {"age": "Age (years)"}) == sentence


counts = st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), min_size=1, max_size=8)


@settings(derandomize=True, deadline=None, max_examples=50)
@given(counts)
def test_the_index_is_finite_and_no_direction_of_time_changes_it(pairs):
    then, now = np.array(pairs).T
    assert np.isfinite(psi_parts(then, now)).all()
    assert psi_parts(then, now).tolist() == pytest.approx(psi_parts(now, then).tolist())
    assert psi_parts(then, then * 3).tolist() == pytest.approx([0] * len(then), abs=1e-12) or (then == 0).any()


def people(ids, clusters):
    categories = ["1", "2", "Not clustered"]
    return pd.DataFrame({"customer_id": ids, CLUSTER: pd.Categorical(clusters, categories, ordered=True)})


def test_movers_are_counted_by_id_whatever_the_order():
    then = people(["a", "b", "c", "d"], ["1", "1", "2", "Not clustered"])
    now = people(["c ", "b", "a", "e"], ["2", "2", "1", "1"])
    table = movers(then, now, CLUSTER)
    assert table.reset_index().to_dict("list") == {
        "then": ["1", "2", "Not clustered", "New"], "1": [1, 0, 0, 1], "2": [1, 1, 0, 0], "Gone": [0, 0, 1, 0],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("then", "now", "expected", "said"),
    [
        (["01", "02"], ["1", "2"], ["1", "2"], "2 customer ids were found although they differ in leading zeros"),
        (["a1", "2"], ["A1", "2"], ["A1", "2"], "1 customer ids were found"),
        (["1", "01"], ["1", "2"], ["1", "01"], ""),
        (["7", "8"], ["x", "y"], ["7", "8"], "No customer of then has an id of now, such as 7 and x"),
    ],
)
def test_ids_without_their_zeros_are_found_again(then, now, expected, said):
    earlier, sentence = with_ids_of(pd.DataFrame({"customer_id": then}), pd.DataFrame({"customer_id": now}))
    assert earlier["customer_id"].tolist() == expected
    assert sentence.startswith(said) if said else not sentence
