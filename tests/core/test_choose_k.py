"""Choosing k: groups are found where there are some, and none where there are none."""

import numpy as np
import pandas as pd
import pytest

from core.segments import evidence
from core.segments.choice import FeatureChoice
from core.segments.choose_k import Choice, choose, verdict
from core.segments.evidence import Score, sample, score_clusters
from core.segments.features import feature_matrix
from core.segments.kmeans import KMEANS, CentreClustering
from core.segments.quality import Quality, Separation, quality
from core.segments.recommendation import why
from core.segments.score_table import table
from core.segments.sweep import search, sweep

KS = range(2, 7)


def matrix(points):
    customers = pd.DataFrame(points).add_prefix("feature_")
    return feature_matrix(customers, list(customers))


def blobs(k, rows=60):
    """Round groups on a winding stair, at least nine standard deviations apart."""
    turns = 2 * np.pi * np.arange(k) / k
    centres = np.column_stack([12 * np.cos(turns), 12 * np.sin(turns), 6 * np.arange(k)])
    return np.repeat(centres, rows, axis=0) + np.random.default_rng(k).standard_normal((k * rows, 3))


def uniform(rng):
    return rng.uniform(size=(300, 3))


def gaussian(rng):
    return rng.standard_normal((300, 3)) @ rng.standard_normal((3, 3))


def independent(rng):
    return np.column_stack([rng.normal(45, 15, 300), rng.lognormal(10, 1, 300), rng.integers(1, 13, 300)])


@pytest.mark.parametrize("k", [3, 5, 8])
def test_separated_groups_are_counted_and_called_strong(k):
    found = sweep(matrix(blobs(k)), range(max(2, k - 2), k + 2))
    chosen = choose(found)
    assert (chosen.k, chosen.level) == (k, "strong")
    assert chosen.reason.startswith(f"{k} segments: the silhouette is 0.")
    at_k = next(one for one in found if one.k == k)
    assert verdict(at_k).startswith("Strong structure: these segments are natural groups (the silhouette is 0.")


@pytest.mark.parametrize("draw", [uniform, gaussian, independent])
@pytest.mark.parametrize("seed", range(3))
def test_no_groups_are_found_where_there_are_none(draw, seed):
    scores = sweep(matrix(draw(np.random.default_rng(seed))), KS)
    chosen = choose(scores)
    assert (chosen.k, chosen.level) == (None, "none")
    assert chosen.reason.startswith("No natural number of groups: of 2 to 6 segments, ")
    assert {one.level for one in scores} == {"none"}
    assert verdict(scores[0]).startswith("No structure: these segments are convenient slices, not natural groups (")


def mid_life_peak(rng):
    age = rng.uniform(20, 80, 600)
    return np.column_stack([age, -((age - 50) ** 2) + rng.normal(0, 60, 600)])


def ring(rng):
    turn = rng.uniform(0, 2 * np.pi, 600)
    return np.column_stack([np.cos(turn), np.sin(turn)]) + rng.normal(0, 0.05, (600, 2))


def absolute(rng):
    x = rng.uniform(-1, 1, 600)
    return np.column_stack([x, abs(x)])


@pytest.mark.parametrize("draw", [mid_life_peak, ring, absolute])
@pytest.mark.parametrize("seed", range(2))
def test_slices_of_a_curve_are_no_groups(draw, seed):
    scores = sweep(matrix(draw(np.random.default_rng(seed))), KS)
    assert choose(scores).k is None
    assert {one.level for one in scores} <= {"weak", "none"}
    assert max(one.excess for one in scores) > 0.15  # the reference alone would call them moderate


def test_neither_the_order_of_the_customers_nor_the_run_changes_a_figure():
    points = blobs(3, 40)
    once = sweep(matrix(points), [2, 3])
    assert sweep(matrix(points[np.random.default_rng(0).permutation(len(points))]), [2, 3]) == once


def test_a_sample_of_many_rows_is_scored(monkeypatch):
    monkeypatch.setattr("core.segments.evidence.SCORED_ROWS", 90)
    found = matrix(blobs(3))
    sampled = sample(found)
    assert len(sampled.rows) == len(sampled.points) == 90
    assert all(other.shape == sampled.points.shape for other in sampled.references)
    clustering = KMEANS.fit(found, 3, seed=0)
    assert score_clusters(sampled, clustering.assign(found.values), clustering).level == "strong"


