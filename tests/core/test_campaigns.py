"""Charts of the strategy simulation: what they are drawn from."""

import pandas as pd

from core.views.campaigns import tornado

TABLE = pd.DataFrame(
    {"input": ["Uplift (points)", "Contact cost ($)"], "low": [2.0, 4.0], "high": [4.0, 6.0]}
    | {"at_low": [-5.0, 18.0], "at_high": [25.0, 17.0]}
)


def test_a_tornado_has_a_bar_to_either_side_for_every_input():
    bars = tornado(TABLE, 17.5, "$").to_dict()
    rows = next(iter(bars["datasets"].values()))
    assert [(row["input"], row["end"], row["written"], row["net_value"], row["text"]) for row in rows] == [
        ("Uplift (points)", "At its low", "2", -5, "−$5"),
        ("Contact cost ($)", "At its low", "4", 18, "$18"),
        ("Uplift (points)", "At its high", "4", 25, "$25"),
        ("Contact cost ($)", "At its high", "6", 17, "$17"),
    ]
    assert {row["likely"] for row in rows} == {17.5}
    axes = [tornado(TABLE, 1, sign).to_dict()["layer"][0]["encoding"]["x"]["axis"] for sign in ("$", "")]
    assert [(axis["title"], '"$"' in axis["labelExpr"]) for axis in axes] == [("Net value", True), ("Net value", False)]
    assert bars["layer"][0]["encoding"]["y"]["sort"] == ["Uplift (points)", "Contact cost ($)"]


def test_nothing_uncertain_draws_nothing():
    assert tornado(TABLE.head(0), 1) is None
