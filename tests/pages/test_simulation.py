"""The strategy simulation's section: inputs in, figures out."""

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.reading import charts, metrics, on_tab, opened, said, settled, started


@pytest.fixture
def strategy(app: AppTest) -> AppTest:
    return settled(app.switch_page("pages/strategy.py").run())


def figures(at: AppTest) -> dict[str, str]:
    names = ("Customers reached", "Incremental conversions", "Cost", "Net value", "Return on investment")
    return {name: metrics(at)[name] for name in names}


def frame_with(at: AppTest, column: str) -> pd.DataFrame:
    return next(element.value for element in at.dataframe if column in element.value)


def test_the_default_campaign_speaks_to_the_mass_affluent_and_follows_its_inputs(strategy: AppTest) -> None:
    # 1,650 × 80 % × 90 % = 1,188 reached at $5 + 4 % × $50 = $7; × 2 points = 23.8 conversions, each worth
    # $400 ÷ 12 × 50 % × 27.52 (36 months at 8 % a year, of whom 10 % a year leave) = $459.
    assert figures(strategy) == {
        "Customers reached": "1,188",
        "Incremental conversions": "23.8",
        "Cost": "$8,316",
        "Net value": "$2,581",
        "Return on investment": "31%",
    }
    labels = {one.key.split()[0]: one.label for one in strategy.number_input if one.key}
    assert [labels[name] for name in ("contact_cost", "value", "budget")] == [
        "Contact cost ($)", "Value ($ a year)", "Budget ($)",
    ]  # fmt: skip
    interval = next(metric.delta for metric in strategy.metric if metric.label == "Net value")
    low, high = (int(end.replace("$", "").replace(",", "").replace("−", "-")) for end in interval.split(" to "))
    assert low < 0 < 2581 < high, "an uplift may be nothing"
    settled(strategy.number_input(key="uplift Mass affluent").set_value(0.0).run())
    assert figures(strategy)["Net value"] == "−$7,128"  # 1,188 × $6, as only the baseline is paid for
    opened(strategy, "more_inputs")
    settled(strategy.number_input(key="uplift low Mass affluent").set_value(1.0).run())
    assert [error.value for error in strategy.error] == [
        "Uplift (points): the range low 1, likely 0, high 0 is upside down. Give low ≤ likely ≤ high."
    ]
    settled(strategy.number_input(key="value low Mass affluent").set_value(500.0).run())
    settled(strategy.number_input(key="uplift low Mass affluent").set_value(None).run())
    assert [error.value for error in strategy.error] == [
        "Value ($ a year): the range low 500, likely 400, high 500 is upside down. Give low ≤ likely ≤ high."
    ]


def test_the_audience_follows_segments_and_the_tried_definition(strategy: AppTest) -> None:
    settled(strategy.slider(key="tried_valuation 9").set_value(1).run())
    assert "mass affluent against 1,650 today. Comes in: " in said(strategy)
    assert "goes out: nobody" in said(strategy)
    settled(strategy.slider(key="tried_valuation 9").set_value(9).run())
    settled(strategy.multiselect(key="audience_segments 6").select("1").run())
    assert figures(strategy)["Customers reached"] == "300"  # 72 % of 416
    settled(strategy.button_group(key="audience").set_value("Everybody").run())
    assert metrics(strategy)["Break-even conversion"] != "3.2%", "each group has a campaign of its own"


def test_inputs_of_the_closed_section_count_as_they_were_left(strategy: AppTest) -> None:
    assert "margin Mass affluent" not in [one.key for one in strategy.number_input]
    opened(strategy, "more_inputs")
    settled(strategy.number_input(key="margin Mass affluent").set_value(40.0).run())
    lower = figures(strategy)["Net value"]
    assert lower == "$402"  # 23.8 conversions are worth four fifths of $459 each
    strategy.session_state["more_inputs"] = False
    settled(strategy.run())
    assert figures(strategy)["Net value"] == lower
    settled(strategy.switch_page("pages/overview.py").run())
    settled(strategy.switch_page("pages/strategy.py").run())
    assert figures(strategy)["Net value"] == lower
    assert strategy.number_input(key="margin Mass affluent").value == 40, "an address forgets what is not drawn"


def test_a_link_carries_the_inputs_and_what_is_no_input_is_dropped() -> None:
    address = {"audience": "Everybody", "control Everybody": "20", "uplift Everybody": "1"}
    address |= {"audience_segments 6": "1 Older · long tenure"}
    strategy = settled(started(**address).switch_page("pages/strategy.py").run())
    assert strategy.number_input(key="uplift Everybody").value == 1
    assert figures(strategy)["Customers reached"] == "415"  # 64 % of 648
    for wrong in ("nan", "-1", "1e999", "", "Nobody"):
        strategy = settled(started(**dict.fromkeys(address, wrong)).switch_page("pages/strategy.py").run())
        assert figures(strategy)["Net value"] == "$2,581"


def test_a_budget_is_spent_on_the_best_audiences(strategy: AppTest) -> None:
    on_tab(strategy, "Whom to fund first")
    settled(strategy.toggle(key="value_follows").set_value(True).run())
    plan = frame_with(strategy, "funded")
    assert plan["per_cost"].nunique() > 3
    assert plan["cost"].sum() == pytest.approx(5000, abs=3)
    assert plan["customers"].sum() == 3996, "every customer is in one pool"
    assert (
        "All inputs still have the made-up values that they start from: only what a conversion is worth by segment is "
        "from the data."
    ) in said(strategy)
    settled(strategy.number_input(key="budget_for_all").set_value(0.0).run())
    assert frame_with(strategy, "funded")["cost"].sum() == 0


