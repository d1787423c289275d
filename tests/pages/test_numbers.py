"""How numbers are written, and in which currency: the settings, and what follows them."""

import json
from typing import Any

import pytest
import streamlit as st
from streamlit.dataframe_util import convert_arrow_bytes_to_pandas_df
from streamlit.testing.v1 import AppTest

from pages.components import worker
from tests.pages.reading import metrics, on_tab, said, settled, started
from tests.pages.test_answers import pressed

GERMAN = "1.234.567,89"
BANK = b"customer_id,age,colour,balance\n" + b"".join(
    b"c%d,%d,red,%d\n" % (i, 20 + i % 50, 30_000 * (i + 1)) for i in range(80)
)


@pytest.fixture(autouse=True)
def _read_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are read in this process."""
    monkeypatch.setattr(worker.WORKERS, "call", lambda function, *arguments, **_: function(*arguments))
    st.cache_data.clear()
    st.cache_resource.clear()


def uploaded(at: AppTest, content: bytes = BANK) -> AppTest:
    at.file_uploader(key="uploads").upload("bank.csv", content)
    return settled(at.run())


def specs(at: AppTest) -> list[dict[str, Any]]:
    return [json.loads(chart.proto.spec) for chart in at.get("vega_lite_chart")]


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def test_the_style_changes_pages_charts_and_the_rules(app: AppTest) -> None:
    before = metrics(app)["Total customers"]
    assert "," in before
    assert not any("locale" in spec["config"] for spec in specs(app))
    settled(app.selectbox(key="numbers").set_value("de").run())
    assert metrics(app)["Total customers"] == before.replace(",", ".")
    assert {spec["config"]["locale"]["number"]["decimal"] for spec in specs(app)} == {","}
    settled(app.switch_page("pages/strategy.py").run())
    assert (plain(metrics(app)["Cost"]), plain(metrics(app)["Return on investment"])) == ("$8.316", "31 %")
    assert "Of 1.650 in the audience" in said(app)
    # the fragment of the simulation reruns alone
    settled(app.number_input(key="contact_cost Mass affluent").set_value(6.0).run())
    assert plain(metrics(app)["Cost"]) == "$9.504"
    settled(app.selectbox(key="numbers").set_value("auto").run())
    assert metrics(app)["Cost"] == "$9,504"


def test_a_link_carries_the_style() -> None:
    at = started(numbers=GERMAN)
    assert at.selectbox(key="numbers").value == "de"
    assert "." in metrics(at)["Total customers"]


@pytest.mark.parametrize(("numbers", "mark"), [("", ","), (GERMAN, ".")], ids=["English", "German"])
def test_the_numbers_of_a_table_are_in_the_style_and_stay_numbers(numbers: str, mark: str) -> None:
    at = started(**({"numbers": numbers} if numbers else {}))
    settled(at.switch_page("pages/strategy.py").run())
    on_tab(at, "Whom to fund first")
    settled(at.toggle(key="value_follows").set_value(True).run())
    table = next(one for one in at.dataframe if "funded" in one.value)
    assert table.value["cost"].dtype.kind == "f"
    shown = table.proto.arrow_data if hasattr(table.proto, "arrow_data") else table.proto
    texts = convert_arrow_bytes_to_pandas_df(shown.styler.display_values)
    cost = texts.iloc[:, table.value.columns.get_loc("cost")].tolist()
    assert cost == [f"{value:,.0f}".replace(",", mark) for value in table.value["cost"]]
    assert any(mark in text for text in cost)


def test_no_table_is_in_the_language_of_the_browser(app: AppTest) -> None:
    for page in ("overview", "profiles", "strategy", "data"):
        settled(app.switch_page(f"pages/{page}.py").run())
        assert [one.proto.columns for one in app.dataframe if "localized" in one.proto.columns] == []


def test_a_currency_is_chosen_on_the_data_page_and_taken_back(app: AppTest) -> None:
    uploaded(app)
    settled(app.switch_page("pages/data.py").run())
    assert app.selectbox(key="reading currency").options[:4] == ["Decide by the values", "None", "USD US$", "EUR €"]
    app.selectbox(key="reading currency").set_value("INR")
    settled(next(one for one in app.button if one.label == "Read again").click().run())
    assert app.session_state["loaded"].study.wealth.currency == "INR"
    assert "20,00,000 to below 2,00,00,000 INR" in said(app)
    settled(app.switch_page("pages/strategy.py").run())
    labels = [one.label for one in app.number_input]
    assert {"Contact cost (₹)", "Value (₹ a year)"} <= {*labels}
    settled(app.switch_page("pages/data.py").run())
    settled(next(one for one in app.button if one.label == "Take back how files are read").click().run())
    assert app.session_state["loaded"].study.wealth.currency == ""


def test_the_audience_of_a_scenario_is_kept_in_english(app: AppTest) -> None:
    uploaded(app)
    settled(app.selectbox(key="numbers").set_value("de").run())
    settled(app.switch_page("pages/strategy.py").run())
    on_tab(app, "Scenarios")
    settled(app.button(key="save_scenario").click().run())
    (kept,) = app.session_state["scenarios"]
    assert kept.audience == "Mass affluent (balance 1,710,000 to below 2,310,000); all segments"


def test_inputs_that_nobody_changed_start_anew_for_other_money(app: AppTest) -> None:
    settled(app.switch_page("pages/strategy.py").run())
    settled(app.number_input(key="contact_cost Mass affluent").set_value(7.0).run())
    uploaded(app, BANK.replace(b"balance", b"balance (INR)"))
    # 1 % of the average of 12,15,000, as a round factor of 400
    assert app.number_input(key="value Mass affluent").value == 8000
    assert app.number_input(key="contact_cost Mass affluent").value == 7.0
    assert app.number_input(key="value Mass affluent").step == 1000


def test_the_panel_changes_the_currency(app: AppTest) -> None:
    uploaded(app)
    pressed(app, "Change")
    assert app.selectbox(key="understood currency").options[0] == "Currency: decided none"
    settled(app.selectbox(key="understood currency").set_value("GBP").run())
    assert app.session_state["loaded"].study.rules.intake.currency == "GBP"
    assert app.session_state["loaded"].study.wealth.low == 100_000


def test_texts_that_are_cached_follow_the_style(app: AppTest) -> None:
    settled(app.switch_page("pages/profiles.py").run())
    texts = []
    for numbers in ("auto", "de"):
        settled(app.selectbox(key="numbers").set_value(numbers).run())
        table = next(one.value for one in app.table if "Value" in one.value)
        texts.append(" ".join(table["Value"]))
    assert plain(texts[1]).count(" %") == texts[0].count("%") > 0


def test_the_bound_in_force_is_short_enough_for_its_input_and_whole_in_its_help(app: AppTest) -> None:
    uploaded(app)
    bound = app.number_input(key="max_measure").proto
    assert (bound.placeholder, bound.help) == ("Auto: 2.3\N{NO-BREAK SPACE}m", "In force: 2,310,000")
