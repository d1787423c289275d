"""Clicked marks: what they say in an address, how they add up, whom they let through."""

from dataclasses import replace
from datetime import date
from functools import partial

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.analysis import Analysis
from core.pipeline import load, segment
from core.rules import Rules
from core.schema import CLUSTER
from core.selection import Selection
from core.sources.file import FileSource
from core.targets.words import describe_audience
from core.views.tables import by_cluster
from core.visuals.bands import widths_of
from core.visuals.clicks import Click, after, column_shown, columns_clicked, describe, from_text, is_known, select
from core.visuals.place_names import written_in
from core.visuals.registry import SEGMENT_FILTER, VISUALS
from core.visuals.visual import fields
from tests.core.test_opened import in_sums

AS_OF = Rules(date(2018, 1, 1))

PEOPLE = pd.DataFrame(
    {
        CLUSTER: pd.Categorical(["1", "1", "2", "2", "Not clustered"]),
        "job_industry": pd.Categorical(["Health", "IT", "Health", "a:b", "Health"]),
        "state": pd.Categorical(["NSW", "VIC", "NSW", "VIC", "NSW"]),
    }
)
ONE, TWO = Click("pie", ("1",)), Click("pie", ("2",))
HEALTH_IN_1, ODD_IN_2 = Click("jobs", ("1", "Health")), Click("jobs", ("2", "a:b"))
NSW = Click("map", ("NSW",))


@pytest.mark.parametrize(
    ("clicks", "exclude", "expected"),
    [
        ([], "", [0, 1, 2, 3, 4]),
        ([ONE], "", [0, 1]),
        ([ONE], "pie", [0, 1, 2, 3, 4]),  # the clicked visual keeps showing everything
        ([ONE, TWO], "", [0, 1, 2, 3]),  # two marks of one visual: either
        ([ONE, NSW], "", [0]),  # of two visuals: both
        ([ONE, NSW], "pie", [0, 2, 4]),
        ([HEALTH_IN_1, ODD_IN_2], "", [0, 3]),
        ([ONE, ODD_IN_2], "", []),
    ],
)
def test_a_visual_is_filtered_by_the_clicks_on_all_others(clicks, exclude, expected):
    filtering = Selection(None, None, clicks=tuple(clicks), visual=exclude).filtering
    assert select(PEOPLE, filtering).index.tolist() == expected


@pytest.mark.parametrize(
    ("clicks", "click", "more", "expected"),
    [
        ((), ONE, False, (ONE,)),
        ((ONE,), TWO, False, (TWO,)),
        ((ONE,), TWO, True, (ONE, TWO)),
        ((ONE,), ONE, False, ()),
        ((ONE,), ONE, True, ()),
        ((ONE, TWO), ONE, False, (ONE,)),
        ((ONE, TWO), ONE, True, (TWO,)),
        ((NSW, ONE), TWO, False, (NSW, TWO)),  # other visuals keep theirs
    ],
)
def test_a_click_replaces_adds_or_removes_as_in_any_dashboard(clicks, click, more, expected):
    assert after(clicks, click, more=more) == expected


@pytest.mark.parametrize(
    "text", ["", "pie", "pie:", "jobs:1", "jobs:1:", "jobs::Health", "nothing:1", ":", "map", "Pie:1"]
)
def test_an_address_that_names_no_mark_is_no_click(text):
    assert from_text(text) is None


CLICKED = [SEGMENT_FILTER, *(key for key, visual in VISUALS.items() if visual.clicks)]
marks = st.sampled_from(CLICKED).flatmap(
    lambda visual: st.builds(
        lambda first, last: Click(visual, (first, last)[-len(columns_clicked(visual)) :]),
        st.sampled_from(["1", "12", "Not clustered"]),
        st.text(min_size=1),
    )
)


@given(marks)
def test_a_click_comes_back_from_the_address_as_it_was(click):
    assert from_text(click.text) == click


@pytest.mark.parametrize(
    ("click", "known"),
    [
        (ONE, True),
        (Click("pie", ("3",)), False),
        (ODD_IN_2, True),
        (Click("jobs", ("1", "Wizardry")), False),
        (Click("map", ("Atlantis",)), False),
        (Click("cars", ("1", "Yes")), False),  # a column the file lacks
    ],
)
def test_a_click_is_known_where_the_data_has_its_values(click, known):
    assert is_known(click, PEOPLE, {"1": "Older", "2": "Younger"}) == known


