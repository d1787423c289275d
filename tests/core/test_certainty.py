"""How sure each customer's segment is: against refits that it was not learned from, and in all that shows it."""

import json
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.analysis import Analysis
from core.certainty import NO_ROWS, OLD_MODEL, TOO_FEW
from core.cubes.contents import contents
from core.cubes.file import read, to_bytes
from core.cubes.opened import opened
from core.errors import DataError
from core.files import json_bytes
from core.pipeline import load, segment, segment_by
from core.results import results
from core.rules import Rules
from core.schema import SURE
from core.segments.category_features import CategoryFeature
from core.segments.certainty import MOST_KNOTS, UNSURE, Curve, calibrate, calibrated, certainties, matched
from core.segments.choice import FeatureChoice
from core.segments.features import feature_matrix
from core.segments.kmeans import KMEANS, CentreClustering
from core.segments.latent import LATENT
from core.segments.mixture import MixtureClustering
from core.segments.model_file import from_dict, read_model
from core.segments.score import score_customers
from core.sources.files import FileSource

ROWS, FRESH = 1_200, 40


def blobs(seed, *, groups=4, features=3, apart=1.6, rows=ROWS):
    """Customers around some middles, none of them far from another."""
    rng = np.random.default_rng(seed)
    middles = apart * rng.normal(size=(groups, features))
    points = middles[rng.integers(0, groups, rows)] + rng.normal(size=(rows, features))
    return pd.DataFrame(points, columns=[f"number_{at}" for at in range(features)])


def long_tails(seed):
    """Customers without groups."""
    return pd.DataFrame(np.exp(0.7 * np.random.default_rng(seed).normal(size=(ROWS, 3))), columns=list("xyz"))


def mixed(seed):
    """Three groups of customers that differ in two numbers and two categories."""
    rng = np.random.default_rng(seed)
    group = rng.choice(3, ROWS, p=[0.5, 0.3, 0.2])
    numbers = np.array([[0.0, 0], [2, 1], [0, 3]])[group] + rng.normal(size=(ROWS, 2))
    levels = {
        name: pd.Categorical(np.array(list("abc"))[np.where(rng.random(ROWS) < usual, group, rng.integers(0, 3, ROWS))])
        for name, usual in (("channel", 0.6), ("job", 0.4))
    }
    return pd.DataFrame({"x": numbers[:, 0], "y": numbers[:, 1], **levels})


def fitted(customers, k, clusterer=KMEANS):
    matrix = feature_matrix(customers, FeatureChoice(tuple(customers), categories=clusterer is LATENT))
    return matrix, clusterer.fit(matrix, k, seed=0)


def agreement(matrix, clustering, clusterer):
    """How many of some fits on resamples of all customers put each in the same segment, with the method's own fit."""
    within, k = clustering.assign(matrix.points), len(clustering.means)
    same = np.zeros(len(within))
    for at in range(FRESH):
        drawn = np.random.default_rng([12_345, at]).integers(0, len(within), len(within))
        resample = replace(
            matrix, values=matrix.values[drawn], codes=matrix.codes[drawn], complete=np.ones(len(within), bool)
        )
        again = clusterer.fit(resample, k, seed=777 + at).assign(matrix.points)
        same += matched(within, again, np.ones(len(within)), k) == within
    return same / FRESH


def calibration_error(certainty, share):
    """The expected calibration error over ten bins (Naeini, Cooper and Hauskrecht 2015)."""
    bins = np.minimum((certainty * 10).astype(int), 9)
    inside = [bins == at for at in range(10) if (bins == at).any()]
    return sum(one.mean() * abs(certainty[one].mean() - share[one].mean()) for one in inside)


@pytest.mark.parametrize(
    ("customers", "k", "clusterer"),
    [(blobs(0), 4, KMEANS), (blobs(3), 5, KMEANS), (long_tails(1), 4, KMEANS), (mixed(0), 3, LATENT)],
    ids=["groups that overlap", "a segment too many", "no groups", "numbers and categories"],
)
def test_the_certainty_is_the_share_of_other_refits_that_agree(customers, k, clusterer):
    matrix, clustering = fitted(customers, k, clusterer)
    within = clustering.assign(matrix.points)
    found = certainties(matrix, within, clustering, calibrate(matrix, clustering), [*"12345"[:k]])
    certainty, share = found["Certainty"].to_numpy(), agreement(matrix, clustering, clusterer)
    assert calibration_error(certainty, share) <= 0.05
    unsure = certainty < UNSURE
    assert 0.02 < unsure.mean() < 0.98  # there are both, and they differ
    assert share[unsure].mean() < share[~unsure].mean() - 0.1
