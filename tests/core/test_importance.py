"""How much each feature decides."""

import numpy as np
import pytest

from core.segments.importance import importance
from core.segments.kmeans import CentreClustering

RNG = np.random.default_rng(0)


def test_a_feature_that_parts_the_segments_decides_and_one_that_does_not_is_nothing():
    points = np.column_stack([np.repeat([-5.0, 5.0], 200), RNG.normal(size=400)])
    found = importance(points, CentreClustering(np.array([[-5.0, 0.0], [5.0, 0.0]])))
    assert found["feature"].tolist() == [0, 1]
    assert found["changed"].tolist() == pytest.approx([0.5, 0.0], abs=0.03)


def test_the_share_is_that_of_the_customers_in_a_small_segment():
    points = np.column_stack([np.repeat([-5.0, 5.0], [360, 40]), np.zeros(400)])
    found = importance(points, CentreClustering(np.array([[-5.0, 0.0], [5.0, 0.0]])))
    assert found["changed"][0] == pytest.approx(2 * 0.1 * 0.9, abs=0.02), "one in ten is dealt to each of the others"


def test_no_figure_depends_on_the_order_of_the_customers():
    points = RNG.normal(size=(300, 3))
    clustering = CentreClustering(RNG.normal(size=(3, 3)))
    assert importance(points, clustering).equals(importance(points[RNG.permutation(300)], clustering))


def test_without_customers_nothing_decides():
    assert importance(np.empty((0, 2)), CentreClustering(np.zeros((2, 2))))["changed"].tolist() == [0, 0]
