"""The Data page: what was read, roles, steps and switches, quality, rejected rows."""

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Button

from tests.pages.reading import charts, metrics, said, settled
from tests.workbooks import workbook


@pytest.fixture
def data(app: AppTest) -> AppTest:
    return settled(app.switch_page("pages/data.py").run())


def test_every_row_that_was_read_is_accounted_for(data: AppTest) -> None:
    assert "4,000 rows read = 3,996 customers + 4 rejected (4 of them removed, as repeats or deceased)" in said(data)
    rejected = data.dataframe[-1].value
    assert rejected["reason"].tolist() == ["Deceased"] * 4
    assert list(rejected) == ["reason", "line", "file", "outcome", "raw_text"], (
        "what a narrow card cuts is not the reason"
    )


def test_the_steps_say_what_was_changed(data: AppTest) -> None:
    steps = next(frame.value for frame in data.dataframe if "title" in frame.value)
    changed = steps.set_index("title")["example"].to_dict()
    assert changed["Birth date: more than 120 years ago, set to missing"] == "21/12/1843 → missing"
    assert "Removed the deceased" in changed


def test_quality_is_a_picture_of_all_cells(data: AppTest) -> None:
    (rows,) = charts(data)
    totals = {}
    for row in rows:
        totals[row["label"]] = totals.get(row["label"], 0) + row["number"]
    assert set(totals.values()) == {4000}
    assert {row["part"] for row in rows} == {"Valid", "Invalid", "Blank"}


def test_a_step_can_be_switched_off(data: AppTest) -> None:
    settled(data.toggle[0].set_value(False).run())
    settled(data.switch_page("pages/overview.py").run())
    assert metrics(data)["Total customers"] == "4,000"


def button(at: AppTest, label: str) -> Button:
    return next(one for one in at.button if one.label == label)


def test_decisions_can_be_changed_and_taken_back(app: AppTest) -> None:
    app.file_uploader(key="uploads").upload("odd.csv", b"note\ncustomer_id,balance\n1,1.234\n2,2.505\n")
    settled(app.run())
    settled(app.switch_page("pages/data.py").run())
    assert "Balance: decimal point" in said(app).replace("\\", "")
    app.selectbox(key="reading decimal_mark").set_value("comma")
    app.text_input(key="reading delimiter").set_value(",")
    button(app, "Read again").click()
    settled(app.run())
    assert app.session_state["loaded"].study.customers["balance"].tolist() == [1234, 2505]
    assert "Balance: decimal comma" in said(app).replace("\\", "")
    app.number_input(key="reading header_row").set_value(9)
    settled(button(app, "Read again").click().run())
    assert "odd.csv, line 9: No record starts there. Choose another header row." in said(app).replace("\\", "")
    settled(app.button(key="take back question").click().run())
    assert not app.error
    assert app.session_state["loaded"].study.customers["balance"].tolist() == [1.234, 2.505]
    assert app.number_input(key="reading header_row").value == 0


def test_the_sheets_of_a_workbook_are_picked(app: AppTest) -> None:
    people = [["customer_id", "age"], [1, 30], [2, 40]]
    book = workbook(People=people, Older=[["age", "state"], [70, "NSW"], [80, "VIC"]])
    app.file_uploader(key="uploads").upload("book.xlsx", book)
    settled(app.run())
    settled(app.switch_page("pages/data.py").run())
    app.multiselect(key="reading sheets").set_value(["Older"])
    settled(button(app, "Read again").click().run())
    assert app.session_state["loaded"].study.customers["age"].tolist() == [70, 80]
    assert app.multiselect(key="reading sheets").options == ["People", "Older"]


def test_a_delimiter_that_cannot_be_is_refused_where_it_is_typed(data: AppTest) -> None:
    data.text_input(key="reading delimiter").set_value('"')
    settled(button(data, "Read again").click().run())
    assert "cannot be a delimiter. Choose a single character such as a comma." in said(data).replace("\\", "")
    assert not data.exception
