"""Where the treemap's tiles go: they cover the square, do not overlap, and show the customers by area."""

from itertools import combinations

import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from core.schema import CLUSTER, NOT_CLUSTERED
from core.views import treemap
from core.views.palette import colour, ink_on
from core.views.summary import beyond, most_frequent
from core.views.treemap import SIDE, tiles

INDUSTRIES = ["Health", "IT", "Mining", "Unknown"]
KEYS = pd.CategoricalDtype(["1", "2", "3", NOT_CLUSTERED], ordered=True)


def table(counts):
    """Customers by cluster and industry from {(cluster, industry): customers}."""
    rows = [(*key, customers) for key, customers in counts.items()]
    return pd.DataFrame(rows, columns=[CLUSTER, "job_industry", "customers"]).astype({CLUSTER: KEYS})


def seamless(counts):
    """The tiles without the seams between them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(treemap, "SEGMENT_SEAM", 0.0)
        patch.setattr(treemap, "TILE_SEAM", 0.0)
        return tiles(table(counts), "job_industry")


def overlap(one, other):
    width = min(one["x2"], other["x2"]) - max(one["x"], other["x"])
    height = min(one["y2"], other["y2"]) - max(one["y"], other["y"])
    return max(width, 0) * max(height, 0)


FEW = {("1", "IT"): 30, ("1", "Health"): 20, (NOT_CLUSTERED, "IT"): 50}
counts = st.dictionaries(
    st.tuples(st.sampled_from(KEYS.categories.tolist()), st.sampled_from(INDUSTRIES)), st.integers(1, 5000), min_size=1
)


def test_the_tiles_of_a_small_table():
    found = seamless(FEW).round(6)
    ink = ink_on(colour("1"))
    pd.testing.assert_frame_equal(
        found,
        pd.DataFrame(
            [
                ("1", "IT", 30, 0.6, 0.0, 0.0, 100.0, 30.0, "IT", ink, "1"),
                ("1", "Health", 20, 0.4, 0.0, 30.0, 100.0, 50.0, "Health", ink, ""),
                (NOT_CLUSTERED, "IT", 50, 1.0, 0.0, 50.0, 100.0, 100.0, "IT", "", "–"),
            ],
            columns=[CLUSTER, "inner", "customers", "share", "x", "y", "x2", "y2", "text", "ink", "number"],
        ),
    )


@settings(derandomize=True, deadline=None, max_examples=60)
@given(counts)
def test_areas_are_proportional_to_customers_and_cover_the_square(counts):
    found = seamless(counts)
    areas = (found["x2"] - found["x"]) * (found["y2"] - found["y"])
    expected = found["customers"] / sum(counts.values()) * SIDE**2
    assert areas.tolist() == pytest.approx(expected.tolist())
    assert areas.sum() == pytest.approx(SIDE**2)
    assert len(found) == len(counts)
    assert found.groupby(CLUSTER)["share"].sum().tolist() == pytest.approx([1] * found[CLUSTER].nunique())


@settings(derandomize=True, deadline=None, max_examples=60)
@given(counts)
@example({("1", "IT"): 3999, (NOT_CLUSTERED, "IT"): 1})  # one customer beside thousands
def test_no_tile_leaves_the_square_or_lies_on_another(counts):
    found = tiles(table(counts), "job_industry")
    assert found[["x", "y"]].min().min() >= -1e-9
    assert found[["x2", "y2"]].max().max() <= SIDE + 1e-9
    assert (found["x"] < found["x2"]).all()
    assert (found["y"] < found["y2"]).all()
    assert max([overlap(one, other) for one, other in combinations(found.to_dict("records"), 2)], default=0) <= 1e-9


@settings(derandomize=True, deadline=None, max_examples=40)
@given(counts)
def test_the_tiles_of_a_segment_lie_together(counts):
    found = seamless(counts)
    corners = found.groupby(CLUSTER).agg({"x": "min", "y": "min", "x2": "max", "y2": "max", "customers": "sum"})
    areas = (corners["x2"] - corners["x"]) * (corners["y2"] - corners["y"])
    assert areas.tolist() == pytest.approx((corners["customers"] / sum(counts.values()) * SIDE**2).tolist())


def test_a_tile_without_room_for_a_label_has_none():
    found = tiles(table({("1", "IT"): 990, ("1", "Health"): 10}), "job_industry")
    assert found[["inner", "text"]].to_numpy().tolist() == [["IT", "IT"], ["Health", ""]]


@settings(derandomize=True, deadline=None, max_examples=40)
@given(counts)
def test_the_segments_lie_below_each_other_in_their_order(counts):
    found = seamless(counts)
    order = [cluster for cluster in KEYS.categories if cluster in set(found[CLUSTER])]
    assert found.groupby(CLUSTER)["y"].min().sort_values(kind="stable").index.tolist() == order


def test_only_the_most_frequent_values_have_tiles_and_a_sentence_says_so():
    many = pd.DataFrame(
        {"Cluster": ["1"] * 60, "job_industry": [f"job {i:02}" for i in range(60)], "customers": range(1, 61)}
    )
    shown = most_frequent(many, "job_industry")
    assert shown["customers"].tolist() == list(range(11, 61))
    assert beyond(many, "job_industry") == "The 50 most frequent of 60 values."
    assert beyond(shown, "job_industry") == beyond(None, "job_industry") == ""
