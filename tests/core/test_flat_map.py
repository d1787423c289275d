"""The map as a chart: every state in its place, shaded by customers, and bubbles by area."""

import xml.etree.ElementTree as ET

import pandas as pd
import pytest

from core.countries.registry import countries
from core.schema import MASS_AFFLUENT
from core.views.flat_map import LINE, flat_map
from core.views.map_shades import SHADES, to_hex
from core.views.svg import to_svg

AUSTRALIA = countries()["AU"]
STATES = pd.DataFrame({"state": ["NSW", "WA", "Unknown"], "customers": [400, 100, 7]})
REGIONS = pd.DataFrame(
    {"state": ["NSW", "WA"], "region": ["A", "B"], f"{MASS_AFFLUENT}_yes": [40, 10]}
    | {"latitude": [-33.9, -32.0], "longitude": [151.2, 115.9]}
)


@pytest.fixture(scope="module")
def drawing():
    return ET.fromstring(to_svg(flat_map(STATES, REGIONS, AUSTRALIA), width=600, title="Map", name="map"))


def test_each_state_has_its_shade(drawing):
    fills = [path.get("fill") for path in drawing.iter("path") if path.get("stroke") == LINE]
    states = fills[:8]
    assert states.count(to_hex(SHADES["light"]["empty"])) == 6
    assert len(set(states)) == 3


def test_the_country_fits_its_frame_and_no_state_fills_the_world(drawing):
    """A ring wound the wrong way is drawn as all of the world but the state."""
    outlines = [path.get("d") for path in drawing.iter("path") if path.get("stroke") == LINE][:8]
    widths = []
    for outline in outlines:
        xs = [float(pair.split(",")[0]) for pair in outline.replace("Z", "").replace("M", "L").split("L") if pair]
        widths.append(max(xs) - min(xs))
    assert max(widths) < 300
    assert min(widths) > 2


def test_states_are_labelled_and_both_scales_have_a_legend(drawing):
    texts = ["".join(text.itertext()) for text in drawing.iter("text")]
    assert {"NSW", "VIC", "QLD", "WA", "SA", "TAS", "ACT", "NT"} <= set(texts)
    assert {"Customers", "400", "Nobody shown", "40"} <= set(texts)
    spans = [span.text for span in drawing.iter("tspan")]
    assert spans == ["Mass affluent customers", "by postcode area"], "beside the map, in lines that no font cuts"


def test_a_bubbles_area_is_its_number():
    layers = flat_map(STATES, REGIONS, AUSTRALIA).to_dict()["layer"]
    drawn, explained = (layers[place]["encoding"]["size"] for place in (1, -1))
    assert drawn["scale"] == explained["scale"] == {"domain": [0, 40], "range": [0, 36**2]}
    assert (drawn["legend"], explained["legend"]["values"]) == (None, [4, 16, 40])


def test_without_a_region_there_is_no_bubble_and_no_legend_of_one():
    drawing = to_svg(flat_map(STATES, REGIONS[:0], AUSTRALIA), width=600, title="Map", name="map")
    assert "Mass affluent" not in drawing
    assert ">Customers<" in drawing
