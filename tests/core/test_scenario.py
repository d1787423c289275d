"""A campaign's arithmetic."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import RulesError
from core.strategy.scenario import Campaign, Outcome, simulate


def test_a_campaign_is_worked_out_by_hand():
    campaign = Campaign(contactable=0.8, cost_per_contact=5, baseline=0.02, uplift=0.03, value_per_conversion=600)
    assert simulate(1000, campaign) == Outcome(
        audience=1000,
        reached=800,
        incremental_conversions=24,
        cost=4000,
        value=14_400,
        net_value=10_400,
        roi=2.6,
        break_even_uplift=5 / 600,
    )


def test_an_audience_of_nobody_costs_and_brings_nothing():
    assert simulate(0, Campaign()) == Outcome(0, 0, 0, 0, 0, 0, None, 5 / 600)


@pytest.mark.parametrize(
    ("campaign", "expected"),
    [
        (Campaign(cost_per_contact=0), (None, 0.0)),  # nothing to divide by
        (Campaign(value_per_conversion=0), (-1, None)),
        (Campaign(value_per_conversion=-600, cost_per_contact=3), (-5, None)),  # no uplift makes a loss break even
        (Campaign(value_per_conversion=0, cost_per_contact=0), (None, None)),
    ],
)
def test_there_is_no_ratio_to_nothing(campaign, expected):
    outcome = simulate(100, campaign)
    assert (outcome.roi, outcome.break_even_uplift) == expected


def test_nobody_converts_twice():
    outcome = simulate(100, Campaign(contactable=1, baseline=0.9, uplift=0.5))
    assert outcome.incremental_conversions == pytest.approx(10)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"contactable": 1.1}, "contactable is 1.1. Give a share from 0 to 1."),
        ({"baseline": -0.1}, "baseline is -0.1. Give a share from 0 to 1."),
        ({"uplift": 2}, "uplift is 2. Give a share from 0 to 1."),
        ({"cost_per_contact": -1}, "The contact cost is negative. Give 0 or more."),
    ],
)
def test_an_impossible_campaign_is_refused(wrong, message):
    with pytest.raises(RulesError) as error:
        Campaign(**wrong)
    assert str(error.value) == message


shares = st.floats(0, 1)
campaigns = st.builds(
    Campaign,
    contactable=shares,
    cost_per_contact=st.floats(0, 1e4),
    baseline=shares,
    uplift=shares,
    value_per_conversion=st.floats(0, 1e6),
)


@settings(derandomize=True, deadline=None)
@given(st.integers(0, 10**8), campaigns)
def test_no_campaign_reaches_more_than_its_audience_nor_converts_more_than_it_reaches(audience, campaign):
    outcome = simulate(audience, campaign)
    assert 0 <= outcome.reached <= audience
    assert 0 <= outcome.incremental_conversions <= outcome.reached * (1 - campaign.baseline)
    assert outcome.net_value == pytest.approx(outcome.value - outcome.cost)


@settings(derandomize=True, deadline=None)
@given(st.integers(1, 10**6), st.floats(0.01, 100), st.floats(200, 1e6), st.floats(0, 0.5))
def test_at_the_break_even_uplift_the_value_is_the_cost(audience, cost, worth, baseline):
    needed = simulate(audience, Campaign(1, cost, baseline, 0, worth)).break_even_uplift
    at_break_even = simulate(audience, Campaign(1, cost, baseline, needed, worth))
    assert at_break_even.value == pytest.approx(at_break_even.cost)
