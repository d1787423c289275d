"""Answers and corrections belong to the files they were given for; a loaded rules file is carried on."""

from datetime import date

from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import TextInput

from core.rules import Intake, Rules
from core.segments.choose_k import DEFAULT_K
from pages.components import decisions, scenarios
from tests.pages.reading import metrics, settled, started
from tests.pages.test_upload import SMALL, shown, upload

DAY = date(2026, 1, 1)
# Each of these can be read in two ways.
MARKS = b"customer_id;age;balance\n" + b"".join(b"%d;%d;%d.%d00\n" % (i, 30 + i, i, i) for i in range(1, 10))
ORDER = b"customer_id,dob,balance\n1,01/02/1980,10\n2,03/04/1981,20\n3,05/06/1982,30\n"
# These tell by one value how they are read.
POINTS = b"customer_id,age,balance\n1,30,2.037\n2,40,0.125\n3,50,2.5\n"
DAYS = b"customer_id,dob,balance\n1,01/02/1980,10\n2,25/04/1981,20\n"


def dropped(at: AppTest, name: str, content: bytes) -> AppTest:
    """The app after the file in the box was taken away and another one dropped."""
    at.file_uploader(key="uploads").set_value([])
    settled(at.run())
    at.file_uploader(key="uploads").upload(name, content)
    return settled(at.run())


def pressed(at: AppTest, label: str) -> AppTest:
    found = next(one for one in at.button if one.label.replace("\\", "") == label)
    return settled(found.click().run())


def column(at: AppTest, name: str) -> list[object]:
    return at.session_state["loaded"].study.customers[name].tolist()


def test_a_decimal_comma_is_not_carried_to_the_next_file_and_is_known_of_the_first(app: AppTest) -> None:
    upload(app, marks_csv=MARKS)
    pressed(app, "Thousands: decimal comma")
    assert column(app, "balance")[:2] == [1100, 2200]
    dropped(app, "points.csv", POINTS)
    assert column(app, "balance") == [2.037, 0.125, 2.5]
    dropped(app, "other.csv", MARKS.replace(b"9.900", b"9.800"))
    assert "Numbers such as 1.100 can be thousands" in shown(app)
    dropped(app, "renamed.csv", MARKS)
    assert column(app, "balance")[:2] == [1100, 2200]


def test_a_second_file_beside_the_first_makes_other_content(app: AppTest) -> None:
    upload(app, marks_csv=MARKS)
    pressed(app, "Thousands: decimal comma")
    more = b"customer_id,tenure\n1,5\n2,6\n"
    app.file_uploader(key="uploads").upload("marks.csv", MARKS).upload("more.csv", more)
    settled(app.run())
    assert "Numbers such as 1.100 can be thousands" in shown(app)
    assert metrics(app)["Total customers"] == "9"


def test_a_date_order_is_not_carried_on_by_its_question_nor_by_its_box_nor_by_the_address() -> None:
    at = started(date_order="month_first")
    upload(at, order_csv=ORDER)
    assert "Dates such as 01/02/1980" in shown(at)
    pressed(at, "Month first (12/31)")
    assert [day.month for day in column(at, "date_of_birth")] == [1, 3, 5]
    assert at.selectbox(key="date_order").value == "month_first"
    dropped(at, "days.csv", DAYS)
    assert at.selectbox(key="date_order").value == "auto"
    assert [day.month for day in column(at, "date_of_birth")] == [2, 4]
    settled(at.selectbox(key="date_order").set_value("month_first").run())
    assert [day.month for day in column(at, "date_of_birth")] == [2, 4]
    titles = [step.title for step in at.session_state["loaded"].study.steps if step.warns]
    assert titles == ["Birth date: dates are read day first, which they prove, and not month first as chosen"]
    dropped(at, "order.csv", ORDER.replace(b"1982", b"1983"))
    assert "Dates such as 01/02/1980" in shown(at)
    dropped(at, "order.csv", ORDER)
    assert [day.month for day in column(at, "date_of_birth")] == [1, 3, 5]


