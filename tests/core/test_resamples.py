"""How often random halves recommend the same number of segments, and how that is said."""

import argparse
import shlex
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from core.cli_options import add_feature_options, features_of
from core.segments import bounds
from core.segments.choice import FeatureChoice
from core.segments.choose_k import Choice, choose
from core.segments.evidence import sample, score_fewer
from core.segments.kmeans import KMEANS
from core.segments.recommendation import at_levels, how_to_get, in_a_sentence, many_have_none, others, why
from core.segments.resamples import HALVES, levels, recommended, score_halves
from core.segments.sweep import sweep
from tests.core.test_choose_k import blobs, matrix, scored

KS = range(2, 6)


def halves_of(points):
    found = matrix(points)
    return [score_halves(sample(found), score, KMEANS) for score in sweep(found, KS)]


def test_halves_of_round_groups_all_recommend_their_number():
    assert recommended(halves_of(blobs(4))) == {4: HALVES}


def test_halves_of_noise_recommend_no_number():
    assert recommended(halves_of(np.random.default_rng(0).uniform(size=(300, 3)))) == {None: HALVES}


def test_halves_disagree_where_two_of_five_groups_overlap():
    points = np.random.default_rng(3).normal(size=(300, 2)) + np.repeat(
        [[0, 0], [0, 12], [12, 0], [12, 12], [14.5, 12]], 60, axis=0
    )
    found = recommended(halves_of(points))
    assert found.total() == HALVES
    assert len(found) > 1, "else this example tells nothing of disagreement"


def in_one_feature(rng):
    points = rng.standard_normal((400, 4))
    points[:160, 2] += 7
    return points


def overlapping(rng):
    return rng.standard_normal((300, 2)) + np.repeat([[0, 0], [4.2, 0], [0, 9]], 100, axis=0)


def touching(rng):
    points = rng.standard_normal((300, 3))
    points[:, 0] += np.repeat([0, 3.3, 14], 100)
    return points


def groups_of(by_k):
    """Whether the segments of each half are groups, in all features and in fewer."""
    return [[bool(half and half.groups) for half in (one, one and one.fewer)] for halves in by_k for one in halves]


@pytest.mark.parametrize(
    ("draw", "seed", "in_halves"),
    [
        (in_one_feature, 0, {"strong": HALVES}),
        (overlapping, 2, {"strong": 7, "moderate": 11, "weak": 2}),
        (touching, 4, {"strong": HALVES}),  # 3 segments in one feature are set apart in half of the halves only
    ],
)
def test_what_is_left_out_of_a_half_changes_neither_recommendation_nor_levels(draw, seed, in_halves):
    found = matrix(draw(np.random.default_rng(seed)))
    scored, scores = sample(found), sweep(found, KS)
    in_full = [replace(score, fewer=score_fewer(scored, score.k, KMEANS, whole=True)) for score in scores]
    chosen = choose(scores)
    assert choose(in_full) == chosen
    some = [score_halves(scored, score, KMEANS) for score in scores]
    every = [score_halves(scored, score, KMEANS, whole=True) for score in in_full]
    assert groups_of(some) == groups_of(every)
    assert recommended(some) == recommended(every)
    assert any(half is None for halves in some for half in halves), "else nothing was left out"
    assert {level: count for level, count in levels(every, chosen).items() if count} == in_halves


def test_segments_in_fewer_features_are_scored_where_these_are_set_apart():
    found = matrix(in_one_feature(np.random.default_rng(0)))
    scored = sample(found)
    by_k = {k: score_fewer(scored, k, KMEANS) for k in KS}
    in_full = {k: score_fewer(scored, k, KMEANS, whole=True) for k in KS}
    assert by_k == {k: score if score.observed.apart >= bounds.APART else None for k, score in in_full.items()}
    assert [k for k, score in by_k.items() if score] == [2]


@pytest.mark.parametrize(
    ("by_level", "text"),
    [
        (
            {"strong": 14, "moderate": 6, "weak": 0},
            "The structure at 5 is strong in 14 and moderate in 6 of 20 resamples.",
        ),
        ({"strong": 20, "moderate": 0}, ""),
    ],
)
def test_near_ties_of_the_level_are_said(by_level, text):
    assert at_levels(Choice(5, "strong", ""), by_level) == text
    assert at_levels(Choice(None, "none", ""), by_level) == ""


