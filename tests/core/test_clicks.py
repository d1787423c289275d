"""Clicked marks: what they say in an address, how they add up, whom they let through."""

from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.pipeline import load, segment
from core.rules import Rules
from core.schema import CLUSTER
from core.selection import Selection
from core.sources.file import FileSource
from core.views.tables import by_cluster
from core.visuals.clicks import Click, after, columns_clicked, describe, from_text, is_known, select
from core.visuals.registry import SEGMENT_FILTER, VISUALS

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
    study = load([FileSource("people.csv", text.encode())], Rules(date(2018, 1, 1)))
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