def test_every_correction_stays_with_its_content(app: AppTest) -> None:
    decided = {
        "columns": {"purchases": ""}, "encoding": "Windows-1252", "delimiter": ",", "header_row": 1,
        "off": ("ranges",), "sheets": ("People",),
    }  # fmt: skip
    upload(app, forty_csv=SMALL)
    app.session_state[decisions.CHOICES] = decided
    settled(app.run())
    dropped(app, "points.csv", POINTS)
    assert app.session_state["loaded"].study.rules.intake == Intake()
    dropped(app, "forty.csv", SMALL)
    assert app.session_state["loaded"].study.rules.intake == Intake(**decided)
    settled(app.button(key="delete_data").click().run())
    assert decisions.KEPT not in app.session_state


def test_a_switch_of_the_sample_does_not_switch_it_for_own_files(app: AppTest) -> None:
    settled(app.switch_page("pages/data.py").run())
    settled(app.toggle[0].set_value(False).run())
    dead = b"customer_id,age,deceased_indicator\n1,30,N\n2,40,Y\n3,50,N\n"
    upload(app, dead_csv=dead)
    assert app.session_state["loaded"].study.size == 2
    assert app.toggle[0].value


def test_what_was_typed_into_the_form_stays_with_its_content(app: AppTest) -> None:
    upload(app, points_csv=POINTS)
    settled(app.switch_page("pages/data.py").run())
    app.text_input(key="reading delimiter").set_value(";")
    settled(app.number_input(key="reading header_row").set_value(9).run())
    upload(app, forty_csv=SMALL)
    assert app.text_input(key="reading delimiter").value == ""
    assert app.number_input(key="reading header_row").value == 0


def use_rules(at: AppTest, intake: Intake, name: str = "ours.toml") -> AppTest:
    settled(at.switch_page("pages/data.py").run())
    at.file_uploader(key="rules file").upload(name, Rules(DAY, intake=intake).to_toml().encode())
    return settled(at.run())


def test_a_rules_file_is_carried_on_is_named_and_can_be_taken_back(app: AppTest) -> None:
    upload(app, points_csv=POINTS)
    use_rules(app, Intake(decimal_mark="comma", date_order="month_first", columns={"age": ""}))
    assert "points.csv, read by ours.toml" in shown(app)
    dropped(app, "marks.csv", MARKS)
    assert "marks.csv, read by ours.toml" in shown(app)
    assert column(app, "balance")[:2] == [1100, 2200]
    assert app.selectbox(key="date_order").value == "month_first"
    settled(app.selectbox(key="date_order").set_value("auto").run())
    dropped(app, "order.csv", ORDER)
    assert [day.month for day in column(app, "date_of_birth")] == [1, 3, 5]
    dropped(app, "marks.csv", MARKS)
    assert app.selectbox(key="date_order").value == "auto"
    pressed(app, "Take back ours.toml")
    assert "ours.toml" not in shown(app)
    assert "Numbers such as 1.100 can be thousands" in shown(app)
    dropped(app, "points.csv", POINTS)
    assert app.session_state["loaded"].study.rules.intake == Intake()


def test_a_rules_file_goes_before_answers_and_an_answer_before_the_rules_file(app: AppTest) -> None:
    upload(app, marks_csv=MARKS)
    pressed(app, "Thousands: decimal comma")
    use_rules(app, Intake(decimal_mark="point"))
    assert column(app, "balance")[0] == 1.1
    app.selectbox(key="reading decimal_mark").set_value("comma")
    pressed(app, "Read again")
    assert column(app, "balance")[0] == 1100
    pressed(app, "Take back how files are read")
    assert column(app, "balance")[0] == 1.1


def test_a_rules_file_that_makes_a_file_unreadable_can_be_taken_back_where_that_is_said(app: AppTest) -> None:
    upload(app, points_csv=POINTS)
    use_rules(app, Intake(header_row=40))
    dropped(app, "days.csv", DAYS)
    assert "days.csv, line 40: " in shown(app)
    assert not app.metric
    pressed(app, "Take back ours.toml")
    assert column(app, "balance") == [10, 20]


