"""What only a browser shows: files dropped, the slider moved, links opened, pixels of the map."""

import csv
import io
import re
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, TimeoutError, expect

from core.views.map_shades import SHADES, blend
from pages.components.help import TOPICS
from tests.browser.conftest import Open, settle

PAGES = {
    "": "Segment overview",
    "demographics": "Segment demographics",
    "strategy": "Strategy",
    "data": "Data",
}
CHARTS = {"": 3, "demographics": 3, "strategy": 3, "data": 1}  # Vega charts in sight, the map's legend among them


def kpi(page: Page, label: str) -> str:
    card = page.get_by_test_id("stMetric").filter(has_text=re.compile(f"^{label}"))
    return card.get_by_test_id("stMetricValue").inner_text()


def upload(page: Page, *files: Path | dict) -> None:
    page.locator('input[type="file"]').first.set_input_files(list(files))


def sample_badge(page: Page) -> Locator:
    return page.get_by_test_id("stMain").get_by_text("Sample data").filter(visible=True)


def choose_state(page: Page, state: str) -> None:
    box = page.get_by_test_id("stMultiSelect").filter(has_text="State").locator("input")
    option = page.get_by_role("option", name=state, exact=True)
    for again in (True, True, False):  # the list closes where the page still moves, as after files were read
        box.fill(state)
        try:
            option.click(timeout=3_000)
            break
        except TimeoutError:
            assert again, f"The list of states does not stay open for {state}."
    page.keyboard.press("Escape")


def numbers(page: Page) -> list[str]:
    """Every figure on the page that depends on the data: cards and captions."""
    settle(page)
    return (
        page.get_by_test_id("stMain").locator('[data-testid="stMetric"], [data-testid="stCaption"]').all_inner_texts()
    )


def heading(title: str) -> re.Pattern[str]:
    """The heading of a page with that title in the navigation, where it may be shorter."""
    return re.compile(rf"^(Mass affluent )?{re.escape(title)}$", re.IGNORECASE)


def go(page: Page, title: str) -> None:
    """To another page by its link, which is behind a button on a phone."""
    behind = page.get_by_test_id("stExpandSidebarButton")
    if behind.is_visible():
        behind.click()
    page.get_by_role("link", name=title, exact=True).click()
    expect(page.locator("h1")).to_have_text(heading(title))
    settle(page)


@pytest.mark.parametrize(("width", "dark"), [(1440, True), (400, False)], ids=["wide and dark", "phone and light"])
def test_every_page_shows_all_its_charts_at_every_width(open_page: Open, width: int, dark: bool) -> None:
    page = open_page(width=width, dark=dark)
    charts = page.get_by_test_id("stVegaLiteChart").filter(visible=True)
    for path, title in PAGES.items():
        if path:
            go(page, title)
        expect(page.locator("h1")).to_have_text(heading(title))
        expect(charts).to_have_count(CHARTS[path])
        for chart in charts.all():
            expect(chart.locator("canvas, svg.marks").first).to_be_visible()
        if path == "strategy":
            if dark:
                assert_map_is_painted(page, "dark")
            page.get_by_role("tab", name="Fair targeting").click()
            expect(charts).to_have_count(CHARTS[path] + 1)  # two in place of the tornado
            expect(charts.last.locator("svg.marks").first).to_be_visible()
        assert_fits(page)


def test_every_help_topic_fits_a_phone(open_page: Open) -> None:
    page = open_page("help", width=400)
    for title in TOPICS.values():
        page.get_by_test_id("stMain").get_by_role("combobox").click()
        page.get_by_role("option", name=title, exact=True).click()
        expect(page.locator("h1")).to_have_text(heading(title))
        settle(page)
        assert_fits(page)


def assert_fits(page: Page) -> None:
    """Nothing makes the page pan to the side."""
    for element in ("html", '[data-testid="stMain"]'):
        wide = page.locator(element).evaluate("element => [element.scrollWidth, element.clientWidth]")
        assert wide[0] <= wide[1], element


def assert_map_is_painted(page: Page, theme: str) -> None:
    """The map's pixels are sea and shades of states, from the palest to the deepest."""
    sea, low, high = (SHADES[theme][name] for name in ("sea", "low", "high"))
    deck = page.get_by_test_id("stDeckGlJsonChart")
    deck.scroll_into_view_if_needed()

    def share(*colours: tuple[int, int, int]) -> float:
        picture = Image.open(io.BytesIO(deck.screenshot())).convert("RGB")
        near = sum(
            n
            for n, pixel in picture.getcolors(picture.width * picture.height)
            if any(all(abs(a - b) <= 6 for a, b in zip(pixel, colour, strict=True)) for colour in colours)
        )
        return near / (picture.width * picture.height)

    shades = [blend(low, high, part / 8) for part in range(9)]

    page.wait_for_function("document.querySelector('[data-testid=stDeckGlJsonChart] canvas')")
    for _ in range(20):  # the canvas is painted some frames after it is there
        if share(*shades) > 0.005:
            break
        page.wait_for_timeout(500)
    assert share(*shades) > 0.005
    assert share(sea) > 0.2


