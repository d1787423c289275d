"""Files dropped into the app: the dashboard of their customers, or a sentence and the data as it was."""

import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.reading import PAGES, ROOT, charts, metrics, on_tab, said, settled
from tests.workbooks import workbook

PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)
SMALL = b"customer_id,age,property_valuation,purchases,tenure\n" + b"".join(
    b"%d,%d,%d,%d,%d\n" % (i, 20 + i, i % 12 + 1, i * 3, i % 9) for i in range(40)
)


def upload(at: AppTest, **files: bytes) -> AppTest:
    for name, content in files.items():
        at.file_uploader(key="uploads").upload(name.replace("_csv", ".csv"), content)
    return settled(at.run())


def shown(at: AppTest) -> str:
    return said(at).replace("\\", "")


def test_an_upload_replaces_the_sample(app: AppTest) -> None:
    upload(app, forty_csv=SMALL)
    assert metrics(app)["Total customers"] == "40"
    assert "forty.csv" in shown(app)


def test_the_sidebars_bounds_say_who_is_mass_affluent_by_balance(app: AppTest) -> None:
    rows = b"".join(b"%d,%d\n" % (i, 100_000 * i) for i in range(1, 21))
    upload(app, balances_csv=b"customer_id,balance\n" + rows)
    assert metrics(app)["Total mass affluent"] == "5"  # from the 70th to below the 95th percentile
    settled(app.number_input(key="min_measure").set_value(300_000).run())
    assert metrics(app)["Total mass affluent"] == "17"
    settled(app.number_input(key="max_measure").set_value(500_000).run())
    assert metrics(app)["Total mass affluent"] == "2"


def test_numbers_of_rows_can_be_picked_as_a_feature_and_come_with_advice(app: AppTest) -> None:
    rows = b"customer_id,age,line\n" + b"".join(b"c%d,%d,%d\n" % (i, 20 + i % 40, i) for i in range(60))
    upload(app, numbered_csv=rows)
    features = app.multiselect(key="features")
    assert features.options[-1] == "line"
    settled(features.set_value(["line"]).run())
    assert app.multiselect(key="features").value == ["line"]
    assert "line seems to name or count rather than to measure" in shown(app)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "bad.csv: The file is empty."),
        (b" \n \n", "bad.csv: The file is empty."),
        (PNG, "bad.csv: This is a PNG picture"),
        (bytes(range(256)) * 20, "bad.csv: "),
        (b"customer_id,age\n", "bad.csv: There is no row of data below the header."),
        (b"colour,shape\nred,round\nblue,square\n", "**bad.csv**: None of the columns is one the dashboard knows"),
        (
            b"customer_id,dob\n1,01/02/1980\n2,03/04/1981\n",
            "**bad.csv, column “dob”**: Dates such as 01/02/1980 can",
        ),
    ],
    ids=["empty", "blank", "picture", "binary", "header only", "no usable column", "ambiguous dates"],
)
def test_a_bad_file_gets_a_sentence_and_no_figure_of_the_sample(app: AppTest, content: bytes, sentence: str) -> None:
    upload(app, bad_csv=content)
    assert sentence in shown(app)
    assert (metrics(app), charts(app)) == ({}, [])


def test_a_bad_file_leaves_the_data_loaded_before(app: AppTest) -> None:
    upload(app, forty_csv=SMALL)
    upload(app, bad_csv=PNG)
    assert "bad.csv: This is a PNG picture" in app.error[0].value.replace("\\", "")
    assert "Still shown, as loaded before: forty.csv." in shown(app)
    assert metrics(app)["Total customers"] == "40"
    settled(app.number_input(key="below_age").set_value(30).run())
    assert metrics(app)["Total customers"] == "40"
    settled(app.switch_page("pages/demographics.py").run())
    assert "bad.csv: This is a PNG picture" in shown(app)
    assert sum(row["customers"] for row in charts(app)[0]) == 40


