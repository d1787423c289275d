"""The sidebar's box of databases: connections of the secrets, a table or a query, its rows on the pages."""

import json
from pathlib import Path

import duckdb
import pytest
from streamlit.runtime.scriptrunner import StopException
from streamlit.testing.v1 import AppTest

from core.trail import FILE
from pages.components import database
from tests.pages.reading import metrics, said, settled, started

CUSTOMERS = """CREATE TABLE customers AS SELECT i AS customer_id, 'Ann' AS first_name, 20 + i * 7 % 60 AS age,
i * 5 % 17 AS tenure, 1 + i % 12 AS property_valuation, [i] AS many FROM range(60) r(i)"""


@pytest.fixture
def bank(tmp_path: Path) -> str:
    with duckdb.connect(tmp_path / "bank.duckdb") as connection:
        connection.execute(CUSTOMERS)
        connection.execute("CREATE TABLE branches AS SELECT 1 AS branch")
    return f"duckdb:///{tmp_path / 'bank.duckdb'}"


def app(*urls: str) -> AppTest:
    at = started()
    at.secrets["connections"] = {f"bank{number or ''}": {"url": url} for number, url in enumerate(urls)}
    return settled(at.button_group(key="kind of source").set_value("database").run())


def shown(at: AppTest) -> str:
    return "\n".join([said(at), *(one.value for one in (*at.caption, *at.error, *at.warning))]).replace("\\", "")


def dialog(at: AppTest) -> AppTest:
    """The page with the dialog: the test runner draws a dialog in a run that its button was clicked in."""
    return at.button(key="choose table").click().run()


def read(at: AppTest) -> AppTest:
    return settled(at.button(key="read table").click().run())


def test_without_a_connection_the_page_says_how_to_name_one() -> None:
    at = app()
    assert "No database is set up." in shown(at)
    assert any("[connections.bank]" in one.value for one in at.code)


def test_a_table_is_previewed_and_read(bank: str) -> None:
    at = dialog(app(bank))
    assert at.selectbox(key="table").options == ["branches", "customers"]
    at.selectbox(key="table").set_value("customers")
    at = dialog(at)
    (frame,) = (one.value for one in at.dataframe if "first_name" in one.value)
    assert len(frame) == 20
    assert "Not read, as values are no numbers, dates or words: many (BIGINT[])." in shown(at)
    columns = next(one for one in at.multiselect if one.label == "Columns")
    columns.unselect("first_name")
    at = dialog(at)
    at = read(at)
    assert metrics(at)["Total customers"] == "60"
    assert at.query_params["data"] == "database"
    at.switch_page("pages/data.py").run()
    assert "first_name" not in str([table.value.to_dict() for table in at.dataframe])


def test_the_audit_trail_has_a_line_per_preview(bank: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "trail.jsonl"
    monkeypatch.setenv(FILE, str(path))
    at = dialog(app(bank))
    at.selectbox(key="table").set_value("customers")
    at = dialog(dialog(at))
    at.selectbox(key="table").set_value("branches")
    at = dialog(dialog(at))
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    previews = [line["sources"] for line in lines if line.get("preview")]
    assert previews == [["customers of bank"]] * 2 + [["branches of bank"]] * 2, "each time that the dialog is opened"


def test_a_query_is_read_and_another_one_refused(bank: str) -> None:
    at = dialog(app(bank))
    next(one for one in at.button_group if one.key == "table or query").set_value("Query")
    at = dialog(at)
    at.text_area(key="query").set_value("DELETE FROM customers")
    at = dialog(at)
    assert "This is no SELECT but DELETE." in shown(at)
    at.text_area(key="query").set_value("SELECT * EXCLUDE many FROM customers WHERE age > 40")
    at = dialog(at)
    at = read(at)
    assert metrics(at)["Total customers"] == "39"
    (asked,) = (one.value for one in at.code if one.language == "sql")
    assert asked == "SELECT * EXCLUDE many FROM customers WHERE age > 40", "the rows can be traced to it"
    at = dialog(settled(at.run()))
    assert at.text_area(key="query").value == asked, "one word of it can be changed"


def test_a_table_without_rows_is_said_and_not_offered(bank: str) -> None:
    with duckdb.connect(bank.removeprefix("duckdb:///")) as connection:
        connection.execute("DELETE FROM branches")
    at = dialog(app(bank))
    at.selectbox(key="table").set_value("branches")
    at = dialog(at)
    assert "There is no row. Choose a table or query with one row per customer." in shown(at)
    assert not [one for one in at.button if one.key == "read table"]
    with duckdb.connect(bank.removeprefix("duckdb:///")) as connection:
        connection.execute("INSERT INTO branches VALUES (1)")
    assert [one for one in dialog(at).button if one.key == "read table"], "the rows that have come meanwhile"


def test_the_table_of_another_connection_is_forgotten_where_there_is_none_of_its_name(
    bank: str, tmp_path: Path
) -> None:
    with duckdb.connect(tmp_path / "other.duckdb") as connection:
        connection.execute("CREATE TABLE people AS SELECT 1 AS id")
    at = dialog(app(bank, f"duckdb:///{tmp_path / 'other.duckdb'}"))
    at.selectbox(key="table").set_value("customers")
    at = dialog(dialog(at))
    assert at.selectbox(key="table").value == "customers"
    at.selectbox(key="connection").set_value("bank1")
    at = dialog(at)
    assert (at.selectbox(key="table").options, at.selectbox(key="table").value) == (["people"], None)
    assert not at.exception


def test_rows_are_read_again(bank: str) -> None:
    at = dialog(app(bank))
    at.selectbox(key="table").set_value("customers")
    at = dialog(at)
    at = read(at)
    with duckdb.connect(bank.removeprefix("duckdb:///")) as connection:
        connection.execute("DELETE FROM customers WHERE customer_id < 10")
    assert metrics(settled(at.run()))["Total customers"] == "60"
    assert metrics(settled(at.button(key="open_again").click().run()))["Total customers"] == "50"


def test_a_database_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    at = dialog(app(f"duckdb:///{tmp_path}/none.duckdb"))
    assert "There is no database file" in shown(at)


def test_a_connection_of_something_else_is_named(bank: str) -> None:
    at = started()
    at.secrets["connections"] = {"bank": {"url": bank}, "lake": {"account": "x"}}
    at = settled(at.button_group(key="kind of source").set_value("database").run())
    assert "Without url and dialect, so no database: lake." in shown(at)


def test_what_was_stopped_is_read_only_when_asked_again(bank: str, monkeypatch: pytest.MonkeyPatch) -> None:
    at = dialog(app(bank))
    at.selectbox(key="table").set_value("customers")
    at = dialog(at)

    def stopped(*_: object, **__: object) -> None:
        raise StopException

    with monkeypatch.context() as patch:
        patch.setattr(database, "in_worker", stopped)
        at.button(key="read table").click().run()
    at = settled(at.run())
    assert "Reading was stopped." in shown(at)
    assert metrics(settled(at.button(key="open_again").click().run()))["Total customers"] == "60"


def test_deleting_closes_it(bank: str) -> None:
    at = dialog(app(bank))
    at.selectbox(key="table").set_value("customers")
    at = dialog(at)
    at = settled(read(at).button(key="delete_data").click().run())
    assert "opened source" not in at.session_state
    assert "asked of a database" not in at.session_state
