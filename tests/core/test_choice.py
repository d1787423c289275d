"""The analyst's choice of features, as the command line and the address bar write it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import DataError, RulesError
from core.segments.choice import FeatureChoice


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", FeatureChoice()),
        ("age,tenure", FeatureChoice(("age", "tenure"))),
        (
            '"balance, EUR":log, "a ""b""" ,5" screens',
            FeatureChoice(("balance, EUR", 'a "b"', '5" screens'), {"balance, EUR": "log"}),
        ),
        (" age , balance:log ,owns_car", FeatureChoice(("age", "balance", "owns_car"), {"balance": "log"})),
    ],
)
def test_a_choice_is_read_from_text(text, expected):
    assert FeatureChoice.parse(text) == expected


@given(st.lists(st.text(min_size=1), min_size=1, max_size=4, unique=True))
def test_any_names_are_read_as_they_were_written(names):
    choice = FeatureChoice(tuple(names), {names[0]: "log"})
    assert FeatureChoice.parse(choice.text) == choice


@pytest.mark.parametrize("text", [",", "age,", ",age", "age,,tenure", ":log", '"",age'])
def test_a_part_without_a_name_is_refused(text):
    with pytest.raises(DataError, match="there is no feature before a comma or a colon"):
        FeatureChoice.parse(text)


def test_a_scaling_that_there_is_not_is_refused():
    with pytest.raises(RulesError, match=r"“cubic” is not a scaling, asked for age\. Use one of standard, robust, log"):
        FeatureChoice.parse("age:cubic")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (None, FeatureChoice()),
        ([], FeatureChoice(())),
        (["age"], FeatureChoice(("age",))),
        (FeatureChoice(outliers=True),) * 2,
    ],
)
def test_names_alone_are_a_choice_too(given, expected):
    assert FeatureChoice.of(given) == expected
