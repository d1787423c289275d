"""K-means in one feature: as scikit-learn's, only exact."""

import numpy as np
import pytest
from sklearn.cluster import KMeans

from core.segments.one_feature import labels_of, parted, silhouettes, splits
from core.segments.quality import separation

RNG = np.random.default_rng(0)
DRAWN = {
    "two groups": np.append(RNG.normal(0, 1, 380), RNG.normal(6, 1, 20)),
    "skewed": RNG.lognormal(0, 1, 400),
    "whole numbers": RNG.integers(1, 6, 300).astype(float),
    "many at zero": np.append(np.zeros(120), RNG.lognormal(3, 1, 280)),
}


@pytest.mark.parametrize("name", DRAWN)
@pytest.mark.parametrize("k", [2, 3, 5])
def test_no_start_of_scikit_learn_is_clearly_better(name, k):
    values = np.sort(DRAWN[name])
    means = splits(values, [k])[k]
    inertia = ((values - means[labels_of(values, means)]) ** 2).sum()
    theirs = KMeans(k, n_init=5, random_state=0).fit(values[:, None]).inertia_
    assert inertia <= 1.02 * theirs + 1e-9


@pytest.mark.parametrize("name", DRAWN)
def test_silhouettes_are_those_of_all_pairs(name):
    values = np.sort(DRAWN[name])
    means = splits(values, [3])[3]
    labels = labels_of(values, means)
    assert np.bincount(labels).tolist() == np.diff(parted(values, means)).tolist()
    found = separation(values[:, None], labels, means[:, None])
    assert silhouettes(values, means) == pytest.approx((found.silhouette, found.even))


def test_fewer_different_values_than_clusters_are_not_split():
    assert list(splits(np.repeat([1.0, 2.0], 20), [2, 3])) == [2]
