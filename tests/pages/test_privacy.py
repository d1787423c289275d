"""The login where one is set up, and small groups hidden where the app is shared."""

import json
from datetime import date

import pandas as pd
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from core.analysis import Analysis
from core.cubes.file import NAME
from core.cubes.opened import opened as opened_result
from core.pipeline import load, segment
from core.reporting.pdf import why_no_pdf
from core.results import FILES
from core.rules import Rules
from core.schema import CLUSTER, MASS_AFFLUENT
from core.sources.file import FileSource
from core.strategy.audience import USUAL
from core.strategy.campaign import default_campaign
from core.strategy.scenario import Scenario
from core.views import tables
from pages.components.recommendation import EVIDENCE
from pages.components.view import View
from tests.pages.reading import PATIENCE, ROOT, charts, metrics, on_tab, opened, said, settled, started
from tests.pages.test_upload import upload

CAMPAIGN = default_campaign(USUAL["Everybody"])
AUTH = {
    "redirect_uri": "http://localhost:8501/oauth2callback",
    "cookie_secret": "for-a-test-only",
    "client_id": "x",
    "client_secret": "y",
    "server_metadata_url": "http://localhost:1/.well-known/openid-configuration",
}


def app_with_login() -> AppTest:
    at = AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=PATIENCE)
    at.secrets["auth"] = AUTH
    return at


def hides(at: AppTest) -> bool:
    return at.toggle(key="hide").value


def test_with_a_login_set_up_a_stranger_sees_no_customer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pages.components.privacy.find_spec", lambda name: name)
    at = settled(app_with_login().run())
    assert [button.label for button in at.button] == ["Log in"]
    assert charts(at) == []
    assert not at.metric
    assert not at.file_uploader
    assert "3,996" not in said(at)


def test_a_login_that_cannot_be_checked_lets_nobody_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pages.components.privacy.find_spec", lambda _: None)
    at = settled(app_with_login().run())
    assert "install the extra `auth`" in at.error[0].value
    assert not at.button
    assert not at.metric


def test_who_is_logged_in_sees_the_app_with_small_groups_hidden_and_can_log_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(st, "user", {"is_logged_in": True, "email": "ana@example.com"})
    at = settled(app_with_login().run())
    assert metrics(at)["Total customers"] == "3,996"
    assert "Log out" in [button.label for button in at.button]
    assert hides(at)


def test_without_a_login_nothing_is_asked_and_nothing_hidden(app: AppTest) -> None:
    assert "Log out" not in [button.label for button in app.button]
    assert not hides(app)


