"""Intervals around a campaign's outcome, and what matters most."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.strategy.audience import USUAL
from core.strategy.campaign import FIGURES, INPUTS, default_campaign
from core.strategy.ranges import Range, around, exactly
from core.strategy.uncertainty import forecast, sensitivity

USUAL_CAMPAIGN = default_campaign(USUAL["Mass affluent"])
KNOWN = default_campaign(USUAL["Mass affluent"], spread=0)


def test_the_quantiles_of_a_triangle_are_those_of_its_distribution():
    # F(x) = (x − 0)² ÷ (4 × 1) up to the mode 1, and 1 − (4 − x)² ÷ (4 × 3) above.
    parts = np.array([0, 1 / 16, 1 / 4, 13 / 16 - 1 / 16, 1])
    assert Range(0, 1, 4).quantile(parts) == pytest.approx([0, 0.5, 1, 4 - np.sqrt(3), 4])
    assert Range(2, 2, 3).quantile(np.array([0.0, 1.0])) == pytest.approx([2, 3])
    assert Range(2, 3, 3).quantile(np.array([0.0, 1.0])) == pytest.approx([2, 3])
    assert exactly(7).quantile(np.array([0.0, 0.5])).tolist() == [7, 7]


def test_a_range_around_a_value_stays_below_its_bound():
    assert around(0.8, 0.5, 1) == Range(0.4, 0.8, 1)


def test_one_uncertain_input_gives_the_interval_of_its_triangle():
    one = replace(KNOWN, uplift=Range(0, 0.02, 0.04))
    outlook = forecast(1000, one)
    # The 10 % and 90 % quantiles of a symmetric triangle lie at √0.05 and 1 − √0.05 of its width.
    ends = np.array([np.sqrt(0.05), 1 - np.sqrt(0.05)]) * 0.04 * outlook.likely.reached
    assert [outlook.low.conversions, outlook.high.conversions] == pytest.approx(ends, rel=0.03)


def test_the_same_seed_gives_the_same_forecast_and_another_seed_another():
    assert forecast(500, USUAL_CAMPAIGN, seed=4) == forecast(500, USUAL_CAMPAIGN, seed=4)
    assert forecast(500, USUAL_CAMPAIGN, seed=4).low != forecast(500, USUAL_CAMPAIGN, seed=5).low


def test_inputs_that_are_known_give_an_interval_of_one_point():
    outlook = forecast(1000, KNOWN)
    for name in FIGURES:
        ends = [getattr(outlook.low, name), getattr(outlook.high, name)]
        assert ends == pytest.approx([getattr(outlook.likely, name)] * 2)
    assert outlook.chance_of_loss == 0


@settings(derandomize=True, deadline=None, max_examples=25)
@given(st.sampled_from(list(INPUTS)), st.floats(0, 0.9), st.floats(0.05, 1))
def test_an_interval_narrows_as_a_range_narrows(name, narrower, spread):
    likely = USUAL["Mass affluent"]
    wide = replace(KNOWN, **{name: around(likely[name], spread, INPUTS[name].most)})
    narrow = replace(KNOWN, **{name: around(likely[name], spread * narrower, INPUTS[name].most)})
    for figure in ("reached", "conversions", "cost", "net_value", "break_even_uplift"):
        wider, tighter = (
            getattr(outlook.high, figure) - getattr(outlook.low, figure)
            for outlook in (forecast(1000, one, draws=500) for one in (wide, narrow))
        )
        assert tighter <= wider + 1e-9 * abs(wider) + 1e-12


def test_a_campaign_that_cannot_pay_loses_in_every_draw():
    never = replace(USUAL_CAMPAIGN, value=exactly(0))
    assert forecast(1000, never).chance_of_loss == 1
    assert forecast(1000, never).low.break_even_uplift == float("inf")


def test_nobody_in_the_audience_is_no_error():
    outlook = forecast(0, USUAL_CAMPAIGN)
    assert (outlook.low.cost, outlook.high.net_value, outlook.chance_of_loss) == (0, 0, 0)
    assert outlook.high.roi != outlook.high.roi
    assert sensitivity(0, USUAL_CAMPAIGN).empty


def test_the_input_that_moves_the_net_value_most_comes_first():
    # 720 reached; a conversion is worth 12 × $1000 ÷ 12 = $1000: ±1 point is ±$7,200, ±$1 each ∓$720.
    likely = {"contactable": 0.8, "contact_cost": 5, "baseline": 0.02, "uplift": 0.03, "value": 1000}
    likely |= {"margin": 1, "incentive": 0, "horizon": 12, "discount": 0}
    one = default_campaign(likely, spread=0)
    one = replace(one, uplift=Range(0.02, 0.03, 0.04), contact_cost=Range(4, 5, 6), incentive=exactly(0))
    pd.testing.assert_frame_equal(
        sensitivity(1000, one, "$"),
        pd.DataFrame(
            {
                "input": ["Uplift (points)", "Contact cost ($)"],
                "low": [2.0, 4.0],
                "high": [4.0, 6.0],
                "at_low": [10_800.0, 18_720.0],
                "at_high": [25_200.0, 17_280.0],
            }
        ),
    )
