"""Visuals that are tables, on the strategy page: of customers, of an opened result, with small groups hidden."""

import json

import pytest
from streamlit.testing.v1 import AppTest

from core.cubes.file import NAME
from core.results import FILES
from core.visuals.clicks import Click
from pages.components.clicks import CLICKS, _selected_in_table
from tests.core.test_ranking import bank
from tests.core.test_visuals import analysis
from tests.pages.reading import said, settled, started, tables
from tests.pages.test_upload import upload

ROWS = "regions rows"


@pytest.fixture
def strategy() -> AppTest:
    return settled(upload(started(k="2"), bank_csv=bank()).switch_page("pages/strategy.py").run())


def names(at: AppTest) -> list[list[str]]:
    return [table["name"].tolist() for table in tables(at)]


def test_regions_and_postcodes_stand_in_tables(strategy: AppTest) -> None:
    regions, postcodes = tables(strategy)
    assert regions["name"].tolist() == ["New South Wales", "Victoria", "Queensland", "Northern Territory"]
    assert regions["customers"].sum() == 600
    assert set(postcodes["name"]) == {"2000", "2001", "3000", "3004", "3009", "4000", "0800"}
    buttons = [button.label for button in strategy.get("download_button")]
    assert [label for label in buttons if "as CSV" in label] == ["Table as CSV"] * 2


def test_a_phone_shows_the_share_after_the_name_and_all_figures_fit_beside_the_map(strategy: AppTest) -> None:
    regions, postcodes = (element.proto for element in strategy.dataframe)
    figures = ["share", "customers", "affluent", "mean"]
    assert [*regions.column_order] == ["name", *figures]
    assert [*postcodes.column_order] == ["name", *figures, "region"], "what is cut off is words"
    for table, box in ((regions, 34), (postcodes, 0)):
        config = json.loads(table.columns)
        assert sum(config[name]["width"] for name in ["name", *figures]) + box <= 538, "wide is the card at 1400 pixels"


def test_a_clicked_region_is_selected_in_its_table_and_narrows_the_postcodes(strategy: AppTest) -> None:
    strategy.session_state[CLICKS] = (Click("regions", ("VIC",)),)
    settled(strategy.run())
    assert strategy.session_state[ROWS]["selection"]["rows"] == [1]
    regions, postcodes = names(strategy)
    assert len(regions) == 4, "the table is not filtered by its own clicks"
    assert set(postcodes) == {"3000", "3004", "3009"}
    assert "Highest share of mass affluent by postcode in Victoria" in said(strategy)
    [chip] = [button for button in strategy.button if "chip" in (button.key or "")]
    settled(chip.click().run())
    assert strategy.session_state[ROWS]["selection"]["rows"] == []


def test_a_click_on_the_map_filters_the_table(strategy: AppTest) -> None:
    strategy.session_state[CLICKS] = (Click("map", ("QLD",)),)
    settled(strategy.run())
    assert names(strategy) == [["Queensland"], ["4000"]]


def selecting(rows: list[int]) -> list[str]:
    """The clicks after rows are selected, of which the second is no place, where two were clicked before."""

    def script() -> None:
        import streamlit as st

        from core.visuals.clicks import Click
        from pages.components.clicks import CLICKS, _selected_in_table

        st.session_state[CLICKS] = (Click("map", ("SA",)), Click("regions", ("VIC",)), Click("regions", ("TAS",)))
        st.session_state["regions rows"] = {"selection": {"rows": st.session_state["picked"]}}
        _selected_in_table("regions rows", "regions", [("NSW",), (), ("VIC",)], "")

    at = AppTest.from_function(script)
    at.session_state["picked"] = rows
    return [click.text for click in settled(at.run()).session_state[CLICKS]]


def test_selected_rows_are_the_clicks_on_the_table_and_those_it_does_not_show_stay() -> None:
    assert _selected_in_table.__doc__
    assert selecting([0, 1]) == ["map:SA", "regions:TAS", "regions:NSW"]
    assert selecting([0, 2]) == ["map:SA", "regions:TAS", "regions:NSW", "regions:VIC"]
    assert selecting([]) == ["map:SA", "regions:TAS"]


def test_an_opened_result_has_the_tables_and_small_groups_go_from_both(strategy: AppTest) -> None:
    at = started()
    at.file_uploader(key="result").upload(NAME, FILES[NAME].make(analysis(bank())))
    settled(settled(at.run()).switch_page("pages/strategy.py").run())
    for one, other in zip(tables(at), tables(strategy), strict=True):
        assert one.equals(other)
    for one in (at, strategy):
        settled(one.toggle(key="hide").set_value(True).run())
        assert [sorted(found) for found in names(one)] == [["New South Wales", "Victoria"], ["2000", "2001", "3004"]]
