"""Whether clusters are set apart by fewer customers between them."""

import numpy as np
import pytest

from core.segments.edges import bimodal_amplitude, clouds

CENTRES = np.array([[0.0], [8.0]])


@pytest.mark.parametrize(
    ("between", "amplitude"), [(0, 1), (1, 0.75), (4, 0), (6, -0.5)], ids=["nobody", "few", "as many", "a crowd"]
)
def test_the_fall_is_measured_at_the_lower_of_the_two_centres(between, amplitude):
    points = np.array([-1.0] * 6 + [0] * 8 + [1] * 6 + [4.0] * 5 * between + [8.0] * 40)[:, None]
    labels = (points[:, 0] > 3.9).astype(int)
    assert bimodal_amplitude(points, labels, CENTRES).tolist() == [amplitude, amplitude]


def test_the_neighbour_that_is_nearest_in_density_counts():
    points = np.repeat([0.0, 4, 8, 90], [10, 5, 10, 10])[:, None]
    labels = np.repeat([0, 1, 2], [15, 10, 10])
    found = bimodal_amplitude(points, labels, np.array([[0.0], [8.0], [90.0]]))
    assert found.tolist() == [0.5, 0.5, 1]


def test_nobody_near_a_centre_is_no_group():
    points, labels = np.repeat([[-5.0], [13.0]], 10, axis=0), np.repeat([0, 1], 10)
    assert bimodal_amplitude(points, labels, CENTRES).tolist() == [0, 0]


def test_one_cluster_or_two_at_one_place():
    assert bimodal_amplitude(np.zeros((10, 1)), np.zeros(10, int), np.zeros((1, 1))).tolist() == [1]
    halves = np.repeat([0, 1], 10)
    assert bimodal_amplitude(np.zeros((20, 1)), halves, np.zeros((2, 1))).tolist() == [0, 0]


def test_of_a_cluster_with_few_points_nothing_is_told_and_it_is_no_neighbour():
    points = np.array([0.0] * 10 + [8.0] * 10 + [90.0] * 9)[:, None]
    labels = np.repeat([0, 1, 2, 3], [10, 10, 9, 0])
    found = bimodal_amplitude(points, labels, np.array([[0.0], [8.0], [90.0], [99.0]]))
    assert found.tolist() == [1, 1, 0, 0]


def test_clusters_without_a_fall_between_them_are_one_cloud_however_many():
    pairs = np.ones((4, 4))
    pairs[0, 2] = pairs[2, 0] = 0.1
    pairs[2, 3] = pairs[3, 2] = 0.3
    assert clouds(pairs, 0.4).tolist() == [0, 1, 0, 0]
    assert clouds(pairs, 0.2).tolist() == [0, 1, 0, 2]
