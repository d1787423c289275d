"""Inputs of a campaign by segment, and how sure the order is that follows from them."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linprog

from core.schema import CLUSTER, HIGH_POTENTIAL, NOT_CLUSTERED
from core.strategy.audience import TRIED, USUAL
from core.strategy.campaign import INPUTS, default_campaign, worth
from core.strategy.funding import POOLS, differ, fund, pools
from core.strategy.priority import describe_first, with_draws
from core.strategy.ranges import Range, exactly
from core.strategy.segment_inputs import campaign_in, edited, table_of
from core.strategy.uncertainty import forecast

CAMPAIGNS = {group: default_campaign(likely) for group, likely in USUAL.items()}
AFFLUENT = CAMPAIGNS["Mass affluent"]
TABLE = pd.DataFrame(
    [("1", "Yes", "No", 1000), ("2", "Yes", "No", 500), ("3", "Yes", "No", 200)],
    columns=[CLUSTER, TRIED, HIGH_POTENTIAL, "customers"],
)


def test_an_input_of_a_segments_own_keeps_the_shares_of_its_range():
    campaign = campaign_in(AFFLUENT, {"uplift": 0.04, "contactable": 0.9, "value": 800})
    assert campaign.uplift == Range(0, 0.04, 0.08), "an uplift may be nothing"
    assert (campaign.contactable.low, campaign.contactable.high) == (pytest.approx(0.675), 1), "no more than all"
    assert campaign.value == Range(600, 800, 1000)
    assert (
        replace(campaign, **{name: getattr(AFFLUENT, name) for name in ("uplift", "contactable", "value")}) == AFFLUENT
    )
    assert campaign_in(AFFLUENT, {"uplift": 7, "spread": 1}).uplift == Range(0, 1, 1), "as a project by hand may have"
    assert campaign_in(replace(AFFLUENT, uplift=exactly(0.0)), {"uplift": 0.01}).uplift == Range(0, 0.01, 0.02)
    assert campaign_in(replace(AFFLUENT, uplift=exactly(0.02)), {"uplift": 0.01}).uplift == exactly(0.01)


def test_cells_are_edited_as_they_are_shown_and_return_to_the_value_of_all():
    shown = table_of(["1", "2"], AFFLUENT, {"2": {"uplift": 0.03}})
    assert shown.values.tolist() == [["1", 80, 5, 2, 2, 400], ["2", 80, 5, 2, 3, 400]]
    own = edited(shown, {0: {"contactable": 50, "value": 1e12}, 1: {"value": 500}}, AFFLUENT, {"2": {"uplift": 0.03}})
    assert own == {"1": {"contactable": 0.5, "value": 1e9}, "2": {"uplift": 0.03, "value": 500}}
    back = edited(shown, {0: {"contactable": 80, "value": None}, 1: {"uplift": 2, "value": 400.0}}, AFFLUENT, own)
    assert back == {}


def test_inputs_of_its_own_set_a_segment_apart():
    assert not differ(None, {"Mass affluent": {"1": {}}})
    own = {"Mass affluent": {"2": {"uplift": 0.04}}}
    assert differ(None, own)
    plan = fund(pools(TABLE, CAMPAIGNS, None, own), None)
    assert plan[CLUSTER].tolist() == ["2", "1", "3"]
    usual = fund(pools(TABLE, CAMPAIGNS, {"1": 1.0, "2": 1.0, "3": 1.1}, {}), None).set_index(CLUSTER)
    assert plan.set_index(CLUSTER).loc["1", "net_value"] == usual.loc["1", "net_value"], "the others stay as they are"
    others = {"High potential": {"2": {"uplift": 0.04}}}
    assert fund(pools(TABLE, CAMPAIGNS, None, others), None)["per_cost"].std() == 0, "nobody is in that group"


def test_the_interval_of_a_pool_is_that_of_its_forecast():
    plan = with_draws(fund(pools(TABLE, CAMPAIGNS, {"1": 1.0, "2": 1.0, "3": 1.1}), None), CAMPAIGNS,
                      {"1": 1.0, "2": 1.0, "3": 1.1}).set_index(CLUSTER)  # fmt: skip
    outlook = forecast(1000, AFFLUENT)
    row = plan.loc["1"]
    assert (row["net_value"], row["net_low"], row["net_high"]) == pytest.approx(
        (outlook.likely.net_value, outlook.low.net_value, outlook.high.net_value)
    )
    half = fund(pools(TABLE, CAMPAIGNS, {"1": 2.0, "2": 1.0, "3": 1.0}), 0.5 * plan.loc["1", "cost"])
    funded = with_draws(half, CAMPAIGNS, {"1": 2.0, "2": 1.0, "3": 1.0})
    whole = with_draws(half.assign(funded=1.0), CAMPAIGNS, {"1": 2.0, "2": 1.0, "3": 1.0})
    assert funded["funded"].tolist() == [0.5, 0, 0]
    assert funded["net_high"].tolist() == pytest.approx([0.5 * whole["net_high"][0], 0, 0]), "of what is funded"


def test_how_often_a_pool_is_first_is_known_where_it_can_be_worked_out():
    certain = {group: default_campaign(likely, spread=0) for group, likely in USUAL.items()}
    own = {"Mass affluent": {"1": {"uplift": 0.02 + 1e-12}, "3": {"uplift": 0.015}}}
    plan = with_draws(fund(pools(TABLE, certain, None, own), None), certain, None, own)
    assert plan["first"].tolist() == [0.5, 0.5, 0], "equals share a draw"
    # Two uplifts drawn by themselves from the same triangle: either is as often the higher one.
    same = {"Mass affluent": {"1": {"uplift": 0.03}, "2": {"uplift": 0.03}}}
    two = TABLE.head(2)
    drawn = with_draws(fund(pools(two, CAMPAIGNS, None, same), None), CAMPAIGNS, None, same)
    none = 1 - drawn["first"].sum()
    assert drawn["first"].tolist() == pytest.approx([(1 - none) / 2] * 2, abs=0.02)
    assert 0 < none < 0.2, "both may bring nothing"
    assert drawn["net_low"].lt(drawn["net_value"]).all()
    assert drawn["net_high"].gt(drawn["net_value"]).all()
    # What is the same for both is one draw: the segment that is worth more is first whenever anything is.
    values = {"1": 1.0, "2": 1.2}
    shared = with_draws(fund(pools(two, CAMPAIGNS, values), None), CAMPAIGNS, values)
    assert shared["first"].tolist()[1] == 0
    assert shared["first"][0] == pytest.approx(1 - forecast(500, campaign_in(AFFLUENT, {"value": 480})).chance_of_loss)


def test_a_sentence_names_whom_to_fund_first():
    plan = pd.DataFrame(
        [("1", "Mass affluent", 2677.0, 2097.0, -310.0, 6120.0, 0.72), ("2", "Others", 5.0, 1.0, 0.0, 9.0, 0.18)],
        columns=[CLUSTER, "pool", "net_value", "cost", "net_low", "net_high", "first"],
    )
    assert describe_first(plan, "$") == (
        "Fund the mass affluent of segment 1 first: $2,677 net on $2,097 (80%: −$310 to $6,120). It is first in 72% of "
        "10,000 draws; in 10% nothing brings net value."
    )
    assert describe_first(plan.assign(Cluster=NOT_CLUSTERED, first=[1.0, 0.0]), "$").startswith(
        "Fund the mass affluent of “Not clustered” first: $2,677 net on $2,097"
    )
    assert describe_first(plan.assign(Cluster=""), "$") == "", "no segment comes before another"
    assert describe_first(plan.assign(net_value=0.0), "$").startswith("Nothing is funded")
    assert describe_first(plan.head(0), "$") == ""


shares, sizes = st.floats(0.0, 0.2), st.integers(0, 5000)


@given(st.lists(st.tuples(sizes, shares, st.floats(0, 3)), min_size=1, max_size=6), st.floats(0, 5e4))
def test_pools_and_plan_agree_with_a_program_that_contacts_customers_at_will(rows, budget):
    segments = [str(i) for i in range(len(rows))]
    table = pd.DataFrame({CLUSTER: segments, TRIED: "Yes", HIGH_POTENTIAL: "No", "customers": [row[0] for row in rows]})
    own = {"Mass affluent": {segment: {"uplift": row[1]} for segment, row in zip(segments, rows, strict=True)}}
    values = {segment: row[2] for segment, row in zip(segments, rows, strict=True)}
    plan = fund(pools(table, CAMPAIGNS, values, own), budget)
    likely = AFFLUENT.likely()
    cost = np.array([5 + 50 * (0.02 + uplift) for _, uplift, _ in rows])
    net = np.array([uplift * worth(likely | {"value": 400 * value}) for _, uplift, value in rows]) - cost
    most = np.array([people * 0.8 * 0.9 for people, *_ in rows])  # contactable, and not held out
    best = linprog(-net, A_ub=[cost], b_ub=[budget], bounds=list(zip(np.zeros(len(rows)), most, strict=True)))
    assert plan["cost"].sum() <= budget * (1 + 1e-9)
    assert plan["net_value"].sum() == pytest.approx(-best.fun, rel=1e-6, abs=1e-4)


def test_every_customer_is_in_one_pool_whatever_is_unknown():
    rng = np.random.default_rng(3)
    answers = np.array(["Yes", "No", "Unknown"])
    people = pd.DataFrame(rng.integers(0, 3, (400, 2)), columns=[TRIED, HIGH_POTENTIAL]).map(lambda code: answers[code])
    people[CLUSTER] = rng.integers(1, 4, 400).astype("str")
    by_hand = dict.fromkeys(POOLS, 0)
    for tried, promising in zip(people[TRIED], people[HIGH_POTENTIAL], strict=True):
        by_hand["Mass affluent" if tried == "Yes" else "High potential only" if promising == "Yes" else "Others"] += 1
    table = (
        people.groupby([CLUSTER, TRIED, HIGH_POTENTIAL], as_index=False).size().rename(columns={"size": "customers"})
    )
    found = pools(table, CAMPAIGNS, {"1": 1.0, "2": 2.0})
    assert found.groupby("pool")["customers"].sum().to_dict() == by_hand
    assert set(INPUTS) == set(AFFLUENT.likely())
