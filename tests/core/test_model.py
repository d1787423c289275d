"""The frozen model is plain JSON and holds all it takes to assign a customer."""

import json
from datetime import date

import numpy as np
import pandas as pd
import sklearn

from core.rules import Rules
from core.schema import BY_NAME
from core.segments.features import feature_matrix
from core.segments.fit import fit
from core.segments.model import to_dict
from core.segments.profile import describe

RULES = Rules(date(2018, 1, 1))


def segments(customers, k, seed=0):
    matrix = feature_matrix(customers, list(customers))
    return describe(customers, [BY_NAME[name] for name in customers], matrix, fit(matrix, k, seed=seed))


def test_the_model_lists_its_numbers_and_where_they_come_from():
    found = segments(pd.DataFrame({"age": [20.0, 40.0], "property_valuation": [1.0, 5.0]}), 2)
    assert to_dict(found, RULES, files=["a.csv", "b.csv"], digest="0f", seed=3) == {
        "features": ["age", "property_valuation"],
        "scaling": {"mean": [30, 3], "standard_deviation": [10, 2]},
        "centres": [[1, 1], [-1, -1]],
        "names": {"1": "Older · high valuation", "2": "Younger · low valuation"},
        "k": 2,
        "seed": 3,
        "rules": RULES.to_dict(),
        "input": {"files": ["a.csv", "b.csv"], "sha256": "0f"},
        "versions": {"scikit-learn": sklearn.__version__, "numpy": np.__version__, "pandas": pd.__version__},
    }


def test_the_model_of_nobody_is_json_too():
    found = segments(pd.DataFrame({"age": [np.nan]}), 3)
    model = json.loads(json.dumps(to_dict(found, RULES, files=[], digest=""), allow_nan=False))
    assert (model["k"], model["centres"], model["names"]) == (0, [], {"Not clustered": "Not clustered"})


def test_scaling_and_centres_read_back_from_json_assign_every_customer_as_the_fit_did():
    rng = np.random.default_rng(4)
    customers = pd.DataFrame({"age": rng.integers(18, 90, 400), "property_valuation": rng.integers(1, 13, 400)})
    found = segments(customers.astype("float64"), 5)
    model = json.loads(json.dumps(to_dict(found, RULES, files=[], digest=""), allow_nan=False))
    values = customers[model["features"]].to_numpy()
    points = (values - model["scaling"]["mean"]) / model["scaling"]["standard_deviation"]
    distances = ((points[:, None] - np.array(model["centres"])) ** 2).sum(axis=2)
    assert [str(nearest + 1) for nearest in distances.argmin(axis=1)] == found.labels.tolist()
