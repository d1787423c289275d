"""Centre and spread of a feature, its logarithm, and the range of usual values."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.segments.rows import InMemory, moments
from core.segments.scale import IQR_OF_NORMAL, LARGEST, Scale, bent, fit_scales, inlier_ranges

LN = np.log


def fit_scale(values, scaling):
    rows = InMemory(bent(values[:, None], scaling))
    return fit_scales(rows, moments(rows), [scaling])[0]


def inlier_range(values, scaling):
    return inlier_ranges(InMemory(values[:, None]), [scaling])[0]


@pytest.mark.parametrize(
    ("values", "scaling", "centre", "spread"),
    [
        ([0, 0, 4, 4], "standard", 2, 2),
        ([0, 1, 2, 3, 100], "robust", 2, 2 / IQR_OF_NORMAL),
        ([0, 5, 5, 5, 10], "robust", 5, np.sqrt(10)),  # no interquartile range: the standard deviation
        ([0, np.e - 1], "log", 0.5, 0.5),
        ([7, 7], "standard", 7, 1),
        ([7, 7], "robust", 7, 1),
        ([], "standard", 0, 1),
    ],
)
def test_a_scale_is_a_centre_and_a_spread(values, scaling, centre, spread):
    found = fit_scale(np.array(values, "float64"), scaling)
    assert (found.scaling, found.centre, found.spread) == (scaling, pytest.approx(centre), pytest.approx(spread))


def test_the_logarithm_keeps_the_sign():
    assert bent(np.array([-(np.e - 1), 0, np.e - 1]), "log").tolist() == pytest.approx([-1, 0, 1])


def test_standardised_values_are_counted_from_the_centre_in_spreads():
    assert Scale("standard", 30, 10).standardised(np.array([20.0, 45])).tolist() == [-1, 1.5]


@pytest.mark.parametrize(
    ("values", "scaling", "low", "high"),
    [
        (range(1, 10), "standard", 5 - 3.5 * 2 / 0.6745, 5 + 3.5 * 2 / 0.6745),
        ([0] * 15 + [4], "standard", -3.5 * np.sqrt(15 / 16), 3.5 * np.sqrt(15 / 16)),  # no median deviation
        ([7, 7], "standard", 7, 7),
        ([], "standard", -LARGEST, LARGEST),
    ],
)
def test_the_inlier_range_reaches_three_and_a_half_robust_deviations(values, scaling, low, high):
    assert inlier_range(np.array(values, "float64"), scaling) == (pytest.approx(low), pytest.approx(high))


@settings(derandomize=True, deadline=None, max_examples=50)
@given(st.lists(st.floats(-1e10, 1e10), min_size=1, max_size=20), st.sampled_from(["standard", "robust", "log"]))
def test_every_list_of_numbers_has_a_scale_and_a_range_with_its_median(values, scaling):
    rising = np.sort(values)
    scale, (low, high) = fit_scale(rising, scaling), inlier_range(rising, scaling)
    assert scale.spread > 0
    assert np.isfinite(scale.standardised(rising)).all()
    assert low <= rising[(len(rising) - 1) // 2] <= rising[len(rising) // 2] <= high
