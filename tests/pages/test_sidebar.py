"""The sidebar steers every page: clusters, filters, features, rules."""

from datetime import date

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import ButtonGroup

from core.schema import AGE_GROUP, MASS_AFFLUENT
from tests.pages.reading import PAGES, charts, metrics, said, settled, started


def pills(at: AppTest, key: str) -> ButtonGroup:
    return next(group for group in at.get("button_group") if group.key == key)


def sizes(at: AppTest) -> dict[str, int]:
    """Customers per segment on the overview's pie."""
    return {row["segment"]: row["customers"] for row in charts(at)[0]}


@pytest.mark.parametrize("k", [2, 7, 12])
def test_the_slider_sets_the_number_of_segments(app: AppTest, k: int) -> None:
    settled(app.slider(key="k").set_value(k).run())
    segments = set(sizes(app)) - {"Not clustered"}
    assert [name.split()[0] for name in sizes(app) if name != "Not clustered"] == [str(n) for n in range(1, k + 1)]
    assert len(segments) == k
    assert sum(sizes(app).values()) == 3996
    assert f"{k} segments: what sets each apart" in [one.value for one in app.header]


def test_the_buttons_beside_the_slider_step_by_one_and_stop_at_its_ends() -> None:
    at = started(k="11")
    settled(at.button(key="k +").click().run())
    assert at.slider(key="k").value == 12
    assert at.button(key="k +").disabled
    settled(at.button(key="k −").click().run())
    assert at.slider(key="k").value == 11
    at = started(k="1")
    assert at.button(key="k −").disabled
    assert "1 segment: what sets each apart" in [one.value for one in at.header]
    assert "one segment has no other to stand apart from" in said(at)


@pytest.mark.parametrize(("asked", "k", "most"), [("12", 12, 12), ("20", 20, 30), ("31", 5, 12), ("x", 5, 12)])
def test_a_link_with_more_segments_than_usual_gives_the_slider_a_longer_range(asked: str, k: int, most: int) -> None:
    at = started(k=asked)
    assert (at.slider(key="k").value, at.slider(key="k").max) == (k, most)
    if k == 20:
        settled(at.slider(key="k").set_value(11).run())
        assert (at.slider(key="k").value, at.slider(key="k").max) == (11, 30), "it does not jump under the thumb"


def test_filters_filter_what_is_shown_and_never_reshuffle_the_segments(app: AppTest) -> None:
    before = sizes(app)
    halves = []
    for answer in ("Yes", "No", "Unknown"):
        pills(app, MASS_AFFLUENT).set_value([answer])
        settled(app.run())
        halves.append(sizes(app))
    assert {name: sum(half.get(name, 0) for half in halves) for name in before} == before


def test_filters_narrow_each_other(app: AppTest) -> None:
    settled(app.multiselect(key="state").select("NSW").run())
    nsw = int(metrics(app)["Total customers"].replace(",", ""))
    settled(app.multiselect(key="job_industry").select("Health").run())
    both = int(metrics(app)["Total customers"].replace(",", ""))
    assert 0 < both < nsw < 3996


def test_filters_and_k_keep_their_choice_between_pages(app: AppTest) -> None:
    app.multiselect(key="state").select("TAS")
    app.slider(key="k").set_value(3)
    settled(app.run())
    for page in (*PAGES[1:], PAGES[0]):
        settled(app.switch_page(page).run())
        assert app.multiselect(key="state").value == ["TAS"]
        assert app.slider(key="k").value == 3
        chips = [button.label for button in app.button if "chip" in (button.key or "")]
        assert [chip.replace("\\", "") for chip in chips] == ["State: Tasmania"]


def test_a_chip_removes_its_filter_and_reset_removes_all(app: AppTest) -> None:
    app.multiselect(key="state").select("TAS").select("NT")
    settled(app.run())
    settled(app.button(key="chip state NT").click().run())
    assert app.multiselect(key="state").value == ["TAS"]
    settled(app.button(key="reset").click().run())
    assert app.multiselect(key="state").value == []
    assert metrics(app)["Total customers"] == "3,996"


def test_a_selection_with_no_customers_gets_a_sentence_on_every_page(app: AppTest) -> None:
    app.multiselect(key="state").select("NT")
    app.multiselect(key="job_industry").select("Agriculture")
    pills(app, AGE_GROUP).set_value(["65+"])
    for page in PAGES:
        settled(app.switch_page(page).run())
        assert "No customer passes all filters" in said(app)
        assert charts(app) == []


def test_the_address_sets_filters_and_k() -> None:
    at = started(k="3", state="TAS")
    assert at.slider(key="k").value == 3
    assert at.multiselect(key="state").value == ["TAS"]
    assert len(set(sizes(at)) - {"Not clustered"}) == 3


def test_a_value_in_the_address_that_the_data_lacks_filters_nothing() -> None:
    at = started(state="Atlantis")
    assert metrics(at)["Total customers"] == "3,996"


def test_a_rule_changes_the_flag_and_not_the_segments(app: AppTest) -> None:
    before = sizes(app)
    settled(app.number_input(key="min_valuation").set_value(12).run())
    assert sizes(app) == before
    assert metrics(app)["Total mass affluent"] == "998"
    assert "property valuation of 12 or more" in said(app).replace("\\", "")


def test_features_decide_who_is_clustered(app: AppTest) -> None:
    settled(app.multiselect(key="features").select("purchases").run())
    assert metrics(app)["Not clustered"] == "0"
    assert "not clustered:" not in said(app)


def test_an_earlier_day_makes_everybody_younger(app: AppTest) -> None:
    before = int(metrics(app)["High potential"].replace(",", ""))
    settled(app.date_input(key="as_of").set_value(date(2010, 1, 1)).run())
    assert int(metrics(app)["High potential"].replace(",", "")) > before


def test_values_of_a_link_are_bounded_in_number_and_length() -> None:
    at = started(state=["x" * 201, *(f"place {i}" for i in range(300))])
    assert at.session_state["waiting"]["state"] == [f"place {i}" for i in range(200)]
