"""The strategy simulation's card: inputs in, figures out."""

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.reading import metrics, settled


@pytest.fixture
def strategy(app: AppTest) -> AppTest:
    return settled(app.switch_page("pages/strategy.py").run())


def figures(at: AppTest) -> dict[str, str]:
    names = ("Customers reached", "Incremental conversions", "Cost", "Net value", "Return on investment")
    return {name: metrics(at)[name] for name in names}


def test_the_default_campaign_speaks_to_the_mass_affluent(strategy: AppTest) -> None:
    # 1,650 × 80 % = 1,320 reached, × 2 points = 26.4 conversions, × $600 = $15,840, at 1,320 × $5 = $6,600.
    assert figures(strategy) == {
        "Customers reached": "1,320",
        "Incremental conversions": "26.4",
        "Cost": "$6,600",
        "Net value": "$9,240",
        "Return on investment": "140%",
    }


def test_without_uplift_the_net_value_is_the_cost_lost(strategy: AppTest) -> None:
    settled(strategy.number_input(key="campaign_uplift").set_value(0.0).run())
    assert figures(strategy)["Net value"] == "−$6,600"
    assert figures(strategy)["Return on investment"] == "−100%"


def test_the_audience_can_be_narrowed_to_segments(strategy: AppTest) -> None:
    settled(strategy.multiselect(key="audience_segments 6").select("1").run())
    assert figures(strategy)["Customers reached"] == "333"  # 80 % of 416
