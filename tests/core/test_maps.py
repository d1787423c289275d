"""The map: places summed per state and postcode region, and the deck drawn from them."""

import json
import re
from dataclasses import replace
from datetime import date
from functools import partial
from urllib.parse import unquote

import pandas as pd
import pytest

from core.analysis import Analysis
from core.countries.registry import countries
from core.figures import written_as
from core.number_style import style_of
from core.pipeline import load, segment
from core.rules import Intake, Rules
from core.schema import MASS_AFFLUENT
from core.sources.file import FileSource
from core.views import maps
from core.views.map_tips import Average, tip
from core.views.maps import BUBBLE, LARGEST, SHADES, SMALLEST, by_state
from core.views.placed import by_place, located
from core.visuals.places import region_map
from core.visuals.registry import VISUALS
from core.visuals.visual import picture
from tests.toy_country import customers

AUSTRALIA = countries()["AU"]


def by_region(table):
    """The places of postcodes, as the map has them."""
    return located(by_place(table, AUSTRALIA), AUSTRALIA)


describe_placed = partial(maps.describe_placed, country=AUSTRALIA)
deck = partial(maps.deck, country=AUSTRALIA)
RULES = Rules(date(2026, 1, 1))
YES, KNOWN = f"{MASS_AFFLUENT}_yes", f"{MASS_AFFLUENT}_known"
IN_THE_FILES_ORDER = [
    "Western Australia",
    "Northern Territory",
    "South Australia",
    "Queensland",
    "New South Wales",
    "Victoria",
    "Tasmania",
    "Australian Capital Territory",
]


def places(*rows):
    """A places table of (state, postcode, customers, mass affluent, of so many known)."""
    frame = pd.DataFrame(rows, columns=["state", "postcode", "customers", YES, KNOWN])
    return frame.astype({"state": "category", "postcode": "category"})


FEW = places(
    ("NSW", "2000", 60, 25, 50),
    ("NSW", "2019", 20, 11, 20),
    ("NSW", "2651", 15, 9, 15),
    ("NSW", "Unknown", 5, 0, 5),
    ("VIC", "3000", 25, 0, 25),
    ("NT", "0872", 1, 1, 1),
    ("Unknown", "Unknown", 4, 1, 2),
)


def layers(states, regions, **options):
    return {layer["id"].split()[0]: layer for layer in json.loads(deck(states, regions, **options).to_json())["layers"]}


def states_of(layer):
    return {feature["properties"]["title"]: feature["properties"] for feature in layer["data"]["features"]}


def test_the_wheel_is_not_caught_and_every_view_is_a_map():
    [one] = json.loads(deck(by_state(FEW), by_region(FEW)).to_json())["views"]
    assert (one["@@type"], one["controller"]["scrollZoom"]) == ("MapView", False)


def test_another_turn_renames_every_layer_and_changes_nothing_else():
    first, second = (json.loads(deck(by_state(FEW), by_region(FEW), turn=turn).to_json()) for turn in (0, 1))
    assert not {layer.pop("id") for layer in first["layers"]} & {layer.pop("id") for layer in second["layers"]}
    assert first == second, "the view too: the browser keeps its own while this one stays"


def test_states_are_summed_with_most_customers_first():
    assert by_state(FEW).to_numpy().tolist() == [
        ["NSW", 100, 45, 90],
        ["VIC", 25, 0, 25],
        ["Unknown", 4, 1, 2],
        ["NT", 1, 1, 1],
    ]
    assert by_state(FEW).columns.tolist() == ["state", "customers", YES, KNOWN]


def test_a_file_without_postcodes_has_states_and_no_regions():
    states_only = FEW.drop(columns="postcode")
    pd.testing.assert_frame_equal(by_state(states_only), by_state(FEW))
    assert by_region(states_only).empty
    assert layers(by_state(states_only), by_region(states_only))["regions"]["data"] == []


