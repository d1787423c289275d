"""Sentences on features that mislead and on protected attributes that the segments follow."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from core.schema import BY_NAME, Column
from core.segments.advice import about_drivers, about_features, association, explained, skewness
from core.segments.choice import FeatureChoice
from core.segments.features import feature_matrix
from core.segments.find import find_segments

SPREAD = np.tile(np.arange(10.0), 20)  # as often low as high, and the same again and again


def segments(customers, names, **choice):
    matrix = feature_matrix(customers, FeatureChoice(tuple(names), **choice))
    columns = [BY_NAME.get(name, Column(name, "number", name.capitalize())) for name in customers]
    return columns, find_segments(customers, columns, matrix, 3)


def said(values, about=about_features, names=None, **choice):
    customers = pd.DataFrame(values)
    columns, found = segments(customers, names or list(customers), **choice)
    return about(customers, columns, found)


LONG_TAIL = np.exp(SPREAD)


def giant(segment):
    return (
        f"Segment {segment} holds 90% of the clustered customers or more: the others are a few outliers. "
        "Scale a skewed feature by its logarithm, or make outliers a group of their own."
    )


@pytest.mark.parametrize(
    ("values", "choice", "expected"),
    [
        ({"age": SPREAD}, {}, []),
        ({"fee": [1.0] * 196 + [2.0] * 4}, {"scaling": {"fee": "robust"}},
         ["Fee has the same value for 95% of customers or more: it hardly tells them apart.", giant(2)]),
        ({"balance": [*SPREAD, 10_000.0, 20_000.0]}, {"scaling": {"balance": "robust"}}, [giant(3)]),
        ({"balance": LONG_TAIL}, {},
         ["Balance is highly skewed (skewness 2.1; above 1 is, Bulmer 1979): try its logarithm."]),
        ({"balance": LONG_TAIL}, {"scaling": {"balance": "log"}}, []),
        ({"age": SPREAD, "tenure": SPREAD * 2 + 1}, {},
         ["Age and Tenure say the same (r = 1.000), which then counts twice: keep one."]),
        ({"age": SPREAD, "tenure": -SPREAD + np.tile([0, 1.5], 100)}, {},
         ["Age and Tenure say nearly the same (r = −0.966), which then counts twice: keep one."]),
        ({"age": [np.inf, *SPREAD]}, {}, ["Age: infinite values count as missing."]),
    ],
)  # fmt: skip
def test_features_that_mislead_get_a_sentence(values, choice, expected):
    assert said(values, **choice) == expected


def test_a_protected_attribute_that_drives_the_segments_is_named():
    gender = pd.Categorical(np.where(SPREAD < 5, "Male", "Female"))
    customers = {"age": SPREAD, "gender": gender, "postcode": np.array(["2000", "3000"] * 100)}
    age, by_gender = said(customers, about_drivers, ["age"])
    assert age.startswith("Age accounts for the segments in large part (0.89 of 1). ")
    assert age.endswith("It is a protected attribute: before treating customers by segment, check that this is fair, "
                        "or leave age out.")  # fmt: skip
    assert by_gender.startswith("Gender accounts for the segments in large part (0.")


def test_few_customers_tell_nothing_of_what_drives_the_segments():
    assert said({"age": SPREAD[:40]}, about_drivers) == []


def test_the_explained_share_lies_between_none_and_all():
    codes = np.array([0, 0, 1, 1])
    assert explained(np.array([1.0, 1, 5, 5]), codes) == 1
    assert explained(np.array([1.0, 5, 1, 5]), codes) == 0
    assert explained(np.array([0.0, 2, 4, 6]), codes) == pytest.approx(16 / 20)
    assert explained(np.array([3.0, 3, 3, np.nan]), codes) == 0


def test_labels_that_go_together_are_associated_and_chance_is_taken_off():
    codes = np.repeat([0, 1], 100)
    assert association(np.repeat(["a", "b"], 100), codes) == pytest.approx(1)
    assert association(np.tile(["a", "b"], 100), codes) == 0
    assert association(np.arange(200).astype("str"), codes) == 0


def test_skewness_is_the_third_standardised_moment():
    assert skewness(np.array([0.0, 0, 0, 4])) == pytest.approx(2 / np.sqrt(3))
    assert skewness(np.array([1.0, 1, 1])) == 0


@pytest.mark.parametrize("customers", [(0, 0, 0), (0, 200, 0)])
def test_segments_without_anybody_are_not_called_outliers(customers):
    frame = pd.DataFrame({"age": SPREAD})
    columns, found = segments(frame, ["age"])
    found = replace(found, profile=found.profile.assign(customers=customers))
    assert about_features(frame, columns, found) == []
