"""A figure that bears a name is what scipy, scikit-learn or statsmodels compute under it."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats
from scipy.optimize import linprog
from scipy.stats.contingency import association as scipy_association
from scipy.stats.contingency import expected_freq
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint

from core.segments.advice import association, explained, skewness
from core.segments.refresh import psi_parts
from core.segments.rows import InMemory
from core.segments.scale import inlier_ranges
from core.strategy.campaign import worth
from core.strategy.funding import fund
from core.strategy.ranges import Range
from core.strategy.rates import cramers_v, ratio, wilson, z_for

PROPERTY = settings(derandomize=True, deadline=None)
counts = st.integers(1, 10**6).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
values = st.lists(st.integers(-1000, 1000), min_size=3, max_size=40).filter(lambda drawn: len(set(drawn)) > 1)


@PROPERTY
@given(counts)
def test_wilsons_interval(pair):
    assert wilson(*pair) == pytest.approx(proportion_confint(*pair, method="wilson"), abs=1e-6)


@PROPERTY
@given(st.integers(1, 500))
def test_bonferronis_quantile(comparisons):
    p = 2 * stats.norm.sf(z_for(comparisons))  # of one of them, just significant
    assert multipletests([p, *[1.0] * (comparisons - 1)], method="bonferroni")[1][0] == pytest.approx(0.05)


@pytest.mark.parametrize(("n", "m", "p", "q"), [(30, 200, 0.1, 0.4), (15, 15, 0.5, 0.9), (400, 50, 0.02, 0.3)])
def test_donner_and_zous_interval_of_a_ratio_holds_the_truth_as_often_as_it_says(n, m, p, q):
    drawn = np.random.default_rng(n).binomial([n, m], [p, q], (2000, 2))
    ends = np.array([ratio((one, n), (other, m)) for one, other in drawn if other])
    assert np.mean((ends[:, 0] <= p / q) & (ends[:, 1] >= p / q)) == pytest.approx(0.95, abs=0.02)


@PROPERTY
@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)).filter(any), min_size=2, max_size=6))
def test_cramers_v(cells):
    table = np.array(cells)
    assume(table.sum(axis=0).all())
    assert cramers_v(table[:, 0], table.sum(axis=1)) == pytest.approx(scipy_association(table, method="cramer"))


@PROPERTY
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2)), min_size=4, max_size=60))
def test_cramers_v_with_bergsmas_correction(pairs):
    first, second = np.array(pairs).T
    table = pd.crosstab(first, second).to_numpy()
    (rows, columns), n = table.shape, len(pairs)
    assume(min(rows, columns) > 1)
    phi2 = ((table - expected_freq(table)) ** 2 / expected_freq(table)).sum() / n
    corrected = max(0, phi2 - (rows - 1) * (columns - 1) / (n - 1))
    fewer = min(rows - (rows - 1) ** 2 / (n - 1), columns - (columns - 1) ** 2 / (n - 1))
    assume(fewer > 1)
    assert association(first, second) == pytest.approx(corrected / (fewer - 1))


@PROPERTY
@given(values, st.integers(2, 4))
def test_eta_squared_is_what_the_analysis_of_variance_rests_on(drawn, k):
    numbers, codes = np.array(drawn, "float64"), np.arange(len(drawn)) % k
    groups = [numbers[codes == code] for code in range(k)]
    assume(len(numbers) > k and all(map(len, groups)))
    within = sum(((group - group.mean()) ** 2).sum() for group in groups)
    assume(within > 0)
    f = stats.f_oneway(*groups).statistic
    degrees = (k - 1) / (len(numbers) - k)
    assert explained(numbers, codes) == pytest.approx(f * degrees / (1 + f * degrees), abs=1e-9)


@PROPERTY
@given(values)
def test_skewness(drawn):
    assert skewness(np.array(drawn, "float64")) == pytest.approx(stats.skew(drawn), abs=1e-9)


@PROPERTY
@given(values)
def test_outliers_are_beyond_three_and_a_half_robust_deviations(drawn):
    numbers = np.array(drawn, "float64")
    robust = stats.median_abs_deviation(numbers) / 0.6745
    assume(robust > 0)
    middle = np.median(numbers)
    [(low, high)] = inlier_ranges(InMemory(numbers[:, None]), ["standard"])
    assert (low, high) == pytest.approx((middle - 3.5 * robust, middle + 3.5 * robust))


@PROPERTY
@given(st.lists(st.tuples(st.integers(1, 99), st.integers(1, 99)), min_size=2, max_size=10))
def test_the_stability_index_is_the_symmetric_kullback_leibler_divergence(bins):
    then, now = np.array(bins, "float64").T
    both = stats.entropy(then, now) + stats.entropy(now, then)
    assert psi_parts(then, now).sum() == pytest.approx(both, abs=1e-12)


@PROPERTY
@given(st.tuples(*[st.floats(-1e6, 1e6)] * 3).map(sorted), st.floats(0, 1))
def test_the_triangular_distribution(ends, part):
    low, likely, high = ends
    assume(high - low > 1e-3)
    expected = stats.triang.ppf(part, (likely - low) / (high - low), low, high - low)
    assert Range(*ends).quantile(np.array([part]))[0] == pytest.approx(expected, abs=1e-6 * (high - low))


@PROPERTY
@given(st.integers(1, 120), st.floats(0.001, 1))
def test_the_annuity_is_the_sum_of_its_discounted_months(months, discount):
    whole = sum(100 / (1 + discount) ** (month / 12) for month in range(1, months + 1))
    inputs = {"value": 1200, "margin": 1, "horizon": months, "attrition": 0, "discount": discount}
    assert worth(inputs) == pytest.approx(whole)


@PROPERTY
@given(
    st.lists(st.tuples(st.integers(1, 100), st.integers(-100, 300)), min_size=1, max_size=8), st.integers(0, 400)
)  # fmt: skip
def test_the_plan_is_the_best_that_linear_programming_finds(pools, budget):
    cost, net = np.array(pools, "float64").T
    choices = pd.DataFrame({"customers": 10, "reached": 5.0, "cost": cost, "net_value": net})
    best = linprog(-net, A_ub=cost[None, :], b_ub=[budget], bounds=(0, 1))
    plan = fund(choices, budget)
    assert plan["net_value"].sum() == pytest.approx(-best.fun, abs=1e-6)
    assert plan["cost"].sum() <= budget + 1e-9
