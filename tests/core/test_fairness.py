"""Whom an audience selects, by age group and gender."""

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from core.intake.flags import flag_rows
from core.rules import MassAffluent, Rules
from core.schema import AGE_GROUP, CLUSTER
from core.strategy.audience import Audience
from core.strategy.fairness import Rates, describe, rates, selected, warnings
from core.views.campaigns import selection_rates

RULES = Rules(
    date(2026, 1, 1), mass_affluent=MassAffluent(measure="balance", min_measure=100_000, max_measure=1_000_000)
)
MASS = Audience("Mass affluent", (), RULES.mass_affluent)


def people(rows):
    """Rows of gender, cluster, balance, how often."""
    frame = pd.DataFrame([row[:3] for row in rows for _ in range(row[3])], columns=["gender", CLUSTER, "balance"])
    frame["gender"] = pd.Categorical(frame["gender"], ["Female", "Male", "Undisclosed", "Unknown"])
    frame[CLUSTER] = pd.Categorical(frame[CLUSTER], ["1", "2"], ordered=True)
    return flag_rows(frame.astype({"balance": "float64"}).assign(age=30.0), RULES)


SIXTY = people(
    [
        ("Female", "1", 200_000, 10),
        ("Female", "2", 0, 10),
        ("Female", "1", None, 5),
        ("Male", "1", 200_000, 8),
        ("Male", "2", 0, 2),
        ("Undisclosed", "1", 0, 9),
        ("Unknown", "1", 200_000, 7),
    ]
)


def test_rates_are_of_those_known_and_small_groups_are_left_out_but_not_how_many_they_are():
    found = rates(selected(SIXTY, RULES, MASS, "gender"), "gender")
    assert found.table[["group", "n", "selected", "rate"]].values.tolist() == [
        ["Female", 20, 10, 0.5],
        ["Male", 10, 8, 0.8],
    ]
    assert (found.small, found.unknown, found.ratio) == (1, 7, 0.625)
    assert found.table.loc[0, ["low", "high"]].tolist() == pytest.approx([0.2993, 0.7007], abs=1e-4)
    assert describe(found) == (
        "Lowest ÷ highest rate: 0.62 (Female against Male; 95% interval 0.37 to 1.13), too few customers to "
        "tell if that is below the four-fifths rule of thumb of 0.8. How much the selection depends on it: 0.29 of 1. "
        "1 group under 10 customers left out. Of unknown gender: 7 customers."
    )


@pytest.mark.parametrize(
    ("audience", "expected"),
    [
        (Audience("Everybody", (), RULES.mass_affluent), [[25, 25], [10, 10]]),
        (Audience("Everybody", ("2",), RULES.mass_affluent), [[25, 10], [10, 2]]),
        (Audience("Mass affluent", ("2",), RULES.mass_affluent), [[25, 0], [10, 0]]),  # others are out, known or not
        (Audience("Mass affluent", (), replace(RULES.mass_affluent, min_measure=0)), [[20, 20], [10, 10]]),
    ],
)
def test_the_rates_are_those_of_the_audience(audience, expected):
    assert (
        rates(selected(SIXTY, RULES, audience, "gender"), "gender").table[["n", "selected"]].values.tolist() == expected
    )


def test_one_group_cannot_be_compared():
    found = rates(selected(SIXTY, RULES, MASS, AGE_GROUP), AGE_GROUP)
    assert describe(found) == "There are no two age groups to compare."
    assert rates(selected(SIXTY.iloc[:0], RULES, MASS, "gender"), "gender").table.empty


@pytest.mark.parametrize(
    ("men", "said"), [(8, "too few customers to tell if that is below"), (80, "below"), (800, "below")]
)
def test_the_rule_of_thumb_is_held_against_the_interval_not_the_estimate(men, said):
    table = pd.DataFrame({"gender": ["Female", "Male"], "customers": [men * 5 // 2, men * 5 // 4]})
    table = table.assign(selected_yes=[men * 5 // 4, men], selected_known=table["customers"])
    found = rates(table, "gender")
    assert found.ratio == 0.625
    assert f"), {said} the four-fifths" in describe(found)


def test_of_many_groups_the_two_furthest_apart_have_a_wider_interval():
    table = pd.DataFrame({"gender": list("abc"), "customers": 50, "selected_yes": [20, 30, 40], "selected_known": 50})
    three, two = rates(table, "gender"), rates(table[table["gender"] != "b"], "gender")
    assert three.ratio == two.ratio == 0.5
    assert three.interval[0] < two.interval[0] < 0.5 < two.interval[1] < three.interval[1]


def test_rates_that_are_surely_alike_are_at_or_above_the_rule_of_thumb():
    table = pd.DataFrame({"gender": ["F", "M"], "customers": 5000, "selected_yes": 2500, "selected_known": 5000})
    assert "), at or above the four-fifths" in describe(rates(table, "gender"))


@pytest.mark.parametrize(
    ("interval", "said"),
    [
        ((0.6, 0.79), "below the four-fifths"),
        ((0.6, 0.8), "too few customers to tell if that is below the four-fifths"),
        ((0.79, 0.9), "too few customers to tell if that is below the four-fifths"),
        ((0.8, 0.9), "at or above the four-fifths"),
    ],
)
def test_four_fifths_themselves_are_not_below_the_rule_of_thumb(interval, said):
    table = pd.DataFrame({"group": ["Female", "Male"], "rate": [0.4, 0.5]})
    assert f", {said} rule of thumb of 0.8." in describe(Rates("gender", table, 0, 0, 0.8, 0.1, interval))


def test_what_drives_the_audience_is_said_plainly():
    strong = Rates("gender", pd.DataFrame(), 0, 0, 0.5, 0.3)
    weak = replace(strong, cramers_v=0.29)
    potential = Audience("High potential", ("1",), RULES.mass_affluent)
    assert warnings(MASS, RULES, [weak], features=["age"]) == ()
    assert warnings(potential, RULES, [strong], features=["age", "tenure"], filters={AGE_GROUP: ("18–24",)}) == (
        "Age decides directly: high potential means younger than 40.",
        "The chosen segments are made from age, among other features.",
        "A filter keeps to some age groups: the others cannot be selected.",
        "The audience depends strongly on gender: 0.30 of 1, where 0.3 is strong.",
    )


def test_the_chart_shows_each_rate_with_its_interval():
    table = rates(selected(SIXTY, RULES, MASS, "gender"), "gender").table
    drawn = selection_rates(table).to_dict()
    rows = next(iter(drawn["datasets"].values()))
    assert [(row["group"], row["text"]) for row in rows] == [("Female", "50.0%  (n 20)"), ("Male", "80.0%  (n 10)")]
    assert selection_rates(table.head(0)) is None