@pytest.mark.parametrize(
    "points",
    [
        np.empty((0, 2)),
        [[1.0, 2.0]],
        np.ones((50, 2)),  # all alike
        [[0.0], [1.0]] * 40,  # two distinct points
        np.random.default_rng(0).normal(size=(29, 2)),  # too few
    ],
    ids=["nobody", "one customer", "all alike", "two points", "29 customers"],
)
def test_where_nothing_can_be_told_it_says_so(points):
    assert sweep(matrix(points), KS) == ()
    assert choose(()) == Choice(None, "none", "There are too few different customers to tell groups from chance.")
    assert verdict(None) == "Structure unknown: there are too few different customers to tell groups from chance."


def test_more_clusters_than_distinct_points_are_scored_once():
    points = np.repeat([[0.0, 0], [0, 9], [9, 0], [9, 9.5]], 20, axis=0)
    assert [one.k for one in sweep(matrix(points), KS)] == [2, 3, 4]


def test_one_feature_is_enough():
    rng = np.random.default_rng(4)
    chosen = choose(sweep(matrix(np.concatenate([rng.normal(at, 1, 100) for at in (0, 12, 30)])[:, None]), KS))
    assert (chosen.k, chosen.level) == (3, "strong")


def test_the_table_has_every_measure_of_every_k_beside_its_reference():
    scores = sweep(matrix(blobs(3, 40)), [2, 3])
    found = table(scores)
    assert found["k"].value_counts().to_dict() == {2: 7, 3: 7}
    row = found[(found["k"] == 3) & (found["measure"] == "silhouette")].iloc[0]
    assert row["value"] == scores[1].observed.silhouette
    assert row["low"] <= row["reference"] <= row["high"] < row["value"]


def test_the_smallest_segment_is_that_of_all_customers_however_few_are_in_the_sample(monkeypatch):
    monkeypatch.setattr("core.segments.evidence.SCORED_ROWS", 60)
    monkeypatch.setattr("core.segments.evidence.MORE_ROWS", 60)
    points = matrix([[0.0], [0.1], [0.2], [0.3]] * 300 + [[9.0]] * 15)
    labels = np.repeat([0, 1], [1200, 15])
    centres = np.array([points.values[labels == label].mean(axis=0) for label in (0, 1)])
    sampled = sample(points)
    assert 0 < (labels[sampled.rows] == 1).sum() < 10
    found = score_clusters(sampled, labels, CentreClustering(centres)).observed
    assert found.smallest == 15 / 1215
    assert found.jaccard[1] is None


@pytest.mark.parametrize("values", [range(40), [1, 2, 3, 4] * 10], ids=["customers", "different customers"])
@pytest.mark.filterwarnings("error")
def test_of_more_segments_than_customers_nothing_is_said(values):
    points = matrix(np.array(values, "float64")[:, None])
    k = len(set(values)) + 1
    clustering = CentreClustering(np.arange(float(k))[:, None])
    assert score_clusters(sample(points), np.arange(40) % (k - 1), clustering) is None


@pytest.mark.parametrize("scaling", ["standard", "robust", "log"])
@pytest.mark.parametrize(
    "values",
    [
        np.arange(500) * 5e-324,
        np.append(np.arange(499) * 5e-324, 1.0),
        np.random.default_rng(0).normal(size=500) * 1e200,
        np.append(np.random.default_rng(0).normal(size=499), 1e300),
    ],
    ids=["subnormal", "subnormal but one", "beyond any square", "one beyond any square"],
)
@pytest.mark.filterwarnings("error")
def test_values_too_small_or_too_large_to_square_are_no_error(values, scaling):
    customers = pd.DataFrame({"balance": values})
    found = feature_matrix(customers, FeatureChoice(("balance",), {"balance": scaling}))
    assert np.isfinite(found.values).all()
    assert all(np.isfinite(one.gap) for one in sweep(found, [2]))


def scored(k, *, excess=0.5, gap=1.0, stability=1.0, apart=1.0, alone=None, **further):
    """A score with an excess and a gap over structureless data whose silhouette is 0 and inertia 1.

    `alone` is how many of the segments are set apart, if not all.
    """
    falls = () if alone is None else (1.0,) * alone + (0.0,) * (k - alone)
    observed = Quality(np.exp(-gap), excess, 1.0, 1.0, 0.1, apart, stability, (1.0,) * k, amplitudes=falls)
    return Score(k, observed, (Separation(1.0, 0.0),), **further)


