"""Values, headers and file names that want to run or be fetched are shown as the text they are."""

import csv
import io
import json
from pathlib import Path

from playwright.sync_api import Page, expect

from pages.components.text import WORD_JOINER
from tests.browser.conftest import Open, settle
from tests.browser.test_clicks import MARKS
from tests.browser.test_dashboard import heading

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
SHAPES = "svg .role-mark path, svg .role-mark line, svg .role-mark text"
PAGES = ("Segment demographics", "Strategy", "Data", "Segment overview")


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
        expect(page.locator("h1")).to_have_text(heading(title))
        settle(page)
        if title == "Segment demographics":
            page.get_by_test_id("stVegaLiteChart").nth(1).locator(MARKS).first.click(force=True)
            chip = page.get_by_test_id("stMain").get_by_role("button", name="Job industry: ")
            expect(chip).to_be_visible()
            said = chip.inner_text().replace(WORD_JOINER, "")
            assert any(value in said for value in HOSTILE), said
        assert page.get_by_test_id("stMain").locator("script, img[src^=http], a[href^=javascript], .katex").count() == 0
    page.get_by_text("Downloads").click()
    rows = list(csv.reader(io.StringIO(read(page, "Cleaned customers"))))
    assert len(rows) == 1 + 40 * len(HOSTILE)
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "@", "\t"))]
    assert json.loads(read(page, "Model and rules"))
    assert dialogs == []


# What JavaScript has under a name of its own, reads as an escape or an end of line, or writes in two units.
ODD = ("__proto__", "constructor", "a\\b", "a\u2028b", "a\x01b", "\u202eabc", "\U0001f600" * 20, "Health")


def odd_table() -> bytes:
    """Forty customers per odd state and job industry; their value stands under a backslash."""
    rows = ["customer_id,age,tenure,owns_car,state,job_industry,\\"]
    for i in range(40 * len(ODD)):
        value = ODD[i % len(ODD)]
        rows.append(f'{i},{20 + i % 50},{i % 11},Yes,"{value}","{value}",{i * 7 % 31 * 100.5}')
    return "\n".join(rows).encode()


def test_every_chart_is_drawn_and_clickable_whatever_a_header_or_a_category_says(open_page: Open) -> None:
    page = open_page()
    upload = {"name": "odd.csv", "mimeType": "text/csv", "buffer": odd_table()}
    page.locator('input[type="file"]').first.set_input_files([upload])
    expect(page.get_by_text("320 customers").first).to_be_visible()
    for title in ("Segment profiles", "Data", "Segment overview", "Segment demographics", "Strategy"):
        page.get_by_role("link", name=title, exact=True).click()
        expect(page.locator("h1")).to_have_text(heading(title))
        settle(page)
        charts = page.get_by_test_id("stVegaLiteChart")
        assert {chart.locator(SHAPES).count() > 0 for chart in charts.all()} == {True}
    states = charts.filter(has_text="constructor").first
    expect(states.locator("svg .role-mark.mark-rect path")).to_have_count(len(ODD))
    states.locator("svg .role-mark.mark-rect path").first.click(force=True)
    chip = page.get_by_test_id("stMain").get_by_role("button", name="State: ")
    expect(chip).to_be_visible()
    assert chip.inner_text().split("State: ")[1].split("\n")[0] in ODD


def test_a_table_of_the_data_has_no_download_of_its_own(open_page: Open) -> None:
    page = open_page("data")
    table = page.get_by_test_id("stDataFrame").first
    table.hover()
    expect(
        table.get_by_role("button", name="Search").or_(page.get_by_role("button", name="Search")).first
    ).to_be_visible()
    expect(page.get_by_role("button", name="Download as CSV")).to_have_count(0)
