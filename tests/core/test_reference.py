"""Structureless data: the shape of the features stays, their groups go."""

import numpy as np
import pytest
from scipy.stats import spearmanr

from core.segments.reference import at_lowest, structureless

RNG = np.random.default_rng(0)
ROWS = 1_500
TAIL = RNG.lognormal(size=ROWS)


def one(points, seed=0):
    return structureless(np.asarray(points, float), 1, seed)[0]


def test_each_draw_has_the_shape_mean_and_spread_of_the_data():
    points = np.column_stack([TAIL, RNG.integers(1, 13, ROWS), np.full(ROWS, 7.0)])
    for drawn in structureless(points, 2, 0):
        assert drawn.shape == points.shape
        np.testing.assert_allclose(drawn.mean(axis=0), points.mean(axis=0))
        np.testing.assert_allclose(drawn.std(axis=0), points.std(axis=0))


def test_the_same_seed_draws_the_same_and_draws_differ():
    points = RNG.normal(size=(200, 2))
    first, second = structureless(points, 2, 5)
    np.testing.assert_array_equal(first, structureless(points, 2, 5)[0])
    assert (first != second).any()


def test_a_skewed_feature_stays_skewed():
    drawn = one(TAIL[:, None])[:, 0]
    wanted = np.quantile(TAIL, [0.05, 0.25, 0.5, 0.75, 0.95])
    np.testing.assert_allclose(np.quantile(drawn, [0.05, 0.25, 0.5, 0.75, 0.95]), wanted, rtol=0.2, atol=0.05)


@pytest.mark.parametrize("levels", [(0, 1), (1, 2, 3, 4, 5), tuple(range(1, 13))])
def test_whole_numbers_stay_on_their_levels(levels):
    points = RNG.choice(levels, (ROWS, 1)).astype(float)
    assert len(np.unique(np.round(one(points), 6))) <= len(levels)


def test_two_heaps_of_a_feature_become_one():
    heaps = np.concatenate([RNG.normal(-5, 1, 750), RNG.normal(5, 1, 750)])[:, None]
    assert np.mean(np.abs(heaps) < 2) < 0.01
    assert np.mean(np.abs(one(heaps)) < 2) > 0.1  # the valley is filled


@pytest.mark.parametrize("correlation", [-0.8, 0.0, 0.6])
def test_the_rank_correlation_stays(correlation):
    points = RNG.multivariate_normal([0, 0], [[1, correlation], [correlation, 1]], 4_000)
    points[:, 1] = np.exp(points[:, 1])
    assert spearmanr(one(points))[0] == pytest.approx(spearmanr(points)[0], abs=0.05)


def test_degenerate_features_are_drawn_as_they_are():
    np.testing.assert_array_equal(one([[3.0, 0.0]] * 40), [[3.0, 0.0]] * 40)


def test_a_small_heap_in_a_tail_is_smoothed_and_those_who_have_none_stay():
    few = np.append(RNG.normal(0, 1, 1_900), RNG.normal(7, 0.5, 100))[:, None]
    assert np.mean((one(few) > 3) & (one(few) < 5.5)) > 0.005 > np.mean((few > 3) & (few < 5.5))
    none = np.append(np.zeros(400), RNG.lognormal(3, 0.3, 1_100))[:, None]
    drawn = one(none)[:, 0]
    assert np.mean(drawn == drawn.min()) == pytest.approx(400 / 1_500, abs=0.04)


@pytest.mark.parametrize(
    ("values", "share"),
    [
        (np.append(np.zeros(30), RNG.lognormal(3, 1, 70)), 0.3),
        (np.append(np.zeros(4), RNG.lognormal(3, 1, 96)), 0),  # too few
        (np.repeat([0, 3, 4, 5], [30, 20, 25, 25]), 0.3),
        (np.repeat([0, 1, 2, 3], [30, 20, 25, 25]), 0),  # no heap beside the next level
        (np.zeros(9), 0),
    ],
)
def test_the_share_of_those_who_have_none(values, share):
    assert at_lowest(np.asarray(values, float)) == share


def test_what_people_round_to_is_rounded_to_in_the_draws():
    age = np.where(RNG.random(ROWS) < 0.6, np.round(RNG.normal(45, 15, ROWS), -1), np.round(RNG.normal(45, 15, ROWS)))
    drawn = one(age[:, None])[:, 0]
    values, counts = np.unique(drawn, return_counts=True)
    steps = np.diff(values[counts > 0.02 * ROWS])
    assert len(steps) >= 5
    np.testing.assert_allclose(steps, steps.mean(), rtol=1e-6)
    assert counts[counts > 0.02 * ROWS].sum() / ROWS == pytest.approx(0.64, abs=0.1)
