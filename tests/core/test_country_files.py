"""The files of every country that comes with the app fit together, and each is drawn."""

import json
import re

import pandas as pd
import pytest

from core.countries.currencies import band_of, code_of, currencies, sign_of
from core.countries.decide import Evidence, leading_countries
from core.countries.registry import WORLD, countries, currency_of
from core.countries.votes import postcode_votes, state_votes
from core.schema import MASS_AFFLUENT, normalise
from core.views import maps
from core.views.flat_map import flat_map
from core.views.placed import by_place, located
from core.views.svg import to_svg

LARGEST_MAP = 400_000  # bytes of a page's map
# England is drawn in place of its regions, and the provinces of Ireland in place of their counties.
PARENTS = {"GB": {"England"}, "IE": {"Connacht", "Leinster", "Munster", "Ulster"}}


def places(codes, customers=20):
    frame = pd.DataFrame({"state": codes, "customers": customers})
    return frame.assign(**{f"{MASS_AFFLUENT}_{end}": 7 for end in ("yes", "known")})


@pytest.mark.parametrize("code", sorted(countries()))
def test_the_files_of_a_country_fit_together(code):
    country = countries()[code]
    bordered = {region.code for region, _ in country.borders}
    assert len(bordered) == len(country.borders)
    assert bordered <= country.region_codes == set(country.spellings.values())
    assert code == WORLD or bordered == country.region_codes
    assert all(country.postcodes.fits(shape) for shape in (*country.postcodes.shapes, *country.postcodes.starts))
    assert {place.region for place in country.places} | {*country.prefixes.values()} <= country.region_codes
    assert all(word == normalise(word) for word in country.headers)
    assert country.currency in currencies() or code == WORLD
    assert {region.parent for region in country.regions} - {""} == PARENTS.get(code, set())


@pytest.mark.parametrize("code", sorted(countries()))
def test_every_region_is_drawn(code):
    country = countries()[code]
    parts = {region.code for region, _ in country.drawn(())}
    assert parts == {region.code for region, _ in country.borders} - PARENTS.get(code, set())
    states = maps.by_state(places(sorted(parts)))
    text = maps.deck(states, located(by_place(states, country), country), country).to_json()
    layers = json.loads(text, parse_constant=pytest.fail)["layers"]  # a browser paints nothing at NaN
    features = next(layer for layer in layers if "states" in layer["id"])["data"]["features"]
    assert len(text) < LARGEST_MAP
    assert {feature["properties"]["state"] for feature in features} == parts
    assert all(feature["properties"]["line"].startswith("20 customers") for feature in features)
    assert "not on the map" not in maps.describe_placed(states, located(by_place(states, country), country), country)


@pytest.mark.parametrize("code", ["US", "world", "SG", "NO"])
def test_a_country_is_drawn_on_paper_in_its_projection(code):
    country = countries()[code]
    states = maps.by_state(places(sorted(country.region_codes)))
    drawing = to_svg(
        flat_map(states, located(by_place(states, country), country), country), width=600, title="Map", name="map"
    )
    assert drawing.count("<path") >= len(country.borders)


def test_labels_are_short_and_do_not_cover_each_other():
    america, germany, australia = (countries()[code] for code in ("US", "DE", "AU"))
    nobody = pd.DataFrame({"state": pd.Series(dtype="str"), "customers": pd.Series(dtype="int64")})
    shown = {label.region.code for label in maps.labelled(america.drawn(()), america.view.zoom, nobody)}
    assert {"TX", "CA", "NY", "FL", "ME"} <= shown
    assert not {"DC", "RI", "DE"} & shown
    named = {label.text for label in maps.labelled(germany.drawn(()), germany.view.zoom, nobody)}
    assert named <= {region.name for region in germany.regions}
    assert len(maps.labelled(australia.drawn(()), australia.view.zoom, nobody)) == 8


def drawn_of(code, states):
    return {region.code for region, _ in countries()[code].drawn(states)}


def test_nations_are_drawn_in_place_of_their_regions_where_the_file_has_nations():
    nations, regions = (drawn_of("GB", states) for states in (["England", "Scotland"], ["London", "Scotland"]))
    assert nations == {"England", "Scotland", "Wales", "Northern Ireland"}
    assert len(regions) == 12
    assert "England" not in regions


@pytest.mark.parametrize(
    ("code", "states", "whole"),
    [
        ("GB", {"England": 1, "London": 300, "South East": 200}, False),
        ("GB", {"England": 600, "London": 300, "South East": 200}, True),
        ("GB", {"England": 1}, True),
        ("GB", {"England": 0, "Scotland": 9}, False),
        ("IE", {"Leinster": 3, "Dublin": 300}, False),
        ("IE", {"Leinster": 3, "Cork": 300}, True),
    ],
)
def test_a_region_is_drawn_in_place_of_its_parts_where_it_has_more_customers(code, states, whole):
    drawn, parent = drawn_of(code, states), next(iter(states))
    assert (parent in drawn) is whole
    assert any(region.parent == parent and region.code in drawn for region in countries()[code].regions) is not whole


