"""A country and a cleaning rule that are only registered, on the pages."""

import json
import re
from datetime import date
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from core.analysis import Analysis
from core.cleaning.registry import RULES as CLEANING
from core.pipeline import load, segment
from core.results import FILES
from core.rules import Rules
from core.sources.file import FileSource
from pages.components import worker
from tests.core.test_cleaning import CAPITALS, FILE
from tests.pages.reading import metrics, on_tab, said, settled
from tests.pages.test_measures import write
from tests.toy_country import customers

INPUTS = ("Contact cost", "Value", "Budget")
NO_COUNTRY = "No map: None is chosen as the country."
MAP = "deck_gl_json_chart"


@pytest.fixture(autouse=True)
def _read_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are read in this process: a worker process knows what its modules register, not what a test does."""
    monkeypatch.setattr(worker.WORKERS, "call", lambda function, *arguments, **_: function(*arguments))
    st.cache_data.clear()
    st.cache_resource.clear()


def uploaded(app: AppTest, content: bytes, page: str) -> AppTest:
    app.file_uploader(key="uploads").upload("bank.csv", content)
    settled(app.run())
    return settled(app.switch_page(page).run())


def lines(app: AppTest) -> dict[str, str]:
    """The tooltip of each region of the map."""
    (element,) = app.get(MAP)
    features = json.loads(element.proto.json)["layers"][0]["data"]["features"]
    return {one["properties"]["title"]: one["properties"]["line"].partition("\n")[0] for one in features}


@pytest.mark.usefixtures("atlantis")
def test_a_registered_country_is_on_the_map_and_hidden_where_small(app: AppTest) -> None:
    uploaded(app, customers(), "pages/strategy.py")
    assert lines(app) == {"Northland": "58 customers", "Southland": "59 customers", "Eastland": "3 customers"}
    assert any("₳" in json.dumps(json.loads(chart.proto.spec), ensure_ascii=False) for chart in charts_of(app))
    settled(app.toggle(key="hide").set_value(True).run())
    assert lines(app)["Eastland"] == "No customers shown"


def charts_of(app: AppTest) -> Any:
    return app.get("vega_lite_chart")


def money_of(app: AppTest) -> dict[str, str]:
    """What carries the sign of a currency: inputs, figures, columns, the axis of the tornado, a measure."""
    tornado = next(one for one in app.get("vega_lite_chart") if '"Net value' in one.proto.spec)
    found = {
        "inputs": "|".join(
            one.label for one in app.number_input if one.label.startswith(("Contact cost", "Val", "Bud"))
        ),
        "cost": metrics(app)["Cost"].rstrip("0123456789,"),
        "axis": max(json.loads(text) for text in re.findall(r'"title":\s*("Net value[^"]*")', tornado.proto.spec)),
    }
    on_tab(app, "Whom to fund first")
    settled(app.number_input(key="baseline Mass affluent").set_value(1.0).run())  # not a made-up value any more
    columns = json.loads(next(one for one in app.dataframe if "funded" in one.value).proto.columns)
    found |= {"columns": "|".join(columns[name]["label"] for name in ("per_cost", "cost"))}
    settled(on_tab(app, "Scenarios").button(key="save_scenario").click().run())
    columns = json.loads(next(one for one in app.dataframe if "net_low" in one.value).proto.columns)
    found |= {"scenario": columns["net_low"]["label"]}
    settled(app.switch_page("pages/overview.py").run())
    write(app, "Assets", "sum(balance)", "money")
    return found | {"measure": metrics(app)["Assets"].rstrip("0123456789,")}


@pytest.mark.usefixtures("atlantis")
@pytest.mark.parametrize(
    ("content", "found"),
    [
        (
            customers(),
            {
                "inputs": "Contact cost (₳)|Value (₳ a year)|Budget (₳)|Budget for all audiences (₳)",
                "cost": "₳", "axis": "Net value", "columns": "Net value per ₳|Cost (₳)",
                "scenario": "Net value, low (₳)", "measure": "₳",
            },
        ),
        (
            customers().replace(b"Eastland", b"Narnia").replace(b"Nordland", b"Gondor").replace(b"SL", b"Mordor"),
            {
                "inputs": "Contact cost|Value (a year)|Budget|Budget for all audiences",
                "cost": "", "axis": "Net value", "columns": "Net value over cost|Cost",
                "scenario": "Net value, low", "measure": "",
            },
        ),
    ],
)  # fmt: skip
def test_money_has_the_sign_of_the_country_or_none(app: AppTest, content: bytes, found: dict[str, str]) -> None:
    assert money_of(uploaded(app, content, "pages/strategy.py")) == found


@pytest.mark.usefixtures("atlantis")
def test_an_opened_result_has_the_map_of_its_country(app: AppTest) -> None:
    study = load([FileSource("bank.csv", customers())], Rules(date(2026, 1, 1)))
    app.file_uploader(key="result").upload("summary.zip", FILES["summary.zip"].make(Analysis(study, segment(study, 2))))
    settled(app.run())
    settled(app.switch_page("pages/strategy.py").run())
    assert lines(app)["Southland"] == "59 customers"
    assert any("₳" in json.dumps(json.loads(chart.proto.spec), ensure_ascii=False) for chart in charts_of(app))


@pytest.mark.usefixtures("atlantis")
def test_the_country_is_changed_on_the_data_page(app: AppTest) -> None:
    uploaded(app, customers(), "pages/data.py")
    assert "Country: Atlantis" in said(app).replace("\\", "")
    options = app.selectbox(key="reading country").options
    assert options[:6] == ["Decide by the values", "None", "World", "Argentina", "Atlantis", "Australia"]
    app.selectbox(key="reading country").set_value("none")
    settled(next(one for one in app.button if one.label == "Read again").click().run())
    assert "Country: none known" in said(app).replace("\\", "")
    settled(app.switch_page("pages/strategy.py").run())
    assert (len(app.get(MAP)), NO_COUNTRY in said(app).replace("\\", "")) == (0, True)


def test_a_registered_cleaning_rule_is_a_step_with_a_switch(app: AppTest) -> None:
    with CLEANING.added(CAPITALS):
        uploaded(app, FILE, "pages/data.py")
        assert "Job title: written in capitals" in app.dataframe[2].value["title"].tolist()
        switch = next(one for one in app.toggle if one.label == "Write in capitals")
        settled(switch.set_value(False).run())
    assert app.session_state["loaded"].study.customers["job_title"].tolist() == ["teller", "Clerk", "CLERK"]
    assert "off = [" in app.session_state["loaded"].study.rules.to_toml()
