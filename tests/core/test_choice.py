"""The analyst's choice of features, as the command line and the address bar write it."""

import pytest

from core.errors import RulesError
from core.segments.choice import FeatureChoice


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", FeatureChoice()),
        ("age,tenure", FeatureChoice(("age", "tenure"))),
        (" age , balance:log ,owns_car", FeatureChoice(("age", "balance", "owns_car"), {"balance": "log"})),
    ],
)
def test_a_choice_is_read_from_text(text, expected):
    assert FeatureChoice.parse(text) == expected


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
