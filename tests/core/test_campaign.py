"""A campaign's arithmetic."""

from dataclasses import asdict, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import RulesError
from core.strategy.audience import USUAL
from core.strategy.campaign import INPUTS, Campaign, check_ranges, default_campaign, simulate, worth
from core.strategy.ranges import Range, exactly

INF, NAN = float("inf"), float("nan")


def campaign(*, budget=None, control=0.1, **inputs):
    usual = {"contactable": 0.8, "contact_cost": 5, "baseline": 0.02, "uplift": 0.03, "value": 400}
    usual |= {"margin": 0.5, "incentive": 20, "horizon": 24, "attrition": 0, "discount": 0}
    return Campaign(
        **{name: exactly(value) for name, value in (usual | inputs).items()}, budget=budget, control=control
    )


def test_a_campaign_is_worked_out_by_hand():
    # 1000 × 80 % contactable, a tenth of them held out; each costs $5 and 5 % × $20; a conversion
    # brings 24 months × $400 ÷ 12 × 50 % = $400.
    assert asdict(simulate(1000, campaign())) == pytest.approx(
        {
            "reached": 720,
            "held_out": 80,
            "conversions": 21.6,
            "cost": 4320,
            "value": 8640,
            "net_value": 4320,
            "roi": 1,
            "break_even_uplift": 5.4 / 380,
            "break_even_conversion": 0.02 + 5.4 / 380,
        }
    )


def test_a_budget_caps_whom_the_campaign_reaches():
    capped = simulate(1000, campaign(budget=2160))
    assert (capped.reached, capped.cost, capped.net_value) == pytest.approx((360, 2160, 2160))
    assert simulate(1000, campaign(budget=0)).cost == 0
    assert simulate(1000, campaign(budget=1e9)) == simulate(1000, campaign())


def test_a_dollar_of_next_year_is_worth_less():
    # 21 % a year is √1.21 = 1.1 half a year; each month's part is discounted by itself.
    by_hand = sum(100 * 1.21 ** (-month / 12) for month in range(1, 7))
    six_months = {"value": 1200, "margin": 1, "horizon": 6, "attrition": 0, "discount": 0.21}
    assert worth(six_months) == pytest.approx(by_hand)
    assert worth(six_months | {"discount": 0}) == 600
    assert worth(six_months | {"horizon": 0}) == 0


def test_who_leaves_brings_no_more():
    # Of 100, 19 % a year leave: 90 are there after half a year, 81 after a year.
    by_hand = sum(100 * 0.81 ** (month / 12) for month in range(1, 13))
    a_year = {"value": 1200, "margin": 1, "horizon": 12, "attrition": 0.19, "discount": 0}
    assert worth(a_year) == pytest.approx(by_hand)
    assert worth(a_year | {"attrition": 1.0}) == 0, "nobody stays until the first month's end"
    assert worth(a_year | {"attrition": 1.0, "horizon": 0}) == 0
    both = sum(100 * 0.81 ** (month / 12) * 1.21 ** (-month / 12) for month in range(1, 13))
    assert worth(a_year | {"discount": 0.21}) == pytest.approx(both)


@pytest.mark.parametrize(
    ("inputs", "expected"),
    [
        ({}, (0, 0, 0, 0)),
        ({"contact_cost": 0, "incentive": 0}, (0, 0, 0, 0)),
    ],
)
def test_an_audience_of_nobody_costs_and_brings_nothing(inputs, expected):
    outcome = simulate(0, campaign(**inputs))
    assert (outcome.reached, outcome.cost, outcome.value, outcome.net_value) == expected
    assert outcome.roi != outcome.roi, "there is no ratio to nothing"


@pytest.mark.parametrize(
    ("inputs", "roi", "break_even"),
    [
        ({"contact_cost": 0, "incentive": 0}, NAN, 0),
        ({"value": 0}, -1, INF),
        ({"value": 0, "contact_cost": 0, "incentive": 0}, NAN, 0),
        ({"incentive": 400}, (12 - 25) / 25, INF),  # each conversion costs what it is worth
        ({"contact_cost": 1000}, (12 - 1001) / 1001, INF),  # more than all of them would have to convert
    ],
)  # fmt: skip
def test_degenerate_campaigns_have_a_plain_answer(inputs, roi, break_even):
    outcome = simulate(100, campaign(**inputs))
    assert outcome.roi == pytest.approx(roi, nan_ok=True)
    assert outcome.break_even_uplift == break_even


