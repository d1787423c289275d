"""Different points among many: what is found by asking each once is what is found by asking everybody."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.schema import BY_NAME
from core.segments import repeated as module
from core.segments.choice import FeatureChoice
from core.segments.features import feature_matrix
from core.segments.find import find_segments
from core.segments.registry import CLUSTERERS
from core.segments.repeated import repeated

COLUMNS = tuple(BY_NAME[name] for name in ("age", "tenure", "property_valuation"))
rows = st.lists(
    st.tuples(st.integers(20, 24), st.none() | st.integers(0, 3), st.none() | st.sampled_from([1, 7, 12])),
    min_size=30, max_size=80,
)  # fmt: skip


@pytest.mark.parametrize("points", [[[1.0, 5.0], [2.0, 5.0], [1.0, 5.0], [1.0, 4.0]], [[3.0], [3.0], [1.0], [3.0]]])
@pytest.mark.parametrize("room", [1, 2**26])
def test_each_different_point_stands_for_the_customers_at_it(points, room, monkeypatch):
    monkeypatch.setattr(module, "FROM", 1)
    monkeypatch.setattr(module, "SELDOM", 1)
    monkeypatch.setattr(module, "ROOM", room)
    points = np.array(points)
    found = repeated(points)
    assert np.array_equal(found.points[found.at], points)
    assert len(np.unique(found.points, axis=0)) == len(found.points)
    assert found.counts.tolist() == np.bincount(found.at).tolist()


def test_few_points_and_those_that_seldom_repeat_are_left_as_they_are(monkeypatch):
    same, different = np.ones((100, 1)), np.arange(100.0)[:, None]
    assert repeated(same) is None
    monkeypatch.setattr(module, "FROM", 100)
    assert len(repeated(same).points) == 1
    monkeypatch.setattr(module, "HEAD", 10)
    late = np.vstack([np.ones((10, 1)), different[:90]])  # the first ones say that points repeat
    assert repeated(different) is repeated(late) is repeated(same[:, :0]) is None


@settings(deadline=None, max_examples=40)
@given(rows=rows, method=st.sampled_from(sorted(CLUSTERERS)), k=st.integers(2, 4))
def test_the_segments_are_those_of_everybody(rows, method, k):
    customers = pd.DataFrame([(20, 0, 1), *rows], columns=[column.name for column in COLUMNS], dtype="float64")
    choice = FeatureChoice(("age", "tenure"))
    made = []
    for least in (1, 1_000):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(module, "FROM", least)
            patch.setattr(module, "SELDOM", 1)
            matrix = feature_matrix(customers, choice)
            made.append(find_segments(customers, COLUMNS, matrix, k, clusterer=CLUSTERERS[method]))
            assert (matrix.repeated is None) == (least > 1)
    one, other = made
    assert one.digest == other.digest
    assert one.clustering_digest == other.clustering_digest
    pd.testing.assert_frame_equal(one.profile, other.profile, check_exact=True)
