"""The page that reads a campaign back."""

import json

import pytest
from streamlit.testing.v1 import AppTest

from pages.components.session_cache import OUTCOMES, is_own
from tests.pages.reading import charts, metrics, said, settled, started

PAGE = "pages/campaign_results.py"
RATES = {("1", "Contact"): 10, ("1", "Control"): 20, ("2", "Contact"): 4, ("2", "Control"): 20}  # one in so many


def customers() -> list[tuple[str, str, str]]:
    cells = [(segment, arm) for segment in "12" for arm in ("Contact", "Contact", "Control")]
    return [(f"{at:04}", *cells[at % len(cells)]) for at in range(1800)]


ASSIGNMENT = "customer_id,Segment,Arm\n" + "".join(f"{one},{segment},{arm}\n" for one, segment, arm in customers())
OUTCOMES_CSV = "customer_id,converted\n" + "".join(
    f"{one},{'yes' if (at // 6) % RATES[segment, arm] == 0 else 'no'}\n"
    for at, (one, segment, arm) in enumerate(customers())
)


@pytest.fixture
def page(app: AppTest) -> AppTest:
    return settled(app.switch_page(PAGE).run())


def drop(at: AppTest, **files: str) -> AppTest:
    for name, content in files.items():
        key = next(one.key for one in at.file_uploader if one.key.startswith("outcomes"))
        at.file_uploader(key=key).upload(name.replace("_csv", ".csv"), content.encode())
    return settled(at.run())


def plain(at: AppTest) -> str:
    return said(at).replace("\\", "") + "".join(one.value for one in at.warning).replace("\\", "")


def test_outcomes_beside_their_assignment(page: AppTest) -> None:
    drop(page, outcomes_csv=OUTCOMES_CSV, assignment_csv=ASSIGNMENT)
    assert metrics(page)["Uplift"] == "12.5 points"
    assert "Contacting brought 12.5 points more conversions" in plain(page)
    assert "segment 2 gained most" in plain(page)
    bars, curve = charts(page)
    names = [row["name"] for row in bars if row.get("name")]
    assert names[0] == "All customers"
    assert [row["label"] for row in bars if row.get("name")] == ["12.5", "5.0", "20.0"], "intervals are drawn"
    assert [name[0] for name in names[1:]] == ["1", "2"]
    assert {row["order"] for row in curve} == {"In this order", "At random"}
    [table] = [one.value for one in page.dataframe if one.proto.alt.startswith("Uplift of all")]
    assert table["uplift"].tolist() == ["12.50", "5.00", "20.00"]


def test_prices_make_money_of_it(page: AppTest) -> None:
    drop(page, outcomes_csv=OUTCOMES_CSV, assignment_csv=ASSIGNMENT)
    assert "Net value" not in metrics(page)
    for label, value in (("Worth of a conversion", 100.0), ("Cost of a contact", 2.0)):
        next(one for one in page.number_input if one.label.startswith(label)).set_value(value)
    settled(page.run())
    assert {name: metrics(page)[name] for name in ("Conversions", "Return")} == {
        "Conversions": "150", "Return": "525%",
    }  # fmt: skip
    assert "a budget of" in plain(page)
    next(one for one in page.number_input if one.label.startswith("Incentive")).set_value(10.0)
    settled(page.run())
    assert metrics(page)["Return"] == "233%", "210 of the contacted converted: 15,000 over 2,400 + 2,100, less 1"
    assert "with incentives" in plain(page)


def test_without_a_verdict_there_is_a_warning_in_place_of_figures(page: AppTest) -> None:
    contacted = "".join(line + "\n" for line, one in zip(OUTCOMES_CSV.splitlines()[1:], customers(), strict=True)
                        if one[2] == "Contact")  # fmt: skip
    drop(page, outcomes_csv="customer_id,converted\n" + contacted, assignment_csv=ASSIGNMENT)
    assert [one.value.replace("\\", "") for one in page.warning] == [
        "No verdict: Nobody of the control group is in the outcomes, though customers who did not convert are. "
        "Give the outcomes of everybody who was assigned."
    ]
    assert "Uplift" not in metrics(page)
    assert "Whom to contact next" not in plain(page)
    [table] = [one.value for one in page.dataframe if one.proto.alt.startswith("Uplift of all")]
    assert {*table["pays"]} == {"–"}


def test_the_curve_ends_at_the_extra_conversions_of_the_card(page: AppTest) -> None:
    drop(page, outcomes_csv=OUTCOMES_CSV, assignment_csv=ASSIGNMENT)
    _, curve = charts(page)
    assert metrics(page)["Conversions"] == "150"
    assert max(row["gain"] for row in curve) == pytest.approx(150)
    assert "Of the 1,200 contacted." in plain(page)


def test_filters_are_said_to_do_nothing(page: AppTest) -> None:
    said_so = "Filters do not apply here: everybody who was assigned counts."
    assert said_so not in plain(page)
    page.multiselect(key="state").set_value(["NSW"])
    settled(page.run())
    assert said_so in plain(page)


