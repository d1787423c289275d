"""The map of every country in a browser, of a file of its regions."""

import io
from collections.abc import Iterator

import pytest
from PIL import Image
from playwright.sync_api import Locator, expect

from core.countries.registry import countries
from tests.browser.conftest import Open, serving, settle
from tests.browser.every_map import AT_ONCE

LAND = 0.02  # share of the picture at least that is not of its most frequent colour, the sea
COLOURS = 4  # sea, borders, and shades of regions


def is_drawn(chart: Locator) -> bool:
    picture = Image.open(io.BytesIO(chart.screenshot())).convert("RGB")
    pixels = picture.width * picture.height
    colours = sorted((number for number, _ in picture.getcolors(pixels)), reverse=True)
    return len(colours) >= COLOURS and pixels - colours[0] >= LAND * pixels


@pytest.fixture(scope="module")
def maps() -> Iterator[str]:
    """The address of a server of the maps; it outlives the pages of a test."""
    with serving(app="tests/browser/every_map.py") as address:
        yield address


def test_the_map_of_every_country_is_painted_and_asks_no_other_host(maps: str, open_page: Open) -> None:
    codes, page = sorted(countries()), open_page(address=maps)
    for first in range(0, len(codes), AT_ONCE):
        if first:
            page.get_by_role("button", name="Next").click()
            settle(page)
        for code in codes[first : first + AT_ONCE]:
            chart = page.locator(f".st-key-{code}").get_by_test_id("stDeckGlJsonChart")
            expect(chart.locator("canvas").first).to_be_visible()
            for _ in range(100):  # the canvas is painted some frames after it is there
                if is_drawn(chart):
                    break
                page.wait_for_timeout(100)
            assert is_drawn(chart), f"the map of {code} is blank"
