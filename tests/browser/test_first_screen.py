"""The first screen of a page has its answer: title, figures and whole charts, with nothing to scroll."""

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import Open, settle
from tests.browser.test_dashboard import go, sample_badge, upload

LAPTOP, PHONE = (1280, 720), (400, 900)
FIRST_CHARTS = {  # page → the charts of its first row: their test ids
    "Segment overview": ["stVegaLiteChart"] * 3,
    "Segment demographics": ["stVegaLiteChart"] * 2,
    "Strategy": ["stDeckGlJsonChart", "stDataFrame"],
}
WITHOUT_FIGURES = ("Segment demographics", "Data")


def ends_at(element: Locator) -> float:
    """The lower end of an element in pixels from the top of the screen."""
    expect(element).to_be_visible()
    box = element.bounding_box()
    return box["y"] + box["height"]


@pytest.mark.parametrize("size", [LAPTOP, PHONE], ids=["laptop", "phone"])
def test_the_first_screen_says_that_it_is_the_sample_and_has_figures_and_whole_charts(
    open_page: Open, size: tuple[int, int]
) -> None:
    width, height = size
    page = open_page(width=width)
    page.set_viewport_size({"width": width, "height": height})
    main = page.get_by_test_id("stMain")
    for title in (*FIRST_CHARTS, *(["Data"] if size == PHONE else [])):
        go(page, title)
        settle(page)
        expect(sample_badge(page)).to_be_in_viewport(ratio=1)
        figures = main.get_by_test_id("stMetric")
        if title not in WITHOUT_FIGURES:
            last = figures.first if size == PHONE else figures.nth(3)
            assert ends_at(main.locator("h1")) < last.bounding_box()["y"]
            assert ends_at(last) <= height
            if size == LAPTOP:
                assert len({(figure.bounding_box()["y"], ends_at(figure)) for figure in figures.all()[:4]}) == 1
        if size == LAPTOP:
            charts = FIRST_CHARTS[title]
            for kind in {*charts, "stVegaLiteChart"}:  # the legend of the map is one
                for chart in main.get_by_test_id(kind).all()[: max(charts.count(kind), 1)]:
                    assert ends_at(chart) <= height, (title, kind)


def bank() -> dict:
    """A German bank's file, in which names of segments and columns are long."""
    rows = (
        f"{i};{20 + i % 60};{['Bayern', 'Hessen', 'Sachsen'][i % 3]};{i % 7 * 40_000 + i},50;{i % 30};{i % 11}"
        for i in range(400)
    )
    header = "Kundennr.;Alter;Bundesland;Guthaben gesamt (EUR);Kunde seit Jahren;Anzahl Produkte"
    return {"name": "bank.csv", "mimeType": "text/csv", "buffer": "\n".join([header, *rows]).encode()}


def test_the_first_screen_has_whole_charts_of_another_country_with_a_filter_and_all_titles(open_page: Open) -> None:
    page = open_page(width=LAPTOP[0])
    page.set_viewport_size(dict(zip(("width", "height"), LAPTOP, strict=True)))
    upload(page, bank())
    expect(page.get_by_text("400 customers").first).to_be_visible(timeout=30_000)
    expect(page.get_by_text("Files loaded")).to_be_visible()  # a run after it would close the list
    settle(page)
    page.get_by_test_id("stMultiSelect").filter(has_text="Land").locator("input").click()
    page.keyboard.type("B")  # BY, the first one
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    main = page.get_by_test_id("stMain")
    for title, charts in FIRST_CHARTS.items():
        go(page, title)  # whose link is in sight
        expect(main.get_by_role("button", name="Land: ")).to_be_visible()
        for kind in {*charts, "stVegaLiteChart"}:  # the legend of the map is one
            for chart in main.get_by_test_id(kind).all()[: max(charts.count(kind), 1)]:
                assert ends_at(chart) <= LAPTOP[1], (title, kind)