@pytest.mark.parametrize(
    ("scores", "k"),
    [
        ([scored(2, gap=1), scored(3, gap=0.99)], 2),
        ([scored(2, gap=1), scored(3, gap=1)], 3),
        ([scored(2, gap=1), scored(3, gap=0.9), scored(4, gap=1.01)], 4),
        ([scored(3, gap=1, alone=3), scored(4, gap=2, alone=3)], 3),  # one of the groups is split in two
        ([scored(3, gap=1, alone=3), scored(4, gap=2, alone=4)], 4),
        ([scored(2), scored(3, gap=2, stability=0.89)], 2),
        ([scored(2), scored(3, gap=2, stability=0.9)], 3),
        ([scored(2), scored(3, gap=2, apart=0.89)], 2),
        ([scored(2), scored(3, gap=2, apart=0.9)], 3),
        ([scored(2), scored(3, gap=2, excess=0.013)], 2),  # within 3.5 times the least spread of the draws
        ([scored(2), scored(3, gap=2, excess=0.015)], 3),
        ([scored(2, excess=0.5, gap=0.17)], None),  # a hull around a core: close to each other, and no closer
        ([scored(2, excess=0.5, gap=0.18)], 2),
    ],
)
def test_the_most_segments_that_are_groups_are_recommended(scores, k):
    assert choose(scores).k == k


NOISE = {"excess": 0.01, "gap": 0.01}  # not above structureless data


@pytest.mark.parametrize(
    ("scores", "k", "level"),
    [
        ([scored(2, bic=9), scored(3, bic=8, gap=0.5), scored(4, bic=8.5)], 3, "strong"),
        ([scored(2, bic=8), scored(3, bic=8)], 2, "strong"),  # the fewest of those alike
        ([scored(2, bic=9), scored(3, bic=8, stability=0.89)], 2, "strong"),
        ([scored(2, bic=9), scored(3, bic=8), scored(4, bic=1, **NOISE)], 3, "strong"),
        ([scored(2, bic=9, **NOISE), scored(3, bic=8, **NOISE)], None, "none"),
        ([scored(2, bic=9, apart=0), scored(3, bic=8, apart=0)], None, "weak"),  # hints are no groups
    ],
)
def test_the_bic_decides_among_the_numbers_of_segments_that_are_groups(scores, k, level):
    chosen = choose(scores)
    assert (chosen.k, chosen.level, chosen.by_bic) == (k, level, k is not None)


def test_it_is_said_that_the_bic_decided_and_among_which_numbers():
    scores = [scored(2, bic=9), scored(3, bic=8), scored(4, bic=1, **NOISE)]
    chosen = choose(scores)
    assert chosen.reason == (
        "3 segments: the silhouette is 0.50 where structureless data of the same shape has 0.00; random halves of the "
        "customers give the same segments (adjusted Rand index 1.00), and of the numbers of segments that do so well "
        "(2 and 3) this one has the least BIC. Tried: 2 to 4."
    )
    assert why(chosen, scores).endswith("this one describes the customers best for its size. Tried: 2 to 4.")
    alone = choose([scored(3, bic=8), *scores[2:]])
    assert alone.reason.endswith("and no other number of segments does so well. Tried: 3 to 4.")


def test_groups_in_some_features_alone_are_recommended_where_they_are_more():
    alone = scored(3, features=("age", "income"))
    chosen = choose([scored(2), scored(3, apart=0.2, fewer=alone)])
    assert (chosen.k, chosen.features) == (3, ("age", "income"))
    assert chosen.of_all_features == 5, "the number recommended is not of these"
    assert chosen.reason.startswith("3 segments by age and income alone: the silhouette is 0.50")
    assert choose([scored(2), scored(3, fewer=alone)]).features == ()
    bands = scored(3, features=("age",))
    assert choose([scored(2), scored(3, apart=0.2, fewer=bands)]).k == 2
    assert choose([scored(2, apart=0.2), scored(3, apart=0.2, fewer=bands)]).features == ("age",)


def test_groups_in_one_of_several_features_are_found_and_it_is_named():
    rng = np.random.default_rng(1)
    points = rng.normal(size=(900, 6))
    points[:300, 4] += 7
    scores = sweep(matrix(points), range(2, 5))
    assert {one.level for one in scores} <= {"weak", "none"}, "else all features show the groups"
    chosen = choose(scores)
    assert (chosen.k, chosen.features) == (2, ("feature_4",))