def test_the_levels_are_those_at_the_recommended_number_in_its_features():
    strong, alone = scored(2), scored(2, excess=0.2, features=("age",))
    halves = [(replace(strong, fewer=alone), strong, None), (scored(3),) * 3]
    assert levels(halves, Choice(2, "strong", "")) == {"strong": 2, "moderate": 0, "weak": 0, "none": 0}
    assert levels(halves, Choice(2, "moderate", "", ("age",)))["moderate"] == 1


def test_features_with_groups_and_those_that_many_have_none_of_are_named():
    alone = scored(2, features=("age",))
    scores = [scored(2, apart=0.0, fewer=alone, many_have_none=(("balance", 0.3), ("loans", 0.25)))]
    said = why(choose(scores), scores, str.title)
    assert said.startswith("There are 2 groups in Age alone")
    assert in_a_sentence(choose(scores), label=str.title) == "2 segments by Age alone are recommended."
    assert many_have_none(scores, str.title).startswith(
        "Many have the same lowest value: Balance (30% of the customers) and Loans (25% of the customers)."
    )
    assert many_have_none([scored(2)]) == many_have_none([]) == ""
    assert how_to_get(choose(scores)) == "To get them: --features age --k 2"
    assert how_to_get(choose(scores), {"age": "log", "loans": "log"}) == "To get them: --features age:log --k 2"
    assert how_to_get(choose([])) == ""


@pytest.mark.parametrize("name", ["balance, EUR", "rate: %", "Mike's", 'the "new"', "--k", "two words", "$HOME", "a!b"])
def test_the_hint_can_be_pasted_whatever_the_features_are_called(name):
    alone = scored(2, features=(name, "age"))
    said = how_to_get(choose([scored(2, apart=0.0, fewer=alone)]), {name: "robust", "age": "standard"})
    parser = argparse.ArgumentParser()
    add_feature_options(parser)
    options, others = parser.parse_known_args(shlex.split(said.removeprefix("To get them: ")))
    assert features_of(options) == FeatureChoice((name, "age"), {name: "robust"})
    assert others == ["--k", "2"]


def test_neither_the_order_of_the_customers_nor_the_run_changes_a_half():
    points = blobs(3, 40)
    assert halves_of(points) == halves_of(points[np.random.default_rng(0).permutation(len(points))])


def test_too_few_customers_have_no_halves():
    assert set(halves_of(blobs(2, 29))) == {()}
    assert recommended([(), ()]) == {}


@pytest.mark.parametrize(
    ("k", "found", "text"),
    [
        (5, {5: 17, 6: 3}, ["5 segments are recommended: 17 of 20 resamples agree.",
                            "Other resamples: 6 segments in 3."]),
        (5, {5: 20}, ["5 segments are recommended: 20 of 20 resamples agree.", ""]),
        (5, {4: 12, None: 8}, ["5 segments are recommended: 0 of 20 resamples agree.",
                               "Other resamples: 4 segments in 12; no clear number in 8."]),
        (None, {None: 18, 2: 1, 3: 1}, ["There is no stable number of groups: 18 of 20 resamples agree.",
                                        "Other resamples: 2 segments in 1; 3 segments in 1."]),
        (5, {}, ["5 segments are recommended; there are too few customers to see whether resamples agree.", ""]),
    ],
)  # fmt: skip
def test_the_recommendation_says_how_many_resamples_agree_and_what_the_others_recommend(k, found, text):
    chosen = Choice(k, "strong" if k else "weak", "")
    assert [in_a_sentence(chosen, Counter(found)), others(chosen, Counter(found))] == text


def test_the_recommendation_says_nothing_of_resamples_that_are_not_asked_yet():
    assert in_a_sentence(Choice(None, "none", "")) == "There is no natural number of groups."


@pytest.mark.parametrize(
    ("scores", "start"),
    [
        ([scored(2), scored(3, gap=2), scored(4)], "Customers are clearly closer to their own segment"),
        ([scored(2, excess=0.01)], "Whatever their number, segments of these customers stand apart hardly more"),
        ([scored(2, stability=0.5)], "There are hints of groups, but no number of segments"),
        ([], "There are too few different customers to tell groups from chance."),
    ],
)
def test_a_recommendation_is_said_without_the_names_of_indices(scores, start):
    said = why(choose(scores), scores)
    assert said.startswith(start)
    assert not any(name in said for name in ("silhouette", "Rand", "index"))


def test_the_largest_number_tried_is_said_to_be_that():
    scores = [scored(2), scored(3, gap=2)]
    assert why(choose(scores), scores).endswith(
        "Tried: 2 to 3. It is the largest number tried: there may be more groups."
    )
