"""What the regions of a map are shaded by: numbers, scale, and who is too few to stand out."""

import json
from dataclasses import replace

import pandas as pd
import pytest

from core.schema import MASS_AFFLUENT
from core.views.map_legend import BUBBLES, legend, legend_layers
from core.views.map_shades import SHADES, Shading, blend, greyer, shaded, to_hex

SHARE, CUSTOMERS = Shading("share", "Mass affluent"), Shading()
BALANCE = Shading("value", "Average balance", "balance")
YES, KNOWN = f"{MASS_AFFLUENT}_yes", f"{MASS_AFFLUENT}_known"
TABLE = pd.DataFrame(
    [
        ("A", 400, 100, 400, 400, 400_00),
        ("B", 100, 50, 100, 100, 900_00),
        ("C", 20, 20, 20, 20, 90_000_00),  # few
        ("D", 50, 0, 0, 0, 0),  # nobody is known, or it is hidden
        ("Unknown", 9000, 9000, 9000, 9000, 9),  # not drawn
    ],
    columns=["state", "customers", YES, KNOWN, "balance_n", "balance_sum_2"],
)
DRAWN = ["A", "B", "C", "D", "E"]
LOW, HIGH, EMPTY = (SHADES["light"][name] for name in ("low", "high", "empty"))


@pytest.mark.parametrize(
    ("shading", "numbers", "ends", "ticks"),
    [
        (SHARE, {"A": 0.25, "B": 0.5, "C": 1.0}, (0.1, 0.6), (0.1, 0.2, 0.3, 0.4, 0.5, 0.6)),
        (CUSTOMERS, {"A": 400, "B": 100, "C": 20, "D": 50}, (0, 400), (40, 200, 400)),
        (BALANCE, {"A": 1.0, "B": 9.0, "C": 4500.0}, (0, 10), (0, 2, 4, 6, 8, 10)),
    ],
    ids=["share", "customers", "value"],
)
def test_numbers_and_the_scale_of_those_with_enough_customers(shading, numbers, ends, ticks):
    found = shaded(TABLE, shading, DRAWN)
    assert found.numbers == numbers
    assert (found.scale.low, found.scale.high) == pytest.approx(ends)
    assert found.scale.ticks == pytest.approx(ticks)


def test_a_region_of_few_customers_does_not_stretch_the_scale_and_is_greyer():
    found = shaded(TABLE, SHARE, DRAWN)
    assert found.few == {"C"}
    assert found.fill("C") == greyer(HIGH, "light") != HIGH
    assert found.fill("A") == blend(LOW, HIGH, found.scale.depth(0.25))


def test_where_all_regions_have_few_they_make_the_scale():
    found = shaded(TABLE[TABLE["state"] == "C"], SHARE, DRAWN)
    assert found.few == {"C"}
    assert found.scale.low < 1 <= found.scale.high


def test_where_nothing_is_known_a_region_is_grey():
    found = shaded(TABLE, SHARE, DRAWN)
    assert found.fill("D") == found.fill("E") == EMPTY
    assert shaded(TABLE[:0], SHARE, DRAWN).fill("A") == EMPTY
    assert shaded(TABLE.drop(columns=["balance_n", "balance_sum_2"]), BALANCE, DRAWN).scale is None


def two_shares(customers, *, apart):
    """How far apart two regions are on the scale, of half and a bit more of the customers."""
    yes = [customers * 50 // 100, customers * (50 + apart) // 100]
    table = pd.DataFrame({"state": ["A", "B"], "customers": customers, YES: yes, KNOWN: customers})
    found = shaded(table, SHARE, ["A", "B"])
    first, second = (found.scale.depth(found.numbers[code]) for code in ("A", "B"))
    return second - first


def test_shares_whose_intervals_overlap_look_alike():
    assert two_shares(200, apart=2) < 0.2
    assert two_shares(200, apart=40) > 0.5
    assert two_shares(1_000_000, apart=2) >= 0.5


def test_customers_are_counted_so_none_are_too_few():
    assert shaded(TABLE, CUSTOMERS, DRAWN).few == set()


@pytest.mark.parametrize("values", [(0.0, 0.0), (5.0, 5.0), (-300.0, -100.0), (1e9, 2e9), (1e-6, 2e-6)])
def test_any_numbers_have_a_scale_around_them(values):
    low, high = values
    table = pd.DataFrame({"state": ["A", "B"], "customers": 50, "v_n": 50, "v_sum_9": [low * 50e9, high * 50e9]})
    scale = shaded(table, Shading("value", "V", "v"), ["A", "B"]).scale
    assert scale.low <= low <= high <= scale.high
    assert 2 <= len(scale.ticks) <= 6
    assert 0 <= scale.depth(low) <= scale.depth(high) <= 1


PLACES = pd.DataFrame({YES: [40, 0]})


def keys(chart):
    """Title, values and colours of each part of a legend."""
    found = []
    for layer in chart["layer"]:
        ((channel, one),) = layer["encoding"].items()
        found.append((channel, one["legend"]["title"], one["legend"].get("values"), one["scale"].get("range")))
    return found


def test_the_legend_has_the_scale_the_greys_and_the_bubbles():
    grey = greyer(blend(LOW, HIGH, 0.7), "light")
    assert keys(legend(shaded(TABLE, SHARE, DRAWN), PLACES)) == [
        ("color", "Mass affluent", pytest.approx([0.1, 0.2, 0.3, 0.4, 0.5, 0.6]), [to_hex(LOW), to_hex(HIGH)]),
        ("color", None, None, [to_hex(EMPTY), to_hex(grey)]),
        ("size", BUBBLES, [4, 16, 40], [0, 36**2]),
    ]


def test_the_texts_of_a_scale_stand_under_their_places_and_all_parts_begin_within_it():
    scale, greys, sizes = (
        one["legend"]
        for layer in legend(shaded(TABLE, SHARE, DRAWN), PLACES)["layer"]
        for one in layer["encoding"].values()
    )
    assert scale["encoding"]["labels"] == {"align": {"value": "center"}}
    assert scale["legendX"] == sizes["legendX"] > 10  # pixels: half of the first text
    assert scale["legendX"] + scale["gradientLength"] < greys["legendX"] < 200


def test_the_legend_leaves_out_what_the_map_has_not():
    nothing = legend(shaded(TABLE[:0], SHARE, DRAWN), PLACES[:0])
    assert [title for _, title, *_ in keys(nothing)] == [None]


def test_the_legend_is_in_the_colours_of_its_theme():
    dark = [to_hex(SHADES["dark"][end]) for end in ("low", "high")]
    assert keys(legend(shaded(TABLE, CUSTOMERS, DRAWN), TABLE, theme="dark"))[0][3] == dark


def test_the_legend_of_money_has_its_sign_at_the_numbers():
    (scale, *_) = legend_layers(shaded(TABLE, replace(BALANCE, sign="£"), DRAWN), TABLE, theme="light")
    key = scale["encoding"]["color"]["legend"]
    assert key["title"] == "Average balance"
    assert json.dumps("£") in key["labelExpr"]