def test_no_segment_comes_first_while_the_inputs_are_the_same_in_all(strategy: AppTest) -> None:
    on_tab(strategy, "Whom to fund first")
    assert not [frame for frame in strategy.dataframe if "funded" in frame.value], "an order of invented values"
    assert (
        "All inputs still have the made-up values that they start from, and the inputs are the same in every segment, "
        "so no segment comes before another. Put in your own above or by segment, or let the value follow the "
        "customers."
    ) in said(strategy)
    settled(strategy.number_input(key="value Mass affluent").set_value(900.0).run())
    plan = frame_with(strategy, "funded")
    assert plan["Segment"].tolist() == ["All segments"] * 3
    assert plan["customers"].sum() == 3996
    assert "The inputs are the same in every segment, so no segment comes before another" in said(strategy)


def test_inputs_by_segment_set_an_order_with_its_interval(strategy: AppTest) -> None:
    on_tab(strategy, "Whom to fund first")
    opened(strategy, "by_segment")
    given = frame_with(strategy, "contact_cost")
    assert given["uplift"].tolist() == [2.0] * len(given), "the same in all segments until it is changed"
    key = segments_key(strategy)
    strategy.session_state["inputs by segment"] = {key: {"Mass affluent": {"3": {"uplift": 0.05}}}}
    opened(strategy, "by_segment")
    assert frame_with(strategy, "contact_cost")["uplift"].tolist()[2] == 5.0
    plan = frame_with(strategy, "funded")
    assert plan.loc[0, ["Group", "funded"]].tolist() == ["Mass affluent", 1]
    assert plan.loc[0, "Segment"].startswith("3")
    assert (plan["net_low"] <= plan["net_value"]).all()
    assert plan["first"].sum() == pytest.approx(1, abs=0.1)
    assert "Fund the mass affluent of segment 3 first" in said(strategy)
    assert "of 10,000 draws" in said(strategy)


def segments_key(at: AppTest) -> str:
    """What identifies the segments on the screen, which stands in the key of the box with a segment's name."""
    profiles = settled(at.switch_page("pages/profiles.py").run())
    key = next(one.key for one in profiles.text_input if one.key and one.key.startswith("name 1 "))
    on_tab(settled(at.switch_page("pages/strategy.py").run()), "Whom to fund first")
    return str(key).split()[2]


def _edit_a_cell() -> None:
    import streamlit as st

    from core.strategy.audience import USUAL
    from core.strategy.campaign import default_campaign
    from pages.components import segment_inputs

    campaign = default_campaign(USUAL["Mass affluent"])
    for value in (4.0, None) if st.session_state.get("again") else (4.0,):
        st.session_state["editor"] = {"edited_rows": {1: {"uplift": value}}}
        segment_inputs._edit("editor", "segments", "Mass affluent", campaign, ["1", "2"])


def test_a_cell_that_is_changed_is_kept_and_one_that_is_emptied_follows_the_others() -> None:
    at = AppTest.from_function(_edit_a_cell).run()
    assert at.session_state["inputs by segment"] == {"segments": {"Mass affluent": {"2": {"uplift": 0.04}}}}
    at.session_state["again"] = True
    assert at.run().session_state["inputs by segment"] == {"segments": {"Mass affluent": {}}}


def test_a_link_carries_inputs_of_a_tab_that_is_closed() -> None:
    address = {"budget_for_all": "1234", "value_follows": "true"}
    strategy = settled(started(**address).switch_page("pages/strategy.py").run())
    for tab in ("Whom to fund first", "Scenarios"):
        on_tab(strategy, tab)
        assert {name: strategy.query_params.get(name) for name in address} == address
    assert not [frame for frame in strategy.dataframe if "funded" in frame.value], "only the open tab is drawn"


def test_a_name_that_was_typed_stays_while_its_tab_is_closed(strategy: AppTest) -> None:
    settled(on_tab(strategy, "Scenarios").text_input(key="scenario_name").set_value("Mine").run())
    on_tab(on_tab(strategy, "Fair targeting"), "Scenarios")
    assert strategy.text_input(key="scenario_name").value == "Mine"


def test_a_scenario_says_which_filters_and_clicked_marks_it_was_under() -> None:
    strategy = settled(started(state=["NSW", "VIC"], click="states:VIC").switch_page("pages/strategy.py").run())
    settled(on_tab(strategy, "Scenarios").button(key="save_scenario").click().run())
    assert frame_with(strategy, "net_low")["audience"].tolist() == [
        "Mass affluent (property valuation from 9); all segments; filtered by State: New South Wales, State: Victoria"
    ]


@pytest.mark.parametrize("key", ["min_valuation", "below_age"])
def test_an_infinite_number_in_the_address_is_dropped(key: str) -> None:
    assert metrics(started(**{key: "-1e999", "state": "NSW"}))["Total customers"] == "1,282"


def test_fair_targeting_warns_whatever_tab_is_open_and_is_drawn_on_its_own(strategy: AppTest) -> None:
    settled(strategy.button_group(key="audience").set_value("High potential").run())
    assert [one.value for one in strategy.warning if "Age decides directly" in one.value]
    before = len(charts(strategy))
    on_tab(strategy, "Fair targeting")
    assert "A report, not a legal verdict" in said(strategy)
    assert len(charts(strategy)) == before + 1, "two in place of the tornado"
