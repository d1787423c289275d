"""Each page on the bundled sample: its visuals are there and agree with the KPI cards."""

from collections import Counter

import pytest
from streamlit.testing.v1 import AppTest

from core import selection
from tests.pages.reading import PAGES, charts, metrics, said, settled, tables

COLOURS = '"range": ["#0066ee", "#119977", "#cc7700", "#bb3311", "#885588", "#7a8794"]'
CUSTOMERS, NOT_CLUSTERED, AGE_UNKNOWN, PLACE_UNKNOWN = 3996, 84, 73, 11


def by_segment(rows: list[dict]) -> Counter:
    sizes = Counter()
    for row in rows:
        sizes[row["segment"]] += row["customers"]
    return sizes


def test_overview_shows_kpis_pie_and_bars(app: AppTest) -> None:
    assert app.title[0].value == "Segment overview"
    assert metrics(app) == {
        "Total customers": "3,996",
        "Total mass affluent": "1,650",
        "High potential": "980",
        "Not clustered": "84",
    }
    pie, valuation, purchases = charts(app)
    sizes = by_segment(pie)
    assert sum(sizes.values()) == CUSTOMERS
    assert sizes["Not clustered"] == NOT_CLUSTERED
    assert sum(row["share"] for row in pie) == pytest.approx(1)
    for bars in (valuation, purchases):
        assert [row["segment"] for row in bars] == [row["segment"] for row in pie]
    means = [row["mean"] for row in valuation if row["segment"] != "Not clustered"]
    assert means == sorted(means, reverse=True), "segments are numbered by wealth"


def test_demographics_shows_every_customer_in_each_visual(app: AppTest) -> None:
    pie = by_segment(charts(app)[0])
    settled(app.switch_page("pages/demographics.py").run())
    ages, jobs, cars = charts(app)
    assert by_segment(cars) == by_segment(jobs) == pie
    assert sum(row["customers"] for row in ages) == CUSTOMERS - AGE_UNKNOWN
    assert f"{AGE_UNKNOWN} customers of unknown age are not shown" in said(app)


def test_strategy_shows_map_scatter_states_and_cards(app: AppTest) -> None:
    settled(app.switch_page("pages/strategy.py").run())
    scatter, *_ = charts(app)
    states, *_ = tables(app)
    assert len(app.get("deck_gl_json_chart")) == 1
    assert states["customers"].sum() == CUSTOMERS
    assert sum(row["customers"] for row in scatter) == CUSTOMERS - NOT_CLUSTERED
    assert f"{NOT_CLUSTERED} customers of unknown age or property valuation are not shown" in said(app)
    shares = [metric.value for metric in app.metric if metric.label == "Mass affluent"]
    assert len(shares) == 7, "all customers, five segments, not clustered"
    assert shares[0] == "41.3%"
    assert f"{PLACE_UNKNOWN} customers of unknown or other state are not on the map" in said(app).replace("\\", "")


def test_every_page_says_who_is_not_clustered_and_gives_a_segment_the_same_colour(app: AppTest) -> None:
    for page in PAGES:
        settled(app.switch_page(page).run())
        assert f"{NOT_CLUSTERED} of 3,996 customers are not clustered" in said(app)
        charted = [element.proto.spec for element in app.get("vega_lite_chart")]
        specs = [spec for spec in charted if "segment" in spec and '"range": ["#' in spec]
        assert specs
        assert all(
            '"range": ["#0066ee", "#119977", "#cc7700", "#bb3311", "#885588", "#7a8794"]' in one for one in specs
        )


def test_a_run_looks_at_the_rows_once_for_all_its_tables(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    looks, real = [], selection.select
    monkeypatch.setattr(selection, "select", lambda *a, **options: looks.append(options) or real(*a, **options))
    app.multiselect(key="state").select("TAS")
    settled(app.run())
    assert len(looks) == 1
    settled(app.switch_page("pages/demographics.py").run())
    settled(app.run())
    assert len(looks) == 1