def test_why_there_is_no_forecast_is_said(page: AppTest) -> None:
    drop(page, outcomes_csv=OUTCOMES_CSV, assignment_csv=ASSIGNMENT)
    assert "Drop the whole target list" in plain(page)
    drop(page, **{"assignment.json": '{"salt": "a", "created": "2026-01-01", "forecast": null}'})
    assert "No campaign was simulated for this target list: there is no forecast." in plain(page)


def test_amounts_and_costs_have_as_many_cards_as_a_row_and_a_narrow_table(page: AppTest) -> None:
    amounts = OUTCOMES_CSV.replace("converted", "spend").replace("yes", "900").replace("no", "0")
    simulated = {name: {"likely": 50} for name in ("value", "margin", "horizon", "discount", "incentive")}
    expected = {end: {"value": 900.0, "net_value": -90.0} for end in ("likely", "low", "high")}
    record = {"salt": "a", "currency": "£", "size": {"contact_cost": 2},
              "forecast": {"campaign": simulated | {"margin": {"likely": 0.5}}, "outcome": expected}}  # fmt: skip
    drop(page, **{"outcomes_csv": amounts, "assignment_csv": ASSIGNMENT, "assignment.json": json.dumps(record)})
    assert [*metrics(page)] == ["Contacted", "Uplift", "Conversions", "More each", "Net value", "Return"]
    [net] = [one for one in page.metric if one.label == "Net value"]
    assert net.delta.replace("\u00a0", " ").count("k") == 2
    assert net.delta.count("£") == 2
    [table] = [one.value for one in page.get("table") if "Measured (95% interval)" in one.value]
    assert table.shape == (2, 3)
    assert "The forecast counts 50 months of a conversion, discounted" in plain(page)
    assert "Dashed: from £4.00 on a contact pays." not in plain(page), "conversions are charted, and amounts decide"
    page.segmented_control[0].set_value("amount")
    settled(page.run())
    assert "Dashed: from £4.00 on a contact pays." in plain(page)


def test_one_note_is_one(page: AppTest) -> None:
    rows = "".join(f"{'control' if at % 2 else 'mail'},{at % 7 == 0:d}\n" for at in range(400))
    drop(page, one_csv="arm,converted\n" + rows)
    assert "1 note" in [one.proto.popover.label for one in page.main.get("popover")]


def test_files_stay_on_another_page_and_are_deleted(page: AppTest) -> None:
    drop(page, outcomes_csv=OUTCOMES_CSV, assignment_csv=ASSIGNMENT)
    settled(page.switch_page("pages/overview.py").run())
    settled(page.switch_page(PAGE).run())
    assert "Uplift" in metrics(page)
    assert len(page.session_state[OUTCOMES]) == 2
    settled(page.button(key="delete_data").click().run())
    assert "Uplift" not in metrics(page)
    assert OUTCOMES not in page.session_state
    assert "Bring the outcomes back" in plain(page)


def test_a_question_about_columns_is_asked_and_answered(page: AppTest) -> None:
    rows = "".join(f"{'A' if at % 2 else 'B'},{1 if at % (4 if at % 2 else 8) == 1 else 0}\n" for at in range(400))
    drop(page, one_csv="variant,converted\n" + rows)
    assert "No value reads as the control group." in plain(page)
    next(one for one in page.selectbox if one.label == "Control group").set_value("B")
    settled(page.run())
    assert metrics(page)["Contacted"] == "200"


def test_a_file_that_cannot_be_read_is_named(page: AppTest) -> None:
    drop(page, one_csv="only,words\na,b\n")
    assert "one.csv: No column says who was contacted." in plain(page)


def test_the_page_needs_no_customers() -> None:
    at = started(data="files")
    settled(at.switch_page(PAGE).run())
    drop(at, outcomes_csv=OUTCOMES_CSV, assignment_csv=ASSIGNMENT)
    assert metrics(at)["Uplift"] == "12.5 points"
    assert at.button(key="delete_data")


@pytest.mark.parametrize("data", [{}, {"data": "files"}], ids=["customers", "no customers"])
def test_small_groups_are_hidden(data: dict[str, str]) -> None:
    few = ASSIGNMENT + "".join(f"9{at:03},3,{'Control' if at % 3 else 'Contact'}\n" for at in range(60))
    converted = OUTCOMES_CSV + "".join(f"9{at:03},{'yes' if at % 20 == 0 else 'no'}\n" for at in range(60))
    at = started(**data)
    at.toggle(key="hide").set_value(True)
    settled(at.run())
    settled(at.switch_page(PAGE).run())
    drop(at, outcomes_csv=converted, assignment_csv=few)
    [table] = [one.value for one in at.dataframe if one.proto.alt.startswith("Uplift of all")]
    assert len(table) < 4, "segment 3 has few who converted"
    assert not any("3" in str(name) for name in table["name"])
    assert not [one for one in at.get("download_button") if "uplift" in str(one.proto)]


def test_own_data_includes_outcomes() -> None:
    def script() -> None:
        import streamlit as st

        from pages.components.session_cache import is_own

        st.text(str(is_own()))

    at = AppTest.from_function(script)
    at.session_state[OUTCOMES] = {"outcomes 1": object()}
    assert at.run().text[0].value == "True"
    assert callable(is_own)
