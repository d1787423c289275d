"""What a segment is like: differences by effect size, a rule with its fidelity, typical values."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from core.schema import BY_NAME
from core.segments.choice import FeatureChoice
from core.segments.explain import Rule, differences, rules, typical
from core.segments.features import feature_matrix
from core.segments.fit import fit
from core.segments.number import number
from core.segments.profile import describe

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
    return describe(customers, COLUMNS, matrix, number(customers, matrix, fit(matrix, k)))


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


def test_typical_values_are_medians_and_the_commonest_answers():
    found = typical(CUSTOMERS, COLUMNS, segments())
    assert found[["cluster", "column", "value"]].values.tolist() == [
        ["1", "property_valuation", 10.5], ["1", "age", 30.0], ["1", "owns_car", "Yes"], ["1", "state", "NSW"],
        ["2", "property_valuation", 2.0], ["2", "age", 65.0], ["2", "owns_car", "No"], ["2", "state", "NSW"],
    ]  # fmt: skip


def test_a_rule_says_which_values_the_segment_has():
    assert rules(CUSTOMERS, COLUMNS, segments()) == [
        Rule("1", "property valuation from 10", 1.0, 1.0),
        Rule("2", "property valuation up to 3", 1.0, 1.0),
    ]


def test_a_rule_that_does_not_fit_everybody_says_how_well_it_does():
    rng = np.random.default_rng(0)
    customers = pd.DataFrame({"property_valuation": rng.normal(size=600), "age": rng.normal(size=600)})
    made = segments(customers, 4, ("age", "property_valuation"))
    for rule in rules(customers, COLUMNS, made):
        assert 0.5 < rule.precision < 1
        assert 0.5 < rule.recall < 1


def test_neither_result_depends_on_the_order_of_the_customers():
    order = np.random.default_rng(1).permutation(len(CUSTOMERS))
    shuffled = CUSTOMERS.iloc[order].reset_index(drop=True)
    pd.testing.assert_frame_equal(
        differences(CUSTOMERS, COLUMNS, segments()), differences(shuffled, COLUMNS, segments(shuffled))
    )
    assert rules(CUSTOMERS, COLUMNS, segments()) == rules(shuffled, COLUMNS, segments(shuffled))


@pytest.mark.parametrize("names", [(), ("state",)[:0]])
def test_without_segments_there_is_nothing_to_explain(names):
    made = segments(names=names)
    assert rules(CUSTOMERS, COLUMNS, made) == []
    assert differences(CUSTOMERS, COLUMNS, made).empty
    assert typical(CUSTOMERS, COLUMNS, made).empty


def test_a_yes_or_no_feature_reads_as_an_answer():
    made = segments(names=("owns_car",))
    assert {rule.text for rule in rules(CUSTOMERS, COLUMNS, made)} == {"car ownership yes", "car ownership no"}


@pytest.mark.parametrize(
    ("values", "rule"),
    [
        (2.0**24 + np.arange(8), "up to 1.678e+07"),  # 32 bits tell only every second one
        (1e-9 * np.arange(8), "up to 3e-09"),  # a tree does not split below 1e-7
    ],
    ids=["close together", "small"],
)
def test_values_that_32_bits_cannot_tell_apart_have_a_rule(values, rule):
    customers = pd.DataFrame({"property_valuation": values})
    assert rules(customers, COLUMNS, segments(customers))[1] == Rule("2", f"property valuation {rule}", 1.0, 1.0)


def test_a_segment_without_customers_or_without_others_has_no_rule():
    made = segments()
    one = replace(made, labels=pd.Categorical.from_codes([0] * 8, made.labels.categories))
    nobody = replace(made, labels=pd.Categorical.from_codes([2] * 8, made.labels.categories))
    assert rules(CUSTOMERS, COLUMNS, one) == rules(CUSTOMERS, COLUMNS, nobody) == []
