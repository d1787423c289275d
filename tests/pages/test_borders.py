"""Borders of the analyst's own territories, dropped with the customers."""

import json
from collections.abc import Callable

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from pages.components.clicks import CLICKS
from tests.own_borders import BORDERS_FILE, BRANCHES, borders, customers
from tests.pages.reading import said, settled, tables
from tests.pages.test_clicks import chips

MAP = "deck_gl_json_chart"
MATCHED = "understood borders"


def dropped(app: AppTest, page: str, areas: bytes, bank: bytes = customers()) -> AppTest:
    """The app with a bank's customers and borders in the box, on a page."""
    app.file_uploader(key="uploads").upload("bank.csv", bank).upload(BORDERS_FILE, areas)
    settled(app.run())
    return settled(app.switch_page(page).run())


def drawn(app: AppTest) -> set[str]:
    """The names on the map."""
    return {
        one["properties"]["title"]
        for element in app.get(MAP)
        for one in json.loads(element.proto.json)["layers"][0]["data"]["features"]
    }


def test_own_borders_beside_the_customers_are_the_map(app: AppTest) -> None:
    dropped(app, "pages/strategy.py", borders())
    assert drawn(app) == {*BRANCHES}
    assert "by branch" in said(app)


def test_the_data_page_lists_the_file_and_lets_the_analyst_change_what_is_matched(app: AppTest) -> None:
    second = borders(other=lambda number: BRANCHES[number % 6])
    dropped(app, "pages/data.py", second)
    (sources,) = [one.value for one in app.dataframe if "Used as" in one.value]
    assert sources[sources["Table"] == BORDERS_FILE]["Used as"].tolist() == ["borders"]
    assert "borders: areas.geojson, “branch” for “branch”, 6 of 6 values" in said(app).replace("\\", "")
    settled(app.button(key="understood change").click().run())
    box = app.selectbox(key=MATCHED)
    assert box.options[:4] == [
        "Decide by the file", "Do not draw them", "“branch” for “branch”: 6 of 6", "“other” for “branch”: 6 of 6",
    ]  # fmt: skip
    settled(box.select_index(3).run())
    assert "“other” for “branch”" in said(app).replace("\\", "")
    settled(app.selectbox(key=MATCHED).select_index(1).run())
    assert "not drawn, of areas.geojson" in said(app).replace("\\", "")
    settled(app.switch_page("pages/strategy.py").run())
    assert "North Harbour" not in drawn(app)


@pytest.mark.parametrize(
    ("areas", "sentence"),
    [
        (b'{"type": "FeatureCollection", "features": []}', "There is no territory in it."),
        (borders(("Central", "Docks")), "no borders are drawn"),
    ],
)
def test_borders_that_cannot_be_used_get_a_sentence(app: AppTest, areas: bytes, sentence: str) -> None:
    dropped(app, "pages/data.py", areas)
    assert sentence in said(app).replace("\\", "")


def click_on_map(app: AppTest, area: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run the app as if the browser reported a click on an area of its map."""

    def clicked(*_: object, key: str, on_select: Callable[[], None], **__: object) -> None:
        st.session_state[key] = {"selection": {"objects": {"states": [{"properties": {"state": area}}]}}}
        on_select()

    with monkeypatch.context() as patch:
        patch.setattr(st, "pydeck_chart", clicked)
        settled(app.run())
    settled(app.run())


def test_a_click_on_own_borders_filters_as_a_row_of_the_table_does(
    app: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    dropped(app, "pages/strategy.py", borders())
    click_on_map(app, "South Hills", monkeypatch)
    (click,) = app.session_state[CLICKS]
    assert click.where == {"branch": "South Hills"}
    assert [chip.lower() for chip in chips(app)] == ["branch: south hills"]
    assert tables(app)[0]["name"].tolist() == ["South Hills"]