def test_a_small_affluent_group_is_no_slice():
    rng = np.random.default_rng(2)
    points = rng.normal(size=(1200, 5))
    points[:60, :2] += 6
    chosen = choose(sweep(matrix(points), range(2, 5)))
    assert (chosen.k, chosen.features) == (2, ("feature_0", "feature_1"))


def test_two_groups_that_differ_a_little_in_each_of_many_features_are_found():
    points = np.random.default_rng(3).normal(size=(600, 16)) + np.where(np.arange(600) % 2, 0.55, -0.55)[:, None]
    assert choose(sweep(matrix(points), range(2, 5))).k == 2


def atom(rng):
    hull = rng.normal(size=(400, 3))
    return np.concatenate([rng.normal(size=(400, 3)), 40 * hull / np.linalg.norm(hull, axis=1, keepdims=True)])


def balances(rng):
    held = np.where(rng.random(800) < 0.4, 0, rng.lognormal(9, 0.7, 800))
    return np.column_stack([held, rng.normal(45, 15, 800)])


@pytest.mark.parametrize("draw", [atom, balances])
@pytest.mark.parametrize("seed", range(2))
def test_a_hull_around_a_core_and_balances_that_many_have_not_are_no_groups(draw, seed):
    assert choose(sweep(matrix(draw(np.random.default_rng(seed))), range(2, 9))).k is None


def test_the_sample_grows_where_some_are_rare(monkeypatch):
    rng = np.random.default_rng(4)
    points = np.concatenate([rng.normal(size=(9900, 2)), rng.normal(9, 1, (100, 2))])
    found = matrix(points)
    sampled = sample(found)
    assert (len(sampled.points), len(sampled.more().points), sampled.more().more()) == (2000, 8000, None)
    clustering, rows = KMEANS.fit(found, 2, seed=0), []
    monkeypatch.setattr(
        evidence, "quality", lambda points, *of, **how: rows.append(len(points)) or quality(points, *of, **how)
    )
    score = score_clusters(sampled, clustering.assign(found.values), clustering, whole=False)
    assert (score.level, score.observed.smallest) == ("strong", 0.01)
    assert rows == [8000], "the smaller sample tells nothing, and is not scored"


@pytest.mark.parametrize(
    ("last", "further"),
    [
        (scored(12, gap=2), True),  # recommended
        (scored(12, gap=2, excess=0.6, stability=0.5), True),  # not stable, but better than fewer
        (scored(12, gap=0, excess=0.6, apart=0), True),  # no groups either, but better than fewer
        (scored(12, gap=2, excess=0.4, stability=0.5), False),
        (scored(12, gap=0.99), False),
    ],
)
def test_where_the_largest_number_is_the_best_more_are_tried_up_to_thirty(last, further):
    asked = []

    def scores_of(ks):
        asked.append(ks)
        return (scored(2), last) if ks == range(2, 13) else tuple(scored(k, excess=0.1) for k in ks)

    found = search(scores_of)
    assert asked == [range(2, 13), *([range(13, 31)] if further else [])]
    assert [one.k for one in found] == [2, 12, *(range(13, 31) if further else ())]


@pytest.mark.parametrize(("most", "asked"), [(11, 1), (12, 2)])
def test_no_more_segments_are_found_than_there_are_different_customers(most, asked):
    tried = []
    found = search(lambda ks: tried.append(ks) or (scored(2), scored(most, gap=2)))
    assert len(tried) == asked
    assert [one.k for one in found] == [2, most]


def test_more_groups_than_a_dozen_are_counted(monkeypatch):
    monkeypatch.setattr("core.segments.sweep.MOST_K", 8)
    scores = search(lambda ks: sweep(matrix(blobs(7)), ks), range(5, 7))
    assert [one.k for one in scores] == [5, 6, 7, 8]
    chosen = choose(scores)
    assert (chosen.k, chosen.level) == (7, "strong")
    assert chosen.reason.endswith("and more segments explain little more. Tried: 5 to 8.")


@pytest.mark.parametrize("bands", [(1, 2, 5, 10), (1, 3.7, 9.1, 22.3), (5, 15, 25, 35, 50, 75, 100, 150)])
def test_uneven_bands_are_no_groups(bands):
    for seed in range(3):
        rng = np.random.default_rng(seed)
        customers = pd.DataFrame(rng.normal(size=(1_000, 2)), columns=["income", "tenure"])
        customers["band"] = rng.choice(bands, len(customers))
        assert choose(sweep(feature_matrix(customers, list(customers)), range(2, 6), whole=False)).k is None