def test_a_rule_stands_in_the_sidebar_only_where_it_tells_somebody(app: AppTest) -> None:
    keys = [one.key for one in app.number_input]
    assert "min_valuation" in keys
    upload(app, forty_csv=SMALL)
    assert [one.key for one in app.number_input] == [key for key in keys if key != "min_valuation"], "no wealth segment"


def test_segments_have_no_line_on_a_tenure_that_nobody_has(app: AppTest) -> None:
    rows = "".join(f"{i},{20 + i},{1000 * i}\n" for i in range(60))
    for files, said_of in (({}, True), ({"bank_csv": f"customer_id,age,balance\n{rows}".encode()}, False)):
        settled(upload(app, **files).switch_page("pages/strategy.py").run())
        assert any(one.value.startswith("Tenure") for one in app.caption) == said_of


def test_the_same_tables_under_swapped_names_show_the_same_segments(app: AppTest) -> None:
    """Segments are cached by content: names must not decide which table leads."""
    ages = b"customer_id,age,tenure\n" + b"".join(b"%d,%d,%d\n" % (i, 20 + i, i % 9) for i in range(40))
    values = b"customer_id,purchases,balance\n" + b"".join(b"%d,%d,%d\n" % (39 - i, i * 3, i * 1000) for i in range(40))
    upload(app, a_csv=ages, b_csv=values)
    first = charts(app)
    app.file_uploader(key="uploads").set_value([])
    settled(app.run())
    upload(app, a_csv=values, b_csv=ages)
    assert charts(app) == first


def test_each_question_is_asked_and_its_answer_loads_the_file(app: AppTest) -> None:
    """Dates, then numbers, then columns, then sheets that only the analyst can tell."""

    def answered(label: str) -> list[str]:
        settled(next(button for button in app.button if button.label == label).click().run())
        return [button.label for button in app.button if str(button.key).startswith("answer ")]

    upload(app, dates_csv=b"customer_id,dob,balance\n1,01/02/1980,1.234\n2,03/04/1981,2.500\n")
    assert answered("Month first (12/31)") == ["Thousands: decimal comma", "Decimals: decimal point"]
    assert "Numbers such as 1.234 can be thousands" in shown(app)
    assert answered("Thousands: decimal comma") == []
    study = app.session_state["loaded"].study
    assert study.customers["balance"].tolist() == [1234, 2500]
    assert study.decided == {"Birth date": "month first", "Balance": "decimal comma"}

    app.file_uploader(key="uploads").set_value([])
    settled(app.run())
    upload(app, odd_csv=b"colour,shape\nred,round\nblue,square\n")
    app.selectbox(key="answer column").set_value("shape")
    settled(app.selectbox(key="answer role").set_value("Another category").run())
    assert answered("Use it") == []
    assert app.session_state["loaded"].study.customers["shape"].tolist() == ["round", "square"]

    app.file_uploader(key="uploads").set_value([])
    settled(app.run())
    alone = {"A": [["age", "state"], [30, "NSW"], [40, "VIC"]], "B": [["age", "gender"], [50, "F"], [60, "M"]]}
    app.file_uploader(key="uploads").upload("book.xlsx", workbook(**alone))
    settled(app.run())
    assert "cannot be joined" in shown(app)
    settled(app.multiselect(key="answer sheets").set_value(["B"]).run())
    assert answered("Use these sheets") == []
    assert app.session_state["loaded"].study.customers["age"].tolist() == [50, 60]


@pytest.mark.parametrize(
    "content",
    [
        b"age\n30\n",
        b"age\n30\n30\n",
        b"state\nNSW\nVIC\n",
        b"customer_id,gender\n1,F\n2,M\n",
        b"purchases\n1\n2\n3\n",
        b"customer_id,balance\n1,150000\n2,5\n3,2000000\n",
        SMALL,
    ],
    ids=["one customer", "one point", "states only", "no measure", "one measure", "balances", "no places"],
)
def test_what_a_file_lacks_is_left_out_and_the_rest_of_each_page_works(app: AppTest, content: bytes) -> None:
    upload(app, thin_csv=content)
    for page in PAGES:
        settled(app.switch_page(page).run())
        assert app.title[0].value
        assert "thin.csv" in shown(app)
        assert not app.error
        assert all(rows for rows in charts(app)), "a chart without data is left out"
        assert app.info or charts(app)
    settled(app.switch_page("pages/strategy.py").run())
    for tab in ("Whom to fund first", "Scenarios", "Fair targeting"):
        on_tab(app, tab)
        assert not app.error
        assert all(rows for rows in charts(app))


