"""The map of every country in a browser, of a file of its regions."""

import io
from collections.abc import Iterable, Iterator

import pytest
from PIL import Image, ImageChops
from playwright.sync_api import FloatRect, Page

from core.countries.registry import countries
from tests.browser.conftest import Open, serving, settle
from tests.browser.every_map import AT_ONCE, FIRST

SHADED = 0.01  # share of the picture at least that has the colour of regions with customers
BLUER = 25  # how much more blue than red that is; the sea and regions without customers are nearly grey


def blank(page: Page, codes: Iterable[str]) -> list[str]:
    """The countries whose map is not painted yet, by one picture of the page."""
    picture = Image.open(io.BytesIO(page.screenshot(full_page=True))).convert("RGB")
    charts = {code: page.locator(f".st-key-{code}").get_by_test_id("stDeckGlJsonChart") for code in codes}
    boxes = {code: chart.bounding_box() for code, chart in charts.items() if chart.count()}
    return [code for code in charts if not (boxes.get(code) and is_shaded(picture.crop(corners(boxes[code]))))]


def corners(box: FloatRect) -> tuple[float, float, float, float]:
    return box["x"], box["y"], box["x"] + box["width"], box["y"] + box["height"]


def is_shaded(picture: Image.Image) -> bool:
    red, _, blue = picture.split()
    levels = ImageChops.subtract(blue, red).histogram()
    return sum(levels[BLUER:]) >= SHADED * sum(levels)


@pytest.fixture(scope="module")
def maps() -> Iterator[str]:
    """The address of a server of the maps; it outlives the pages of a test."""
    with serving(app="tests/browser/every_map.py") as address:
        yield address


def test_the_map_of_every_country_is_painted_and_asks_no_other_host(maps: str, open_page: Open) -> None:
    codes, page = sorted(countries()), open_page(address=maps)
    for first in range(0, len(codes), AT_ONCE):
        page.goto(f"{maps}/?{FIRST}={first}")
        settle(page)
        waiting = codes[first : first + AT_ONCE]
        for _ in range(300):  # a map is painted some frames after it is there
            if not (waiting := blank(page, waiting)):
                break
            page.wait_for_timeout(100)
        assert not waiting, "these maps are blank"
