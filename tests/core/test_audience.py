"""How many customers a campaign speaks to, and what a tried rule changes."""

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from core.intake.flags import flag_rows
from core.rules import MassAffluent, Rules
from core.schema import CLUSTER, HIGH_POTENTIAL
from core.strategy.audience import GROUPS, describe_change, moved, moves, reach_change, size, under

RULES = Rules(date(2026, 1, 1))
MASS, AFFLUENT, NET_WORTH = "Mass Customer", "Affluent Customer", "High Net Worth"
PEOPLE = [
    ("1", MASS, 10, 30),
    ("1", MASS, 8, 30),
    ("1", AFFLUENT, 2, 50),
    ("2", MASS, 9, 50),
    ("2", MASS, None, 50),
    ("2", NET_WORTH, 12, 30),
    ("Not clustered", None, 9, None),
]


def customers(rows=PEOPLE):
    frame = pd.DataFrame(rows, columns=[CLUSTER, "wealth_segment", "property_valuation", "age"])
    frame["wealth_segment"] = frame["wealth_segment"].astype("category")
    frame[CLUSTER] = pd.Categorical(frame[CLUSTER], ["1", "2", "3", "Not clustered"], ordered=True)
    return flag_rows(frame.astype({"property_valuation": "float64", "age": "float64"}), RULES)


def tried(valuation):
    return moves(customers(), RULES, replace(RULES.mass_affluent, min_property_valuation=valuation))


@pytest.mark.parametrize(
    ("segments", "group", "expected"),
    [
        ([], "Everybody", 7),
        ([], "Mass affluent", 3),  # 10 and 9 among the mass customers, and the affluent one
        ([], "High potential", 2),
        (["1"], "Mass affluent", 2),
        (["1", "Not clustered"], "Everybody", 4),
        (["3"], "Everybody", 0),
    ],
)
def test_the_audience_is_the_group_in_the_chosen_segments(segments, group, expected):
    assert size(tried(9), segments, group) == expected


@pytest.mark.parametrize("group", GROUPS)
def test_segments_chosen_one_by_one_sum_to_all(group):
    assert sum(size(tried(9), [one], group) for one in ("1", "2", "Not clustered")) == size(tried(9), [], group)


@pytest.mark.parametrize(
    ("valuation", "expected"),
    [
        (9, [("1", 2, 0, 0, 2), ("2", 1, 0, 0, 1), ("Not clustered", 0, 0, 0, 0)]),
        (8, [("1", 2, 1, 0, 3), ("2", 1, 0, 0, 1), ("Not clustered", 0, 0, 0, 0)]),
        (10, [("1", 2, 0, 0, 2), ("2", 1, 0, 1, 0), ("Not clustered", 0, 0, 0, 0)]),
        (11, [("1", 2, 0, 1, 1), ("2", 1, 0, 1, 0), ("Not clustered", 0, 0, 0, 0)]),
    ],
)
def test_a_moved_threshold_says_who_comes_in_and_who_goes_out(valuation, expected):
    change = reach_change(tried(valuation))
    assert list(change.itertuples(index=False, name=None)) == expected
    assert (change["today"] + change["comes in"] - change["goes out"]).equals(change["tried"])


@pytest.mark.parametrize(
    ("valuation", "sentence"),
    [
        (9, "As by today's definition: 3 mass affluent."),
        (8, "4 mass affluent against 3 today. Comes in: 1 (by segment: 1: 1); goes out: nobody."),
        (11, "1 mass affluent against 3 today. Comes in: nobody; goes out: 2 (by segment: 1: 1, 2: 1)."),
    ],
)
def test_the_change_is_said_in_a_sentence(valuation, sentence):
    assert describe_change(reach_change(tried(valuation))) == sentence


def test_the_bounds_of_a_measure_can_be_moved_too():
    frame = pd.DataFrame({"balance": [50_000.0, 150_000, 2_000_000, None], CLUSTER: pd.Categorical(["1"] * 4)})
    today = replace(RULES, mass_affluent=MassAffluent(measure="balance", min_measure=100_000, max_measure=1_000_000))
    rule = replace(today.mass_affluent, min_measure=40_000, max_measure=140_000)
    change = reach_change(moves(flag_rows(frame, today), today, rule))
    assert change.to_dict("records") == [{CLUSTER: "1", "today": 1, "comes in": 1, "goes out": 1, "tried": 1}]


def test_two_halves_add_up():
    keys = [CLUSTER, "today", "tried", HIGH_POTENTIAL]
    halves = [moves(half, RULES, RULES.mass_affluent) for half in (customers().iloc[:3], customers().iloc[3:])]
    summed = pd.concat(halves).groupby(keys)["customers"].sum().reset_index()
    pd.testing.assert_frame_equal(summed, tried(9).sort_values(keys, ignore_index=True))


def test_nobody_selected_is_no_error():
    nobody = moves(customers().iloc[:0], RULES, RULES.mass_affluent)
    assert size(nobody, [], "Everybody") == 0
    assert reach_change(nobody).empty


def test_a_rule_that_nobody_can_be_told_by_leaves_everybody_unknown():
    customers = pd.DataFrame({"customer_id": ["1", "2"]})
    assert under(customers, Rules(date(2026, 1, 1)), MassAffluent()).tolist() == ["Unknown", "Unknown"]


def test_how_many_a_tried_rule_moves_in_all_and_in_some_segments():
    assert moved(tried(8), ()) == (1, 0)
    assert moved(tried(10), ()) == (0, 1)
    assert moved(tried(10), ["1"]) == (0, 0)