def test_nobody_converts_twice():
    outcome = simulate(100, campaign(contactable=1, control=0, baseline=0.9, uplift=0.5))
    assert outcome.conversions == pytest.approx(10)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (
            {"uplift": Range(0.03, 0.02, 0.05)},
            "Uplift (points): the range low 3, likely 2, high 5 is upside down. Give low ≤ likely ≤ high.",
        ),
        ({"contactable": Range(0.5, 0.8, 1.1)}, "Contactable (%) goes from 50 to 110. Stay between 0 and 100."),
        ({"contact_cost": Range(-1, 0, 1)}, "Contact cost goes from -1 to 1. Stay between 0 and 1,000,000."),
        (
            {"value": Range(0, NAN, 1)},
            "Value (a year): the range low 0, likely –, high 1 is upside down. Give low ≤ likely ≤ high.",
        ),
        ({"budget": -1}, "The budget is -1. Give 0 or more, or no budget."),
        ({"control": 1.5}, "The control group is 1.5. Give a share from 0 to 1."),
    ],
)
def test_an_impossible_campaign_is_refused(wrong, message):
    with pytest.raises(RulesError) as error:
        replace(campaign(), **wrong)
    assert str(error.value) == message


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"contact_cost": Range(-1, 0, 1)}, "Contact cost (£) goes from -1 to 1. Stay between 0 and 1,000,000."),
        (
            {"value": Range(2, 1, 3)},
            "Value (£ a year): the range low 2, likely 1, high 3 is upside down. Give low ≤ likely ≤ high.",
        ),
    ],
)
def test_a_range_of_money_is_refused_in_its_currency(wrong, message):
    with pytest.raises(RulesError) as error:
        check_ranges(vars(campaign()) | wrong, "£")
    assert str(error.value) == message


@pytest.mark.parametrize(
    ("name", "most", "beyond", "said"),
    [
        ("contactable", 1, 1.1, "110 to 110. Stay between 0 and 100."),
        ("contact_cost", 1e6, 2e6, "2,000,000 to 2,000,000. Stay between 0 and 1,000,000."),
        ("baseline", 1, 1.1, "110 to 110. Stay between 0 and 100."),
        ("uplift", 1, 1.1, "110 to 110. Stay between 0 and 100."),
        ("value", 1e9, 2e9, "2,000,000,000 to 2,000,000,000. Stay between 0 and 1,000,000,000."),
        ("margin", 1, 1.1, "110 to 110. Stay between 0 and 100."),
        ("incentive", 1e6, 2e6, "2,000,000 to 2,000,000. Stay between 0 and 1,000,000."),
        ("horizon", 600, 601, "601 to 601. Stay between 0 and 600."),
        ("discount", 1, 1.1, "110 to 110. Stay between 0 and 100."),
        ("attrition", 1, 1.1, "110 to 110. Stay between 0 and 100."),
    ],
)
def test_an_input_goes_up_to_its_bound(name, most, beyond, said):
    assert getattr(replace(campaign(), **{name: exactly(most)}), name).high == most
    with pytest.raises(RulesError) as error:
        replace(campaign(), **{name: exactly(beyond)})
    assert str(error.value).endswith(f" goes from {said}")


def test_everybody_can_be_held_out_and_a_budget_can_be_nothing():
    assert simulate(100, campaign(control=1, budget=0, contactable=1)).held_out == 100


def test_a_usual_range_goes_a_quarter_to_either_side():
    assert default_campaign(USUAL["Mass affluent"]).contact_cost == Range(3.75, 5, 6.25)


def test_an_uplift_may_be_nothing():
    assert default_campaign(USUAL["Mass affluent"]).uplift == Range(0, 0.02, 0.04)
    assert default_campaign(USUAL["Mass affluent"], 0).uplift == exactly(0.02), "no range where none is wanted"


@pytest.mark.parametrize("group", USUAL)
def test_the_usual_campaigns_give_every_input(group):
    assert set(USUAL[group]) == set(INPUTS)
    assert default_campaign(USUAL[group]).likely() == USUAL[group]
    assert default_campaign(USUAL[group]).contactable.high == 1, "a default range stays within its bounds"


shares = st.floats(0, 1)
campaigns = st.builds(
    campaign,
    contactable=shares,
    contact_cost=st.floats(0, 1e4),
    baseline=shares,
    uplift=shares,
    value=st.floats(0, 1e6),
    margin=shares,
    incentive=st.floats(0, 1e4),
    horizon=st.floats(0, 600),
    discount=shares,
    control=shares,
    budget=st.none() | st.floats(0, 1e7),
)


@settings(derandomize=True, deadline=None)
@given(st.integers(0, 10**8), campaigns)
def test_no_campaign_reaches_more_than_its_audience_nor_spends_more_than_its_budget(audience, one):
    outcome = simulate(audience, one)
    assert 0 <= outcome.reached + outcome.held_out <= audience * (1 + 1e-9)
    assert 0 <= outcome.conversions <= outcome.reached * (1 - one.baseline.likely) * (1 + 1e-9)
    assert one.budget is None or outcome.cost <= one.budget * (1 + 1e-9)


@settings(derandomize=True, deadline=None)
@given(st.integers(0, 10**8), campaigns)
def test_without_uplift_the_net_value_is_the_cost_lost(audience, one):
    outcome = simulate(audience, replace(one, uplift=exactly(0)))
    assert outcome.net_value == -outcome.cost


@settings(derandomize=True, deadline=None)
@given(campaigns)
def test_at_the_break_even_uplift_the_value_is_the_cost(one):
    needed = simulate(1000, one).break_even_uplift
    if needed < INF:
        at_break_even = simulate(1000, replace(one, uplift=exactly(needed)))
        assert at_break_even.net_value == pytest.approx(0, abs=1e-6 * max(at_break_even.cost, 1))
