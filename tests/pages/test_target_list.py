"""The dialog that exports the audience, on every page that has one."""

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.reading import PAGES, said, settled


def opened(at: AppTest, key: str = "export") -> AppTest:
    """The page with the dialog: the test runner draws a dialog in a run that its button was clicked in."""
    return settled(at.button(key=key).click().run())


def listed(at: AppTest):
    return next(element.value for element in at.dataframe if element.proto.alt == "The first customers of the list")


def of_list(at: AppTest, kind: str, name: str, prefix: str = "list"):
    return next(one for one in getattr(at, kind) if (one.key or "").startswith(prefix) and one.key.endswith(f" {name}"))


@pytest.mark.parametrize("page", PAGES)
def test_each_page_exports_those_that_filters_let_through(app: AppTest, page: str) -> None:
    at = opened(settled(app.switch_page(page).run()))
    assert "Everybody. The first 50 of 3,996 by property valuation to contact" in said(at).replace("\\", "")
    assert len(listed(at)) == 10
    assert [*listed(at)][:2] == ["customer_id", "Rank"]
    assert [button.label for button in at.get("download_button") if button.key == "download_list"] == [
        "Download the list"
    ]


def test_choices_change_the_list_and_stay(app: AppTest) -> None:
    at = opened(app)
    of_list(at, "number_input", "top").set_value(30)
    of_list(at, "multiselect", "columns").set_value(["Segment", "age"])
    of_list(at, "text_input", "where").set_value("segment = 2 and age < 30")
    of_list(at, "segmented_control", "control").set_value("None")
    at = opened(at)
    text = said(at).replace("\\", "")
    assert "Everybody; where segment = 2 and age < 30. The first 30 of " in text
    assert "Without a control group nobody can say what the campaign brought." in text
    assert [*listed(at)] == ["customer_id", "Rank", "property_valuation", "Segment", "age"]
    settled(at.run())
    assert not [one for one in at.number_input if (one.key or "").startswith("list")], "it is closed"
    assert "The first 30 of " in said(opened(at)).replace("\\", "")
    assert not [name for name in at.query_params if "list" in name]


def test_what_cannot_be_is_said_in_the_dialog(app: AppTest) -> None:
    at = opened(app)
    of_list(at, "text_input", "where").set_value("sgment = 2")
    at = opened(at)
    (warning,) = [one.value for one in at.warning if "sgment" in one.value]
    assert "Did you mean segment" in warning
    assert "    ^" in warning, "it points at the place"
    assert not [one for one in at.get("download_button") if one.key == "download_list"]


def test_a_formula_that_is_not_written_ranks_nothing(app: AppTest) -> None:
    at = opened(app)
    of_list(at, "selectbox", "by").set_value("")
    at = opened(at)
    assert "The formula that ranks is empty." in said_warnings(at)
    assert not [one for one in at.get("download_button") if one.key == "download_list"]
    of_list(at, "text_input", "formula").set_value("-age")
    assert "The first 50 of 3,996 by -age to contact" in said(opened(at)).replace("\\", "")


def test_the_columns_to_pick_are_written_without_marks_of_markdown(app: AppTest) -> None:
    options = of_list(opened(app), "multiselect", "columns").options
    assert "Second-best segment" in options
    assert not [option for option in options if "\\" in option]


def test_an_uplift_is_wished_for_and_a_budget_pays(app: AppTest) -> None:
    at = opened(app)
    of_list(at, "segmented_control", "control").set_value("To show an uplift")
    at = opened(at)
    assert "Contacting 50 is too few to show an uplift of 2.0 points" in said_warnings(at)
    of_list(at, "number_input", "uplift").set_value(30.0)
    of_list(at, "segmented_control", "how").set_value("As a budget pays")
    at = opened(at)
    assert "The first 200 of 3,996" in said(at).replace("\\", ""), "1,000 at 5 each"


def said_warnings(at: AppTest) -> str:
    return " ".join(one.value for one in at.warning).replace("\\", "")


def test_the_simulation_exports_its_audience(app: AppTest) -> None:
    at = opened(settled(app.switch_page("pages/strategy.py").run()), "export campaign")
    text = said(at).replace("\\", "")
    assert "Mass affluent (property valuation from 9); all segments. The first " in text
    assert "of 1,650 by property valuation to contact" in text
    assert (listed(at)["Is_Mass_Affluent_Custom"] == "Yes").all()


@pytest.mark.parametrize("page", PAGES)
def test_no_list_while_small_groups_are_hidden(app: AppTest, page: str) -> None:
    settled(app.toggle(key="hide").set_value(True).run())
    at = settled(app.switch_page(page).run())
    buttons = [one for one in at.button if (one.key or "").startswith("export")]
    assert buttons
    assert all(one.disabled and "each row of it is one person" in one.help for one in buttons)


def test_a_segments_name_is_offered_as_it_is_written(app: AppTest) -> None:
    at = settled(app.switch_page("pages/profiles.py").run())
    field = next(one for one in at.text_input if (one.key or "").startswith("name 1 "))
    at = settled(field.set_value("Long-term *savers*").run())
    assert at.multiselect(key="filtered segments").options[0] == "1 Long-term *savers*"
    at = settled(at.switch_page("pages/strategy.py").run())
    assert next(one for one in at.multiselect if one.label == "In segments").options[0] == "1 Long-term *savers*"
