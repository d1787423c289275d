"""Every table hides small groups unless it is described otherwise, of customers and of an opened result."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from core.measures.measure import Measure
from core.schema import CLUSTER, MASS_AFFLUENT
from core.strategy.audience import Audience
from core.strategy.fairness import selected
from core.views import tables
from core.views.suppress import HIDDEN, is_hideable
from core.visuals.table import BY_ROW, TABLES, Hiding, Table, describe, hiding_of
from tests.core.test_analysis import RULES, analysis, customers
from tests.core.test_opened import in_sums

KEYS = (CLUSTER, "job_industry", MASS_AFFLUENT)


def made_up(people):
    """A table that nobody has described."""
    return tables.count(people, KEYS)


@pytest.fixture(scope="module")
def few():
    """Three work in mining; segments of 60, 50 and 45."""
    return analysis(customers(far=60, near=50, rest=45))


@pytest.fixture(scope="module")
def sums(few):
    return replace(in_sums(few), hide=True)


def test_a_made_up_table_of_three_keys_shows_nothing_under_ten(few):
    assert replace(few, hide=False).table(made_up)["customers"].min() < 10
    for handed_out in (few.table, few.everybody.table):
        table = handed_out(made_up)
        assert table["customers"].min() >= 10
        assert table.attrs[HIDDEN] > 0
        assert "Mining" not in set(table["job_industry"])


def test_an_opened_result_says_that_it_does_not_tell_a_made_up_table(sums):
    for unlisted in (made_up, lambda people: tables.count(people, KEYS)):
        assert sums.table(unlisted) is None
        assert sums.why_not(unlisted) == (
            "This result has sums only, and none for this table: open the customer files to see it."
        )


def test_three_keys_counted_in_an_opened_result_show_what_the_customers_do(few, sums):
    pd.testing.assert_frame_equal(sums.table(tables.count, KEYS), few.table(made_up))


NOT_COUNTS = {
    "a number": len,
    "a column": lambda people: people["age"].groupby(people[CLUSTER], observed=True).max(),
    "a mapping": lambda people: {"customers": len(people)},
    "no key": lambda people: tables.count(people, []),
    "no customers": lambda people: made_up(people).rename(columns={"customers": "n"}),
    "another figure": lambda people: made_up(people).assign(oldest=80),
    "a flag of unknown whole": lambda people: tables.count(people, KEYS, flags=[MASS_AFFLUENT]).drop(
        columns=f"{MASS_AFFLUENT}_known"
    ),
    "a sum of unknown many": lambda people: tables.count(people, KEYS, sums={"age": 0}).drop(columns="age_n"),
    "a column twice": lambda people: pd.concat([made_up(people), made_up(people)["customers"]], axis=1),
}


@pytest.mark.parametrize("make", NOT_COUNTS.values(), ids=NOT_COUNTS)
def test_what_cannot_be_hidden_is_refused(few, make):
    assert replace(few, hide=False).table(make) is not None
    with pytest.raises(TypeError, match=r"may tell of few customers: count by `tables.count`, or describe its Hiding"):
        few.table(make)


@pytest.mark.parametrize(
    ("build", "arguments"),
    [
        (tables.by_cluster, ({"age": 0},)),
        (tables.count, (KEYS,)),
        (tables.histogram, ("age",)),
        (tables.age_by_value, ("property_valuation", 1.0)),
        (selected, (RULES, Audience("Everybody", ("1",), RULES.mass_affluent), "job_industry")),
    ],
)
def test_the_tables_of_the_pages_are_of_the_form_that_can_be_hidden(few, build, arguments):
    assert is_hideable(build(few.selected, *arguments))
    assert hiding_of(build).reason == ""


def test_a_table_handed_out_as_it_is_says_why():
    assert [table.hiding for table in TABLES.values() if table.hiding.reason and table.hiding.reason[-1] != "."] == []


def test_a_description_without_hiding_or_a_second_one_is_refused():
    with pytest.raises(TypeError, match="hiding"):
        Table(made_up, lambda: KEYS)
    with pytest.raises(ValueError, match="made_up does not say how it hides small groups"):
        describe(Table(made_up, lambda: KEYS, None))
    with pytest.raises(ValueError, match="by_cluster is described twice"):
        describe(Table(tables.by_cluster, lambda: KEYS, BY_ROW))
    assert made_up not in TABLES
    assert hiding_of(made_up) == Hiding()


def test_a_box_has_every_age_of_a_segment_that_is_shown(few):
    """Of ages by ones, single ones are few; the box shows none of them."""
    wide = few.study.customers.assign(age=np.arange(few.study.size) % 60 + 20.0)
    ages = replace(few, study=replace(few.study, customers=wide)).table(tables.histogram, "age")
    assert ages["customers"].max() < 10
    assert ages.groupby(CLUSTER, observed=True)["customers"].sum().tolist() == [60, 50, 45]


def test_a_scatter_hides_what_would_give_away_those_who_are_not_in_it():
    """4 in segment 1 and 12 in segment 2 have no value: the dots of both would give the 4 away."""
    table = customers(far=60, near=50, rest=45)
    table["property_valuation"] = [None if i < 4 or 60 <= i < 72 else 3 for i in range(len(table))]
    one = analysis(table)
    dots, shown = (
        replace(one, hide=hide).table(tables.age_by_value, "property_valuation", 1.0)["customers"].tolist()
        for hide in (False, True)
    )
    assert (dots, shown) == ([56, 38, 45], [45])


def test_a_partial_or_a_wrapper_of_a_described_table_is_not_described():
    assert hiding_of(lambda people: tables.totals(people)).reason == ""


def test_measures_have_no_result_while_small_groups_are_hidden(few, sums):
    wanted = (Measure("Old", "count(age >= 80)"),)
    assert [len(one.results(wanted, one.formula_columns)) for one in (few, sums, replace(few, hide=False))] == [0, 0, 1]


def test_differences_are_hidden_without_being_asked(few):
    everything = replace(few, hide=False).differences
    assert ("1", "Mining") in set(zip(everything["cluster"], everything["value"], strict=True))
    left = few.shown_differences(everything)
    names = ["cluster", "column", "value", "feature"]
    pd.testing.assert_frame_equal(few.differences[names], left[names])
    np.testing.assert_allclose(few.differences["effect"], left["effect"], atol=0.05)
    assert "Mining" not in set(few.differences["value"])


def test_insights_are_hidden_without_being_asked():
    """All 40 in IT are in segment 1, and 5 in mining, whom IT would give away."""
    table = customers(far=60, near=50, rest=45)
    table["job_industry"] = ["Mining"] * 5 + ["IT"] * 40 + ["Health"] * (len(table) - 45)
    table["wealth_segment"] = ["Affluent Customer"] * 45 + ["High Net Worth"] * (len(table) - 45)
    one = analysis(table)
    named = [{(found.field, found.value) for found in replace(one, hide=hide).insights} for hide in (False, True)]
    assert ("job_industry", "IT") in named[0]
    assert named[1] == named[0] - {("job_industry", "IT")}
