"""The scenarios' card: save, compare, delete, load."""

import pytest
from streamlit.testing.v1 import AppTest

from core.strategy.audience import USUAL
from core.strategy.campaign import default_campaign
from core.strategy.scenario import Scenario, to_json
from tests.pages.reading import settled


def card() -> None:
    import streamlit as st

    from core.strategy.audience import USUAL
    from core.strategy.campaign import default_campaign
    from pages.components.scenarios import scenarios_card

    scenarios_card("Mass affluent", st.session_state.get("size", 1000), default_campaign(USUAL["Mass affluent"]))


@pytest.fixture
def at() -> AppTest:
    return settled(AppTest.from_function(card).run())


def names(at: AppTest) -> list[str]:
    return at.dataframe[0].value["name"].tolist() if at.dataframe else []


def test_scenarios_are_saved_compared_and_deleted(at: AppTest) -> None:
    at.text_input(key="scenario_name").set_value("Letters")
    settled(at.button(key="save_scenario").click().run())
    at.session_state["size"] = 2000
    settled(at.run())
    settled(at.button(key="save_scenario").click().run())
    assert names(at) == ["Letters", "Scenario 2"]
    assert at.dataframe[0].value["reached"].tolist() == pytest.approx([720, 1440])
    settled(at.button(key="delete_scenario").click().run())
    assert names(at) == ["Scenario 2"]
    settled(at.button(key="delete_scenario").click().run())
    assert names(at) == []


def test_a_file_of_scenarios_is_added_and_another_gets_a_sentence(at: AppTest) -> None:
    settled(at.button(key="save_scenario").click().run())
    one = Scenario("Calls", "High potential", 7, default_campaign(USUAL["High potential"]))
    settled(at.file_uploader[0].upload("scenarios.json", to_json([one])).run())
    assert names(at) == ["Scenario 1", "Calls"]
    settled(at.file_uploader[0].set_value([]).run())
    settled(at.file_uploader[0].upload("other.json", b"[1]").run())
    assert [error.value.replace("\\", "") for error in at.error] == [
        "other.json: This is not a file of scenarios: it is not a table of names and values but a list. "
        "Load one that was downloaded here."
    ]
    assert names(at) == ["Scenario 1", "Calls"]


def test_two_scenarios_stand_beside_each_other_with_the_interval_of_their_difference(at: AppTest) -> None:
    settled(at.button(key="save_scenario").click().run())
    assert len(at.dataframe) == 1, "one alone is compared with nothing"
    at.session_state["size"] = 2000
    settled(at.run())
    settled(at.button(key="save_scenario").click().run())
    assert any(one.value.startswith("Scenario 2 brings ") for one in at.markdown)
    table = at.dataframe[1].value
    assert table["figure"].tolist()[0] == "Customers reached"
    assert table.iloc[0].tolist()[1:4] == ["720", "1,440", "720"]
    boxes = {one.label: one for one in at.selectbox}
    settled(boxes["Compare"].set_value("Scenario 2").run())
    assert any(one.value.startswith("Scenario 1 brings ") for one in at.markdown)
