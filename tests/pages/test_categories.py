"""Files with categories of their own: filters, what tiles and bars show by, and no empty panel."""

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from core.cubes.file import NAME
from core.results import FILES
from core.rules import Intake
from core.visuals.clicks import from_text
from pages.components.decisions import RULES_FILE, RulesFile
from tests.categories import GERMAN, TELECOM, Kind
from tests.core.test_choices import analysis
from tests.pages.reading import PAGES, charts, metrics, said, settled, started
from tests.pages.test_visuals import alternatives

CHARTS = {"pages/overview.py": 3, "pages/demographics.py": 3, "pages/strategy.py": 1}


def opened(kind: Kind, **address: str) -> AppTest:
    """The result of a kind of file."""
    at = started(k="3", **address)
    at.file_uploader(key="result").upload(NAME, FILES[NAME].make(analysis(kind)))
    return settled(at.run())


def with_roles(kind: Kind, page: str = PAGES[0], **address: str) -> AppTest:
    """A kind of file on a page, its columns read by their roles."""
    at = started(k="3", **address)
    at.session_state[RULES_FILE] = RulesFile("rules.toml", Intake(columns={**kind.roles}))
    at.file_uploader(key="uploads").upload("customers.csv", kind.content)
    return settled(at.switch_page(page).run())


def clicked(at: AppTest, click: str) -> AppTest:
    """The page after a click on a mark, as an address carries it."""
    at.session_state["clicks"], at.session_state["clicks' segments"] = (from_text(click),), None
    return at


@pytest.mark.parametrize("kind", [TELECOM, GERMAN], ids=["telecom", "german"])
@pytest.mark.parametrize("way", [opened, with_roles])
def test_no_panel_is_empty(way: Callable[[Kind], AppTest], kind: Kind) -> None:
    at = way(kind)
    for page in PAGES:
        settled(at.switch_page(page).run())
        assert len(alternatives(at)) >= CHARTS[page]
        assert all(charts(at))
        assert "The file has no" not in said(at)
        assert not [one.value for one in at.info if "missing" in one.value or "needs" in one.value]


def test_the_analyst_picks_what_the_tiles_are_by() -> None:
    at = with_roles(TELECOM, "pages/demographics.py")
    assert "Sizes and shares of Contract type by segment" in alternatives(at)
    settled(at.selectbox(key="jobs_by").select("pay_by").run())
    assert {"Sizes and shares of Pay by by segment", "Shares of Contract type by segment"} <= {*alternatives(at)}
    settled(at.selectbox(key="jobs_by").select("").run())
    assert "Sizes and shares of Contract type by segment" in alternatives(at)


def test_a_link_says_what_the_tiles_are_by_and_is_clicked_so() -> None:
    at = with_roles(TELECOM, "pages/overview.py", jobs_by="Pay by")
    assert not [button.label for button in at.button if "chip" in (button.key or "")]  # it is in the data
    settled(at.switch_page("pages/demographics.py").run())
    assert "Sizes and shares of Pay by by segment" in alternatives(at)
    assert at.selectbox(key="jobs_by").value == "pay_by"
    settled(clicked(at, "jobs.pay_by:1:Card").run())
    assert [button.label for button in at.button if "chip" in (button.key or "")] == ["Segment\\: 1, Pay by\\: Card"]


def test_another_category_drops_the_clicks_on_the_last() -> None:
    at = with_roles(TELECOM, "pages/demographics.py")
    settled(clicked(at, "jobs.contract_type:1:Two year").run())
    assert {row["segment"][0] for row in charts(at)[0]} == {"1"}
    settled(at.selectbox(key="jobs_by").select("pay_by").run())
    assert at.session_state["clicks"] == ()


def test_every_category_of_the_file_is_a_filter() -> None:
    at = with_roles(TELECOM, "pages/overview.py")
    settled(at.multiselect(key="where_contract_type").select("Two year").run())
    assert metrics(at)["Total customers"] == "72"
    assert "Contract type\\: Two year" in [button.label for button in at.button]
    settled(at.button(key="reset").click().run())
    assert metrics(at)["Total customers"] == "240"
    assert "No filter by region, job industry or car ownership" in said(at)


def test_a_filter_of_a_link_waits_for_the_file_that_has_its_column() -> None:
    at = started(where_contract_type="Two year")
    assert "Contract type\\: Two year \\(not in these data\\)" in [button.label for button in at.button]


def test_further_categories_are_filters_that_the_analyst_adds() -> None:
    at = settled(started().run())
    assert at.multiselect(key="more_filters").options[0] == "Gender"
    settled(at.multiselect(key="more_filters").select("gender").run())
    settled(at.multiselect(key="where_gender").select("Female").run())
    assert 0 < int(metrics(at)["Total customers"].replace(",", "")) < 4000
    settled(at.multiselect(key="more_filters").unselect("gender").run())
    assert metrics(at)["Total customers"] == metrics(started())["Total customers"]


def test_small_groups_of_a_category_stay_hidden_in_an_opened_result() -> None:
    """Four pay by barter."""
    at = settled(opened(TELECOM, jobs_by="Pay by").switch_page("pages/demographics.py").run())
    settled(at.toggle(key="hide").set_value(False).run())
    assert "Barter" in {row.get("inner") for rows in charts(at) for row in rows}
    settled(at.toggle(key="hide").set_value(True).run())
    shown = {row.get("inner") for rows in charts(at) for row in rows}
    assert "Barter" not in shown
    assert "Debit" in shown
