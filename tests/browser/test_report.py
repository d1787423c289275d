"""The report and the archive that the app gives, and that the report opens anywhere and prints on A4."""

import re
import zipfile
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Open, settle

A4 = (595, 842)  # points


def downloaded(page: Page, name: str, to: Path) -> Path:
    with page.expect_download() as waiting:
        page.get_by_role("button", name=name).click()
    path = to / waiting.value.suggested_filename
    waiting.value.save_as(path)
    return path


def sheets(pdf: bytes) -> list[tuple[int, ...]]:
    """Width and height of each page in points."""
    return [
        tuple(round(float(number)) for number in re.search(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", one).groups())
        for one in re.findall(rb"/Type /Page\b(?!s).*?endobj", pdf, re.S)
    ]


def test_the_report_of_what_is_shown_opens_offline_and_prints_on_a4(
    open_page: Open, chromium: Browser, tmp_path: Path
) -> None:
    page = open_page("strategy?state=NSW")
    page.get_by_role("tab", name="Scenarios").click()
    page.get_by_label("Name", exact=True).fill("Spring letters")
    page.get_by_role("button", name="Save this scenario").click()
    expect(page.get_by_role("button", name="Delete")).to_be_visible()
    settle(page)
    page.get_by_text("Downloads", exact=True).click()
    report = downloaded(page, "Report (HTML)", tmp_path)
    with zipfile.ZipFile(downloaded(page, "Everything (ZIP)", tmp_path)) as archive:
        assert {"customer_data_cleaned.csv", "model.json", "scenarios.json"} <= set(archive.namelist())
        assert archive.read("report.html") == report.read_bytes()
    printed = sheets(downloaded(page, "Report (PDF)", tmp_path).read_bytes())

    context = chromium.new_context(offline=True, viewport={"width": 400, "height": 900})
    opened, troubles = context.new_page(), []
    opened.on("console", lambda message: troubles.append(message.text))
    opened.on("pageerror", lambda error: troubles.append(str(error)))
    opened.on("request", lambda request: troubles.append(request.url))
    opened.goto(report.as_uri())
    assert troubles == [report.as_uri()]
    for said in ("State: New South Wales", "Spring letters", "1,282 of 3,996", "Rule of thumb"):
        expect(opened.get_by_text(said).first).to_be_visible()
    assert opened.evaluate("document.documentElement.scrollWidth") == 400
    assert opened.locator("figure svg").count() == 8
    pages = sheets(opened.pdf(prefer_css_page_size=True))
    assert set(pages) == {A4}
    assert printed == pages
    assert 6 <= len(pages) <= 9
    opened.emulate_media(media="print")
    opened.set_viewport_size({"width": 688, "height": 900})
    tallest = opened.evaluate("Math.max(...[...document.querySelectorAll('.box')].map(box => box.offsetHeight))")
    assert tallest < (297 - 30) / 25.4 * 96  # none is cut by the end of a page
    context.close()


def test_a_printed_page_has_its_filters_and_figures_and_nothing_to_press(open_page: Open) -> None:
    page = open_page("?state=NSW")
    page.emulate_media(media="print")
    expect(page.get_by_test_id("stMetric").first).to_be_visible()
    expect(page.get_by_role("button", name="State: New South Wales")).to_be_visible()
    for control in ("stSidebar", "stPopover", "stPageLink"):
        assert page.get_by_test_id(control).count()
        assert not any(one.is_visible() for one in page.get_by_test_id(control).all())