def test_hostile_values_are_shown_as_text(app: AppTest) -> None:
    hostile = "![x](http://example.com/x.png)"
    content = f'customer_id,age,state\n1,30,"{hostile}"\n2,50,<script>alert(1)</script>\n3,60,=1+1\n'
    upload(app, **{"<b>_csv": content.encode()})
    settled(app.multiselect(key="state").select(hostile).run())
    chip = next(button.label for button in app.button if "chip" in (button.key or ""))
    assert re.sub(r"\\(.)", r"\1", chip) == f"State: {hostile}"
    assert "![" not in chip


@pytest.mark.real_data
@pytest.mark.parametrize("order", [1, -1], ids=["demographic first", "address first"])
def test_the_two_real_tables_together_on_every_page(app: AppTest, real_data: Path, order: int) -> None:
    for name in ("CustomerDemographic.csv", "CustomerAddress.csv")[::order]:
        app.file_uploader(key="uploads").upload(name, (real_data / name).read_bytes())
    settled(app.run())
    assert metrics(app) == {
        "Total customers": "3,998",
        "Total mass affluent": "1,836",
        "High potential": "784",
        "Not clustered": "92",
    }
    for page in PAGES:
        settled(app.switch_page(page).run())
        assert "92 of 3,998 customers are not clustered" in shown(app)
        assert len(app.get("deck_gl_json_chart")) == (page == "pages/strategy.py")


@pytest.mark.real_data
def test_the_real_workbook_gives_the_same_customers(app: AppTest, real_data: Path) -> None:
    upload(app, **{"book.xlsx": (real_data / "KPMG_raw_workbook.xlsx").read_bytes()})
    assert (metrics(app)["Total customers"], metrics(app)["Total mass affluent"]) == ("3,998", "1,836")
    assert "NewCustomerList is not used: no customer id to join it by" in app.warning[0].value.replace("\\", "")


def test_the_bundled_sample_can_be_uploaded_too(app: AppTest) -> None:
    sample = (ROOT / "data" / "sample_customers.csv").read_bytes()
    before = metrics(app)
    upload(app, mine_csv=sample)
    assert metrics(app) == before


def test_any_number_of_the_file_can_be_the_value_shown(app: AppTest) -> None:
    rows = "".join(f"{i},{20 + i},{i * 1000},{i * 2}\n" for i in range(40))
    upload(app, bank_csv=f"customer_id,age,credit_limit,Shoe size (EU)\n{rows}".encode())
    assert "Average credit limit" in shown(app), "a known measure of wealth comes first"
    settled(app.selectbox(key="value").set_value("shoe_size_eu").run())
    assert "Average Shoe size (EU)" in shown(app)
    settled(app.switch_page("pages/strategy.py").run())
    assert "Age and Shoe size (EU) by segment" in shown(app)
    assert sum(row["customers"] for row in charts(app)[0]) == 40


def test_a_row_number_picked_beside_a_refused_file_does_not_read_the_files_for_ever(app: AppTest) -> None:
    rows = b"customer_id,age,line\n" + b"".join(b"c%d,%d,%d\n" % (i, 20 + i % 40, i) for i in range(60))
    upload(app, numbered_csv=rows)
    upload(app, bad_csv=PNG)
    settled(app.multiselect(key="features").set_value(["line"]).run())
    assert "bad.csv: This is a PNG picture" in shown(app)
    assert metrics(app)["Total customers"] == "60"
