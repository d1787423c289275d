"""The sentence that opens each page, from its small tables."""

from dataclasses import replace

import pandas as pd
import pytest

from core.figures import written_as
from core.number_style import style_of
from core.schema import CLUSTER, MASS_AFFLUENT, NOT_CLUSTERED, UNKNOWN
from core.views.headline import (
    Affluent,
    Difference,
    category_difference,
    demographics,
    number_difference,
    only_one,
    overview,
    strategy,
)
from core.views.summary import crossed
from core.visuals.headlines import HEADLINES, headline_of
from tests.core.test_analysis import analysis, customers

NAMES = {"1": "Older", "2": "Rare buyers", "3": "Younger"}
FIRST, SECOND, THIRD = ("segment 1, “Older”", "segment 2, “Rare buyers”", "segment 3, “Younger”")
YES, KNOWN = f"{MASS_AFFLUENT}_yes", f"{MASS_AFFLUENT}_known"
LABELS = ["1", "2", "3", NOT_CLUSTERED]


def flagged(key, labels, *counts):
    """A table of customers, mass affluent and known, by the values of a key."""
    return pd.DataFrame([(label, *row) for label, row in zip(labels, counts, strict=True)],
                        columns=[key, "customers", YES, KNOWN])  # fmt: skip


WHOLE = flagged(CLUSTER, LABELS, (1000, 600, 990), (2000, 700, 2000), (900, 100, 900), (98, 36, 98))
ONE = flagged(CLUSTER, ["2"], (512, 200, 512))
NONE = flagged(CLUSTER, ["2", "3"], (300, 0, 300), (212, 0, 212))


@pytest.mark.parametrize(
    ("number", "clusters", "affluent", "said"),
    [
        (3998, WHOLE, Affluent(1436, 3988),
         f"1,436 of 3,998 customers are mass affluent; {SECOND}, holds 49% of them."),
        (512, NONE.assign(**{YES: [150, 60]}), Affluent(210, 512),
         f"210 of the 512 selected customers are mass affluent; {SECOND}, holds 71% of them."),
        (512, NONE.assign(**{YES: [150, 60]}), Affluent(210, 300),
         f"210 of the 300 customers of whom it is known are mass affluent; {SECOND}, holds 71% of them."),
        (512, NONE.assign(**{YES: [150, 60]}), Affluent(210, None),  # of how many it is known is hidden
         f"210 of the 512 selected customers are mass affluent; {SECOND}, holds 71% of them."),
        (512, NONE.assign(**{YES: [0, 0], KNOWN: [0, 0]}), Affluent(210, 512),  # the shares are hidden
         "210 of the 512 selected customers are mass affluent."),
        (512, ONE, Affluent(200, 512), f"200 of the 512 selected customers are mass affluent, all in {SECOND}."),
        (520, ONE, Affluent(200, 520), "200 of the 520 selected customers are mass affluent."),  # others are hidden
        (512, NONE, Affluent(0, 512), "None of the 512 selected customers is mass affluent."),
        (9, ONE, Affluent(1, 9), "1 of the 9 selected customers is mass affluent."),
        (3998, WHOLE, None, "Segment 2, “Rare buyers”, is the largest: 50.0% of 3,998 customers."),
        (600, NONE.assign(customers=[300, 300]), None,
         "2 segments are the largest: each has 50.0% of the 600 selected customers."),
        (512, ONE, None, f"The 512 selected customers, all in {SECOND}."),
        (512, ONE.head(0), None, "The 512 selected customers."),
    ],
)  # fmt: skip
def test_page_one_says_how_many_are_mass_affluent_and_which_segment_holds_most(number, clusters, affluent, said):
    assert overview(number, 3998, clusters, NAMES, affluent) == said


def test_numbers_are_in_the_style_in_force():
    with written_as(style_of("de", "EUR")):
        said = overview(3998, 3998, WHOLE, NAMES, Affluent(1436, 3988))
    assert said == f"1.436 of 3.998 customers are mass affluent; {SECOND}, holds 49\N{NO-BREAK SPACE}% of them."


AGE = number_difference("age", 0.4, {"1": "61 years", "2": "45 years", "3": "23 years"}, NAMES)
SAME = number_difference("age", 0.4, {"1": "45 years", "2": "45 years"}, NAMES)
CARS = Difference("car ownership", 0.004, "")