def test_a_click_is_described_by_its_values():
    assert [describe(click) for click in (ONE, HEALTH_IN_1, NSW)] == [
        "Segment: 1",
        "Segment: 1, Job industry: Health",
        "Region: NSW",
    ]


def people(**how):
    """Six customers in one segment, of two states, with the analyst's clicks."""
    text = "customer_id,age,state\n" + "".join(f"{n},{20 + n},{'NSW' if n < 3 else 'VIC'}\n" for n in range(1, 7))
    study = load([FileSource("people.csv", text.encode())], AS_OF)
    return Selection(study, segment(study, 1), **how)


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        ({"clicks": (NSW,)}, 6),
        ({"clicks": (NSW,), "filters": {"state": ("VIC",)}}, 4),
        ({"clicks": (NSW, Click(SEGMENT_FILTER, ("1",)))}, 6),
        ({"clicks": (Click(SEGMENT_FILTER, ("1",)),)}, None),  # a filter of the sidebar is no click
        ({"clicks": (NSW,), "visual": "map"}, None),  # its own click filters it not
        ({"clicks": (NSW,), "hide": True}, None),
        ({}, None),
    ],
    ids=str,
)
def test_what_was_there_before_a_click_stands_behind_unless_it_is_small_groups_that_are_hidden(how, expected):
    before = people(**how).before_clicks(by_cluster, {})
    assert (None if before is None else int(before["customers"].sum())) == expected


def accounts(**how):
    """Customers in two segments, with a number of their own and some of unknown age."""
    lines = [f"{n},{20 + n % 30 if n % 7 else ''},{n % 13 * 0.1:.1f}" for n in range(200)]
    study = load([FileSource("people.csv", "\n".join(["customer_id,age,balance (EUR)", *lines]).encode())], AS_OF)
    return Selection(study, segment(study, 2), shown_value="balance", **how)


def test_a_mark_of_the_scatter_selects_whom_it_counts():
    of = accounts()
    bands = column_shown("scatter", of)
    assert bands == f"age by 5 and balance by {of.step:g}"
    visual = VISUALS["scatter"]
    drawn = visual.draw(of, visual.shape(of, of.table(visual.table.build, *visual.arguments(of))))
    marks = next(iter(drawn.to_dict()["datasets"].values()))
    assert len(marks) > 20
    at = fields(columns_clicked("scatter", bands))
    for mark in marks:
        values = [mark[field] for field in at.values()]
        click = Click("scatter", (values[0].split()[0], *values[1:]), bands)
        assert from_text(click.text) == click
        assert is_known(click, of.selected, of.names, partial(widths_of, of.study))
        assert len(replace(of, clicks=(click,)).selected) == mark["customers"], mark


def test_bands_are_written_as_the_chart_writes_them():
    click = Click("scatter", ("2", "45", "0.3"), "age by 5 and balance by 0.1")
    of = accounts(clicks=(click,))
    assert describe(click, of.text, written_in(of)) == "Segment: 2, Age: 45 to below 50, Balance: €0.3 to below €0.4"
    assert describe_audience(of) == f"Everybody; filtered by {describe(click, of.text, written_in(of))}"


@pytest.mark.parametrize(
    "text",
    [
        "scatter.age by 5 and balance by 0.05:1:20:0.1",  # bands of another width than the chart's
        "scatter.age by 5 and nothing by 1:1:20:0",
        "scatter.age by 5 and balance by 0.1:1:twenty:0.1",
        "scatter.age by 5 and balance by 0.1:1:nan:0.1",
        "scatter.age by 5 and balance by 0.1:9:20:0.1",
    ],
)
def test_a_link_asks_for_no_other_bands_than_the_charts(text):
    of, click = accounts(), from_text(text)
    assert click is not None
    assert not is_known(click, of.selected, of.names, partial(widths_of, of.study))


def test_older_links_to_the_scatter_select_the_segment_as_they_did():
    of = accounts(clicks=(from_text("scatter:2"),))
    assert set(of.selected[CLUSTER]) == {"2"}


def test_a_band_of_a_result_is_none_of_its_columns():
    of = in_sums(Analysis(accounts().study, accounts().segments, shown_value="balance"))
    click = Click("scatter", ("1", "20", "0.1"), column_shown("scatter", of))
    assert not is_known(click, of.selected, of.names, partial(widths_of, of.study))
