"""A saved model comes back as it was; anything else is refused in words and runs nothing."""

import copy
import json
from datetime import date

import pandas as pd
import pytest

from core.errors import DataError
from core.files import json_bytes
from core.rules import Rules
from core.schema import BY_NAME
from core.segments.choice import FeatureChoice
from core.segments.features import feature_matrix
from core.segments.find import find_segments
from core.segments.model import freeze
from core.segments.model_file import from_dict, read_model

CUSTOMERS = pd.DataFrame({"age": [20.0, 30, 60, 70, 45], "balance": [1.0, 10, 200, 3000, None]})
CHOICE = FeatureChoice(("age", "balance"), {"balance": "log"}, outliers=True)


def saved():
    matrix = feature_matrix(CUSTOMERS, CHOICE)
    segments = find_segments(CUSTOMERS, [BY_NAME[name] for name in CUSTOMERS], matrix, 2)
    return freeze(segments, Rules(date(2018, 1, 1)), files=["a.csv"], digest="0f", colours={"1": "#111111"})


MODEL = json.loads(json_bytes(saved().to_dict()))


def changed(path, value):
    """The model with one value put in place of another; `...` takes it out."""
    document = copy.deepcopy(MODEL)
    *way, last = path
    part = document
    for key in way:
        part = part[key]
    if value is ...:
        del part[last]
    else:
        part[last] = value
    return document


def test_a_model_that_was_saved_is_read_back():
    content = json_bytes(saved().to_dict())
    assert json_bytes(read_model(content).to_dict()) == content


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "it is not JSON: Expecting value"),
        (b"\x89PNG", "it is not UTF-8 text at byte 1"),
        (b"[" * 100_000, "it is nested more than 20 deep"),
        (b" " * (10 * 2**20 + 1), "it is larger than 10 MB"),
        (b"[" + b"0," * 500_000 + b"0]", "it has more than 500,000 values"),
        (b'{"a": 1, "a": 2}', "it is not JSON: 'a' is there twice in one table"),
        (b"[]", "its format is not “customer segments”, version 1"),
        (b'{"format": "something else", "version": 1}', "its format is not “customer segments”, version 1"),
        (
            json.dumps(MODEL).replace('"spread": ', '"spread": NaN, "x": ').encode(),
            "it is not JSON: 'NaN' is not a finite number",
        ),
        (
            json.dumps(MODEL).replace('"name": "', r'"name": "\ud800').encode(),
            "it is not JSON: it has half of a surrogate pair",
        ),
        (
            json.dumps(MODEL).replace('"seed": 0', f'"seed": 1{"0" * 400}').encode(),
            "it has a number of more than 100 digits",
        ),
    ],
)
def test_a_file_that_is_no_model_is_refused(content, message):
    with pytest.raises(DataError, match=f"m.json: .*{message}.* Use a model.json that this program saved"):
        read_model(content, "m.json")


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (["features"], ..., "it lacks “features”"),
        (["more"], 1, "it has an unknown 'more'; known are format, version, k, "),
        (["features"], {}, "“features” is not a list but a table"),
        (["features", 0, "spread"], 0, "“features.0..spread” is not a number from 1e-60 to 1e[+]30 but 0"),
        (
            ["features", 0, "deviation"],
            1e-160,
            "“features.0..deviation” is not a number from 1e-60 to 1e[+]30 but 1e-160",
        ),
        (["features", 0, "mean"], 1e300, "“features.0..mean” is not a number from -1e[+]30 to 1e[+]30 but 1e[+]300"),
        (["features", 0, "missing"], 10**13, "missing” is not a whole number from 0 to 1,000,000,000,000 but 10000"),
        (
            ["segments", 0, "centre"],
            [1e300, 0],
            "“segments.0..centre.0.” is not a number from -1e[+]30 to 1e[+]30 but 1e[+]300",
        ),
        (["version"], 10**400, "its format is not"),
        (["seed"], 10**400, "“seed” is not a whole number from 0 to 4,294,967,295 but a very large one"),
        (["seed"], 2**32, "“seed” is not a whole number from 0 to 4,294,967,295 but 4294967296"),
        (["features", 0, "spread"], "1", "“features.0..spread” is not a number from 1e-60 to 1e[+]30 but '1'"),
        (["features", 0, "centre"], True, "“features.0..centre” is not a number from -1e[+]30 to 1e[+]30 but True"),
        (["features", 0, "centre"], 1e999, "“features.0..centre” is not a number from -1e[+]30 to 1e[+]30 but inf"),
        (["features", 0, "scaling"], "cubic", "“features.0..scaling” is not one of standard, robust, log but 'cubic'"),
        (["features", 0, "seen"], [9, 1], "the range of the feature 'age' is not the lowest and the highest value"),
        (
            ["features", 0, "counts"],
            [1],
            "the edges of the feature 'age' are not rising, with one count more",
        ),
        (["features", 1, "name"], "age", "two features have one name"),
        (["features", 0, "yes_no"], "no", "“features.0..yes_no” is not true or false but 'no'"),
        (["segments", 0, "centre"], [1], "the centre of segment 1 is not a list of 2 numbers"),
        (["segments", 0, "cluster"], "2", "“segments” are not numbered from 1 to k"),
        (["k"], 3, "“segments” are not numbered from 1 to k"),
        (
            ["segments", 0, "customers"],
            -1,
            "“segments.0..customers” is not a whole number from 0 to 1,000,000,000,000 but -1",
        ),
        (["others"], {"Outliers": -1}, "“others.Outliers” is not a whole number from 0 to 1,000,000,000,000 but -1"),
        (["others"], {"Strangers": 1}, "“others” are not counts of Outliers and Not clustered"),
        (["rules", "colour"], "red", "“rules” has an unknown 'colour'"),
        (["rules", "as_of"], "yesterday", "“rules.as_of” is not a date such as 2026-01-31 but 'yesterday'"),
        (
            ["rules", "mass_affluent", "min_measure"],
            10**400,
            "min_measure” is not a number from -1e[+]18 to 1e[+]18 but a very large one",
        ),
        (
            ["rules", "intake", "header_row"],
            1e300,
            "“rules.intake.header_row” is not a whole number from -1 to 1,000,000,000 but 1e[+]300",
        ),
    ],
)
def test_a_model_with_a_wrong_part_is_refused_and_the_part_named(path, value, message):
    with pytest.raises(DataError, match=message):
        from_dict(changed(path, value))


def test_a_model_of_more_segments_than_the_program_makes_is_refused():
    segments = [MODEL["segments"][0] | {"cluster": str(number)} for number in range(1, 32)]
    with pytest.raises(DataError, match="“segments” is not a list of at most 30"):
        from_dict(MODEL | {"segments": segments, "k": 31})


@pytest.mark.parametrize("size", [1e30, 1e-30])
@pytest.mark.parametrize("scaling", ["standard", "robust", "log"])
def test_a_model_of_values_of_any_size_is_read_back(size, scaling):
    customers = pd.DataFrame({"balance": [-size, *(size * i / 7 for i in range(8)), 1.0]})
    matrix = feature_matrix(customers, FeatureChoice(("balance",), {"balance": scaling}, outliers=True))
    segments = find_segments(customers, [BY_NAME["balance"]], matrix, 2)
    model = freeze(segments, Rules(date(2018, 1, 1)), files=[], digest="")
    assert read_model(json_bytes(model.to_dict())).to_dict() == model.to_dict()