def test_the_wheel_over_the_map_scrolls_the_page_and_a_tooltip_is_whole(open_page: Open) -> None:
    page = open_page("strategy")
    deck = page.get_by_test_id("stDeckGlJsonChart")
    deck.scroll_into_view_if_needed()
    assert_map_is_painted(page, "light")
    top = "document.querySelector('[data-testid=stMain]').scrollTop"
    before, box = page.evaluate(top), deck.bounding_box()
    page.mouse.move(box["x"] + 150, box["y"] + 150)
    page.mouse.wheel(0, 100)
    page.wait_for_function(f"{top} > {before}")
    box = deck.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2 - 50, box["y"] + box["height"] / 2 - 20)
    tooltip = page.locator(".deck-tooltip")
    expect(tooltip).to_contain_text("95% interval")
    inside, around = tooltip.bounding_box(), deck.bounding_box()
    assert around["x"] <= inside["x"]
    assert inside["x"] + inside["width"] <= around["x"] + around["width"]


def test_slider_and_filter_move_every_page_and_their_link_shows_the_same_numbers(open_page: Open) -> None:
    page = open_page()
    everybody = kpi(page, "Total customers")
    page.get_by_role("slider").focus()
    page.keyboard.press("ArrowRight")
    expect(page).to_have_url(re.compile("k=6"))
    choose_state(page, "TAS")
    expect(page.get_by_role("button", name="State: TAS")).to_be_visible()
    settle(page)
    assert kpi(page, "Total customers") != everybody
    go(page, "Segment demographics")
    expect(page.get_by_role("button", name="State: TAS")).to_be_visible()
    go(page, "Segment overview")
    expect(page.get_by_test_id("stMetric").filter(has_text="Total customers")).to_have_count(1)
    seen, link = numbers(page), page.url

    other = open_page(link.split("/", 3)[3].split("?")[0] + "?" + link.split("?")[1].replace("as_of=2026-01-01", ""))
    assert numbers(other) == seen
    other.get_by_role("button", name="State: TAS").click()
    expect(other.get_by_role("button", name="State: TAS")).to_have_count(0)
    expect(other).not_to_have_url(re.compile("state="))


def test_the_cleaned_customers_are_downloaded_and_what_was_done_to_them_is_one_click_away(open_page: Open) -> None:
    page = open_page()
    page.get_by_text("Downloads").click()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Cleaned customers").click()
    rows = list(csv.DictReader(io.StringIO(Path(waiting.value.path()).read_text("utf-8"))))
    assert waiting.value.suggested_filename == "customer_data_cleaned.csv"
    assert len(rows) == 3996
    assert {row["Cluster"] for row in rows} == {"1", "2", "3", "4", "5", "Not clustered"}
    assert not {"first_name", "last_name"} & set(rows[0])
    page.get_by_role("link", name="What was done to the data").click()
    expect(page.locator("h1")).to_have_text("Data")
    expect(page.get_by_text("Rejected rows: 4")).to_be_visible()
    page.get_by_text("Remove the deceased").click()
    expect(page.get_by_text("Rejected rows: 0")).to_be_visible()
    expect(page.get_by_text("4,000 customers").first).to_be_visible()


def test_what_is_wrong_with_a_formula_is_pointed_at_in_sight(open_page: Open) -> None:
    page = open_page(width=400)
    page.get_by_role("button", name="Edit measures").click()
    page.get_by_label("Name", exact=True).fill("Wrong")
    page.get_by_label("Formula").fill("share(is_mass_afluent)")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("share(is_mass_afluent)\n      ^")).to_be_in_viewport(ratio=1)


@pytest.mark.real_data
def test_the_real_tables_dropped_together_are_joined_and_on_the_map(open_page: Open, real_data: Path) -> None:
    page = open_page()
    upload(page, real_data / "CustomerDemographic.csv", real_data / "CustomerAddress.csv")
    expect(page.get_by_text("3,998 customers", exact=False).first).to_be_visible()
    settle(page)
    assert [kpi(page, label) for label in ("Total customers", "Total mass affluent", "Not clustered")] == [
        "3,998",
        "1,836",
        "92",
    ]
    page.get_by_role("button", name="notes").click()
    expect(page.get_by_text("92 of 3,998 customers are not clustered")).to_be_visible()
    page.keyboard.press("Escape")
    go(page, "Strategy")
    assert_map_is_painted(page, "light")


def test_a_browser_draws_the_numbers_of_a_chart_in_the_style_that_is_chosen(open_page: Open) -> None:
    page = open_page("?numbers=1.234.567,89")
    bar = page.get_by_test_id("stVegaLiteChart").nth(1).locator(".mark-rect > path").first
    box = bar.bounding_box()
    tooltip = page.locator("#vg-tooltip-element")
    for nudge in range(20):  # a chart takes a while to listen
        page.mouse.move(box["x"] + 0.45 * box["width"] + nudge % 2, box["y"] + 0.5 * box["height"])
        page.wait_for_timeout(250)
        if tooltip.is_visible():
            break
    assert re.search(r"\d,\d\d\n", tooltip.inner_text()), tooltip.inner_text()
