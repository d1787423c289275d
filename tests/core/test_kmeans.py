"""K-means: the same clusters for the same customers, whatever the order, the run and the threads."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from unittest.mock import patch

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from threadpoolctl import threadpool_info, threadpool_limits

from core.segments import binned_sums, nearest, points
from core.segments import kmeans as module
from core.segments.clusterer import squared_error
from core.segments.features import feature_matrix
from core.segments.kmeans import KMEANS
from core.threads import one_thread

ROOT = Path(module.__file__).parents[2]


def matrix(rows):
    """The standardised features of customers with these values, a tuple per customer or a number."""
    customers = pd.DataFrame(rows).add_prefix("feature_")
    return feature_matrix(customers, list(customers))


@dataclass(frozen=True)
class Fitted:
    centres: np.ndarray
    labels: np.ndarray
    inertia: float


def fit(matrix, k):
    """The centres found, with the label of each row."""
    found = KMEANS.fit(matrix, k, seed=0)
    labels = found.assign(matrix.values)
    return Fitted(found.centres, labels, squared_error(matrix.values, found.centres, labels))


def groups(labels):
    """The clusters as sets of row positions, whatever their numbers."""
    return {frozenset(np.flatnonzero(labels == label).tolist()) for label in set(labels.tolist())}


def test_far_groups_become_the_clusters():
    points = matrix([0, 100, 1, 101, 2, 50])
    fitted = fit(points, 3)
    assert groups(fitted.labels) == {frozenset({0, 2, 4}), frozenset({1, 3}), frozenset({5})}
    assert sorted((fitted.centres * points.scale + points.mean).ravel()) == pytest.approx([1, 50, 100.5])


def test_centres_are_the_means_of_their_rows_and_inertia_the_squared_distances_to_them():
    points = matrix(np.random.default_rng(3).normal(size=(80, 2)))
    fitted = fit(points, 4)
    means = [points.values[fitted.labels == label].mean(axis=0) for label in range(4)]
    np.testing.assert_allclose(fitted.centres, means, atol=1e-9)  # centres are rounded
    assert fitted.inertia == pytest.approx(((points.values - fitted.centres[fitted.labels]) ** 2).sum())


@pytest.mark.parametrize(
    ("rows", "k", "clusters"),
    [
        ([5, 5, 9, 9, 9], 4, 2),  # two distinct points
        ([5, 5, 5], 3, 1),
        ([5], 5, 1),  # one customer
        ([(1, 2), (2, 1), (1, 1)], 12, 3),
        ([(np.nan, 1), (1, np.nan)], 2, 0),
    ],
)
def test_there_are_no_more_clusters_than_distinct_points(rows, k, clusters):
    points = matrix(rows)
    fitted = fit(points, k)
    assert len(fitted.centres) == len(set(fitted.labels.tolist())) == clusters
    assert len(fitted.labels) == len(points.values)
    assert fitted.inertia == pytest.approx(0)


def test_without_features_there_is_no_cluster():
    fitted = fit(feature_matrix(pd.DataFrame({"age": [1.0, 2.0]}), []), 5)
    assert (fitted.centres.shape, fitted.labels.tolist(), fitted.inertia) == ((0, 0), [], 0)


def in_two_orders(rows):
    return st.tuples(st.just(rows), st.permutations(range(len(rows))))


# Two splits of these values are equally good, so that the last bit of a sum decides between them.
TIED = [5, 7, 4, 4, 7, 0, 6, 2, 6, 6, 1], [2, 5, 8, 9, 7, 6, 0, 10, 4, 1, 3]


@settings(derandomize=True, deadline=None, max_examples=60)
@given(
    st.lists(st.tuples(st.integers(0, 7), st.integers(0, 2)), min_size=1, max_size=25).flatmap(in_two_orders),
    st.integers(1, 5),
)
@example(TIED, 5)
def test_a_customer_has_the_same_label_in_any_order_of_the_rows(rows_and_order, k):
    rows, order = rows_and_order
    straight, shuffled = fit(matrix(rows), k), fit(matrix([rows[i] for i in order]), k)
    assert shuffled.labels.tolist() == straight.labels[order].tolist()
    assert set(straight.labels.tolist()) == set(range(min(k, len(set(rows)))))


def test_many_rows_have_the_same_labels_in_any_order(monkeypatch):
    monkeypatch.setattr(module, "SAMPLE_ROWS", 200)
    rng = np.random.default_rng(5)
    rows = rng.integers(0, 60, size=(900, 3))
    order = rng.permutation(len(rows))
    assert fit(matrix(rows[order]), 4).labels.tolist() == fit(matrix(rows), 4).labels[order].tolist()


def test_a_sample_finds_the_clusters_of_all_rows(monkeypatch):
    rng = np.random.default_rng(6)
    points = matrix(np.concatenate([rng.normal(centre, 1, size=(300, 2)) for centre in (0, 20, 60)]))
    whole = fit(points, 3)
    monkeypatch.setattr(module, "SAMPLE_ROWS", 90)
    sampled = fit(points, 3)
    assert groups(sampled.labels) == groups(whole.labels) == {frozenset(range(i, i + 300)) for i in (0, 300, 600)}
    assert sampled.inertia == pytest.approx(whole.inertia)


def test_a_value_too_rare_for_the_sample_still_gets_its_cluster(monkeypatch):
    monkeypatch.setattr(module, "SAMPLE_ROWS", 10)
    fitted = fit(matrix([0] * 60 + [5] + [9] * 60), 3)
    assert groups(fitted.labels) == {frozenset(range(60)), frozenset({60}), frozenset(range(61, 121))}


BLOCKS = [(binned_sums, "BLOCK"), (nearest, "BLOCK"), (points, "BLOCK"), (points, "SAMPLE_POINTS")]


@settings(derandomize=True, deadline=None, max_examples=20)
@given(
    st.lists(st.tuples(st.integers(0, 7), st.integers(0, 2)), min_size=1, max_size=25),
    st.integers(1, 4),
    st.tuples(*[st.integers(1, 30)] * 3, st.integers(25, 40)),
)
def test_the_size_of_a_block_changes_no_label(rows, k, sizes):
    whole = fit(matrix(rows), k)
    with ExitStack() as stack:
        for (where, name), size in zip(BLOCKS, sizes, strict=True):
            stack.enter_context(patch.object(where, name, size))
        parted = fit(matrix(rows), k)
    assert parted.labels.tolist() == whole.labels.tolist()
    assert parted.centres.tolist() == whole.centres.tolist()


PRINT_FIT = """
import numpy as np, pandas as pd
from core.segments.clusterer import squared_error
from core.segments.features import feature_matrix
from core.segments.kmeans import KMEANS
customers = pd.DataFrame(np.random.default_rng(7).normal(size=(6000, 4)), columns=list("abcd"))
matrix = feature_matrix(customers, list("abcd"))
found = KMEANS.fit(matrix, 6, seed=0)
print(found.assign(matrix.values).tobytes().hex(), found.centres.tobytes().hex())
"""


def test_the_number_of_threads_changes_no_bit():
    runs = [
        subprocess.Popen(
            [sys.executable, "-c", PRINT_FIT],
            env=os.environ | {"OMP_NUM_THREADS": threads, "OPENBLAS_NUM_THREADS": threads},
            cwd=ROOT,
            stdout=subprocess.PIPE,
        )
        for threads in ("1", "2")
    ]
    one, two = (run.communicate()[0] for run in runs)
    assert [run.returncode for run in runs] == [0, 0]
    assert len(one) > 6000
    assert one == two


def test_neither_a_session_nor_a_nested_call_lifts_the_limit_of_another():
    entered, left = Event(), Event()

    def other():
        with one_thread():
            entered.set()
            left.wait(10)
            return threads("blas"), threads("openmp")

    with threadpool_limits(limits=2, user_api="openmp"), ThreadPoolExecutor(1) as pool:
        with one_thread():
            with one_thread():
                running = pool.submit(other)
                entered.wait(10)
            assert threads("openmp") == {1}
        assert threads("openmp") == {2}
        left.set()
        assert running.result() == ({1}, {1})
    assert threads("blas") == {1}


def threads(kind):
    """How many threads libraries of a kind may use, called from this thread."""
    return {pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == kind}
