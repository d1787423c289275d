"""Customers with coordinates are gathered into the cells of a grid, and no row of anybody is drawn."""

import json
import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.countries.country import Region
from core.countries.registry import countries
from core.reporting.report import report
from core.schema import MASS_AFFLUENT
from core.views.grid import ACROSS, LEAST, cell_size, grid_of, split_swapped, within
from core.views.map_view import Box
from core.views.suppress import HIDDEN
from core.views.tables import cells
from core.visuals.registry import VISUALS
from core.visuals.visual import picture
from tests.core.test_visuals import analysis, in_sums

POINTS = VISUALS["points"]


def size_of(latitudes, longitudes):
    return cell_size(pd.Series(latitudes, dtype="float64"), pd.Series(longitudes, dtype="float64"))


@pytest.mark.parametrize(
    ("latitudes", "longitudes", "size"),
    [
        ([0, 10], [0, 10], (0.5, 0.5)),
        ([47, 55], [6, 15], (0.5, 0.79)),  # a degree of longitude is shorter there
        ([-60, 0, 70], [-120, 0, 120], (10.0, 10.0)),
        ([51.5, 51.5], [-0.1, -0.1], (LEAST, 0.016)),  # a kilometre, though all live at one place
        ([89, 90], [0, 1], (0.05, 0.29)),
        ([None, 51], [1, None], None),
        ([], [], None),
    ],
)
def test_cells_are_as_large_as_the_extent_of_the_customers_asks(latitudes, longitudes, size):
    assert size_of(latitudes, longitudes) == size


def test_a_few_wrong_coordinates_do_not_make_the_cells_large():
    near = [50 + number / 100 for number in range(400)]
    assert size_of(near, near) == size_of([*near, 0, 0], [*near, 0, 179])


def test_swapped_pairs_do_not_make_the_cells_large():
    near = [50 + number / 100 for number in range(100)], [8 + number / 100 for number in range(100)]
    swapped = ([*near[0], *near[1][:4]], [*near[1], *near[0][:4]])
    assert size_of(*swapped) == size_of(*near)


def test_the_way_over_180_degrees_is_taken_where_it_is_shorter():
    latitudes = [-18 + number / 40 for number in range(80)]
    longitudes = [(177 + number / 20 + 180) % 360 - 180 for number in range(80)]
    height, width = size_of(latitudes, longitudes)
    assert width < 0.3
    found = cells_at([(-17.0, 179.8), (-17.0, -180.1), (-17.0, -179.0)], (height, 0.3))
    wests = [geometry["coordinates"][0][0][0] for _, geometry in found.borders]
    easts = [geometry["coordinates"][0][1][0] for _, geometry in found.borders]
    assert (wests, easts) == ([179.8, 180.0, 181.0], [180.0, 180.2, 181.3])
    assert [region.name.split(", ")[1] for region, _ in found.borders] == [
        "179.8–180° E",
        "179.8–180° W",
        "178.7–179° W",
    ]
    wide = cells_at([(60.0, -170.0), (60.0, 10.0)], (1.0, 1.0))
    assert [geometry["coordinates"][0][0][0] for _, geometry in wide.borders] == [-170.0, 10.0]


def test_land_beyond_180_degrees_is_drawn_below_the_grid():
    found = cells_at([(-17.0, 177.0), (-17.0, -179.0)], (1.0, 1.0))
    corners = [point[0] for one in found.ground(2.0) for polygon in one["coordinates"] for point in polygon[0]]
    assert min(corners) < 180 < max(corners)


def test_cells_end_where_the_earth_does():
    found = cells_at([(80.0, -180.0), (-100.0, 160.0), (90.0, 180.0)], (20.0, 40.0))
    assert [region.name for region, _ in found.borders] == [
        "80–90° N, 140–180° W", "80–90° S, 160–180° E", "70–90° N, 140–180° E",
    ]  # fmt: skip


def cells_at(edges, size):
    rows = pd.DataFrame(edges, columns=["latitude", "longitude"])
    return grid_of(rows.assign(state=[f"c{number}" for number in range(len(rows))]), size, countries()["world"])


def test_no_more_squares_are_sent_than_a_page_can_take(monkeypatch):
    monkeypatch.setattr("core.visuals.points.MOST", 2)
    found = picture(POINTS, analysis(bank(["-33.9,151.2"] * 3)))
    assert found.data.states["customers"].tolist() == [200, 200]
    assert found.note.endswith("Not shown: 3 customers in squares with fewer customers.")


