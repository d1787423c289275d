"""Which columns k-means may see, and how they are standardised."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from core.errors import DataError
from core.schema import BY_NAME, Column
from core.segments.choice import FeatureChoice, answers, candidates
from core.segments.features import feature_matrix, matrix_under
from core.segments.raw_values import count_infinite

VARIES, CONSTANT, BLANK = [1.0, 2.0, 3.0, np.nan], [7.0, 7.0, 7.0, np.nan], [np.nan] * 4


def table(**values):
    """Customers with these columns, and the columns' descriptions; an unknown name is a further measure."""
    columns = tuple(BY_NAME.get(name, Column(name, "number", name)) for name in values)
    return pd.DataFrame(values), columns


def test_candidates_are_the_numbers_that_vary_in_the_order_of_the_file():
    customers, columns = table(
        customer_id=list("abcd"),
        postcode=["2000", "2001", "2002", "2003"],
        state=pd.Categorical(["NSW", "VIC", "NSW", "VIC"]),
        latitude=VARIES,
        longitude=VARIES,
        income=VARIES,
        tenure=CONSTANT,
        purchases=BLANK,
        age=VARIES,
    )
    assert candidates(customers, columns) == ("income", "age")


def test_features_are_standardised_over_the_customers_who_have_them_all():
    customers, _ = table(age=[20, 40, np.nan, 60], tenure=[1, 1, 9, np.nan], purchases=[0, 0, 0, 0])
    matrix = feature_matrix(customers, ["tenure", "age"])
    assert matrix.names == ("tenure", "age")
    assert matrix.complete.tolist() == [True, True, False, False]
    assert matrix.missing == {"tenure": 1, "age": 1}
    assert matrix.mean.tolist() == [1, 30]
    assert matrix.scale.tolist() == [1, 10]  # a constant is not divided by its spread of 0
    assert matrix.values.tolist() == [[0, -1], [0, 1]]


def test_without_a_complete_customer_the_matrix_is_empty():
    customers, _ = table(age=[20, np.nan], tenure=[np.nan, 3])
    matrix = feature_matrix(customers, ["age", "tenure"])
    assert (matrix.values.shape, matrix.complete.tolist()) == ((0, 2), [False, False])
    assert matrix.missing == {"age": 1, "tenure": 1}


def test_without_features_nobody_is_complete():
    matrix = feature_matrix(table(age=VARIES)[0], [])
    assert (matrix.values.shape, matrix.complete.tolist(), matrix.missing) == ((0, 0), [False] * 4, {})


def test_a_feature_that_is_no_number_is_refused_with_those_that_are():
    customers, _ = table(state=["NSW"], age=[20.0], tenure=[1.0])
    with pytest.raises(
        DataError,
        match=r"^salary cannot be a feature: there is no such column; state cannot be a "
        r"feature: it holds no numbers\. Columns with numbers, or yes and no: age, tenure\.$",
    ):
        feature_matrix(customers, ["state", "age", "salary"])


@settings(derandomize=True, deadline=None, max_examples=50)
@given(st.lists(st.tuples(*[st.none() | st.integers(-1000, 1000)] * 2), min_size=1, max_size=30))
def test_mean_and_scale_undo_the_standardisation(rows):
    customers = pd.DataFrame(rows, columns=["age", "tenure"], dtype="float64")
    assume(customers.notna().any().all())
    matrix = feature_matrix(customers, ["age", "tenure"])
    undone = matrix.values * matrix.scale + matrix.mean
    np.testing.assert_allclose(undone, customers.dropna().to_numpy(), atol=1e-9)
    assert matrix.complete.sum() == len(customers.dropna())
    np.testing.assert_allclose(matrix.values.sum(axis=0), 0, atol=1e-9)


@settings(derandomize=True, deadline=None, max_examples=50)
@given(st.lists(st.integers(0, 9), min_size=1, max_size=30), st.randoms(use_true_random=False))
def test_a_customer_has_the_same_standardised_features_in_any_order_of_the_rows(ages, random):
    order = random.sample(range(len(ages)), len(ages))
    straight = feature_matrix(pd.DataFrame({"age": ages}), ["age"])
    shuffled = feature_matrix(pd.DataFrame({"age": ages}).iloc[order], ["age"])
    assert shuffled.values.tolist() == straight.values[order].tolist()


def test_yes_and_no_are_one_and_zero_and_unknown_is_missing():
    car = pd.Categorical(["Yes", "No", "Unknown", "Yes"], ["Yes", "No", "Unknown"])
    matrix = feature_matrix(pd.DataFrame({"owns_car": car}), ["owns_car"])
    assert matrix.whole.ravel().tolist() == pytest.approx([1, 0, np.nan, 1], nan_ok=True)
    assert (matrix.missing, matrix.feature_specs[0].yes_no) == ({"owns_car": 1}, True)


def test_a_yes_no_column_is_offered_if_it_has_both_answers_and_is_no_flag():
    both, one = (pd.Categorical(values, ["Yes", "No", "Unknown"]) for values in (["Yes", "No"], ["Yes", "Yes"]))
    columns = [BY_NAME["owns_car"], BY_NAME["deceased"], Column("online", "yes_no", "Online")]
    customers = pd.DataFrame({"owns_car": both, "deceased": both, "online": one})
    assert answers(customers, columns) == ("owns_car",)
    with pytest.raises(DataError, match="deceased cannot be a feature"):
        feature_matrix(customers, ["deceased"])


def test_digits_in_a_text_are_numbers():
    places = pd.Categorical(["2000", "0800", "Unknown", None])
    customers = pd.DataFrame({"postcode": places, "customer_id": pd.Series(["7", "1e2", "A4", " 5 "], dtype="str")})
    matrix = feature_matrix(customers, ["postcode", "customer_id"])
    np.testing.assert_array_equal(matrix.whole, [[2000, 7], [800, 100], [np.nan, np.nan], [np.nan, 5]])


def test_an_infinite_value_counts_as_missing():
    customers = pd.DataFrame({"balance": [1.0, np.inf, 3, -np.inf, np.nan, 1e31]})
    matrix = feature_matrix(customers, ["balance"])
    assert (matrix.missing, count_infinite(customers["balance"])) == ({"balance": 4}, 3)
    assert matrix.values.ravel().tolist() == [-1, 1]


def test_outliers_are_left_out_of_the_scaling_if_the_choice_says_so():
    customers = pd.DataFrame({"balance": [1.0, 2, 3, 4, 5, 900, np.nan]})
    kept = feature_matrix(customers, ["balance"])
    apart = feature_matrix(customers, FeatureChoice(("balance",), outliers=True))
    assert (kept.outlying.any(), kept.complete.sum(), kept.feature_specs[0].inlier_range) == (False, 6, None)
    assert apart.outlying.tolist() == [False] * 5 + [True, False]
    assert (apart.mean.tolist(), apart.feature_specs[0].training_range) == ([3], (1, 5))


def test_a_feature_knows_its_bins_and_its_range():
    [feature] = feature_matrix(pd.DataFrame({"age": [1.0, 1, 2, 3, np.nan]}), ["age"]).feature_specs
    assert (feature.training_range, feature.edges, feature.counts, feature.missing) == ((1, 3), (2, 3), (2, 1, 1), 1)


def test_frozen_features_scale_other_customers_as_those_they_come_from():
    first = feature_matrix(pd.DataFrame({"age": [10.0, 30]}), ["age"])
    assert matrix_under(pd.DataFrame({"age": [40.0, np.nan]}), first.feature_specs).values.tolist() == [[2.0]]
