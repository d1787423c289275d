"""A visual and a KPI that are only registered are on their page, clicked and hidden as the others."""

import json
from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Block

from core.cubes.file import NAME
from core.results import FILES
from core.views.map_view import BUBBLES_HIGH, HEIGHT
from core.visuals.clicks import Click
from core.visuals.registry import of_page
from data.generate import SAMPLE
from tests.core.test_visuals import analysis
from tests.pages.reading import charts, metrics, said, settled, started
from tests.pages.test_upload import upload
from tests.toys import bank, forgotten, toys  # noqa: F401

ON_DEMOGRAPHICS = [
    "Boxplot of age by segment",
    "Sizes and shares of job industry by segment",
    "Shares of car ownership by segment",
]


def alternatives(at: AppTest) -> list[str]:
    """What a screen reader says of each chart and table."""
    return [one.proto.alt for kind in ("vega_lite_chart", "deck_gl_json_chart", "dataframe") for one in at.get(kind)]


def page_with_toys(page: str) -> AppTest:
    return settled(upload(started(k="2"), bank_csv=bank()).switch_page(f"pages/{page}.py").run())


@pytest.mark.usefixtures("toys")
def test_a_toy_stands_at_the_end_of_its_page_without_touching_the_page() -> None:
    at = page_with_toys("demographics")
    assert alternatives(at) == [*ON_DEMOGRAPHICS, "Shares of job title by segment"]
    assert {row["inner"] for row in charts(at)[-1]} == {"Cook", "Clerk", "Diver"}
    assert "Job title by segment" in said(at)


@pytest.mark.usefixtures("toys")
def test_a_toy_hides_small_groups_on_its_page() -> None:
    at = page_with_toys("demographics")
    settled(at.toggle(key="hide").set_value(True).run())
    assert {row["inner"] for row in charts(at)[-1]} < {"Cook", "Clerk", "Diver"}
    assert "Diver" not in {row["inner"] for row in charts(at)[-1]}
    assert "hidden: fewer than 10 customers" in said(at).replace("\\", "")


@pytest.mark.usefixtures("toys")
def test_a_click_on_a_toy_filters_the_others() -> None:
    at = page_with_toys("demographics")
    at.session_state["clicks"], at.session_state["clicks' segments"] = (Click("toy", ("1", "Cook")),), None
    settled(at.run())
    ages, *_, titles = charts(at)
    assert {row["segment"][0] for row in ages} == {"1"}
    assert {row["segment"][0] for row in titles} == {"1", "2"}
    assert [button.label for button in at.button if "chip" in (button.key or "")] == ["Segment\\: 1, Job title\\: Cook"]


@pytest.mark.usefixtures("toys")
@pytest.mark.parametrize("page", ["overview", "strategy"])
def test_a_toy_kpi_is_on_its_pages(page: str) -> None:
    assert metrics(page_with_toys(page))["Toy customers"] == "80 toys"


@pytest.mark.usefixtures("toys")
def test_a_toy_is_shown_of_an_opened_result() -> None:
    at = started()
    at.file_uploader(key="result").upload(NAME, FILES[NAME].make(analysis(bank())))
    settled(at.run())
    assert metrics(at)["Toy customers"] == "80 toys"
    settled(at.switch_page("pages/demographics.py").run())
    assert {row["inner"] for row in charts(at)[-1]} == {"Cook", "Clerk", "Diver"}


@pytest.mark.parametrize("page", ["overview", "demographics", "strategy"])
def test_a_page_shows_each_of_its_visuals_once_with_its_alternative_text(app: AppTest, page: str) -> None:
    settled(app.switch_page(f"pages/{page}.py").run())
    found = alternatives(app)
    of_sample = analysis(SAMPLE.read_bytes())
    expected = [visual.alt(of_sample) for visual in of_page(page) if visual.is_possible(of_sample)]
    assert [found.count(one) for one in expected] == [1] * len(expected)


def test_without_registering_them_there_are_no_toys() -> None:
    at = page_with_toys("demographics")
    assert alternatives(at) == ON_DEMOGRAPHICS


def map_of(at: AppTest) -> tuple[str, set[tuple[int, ...]]]:
    """The title of the map's legend, and the colours of its regions."""
    (deck,) = at.get("deck_gl_json_chart")
    states = json.loads(deck.proto.json)["layers"][0]["data"]["features"]
    legend = next(one for one in at.get("vega_lite_chart") if one.proto.alt == "Legend of the map")
    title = json.loads(legend.proto.spec)["layer"][0]["encoding"]["color"]["legend"]["title"]
    return title, {tuple(one["properties"]["fill"]) for one in states}


SHADED = {
    "Share mass affluent": "Mass affluent, of those known",
    "Customers": "Customers",
    "Average value": "Average property valuation (band 1–12)",
}


@pytest.mark.parametrize("opened", [False, True], ids=["rows", "opened result"])
def test_the_analyst_picks_what_the_map_is_shaded_by(opened: bool) -> None:
    at = started(k="2")
    if opened:
        at.file_uploader(key="result").upload(NAME, FILES[NAME].make(analysis(SAMPLE.read_bytes())))
        settled(at.run())
    settled(at.switch_page("pages/strategy.py").run())
    assert at.selectbox(key="map_by").options == [*SHADED]
    kinds = ("share", "customers", "value")
    found = [map_of(settled(at.selectbox(key="map_by").select(kind).run())) for kind in kinds]
    assert [title for title, _ in found] == [*SHADED.values()]
    assert found[0][1] != found[1][1] != found[2][1]


def test_a_link_says_what_the_map_is_shaded_by_before_the_page_is_seen() -> None:
    at = started(k="2", map_by="Customers")
    assert at.session_state["map_by"] == "customers"
    settled(at.switch_page("pages/strategy.py").run())
    assert at.selectbox(key="map_by").value == "customers"
    assert map_of(at)[0] == "Customers"
    assert "Customers by state" in [title.value for title in at.subheader]


def blocks(block: Block) -> Iterator[Block]:
    """A block of the page and all in it."""
    yield block
    for child in block.children.values():
        if isinstance(child, Block):
            yield from blocks(child)


def test_a_map_is_as_high_as_what_stands_beside_it_and_no_lower_than_its_view(app: AppTest) -> None:
    settled(app.switch_page("pages/strategy.py").run())
    (row,) = [
        one for one in blocks(app.main) if "deck_gl_json_chart" in [child.type for child in one.children.values()]
    ]
    _, spacer = row.children.values()
    assert row.proto.height_config.use_stretch
    assert spacer.proto.height_config.pixel_height == HEIGHT - BUBBLES_HIGH
