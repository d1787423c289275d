"""A country is data: how it is decided, its postcodes and places, and a second one that is only registered."""

import json
import re
from dataclasses import replace
from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.analysis import Analysis
from core.cleaning.numbers import common_sign
from core.countries.country import read_country
from core.countries.postcodes import PostcodeRule, shape_of
from core.countries.registry import countries
from core.cubes.file import read, to_bytes
from core.cubes.opened import opened
from core.errors import DocumentError, RulesError
from core.intake.facts import votes
from core.measures.measure import Measure
from core.pipeline import load, segment
from core.reporting.report import report
from core.results import FILES
from core.rules import Intake, Rules, from_toml
from core.schema import BY_NAME
from core.sources.file import FileSource
from core.strategy.audience import USUAL
from core.strategy.campaign import default_campaign
from core.strategy.scenario import Scenario
from core.views import maps
from core.views.flat_map import flat_map
from core.views.placed import by_place, located
from tests.toy_country import customers, write_country

RULES = Rules(date(2018, 1, 1))


def loaded(content: bytes, country: str = "auto"):
    return load([FileSource("bank.csv", content)], replace(RULES, intake=Intake(country=country)))


def a_file(states, postcodes):
    rows = [f"{i},{40 + i},{s},{p},{i}000" for i, (s, p) in enumerate(zip(states, postcodes, strict=True))]
    return "\n".join(["customer_id,age,state,postcode,balance", *rows]).encode()


def test_zeros_are_restored_only_where_the_state_is_of_the_country_or_unknown():
    states, postcodes = (
        ["NT", "Texas", "", "NT", "NSW", "VIC", "QLD"],
        ["800", "800", "801", "0900.0", "2000", "3000", "4000"],
    )
    study = loaded(a_file(states, postcodes))
    assert study.country == "AU"
    assert study.customers["postcode"].tolist() == ["0800", "800", "0801", "0900", "2000", "3000", "4000"]
    (step,) = [step for step in study.steps if step.column == "postcode"]
    assert (step.cells_changed, step.example) == (3, "0900.0 → 0900")
    (quality,) = [row for row in study.quality.to_dict("records") if row["column"] == "postcode"]
    assert [quality[name] for name in ("cells", "blank", "invalid", "distinct")] == [7, 0, 0, 7]


@pytest.mark.parametrize(
    ("rule", "before", "after"),
    [
        (PostcodeRule(("9999",), shortest=3), ["800", "80", "2000", "Unknown"], ["0800", "80", "2000", "Unknown"]),
        (PostcodeRule(("99999",), shortest=3), ["501", "1234", "90210"], ["00501", "01234", "90210"]),
        (PostcodeRule(("99999",)), ["1234"], ["1234"]),
        (PostcodeRule(("A9A9A9",), shortest=3), ["123"], ["123"]),
    ],
)
def test_zeros_are_restored_where_the_country_has_them(rule, before, after):
    assert rule.restored(pd.Series(before)).tolist() == after


@pytest.mark.parametrize(
    ("postcode", "key"), [("sw1a 2aa", "SW1A"), ("M1 1AE", "M1"), ("SW1A", ""), ("Unknown", ""), ("", "")]
)
def test_the_end_of_a_postcode_may_be_ignored(postcode, key):
    assert PostcodeRule(("AA9A9AA", "A99AA"), ignored_end=3).key(postcode) == key


def test_a_shape_is_of_digits_and_letters_without_spaces():
    assert shape_of("k1a-0b1 x") == "A9A9A9A"


def test_a_place_is_the_longest_start_of_the_own_region_or_the_narrowest_range(atlantis):
    found = [
        atlantis.place_at(*place) for place in [("01234", "NL"), ("02345", "NL"), ("90000", "SL"), ("90000", "NL")]
    ]
    assert [None if at is None else atlantis.places[at].name for at in found] == [
        "Northland",
        "Lagoon",
        "Southland",
        None,
    ]
    assert atlantis.place_at("", "NL") is None, "no postcode of the country"


@pytest.mark.parametrize("code", ["GB", "US", "CA", "AU", "NL"])
@given(st.lists(st.from_regex(r"[A-Ca-cXx]{0,2}[0-9 X*-]{1,4}[A-Ca-c0-9X*]{0,3}", fullmatch=True)))
def test_a_column_of_postcodes_has_the_keys_of_each(code, postcodes):
    rule = countries()[code].postcodes
    found = ["SW1A 2AA", "90210-1234", "941xx", "K1A 0B1", "800", "Unknown", "", *postcodes]
    assert rule.keys(pd.Series(found, range(5, 5 + len(found)))).tolist() == [rule.key(one) for one in found]


def test_a_column_without_postcodes_has_no_keys():
    assert countries()["GB"].postcodes.keys(pd.Series([], dtype="str")).tolist() == []


