"""Which audiences to fund first."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from core.schema import CLUSTER, HIGH_POTENTIAL
from core.strategy.audience import TRIED, USUAL
from core.strategy.campaign import default_campaign
from core.strategy.funding import ALL, describe_inputs, describe_tie, fund, pools, relative_values

NAMES = [CLUSTER, "pool", "customers", "reached", "cost", "net_value"]
CAMPAIGNS = {group: default_campaign(likely) for group, likely in USUAL.items()}
THREE = pd.DataFrame(
    [
        ("1", "Mass affluent", 100, 80.0, 100.0, 50.0),
        ("2", "Mass affluent", 100, 80.0, 100.0, 200.0),
        ("2", "Others", 500, 400.0, 100.0, -10.0),
    ],
    columns=NAMES,
)


@pytest.mark.parametrize(
    ("budget", "funded", "net_value"),
    [(None, [1, 1, 0], 250), (0, [0, 0, 0], 0), (50, [0.5, 0, 0], 100), (150, [1, 0.5, 0], 225), (1e9, [1, 1, 0], 250)],
)
def test_a_budget_goes_where_a_dollar_brings_most(budget, funded, net_value):
    plan = fund(THREE, budget)
    assert plan["per_cost"].tolist() == [2.0, 0.5, -0.1]
    assert plan[CLUSTER].tolist() == ["2", "1", "2"]
    assert plan["funded"].tolist() == funded
    assert plan["net_value"].sum() == net_value


def test_where_the_budget_ends_among_equals_it_says_that_their_order_is_arbitrary():
    equal = pd.concat([THREE.head(1), THREE.assign(net_value=[50.0, 50.0, -10.0])], ignore_index=True)
    tied = "3 of them tie: they bring the same for their cost, so which goes first is arbitrary."
    assert [describe_tie(fund(equal, budget)) for budget in (None, 0, 100, 150, 300)] == ["", "", tied, tied, ""]
    assert describe_tie(fund(THREE, 150)) == ""


def test_what_gets_nothing_brings_0_and_not_minus_0():
    assert np.signbit(fund(THREE, 0)[["reached", "cost", "net_value"]].to_numpy()).sum() == 0


def test_what_costs_nothing_is_done_first_whatever_the_budget():
    free = pd.DataFrame([("1", "Others", 5, 4.0, 0.0, 10.0), ("2", "Others", 5, 4.0, 0.0, 0.0)], columns=NAMES)
    plan = fund(pd.concat([THREE, free], ignore_index=True), 0)
    assert plan.loc[0, ["per_cost", "funded", "net_value"]].tolist() == [float("inf"), 1, 10]
    assert plan["funded"].sum() == 1


def test_pools_share_out_the_customers_without_overlap():
    table = pd.DataFrame(
        [("1", "Yes", "Yes", 10), ("1", "No", "Yes", 20), ("1", "Unknown", "No", 40), ("2", "Yes", "No", 80)],
        columns=[CLUSTER, TRIED, HIGH_POTENTIAL, "customers"],
    )
    same = pools(table, CAMPAIGNS)
    assert same[NAMES[:3]].values.tolist() == [
        [ALL, "Mass affluent", 90],
        [ALL, "High potential only", 20],
        [ALL, "Others", 40],
    ], "with the same inputs no segment comes before another"
    assert pools(table, CAMPAIGNS, {"1": 1.0, "2": 1.0}).equals(same)
    values = {"1": 1.0, "2": 2.0}
    found = pools(table, CAMPAIGNS, values)
    assert found[NAMES[:3]].values.tolist() == [
        ["1", "Mass affluent", 10],
        ["1", "High potential only", 20],
        ["1", "Others", 40],
        ["2", "Mass affluent", 80],
    ]
    assert found["reached"].tolist() == pytest.approx([7.2, 14.4, 28.8, 57.6])
    cost, net = found["cost"] / found["customers"], found["net_value"] / found["customers"]
    assert cost[0] == pytest.approx(cost[3])
    assert net[3] > 2 * net[0] > 0
    capped = {group: replace(one, budget=1) for group, one in CAMPAIGNS.items()}
    assert pools(table, capped, values).equals(found), "the budget is one for all, spent by `fund`"


@pytest.mark.parametrize(
    ("by_segment", "made_up", "said"),
    [
        (True, False, ""),
        (True, True, "All inputs still have the made-up values that they start from: only what a conversion is worth "
         "by segment is from the data."),
        (False, False, "The inputs are the same in every segment, so no segment comes before another: set them by "
         "segment, or let the value follow the customers, to tell them apart."),
        (False, True, "All inputs still have the made-up values that they start from, and the inputs are the same in "
         "every segment, so no segment comes before another. Put in your own above or by segment, or let the value "
         "follow the customers."),
    ],
)  # fmt: skip
def test_it_says_what_an_order_rests_on(by_segment, made_up, said):
    assert describe_inputs(by_segment=by_segment, made_up=made_up) == said


def test_a_segments_value_follows_its_average():
    table = pd.DataFrame({CLUSTER: ["1", "2", "3"], "income_sum_2": [1000, 3000, 0], "income_n": [1, 1, 0]})
    assert relative_values(table, "income") == {"1": 0.5, "2": 1.5, "3": 1.0}
    assert relative_values(table.assign(income_sum_2=0), "income") == {}
    assert relative_values(table.assign(income_n=0), "income") == {}


dollars = st.floats(0.01, 1e5)
choices = st.lists(st.tuples(dollars, st.floats(-1e5, 1e5)), min_size=1, max_size=8).map(
    lambda rows: pd.DataFrame([("1", "Others", 9, 9.0, cost, net) for cost, net in rows], columns=NAMES)
)


@settings(derandomize=True, deadline=None, max_examples=40)
@given(choices, st.floats(0, 3e5))
def test_no_plan_of_the_same_budget_brings_more(pool, budget):
    plan = fund(pool, budget)
    best = linprog(-pool["net_value"], A_ub=[pool["cost"]], b_ub=[budget], bounds=(0, 1))
    assert plan["cost"].sum() <= budget * (1 + 1e-9)
    assert plan["net_value"].sum() == pytest.approx(-best.fun, rel=1e-6, abs=1e-3)


@settings(derandomize=True, deadline=None, max_examples=40)
@given(choices, st.floats(0, 3e5), st.floats(0, 3e5))
def test_more_budget_never_brings_less(pool, budget, more):
    assert fund(pool, budget + more)["net_value"].sum() >= fund(pool, budget)["net_value"].sum() - 1e-6
