"""What an analysis may say where small groups are hidden."""

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from core.analysis import Analysis
from core.pipeline import load, segment
from core.rules import Rules
from core.schema import AGE_GROUP, CLUSTER, NOT_CLUSTERED
from core.segments.explain import differences
from core.sources.file import FileSource
from core.strategy.audience import Audience, moves, size
from core.views import tables
from core.views.suppress import HIDDEN

RULES = Rules(date(2018, 1, 1))


def customers(far=9, near=14, rest=80, lack_age=0, lack_tenure=0):
    """Three segments of these sizes, and customers who lack a feature."""
    ages = [80 + i % 2 for i in range(far)] + [50 + i % 2 for i in range(near)] + [20 + i % 2 for i in range(rest)]
    table = pd.DataFrame({"age": ages, "property_valuation": [age // 8 for age in ages], "tenure": 5.0})
    more = pd.DataFrame({"age": 20, "property_valuation": 2, "tenure": 5.0}, index=range(lack_age + lack_tenure))
    more = more.assign(age=[None] * lack_age + [20] * lack_tenure, tenure=[5.0] * lack_age + [None] * lack_tenure)
    whole = pd.concat([table, more], ignore_index=True)
    return whole.assign(
        customer_id=[f"c{i}" for i in range(len(whole))],
        tenure=whole["tenure"] + np.arange(len(whole)) % 2,
        wealth_segment=np.where(np.arange(len(whole)) % 2, "Affluent Customer", "High Net Worth"),
        job_industry=["Mining" if i < 3 else "Health" if i % 3 else "IT" for i in range(len(whole))],
    )


def analysis(table, features=("age",), *, hide=True):
    study = load([FileSource("bank.csv", table.to_csv(index=False).encode())], RULES)
    return Analysis(study, segment(study, 3, features), hide=hide)


@pytest.fixture(scope="module")
def few():
    """Segments of 9, 14 and 80: the first is small, the second would give it away."""
    return analysis(customers())


def test_sizes_are_those_that_may_be_shown(few):
    assert few.sizes[CLUSTER].tolist() == ["3"]
    assert replace(few, hide=False).sizes["customers"].tolist() == [9, 14, 80]


@pytest.mark.parametrize(("left_out", "hidden"), [(0, False), (9, True), (10, False), (94, True)])
def test_a_table_of_few_or_of_all_but_few_is_not_shown(left_out, hidden):
    told = analysis(customers(far=0, near=20, rest=83))
    table = told.shown(tables.count(told.customers[left_out:], [AGE_GROUP]))
    assert table.empty == hidden
    assert bool(table.attrs[HIDDEN]) == hidden


@pytest.mark.parametrize(
    ("lack", "said"),
    [
        ({"lack_age": 12}, "12 of 112 customers are not clustered: 12 lack age."),
        ({"lack_age": 12, "lack_tenure": 10},
         "22 of 122 customers are not clustered: 12 lack age, 10 lack tenure."),
        ({"lack_age": 9}, ""),  # few
        ({"lack_age": 20, "lack_tenure": 4}, ""),  # few of them
        ({}, ""),
    ],
)  # fmt: skip
def test_who_is_not_clustered_is_said_unless_it_tells_of_few(lack, said):
    told = analysis(customers(far=20, rest=66, **lack), ("age", "tenure"))
    assert told.why_not_clustered == said


def test_a_group_that_would_give_a_segment_away_is_not_counted_in_a_sentence():
    told = analysis(customers(far=9, near=40, lack_age=12))
    assert NOT_CLUSTERED not in set(told.sizes[CLUSTER])
    assert told.why_not_clustered == ""
    assert replace(told, hide=False).why_not_clustered.startswith("12 of 141 customers are not clustered")


@pytest.mark.parametrize(
    ("group", "segments", "hidden"),
    [
        ("Everybody", (), False),
        ("Everybody", ("3",), False),
        ("Everybody", ("1",), True),  # 9
        ("Everybody", ("2",), True),  # 14, which gives 9 away
        ("Everybody", ("1", "3"), True),  # 89, less the 80 that are shown
        ("Mass affluent", (), False),
        ("Mass affluent", ("3",), False),
        ("Mass affluent", ("2",), True),
    ],
)
def test_an_audience_is_shown_where_it_is_a_sum_of_what_is(few, group, segments, hidden):
    audience = Audience(group, segments, RULES.mass_affluent)
    table = moves(few.selected, RULES, audience.rule)
    assert few.hides(audience, table) == hidden
    assert not replace(few, hide=False).hides(audience, table)
    assert size(table, segments, group) > 0


def test_customers_left_out_of_a_chart_are_counted_unless_few(few):
    ages = tables.histogram(few.selected, "age")
    assert few.left_out(ages, 103 + 9, "of unknown age") == ""
    assert few.left_out(ages, 103 + 10, "of unknown age") == "10 customers of unknown age are not shown."
    assert replace(few, hide=False).left_out(ages, 103 + 1, "of unknown age").startswith("1 customer")


def test_differences_rest_on_groups_that_may_be_shown():
    """Three work in mining, all in segment 1: they go, and with them what gives them away."""
    told = analysis(customers(far=30, near=40, rest=60))
    found = differences(told.study.customers, told.study.columns, told.segments)
    shown = told.shown_differences(found)
    cells = {(row.cluster, row.value) for row in shown[shown["column"] == "job_industry"].itertuples()}
    assert ("1", "Mining") in {(row.cluster, row.value) for row in found.itertuples()}
    assert cells == {("1", "Health")}  # mining goes, and IT as the next smallest of all, and what these leave alone
    assert set(shown.loc[shown["column"] == "age", "cluster"]) == {"1", "2", "3"}
    assert replace(told, hide=False).shown_differences(found).equals(found)


def test_differences_of_a_number_few_have_are_not_shown():
    table = customers(far=30, near=40, rest=60)
    told = analysis(table.assign(balance=[1000.0 * i if 25 <= i < 70 else None for i in range(len(table))]))
    found = differences(told.study.customers, told.study.columns, told.segments)
    assert set(found.loc[found["column"] == "balance", "cluster"]) == {"1", "2"}
    shown = told.shown_differences(found)
    assert "balance" not in set(shown["column"]), "the mean of all, less that of segment 2, is that of five"


def test_the_mean_of_everybody_is_not_beside_segments_that_leave_few():
    """Eight in segment 1 are hidden; the nine who are not clustered lack age, so that they do not cover the eight."""
    told = analysis(customers(far=8, near=40, rest=60, lack_age=9))
    assert told.sizes[CLUSTER].tolist() == ["2", "3"]
    assert [told.distinguishing_traits(label) for label in "23"] == [[], []]
    assert told.profiles_headline == ""
    assert "age" not in set(told.differences["column"])
    assert replace(told, hide=False).distinguishing_traits("2") == ["Age 50.5 years (all: 36.1)"]


def test_a_trait_is_beside_the_clustered_where_few_others_have_the_number():
    told = analysis(customers(far=20, near=40, rest=60, lack_age=12, lack_tenure=5), ("age", "tenure"))
    assert told.traits("1")[0].text == "Age 80.5 years (clustered: 40.5)"
    assert replace(told, hide=False).traits("1")[0].text == "Age 80.5 years (all: 39.7)"


def test_the_headline_of_profiles_compares_the_segments_that_may_be_shown():
    whole = analysis(customers(far=20, near=40), hide=False)
    first, second = (f"egment {label}, “{whole.names[label]}”, differs" for label in "12")
    assert whole.profiles_headline == (
        f"S{first} most from all customers: age 80.5 years (all: 37.6). S{second} least."
    )


def test_the_headline_of_profiles_says_where_one_segment_only_may_be_shown(few):
    assert (
        few.profiles_headline == f"Only segment 3, “{few.names['3']}”, is shown: there is no other to compare it with."
    )