def test_countries_that_fit_as_well_as_each_other_are_named_and_none_is_chosen():
    study = loaded(a_file(["", "", ""], ["80331", "10115", "50667"]))
    assert (study.country, study.decided["Country"]) == (
        "", "not decided, it could be Germany, France, Italy or another",
    )  # fmt: skip
    assert "Country" not in loaded(a_file(["NSW", "VIC"], ["2000", "3000"])).decided


def test_a_file_of_no_known_country_gets_no_zeros_no_currency_and_no_map():
    study = loaded(a_file(["Bavaria", "Saxony"], ["101", "102"]))
    assert (study.country, study.customers["postcode"].tolist(), study.column("balance").sign) == (
        "", ["101", "102"], "",
    )  # fmt: skip
    text = report(Analysis(study, segment(study, 1))).decode()
    assert "Customers by state (" in text
    assert "mass affluent by region" not in text


@pytest.mark.parametrize(
    ("amounts", "country", "sign"),
    [
        (["£1,000", "£2", "2 £", "n/a", ""], "none", "£"),
        (["€1", "€2"], "AU", "€"),
        (["A$1", "A$ 2"], "none", "A$"),
        (["R$ 1,50", "R$ 2"], "none", "R$"),
        (["A$1", "$2"], "none", ""),
        (["£1", "2"], "none", ""),
        (["1", "2"], "none", ""),
    ],
)
def test_amounts_that_all_have_one_sign_are_in_that_currency(amounts, country, sign):
    rows = [f'{i},{30 + i},"{amount}"' for i, amount in enumerate(amounts)]
    study = loaded("\n".join(["customer_id,age,balance", *rows]).encode(), country)
    assert study.column("balance").sign == sign
    read, _, _ = opened(FILES["summary.zip"].make(Analysis(study, segment(study, 1))), "stamp")
    assert read.column("balance").sign == sign


def test_signs_of_two_parts_of_a_column_add_up():
    column = BY_NAME["balance"]
    parts = [votes(pd.Series(part), column, date(2018, 1, 1)) for part in (["£1", "£2"], ["£3", ""], ["4"])]
    assert [common_sign(one.counts) for one in (parts[0] + parts[1], parts[0] + parts[2])] == ["£", ""]


@pytest.mark.usefixtures("atlantis")
@pytest.mark.parametrize(
    ("choice", "country", "postcodes", "title"),
    [
        ("auto", "AU", ["0800", "0801"], "$"),
        ("none", "", ["800", "801"], ""),
        ("QQ", "QQ", ["800", "801"], "₳"),
    ],
)
def test_the_analyst_can_choose_the_country(choice, country, postcodes, title):
    study = loaded(a_file(["NT", "NT"], ["800", "801"]), choice)
    found = study.country, study.customers["postcode"].tolist(), study.column("balance").sign
    assert found == (country, postcodes, title)


def test_the_choice_travels_in_the_rules_and_only_if_there_is_one():
    chosen = replace(RULES, intake=Intake(country="AU"))
    assert from_toml(chosen.to_toml()) == chosen
    assert "country" not in RULES.to_toml()
    with pytest.raises(RulesError, match="“ZZ” is not a country"):
        Intake(country="ZZ")
    with pytest.raises(DocumentError, match="“ZZ” is not a country"):
        from_toml('as_of = "2018-01-01"\n[intake]\ncountry = "ZZ"')


@pytest.mark.usefixtures("atlantis")
def test_a_registered_country_is_in_the_study_the_map_the_report_and_an_opened_result():
    study = loaded(customers())
    assert (study.country, study.column("balance").sign) == ("QQ", "₳")
    assert study.customers["state"].value_counts().to_dict() == {"SL": 59, "NL": 58, "EL": 3}
    assert study.customers["postcode"].unique().tolist() == ["90000", "01234"]
    analysis = Analysis(study, segment(study, 2))
    assert "Mass affluent by state (%)" in report(analysis).decode()
    with_money = replace(
        analysis,
        scenarios=(Scenario("One", "Everybody", 100, default_campaign(USUAL["Everybody"])),),
        measures=(Measure("Assets", "sum(balance)", "money"),),
    )
    text = report(with_money).decode()
    amounts = re.findall(r"<td[^>]*>−?₳[0-9.,]+(?:\xa0k)?( to −?₳[0-9,]+)?</td>", text)
    assert len(amounts) == 3 + 3 + 3 + 3  # a scenario, a measure, averages by region and by postcode
    assert "$" not in text
    read, _, _ = opened(FILES["summary.zip"].make(analysis), "stamp")
    assert (read.country, read.column("balance").sign) == ("QQ", "₳")


