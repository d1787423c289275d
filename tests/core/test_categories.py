"""Which columns are categories, in which order, and which of them name a protected attribute."""

from dataclasses import replace

import pandas as pd
import pytest

from core.categories import MOST, categories, ordered, own, protected
from core.pipeline import segment
from core.schema import BY_NAME, MASS_AFFLUENT, Column
from core.segments.advice import about_drivers
from tests.categories import TELECOM, bank_of


def column(name, header="", kind="category", meaning="category"):
    return Column(name, kind, header or name, meaning=meaning, header=header or name)


def customers(**values):
    return pd.DataFrame({name: pd.Categorical(texts) for name, texts in values.items()})


def test_the_usual_filters_come_first_then_the_columns_in_their_order():
    columns = [
        column("contract"),
        BY_NAME["gender"],
        BY_NAME["state"],
        BY_NAME["age"],
        column("branch", meaning="code"),
    ]
    assert ordered(columns) == ["state", "Age_Group", MASS_AFFLUENT, "contract", "gender"]
    assert own(columns) == ["contract"]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["a", "b"], ("a", "b")),
        (["a", "Unknown"], None),  # nothing to compare
        (["a", "b", "Unknown"], ("a", "b")),
        ([str(i) for i in range(10, 10 + MOST)], tuple(str(i) for i in range(10, 10 + MOST))),
        ([str(i) for i in range(10, 11 + MOST)], None),
    ],
)
def test_a_category_has_2_to_50_known_values(values, expected):
    found = categories(customers(x=values), [column("x")])
    assert found == ({} if expected is None else {"x": expected})


def test_a_value_that_nobody_has_is_none():
    frame = pd.DataFrame({"x": pd.Categorical(["a", "a"], categories=["a", "b"])})
    assert categories(frame, [column("x")]) == {}


@pytest.mark.parametrize(
    ("header", "is_protected"),
    [
        ("Marital_Status", True),
        ("Familienstand", True),
        ("ESTADO CIVIL", True),
        ("Race", True),
        ("Nationality", True),
        ("foreign worker", True),
        ("Contract type", False),
        ("Traces", False),  # a word, not a part of one
    ],
)
def test_a_header_that_names_a_protected_attribute(header, is_protected):
    described = column(header.lower().replace(" ", "_"), header)
    assert protected([described]) == ({described.name: header} if is_protected else {})


def test_the_segments_that_follow_a_protected_category_are_warned_of():
    study = bank_of(TELECOM)
    columns = tuple(
        replace(one, header="Marital status") if one.name == "contract_type" else one for one in study.columns
    )
    [said] = about_drivers(study.customers, columns, segment(study, 3, TELECOM.features))
    assert said.startswith("Contract type accounts for the segments in large part (0.")
    assert "is a protected attribute" in said
