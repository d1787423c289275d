"""The card that compares those selected with all others: closed until it is asked for."""

import pytest
from streamlit.testing.v1 import AppTest

from pages.components import versus_rest
from tests.pages.reading import PAGES, said, settled

ALT = "Those selected beside all others"


def buttons(at: AppTest) -> list[str]:
    return [one.key for one in at.button if one.key == "compare_to_rest"]


def table(at: AppTest) -> list[list[str]]:
    found = [one.value for one in at.dataframe if one.proto.alt == ALT]
    return found[0].to_numpy().tolist() if found else []


def selected(at: AppTest) -> AppTest:
    at.multiselect(key="filtered segments").set_value(["1"])
    return settled(at.run())


@pytest.mark.parametrize("page", PAGES)
def test_those_selected_are_compared_on_each_page(app: AppTest, page: str) -> None:
    settled(app.switch_page(page).run())
    assert buttons(app) == [], "nobody is selected"
    selected(app)
    assert table(app) == []
    settled(app.button(key="compare_to_rest").click().run())
    assert "Those selected, and all others" in [one.value for one in app.subheader]
    assert " beside the " in said(app)
    rows = table(app)
    assert rows
    assert {row[-1] for row in rows} <= {"large", "medium", "small"}
    settled(app.toggle(key=versus_rest.ALL).set_value(True).run())
    assert len(table(app)) > len(rows)
    settled(app.button(key="compare_to_rest").click().run())
    assert table(app) == []


def test_nothing_is_compared_while_the_card_is_closed(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(versus_rest, "against_rest", lambda _: pytest.fail("The card is closed."))
    selected(app)


def test_small_groups_stay_hidden(app: AppTest) -> None:
    selected(app)
    settled(app.button(key="compare_to_rest").click().run())
    settled(app.toggle(key="hide").set_value(True).run())
    assert " beside the " in said(app)
