"""A click on a mark filters the other visuals; the link shows the same to somebody else."""

import re
from contextlib import suppress

from playwright.sync_api import Locator, Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeoutError

from tests.browser.conftest import Open, settle
from tests.browser.test_dashboard import assert_map_is_painted, kpi, numbers

MARKS = "svg .role-mark.mark-arc path, svg .role-mark.mark-rect path, svg .role-mark.mark-symbol path"


def marks(page: Page, chart: int) -> Locator:
    return page.get_by_test_id("stVegaLiteChart").nth(chart).locator(MARKS)


def bright(page: Page, chart: int) -> Locator:
    """The marks of those selected, not the pale ones of everybody behind them."""
    return marks(page, chart).and_(page.locator("[aria-label]"))


def click(page: Page, chart: int, mark: int = 0, *, ctrl: bool = False) -> None:
    settle(page)
    expect(marks(page, chart).nth(mark)).to_be_visible()
    marks(page, chart).nth(mark).evaluate("one => one.scrollIntoView({block: 'center'})")  # not below the page's header
    # The middle of a mark may lie under its label, which is as good to click on.
    marks(page, chart).nth(mark).click(force=True, modifiers=["Control"] if ctrl else [])


def chip(page: Page, label: str | re.Pattern[str]) -> Locator:
    return page.get_by_test_id("stMain").get_by_role("button", name=label)


def select_row(page: Page, row: int) -> None:
    """Click the box before a row of the table of regions, which is painted on a canvas."""
    table = page.get_by_test_id("stDataFrame").first
    table.evaluate("one => one.scrollIntoView({block: 'center'})")
    table.click(position={"x": 18, "y": 35 + 35 * row + 17})


def opacities(page: Page, chart: int) -> set[str]:
    return {mark.get_attribute("fill-opacity") or "1" for mark in marks(page, chart).all()}


def test_a_slice_filters_all_but_its_pie_adds_up_with_ctrl_and_again_removes(open_page: Open) -> None:
    page = open_page()
    slices = marks(page, 0).count()
    click(page, 0, 1)
    expect(chip(page, "Segment: 2")).to_be_visible()
    expect(bright(page, 1)).to_have_count(1)
    expect(bright(page, 2)).to_have_count(1)
    assert (marks(page, 0).count(), opacities(page, 0)) == (slices, {"0.25", "1"})
    assert kpi(page, "Total customers") != "3,996"
    click(page, 0, 2, ctrl=True)
    expect(chip(page, "Segment: 3")).to_be_visible()
    expect(bright(page, 1)).to_have_count(2)
    expect(page).to_have_url(re.compile(r"click=pie%3A2&click=pie%3A3"))
    click(page, 0, 1, ctrl=True)
    expect(chip(page, "Segment: 2")).to_have_count(0)
    click(page, 0, 2)
    expect(chip(page, "Segment: 3")).to_have_count(0)
    settle(page)
    assert kpi(page, "Total customers") == "3,996"
    expect(page).not_to_have_url(re.compile("click"))


def test_a_mark_of_each_chart_by_segment_is_a_filter(open_page: Open) -> None:
    page = open_page("demographics")
    everybody = marks(page, 1).count()
    click(page, 0)
    expect(page).to_have_url(re.compile(r"click=age%3A1&"))
    settle(page)
    assert marks(page, 1).count() < everybody
    click(page, 2)
    expect(chip(page, "Segment: 1, Car ownership: Yes")).to_be_visible()
    click(page, 1)
    expect(page).to_have_url(re.compile(r"click=jobs%3A1%3A\w"))
    chip(page, "Reset filters").click()
    expect(page).not_to_have_url(re.compile("click"))
    expect(marks(page, 1)).to_have_count(everybody)


def test_the_map_is_painted_and_a_state_on_it_is_a_filter_and_its_link_shows_the_same_numbers(open_page: Open) -> None:
    page = open_page("strategy")
    assert_map_is_painted(page, "light")
    deck = page.get_by_test_id("stDeckGlJsonChart")
    canvas = deck.locator("canvas").first.element_handle()
    tip = deck.get_by_text("Western Australia")
    box = deck.bounding_box()  # the map is as high as what stands beside it: the state lies west of its middle
    west = {"x": box["width"] / 2 - 50, "y": box["height"] / 2 - 20}
    for nudge in range(60):  # the canvas knows what is under the pointer some frames after it is there
        deck.hover(position=west | {"x": west["x"] + nudge % 2})
        with suppress(PlaywrightTimeoutError):
            tip.wait_for(timeout=500)
            break
    deck.click(position=west)
    expect(chip(page, "State: Western Australia")).to_be_visible()
    settle(page)
    expect(page).to_have_url(re.compile("click=map%3AWA"))
    assert canvas.evaluate("one => one.isConnected"), "the same map as before, so zoomed and moved as it was"
    select_row(page, 0)  # the only one
    expect(page).to_have_url(re.compile("click=map%3AWA&click=regions%3AWA"))
    settle(page)
    select_row(page, 0)
    expect(page).not_to_have_url(re.compile("regions"))
    settle(page)
    select_row(page, 0)
    expect(page).to_have_url(re.compile("click=regions%3AWA"))
    click(page, 1, 3)  # after the legend of the map
    expect(page).to_have_url(re.compile(r"click=scatter\.age"))
    expect(chip(page, re.compile("Segment: .+, Age: .+ to below .+, Property valuation: "))).to_be_visible()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_role("button", name="Link copied")).to_be_visible()
    link = page.evaluate("navigator.clipboard.readText()")
    seen = numbers(page)
    other = open_page(link.split("/", 3)[3].replace("as_of=2026-01-01", ""))
    expect(chip(other, "State: Western Australia")).to_be_visible()
    expect(chip(other, re.compile("Segment: .+, Age: .+ to below"))).to_be_visible()
    assert numbers(other) == seen
