"""A rule of thumb is evaluated as it is shown."""

import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.schema import BY_NAME, Column
from core.segments.choice import FeatureChoice
from core.segments.features import feature_matrix
from core.segments.find import find_segments
from core.segments.rule_of_thumb import MOVED, Rule, rounded, rules

CUSTOMERS = pd.DataFrame(
    {
        "property_valuation": [10.0, 11, 12, 10, 1, 2, 3, 2],
        "age": [20.0, 30, 40, np.nan, 60, 60, 70, 80],
        "owns_car": pd.Categorical(["Yes", "Yes", "Yes", "Unknown", "No", "No", "No", "Yes"]),
    }
)
COLUMNS = tuple(BY_NAME[name] for name in CUSTOMERS)


def segments(customers=CUSTOMERS, k=2, names=("property_valuation",)):
    matrix = feature_matrix(customers, FeatureChoice.of(names))
    return find_segments(customers, COLUMNS, matrix, k)


def test_a_rule_says_which_values_the_segment_has():
    assert rules(CUSTOMERS, COLUMNS, segments()) == [
        Rule("1", "property valuation from 10", 1.0, 1.0),
        Rule("2", "property valuation up to 3", 1.0, 1.0),
    ]


def test_a_header_of_the_file_stands_as_it_is_in_a_rule():
    income = Column("netto", "number", "Nettoeinkommen mtl.")
    customers = CUSTOMERS.rename(columns={"property_valuation": "netto"})
    made = find_segments(customers, (income,), feature_matrix(customers, FeatureChoice.of(("netto",))), 2)
    found = rules(customers, (income,), made)
    assert [rule.text for rule in found] == ["Nettoeinkommen mtl. from 10", "Nettoeinkommen mtl. up to 3"]


def test_a_rule_that_does_not_fit_everybody_says_how_well_it_does():
    rng = np.random.default_rng(0)
    customers = pd.DataFrame({"property_valuation": rng.normal(size=600), "age": rng.normal(size=600)})
    made = segments(customers, 4, ("age", "property_valuation"))
    for rule in rules(customers, COLUMNS, made):
        assert 0.5 < rule.precision < 1
        assert 0.5 < rule.recall < 1


def test_a_yes_or_no_feature_reads_as_an_answer():
    made = segments(names=("owns_car",))
    assert {rule.text for rule in rules(CUSTOMERS, COLUMNS, made)} == {"car ownership yes", "car ownership no"}


@pytest.mark.parametrize(
    ("values", "rule"),
    [
        (2.0**24 + np.arange(8), "up to 16,777,219"),  # 32 bits tell only every second one
        (0.1 * np.arange(8), "up to 0.31"),
        (1e-9 * np.arange(8), "up to 0.0000000031"),  # a tree does not split below 1e-7; 3 × 1e-9 is more than 3e-9
    ],
    ids=["close together", "tenths", "small"],
)
def test_values_that_32_bits_cannot_tell_apart_have_a_rule(values, rule):
    customers = pd.DataFrame({"property_valuation": values})
    assert rules(customers, COLUMNS, segments(customers))[1] == Rule("2", f"property valuation {rule}", 1.0, 1.0)


def test_a_segment_without_customers_or_without_others_has_no_rule():
    made = segments()
    one = replace(made, labels=pd.Categorical.from_codes([0] * 8, made.labels.categories))
    nobody = replace(made, labels=pd.Categorical.from_codes([2] * 8, made.labels.categories))
    assert rules(CUSTOMERS, COLUMNS, one) == rules(CUSTOMERS, COLUMNS, nobody) == []


def test_a_feature_of_noughts_and_ones_is_no_answer_unless_it_is_yes_and_no():
    customers = pd.DataFrame({"property_valuation": [0.0, 0, 1, 1]})
    found = rules(customers, COLUMNS, segments(customers))
    assert [rule.text for rule in found] == ["property valuation from 1", "property valuation up to 0"]


CONDITION = re.compile(r"(\D+?)(?: from ([\d,.e+-]+))?(?: (?:up )?to ([\d,.e+-]+))?")


def read(text):
    """A rule as it reads → column → its lowest and highest value."""
    names = {column.label.lower(): column.name for column in COLUMNS}
    found = (CONDITION.fullmatch(condition).groups() for condition in text.split(" and "))
    return {
        names[label]: (float((low or "-inf").replace(",", "")), float((high or "inf").replace(",", "")))
        for label, low, high in found
    }


def evaluated(rule, customers, codes):
    """Precision and recall of a rule as it reads, over all customers."""
    met = np.ones(len(customers), bool)
    for name, (low, high) in read(rule.text).items():
        met &= customers[name].between(low, high).to_numpy()
    inside = codes == int(rule.cluster) - 1
    return (met & inside).sum() / met.sum(), (met & inside).sum() / inside.sum()


@pytest.mark.parametrize("rows", [300, 4000])
@pytest.mark.parametrize("scale", [1e-4, 1.0, 58_943.217, 1e9])
def test_precision_and_recall_are_those_of_the_rule_as_it_reads(rows, scale, monkeypatch):
    monkeypatch.setattr("core.segments.tree_columns.TREE_ROWS", 1000)  # fitted to some, evaluated among all
    rng = np.random.default_rng(rows)
    customers = pd.DataFrame(
        {"property_valuation": scale * rng.lognormal(size=rows), "age": scale * rng.normal(5, 1, size=rows)}
    )
    made = segments(customers, 5, ("age", "property_valuation"))
    found = rules(customers, COLUMNS, made)
    assert len(found) == 5
    for rule in found:
        assert (rule.precision, rule.recall) == evaluated(rule, customers, made.labels.codes)


@pytest.mark.parametrize(
    ("threshold", "values", "side", "expected"),
    [
        (58_943.217, [58_000.0, 58_943.217, 60_000], "left", 58_900),
        (58_943.217, [58_000.0, 58_943.217, 60_000], "right", 59_000),
        (58_943.217, [58_943.1, 58_943.217, 58_943.3], "left", 58_943.2),
        (47.0, [46.0, 47, 48], "left", 47),
        (47.0, [46.0, 47, 48], "right", 47),
        (0.0, [-1.0, 0, 1], "right", 0),
        (-47.5, [-60.0, -47.5, -40], "left", -50),
        (0.1 + 0.2, [0.0, 0.1 + 0.2, 1], "right", 0.4),
    ],
)
def test_a_threshold_is_as_round_as_it_can_be(threshold, values, side, expected):
    assert rounded(threshold, np.array(values), side) == expected


@settings(derandomize=True, deadline=None)
@given(
    st.lists(st.floats(-1e30, 1e30), min_size=1, max_size=50).map(sorted),
    st.sampled_from(["left", "right"]),
    st.data(),
)
def test_rounding_moves_hardly_anybody_to_the_other_side(values, side, data):
    threshold, ordered = data.draw(st.sampled_from(values)), np.repeat(values, 40)
    before, after = (np.searchsorted(ordered, at, side) for at in (threshold, rounded(threshold, ordered, side)))
    assert abs(after - before) <= MOVED * len(ordered)
