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
from core.segments.fit import fit
from core.segments.model import freeze
from core.segments.model_file import from_dict, read_model
from core.segments.number import number
from core.segments.profile import describe

CUSTOMERS = pd.DataFrame({"age": [20.0, 30, 60, 70, 45], "balance": [1.0, 10, 200, 3000, None]})
CHOICE = FeatureChoice(("age", "balance"), {"balance": "log"}, outliers=True)


def saved():
    matrix = feature_matrix(CUSTOMERS, CHOICE)
    segments = describe(
        CUSTOMERS, [BY_NAME[name] for name in CUSTOMERS], matrix, number(CUSTOMERS, matrix, fit(matrix, 2))
    )
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
        (b"", "This is not JSON"),
        (b"\x89PNG", "This is not JSON"),
        (b"[" * 100_000, "This is not JSON"),
        (b"[]", "there is no “format”"),
        (b'{"format": "something else", "version": 1}', "“format” is not “customer segments”, version 1"),
        (json.dumps(MODEL).replace('"spread": ', '"spread": NaN, "x": ').encode(), "“nan” is not a finite number"),
        (json.dumps(MODEL).replace('"name": "', r'"name": "\ud800').encode(), "This is not JSON"),
        (json.dumps(MODEL).replace('"seed": 0', f'"seed": 1{"0" * 400}').encode(), "“10+” is not a finite number"),
    ],
)
def test_a_file_that_is_no_model_is_refused(content, message):
    with pytest.raises(DataError, match=f"m.json: .*{message}.* Use a model.json that this program saved"):
        read_model(content, "m.json")


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (["features"], ..., "there is no “features”"),
        (["features"], {}, "“features” is not a list"),
        (["features", 0, "spread"], 0, "“spread” is not a number of at least 1e-60"),
        (["features", 0, "deviation"], 1e-160, "“spread” is not a number of at least 1e-60"),
        (["features", 0, "mean"], 1e300, "“1e[+]300” is not a finite number of at most 1e[+]30"),
        (["features", 0, "missing"], 10**13, "“10000000000000” is not a count"),
        (["segments", 0, "centre"], [1e300, 0], "“1e[+]300” is not a finite number of at most 1e[+]30"),
        (["version"], 10**400, "“10+” is not a finite number"),
        (["seed"], 2**32, "“4294967296” is not a seed"),
        (["features", 0, "spread"], "1", "“'1'” is not a finite number"),
        (["features", 0, "centre"], True, "“True” is not a finite number"),
        (["features", 0, "centre"], 1e999, "“inf” is not a finite number"),
        (["features", 0, "scaling"], "cubic", "“scaling” is not one of standard, robust, log"),
        (["features", 0, "seen"], [9, 1], "“seen” is not the lowest and the highest value"),
        (["features", 0, "counts"], [1], "“edges” is not rising, with one count more than there are edges"),
        (["features", 1, "name"], "age", "“features” is not different"),
        (["features", 0, "yes_no"], "no", "“yes_no” is not true or false"),
        (["segments", 0, "centre"], [1], "“centre” is not a list of 2 numbers"),
        (["segments", 0, "cluster"], "2", "“segments” is not numbered from 1 to k"),
        (["k"], 3, "“segments” is not numbered from 1 to k"),
        (["segments", 0, "customers"], -1, "“-1” is not a count"),
        (["others"], {"Strangers": 1}, "“others” is not counts of Outliers and Not clustered"),
        (["rules", "colour"], "red", "Unknown rule"),
        (["rules", "as_of"], "yesterday", "'yesterday' is not a value for this rule"),
        (["rules", "mass_affluent", "min_measure"], 10**400, "10+ is not a value for this rule"),
        (["rules", "intake", "header_row"], 1e300, "1e[+]300 is not a value for this rule"),
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
    segments = describe(customers, [BY_NAME["balance"]], matrix, number(customers, matrix, fit(matrix, 2)))
    model = freeze(segments, Rules(date(2018, 1, 1)), files=[], digest="")
    assert read_model(json_bytes(model.to_dict())).to_dict() == model.to_dict()
