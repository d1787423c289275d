"""What the inputs of a campaign start from."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.strategy.audience import GROUPS, USUAL
from core.strategy.campaign import INPUTS, default_campaign
from core.strategy.starts import LIMITS, SHARES, Starts, rounded, starts


@pytest.mark.parametrize(
    ("ppp", "mean", "meaning", "found"),
    [
        (None, None, "valuation", Starts(1, 1)),
        (None, 40_000.0, "balance", Starts(1, 1)),
        (None, 6_000_000.0, "net_worth", Starts(1, 100)),
        (22.9, None, "", Starts(20, 20)),
        (22.9, 419_934.0, "balance", Starts(20, 10)),
        (96.6, 3.0, "balance", Starts(100, 100)),
        (None, -5.0, "balance", Starts(1, 1)),
        (2.53, 78_000.0, "income", Starts(2, 1)),
        (7100.0, 1e15, "net_worth", Starts(10_000, LIMITS[1])),
    ],
)
def test_prices_follow_the_currency_and_worth_follows_the_wealth_of_the_customers(ppp, mean, meaning, found):
    assert starts(ppp, mean, meaning) == found


def test_a_dollar_starts_from_the_usual_amounts():
    assert Starts().all_likely() == USUAL


def test_rupees_start_from_theirs():
    likely = starts(22.9, 419_934.0, "balance").likely("Mass affluent")
    assert {name: likely[name] for name in ("contact_cost", "value", "incentive", "uplift")} == {
        "contact_cost": 100, "value": 4000, "incentive": 500, "uplift": 0.02,
    }  # fmt: skip


@given(st.floats(1e-3, 1e5))
def test_a_factor_is_one_two_or_five_and_near_what_it_rounds(factor):
    found = rounded(factor)
    assert f"{found:e}"[0] in "125"
    assert float(f"{found:.0e}") == found
    bounded = min(max(factor, LIMITS[0]), LIMITS[1])
    assert 0.6 < found / bounded < 1.6


@given(st.floats(0.5, 1e4), st.floats(0, 1e13), st.sampled_from([*SHARES, "valuation"]), st.sampled_from(GROUPS))
def test_every_start_is_within_the_bounds_of_its_input(ppp, mean, meaning, group):
    likely = starts(ppp, mean, meaning).likely(group)
    assert all(0 <= value <= INPUTS[name].most for name, value in likely.items())
    default_campaign(likely)
