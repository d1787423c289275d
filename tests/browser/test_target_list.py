"""The audience as a list: three clicks, what the file has, and what stays."""

import csv
import io
import json
import zipfile
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.conftest import Open, settle
from tests.browser.test_clicks import click

EXPORT, OF_CAMPAIGN, DOWNLOAD = "Export", "Export this audience", "Download the list"


def opened(page: Page, button: str = EXPORT) -> None:
    page.get_by_role("button", name=button, exact=True).click()
    expect(page.get_by_role("dialog").get_by_role("button", name=DOWNLOAD)).to_be_visible()


def downloaded(page: Page) -> dict[str, str]:
    with page.expect_download() as waiting:
        page.get_by_role("button", name=DOWNLOAD).click()
    assert waiting.value.suggested_filename == "target_list.zip"
    with zipfile.ZipFile(io.BytesIO(Path(waiting.value.path()).read_bytes())) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_the_50_best_of_segment_2_take_three_clicks(open_page: Open) -> None:
    page = open_page()
    click(page, 0, 1)  # one: the slice of segment 2
    expect(page.get_by_test_id("stMain").get_by_role("button", name="Segment: 2")).to_be_visible()
    settle(page)
    opened(page)  # two
    files = downloaded(page)  # three
    listed, assigned = rows(files["target_list.csv"]), rows(files["assignment.csv"])
    assert (len(listed), {row["Segment"] for row in assigned}) == (50, {"2"})
    assert [row["Rank"] for row in listed[:2]] == ["1", "2"]
    ranked = [int(row["property_valuation"]) for row in listed]
    assert (ranked, ranked[0]) == (sorted(ranked, reverse=True), 12)
    record = json.loads(files["assignment.json"])
    assert (record["audience"]["words"], record["size"]["top"]) == ("Everybody; filtered by Segment: 2", 50)
    assert {row["Arm"] for row in assigned} == {"Contact", "Control"}
    assert {row["customer_id"] for row in assigned if row["Arm"] == "Contact"} == {row["customer_id"] for row in listed}


def test_choices_stay_while_the_dialog_is_closed_and_are_in_no_link(open_page: Open) -> None:
    page = open_page("strategy")
    opened(page)
    field = page.get_by_role("dialog").get_by_label("Customers", exact=True)
    field.fill("30")
    field.press("Enter")
    expect(page.get_by_role("dialog").get_by_text("The first 30 of 3,996")).to_be_visible()
    page.get_by_role("dialog").get_by_role("button", name="Close").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    address = page.url
    opened(page)
    expect(page.get_by_role("dialog").get_by_text("The first 30 of 3,996")).to_be_visible()
    assert page.url == address
    assert "list" not in address


def test_the_list_of_the_simulation_has_its_forecast(open_page: Open) -> None:
    page = open_page("strategy")
    opened(page, OF_CAMPAIGN)
    files = downloaded(page)
    record = json.loads(files["assignment.json"])
    assert record["audience"]["group"] == "Mass affluent"
    assert record["forecast"]["customers"] == record["audience"]["customers"] == 1650
    assert record["forecast"]["outcome"]["likely"]["net_value"] > 0
    assert len(rows(files["assignment.csv"])) == 1650
