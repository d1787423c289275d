"""The features that segments are made from unless the analyst picks some."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.schema import BY_NAME, DEFAULT_FEATURES, Column
from core.segments.choice import FeatureChoice
from core.segments.default_features import MOST, DefaultFeatures, default_features, in_memory, resolved
from core.segments.points import distinct
from core.segments.sampled_columns import EVENLY, SampledColumns, filled

N = 400
NOISE = np.random.default_rng(7).normal(size=(N, 24))
VARIES, CONSTANT, BLANK = [1.0, 2.0, 3.0, np.nan], [7.0, 7.0, 7.0, np.nan], [np.nan] * 4


def described(meanings):
    return tuple(
        BY_NAME[name] if name in BY_NAME else Column(name, "number", name.capitalize(), meaning=meaning)
        for name, meaning in meanings.items()
    )


def chosen(meanings, **values):
    """The default features of columns with these meanings, of independent values unless given."""
    frame = pd.DataFrame({name: values.get(name, NOISE[:, i]) for i, name in enumerate(meanings)})
    return default_features(frame, described(meanings), in_memory(frame))


@pytest.mark.parametrize(
    ("meanings", "expected"),
    [
        (dict.fromkeys(["income", "spend", *DEFAULT_FEATURES], "spend"), DEFAULT_FEATURES),
        ({"age": "", "tenure": "", "purchases": ""}, ("age", "purchases", "tenure")),
        ({"age": "", "income": "", "spending_score": "score"}, ("age", "income", "spending_score")),
        ({"age": "", "balance": "", "income": "", "tenure": ""}, ("age", "tenure", "balance", "income")),
        (
            {"worth": "net_worth", "stocks": "assets", "balance": "", "income": "", "age": ""},
            ("age", "balance", "stocks", "worth"),  # a family has three meanings at most
        ),
        ({"b1": "balance", "b2": "balance", "income": "", "points": "score"}, ("income", "b1", "b2", "points")),
        (
            {"b1": "balance", "b2": "balance", "income": "", "points": "score", "age": ""},
            ("age", "income", "b2", "points"),  # of one meaning the larger one is enough
        ),
        ({"visits": "activity", "spent": "spend", "age": ""}, ("age", "spent", "visits")),
        ({"a": "recency", "b": "recency", "age": ""}, ("age", "a")),
        (
            {"age": "", "balance": "", "left": "outcome", "branch": "code", "area_income": "area", "w": "weight"},
            ("age", "balance"),
        ),
        ({"age": "", "balance": "", "x": "number", "y": "number", "z": "number"}, ("age", "balance", "x", "y")),
        ({"x": "", "y": "number"}, ("x", "y")),
        ({"left": "outcome", "branch": "code"}, ()),
    ],
)
def test_the_best_of_each_family_comes_first_then_what_adds_something(meanings, expected):
    assert chosen(meanings).names == tuple(expected)


def test_of_counts_that_with_the_larger_numbers_is_the_feature():
    counts = {"complaints": np.abs(NOISE[:, 0]).round(), "transactions": np.abs(50 * NOISE[:, 1]).round()}
    meanings = {"complaints": "activity", "transactions": "activity", "age": "", "income": "", "score": "score"}
    assert chosen(meanings, **counts).names == ("age", "income", "score", "transactions")


def test_there_are_at_most_eight():
    further = {f"score{i}": "score" for i in range(9)} | {f"debt{i}": "debt" for i in range(9)}
    found = chosen({"age": "", "balance": ""} | further)
    assert len(found.names) == MOST
    assert {"age", "balance"} <= {*found.names}


@pytest.mark.parametrize(
    ("values", "why"),
    [
        (NOISE[:, 0] * 3 + NOISE[:, 2] / 2, "goes with Balance"),
        (np.exp(NOISE[:, 0]), "goes with Balance"),  # by rank the same
        (-NOISE[:, 0], "goes with Balance"),
        (np.where(np.arange(N) < 15, NOISE[:, 3], 0), "the same for nearly everybody"),
        (np.where(np.arange(N) < 190, NOISE[:, 3], np.nan), "mostly missing"),
        (np.where(np.arange(N) < 350, NOISE[:, 3], np.nan), "missing too often"),
    ],
)
def test_a_column_that_adds_nothing_is_left_out_with_the_reason(values, why):
    found = chosen({"balance": "", "age": "", "points": "score"}, points=values)
    assert found.names == ("age", "balance")
    assert found.left_out == {"points": why}


@pytest.mark.parametrize("sign", [1, -1])
def test_parts_of_a_sum_are_no_features_beside_it(sign):
    parts = {f"spent_{i}": np.round(np.exp(NOISE[:, i]) * 100, 2) for i in range(3)}
    whole = sum(parts.values()) * sign
    meanings = {**dict.fromkeys(parts, "spend"), "spent": "spend", "age": ""}
    found = chosen(meanings, **parts, spent=whole)
    if sign == 1:
        assert found.names == ("age", "spent")
        assert found.left_out == dict.fromkeys(parts, "part of Spent")
    else:
        assert len(found.names) == 4


@pytest.mark.parametrize(
    ("meaning", "values", "scaled"),
    [
        ("balance", np.exp(NOISE[:, 1] * 2), True),
        ("balance", np.exp(NOISE[:, 1] * 2) * 1e6, True),
        ("debt", np.where(np.arange(N) % 2, np.exp(5 + NOISE[:, 1] * 2), 0), True),  # half have none
        ("balance", np.exp(NOISE[:, 1] * 3) - 50, True),  # some are overdrawn
        ("balance", NOISE[:, 1], False),
        ("balance", -np.exp(NOISE[:, 1] * 2), False),  # a tail of debts is no tail of wealth
        ("score", np.exp(NOISE[:, 1] * 2), False),
        ("balance", np.where(np.arange(N) < 40, 5000.0 + np.arange(N), 0), False),  # nine in ten have nothing
    ],
)
def test_money_with_a_long_tail_is_scaled_by_its_logarithm(meaning, values, scaled):
    found = chosen({"age": "", "money": meaning}, money=values)
    assert found.scaling == ({"money": "log"} if scaled else {})


def test_the_logarithm_is_of_the_default_choice_only_and_the_analyst_can_refuse_it():
    defaults = DefaultFeatures(("age", "balance"), {"balance": "log"})
    assert resolved(FeatureChoice(), defaults).scaling == {"balance": "log"}
    assert resolved(FeatureChoice(("age", "balance")), defaults) == FeatureChoice(("age", "balance"))
    assert resolved(FeatureChoice(None, {"balance": "standard"}), defaults).scaling == {}
    assert resolved(FeatureChoice(None, {"age": "robust"}), defaults).scaling == {"age": "robust", "balance": "log"}


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        (("income", *reversed(DEFAULT_FEATURES)), DEFAULT_FEATURES),
        (("tenure", "income", "age"), ("age", "tenure", "income")),  # of so few, no correlation counts
        (("latitude", "longitude"), ()),
        ((), ()),
    ],
)
def test_few_customers_have_default_features_too(columns, expected):
    frame = pd.DataFrame(dict.fromkeys(columns, VARIES))
    found = default_features(frame, [BY_NAME[name] for name in columns], in_memory(frame))
    assert found.names == tuple(expected)


@pytest.mark.parametrize(
    ("ages", "expected"),
    [([1, 2, np.nan, np.nan], ("age", "tenure")), ([1, 2, np.nan, np.nan, np.nan], ("tenure",))],
)
def test_a_default_feature_is_one_that_at_least_half_of_the_customers_have(ages, expected):
    frame = pd.DataFrame({"age": ages, "tenure": range(len(ages))})
    assert default_features(frame, [BY_NAME["age"], BY_NAME["tenure"]], in_memory(frame)).names == expected


@settings(derandomize=True, deadline=None, max_examples=30)
@given(st.permutations(range(8)), st.integers(0, 2**16))
def test_neither_the_order_of_rows_nor_that_of_columns_decides(order, seed):
    meanings = {"b1": "balance", "b2": "balance", "pay": "income", "s1": "spend", "s2": "spend", "n": "number",
                "age": "", "last": "recency"}  # fmt: skip
    values = {"b2": np.round(NOISE[:, 0] + NOISE[:, 9]), "s1": np.exp(NOISE[:, 3] * 2), "s2": np.exp(NOISE[:, 4])}
    frame = pd.DataFrame({name: values.get(name, NOISE[:, i]) for i, name in enumerate(meanings)})
    frame = frame.mask(NOISE[:, :8] > 1.5)
    expected = default_features(frame, described(meanings), in_memory(frame))
    columns = [described(meanings)[i] for i in order]
    shuffled = frame.sample(frac=1, random_state=seed, ignore_index=True)[[column.name for column in columns]]
    assert default_features(shuffled, columns, in_memory(shuffled)) == expected


def test_the_sample_counts_equal_rows_and_keeps_what_is_unknown():
    block = np.array([[1.0, np.nan], [1.0, np.nan], [2.0, 5.0]])
    found = SampledColumns.of(["a", "b"], distinct(filled(block), EVENLY)[0])
    rows = sorted(zip(found.values.tolist(), found.counts.tolist(), strict=True), key=lambda row: row[1])
    assert str(rows) == "[([2.0, 5.0], 1.0), ([1.0, nan], 2.0)]"
    assert (found.mean("a"), found.most_frequent("a")) == (1.33333333, 2 / 3)


@pytest.mark.parametrize("other", [NOISE[:, 0] ** 3, NOISE[:, 1], np.round(NOISE[:, 0] * 2), NOISE[:, 0] + NOISE[:, 2]])
def test_the_rank_correlation_is_that_of_pandas(other):
    frame = pd.DataFrame({"a": NOISE[:, 0], "b": other})
    ours = in_memory(frame)(["a", "b"]).correlation("a", "b")
    assert ours == pytest.approx(abs(frame.corr("spearman").loc["a", "b"]))


def test_the_skewness_is_the_moment_coefficient():
    frame = pd.DataFrame({"a": np.exp(NOISE[:, 0])})
    away = frame["a"] - frame["a"].mean()
    assert in_memory(frame)(["a"]).skewness("a") == pytest.approx((away**3).mean() / (away**2).mean() ** 1.5)
