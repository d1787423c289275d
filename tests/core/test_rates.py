"""Intervals of shares, and the strength of an association."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.proportion import confint_proportions_2indep

from core.strategy.rates import cramers_v, difference, ratio, wilson, z_for


@pytest.mark.parametrize(
    ("yes", "n", "expected"),
    [
        (81, 263, (0.2553, 0.3662)),  # Newcombe, Statistics in Medicine 17 (1998), table I
        (15, 148, (0.0624, 0.1605)),
        (0, 20, (0.0, 0.1611)),
        (1, 29, (0.0061, 0.1718)),
    ],
)
def test_wilsons_interval_is_that_of_the_literature(yes, n, expected):
    assert wilson(yes, n) == pytest.approx(expected, abs=5e-5)


def test_the_interval_of_a_ratio_comes_from_those_of_its_shares():
    (low, high), (q_low, q_high) = wilson(10, 20), wilson(40, 50)
    far, near = q_high * (1.6 - q_high), q_low * (1.6 - q_low)
    assert ratio((10, 20), (40, 50)) == pytest.approx(
        (
            (0.4 - np.sqrt(0.16 - low * (1 - low) * far)) / far,
            (0.4 + np.sqrt(0.16 - high * (1 - high) * near)) / near,
        )
    )
    assert ratio((5 * 10**9, 10**10), (40, 50)) == pytest.approx((0.5 / q_high, 0.5 / q_low), rel=1e-4)
    assert ratio((0, 20), (40, 50))[0] == 0


def test_the_interval_of_a_ratio_holds_the_truth_as_often_as_it_says():
    drawn = np.random.default_rng(1).binomial([20, 60], [0.4, 0.6], (2000, 2))
    ends = np.array([ratio((one, 20), (other, 60)) for one, other in drawn])
    assert np.mean((ends[:, 0] <= 2 / 3) & (ends[:, 1] >= 2 / 3)) == pytest.approx(0.95, abs=0.015)


def test_nobody_has_no_interval():
    assert all(end != end for end in wilson(0, 0))


@settings(derandomize=True, deadline=None)
@given(st.integers(1, 10**6).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_an_interval_holds_the_share_and_stays_in_bounds(pair):
    low, high = wilson(*pair)
    assert 0 <= low <= pair[0] / pair[1] + 1e-12
    assert pair[0] / pair[1] - 1e-12 <= high <= 1


@pytest.mark.parametrize(
    ("yes", "n", "expected"),
    [
        ([10, 0], [10, 10], 1),
        ([5, 5], [10, 10], 0),
        ([8, 2], [10, 10], 0.6),  # χ² = 7.2 of 20
        ([10, 10], [10, 10], 0),
        ([], [], 0),
    ],
)
def test_an_association_goes_from_none_to_full(yes, n, expected):
    assert cramers_v(np.array(yes, float), np.array(n, float)) == pytest.approx(expected)


def test_many_comparisons_need_a_wider_interval():
    assert z_for(1) == pytest.approx(1.959964, abs=1e-6)
    assert z_for(10) == pytest.approx(2.807, abs=1e-3)


@pytest.mark.parametrize(("one", "other"), [((56, 70), (48, 80)), ((9, 10), (3, 10)), ((0, 20), (5, 30))])
def test_the_difference_of_two_shares_is_newcombes(one, other):
    expected = confint_proportions_2indep(*other, *one, method="newcomb", compare="diff")
    assert difference(one, other) == pytest.approx(expected, abs=1e-4)


def test_a_difference_of_correlated_shares_is_surer():
    one, other = (300, 1000), (330, 1000)
    apart, together = (difference(one, other, rho) for rho in (0.0, 0.9))
    assert apart[0] < 0 < together[0] < 0.03 < together[1] < apart[1]
    low, high = difference(one, one, 1.0)
    assert abs(low) < 0.01 > abs(high)


def test_there_is_no_difference_from_nobody():
    assert np.isnan(difference((0, 0), (1, 2))).all()