def test_a_registered_country_draws_its_borders_labels_and_places(atlantis):
    places = pd.DataFrame(
        {"state": ["NL", "SL"], "postcode": ["01234", "90000"], "customers": [5, 7]}
        | {f"Is_Mass_Affluent_Custom_{end}": [2, 3] for end in ("yes", "known")}
    )
    states, regions = maps.by_state(places), located(by_place(places, atlantis), atlantis)
    assert regions[["state", "region", "customers", "latitude", "longitude"]].to_numpy().tolist() == [
        ["NL", "Northland", 5, 5.0, 5.0],
        ["SL", "Southland", 7, 5.0, 15.0],
    ]
    drawn = json.loads(maps.deck(states, regions, atlantis).to_json())
    west, south, east, north = 0, 0, 30, 10
    view = drawn["initialViewState"]
    assert (south < view["latitude"] < north, view["longitude"]) == (True, (west + east) / 2)
    assert [one["properties"]["line"] for one in drawn["layers"][0]["data"]["features"]] == [
        "5 customers\n2 mass affluent, 100.0% of 2 known\n95% interval 34.2% to 100.0%; fewer than 30 known",
        "7 customers\n3 mass affluent, 100.0% of 3 known\n95% interval 43.9% to 100.0%; fewer than 30 known",
        "No customers shown",
    ]
    texts = flat_map(states, regions, atlantis).layer[2].data.values
    assert [one["text"] for one in texts] == ["SL", "NL", "EL"], "most customers first"


def test_a_result_of_before_is_of_the_country_of_its_states(tmp_path):
    with countries().added(write_country(tmp_path)):
        study = loaded(customers())
        of_atlantis = FILES["summary.zip"].make(Analysis(study, segment(study, 2)))
        told = read(of_atlantis)
        model, metadata = replace(told.model, country=""), replace(told.metadata, country=None)
        content = to_bytes(replace(told, model=model, metadata=metadata))
        assert opened(content, "stamp")[0].country == "QQ"
    with pytest.raises(DocumentError, match="its country is 'QQ', and this program knows AE, AR, AT, AU"):
        opened(of_atlantis, "stamp")
    assert opened(content, "stamp")[0].country == ""


def test_a_country_cannot_be_registered_twice_nor_have_a_spelling_without_a_region(atlantis, tmp_path):
    with pytest.raises(ValueError, match="There is a country 'QQ' already"):
        countries().add(atlantis)
    (tmp_path / "QQ" / "spellings.csv").write_text("code,spelling\nXX,Nowhere\n")
    with pytest.raises(ValueError, match=r"QQ/spellings\.csv: the spelling 'Nowhere' of 'XX' has no region, or two"):
        _ = read_country(tmp_path / "QQ").spellings


def test_a_country_needs_no_spellings(atlantis, tmp_path):
    assert atlantis.spellings["nordland"] == "NL"
    (tmp_path / "QQ" / "spellings.csv").unlink()
    assert set(read_country(tmp_path / "QQ").spellings) == {"nl", "northland", "sl", "southland", "el", "eastland"}


def parts_of(folder):
    country = read_country(folder)
    return country.borders, country.places, country.spellings, country.prefixes


@pytest.mark.usefixtures("atlantis")
@pytest.mark.parametrize(
    ("file", "before", "after", "message"),
    [
        ("country.toml", "currency", "curency", "country.toml: it has an unknown 'curency'; known are name, currency"),
        ("country.toml", "shapes", "#", "country.toml: it lacks “shapes”"),
        ("country.toml", "zoom = 4.0", "", "country.toml: “view” lacks “zoom”"),
        ("country.toml", "name =", "name", "country.toml: Expected '='"),
        ("regions.csv", "longitude", "long", "regions.csv: “line 2” has an unknown 'long'; known are code, name"),
        ("regions.csv", "Northland,5", "Northland,east", "regions.csv: “line 2.longitude” is not a number but 'east'"),
        ("places.csv", "NL,,", "XX,,", "places.csv: 'XX' is no region of regions.csv"),
        ("places.csv", "first", "start", "places.csv: “line 2” has an unknown 'start'; known are first"),
        ("spellings.csv", "code", "region", "spellings.csv: its header is 'region,spelling', not 'code,spelling'"),
        ("spellings.csv", "NL,", "NL,x,", "spellings.csv: “line 2” has 3 cells, not 2"),
        ("borders.geojson", '"SL"', '"XX"', "borders.geojson: 'XX' is no region of regions.csv"),
        ("borders.geojson", '"code"', '"id"', "borders.geojson: it lacks 'code', or has another form"),
    ],
)
def test_an_error_in_the_files_of_a_country_names_file_and_part(tmp_path, file, before, after, message):
    path = tmp_path / "QQ" / file
    path.write_text(path.read_text("utf-8").replace(before, after), "utf-8")
    with pytest.raises(ValueError, match=re.escape(f"QQ/{message}")):
        parts_of(tmp_path / "QQ")
