"""Two scenarios beside each other: the difference of what they bring, by the same draws."""

from dataclasses import replace

import numpy as np
import pytest

from core.compare.scenarios import difference
from core.strategy.audience import USUAL
from core.strategy.campaign import default_campaign
from core.strategy.ranges import exactly
from core.strategy.scenario import Scenario
from core.strategy.uncertainty import forecast

LETTERS = Scenario("Letters", "Mass affluent", 1000, default_campaign(USUAL["Mass affluent"]))
TWICE = replace(LETTERS, name="Calls", customers=2000)


def net(found):
    return found.table.set_index("figure").loc["net_value"]


def test_twice_the_audience_brings_once_more_of_the_same_interval():
    found, outlook = net(difference(LETTERS, TWICE)), forecast(1000, LETTERS.campaign)
    assert (found["one"], found["other"]) == pytest.approx((outlook.likely.net_value, 2 * outlook.likely.net_value))
    ends = [found[name] for name in ("difference", "low", "high")]
    assert ends == pytest.approx([outlook.likely.net_value, outlook.low.net_value, outlook.high.net_value])


def test_a_cost_that_is_known_exactly_is_a_difference_without_interval():
    known = {"contactable": exactly(0.8)}
    one, other = (
        Scenario(name, "", 1000, replace(LETTERS.campaign, contact_cost=exactly(cost), **known))
        for name, cost in (("A", 5.0), ("B", 3.0))
    )
    found = net(difference(one, other))
    assert [found[name] for name in ("difference", "low", "high")] == pytest.approx([1440, 1440, 1440])
    assert difference(one, other).in_words("$") == (
        "B brings $1,440 more than A (80%: $1,440), and more in 100% of the draws."
    )
    assert difference(other, one).in_words("$") == (
        "A brings $1,440 less than B (80%: $1,440), and less in 100% of the draws."
    )


def test_the_interval_of_independent_draws_would_be_wider():
    better = replace(LETTERS, name="Calls", campaign=replace(LETTERS.campaign, control=0.05))
    found, (one, other) = (
        net(difference(LETTERS, better)),
        [forecast(1000, each.campaign) for each in (LETTERS, better)],
    )
    apart = np.hypot(one.high.net_value - one.low.net_value, other.high.net_value - other.low.net_value)
    assert found["high"] - found["low"] < apart / 10


def test_turned_round_the_difference_has_the_other_sign():
    found, turned = difference(LETTERS, TWICE), difference(TWICE, LETTERS)
    assert turned.table["difference"].tolist() == pytest.approx((-found.table["difference"]).tolist())
    assert (turned.better, turned.worse) == (found.worse, found.better)


def test_a_scenario_brings_as_much_as_itself():
    assert difference(LETTERS, replace(LETTERS, name="Same")).in_words() == (
        "Both bring the same in every draw: Letters and Same."
    )
