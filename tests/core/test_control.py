"""What a control group can show, against statsmodels and drawn campaigns."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from statsmodels.stats.proportion import power_proportions_2indep, proportions_ztest

from core.strategy.audience import USUAL
from core.strategy.campaign import default_campaign, simulate
from core.strategy.control import describe_control, detectable_uplift
from core.strategy.ranges import exactly

INF = float("inf")
DRAWN = 20_000
OUTCOME = simulate(1000, default_campaign(USUAL["Mass affluent"], 0))


def split(held_out, reached):
    return replace(OUTCOME, held_out=held_out, reached=reached)


def test_the_uplift_of_the_readme():
    assert detectable_uplift(split(80, 720), 0.02) == pytest.approx(0.0843, abs=5e-5)


@settings(derandomize=True, deadline=None)
@given(st.floats(0, 0.99), st.integers(1, 10**6), st.integers(1, 10**6), st.sampled_from([0.5, 0.8, 0.95]))
def test_the_uplift_has_the_power_that_statsmodels_gives_it(baseline, held_out, reached, power):
    uplift = detectable_uplift(split(held_out, reached), baseline, power=power)
    assume(1e-9 < uplift < 1 - baseline)
    found = power_proportions_2indep(
        uplift, baseline, reached, ratio=held_out / reached, alpha=0.025, alternative="larger", return_results=False
    )  # of the two tails the one that counts a rise
    assert found == pytest.approx(power, abs=1e-6)


@pytest.mark.parametrize(
    ("held_out", "reached", "baseline"),
    [
        (800, 7200, 0.02), (2000, 2000, 0.02), (500, 4500, 0.1), (1000, 1000, 0.3), (400, 3600, 0.5),
        (5000, 20_000, 0.005), (300, 900, 0.2), (10_000, 90_000, 0.01), (250, 250, 0.4), (3000, 1000, 0.05),
    ],
)  # fmt: skip
def test_as_many_drawn_campaigns_find_the_uplift_as_it_says(held_out, reached, baseline):
    uplift = detectable_uplift(split(held_out, reached), baseline)
    rng = np.random.default_rng(0)
    few, many = rng.binomial(held_out, baseline, DRAWN), rng.binomial(reached, baseline + uplift, DRAWN)
    both = (few + many) / (held_out + reached)
    spread = np.sqrt(both * (1 - both) * (1 / held_out + 1 / reached))
    z = (many / reached - few / held_out) / spread
    first = proportions_ztest([many[0], few[0]], [reached, held_out])[0]
    assert z[0] == pytest.approx(first), "the test is the usual one"
    assert 0.78 <= np.mean(np.abs(z) > 1.959964) <= 0.83


@pytest.mark.parametrize(
    ("held_out", "reached", "baseline"),
    [(0, 100, 0.1), (100, 0, 0.1), (100, 100, 1.0), (100, 100, 0.99), (1, 1, 0.0)],
    ids=["nobody held out", "nobody reached", "everybody converts", "nearly everybody converts", "one against one"],
)
def test_where_no_uplift_would_show_it_is_infinite(held_out, reached, baseline):
    assert detectable_uplift(split(held_out, reached), baseline) == INF


def test_where_nobody_converts_by_themselves_an_uplift_shows():
    assert 0 < detectable_uplift(split(100, 900), 0.0) < 0.2


@pytest.mark.parametrize(
    ("control", "baseline", "uplift", "said"),
    [
        (0, 0.02, 0.03, "Without a control group the uplift cannot be measured."),
        (0.1, 0.02, 0.03, "The control group of 80 is too few for the uplift of 3.0 points: it shows 8.4 points or "
         "more (80% power, 5% level)."),
        (0.1, 0.02, 0.09, "The control group of 80 is enough for the uplift of 9.0 points: it shows 8.4 points or "
         "more (80% power, 5% level)."),
        (0.1, 0.8, 0.9, "The control group of 80 is enough for the uplift of 20.0 points: it shows 10.9 points or "
         "more (80% power, 5% level)."),
        (0.1, 0.99, 0.1, "The control group of 80 is too few to show any uplift (80% power, 5% level)."),
        (1, 0.02, 0.03, "Nobody is reached, so that the uplift cannot be measured."),
    ],
)  # fmt: skip
def test_the_sentence_says_what_the_control_group_shows(control, baseline, uplift, said):
    inputs = USUAL["Mass affluent"] | {"baseline": baseline, "uplift": uplift}
    campaign = replace(default_campaign(inputs, 0), control=control, contactable=exactly(0.8))
    assert describe_control(campaign, simulate(1000, campaign)) == said
