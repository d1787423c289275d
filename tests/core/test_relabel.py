"""Segments are numbered by wealth, and what a model keeps is what was assigned."""

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from core.segments.features import feature_matrix
from core.segments.kmeans import KMEANS, CentreClustering
from core.segments.nearest import nearest
from core.segments.relabel import relabelled


def test_of_equally_near_centres_the_first_is_taken():
    labels, squared = nearest(np.array([[0.0, 0], [3, 0], [1, 0]]), np.array([[2.0, 0], [0, 0], [0, 0]]))
    assert (labels.tolist(), squared.tolist()) == ([1, 0, 0], [0, 1, 1])


def test_two_centres_that_rounding_makes_one_are_one_segment():
    customers = pd.DataFrame({"age": [0.0, 1, 1 + 1e-12]})
    matrix = feature_matrix(customers, ["age"])
    found = relabelled(customers, matrix, CentreClustering(np.round(matrix.values, 9)), "")
    assert len(found.centres) == len(set(found.assign(matrix.values).tolist())) == 2


@settings(derandomize=True, deadline=None, max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 6), st.integers(1, 4)), min_size=1, max_size=30), st.integers(1, 6))
def test_centres_are_rounded_and_no_segment_is_empty(rows, k):
    customers = pd.DataFrame(rows, columns=["age", "property_valuation"], dtype="float64")
    matrix = feature_matrix(customers, list(customers))
    found = relabelled(customers, matrix, KMEANS.fit(matrix, k, seed=0), "property_valuation")
    assert found.centres.tolist() == np.round(found.centres, 9).tolist()
    assert set(found.assign(matrix.values).tolist()) == set(range(len(found.centres)))
