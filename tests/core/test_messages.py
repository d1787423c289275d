"""What a visual shows in one sentence: who is first, and who else is as much."""

from types import SimpleNamespace

import pytest

from core.views.plots import Plot, Series
from core.visuals.messages import plot_text

NAMES = {"1": "Older", "2": "Younger", "3": "Rare", "4": "New"}


def said(kind, form, *values, clusters=(), categories=()):
    plot = Plot(kind, clusters or categories, (Series("", values),), form, "Average age", clusters=clusters)
    return plot_text(plot, SimpleNamespace(names=NAMES))


@pytest.mark.parametrize(
    ("customers", "sentence"),
    [
        ((2, 1, 1), "45–54 has most customers: 50.0% of those shown."),
        ((2, 2, 1), "45–54 and 65+ have most customers: 40.0% each of those shown."),
        ((2, 2, 2), "All 3 groups have the same number of customers: 33.3% each of those shown."),
        ((2, 2), "Both groups have the same number of customers: 50.0% each of those shown."),
        ((2, 2, 2, 1), "3 of 4 groups have most customers: 28.6% each of those shown."),
        ((2,), "All customers shown are in 45–54."),
    ],
)
def test_all_groups_that_have_most_customers_are_said(customers, sentence):
    values = ("45–54", "65+", "18–24", "25–34")[: len(customers)]
    assert said("bars", "count", *customers, categories=values) == sentence


@pytest.mark.parametrize(
    ("means", "sentence"),
    [
        ((2, 5, 3), "highest in segment 2, “Younger” (5.0), lowest in segment 1, “Older” (2.0)."),
        ((5, 5, 3), "highest in segment 1, “Older” and segment 2, “Younger” (5.0), lowest in segment 3, “Rare” (3.0)."),
        ((5, 2, 2, 2), "highest in segment 1, “Older” (5.0), lowest in 3 of 4 segments (2.0)."),
        ((5, 5), "the same in all segments: 5.0."),
    ],
)
def test_all_segments_with_the_highest_or_lowest_mean_are_said(means, sentence):
    assert said("bars", "number", *means, clusters=tuple(NAMES)[: len(means)]) == f"Average age is {sentence}"


def test_segments_of_the_same_size_are_said_by_name():
    sentence = "Segment 1, “Older”, and segment 2, “Younger”, have most customers: 40.0% each of those shown."
    assert said("doughnut", "count", 2, 2, 1, clusters=("1", "2", "3")) == sentence
