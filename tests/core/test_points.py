"""A sample of points that no order and no parting of the rows changes."""

import numpy as np
import pytest

from core.segments import points
from core.segments.points import distinct, merged, sampled

SQUARE = 2.0


@pytest.fixture
def few(monkeypatch):
    monkeypatch.setattr(points, "SAMPLE_POINTS", 200)


def rows(size=5_000, seed=0):
    return np.random.default_rng(seed).standard_normal((size, 2)).round(1)


def plain(found):
    return found.ranks.tolist(), found.values.tolist(), found.counts.tolist()


def test_few_points_are_all_there_with_their_customers():
    found = sampled(distinct(np.array([[1.0, 2], [0, 5], [1, 2]]), SQUARE)[0], SQUARE)
    assert (found.values.tolist(), found.counts.tolist(), found.weights.tolist(), found.whole) == (
        [[1, 2], [0, 5]], [2, 1], [2, 1], True,
    )  # fmt: skip


@pytest.mark.usefixtures("few")
def test_parts_in_any_order_give_the_points_of_the_whole():
    values = rows()
    whole, at = distinct(values, SQUARE)
    shuffled = values[np.random.default_rng(1).permutation(len(values))]
    parts = [distinct(part, SQUARE)[0] for part in np.split(shuffled, [700, 702, 3_000])]
    assert plain(merged([merged(parts[:2]), *parts[2:]])) == plain(whole)
    assert values[at].tolist() == whole.values.tolist()
    assert len(whole) == 201


@pytest.mark.usefixtures("few")
def test_a_sample_stands_for_all_customers():
    found = [sampled(distinct(rows(seed=seed), SQUARE)[0], SQUARE) for seed in range(20)]
    assert {len(one.values) for one in found} == {200}
    assert np.mean([one.weights.sum() for one in found]) == pytest.approx(5_000, rel=0.05)
    assert not any(one.whole for one in found)


@pytest.mark.usefixtures("few")
def test_points_far_out_are_likelier_in_the_sample_but_no_likelier_in_the_even_one():
    values = np.random.default_rng(0).standard_normal((20_000, 1))
    found = sampled(distinct(values, 1.0)[0], 1.0)
    far = np.abs(found.values[:, 0]) > 2
    assert far.mean() > 0.1 > np.mean(np.abs(values) > 2)
    assert far[found.even].mean() < 0.1


def test_a_few_points_of_very_many_customers_are_all_found():
    values = np.repeat([[0.0], [1.0], [2.0]], 40_000, axis=0)
    assert distinct(values, SQUARE)[0].counts.tolist() == [40_000] * 3
