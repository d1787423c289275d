"""A saved model gives its own customers the labels of its fit, and others a reason or a warning."""

import json
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from core.errors import DataError
from core.files import json_bytes
from core.pipeline import load, segment, segment_by
from core.rules import Rules
from core.schema import BY_NAME
from core.segments.choice import FeatureChoice
from core.segments.features import feature_matrix
from core.segments.kmeans import CentreClustering
from core.segments.model import freeze
from core.segments.model_file import read_model
from core.segments.profile import describe
from core.segments.score import score_customers
from core.sources.file import FileSource
from data.generate import SAMPLE

RULES = Rules(date(2018, 1, 1))
CHOICES = [
    FeatureChoice(),
    FeatureChoice.parse("age,tenure:log,property_valuation:robust,owns_car"),
    FeatureChoice.parse("age:robust,purchases:log", outliers=True),
]


def small_model(outliers=False):
    customers = pd.DataFrame({"age": [20.0, 22, 40, 42], "property_valuation": [1.0, 1, 9, 9]})
    matrix = feature_matrix(customers, FeatureChoice(tuple(customers), outliers=outliers))
    clustering, columns = CentreClustering(np.array([[1.0, 1], [-1, -1]])), [BY_NAME[name] for name in customers]
    found = describe(customers, columns, matrix, clustering, np.array([1, 1, 0, 0]))
    return freeze(found, RULES, files=[], digest="")


def test_customers_get_the_nearest_segment_a_distance_and_what_is_unusual():
    others = pd.DataFrame(
        {
            "customer_id": list("abcd"),
            "age": [42.0, 20, np.nan, np.nan],
            "property_valuation": [12.0, 1, 5, np.nan],
        }
    )
    names = "1 Older · high valuation", "2 Younger · low valuation"
    table = score_customers(others, [BY_NAME[name] for name in others], small_model())
    assert table.columns.tolist() == [
        "customer_id", "Cluster", "Segment", "Distance", "Second_segment", "Margin", "Outside_range",
        "Not_clustered_because",
    ]  # fmt: skip
    assert table[["customer_id", "Cluster", "Segment"]].to_numpy().tolist() == [
        ["a", *names[0].split(" ", 1)],
        ["b", *names[1].split(" ", 1)],
        ["c", "Not clustered", "Not clustered"],
        ["d", "Not clustered", "Not clustered"],
    ]
    away, up = 11 / np.sqrt(101) - 1, 7 / 4 - 1  # the centres stand one deviation from the mean
    assert table["Distance"].tolist() == pytest.approx(
        [np.hypot(away, up), away, np.nan, np.nan], nan_ok=True, abs=1e-6
    )
    assert table["Outside_range"].tolist() == ["property valuation", "", "", ""]
    assert table["Not_clustered_because"].tolist() == ["", "", "lacks age", "lacks age, property valuation"]


def test_an_outlier_of_the_model_is_an_outlier_among_others():
    others = pd.DataFrame({"customer_id": ["a"], "age": [119.0], "property_valuation": [9.0]})
    [row] = score_customers(others, [BY_NAME[name] for name in others], small_model(outliers=True)).to_dict("records")
    assert (row["Cluster"], row["Not_clustered_because"], row["Outside_range"]) == ("Outliers", "unusual age", "age")


def test_a_feature_that_the_data_lacks_is_named():
    with pytest.raises(DataError, match=r"needs age, property_valuation; the data has no age\. Add these columns"):
        score_customers(pd.DataFrame({"property_valuation": [1.0]}), [], small_model())


def test_a_model_without_segments_is_refused():
    model = replace(small_model(), clustering=CentreClustering(np.empty((0, 2))), names={})
    with pytest.raises(DataError, match="The model has no segments"):
        score_customers(pd.DataFrame({"age": [1.0], "property_valuation": [1.0]}), [], model)


@pytest.fixture(scope="module")
def sample():
    return load([FileSource(SAMPLE.name, SAMPLE.read_bytes())], RULES)


def assert_scored_as_fitted(study, choice):
    found = segment(study, 5, choice)
    content = json_bytes(freeze(found, study.rules, files=study.files, digest=study.digest).to_dict())
    model = read_model(content)
    scored = score_customers(study.customers, study.columns, model)
    assert scored["Cluster"].tolist() == found.labels.astype("str").tolist()
    assert (scored["Outside_range"] == "").sum() >= (~scored["Cluster"].isin(["Outliers", "Not clustered"])).sum()
    again = segment_by(study, model)
    assert again.labels.tolist() == found.labels.tolist()
    assert again.names == found.names
    pd.testing.assert_frame_equal(again.profile, found.profile)
    assert json.loads(content)["k"] == 5


@pytest.mark.parametrize("choice", CHOICES, ids=str)
def test_the_sample_is_scored_as_it_was_fitted(sample, choice):
    assert_scored_as_fitted(sample, choice)


@pytest.mark.real_data
def test_the_real_customers_are_scored_as_they_were_fitted(real_data):
    files = [real_data / name for name in ("CustomerDemographic.csv", "CustomerAddress.csv")]
    study = load([FileSource(file.name, file.read_bytes()) for file in files], RULES)
    for choice in CHOICES:
        assert_scored_as_fitted(study, choice)
