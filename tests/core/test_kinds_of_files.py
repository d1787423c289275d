"""The country of whole files of many kinds, none of them of the countries and forms that other tests have."""

from dataclasses import replace
from datetime import date

import pytest

from core.analysis import Analysis
from core.cubes.opened import opened
from core.pipeline import load, segment
from core.results import FILES
from core.rules import Intake, Rules
from core.sources.file import FileSource
from core.visuals.registry import VISUALS
from core.visuals.visual import picture

ROWS = 120
AS_OF = date(2024, 1, 1)


def study_of(columns, rows=ROWS, country="auto"):
    """A file of some columns of places, which repeat, beside an id, an age and a balance."""
    table = {"Ref": [f"R{n:05}" for n in range(rows)]}
    table |= {header: [values[n % len(values)] for n in range(rows)] for header, values in columns.items()}
    table.setdefault("Age", [str(20 + n * 7 % 60) for n in range(rows)])
    table.setdefault("Balance", [str(900 + n * n * 37 % 91_111) for n in range(rows)])
    lines = [";".join(table), *(";".join(cells) for cells in zip(*table.values(), strict=True))]
    return load([FileSource("book.csv", "\n".join(lines).encode())], Rules(AS_OF, intake=Intake(country=country)))


IRISH = ["Dublin", "Cork", "Galway", "Kerry", "Mayo", "Limerick", "Donegal", "Wexford", "Louth", "Clare"]
MEXICAN = ["Jalisco", "Nuevo León", "CDMX", "Yucatán", "Puebla", "Sonora", "Estado de México", "Oaxaca"]
NIGERIAN = ["Lagos", "Kano", "Rivers", "FCT", "Oyo", "Enugu", "Kaduna", "Ogun", "Akwa Ibom"]
KANJI = ["東京都", "大阪府", "北海道", "京都府", "福岡県", "愛知県"]
ROMAJI = ["Tokyo", "Osaka", "Hokkaido", "Kyoto", "Fukuoka", "Aichi", "Kanagawa"]
PHILIPPINE = ["NCR", "CALABARZON", "Central Luzon", "Davao Region", "Bicol Region", "Western Visayas"]
ZIPS = ["90012", "10001", "77002", "98101", "60601", "33101", "02108", "30303"]
GERMAN_TOWNS = ["Köln", "Essen", "Dortmund", "Leipzig", "Nürnberg"]

