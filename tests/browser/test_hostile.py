"""Values, headers and file names that want to run or be fetched are shown as the text they are."""

import csv
import io
import json
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.conftest import Open, settle
from tests.browser.test_clicks import MARKS

HOSTILE = (
    "=1+1",
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "![x](http://127.0.0.1:9/x.png)",
    "[a](javascript:alert(1))",
    ":material/delete: :red[x]",
    "$\\frac{1}{2}$",
    "{{7*7}} ${7*7}",
    "'); alert(1); //",
)
PAGES = ("Segment demographics", "Mass affluent strategy", "Data", "Segment overview")


def table() -> bytes:
    """Forty customers per hostile value, as state, job industry, id and header."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["customer_id", "state", "job_industry", "owns_car", "age", "property_valuation", HOSTILE[3]])
    for i in range(40 * len(HOSTILE)):
        value = HOSTILE[i % len(HOSTILE)]
        writer.writerow([f"{value}{i}", value, value, "Yes", 20 + i % 50, i % 12 + 1, i * 7 % 31])
    return text.getvalue().encode()


def read(page: Page, name: str) -> str:
    with page.expect_download() as waiting:
        page.get_by_role("button", name=name).click()
    return Path(waiting.value.path()).read_text("utf-8")


def test_nothing_a_file_says_is_run_or_fetched_on_any_page(open_page: Open) -> None:
    """`open_page` fails the test on a request to another host and on an error in the console."""
    page = open_page()
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    upload = {"name": "![n](http:127.0.0.1:9 n.png) <b>$x$.csv", "mimeType": "text/csv", "buffer": table()}
    page.locator('input[type="file"]').first.set_input_files([upload])
    expect(page.get_by_text("360 customers").first).to_be_visible()
    for title in PAGES:
        page.get_by_role("link", name=title, exact=True).click()
        expect(page.locator("h1")).to_have_text(title)
        settle(page)
        if title == "Segment demographics":
            page.get_by_test_id("stVegaLiteChart").nth(2).locator(MARKS).first.click(force=True)
            chip = page.get_by_role("button", name="Job industry: ")
            expect(chip).to_be_visible()
            assert any(value in chip.inner_text() for value in HOSTILE)
        assert page.get_by_test_id("stMain").locator("script, img[src^=http], a[href^=javascript], .katex").count() == 0
    page.get_by_text("Downloads").click()
    rows = list(csv.reader(io.StringIO(read(page, "Cleaned customers"))))
    assert len(rows) == 1 + 40 * len(HOSTILE)
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "@", "\t"))]
    assert json.loads(read(page, "Model and rules"))
    assert dialogs == []