def test_regions_are_ranges_of_postcodes_at_an_approximate_place():
    found = by_region(FEW)[["region", "state", "latitude", "longitude", "customers", YES, KNOWN]]
    assert found.sort_values("region").to_numpy().tolist() == [
        ["Central deserts", "NT", -24.5, 131.5, 1, 1, 1],
        ["Melbourne inner", "VIC", -37.81, 144.95, 25, 0, 25],
        ["Sydney inner", "NSW", -33.89, 151.2, 80, 36, 70],
        ["Wagga Wagga", "NSW", -35.2, 147.4, 15, 9, 15],
    ]


@pytest.mark.parametrize(
    ("state", "postcode", "region"),
    [
        ("NT", "0870", "Alice Springs"),
        ("NT", "0872", "Central deserts"),  # inside Alice Springs' range: the narrower one wins
        ("NSW", "2649", "Tumbarumba, Wagga"),
        ("NSW", "2651", "Wagga Wagga"),
        ("ACT", "2600", "Canberra"),
        ("NSW", "2600", None),  # a range of another state
        ("WA", "0872", None),
        ("NSW", "9999", None),
        ("NSW", "872", None),  # no postcode
        ("NSW", "2000A", None),
        ("Unknown", "2000", None),
    ],
)
def test_a_postcode_belongs_to_the_narrowest_range_of_its_state(state, postcode, region):
    assert by_region(places((state, postcode, 1, 0, 1)))["region"].tolist() == ([region] if region else [])


@pytest.mark.parametrize(
    ("table", "says"),
    [
        (places(("NSW", "2000", 9, 1, 9)), []),
        (
            FEW,
            ["4 customers of unknown or other state are not on the map", "5 more have no known postcode"],
        ),
        (places(("NSW", "Unknown", 1200, 1, 9)), ["1,200 more have no known postcode"]),
        (
            places(("NSW", "2000", 9, 1, 9), ("NSW", "Unknown", 1, 1, 1), ("Unknown", "Unknown", 1, 1, 1)),
            ["1 customer of unknown or other state is not on the map", "1 more has no known postcode and is in the"],
        ),
    ],
)
def test_the_map_says_who_is_not_on_it(table, says):
    text = describe_placed(by_state(table), by_region(table))
    assert (text == "") == (not says)
    assert [phrase for phrase in says if phrase not in text] == []
    assert len(re.findall(r"\d[\d,]* (?:customers?|more)", text)) == len(says)


@pytest.mark.parametrize(
    "rows", [FEW, FEW.iloc[::-1], FEW.iloc[4:5], FEW.iloc[:0]], ids=["all", "reversed", "VIC", "nobody"]
)
def test_all_eight_states_are_always_drawn_in_the_same_order(rows):
    drawn = layers(by_state(rows), by_region(rows))["states"]["data"]["features"]
    assert [feature["properties"]["title"] for feature in drawn] == IN_THE_FILES_ORDER
    assert sorted(feature["id"] for feature in drawn) == sorted(AUSTRALIA.region_codes)


def test_states_are_shaded_by_the_square_root_of_their_customers():
    drawn = states_of(layers(by_state(FEW), by_region(FEW))["states"])
    low, high = SHADES["light"]["low"], SHADES["light"]["high"]
    assert drawn["New South Wales"]["fill"] == list(high)
    assert drawn["Victoria"]["fill"] == [round((a + b) / 2) for a, b in zip(low, high, strict=True)]  # a quarter
    assert drawn["Tasmania"]["fill"] == list(SHADES["light"]["empty"])


def test_tooltips_say_customers_and_mass_affluent_under_the_same_keys_on_every_layer():
    found = layers(by_state(FEW), by_region(FEW))
    states = {title: tip["line"] for title, tip in states_of(found["states"]).items()}
    assert states["New South Wales"].split("\n") == [
        "100 customers",
        "45 mass affluent, 50.0% of 90 known",
        "95% interval 39.9% to 60.1%",
    ]
    assert states["Tasmania"] == "No customers shown"
    assert [(tip["title"], tip["line"]) for tip in found["regions"]["data"]] == [
        ("Sydney inner, NSW", "80 customers\n36 mass affluent, 51.4% of 70 known\n95% interval 40.0% to 62.8%"),
        (
            "Wagga Wagga, NSW",
            "15 customers\n9 mass affluent, 60.0% of 15 known\n95% interval 35.7% to 80.2%; fewer than 30 known",
        ),
        (
            "Central deserts, NT",
            "1 customer\n1 mass affluent, 100.0% of 1 known\n95% interval 20.7% to 100.0%; fewer than 30 known",
        ),
    ]


