"""What stands on the regions of a map."""

import json

import pandas as pd
import pytest

from core.countries.country import Region
from core.countries.registry import countries
from core.schema import MASS_AFFLUENT
from core.views.map_labels import abbreviated, labelled
from core.views.map_view import views
from core.views.maps import deck

YES, KNOWN = f"{MASS_AFFLUENT}_yes", f"{MASS_AFFLUENT}_known"


def labels(code, customers):
    """The texts on a map of a country, for customers by region."""
    country = countries()[code]
    drawn = country.drawn(customers)
    zoom = views(drawn, occupied=customers, otherwise=country.view)[1].zoom
    states = pd.DataFrame({"state": [*customers], "customers": [*customers.values()]})
    return [label.text for label in labelled(drawn, zoom, states)]


def test_regions_with_customers_have_a_label_before_larger_ones_beside_them():
    shown = labels("US", {"MA": 101, "IL": 90, "CA": 8, "FL": 7, "WA": 6})
    assert shown[:2] == ["MA", "IL"]
    assert "RI" not in shown
    assert "NS" in labels("CA", {"QC": 20, "NS": 3})


def test_a_name_stands_where_it_fits_and_else_what_is_short_for_it():
    five = {"Bavaria": 9, "North Rhine-Westphalia": 8, "Baden-Württemberg": 7, "Berlin": 6, "Saxony": 5}
    assert labels("DE", five)[:5] == ["Bavaria", "NRW", "BW", "Ber.", "Saxony"]


def test_a_region_without_customers_has_its_code_or_name_or_none():
    assert "SH" not in labels("DE", {"Bavaria": 9})
    assert "Hesse" in labels("DE", {"Bavaria": 9})


def test_two_regions_with_one_abbreviation_have_none():
    square = {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]}
    names = ["South East", "Sutton East", "North West"]
    drawn = [(Region(name, name, 9.0 * place, 0.0), square) for place, name in enumerate(names)]
    shown = labelled(drawn, 3, pd.DataFrame({"state": names, "customers": 5}))
    assert [label.text for label in shown] == ["NW"]


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("North Rhine-Westphalia", "NRW"), ("Yorkshire and The Humber", "YTH"), ("Saarland", "Saa."),
        ("Æ", "Æ."), ("52.4–52.6° N", ""), ("", ""),
    ],
)  # fmt: skip
def test_what_is_short_for_a_name(name, short):
    assert abbreviated(name) == short


def test_the_browser_draws_letters_of_any_language():
    table = pd.DataFrame({"state": ["Bavaria"], "region": "", "customers": 9, YES: 0, KNOWN: 0})
    drawn = json.loads(deck(table, table, countries()["DE"]).to_json())["layers"]
    assert [layer["characterSet"] for layer in drawn if layer["id"].startswith("labels")] == ["auto"]
