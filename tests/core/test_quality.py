"""The scores of one clustering."""

from dataclasses import asdict

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import adjusted_rand_score, silhouette_score

from core.segments.kmeans import KMEANS
from core.segments.quality import adjusted_rand_index, quality, separation

# Two pairs of points, 10 apart: silhouette of each is 1 - 1 / mean distance to the other pair.
PAIRS = np.array([[0.0, 0.0], [0.0, 1.0], [10.0, 0.0], [10.0, 1.0]])
LABELS = np.array([0, 0, 1, 1])
CENTRES = np.array([[0.0, 0.5], [10.0, 0.5]])


def test_two_pairs_far_apart():
    across = (10 + np.sqrt(101)) / 2
    found = asdict(quality(PAIRS, LABELS, CENTRES, KMEANS, resamples=4, seed=0))
    jaccard = found.pop("jaccard")
    assert found.pop("even") == found["silhouette"]
    assert found.pop("silhouettes") == pytest.approx((1 - 1 / across,) * 2)
    assert (found.pop("amplitudes"), found.pop("clouds"), found.pop("across")) == ((0, 0), (0, 1), ())
    assert found == pytest.approx(
        {
            "inertia": 0.25,  # each point is half a unit from its centre
            "silhouette": 1 - 1 / across,
            "calinski_harabasz": 100 / (1 / 2),  # between: 4 × 5², within: 4 × 0.5² over 4 - 2 degrees of freedom
            "davies_bouldin": (0.5 + 0.5) / 10,
            "smallest": 0.5,
            "apart": 0.0,  # clusters of two points tell nothing
            "stability": found["stability"],
        }
    )
    assert len(jaccard) == 2


@given(
    rows=st.lists(st.tuples(st.integers(0, 3), st.integers(-9, 9), st.integers(-9, 9)), min_size=3, max_size=30).filter(
        lambda rows: 1 < len({cluster for cluster, *_ in rows}) < len(rows)
    )
)
def test_the_silhouette_is_that_of_scikit_learn(rows):
    labels, points = np.array([row[0] for row in rows]), np.array([row[1:] for row in rows], "float64")
    found = separation(points, labels, np.zeros((4, 2)))
    assert found.silhouette == pytest.approx(silhouette_score(points, labels), abs=1e-12)


def test_groups_far_apart_are_found_again_in_every_half():
    rng = np.random.default_rng(1)
    points = np.concatenate([rng.normal(at, 0.1, (40, 2)) for at in (0, 5, 9)])
    labels = np.repeat([0, 1, 2], 40)
    centres = np.array([points[labels == i].mean(axis=0) for i in range(3)])
    found = quality(points, labels, centres, KMEANS, resamples=3, seed=0)
    assert (found.stability, found.jaccard) == (1, (1, 1, 1))


def test_a_split_group_is_not_found_again():
    rng = np.random.default_rng(2)
    points = np.concatenate([rng.normal(0, 1, (60, 2)), rng.normal(30, 0.1, (60, 2))])
    angle = points[:60] @ [1.0, 0.3]  # the first group is cut anywhere
    labels = np.concatenate([(angle > 0.4).astype(int), np.full(60, 2)])
    centres = np.array([points[labels == i].mean(axis=0) for i in range(3)])
    found = quality(points, labels, centres, KMEANS, resamples=6, seed=0)
    assert found.jaccard[2] == 1
    assert max(found.jaccard[:2]) < 0.95
    assert found.stability < 0.95


@pytest.mark.parametrize(
    ("labels", "centres"),
    [([0, 0, 0, 0], CENTRES[:1]), ([0, 0, 0, 0], CENTRES), ([0, 1, 2, 3], PAIRS)],
    ids=["one cluster", "an empty one", "a cluster each"],
)
def test_nothing_can_be_said_of(labels, centres):
    assert quality(PAIRS, np.array(labels), centres, KMEANS, resamples=1, seed=0) is None


def test_nothing_is_said_of_finding_a_cluster_of_few_rows_again():
    points = np.concatenate([np.zeros((9, 1)), np.ones((10, 1))]) + np.linspace(0, 0.1, 19)[:, None]
    found = quality(points, np.repeat([0, 1], [9, 10]), np.array([[0.0], [1.0]]), KMEANS, resamples=2, seed=0)
    assert found.jaccard == (None, 1)


@given(pairs=st.lists(st.tuples(st.integers(0, 19), st.integers(0, 19)), min_size=2, max_size=60))
def test_the_rand_index_is_that_of_scikit_learn(pairs):
    one, other = np.array(pairs, "int8").T
    assert adjusted_rand_index(one, other) == pytest.approx(adjusted_rand_score(one, other), abs=1e-12)
