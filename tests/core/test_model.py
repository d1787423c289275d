"""The frozen model is plain JSON, the same for the same customers, and holds all it takes to assign one."""

import json
from datetime import date

import numpy as np
import pandas as pd
import sklearn

from core.rules import Rules
from core.schema import BY_NAME
from core.segments.features import feature_matrix
from core.segments.find import find_segments
from core.segments.model import freeze

RULES = Rules(date(2018, 1, 1))


def segments(customers, k, features=None):
    matrix = feature_matrix(customers, features or list(customers))
    return find_segments(customers, [BY_NAME[name] for name in customers], matrix, k)


def test_the_model_lists_its_numbers_and_where_they_come_from():
    found = segments(pd.DataFrame({"age": [20.0, 40.0], "property_valuation": [1.0, 5.0]}), 2)
    rest = {"usual": None, "missing": 0, "yes_no": False, "source": "", "scaling": "standard", "counts": [1, 1]}
    colours = {"1": "#000001", "2": "#000002"}
    assert freeze(found, RULES, files=["a.csv", "b.csv"], digest="0f", seed=3, colours=colours).to_dict() == {
        "format": "customer segments",
        "version": 1,
        "k": 2,
        "features": [
            {"name": "age", "centre": 30, "spread": 10, "mean": 30, "deviation": 10, "seen": [20, 40], "edges": [40]}
            | rest,
            {"name": "property_valuation", "centre": 3, "spread": 2, "mean": 3, "deviation": 2, "seen": [1, 5]}
            | {"edges": [5]}
            | rest,
        ],
        "segments": [
            {"cluster": "1", "name": "Older · high valuation", "colour": "#000001", "customers": 1, "centre": [1, 1]},
            {"cluster": "2", "name": "Younger · low valuation", "colour": "#000002", "customers": 1}
            | {"centre": [-1, -1]},
        ],
        "others": {"Not clustered": 0},
        "numbered_by": "property_valuation",
        "structure": "",
        "seed": 3,
        "rules": RULES.to_dict(),
        "input": {"files": ["a.csv", "b.csv"], "sha256": "0f"},
        "versions": {"scikit-learn": sklearn.__version__, "numpy": np.__version__, "pandas": pd.__version__},
        "columns": {},
        "geography": {"country": ""},
    }


def test_the_model_of_nobody_is_json_too():
    found = segments(pd.DataFrame({"age": [np.nan, 40.0], "balance": [1.0, np.nan]}), 3)
    model = json.loads(json.dumps(freeze(found, RULES, files=[], digest="").to_dict(), allow_nan=False))
    assert (model["k"], model["segments"], model["others"]) == (0, [], {"Not clustered": 2})


def test_the_order_of_the_rows_changes_no_byte():
    rng = np.random.default_rng(4)
    customers = pd.DataFrame({"age": rng.normal(40, 9, 500), "balance": rng.lognormal(9, 1, 500)})
    models = [
        json.dumps(freeze(segments(rows, 4), RULES, files=[], digest="").to_dict())
        for rows in (customers, customers.sample(frac=1, random_state=1, ignore_index=True))
    ]
    assert models[0] == models[1]
