"""Own data is never taken for the sample: after a reload, a restart or a file that cannot be read."""

import re
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.conftest import Open, free_port, serving, settle
from tests.browser.test_dashboard import choose_state, go, kpi, sample_badge, upload


def own(rows: int) -> dict[str, Any]:
    """A file of customers."""
    lines = (f"{i},{20 + i % 50},{i % 12 + 1},{i * 3},{i % 9},{'TAS' if i % 4 else 'NSW'}\n" for i in range(rows))
    text = "customer_id,age,property_valuation,purchases,tenure,state\n" + "".join(lines)
    return {"name": "own.csv", "mimeType": "text/csv", "buffer": text.encode()}


FILE = own(200)


def no_figures(page: Page) -> None:
    """Nothing of anybody's customers is on the page."""
    settle(page)
    shown = page.locator('[data-testid="stMetric"], [data-testid="stVegaLiteChart"], [data-testid="stDataFrame"]')
    expect(shown).to_have_count(0)
    expect(page.get_by_text("3,996")).to_have_count(0)


def drop_own(page: Page) -> None:
    upload(page, FILE)
    expect(page.get_by_text("own.csv: 200 customers")).to_be_visible()
    settle(page)


def test_after_a_reload_pages_ask_for_the_files_and_filters_wait(open_page: Open) -> None:
    page = open_page()
    drop_own(page)
    choose_state(page, "TAS")
    expect(page).to_have_url(re.compile("state=TAS"))
    settle(page)
    page.reload()
    no_figures(page)
    go(page, "Strategy")  # tests/pages goes to all
    expect(page.get_by_text("which the server does not have")).to_be_visible()
    no_figures(page)
    go(page, "Segment overview")
    drop_own(page)
    expect(page.get_by_role("button", name="State: TAS")).to_be_visible()
    assert kpi(page, "Total customers") == "150"


def test_a_file_that_cannot_be_read_shows_no_figure_until_the_sample_is_asked_for(open_page: Open) -> None:
    page = open_page(width=400)
    upload(page, {"name": "photo.csv", "mimeType": "text/csv", "buffer": b"\x89PNG\r\n\x1a\n" + bytes(100)})
    expect(page.get_by_text("photo.csv: This is a PNG picture")).to_be_visible()
    no_figures(page)
    page.get_by_role("button", name="Show the sample data").click()
    expect(sample_badge(page)).to_be_in_viewport(ratio=1)
    expect(page).not_to_have_url(re.compile("data="))
    settle(page)
    assert kpi(page, "Total customers") == "3,996"


def test_a_new_server_under_an_open_page_does_not_show_the_sample(open_page: Open) -> None:
    port = free_port()
    with serving(port) as address:
        filtered, left = (open_page(path, address=address) for path in ("strategy", ""))
        # The first request to a server that is fresh runs the file of a page without the app's own.
        expect(filtered.locator("h1")).to_have_text("Mass affluent strategy")
        for page in (filtered, left):
            drop_own(page)
    for page in (filtered, left):
        expect(page.get_by_test_id("stApp")).not_to_have_attribute("data-test-connection-state", "CONNECTED")
    with serving(port):
        for page in (filtered, left):
            expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-connection-state", "CONNECTED")
        filtered.get_by_role("button", name="25–34").click()
        left.get_by_role("link", name="Segment profiles", exact=True).click()  # has nothing of the address
        for page in (filtered, left):
            expect(page.get_by_text("which the server does not have")).to_be_visible()
            no_figures(page)
            expect(page).to_have_url(re.compile("data=files"))
            page.goto("about:blank")


def test_while_files_are_read_no_figure_of_those_before_is_shown(open_page: Open) -> None:
    """A faded number could be taken for one of the new files. The page is watched as it changes."""
    page = open_page()
    expect(page.get_by_test_id("stMetric").first).to_be_visible()
    page.evaluate("""() => {
        window.seen = [];
        const main = document.querySelector('[data-testid="stMain"]');
        new MutationObserver(() => {
            if (main.innerText.includes("own.csv"))
                window.seen.push([main.innerText.includes("3,996"), /Reading own.csv| rows/.test(main.innerText)]);
        }).observe(main, { childList: true, subtree: true, characterData: true });
    }""")
    upload(page, own(100_000))  # fewer can be read before a busy browser has drawn that they are being read
    expect(page.get_by_text("own.csv: 100,000 customers")).to_be_visible()
    settle(page)
    seen = page.evaluate("window.seen")
    assert [True, True] not in seen
    assert [False, True] in seen
    assert kpi(page, "Total customers") == "100,000"