KINDS = {
    "counties of Ireland": ({"County": IRISH}, "IE"),
    "counties of Ireland with Co.": ({"County": [f"Co. {name}" for name in IRISH]}, "IE"),
    "Mexican estados": ({"Estado": MEXICAN}, "MX"),
    "states of Nigeria": ({"State of residence": NIGERIAN}, "NG"),
    "prefectures in kanji": ({"都道府県": KANJI}, "JP"),
    "prefectures in kanji without the last sign": ({"都道府県": ["東京", "大阪", "北海道", "京都", "福岡"]}, "JP"),
    "prefectures in romaji": ({"Prefecture": ROMAJI}, "JP"),
    "prefectures in capitals with -ken": ({"Pref": ["TOKYO-TO", "OSAKA-FU", "AICHI-KEN", "CHIBA-KEN"]}, "JP"),
    "regions of the Philippines": ({"Region": PHILIPPINE}, "PH"),
    "regions of the Philippines by number": ({"Region": ["Region I", "Region III", "Region IV-A", "NCR"]}, "PH"),
    "ZIPs only": ({"ZIP": ZIPS}, "US"),
    "ZIPs only, in dollars": ({"Postal code": ZIPS, "Income (USD)": ["52000", "61000", "48000"]}, "US"),
    "ZIP+4": ({"Postal": ["90012-1234", "10001-0001", "77002-2222", "60601-3333"]}, "US"),
    "postcodes of Australia with suburbs": ({"Suburb": ["Sydney", "Perth"], "Postcode": ["2000", "6000"]}, "AU"),
    "postcodes of Australia in AUD": ({"Postcode": ["2000", "3000", "4000", "6000"], "Income (AUD)": ["52000"]}, "AU"),
    "WA with ZIPs": ({"State": ["WA"], "ZIP": ["98101", "98052", "99201"]}, "US"),
    "WA with four digits": ({"State": ["WA"], "Postcode": ["6000", "6160", "6230"]}, "AU"),
    "British phones": ({"Phone": ["+44 20 7946 0123", "+44 161 496 0000", "+447700900123"]}, "GB"),
    "German phones": ({"Telefon": ["+49 30 123456", "0049 89 987654", "+49 (0)221 5550"]}, "DE"),
    "rupees in a header": ({"Salary (INR)": ["520000", "610000", "480000"]}, "IN"),
    "złoty in a header": ({"Saldo (PLN)": ["1200,50", "5300,00", "830,10"]}, "PL"),
    "pounds in a column": ({"Currency": ["GBP"], "Amount held": ["1200", "800", "95000"]}, "GB"),
    "two countries": ({"Country": ["USA", "Canada"], "State/Prov": ["CA", "ON", "TX", "QC", "NY", "BC"]}, "world"),
    "ISO codes of three letters": ({"Country": ["DEU", "FRA", "ESP", "ITA"]}, "world"),
    "typos": ({"State": [*["NSW", "VIC", "QLD", "WA"] * 4, "Victorai", "NS Walse", "Quensland"]}, "AU"),
    "cities and rupees": ({"City": ["Mumbai", "Pune", "Surat"], "Balance": ["₹1,00,000", "₹52,000", "₹9,100"]}, "IN"),
    "half blank": ({"Bundesland": ["Bayern", "", "Hessen", "", "", "Sachsen", "n/a", ""]}, "DE"),
    "Länder by their codes": ({"Bundesland": ["BY", "BW", "NW", "HE", "SN", "HH"]}, "DE"),
    "Länder under Land": ({"Land": ["Bayern", "Hessen", "Sachsen", "Berlin", "Saarland"]}, "DE"),
    "cantons by their codes": ({"Kanton": ["ZH", "BE", "VD", "GE", "TI", "SG"]}, "CH"),
    "French names of provinces": ({"Province": ["Québec", "Ontario", "Colombie-Britannique", "Alberta"]}, "CA"),
    "French regions": ({"Région": ["Île-de-France", "Bretagne", "Occitanie", "Normandie"]}, "FR"),
    "French departments": ({"Département": ["Gironde", "Rhône", "Paris", "Finistère"]}, "FR"),
    "Spanish communities": ({"Comunidad autónoma": ["Madrid", "Cataluña", "Andalucía", "Galicia"]}, "ES"),
    "Spanish provinces": ({"Provincia": ["Sevilla", "Málaga", "Valencia", "Zaragoza", "Barcelona"]}, "ES"),
    "provinces of Argentina": ({"Provincia": ["Buenos Aires", "Córdoba", "Mendoza", "Salta", "Santa Fe"]}, "AR"),
    "Italian provinces by their signs": ({"Prov.": ["MI", "RM", "TO", "NA", "BO", "FI", "VE"]}, "IT"),
    "voivodeships": ({"Województwo": ["mazowieckie", "małopolskie", "śląskie", "pomorskie"]}, "PL"),
    "provinces of South Africa": ({"Province": ["Gauteng", "Western Cape", "KwaZulu-Natal", "Limpopo"]}, "ZA"),
    "emirates": ({"Emirate": ["Dubai", "Abu Dhabi", "Sharjah", "Ajman"]}, "AE"),
    "Korean": ({"시도": ["서울특별시", "부산광역시", "경기도", "인천광역시"]}, "KR"),
    "Turkish": ({"İl": ["İstanbul", "Ankara", "İzmir", "Bursa", "Antalya"]}, "TR"),
    "Indonesian": ({"Provinsi": ["Jawa Barat", "DKI Jakarta", "Bali", "Banten"]}, "ID"),
    "Thai": ({"จังหวัด": ["กรุงเทพมหานคร", "เชียงใหม่", "ภูเก็ต", "ชลบุรี"]}, "TH"),
    "American states in capitals": ({"STATE_NM": ["CALIFORNIA", "TEXAS", "NEW YORK", "DISTRICT OF COLUMBIA"]}, "US"),
    "outward codes": ({"Postcode district": ["SW1A", "M1", "EH1", "CF10", "BT1"]}, "GB"),
    "British counties": ({"County": ["Greater Manchester", "Kent", "Essex", "Surrey", "Devon", "Merseyside"]}, "GB"),
    "forward sortation areas": ({"FSA": ["H2Y", "T2P", "M5V", "V6B"]}, "CA"),
    "Dutch postcodes": ({"Postcode": ["1011 AB", "3511 CD", "5611EM"]}, "NL"),
    "CEP": ({"CEP": ["40010-000", "01001-000", "20010-000"]}, "BR"),
    "Singapore dollars": ({"Postal code": ["018956", "238801", "049483"], "Balance": ["S$1,200", "S$800"]}, "SG"),
    "one country under Country": ({"Country": ["Germany"], "Town": GERMAN_TOWNS}, "DE"),
    "counties of Norway of before": ({"Fylke": ["Oslo", "Vestland", "Rogaland", "Viken", "Agder"]}, "NO"),
    "counties of Sweden": ({"Län": ["Stockholms län", "Skåne län", "Uppsala län"]}, "SE"),
    "counties of America under a header of places": ({"County": ["Cook", "Kings", "Orange", "Dade", "Pima"]}, ""),
    "Canada by phone and codes": ({"Prov": ["ON", "AB", "BC"], "Mobile": ["+1 416 555 0100", "+1 403 555 0199"]}, "CA"),
    "Georgia alone": ({"State": ["Georgia"]}, ""),
    "regions of a country not known here": ({"Region": ["Ashanti", "Volta", "Bono", "Ahafo", "Oti"]}, ""),
    "no place at all": ({"Product": ["Gold", "Silver", "Basic"]}, ""),
    "five digits alone": ({"Postal code": ["80331", "10115", "20095"]}, ""),
    "four digits alone": ({"Postcode": ["2000", "3000", "4000", "6000"]}, ""),
    "American phones": ({"Phone": ["+1 212 555 0100", "+1 416 555 0100"]}, ""),
    "states of two countries": ({"State": ["CA", "TX", "NY", "ON", "BC", "QC"]}, ""),
}