@pytest.mark.parametrize(
    ("england", "says"),
    [(1, "of England, whose parts are drawn, are"), (3, "of parts of England, which is drawn as one, are")],
)
def test_the_note_says_why_a_nation_or_its_regions_are_not_on_the_map(england, says):
    britain = countries()["GB"]
    states = maps.by_state(places(["England"] * england + ["London", "South East", "Narnia"]))
    note = maps.describe_placed(states, located(by_place(states, britain), britain), britain)
    assert re.search(rf"\d customers {re.escape(says)}", note)
    assert note.endswith("customers of unknown or other region are not on the map.")


def test_every_country_is_a_region_of_the_world():
    named = {country.name for code, country in countries().items() if code != WORLD}
    assert named <= countries()[WORLD].region_codes


@pytest.mark.parametrize(
    ("country", "postcode", "region"),
    [
        ("US", "98101", "WA"),
        ("US", "10001-1234", "NY"),
        ("GB", "SW1A 1AA", "London"),
        ("GB", "EH1", "Scotland"),
        ("GB", "m1 1ae", "North West"),
        ("CA", "H2Y 1C6", "QC"),
        ("CA", "T2P", "AB"),
        ("DE", "01067", "Saxony"),
        ("FR", "75001", "Île-de-France"),
        ("BR", "01001-000", "SP"),
        ("IN", "560001", "KA"),
        ("JP", "100-0001", "Tokyo"),
        ("AU", "0800", "NT"),
        ("AU", "2600", "ACT"),
        ("NL", "1011 AB", "North Holland"),
        ("US", "981", ""),
        ("US", "Unknown", ""),
        ("PL", "00-950", ""),
    ],
)
def test_a_postcode_lies_in_a_region(country, postcode, region):
    assert countries()[country].region_of(postcode) == region


def test_votes_of_postcodes_keep_what_the_region_is_found_by():
    (key,) = postcode_votes(["SW1A 1AA"])
    assert countries()["GB"].region_at(countries()["GB"].postcodes.key_of(*key.split())) == "London"


@pytest.mark.parametrize(
    ("code", "home", "sign"),
    [("AUD", "AUD", "$"), ("AUD", "USD", "A$"), ("GBP", "", "£"), ("₳", "₳", "₳"), ("", "", "")],
)
def test_a_currency_has_its_short_sign_at_home(code, home, sign):
    assert sign_of(code, home) == sign


@pytest.mark.parametrize(
    ("text", "home", "code"),
    [
        ("INR", "", "INR"),
        ("₹", "", "INR"),
        ("Rupees", "", "INR"),
        ("£", "", "GBP"),
        ("R$", "", "BRL"),
        ("$", "CAD", "CAD"),
        ("$", "", ""),
        ("kr", "SEK", "SEK"),
        ("kr", "", ""),
        ("A$", "USD", "AUD"),
        ("", "", ""),
        ("bottle caps", "", ""),
    ],
)
def test_a_sign_of_several_currencies_is_that_of_the_country(text, home, code):
    assert code_of(text, home) == code


def test_bands_are_a_hundred_thousand_to_a_million_or_as_much_as_that_buys():
    assert band_of("USD") == band_of("EUR") == band_of("AUD") == (100_000, 1_000_000)
    assert band_of("INR") == (2_000_000, 20_000_000)
    assert band_of("XXX") is None
    for one in (one for one in currencies().values() if one.band_low):
        leading = f"{one.band_low:.0f}".rstrip("0")
        assert leading in ("1", "2", "5")
        assert one.band_high == 10 * one.band_low
        assert one.ppp is None or 1 / 1.6 < one.band_low / (100_000 * one.ppp) < 1.6, one.code


def test_each_country_has_the_sign_of_its_currency():
    assert [currency_of(code) for code in ("AU", "US", "GB", "IN", "BR", "DE", "world", "")] == [
        "$", "$", "£", "₹", "R$", "€", "", "",
    ]  # fmt: skip


@pytest.mark.parametrize("code", sorted(countries()))
def test_every_region_of_a_file_lands_on_the_map_of_its_country(code):
    country = countries()[code]
    words = state_votes([region.name for region in country.regions])
    assert leading_countries(Evidence(words, headers={normalise(country.region)})) == (code,)
    bordered = {region.code for region, _ in country.borders}
    specks = country.region_codes - bordered  # of the world, and too small to draw
    assert set(country.spellings.values()) - specks == bordered
    assert not specks or code == WORLD


@pytest.mark.parametrize(
    ("place", "region"),
    [
        ("Greater Manchester", "North West"),
        ("Kent", "South East"),
        ("Gtr Manchester", "North West"),
        ("Northants", "East Midlands"),
        ("Ross-shire", "Scotland"),
        ("Co. Antrim", "Northern Ireland"),
        ("Cymru", "Wales"),
        ("Lloegr", "England"),
        ("Leeds", "Yorkshire and The Humber"),
    ],
)
def test_counties_and_cities_of_britain_are_spellings_of_its_regions(place, region):
    assert countries()["GB"].spellings[normalise(place)] == region
