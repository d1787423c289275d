"""The features in which customers fall into groups."""

import numpy as np
import pytest

from core.segments.grouped_features import grouped_features


def noise(seed, rows=600, features=5):
    return np.random.default_rng(seed).standard_normal((rows, features))


@pytest.mark.parametrize("seed", range(3))
def test_no_feature_of_noise_has_groups(seed):
    points = noise(seed)
    points[:, 1] = np.exp(points[:, 1])
    points[:, 2] = np.round(2 * points[:, 2])
    points[:, 3] = np.where(points[:, 0] > 0.3, 0, points[:, 3] ** 2)  # many have none
    assert grouped_features(points, 0) == ()


def test_a_feature_with_groups_is_found_however_few_are_in_one():
    points = noise(1, 2000)
    points[:100, 3] += 6
    assert grouped_features(points, 0) == (3,)


def test_groups_that_overlap_in_a_feature_show_it_inside_a_group_of_another():
    points = noise(2, 900, 4)
    points[:450, 0] += 8
    points[:150, 2] += 3.8  # 150 of all, but a third of the group
    points[150:300, 2] -= 3.8
    assert grouped_features(points, 0) == (0, 2)


def test_ripples_of_the_rows_order_change_nothing():
    points = noise(3)
    points[:200, 4] += 6
    assert grouped_features(points[::-1], 0) == grouped_features(points, 0) == (4,)


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ([20, 50, 50, 50, 70, 100, 120], ()),  # middles of bands
        ([1, 2, 2, 3, 12, 13, 13, 14], (1,)),
    ],
)
def test_the_values_of_an_answer_are_no_groups_and_groups_of_few_values_are(values, found):
    points = noise(4)
    points[:, 1] = np.random.default_rng(4).choice(values, len(points))
    points[:, 1] = (points[:, 1] - points[:, 1].mean()) / points[:, 1].std()
    assert grouped_features(points, 0) == found