coordinates = st.tuples(st.floats(-90, 90), st.floats(-180, 180))


@given(st.lists(coordinates, min_size=1, max_size=60))
def test_a_cell_is_no_smaller_than_a_part_of_the_extent_and_the_cells_count_everybody(places):
    latitudes, longitudes = (pd.Series(values) for values in zip(*places, strict=True))
    height, width = cell_size(latitudes, longitudes)
    rows = pd.DataFrame({"latitude": latitudes, "longitude": longitudes, "customers": 1})
    south, north = np.quantile(split_swapped(rows)[0]["latitude"], (0.02, 0.98))
    assert height >= LEAST * 0.999
    assert height * ACROSS >= (north - south) * 0.999
    assert width >= height * 0.94  # to two figures
    flags = pd.Categorical(["Yes"] * len(places), ["Yes", "No", "Unknown"])
    customers = pd.DataFrame({"latitude": latitudes, "longitude": longitudes, MASS_AFFLUENT: flags})
    customers.loc[len(customers)] = [np.nan, 1.0, "No"]
    assert cells(customers, height, width)["customers"].sum() == len(places)


def test_cells_are_of_counts():
    flags = pd.Categorical(["Yes", "No", "Unknown", "Yes"], ["Yes", "No", "Unknown"])
    customers = pd.DataFrame({
        "latitude": [51.1, 51.4, -0.2, None], "longitude": [7.0, 7.7, 0.1, 3.0], MASS_AFFLUENT: flags,
    })  # fmt: skip
    assert cells(customers, 0.5, 0.8).to_dict("split")["data"] == [[-0.5, 0.0, 1, 0, 0], [51.0, 6.4, 1, 1, 1],
                                                                   [51.0, 7.2, 1, 0, 1]]  # fmt: skip


def test_swapped_pairs_are_told_from_those_that_live_far_away():
    found = pd.DataFrame({
        "latitude": [52.0, 48.0, 50.0, 9.0, 40.0], "longitude": [10.0, 11.0, 8.0, 51.0, -74.0],
        "customers": [50, 60, 70, 2, 3],
    })  # fmt: skip
    kept, swapped = split_swapped(found)
    assert kept["latitude"].tolist() == [52.0, 48.0, 50.0, 40.0]
    assert swapped["customers"].tolist() == [2]


def test_borders_are_cut_to_the_box_around_the_grid():
    square = {"type": "Polygon", "coordinates": [[[0, 0], [10, 0], [10, 10], [0, 10], [0, 0]]]}
    far = {"type": "Polygon", "coordinates": [[[50, 50], [60, 50], [60, 60], [50, 50]]]}
    region = Region("a", "A", 0, 0)
    [cut] = within([(region, square), (region, far)], Box(5, -5, 20, 5))
    [[ring]] = cut["coordinates"]
    assert {tuple(map(float, point)) for point in ring} == {(5.0, 0.0), (10.0, 0.0), (10.0, 5.0), (5.0, 5.0)}
    assert ring[0] == ring[-1]


def bank(extra=()):
    """Four hundred around two cities, and `extra` rows of coordinates."""
    places = [f"{52.5 + i % 7 / 100},{13.4 + i % 5 / 100}" if i % 2 else "48.11371,11.53719" for i in range(400)]
    rows = [f"c{i},{20 + i % 50},{1 + i % 12},{place}" for i, place in enumerate([*places, *extra])]
    return "\n".join(["customer_id,age,property_valuation,latitude,longitude", *rows, ""]).encode()


def test_the_map_has_cells_and_no_customer():
    one = analysis(bank())
    found = picture(POINTS, one)
    text = POINTS.deck(found.data, theme="light").to_json()
    drawn = {layer["id"].split()[0]: layer["data"] for layer in json.loads(text)["layers"]}
    titles = {feature["properties"]["title"] for feature in drawn["states"]["features"]}
    assert len(titles) == len(drawn["states"]["features"]) < 40
    assert all("° N, " in title for title in titles)
    assert "48.11371" not in text
    assert drawn["land"]["features"]
    assert found.data.states["customers"].sum() == 400
    assert found.note == "Each square is about 22 km high and wide."