def test_the_decks_one_tooltip_reads_keys_that_every_layer_has():
    page = deck(by_state(FEW), by_region(FEW)).to_html(as_string=True)
    [tooltip] = [line for line in page.splitlines() if "const tooltip" in line]
    found = layers(by_state(FEW), by_region(FEW))
    tips = [*states_of(found["states"]).values(), *found["regions"]["data"]]
    assert re.findall(r"{(\w+)}", tooltip) == ["title", "line"]
    assert all({"title", "line"} <= tip.keys() for tip in tips)


def test_bubbles_show_the_mass_affluent_by_area_largest_first_and_none_for_nobody():
    bubbles = layers(by_state(FEW), by_region(FEW))["regions"]
    assert [(bubble["at"], bubble["radius"]) for bubble in bubbles["data"]] == [
        ([151.2, -33.89], LARGEST),
        ([147.4, -35.2], LARGEST / 2),  # a quarter of the customers
        ([131.5, -24.5], round(LARGEST / 6, 1)),
    ]
    assert (bubbles["radiusUnits"], bubbles["getRadius"], bubbles["getFillColor"][:3]) == (
        "pixels",
        "@@=radius",
        [*BUBBLE],
    )


def test_the_smallest_bubble_can_still_be_seen():
    one_of_many = by_region(places(("NSW", "2000", 9000, 9000, 9000), ("VIC", "3000", 1, 1, 1)))
    assert [bubble["radius"] for bubble in layers(by_state(FEW), one_of_many)["regions"]["data"]] == [LARGEST, SMALLEST]


@pytest.mark.parametrize("theme", SHADES)
def test_the_deck_asks_no_server_for_anything(theme):
    drawn = deck(by_state(FEW), by_region(FEW), theme=theme)
    text = unquote(drawn.to_json())
    assert re.findall(r"\w*:?//\S*", text) == []
    assert json.loads(drawn.to_json())["mapStyle"].startswith("data:application/json,")
    assert f"rgb{SHADES[theme]['sea']}" in text


def test_every_layer_has_its_own_id_and_only_data_can_be_picked():
    found = json.loads(deck(by_state(FEW), by_region(FEW)).to_json())["layers"]
    assert [(layer["id"], layer.get("pickable", False)) for layer in found] == [
        ("states 0", True),
        ("regions 0", True),
        ("labels 0", False),
    ]


def test_every_state_has_a_label_inside_australia():
    labels = layers(by_state(FEW), by_region(FEW))["labels"]["data"]
    assert sorted(label["text"] for label in labels) == sorted(AUSTRALIA.region_codes)
    assert all(110 < label["at"][0] < 156 and -45 < label["at"][1] < -10 for label in labels)


def test_a_country_without_places_has_no_bubbles_in_any_text(atlantis):
    (atlantis.folder / "places.csv").unlink()
    study = load([FileSource("bank.csv", customers())], Rules(date(2026, 1, 1)))
    shown = Analysis(study, segment(study, 1))
    one = picture(VISUALS["map"], shown)
    assert (one.title, one.visual.alt(shown), one.note) == (
        "Mass affluent by state (%)",
        "Map of Atlantis: mass affluent by state (%)",
        "",
    )


@pytest.mark.parametrize(
    ("country", "note"),
    [
        (
            "none",
            "None is chosen as the country. Choose another in the sidebar, under Rules and features.",
        ),
        (
            "JP",
            "no customer is known to be in a prefecture of Japan. "
            "Choose another in the sidebar, under Rules and features.",
        ),
    ],
)
def test_without_a_map_the_reason_is_given(country, note):
    study = load([FileSource("bank.csv", customers())], Rules(date(2026, 1, 1), intake=Intake(country=country)))
    assert picture(VISUALS["map"], Analysis(study, segment(study, 1))).note == f"No map: {note}"