@pytest.mark.parametrize("kind", KINDS)
def test_the_country_of_a_kind_of_file(kind):
    columns, country = KINDS[kind]
    assert study_of(columns).country == country


@pytest.mark.parametrize(
    ("columns", "asked"),
    [
        ({"State": ["WA"]}, ["AU", "US"]),
        ({"State": ["Georgia"]}, ["US", "world"]),
        ({"Phone": ["+1 212 555 0100", "+1 416 555 0100"]}, ["CA", "US"]),
        ({"Postal code": ["80331", "10115", "20095", "69117"]}, ["DE", "FR", "MX", "US", "BR"]),
        ({"Postal code": ["80331", "10115", "20095"], "Saldo (EUR)": ["12", "4055"]}, ["DE", "FR", "IT"]),
        ({"Bundesland": ["Bayern", "Hessen"]}, []),
        ({"State": ["A", "B", "C"]}, []),
        ({"Product": ["Gold", "Silver"]}, []),
    ],
)
def test_a_tie_is_asked_and_no_country_is_taken_without_an_answer(columns, asked):
    study = study_of(columns)
    options = [option.value for question in study.questions for option in question.options]
    assert options == ([*asked, "none"] if asked else [])
    if asked:
        assert (study.country, study.questions[0].proposal) == ("", "none")
        answered = study_of(columns, country=asked[0])
        assert (answered.country, answered.questions) == (asked[0], ())