def test_small_groups_are_hidden_on_every_visual(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HIDE_SMALL_GROUPS", "true")
    at = started(state="ACT", k="12")
    assert hides(at)
    opened(at, "downloads")
    downloads = {button.label: button.disabled for button in at.get("download_button")}
    assert [name for name, off in downloads.items() if not off] == [
        "Rules as TOML",
        "Everything (ZIP)",
        "Report (HTML)",
        *(["Report (PDF)"] if not why_no_pdf() else []),
        "Deck (PowerPoint)",
        "Workbook (Excel)",
    ]
    assert len(downloads) > 6
    for page in ("pages/overview.py", "pages/demographics.py", "pages/strategy.py"):
        settled(at.switch_page(page).run())
        shown = [row["customers"] for rows in charts(at) for row in rows if "customers" in row]
        assert min(shown, default=10) >= 10
        assert "hidden: fewer than 10 customers" in said(at).replace("\\", "")
    settled(at.switch_page("pages/data.py").run())
    assert "not shown while small groups are hidden" in said(at)
    at.multiselect(key="job_industry").select("Agriculture")
    settled(at.switch_page("pages/overview.py").run())
    assert "fewer than 10 customers: it is hidden" in said(at)
    assert not at.metric


# Segments of 8, 15 and 100 by age alone, and 9 of unknown age; 5 live in NT.
AGES = [80 + i % 2 for i in range(8)] + [50 + i % 2 for i in range(15)] + [20 + i % 12 for i in range(100)] + [""] * 9
FEW = "customer_id,age,state,postcode,wealth_segment\n" + "".join(
    f"{i},{age},{'NT,0800' if 20 <= i < 25 else 'ACT,2600' if i < 60 else 'NSW,2000'},"
    f"{'Affluent Customer' if i % 2 else 'High Net Worth'}\n"
    for i, age in enumerate(AGES)
)


def made_up(customers: pd.DataFrame) -> pd.DataFrame:
    """A table that nobody has declared."""
    return tables.count(customers, (CLUSTER, "state", MASS_AFFLUENT))


def test_a_made_up_table_through_the_view_shows_nothing_under_ten() -> None:
    study = load([FileSource("few.csv", FEW.encode())], Rules(date(2026, 1, 1)))
    view = View(study, segment(study, 3, ("age",)), hide=True)
    for table in (
        view.table(made_up),
        view.of("pie").table(made_up, needs=["state"]),
        view.everybody.table(made_up),
    ):
        assert table["customers"].min() >= 10
    result, segments, _ = opened_result(FILES[NAME].make(Analysis(study, view.segments)), "stamp")
    sums = View(result, segments, hide=True)
    assert sums.table(made_up) is None
    assert "none for this table" in sums.why_not(made_up)


def test_every_page_tells_of_no_few_while_small_groups_are_hidden() -> None:
    at = started(k="3")
    at.file_uploader(key="uploads").upload("few.csv", FEW.encode())
    settled(at.run())
    assert metrics(at)["Not clustered"] == "9"
    assert "9 lack age" in said(at)
    settled(at.switch_page("pages/profiles.py").run())
    assert "customers who meet it are in this segment" in said(at)
    settled(at.toggle(key="hide").set_value(True).run())
    assert said(at).count("Off while small groups are hidden") == 5
    assert "customers who meet it are in this segment" not in said(at)
    assert next(one for one in at.get("button_group") if one.label == "Segment").options == ["2", "3"]
    settled(at.switch_page("pages/overview.py").run())
    assert metrics(at)["Not clustered"] == "Hidden"
    settled(at.switch_page("pages/strategy.py").run())
    drawn = json.loads(at.get("deck_gl_json_chart")[0].proto.json)["layers"]
    lines = [one["properties"]["line"] for one in drawn[0]["data"]["features"]] + [
        one["line"] for one in drawn[1]["data"]
    ]
    assert {line for line in lines if "shown" not in line} == {
        "72 customers\n35 mass affluent, 48.6% of 72 known\n95% interval 37.4% to 59.9%"
    }
    at.session_state["scenarios"] = tuple(Scenario(f"For {n}", "all", n, CAMPAIGN) for n in (9, 60))
    on_tab(at, "Scenarios")
    compared = [one.value for one in at.dataframe if "name" in one.value and "affluent" not in one.value]
    assert [table["name"].tolist() for table in compared] == [["For 60"]]
    settled(at.multiselect(key="audience_segments 4").set_value(["1", "2"]).run())
    assert "This audience is hidden" in said(at)
    opened(settled(at.switch_page("pages/number_of_segments.py").run()), EVIDENCE)
    assert "Smallest" not in said(at)
    assert [len(frame.value) for frame in at.dataframe if "Real" in frame.value] == [2]
    settled(at.switch_page("pages/data.py").run())
    assert [list(frame.value) for frame in at.dataframe] == [["Table", "Used as", "Decided"]]
    assert "lack age" not in said(at)


def test_an_audience_is_hidden_where_the_tried_rule_moves_few() -> None:
    """The state bars tell today's 10 of 37: beside 13 by the tried rule, 3 would be read off."""
    at = started(state="NT", **{"tried_valuation 9": "8"})
    settled(at.toggle(key="hide").set_value(True).run())
    settled(at.switch_page("pages/strategy.py").run())
    assert "This audience is hidden" in said(at)
    assert "in the audience" not in said(at)


def test_segments_that_are_hidden_are_not_said_to_be_empty(app: AppTest) -> None:
    rows = b"".join(b"%d,%d,%d\n" % (i, 30 + i % 6, i // 6 * 9000) for i in range(12))
    upload(app, twelve_csv=b"customer_id,age,balance\n" + rows)
    settled(app.slider(key="k").set_value(2).run())
    settled(app.toggle(key="hide").set_value(True).run())
    assert "2 groups hidden: fewer than 10 customers, or subtraction would reveal such a group." in said(app)
    assert "Nobody here is in a segment" not in said(app)