@pytest.mark.parametrize(
    ("country", "why"),
    [
        ("none", "None is chosen as the country."),
        ("AT", "no customer is known to be in a Land of Austria."),
        ("world", "no region is the name of a country."),
    ],
)
def test_a_country_that_is_not_the_files_own_is_no_name_of_its_regions(country, why):
    rows = "".join(f"{i},{20 + i},{['Sachsen', 'Bayern', 'Berlin'][i % 3]},{i}\n" for i in range(60))
    content = f"customer_id,age,Bundesland,balance\n{rows}".encode()
    study = load([FileSource("bank.csv", content)], Rules(date(2026, 1, 1), intake=Intake(country=country)))
    of = Analysis(study, segment(study, 1))
    note = f"No map: {why} The regions are those of Germany: choose it in the sidebar, under Rules and features."
    assert picture(VISUALS["map"], of).note == note
    assert VISUALS["states"].title(of, None) == "Customers by Bundesland (% mass affluent of those known)"
    assert of.text("state") == "Bundesland"


@pytest.mark.parametrize(
    ("values", "word"), [(("Wales", "Scotland", "England"), "nation"), (("Wales", "London"), "region")]
)
def test_the_parts_of_the_united_kingdom_are_nations_or_regions(values, word):
    rows = "".join(f"{i},{20 + i},{values[i % len(values)]},{i}\n" for i in range(60))
    content = f"customer_id,age,region,balance (gbp)\n{rows}".encode()
    study = load([FileSource("bank.csv", content)], Rules(date(2026, 1, 1), intake=Intake(country="GB")))
    of = Analysis(study, segment(study, 1))
    assert of.text("state") == word.capitalize()
    assert VISUALS["map"].title(of, None).startswith(f"Mass affluent by {word}")


def test_without_a_state_each_says_what_is_not_there():
    study = load([FileSource("bank.csv", b"customer_id,age\n1,20\n2,30\n3,50\n")], Rules(date(2026, 1, 1)))
    notes = [picture(VISUALS[key], Analysis(study, segment(study, 1))).note for key in ("map", "states")]
    assert notes == [
        "The file has no regions, so there is no map.",
        "The file has no regions, so there are no bars.",
    ]


def test_a_map_can_be_of_another_column_and_country():
    """Here the occupation's values are codes of Australian states."""
    rows = "".join(f"{number},{9 + number % 3},{('NSW', 'VIC')[number % 2]}\n" for number in range(60))
    study = load([FileSource("a.csv", f"customer_id,property_valuation,job_industry\n{rows}".encode())], RULES)
    shown = Analysis(study, segment(study, 1))
    second = region_map("second", "strategy", column="job_industry", country=lambda _: AUSTRALIA)
    assert study.country == ""
    assert second.is_possible(shown)
    assert second.clicks == ("job_industry",)
    one = picture(second, shown)
    assert one.title == "Mass affluent by job industry (%)"
    assert states_of(layers(one.data.states, one.data.regions)["states"])["Victoria"]["line"].startswith("30 customers")
    assert not region_map("none", "strategy", column="job_industry").is_possible(shown)


def bank(rows):
    """An analysis of rows of (state, wealth segment, property valuation), so often each."""
    lines = [line for *cells, times in rows for line in [",".join(map(str, cells))] * times]
    text = "customer_id,state,wealth_segment,property_valuation\n" + "".join(
        f"{number},{line}\n" for number, line in enumerate(lines)
    )
    study = load([FileSource("a.csv", text.encode())], RULES)
    return Analysis(study, segment(study, 1))


IN, OUT = "Affluent Customer", "High Net Worth"
BANK = [("NSW", IN, 9, 40), ("NSW", OUT, 3, 40), ("VIC", IN, 9, 4), ("VIC", OUT, 3, 60), ("TAS", OUT, 6, 3),
        ("QLD", OUT, 6, 7), ("QLD", IN, 5, 33)]  # fmt: skip