def test_regions_within_several_countries_are_spelled_by_their_own_and_others_are_counted():
    places = [("USA", "Texas"), ("Canada", "Québec"), ("USA", "WA"), ("Canada", "ON"), ("Australia", "WA")]
    places += [("USA", "Atlantis"), ("Chad", "Kanem"), ("Australia", "New South Wales")]
    study = study_of(
        dict(zip(("Country", "Province/State"), map(list, zip(*places, strict=True)), strict=True)), rows=80
    )
    found = study.customers[["state", "subregion"]].drop_duplicates().astype("str").to_numpy().tolist()
    assert study.country == "world"
    assert found == [
        ["United States", "TX"], ["Canada", "QC"], ["United States", "WA"], ["Canada", "ON"], ["Australia", "WA"],
        ["United States", "Atlantis"], ["Chad", "Kanem"], ["Australia", "NSW"],
    ]  # fmt: skip
    assert [column.label for column in study.columns if column.meaning == "place"] == ["Country", "Province/State"]
    steps = {step.title: step.cells_changed for step in study.steps}
    assert steps["Province/State: spelled as in the row's country"] == 30
    assert steps["Province/State: no region of the row's country, kept as it is"] == 10


def test_one_country_with_customers_of_other_nations_stays_one_country():
    nations = ["United States"] * 6 + ["Mexico", "Cuba"]
    study = study_of({"State": ["CA", "TX", "NY", "FL"], "Native country": nations})
    assert (study.country, "subregion" in study.customers) == ("US", False)


def test_a_result_without_rows_has_the_map_of_one_of_its_countries():
    places = [("USA", "Texas"), ("Canada", "ON"), ("USA", "NY"), ("Canada", "Quebec"), ("USA", "CA")]
    study = study_of(dict(zip(("Country", "State"), map(list, zip(*places, strict=True)), strict=True)))
    segments = segment(study, 2)
    file = FILES["summary.zip"].make(Analysis(study, segments))
    result, its_segments, score = opened(file, "stamp")
    in_sums = Analysis(result, its_segments, score, filters={"state": ("Canada",)})
    in_rows = Analysis(study, segments, filters={"state": ("Canada",)})
    found = [picture(VISUALS["within"], one).data for one in (in_sums, in_rows)]
    assert found[0].country.code == "CA"
    assert found[0].states["state"].tolist() == ["ON", "QC"]
    assert found[0].states.equals(found[1].states)
    assert not VISUALS["map"].is_possible(in_sums)


def test_a_country_whose_customers_have_no_region_leaves_the_map_of_the_world():
    """The regions of other countries have codes that are regions of this one, too."""
    places = [("USA", "WA"), ("Canada", "ON"), ("USA", "NY"), ("Canada", "Quebec"), ("Australia", "")]
    study = study_of(dict(zip(("Country", "State"), map(list, zip(*places, strict=True)), strict=True)))
    one = Analysis(study, segment(study, 2), filters={"state": ("Australia",)})
    assert [VISUALS[key].is_possible(one) for key in ("within", "map")] == [False, True]
    canada = replace(one, filters={"state": ("Canada",)})
    assert [VISUALS[key].is_possible(canada) for key in ("within", "map")] == [True, False]


def test_postcodes_of_one_of_several_countries_are_in_its_own_areas():
    places = [("USA", "CA", "90210"), ("USA", "TX", "75001"), ("Canada", "ON", "M5V 2T6"), ("Canada", "QC", "H2X 1Y4")]
    study = study_of(dict(zip(("Country", "State", "Postal code"), map(list, zip(*places, strict=True)), strict=True)))
    one = Analysis(study, segment(study, 2), filters={"state": ("Canada",)})
    found = picture(VISUALS["postcodes"], one)
    assert found.title.endswith("by postal code area in Canada")
    assert {*found.data["postcodes"]} == {"M5V", "H2X"}
