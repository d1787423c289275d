"""What part of the world a map opens on."""

from math import asinh, log2, pi, radians, tan

import pytest

from core.countries.registry import countries
from core.views.map_view import HEIGHT, NEARER, WIDTH, WORLD_PIXELS, views

FILE_HEIGHT = 380  # pixels of the map that the zooms of the countries' files are for


def view(code, *focus):
    country = countries()[code]
    return views(country.drawn(()), focus, otherwise=country.view)[1]


def fits(opening, west, east):
    """Whether longitudes are in sight on a phone."""
    half = 180 * WIDTH / (WORLD_PIXELS * 2**opening.zoom)
    return opening.longitude - half <= west and east <= opening.longitude + half


@pytest.mark.parametrize("code", sorted(countries().keys() - {"world"}))
def test_a_country_opens_near_the_middle_and_zoom_that_its_file_says(code):
    opening, file = view(code), countries()[code].view
    lower = log2(FILE_HEIGHT / HEIGHT)  # where the height is what limits a country
    assert file.zoom - lower - 0.25 <= opening.zoom <= file.zoom + 0.25
    near = max(0.05, 360 / 2**opening.zoom / 20)  # degrees: the file has one decimal
    assert opening.longitude == pytest.approx(file.longitude, abs=near)
    assert opening.latitude == pytest.approx(file.latitude, abs=near)


def test_a_few_regions_that_lie_far_off_are_not_in_the_opening_view():
    assert fits(view("US"), -124.7, -67)
    assert not fits(view("US"), -150, -67), "Alaska"
    assert fits(view("ES"), -9.2, 4.3)
    assert not fits(view("ES"), -16, 4.3), "the Canaries"


def test_the_map_goes_to_the_regions_in_focus_with_room_around_them():
    assert fits(view("US", "AK"), -168, -130)
    assert not fits(view("US", "AK"), -168, -67)
    assert fits(view("AU", "TAS"), 144.6, 148.4)
    assert view("AU", "ACT").zoom == pytest.approx(view("AU").zoom + NEARER)
    assert view("AU", "Unknown") == view("AU")


def test_without_a_focus_the_map_goes_to_the_regions_with_customers_where_they_are_a_small_part():
    def opening(code, *occupied):
        country = countries()[code]
        return views(country.drawn(()), occupied=occupied, otherwise=country.view)[1]

    assert opening("AU", "NSW", "VIC", "QLD") == view("AU")
    assert opening("IN", "MH", "OD", "KA", "TN", "UP") == view("IN"), "none of few with customers is out of sight"
    assert opening("world", "France", "Germany", "Spain") == view("world", "France", "Germany", "Spain")
    assert opening("world") == view("world")


def test_a_tiny_region_far_off_moves_the_map_only_where_it_has_customers():
    country = countries()["US"]
    mainland, island = (
        views(country.drawn(()), occupied=codes, otherwise=country.view)[0]
        for codes in ({"CA", "NY"}, {"CA", "NY", "PR"})
    )
    assert mainland.latitude > island.latitude + 2
    assert mainland.zoom > island.zoom


def test_all_regions_in_focus_are_the_country():
    assert view("AU", *countries()["AU"].region_codes) == view("AU")
    assert view("US", *countries()["US"].region_codes) == view("US")


def test_the_world_fills_the_height_and_leaves_no_edge():
    size = WORLD_PIXELS * 2 ** view("world").zoom
    middle = size * asinh(tan(radians(view("world").latitude))) / (2 * pi)  # pixels above the equator
    assert HEIGHT <= size <= HEIGHT * 1.3  # as wide as the map
    assert abs(middle) + HEIGHT / 2 <= size / 2 * 1.02
    assert 40 < view("world", "France", "Germany", "Spain").latitude < 52


def test_where_nothing_is_drawn_the_file_says_where():
    australia = countries()["AU"]
    assert views((), otherwise=australia.view) == (australia.view, australia.view)