def map_by(kind, of):
    """The tooltip of each state with customers, and whether it has a colour."""
    data = picture(VISUALS["map"], replace(of, picks={"map_by": kind})).data
    drawn = states_of(layers(data.states, data.regions, shading=data.shading, averages=data.averages)["states"])
    empty = list(SHADES["light"]["empty"])
    return {
        tip["state"]: (tip["line"].split("\n"), tip["fill"] != empty)
        for tip in drawn.values()
        if tip["line"] != "No customers shown"
    }


def test_what_the_map_says_has_one_style():
    table = by_state(places(("NSW", "2000", 12345, 1234, 9876), ("Unknown", "2000", 1200, 0, 0)))
    with written_as(style_of("de")):
        lines = tip("New South Wales", table.to_dict("records")[0])["line"].replace("\u00a0", " ").split("\n")
        note = describe_placed(table, table)
    assert lines[:2] == ["12.345 customers", "1.234 mass affluent, 12,5 % of 9.876 known"]
    assert lines[2].startswith("95 % interval 11,9 %")
    assert note.startswith("1.200 customers of unknown or other state are")


def test_an_average_of_money_has_its_sign():
    row = {"customers": 4, YES: 0, KNOWN: 0, "balance_n": 4, "balance_sum_2": -1_000_000}
    for sign, text in (("£", "−£2,500"), ("", "−2,500")):
        average = Average("Average balance", sign)
        assert tip("Kent", row, {"balance": average})["line"].split("\n")[1] == f"Average balance: {text}"


def test_a_share_that_tells_of_few_is_neither_said_nor_shaded():
    whole = bank(BANK)
    average = "Average property valuation (band 1–12)"
    assert map_by("share", whole) == {
        "NSW": (
            ["80 customers", "40 mass affluent, 50.0% of 80 known", "95% interval 39.3% to 60.7%", f"{average}: 6.0"],
            True,
        ),
        "VIC": (
            ["64 customers", "4 mass affluent, 6.2% of 64 known", "95% interval 2.5% to 15.0%", f"{average}: 3.4"],
            True,
        ),
        "TAS": (
            [
                "3 customers",
                "0 mass affluent, 0.0% of 3 known",
                "95% interval 0.0% to 56.1%; fewer than 30 known",
                f"{average}: 6.0",
            ],
            True,
        ),
        "QLD": (
            ["40 customers", "33 mass affluent, 82.5% of 40 known", "95% interval 68.1% to 91.3%", f"{average}: 5.2"],
            True,
        ),
    }
    hidden = map_by("share", replace(whole, hide=True))
    assert "TAS" not in hidden
    assert hidden["VIC"] == (["64 customers", f"{average}: 3.4"], False)
    assert map_by("customers", replace(whole, hide=True)).keys() == hidden.keys()


def test_the_analyst_picks_what_regions_are_shaded_by_among_what_is_known():
    (option,) = VISUALS["map"].options
    whole = bank(BANK)
    assert [*option.possible(whole)] == ["share", "customers", "value"]
    titles = [VISUALS["map"].title(replace(whole, picks={"map_by": kind}), None) for kind in option.possible(whole)]
    assert titles == ["Mass affluent by state (%)", "Customers by state", "Average property valuation by state"]
    assert option.chosen(replace(whole, picks={"map_by": "no_such"})) == "share"
    study = load([FileSource("a.csv", b"customer_id,state\n1,NSW\n2,VIC\n3,NSW\n")], RULES)
    assert [*option.possible(Analysis(study, segment(study, 1)))] == ["customers"]


def test_a_kind_of_place_can_have_the_name_of_a_count():
    table = places(("NSW", "2000", 30, 3, 30), ("VIC", "3000", 20, 4, 20)).rename(columns={"state": "branch_n"})
    assert by_state(table, "branch_n")[["branch_n", "customers"]].values.tolist() == [["NSW", 30], ["VIC", 20]]