@pytest.mark.parametrize(
    ("differences", "said"),
    [
        ([CARS, AGE], f"Segments differ most in age: median 61 years in {FIRST}, 23 years in {THIRD}."),
        ([SAME, CARS], "The segments hardly differ in age or car ownership."),
        ([], ""),
    ],
)
def test_page_two_says_in_what_segments_differ_most(differences, said):
    assert demographics(differences) == said


@pytest.mark.parametrize(
    ("clusters", "said"),
    [
        (WHOLE, ""),
        (ONE, f"Only {SECOND}, is shown: there is no other to compare it with."),
        (ONE.head(0), ""),
    ],
)
def test_page_two_says_that_one_segment_is_alone(clusters, said):
    assert only_one(clusters, NAMES) == said


def test_a_category_differs_by_the_value_whose_share_is_furthest_apart():
    counts = {("1", "IT"): 60, ("1", "Health"): 40, ("2", "IT"): 10, ("2", "Health"): 90, ("1", UNKNOWN): 500,
              ("3", "IT"): 29, (NOT_CLUSTERED, "IT"): 400}  # fmt: skip
    table = pd.DataFrame([(*key, n) for key, n in counts.items()], columns=[CLUSTER, "job_industry", "customers"])
    found = category_difference(crossed(table, "job_industry"), "job industry", 0.2, NAMES)
    assert found == Difference("job industry", 0.2, f"Health is 90% of {SECOND}, 40% of {FIRST}")
    first = crossed(table[table[CLUSTER] == "1"], "job_industry")
    assert category_difference(first, "job industry", 0.2, NAMES) is None


APART = flagged("state", ["NSW", "VIC", UNKNOWN, "ACT"], (2000, 1060, 2000), (1000, 430, 1000), (50, 50, 50), (9, 9, 9))
CLOSE = flagged("state", ["NSW", "VIC"], (200, 106, 200), (100, 50, 100))
ALIKE = flagged(CLUSTER, ["1", "2"], (100, 40, 100), (100, 39, 100))


@pytest.mark.parametrize(
    ("places", "clusters", "said"),
    [
        (APART, WHOLE,
         f"The mass affluent are most frequent in New South Wales (53%); {FIRST}, has the highest share of mass "
         "affluent (61%)."),
        (CLOSE, WHOLE, f"No state stands out; {FIRST}, has the highest share of mass affluent (61%)."),
        (CLOSE, ALIKE, "No state stands out; no segment is clearly above the average of 40%."),
        (None, WHOLE, f"S{FIRST[1:]}, has the highest share of mass affluent (61%)."),
        (APART.head(1), ONE, ""),
        (APART.drop(columns=[YES, KNOWN]), ONE, ""),
    ],
)  # fmt: skip
def test_page_three_says_where_and_whom_as_far_as_that_is_sure(places, clusters, said):
    assert strategy(places, clusters, NAMES, word="state", place_names={"NSW": "New South Wales"}) == said


def test_no_headline_names_a_segment_that_is_hidden():
    few = analysis(customers())  # 9, 14 and 80: only the last is shown
    third = f"segment 3, “{few.names['3']}”"
    assert {page: headline_of(page, few) for page in HEADLINES} == {
        "overview": "51 of 103 customers are mass affluent.",
        "demographics": f"Only {third}, is shown: there is no other to compare it with.",
        "strategy": "",
    }


def test_a_page_of_few_customers_has_no_headline():
    few = replace(analysis(customers(far=20)), filters={"job_industry": ["Mining"]})
    assert [headline_of(page, few) for page in HEADLINES] == ["", "", ""]
    assert headline_of("overview", replace(few, hide=False)).startswith("1 of the 3 selected customers is mass")
    nobody = replace(few, filters={"job_industry": ["Property"]}, hide=False)
    assert headline_of("overview", nobody) == ""


def test_a_segment_of_few_customers_is_not_said_to_differ():
    few = analysis(customers(), hide=False)  # 9, 14 and 80
    assert headline_of("demographics", few) == ""
    two = analysis(customers(far=40), hide=False)
    assert headline_of("demographics", two) == (
        f"Segments differ most in age: median 80.5 years in segment 1, “{two.names['1']}”, 20.5 years in segment 3, "
        f"“{two.names['3']}”."
    )
