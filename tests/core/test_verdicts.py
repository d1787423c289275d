"""Every sentence on the structure agrees with the verdict above it."""

import itertools
from dataclasses import replace

import pytest

from core.segments.choose_k import choose, verdict
from core.segments.evidence import Score
from core.segments.quality import Quality, Separation
from core.segments.recommendation import in_a_sentence
from core.strategy.insights import CAVEATS

# Silhouette, stability, share set apart and inertia that earn each level beside a reference of 0.2 and 1.
EARNS = {
    "strong": (0.7, 0.95, 0.95, 0.4),
    "moderate": (0.4, 0.92, 0.95, 0.7),
    "weak": (0.33, 0.95, 0.6, 0.85),
    "none": (0.21, 0.95, 0.9, 0.95),
}
# Words → the only levels under which they may be said.
SAID_OF = {
    "natural groups": {"strong"},
    "not natural groups": {"none"},
    "slices": {"none"},
    "no distinct groups": {"none"},
    "No natural number": {"none"},
    "much alike": {"none"},
    "overlap": {"moderate"},
    "hints of groups": {"weak"},
    "not clearly separated": {"weak"},
    "another segment": {"weak"},
    "some structure": {"strong", "moderate", "weak"},
    "No stable number": {"strong", "moderate", "weak"},
    "No structure": {"none"},
}


RECOMMENDS = {
    "strong": "4 segments are recommended.",
    "moderate": "4 segments are recommended.",
    "weak": "There is no stable number of groups.",
    "none": "There is no natural number of groups.",
}


def score(level, k=4, *, stability=None, apart=None):
    silhouette, stable, set_apart, inertia = EARNS[level]
    observed = Quality(
        inertia, silhouette, 100.0, 1.0, 0.2, set_apart if apart is None else apart,
        stable if stability is None else stability, (0.9,) * k,
    )  # fmt: skip
    return Score(k, observed, tuple(Separation(1.0, 0.2 + 0.001 * i) for i in range(5)))


def sentences(level):
    one = score(level)
    chosen = choose([one])
    return [verdict(one), in_a_sentence(chosen), chosen.reason, *([CAVEATS[level]] if level in CAVEATS else [])]


@pytest.mark.parametrize("level", EARNS)
def test_a_score_earns_its_level(level):
    assert score(level).level == level


@pytest.mark.parametrize(("level", "words"), list(itertools.product(EARNS, SAID_OF)))
def test_no_sentence_contradicts_the_verdict(level, words):
    for sentence in sentences(level):
        denied = words == "natural groups" and "not natural groups" in sentence
        assert words not in sentence or denied or level in SAID_OF[words], sentence


@pytest.mark.parametrize("level", EARNS)
def test_every_level_is_named_by_its_verdict_and_its_recommendation(level):
    said, short, _, *_ = sentences(level)
    assert said.startswith("No structure" if level == "none" else f"{level.capitalize()} structure")
    assert short == RECOMMENDS[level]


@pytest.mark.parametrize("level", ["weak"])
@pytest.mark.parametrize("lacking", [{"stability": 0.5}, {"apart": 0.1}])
def test_structure_that_no_number_of_segments_finds_again_is_neither_denied_nor_recommended(level, lacking):
    chosen = choose([score(level, **lacking)])
    assert in_a_sentence(chosen) == "There is no stable number of groups."
    assert chosen.reason.startswith("There is some structure (the silhouette is 0.33")


@pytest.mark.parametrize(
    ("lacking", "said"),
    [
        ({"inertia": 0.95}, "a gap of 0.05, where hints have 0.10; stability 0.95)."),
        ({"silhouette": 0.21}, "the same shape has 0.20, which chance gives, too; stability 0.95)."),
        ({"silhouette": 0.25, "stability": 0.85}, "an excess of 0.06, where hints have 0.10; stability 0.85)."),
        ({"stability": 0.5}, "give other segments: groups have a stability of 0.90; stability 0.50)."),
        ({"apart": 0.25}, "but 25% of the customers are in segments set apart, where groups have 90%; stability"),
        ({"inertia": 0.83}, "a gap of 0.19, where groups so clear have 0.22; stability 0.95)."),
        ({}, "the same shape has 0.20; stability 0.95)."),
    ],
)
def test_the_verdict_names_what_decided_against_groups(lacking, said):
    one = score("strong")
    assert said in verdict(replace(one, observed=replace(one.observed, **lacking)))
