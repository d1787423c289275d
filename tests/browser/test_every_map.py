"""The maps of countries that differ most in a browser, each of a file of its regions."""

import io
from collections.abc import Iterator
from itertools import cycle
from typing import Final

import pytest
from PIL import Image
from playwright.sync_api import Page

from core.views.map_shades import SHADES, Theme
from tests.browser.conftest import Open, serving
from tests.browser.every_map import MAP

# What is drawn of every other country, and where its map opens, is tested without a browser.
UNLIKE: Final = {
    "AU": "few and large regions, and places within them",
    "GB": "a nation in place of its regions",
    "NO": "as far north as maps go",
    "NZ": "at the edge of the world, of islands alone",
    "SG": "the smallest",
    "US": "states far off, one of them on both edges of the world",
    "world": "all countries",
}
PAINTED = 50  # pixels at least that have the colour of the regions with most customers


@pytest.fixture(scope="module")
def maps() -> Iterator[str]:
    """The address of a server of the maps; it outlives the pages of a test."""
    with serving(app="tests/browser/every_map.py") as address:
        yield address


def test_the_maps_that_differ_most_are_painted_and_ask_no_other_host(maps: str, open_page: Open) -> None:
    page = open_page(address=maps, width=600)
    themes = cycle(["light", "dark"])  # by turns, so that the map before is not taken for this one
    for code, theme in zip(UNLIKE, themes, strict=False):
        box = page.get_by_label(MAP)
        box.fill(f"{code} {theme}")
        box.press("Enter")
        for _ in range(300):  # a map is painted some frames after it is there
            if painted := is_painted(picture_of(page), theme):
                break
            page.wait_for_timeout(50)
        assert painted, f"the map of {code} is blank"


def picture_of(page: Page) -> Image.Image:
    """The map as it is on the screen."""
    chart = page.get_by_test_id("stDeckGlJsonChart")
    return Image.open(io.BytesIO(page.screenshot(clip=chart.bounding_box()))).convert("RGB")


def is_painted(picture: Image.Image, theme: Theme) -> bool:
    """Whether regions have the shade of those with most customers, which no other theme and nothing else has."""
    pixels = {colour: number for number, colour in picture.getcolors(picture.width * picture.height)}
    return pixels.get(SHADES[theme]["high"], 0) >= PAINTED
