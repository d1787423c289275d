"""The charts of the structure: encodings and data, no browser."""

import pandas as pd
import pytest

from core.views.structure import against_structureless, curve, effects

SCORES = pd.DataFrame(
    [(2, "silhouette", 0.4, 0.3, 0.28, 0.32), (3, "silhouette", 0.5, 0.3, 0.29, 0.31), (2, "inertia", 2, 3, 2.9, 3.1)],
    columns=["k", "measure", "value", "reference", "low", "high"],
)


def rows(chart):
    return [dict(row) for part in chart.layer for row in part.data.to_dict("records")]


def test_a_curve_has_the_data_the_reference_its_band_and_the_number_in_use():
    assert rows(curve(SCORES, "silhouette", k=3)) == [
        {"k": 2, "value": 0.4, "reference": 0.3, "low": 0.28, "high": 0.32},
        {"k": 3, "value": 0.5, "reference": 0.3, "low": 0.29, "high": 0.31},
        {"k": 3},
        {"k": 2, "which": "These customers", "score": 0.4, "written": "0.400"},
        {"k": 3, "which": "These customers", "score": 0.5, "written": "0.500"},
        {"k": 2, "which": "Structureless data", "score": 0.3, "written": "0.300"},
        {"k": 3, "which": "Structureless data", "score": 0.3, "written": "0.300"},
    ]


@pytest.mark.parametrize(
    ("used", "recommended", "marks"),
    [
        (2, 3, [(2, "In use"), (3, "Recommended")]),
        (3, 3, [(3, "In use and recommended")]),
        (2, None, [(2, "In use")]),
    ],
)
def test_the_numbers_in_use_and_recommended_are_marked_beside_structureless_data(used, recommended, marks):
    chart = against_structureless(SCORES, used=used, recommended=recommended)
    drawn = rows(chart)
    assert list(dict.fromkeys((row["k"], row["text"]) for row in drawn if "text" in row)) == marks
    assert [(row["k"], row["which"], row["score"]) for row in drawn if "which" in row] == [
        (2, "These customers", 0.4),
        (3, "These customers", 0.5),
        (2, "Structureless data", 0.3),
        (3, "Structureless data", 0.3),
    ]


def test_effects_keep_their_order_and_are_drawn_around_zero():
    table = pd.DataFrame(
        {"text": ["Age", "Tenure"], "effect": [-1.5, 0.4], "here": ["20", "9"], "everybody": ["40", "8"]}
    )
    bars = effects(table, "#123456").layer[0].to_dict()
    assert bars["encoding"]["y"]["sort"] == ["Age", "Tenure"]
    assert bars["encoding"]["x"]["scale"]["domain"] == [-1.5, 1.5]
    assert bars["mark"]["color"] == "#123456"
    assert bars["encoding"]["x"]["title"] == ["Difference from all customers", "← lower · higher →"], (
        "two lines fit a phone"
    )