def test_saved_scenarios_and_the_customer_looked_into_belong_to_their_data(app: AppTest) -> None:
    def saved() -> list[str]:
        return [one.name for one in app.session_state.to_dict().get(scenarios.STORED, ())]

    upload(app, forty_csv=SMALL)
    settled(app.switch_page("pages/strategy.py").run())
    app.session_state["simulation_tab"] = "Scenarios"
    settled(app.run())
    app.text_input(key=scenarios.NAME).set_value("Forty")
    settled(app.button(key="save_scenario").click().run())
    settled(app.switch_page("pages/data.py").run())
    settled(app.text_input(key="audit").set_value("7").run())
    assert saved() == ["Forty"]
    dropped(app, "points.csv", POINTS)
    assert (saved(), app.text_input(key="audit").value) == ([], "")
    dropped(app, "forty.csv", SMALL)
    assert (saved(), app.text_input(key="audit").value) == (["Forty"], "7")


def test_the_segments_of_an_audience_are_not_taken_for_those_of_other_data(app: AppTest) -> None:
    upload(app, forty_csv=SMALL)
    settled(app.switch_page("pages/strategy.py").run())
    settled(app.multiselect(key=f"audience_segments {DEFAULT_K}").set_value(["1", "2"]).run())
    dropped(app, "other.csv", SMALL.replace(b"\n39,59", b"\n39,21"))
    assert app.multiselect(key=f"audience_segments {DEFAULT_K}").value == []
    dropped(app, "forty.csv", SMALL)
    assert app.multiselect(key=f"audience_segments {DEFAULT_K}").value == ["1", "2"]


def test_the_name_of_a_segment_is_not_taken_over_by_one_of_another_file_with_the_same_centre(app: AppTest) -> None:
    """Each has two ages: standardised, the centres are the same in every such file."""

    def two(age: int) -> bytes:
        return b"customer_id,age\n" + b"".join(b"%d,%d\n" % (i, age + i % 2 * 10) for i in range(20))

    def name() -> TextInput:
        return next(one for one in app.text_input if one.label == "Name")

    upload(app, thirty_csv=two(30))
    settled(app.switch_page("pages/profiles.py").run())
    settled(name().set_value("Thirty").run())
    assert name().value == "Thirty"
    dropped(app, "forty.csv", two(40))
    assert name().value != "Thirty"
    dropped(app, "thirty.csv", two(30))
    assert name().value == "Thirty"


def test_the_number_that_tells_wealth_follows_the_file_in_the_run_that_reads_it() -> None:
    """Not one run later, which shows other flags until the next click."""
    rows = b"".join(b"%d,%d,%d\n" % (i, 30 + i, i * 100_000) for i in range(9))
    at = started(data="files", measure="Credit limit")
    upload(at, limits_csv=b"customer_id,age,credit_limit\n" + rows)
    assert at.selectbox(key="measure").value == "credit_limit"
    assert metrics(at)["Total mass affluent"] == "3"
    dropped(at, "points.csv", POINTS)
    assert at.session_state["loaded"].study.rules.mass_affluent.measure == "auto"


def test_after_a_refused_second_file_a_customer_is_looked_into_in_the_first(app: AppTest) -> None:
    upload(app, points_csv=POINTS)
    settled(app.switch_page("pages/data.py").run())
    app.file_uploader(key="uploads").upload("points.csv", POINTS).upload("bad.csv", b"")
    settled(app.text_input(key="audit").set_value("2").run())
    assert "Still shown, as loaded before: points.csv." in shown(app)
    assert "Customer **2**: " in shown(app)
    app.file_uploader(key="uploads").upload("bad.csv", b"")
    settled(app.run())
    assert "Sources of these customers were removed. Drop or open them again." in shown(app)
