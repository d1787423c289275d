"""Clicked marks, as a link carries them, filter all visuals but their own; the browser tests click for real."""

import json

from streamlit.testing.v1 import AppTest

from tests.pages.reading import charts, metrics, said, settled, started
from tests.pages.test_upload import SMALL, upload


def chips(at: AppTest) -> list[str]:
    return [button.label.replace("\\", "") for button in at.button if "chip" in (button.key or "")]


def customers(rows: list[dict]) -> int:
    return sum(row["customers"] for row in rows)


def test_a_clicked_slice_filters_everything_but_its_pie() -> None:
    at = started(click="pie:1")
    pie, valuation, purchases = charts(at)
    assert customers(pie) == 3996
    for bars in (valuation, purchases):  # the others stand pale behind, without a mean of their own
        assert [row["segment"][0] for row in bars if row["text"]] == ["1"]
        assert [row["segment"][0] for row in bars if row["all"]] == ["1", "2", "3", "4", "5", "N"]
    assert metrics(at)["Total customers"] == f"{pie[0]['customers']:,}"
    assert chips(at) == ["Segment: 1"]


def test_clicks_and_filters_narrow_each_other_on_every_page_and_one_button_removes_both() -> None:
    at = started(click="jobs:1:Health", state="NSW")
    narrowed = int(metrics(at)["Total customers"])
    assert chips(at) == ["State: New South Wales", "Segment: 1, Job industry: Health"]
    whole = "Of all customers, whatever the filters: 84 of 3,996 customers are not clustered"
    assert whole in said(at).replace("\\", "")
    settled(at.switch_page("pages/demographics.py").run())
    ages, jobs, cars = charts(at)
    assert customers(ages) == customers(cars) == narrowed < customers(jobs)
    settled(at.button(key="reset").click().run())
    assert chips(at) == []
    assert "whatever the filters" not in said(at)
    assert customers(charts(at)[2]) == 3996
    assert "click" not in at.query_params


def test_the_filters_of_segments_and_cars_filter_everything_without_a_mouse() -> None:
    at = started(owns_car="Yes")
    assert at.button_group(key="owns_car").options == ["Yes", "No", "Unknown"]
    drivers = int(metrics(at)["Total customers"].replace(",", ""))
    settled(at.multiselect(key="filtered segments").select("1").select("2").run())
    assert chips(at) == ["Car ownership: Yes", "Segment: 1", "Segment: 2"]
    pie = charts(at)[0]
    assert [row["segment"][0] for row in pie] == ["1", "2"]
    assert f"{customers(pie):,}" == metrics(at)["Total customers"]
    assert customers(pie) < drivers
    assert at.query_params["click"] == ["segment:1", "segment:2"]
    settled(at.button(key="chip Segment: 1").click().run())
    assert at.multiselect(key="filtered segments").value == ["2"]
    settled(at.slider(key="k").set_value(6).run())
    assert at.multiselect(key="filtered segments").value == [], "segment 2 of other segments is another one"
    settled(at.multiselect(key="filtered segments").select("6").run())
    settled(at.button(key="reset").click().run())
    assert (chips(at), at.multiselect(key="filtered segments").value) == ([], [])


def test_a_chip_removes_its_click_alone() -> None:
    at = started(click=["pie:1", "pie:2", "value:2"])
    assert chips(at) == ["Segment: 1", "Segment: 2"]
    settled(at.button(key="chip Segment: 1").click().run())
    assert chips(at) == ["Segment: 2"]
    assert at.query_params["click"] == ["pie:2", "value:2"]


def test_nobody_left_is_said_and_the_chips_stay() -> None:
    at = started(click=["map:NSW", "states:VIC"])
    assert "No customer passes all filters" in said(at)
    settled(at.button(key="chip Region: NSW").click().run())
    assert int(metrics(at)["Total customers"].replace(",", "")) > 0


def test_a_clicked_segment_goes_when_the_segments_change_and_a_clicked_state_stays() -> None:
    at = started(click=["pie:2", "map:NSW"])
    assert chips(at) == ["Segment: 2", "State: New South Wales"]
    settled(at.slider(key="k").set_value(6).run())
    assert chips(at) == ["State: New South Wales"]
    settled(at.slider(key="k").set_value(5).run())
    assert chips(at) == ["State: New South Wales"]


def test_a_link_to_a_segment_of_other_data_waits_for_them() -> None:
    at = started(click="pie:2", segments="00000000")
    assert chips(at) == ["Segment: 2 (not in these data)"]
    assert metrics(at)["Total customers"] == "3,996"


def test_what_the_data_lacks_is_shown_and_waits_for_the_file_that_has_it() -> None:
    at = started(state=["Atlantis", "TAS"], click="map:Mu", segments="00000000")
    assert chips(at) == ["State: Tasmania", "State: Mu (not in these data)", "State: Atlantis (not in these data)"]
    header, *rows = SMALL.splitlines()
    upload(at, atlantis_csv=b"\n".join([header + b",state", *(row + b",Atlantis" for row in rows)]))
    assert "State: Atlantis" in chips(at)
    assert metrics(at)["Total customers"] == "40"
    assert at.multiselect(key="state").value == ["Atlantis"]


def test_the_link_carries_what_the_address_bar_leaves_out() -> None:
    at = started(state="Atlantis", click="pie:1")
    [button] = at.get("bidi_component")
    assert json.loads(button.proto.json) == {"as_of": ["2026-01-01"], "state": ["Atlantis"], "step": []}