@pytest.mark.parametrize("hide", [False, True])
def test_the_squares_of_the_map_stand_in_a_table_beside_it(hide):
    one = replace(analysis(bank(["40.7,-74"] * 4)), hide=hide)
    table, states = picture(VISUALS["squares"], one), picture(POINTS, one).data.states
    sheet = VISUALS["squares"].draw(one, table.data)
    first = "Most customers" if hide else "Highest share of mass affluent"  # a hidden share hides that of all others
    assert table.title == f"{first} by latitude and longitude"
    assert dict(zip(sheet.everything["name"], sheet.everything["customers"], strict=True)) == {
        region.name: customers
        for (region, _), customers in zip(picture(POINTS, one).data.country.borders, states["customers"], strict=True)
    }
    assert bool(table.note.count("hidden: fewer than 10 customers")) == hide


def test_unusable_coordinates_are_counted_and_said():
    wrong = ["0,0", "0,0", "95,8", ",", "13.4,52.5", "13.4,52.5", "13.4,52.5"]
    one = analysis(bank(wrong))
    assert picture(POINTS, one).note == (
        "Each square is about 22 km high and wide. Not shown: 3 customers whose latitude and longitude seem to be "
        "swapped, 4 customers without usable coordinates."
    )
    assert any("Latitude and longitude 0 are no place" in warning for warning in one.warnings)


def test_cells_of_few_are_hidden_and_their_customers_are_not_the_rest_of_all():
    far = ["40.7,-74"] * 4
    one = replace(analysis(bank(far)), hide=True)
    found = picture(POINTS, one)
    assert found.data.states["customers"].min() >= 10
    hidden = 404 - int(found.data.states["customers"].sum())
    assert hidden >= 10
    assert found.data.states.attrs[HIDDEN] > 1
    assert "hidden: fewer than 10 customers" in found.note


def squares(rest):
    """Three squares of a hundred, and `rest` rows of coordinates."""
    places = ["52.5,13.4", "48.1,11.5", "50.9,7.0"] * 100
    rows = [f"c{i},{20 + i % 50},{1 + i % 12},{place}" for i, place in enumerate([*places, *rest])]
    return "\n".join(["customer_id,age,property_valuation,latitude,longitude", *rows, ""]).encode()


@pytest.mark.parametrize(
    ("rest", "shown", "told"),
    [
        ([","] * 4, 2, ""),  # with one square hidden, 104 are not shown
        ([","] * 20, 3, "20 customers without usable coordinates"),
        ([*[","] * 20, *["13.4,52.5"] * 4], 3, ""),  # the swapped and the unknown together are no few
    ],
)
def test_those_without_coordinates_are_not_what_the_squares_lack_of_all(rest, shown, told):
    one = replace(analysis(squares(rest)), hide=True)
    found = picture(POINTS, one)
    assert len(found.data.states) == shown
    assert told in found.note
    assert ("Not shown" in found.note) == bool(told)
    assert bool(re.search(r"\d groups? ", found.note)) == (not told)


def test_an_opened_result_and_the_report_have_the_same_map():
    one = analysis(bank(["0,0", "13.4,52.5"]))
    sums = in_sums(one)
    assert sums.cell_size == one.cell_size
    (rows, opened) = (picture(POINTS, base) for base in (one, sums))
    assert rows.note == opened.note
    assert rows.data.states.equals(opened.data.states)
    for base in (one, sums):
        assert "Map of a grid" in POINTS.alt(base)
        assert "by latitude and longitude" in report(base).decode()


def test_a_file_with_regions_has_their_map_and_no_grid():
    header, *rows = bank().decode().splitlines()
    states = [f"{row},{('NSW', 'VIC')[i % 2]}" for i, row in enumerate(rows)]
    one = analysis("\n".join([f"{header},state", *states, ""]).encode())
    assert [VISUALS[key].is_possible(one) for key in ("map", "points", "squares", "states", "regions")] == [
        True, False, False, False, True,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("column", "values", "possible"),
    [
        ("City", ["Leipzig", "Aachen", "Kiel"], True),
        ("City", [f"Town {number}" for number in range(120)], True),
        ("Branch", ["Leeds Briggate", "York", "Hull"], True),
        ("Colour", ["red", "blue"], False),
    ],
)
def test_without_regions_there_are_bars_by_another_place_or_none(column, values, possible):
    rows = [f"c{i},{20 + i % 50},{1 + i % 12},{values[i * i % len(values)]}" for i in range(500)]
    one = analysis("\n".join([f"customer_id,age,property_valuation,{column}", *rows, ""]).encode())
    assert [VISUALS[key].is_possible(one) for key in ("map", "states", "regions")] == [False, possible, possible]
    if possible:
        found = picture(VISUALS["states"], one)
        assert found.note.endswith("No map: the files have no regions.")
        assert f"by {column}" in found.title
