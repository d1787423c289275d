"""A visual and a KPI that are only registered are on their page, clicked and hidden as the others."""

import pytest
from streamlit.testing.v1 import AppTest

from core.cubes.file import NAME
from core.results import FILES
from core.visuals.clicks import Click
from core.visuals.registry import of_page
from data.generate import SAMPLE
from tests.core.test_visuals import analysis
from tests.pages.reading import charts, metrics, said, settled, started
from tests.pages.test_upload import upload
from tests.toys import bank, forgotten, toys  # noqa: F401

ON_DEMOGRAPHICS = [
    "Boxplot of age by segment",
    "Shares of car ownership by segment",
    "Treemap of job industry by segment",
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
    assert "**Job title by segment**" in said(at)


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
