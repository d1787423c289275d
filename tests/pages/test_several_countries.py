"""Files of several countries, and of none that is decided: the drill, the question, and the select of the sidebar."""

import json

from streamlit.testing.v1 import AppTest

from core.rules import from_toml
from tests.pages.reading import settled, started, tables
from tests.pages.test_country import MAP
from tests.pages.test_upload import upload

STRATEGY = "pages/strategy.py"
PLACES = [("USA", "Texas"), ("Canada", "ON"), ("USA", "NY"), ("Canada", "Quebec"), ("USA", "CA"), ("Spain", "Madrid")]


def people(places: list[tuple[str, ...]], headers: str, rows: int = 120) -> bytes:
    cells = [(f"R{n:04}", *places[n % len(places)], 20 + n * 7 % 60, 900 + n * n * 37 % 91_111) for n in range(rows)]
    return "\n".join([f"Ref,{headers},Age,Balance", *(",".join(map(str, row)) for row in cells)]).encode()


TWO = people(PLACES, "Country,State/Prov")
TIED = people([("80331",), ("10115",), ("20095",), ("69117",)], "Postal code")


def drawn(app: AppTest) -> dict[str, str]:
    """The regions of the maps on the page that have customers, with their tooltips."""
    decks = [json.loads(element.proto.json) for element in app.get(MAP)]
    features = [
        one["properties"]
        for deck in decks
        for layer in deck["layers"]
        if "states" in layer["id"]
        for one in layer["data"]["features"]
    ]
    return {one["title"]: one["line"].partition("\n")[0] for one in features if one["line"][0].isdigit()}


def test_one_selected_country_is_drawn_in_place_of_the_world_and_the_world_comes_back(app: AppTest) -> None:
    settled(upload(app, two_csv=TWO).switch_page(STRATEGY).run())
    world = drawn(app)
    assert world == {"United States": "60 customers", "Canada": "40 customers", "Spain": "20 customers"}
    settled(app.multiselect(key="state").set_value(["Canada"]).run())
    assert drawn(app) == {"Ontario": "20 customers", "Quebec": "20 customers"}
    assert {*tables(app)[0].iloc[:, 0]} == {"Ontario", "Quebec"}
    settled(app.multiselect(key="state").set_value(["Canada", "Spain"]).run())
    assert set(drawn(app)) == {"Canada", "Spain"}
    settled(app.multiselect(key="state").set_value([]).run())
    assert drawn(app) == world


def test_a_click_on_a_country_draws_it_and_the_world_comes_back() -> None:
    at = started(click="map:United States")
    settled(upload(at, two_csv=TWO).switch_page(STRATEGY).run())
    assert drawn(at) == {"California": "20 customers", "New York": "20 customers", "Texas": "20 customers"}
    at.session_state["clicks"] = ()
    assert set(drawn(settled(at.run()))) == {"United States", "Canada", "Spain"}


def test_a_tie_is_asked_and_the_answer_goes_into_the_rules(app: AppTest) -> None:
    upload(app, tied_csv=TIED)
    radio = next(one for one in app.radio if str(one.key).startswith("answer intake.country"))
    assert "several countries\\: Germany, France, Mexico or another" in radio.label
    assert (radio.value, radio.options[-1]) == ("none", "Leave it open")
    settled(radio.set_value("DE").run())
    study = app.session_state["loaded"].study
    assert (study.country, study.questions) == ("DE", ())
    assert from_toml(study.rules.to_toml()).intake.country == "DE"


def test_the_sidebar_changes_the_country_and_undoes_it(app: AppTest) -> None:
    select = app.selectbox(key="sidebar country")
    assert (select.value, select.options[0]) == ("auto", "Decided: Australia")
    settled(select.set_value("DE").run())
    assert app.query_params["country"] in ("DE", ["DE"])
    assert not drawn(settled(app.switch_page(STRATEGY).run()))
    settled(app.selectbox(key="sidebar country").set_value("auto").run())
    assert "Victoria" in drawn(app)
    assert "country" not in app.query_params


def test_a_link_has_the_country_for_the_files_it_was_made_on() -> None:
    at = started(country="DE", data="files")
    upload(at, tied_csv=TIED)
    assert at.session_state["loaded"].study.country == "DE"
    assert at.selectbox(key="sidebar country").value == "DE"
    assert started(country="NZ").selectbox(key="sidebar country").value == "NZ"
    assert started(country="no such").selectbox(key="sidebar country").value == "auto"
