"""The analyst's own borders: matched to a column, in the study, on the map, in the report and in an opened result."""

import io
import json
import zipfile
from dataclasses import replace
from datetime import date
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.analysis import Analysis
from core.cli import main
from core.cubes.opened import opened
from core.customer_base import warnings_of
from core.errors import DataError, DocumentError, RulesError
from core.figures import written_as
from core.files import zip_bytes
from core.ids import plain_id
from core.number_style import style_of
from core.pipeline import load, segment
from core.reporting.report import report
from core.results import FILES
from core.rules import Intake, Rules, from_toml
from core.schema import MASS_AFFLUENT
from core.sources.file import FileSource
from core.strategy.insights import Insight, sentences
from core.territories import match
from core.territories.layer import Feature, Layer
from core.territories.match import Places
from core.territories.territories import BordersFile, Fit, Territories
from core.understanding import findings
from core.visuals.clicks import Click, column_shown, describe, from_text
from core.visuals.place_names import written_in
from core.visuals.registry import VISUALS
from core.visuals.visual import picture
from tests.own_borders import BORDERS_FILE, BRANCHES, borders, customers

RULES = Rules(date(2026, 1, 1))


def loaded(bank, *files, choice=()):
    named = (
        {BORDERS_FILE: files[0]}
        if len(files) == 1
        else {f"areas {number}.json": one for number, one in enumerate(files)}
    )
    sources = [FileSource(name, content) for name, content in {"bank.csv": bank, **named}.items()]
    return load(sources, replace(RULES, intake=Intake(borders=choice)))


def codes(study):
    return {one.code: one.name for one in study.territories.areas}


def test_borders_are_matched_by_the_property_that_fits_a_column_best():
    study = loaded(customers(), borders())
    found = study.territories
    assert found.fit == Fit(BORDERS_FILE, "branch", "branch", 6, 6, 6)
    assert (found.column, found.label, found.empty, found.unplaced) == ("branch", "branch", 0, 0)
    assert codes(study) == {name: name for name in BRANCHES}
    country = found.country
    assert (country.code, country.name, country.region, country.currency) == ("own", "areas", "branch", "")
    assert (study.country, study.size, study.rows_read) == ("AU", 240, 240)  # the country stays for money and postcodes


def test_the_files_in_any_order_give_one_study_and_borders_are_part_of_its_digest():
    bank, areas = FileSource("bank.csv", customers()), FileSource("areas.json", borders())
    one, other = load([bank, areas], RULES), load([areas, bank], RULES)
    assert one.territories == other.territories
    assert one.digest == other.digest != load([bank], RULES).digest


@settings(max_examples=20, deadline=None)
@given(st.randoms(use_true_random=False))
def test_the_order_of_features_and_properties_does_not_matter(random: Random):
    document = json.loads(borders(code=lambda number: f"{number:03d}"))
    before = loaded(customers(), json.dumps(document).encode()).territories
    random.shuffle(document["features"])
    for feature in document["features"]:
        items = [*feature["properties"].items()]
        random.shuffle(items)
        feature["properties"] = dict(items)
    assert loaded(customers(), json.dumps(document).encode()).territories == before


@pytest.mark.parametrize(
    ("values", "texts"),
    [
        (("north harbour", "NORTH  HILLS", "Sóuth-Harbour"), ("North Harbour", "North Hills", "South Harbour")),
        (("7", "8", "10"), ("007", "008", "010")),
        (("007", "008", "010"), ("7", "8", "10")),
        (("B-07", "B-08", "B-10"), ("b 07", "b 08", "b 10")),
        (("7.0", "8.0", "10.0"), ("7", "8", "10")),
    ],
)
def test_spellings_and_codes_with_zeros_are_the_same(values, texts):
    study = loaded(customers(values, "branch"), borders(texts))
    assert (study.territories.fit.matched, study.territories.unplaced) == (3, 0)
    assert sorted(codes(study).values()) == sorted(texts)
    assert {*codes(study)} == {*study.customers["branch"].astype("str")}


ZONES = ("A+", "A-", "B+", "B-")


def test_names_that_differ_in_a_sign_only_are_different_territories():
    study = loaded(customers(ZONES, "zone"), borders(ZONES))
    assert study.territories.fit == Fit(BORDERS_FILE, "branch", "zone", 4, 4, 4)
    assert codes(study) == {name: name for name in ZONES}
    assert loaded(customers(("A", "B", "C"), "zone"), borders((*ZONES, "C"))).territories.fit is None


def test_each_name_is_made_an_id_once_however_many_columns_and_properties_there_are(monkeypatch):
    made = []
    monkeypatch.setattr(match, "plain_id", lambda text: made.append(text) or plain_id(text))
    texts = [{f"p{column}": f"{row:04d}" for column in range(10)} for row in range(20)]
    areas = Layer("areas.json", tuple(Feature(one, ()) for one in texts))
    columns = [Places(f"c{column}", f"c{column}", "", tuple(map(str, range(column, 20)))) for column in range(10)]
    found = match.matches([areas], columns)
    assert {one.fit.matched for one in found if one.places.name == "c3"} == {17}
    assert len(made) == 10 * 20 + sum(range(11, 21))


def test_a_code_that_would_be_left_out_is_read_where_it_names_territories():
    names = [f"{number:03d}" for number in range(1, 81)]
    bank = customers(names, "branch_code", rows=400)
    assert "branch_code" not in loaded(bank, borders(BRANCHES)).customers
    study = loaded(bank, borders(names))
    assert study.territories.fit == Fit(BORDERS_FILE, "branch", "branch_code", 80, 80, 80)
    assert study.customers["branch_code"].nunique() == 80


def test_a_state_is_matched_in_any_spelling_that_the_country_has():
    study = loaded(customers(), borders(("Victoria", "New South Wales", "Tasmania")))
    assert (study.territories.column, study.territories.empty) == ("state", 1)
    assert codes(study) == {"VIC": "Victoria", "NSW": "New South Wales", "Tasmania": "Tasmania"}


def test_numbers_of_features_are_no_names_of_ages_or_small_codes():
    bank = b"customer_id,age,grade code\n" + b"".join(b"c%d,%d,%d\n" % (i, 20 + i % 40, i % 4 + 1) for i in range(200))
    found = loaded(bank, borders(tuple(f"Area {number}" for number in range(40)))).territories
    assert (found.fit, found.areas) == (None, ())
    assert "no borders are drawn" in found.doubt


@pytest.mark.parametrize(("number", "header"), [("OBJECTID", "Area no"), ("no", "Area no"), ("code", "Area code")])
def test_numberings_of_different_things_are_an_option_and_not_drawn_unasked(number, header):
    bank = customers(("1", "2", "3", "4", "5", "6"), header)
    areas = borders(**{number: lambda count: count - 1})
    found = loaded(bank, areas).territories
    assert (found.fit, found.areas) == (None, ())
    assert found.doubt.endswith(
        f" of “{header}”. Small numbers can agree by chance: choose it on the Data page if both number the same "
        "territories."
    )
    assert (number, header, 5) in [(one.property, one.header, one.matched) for one in found.options]
    assert loaded(bank, areas, choice=(number, header)).territories.fit.property == number


@pytest.mark.parametrize(("number", "numbers"), [("area_code", range(1, 7)), ("LGA", range(10_050, 10_350, 50))])
def test_numbers_of_the_same_things_are_drawn(number, numbers):
    areas = borders(**{number: lambda count: numbers[count - 1]})
    found = loaded(customers(tuple(map(str, numbers)), "Area no"), areas).territories
    assert (found.fit.property, found.fit.header, len(found.areas)) == (number, "Area no", 6)


def test_a_numbering_that_fits_by_chance_hides_no_names():
    bank = customers((*BRANCHES, "Online"), "place").decode().splitlines()
    bank = [f"{line},{'Area no' if row == 0 else row % 6 + 1}" for row, line in enumerate(bank)]
    found = loaded("\n".join(bank).encode(), borders((*BRANCHES[:3], "x", "y", "z"))).territories
    assert found.fit is None
    found = loaded("\n".join(bank).encode(), borders((*BRANCHES[:4], "x", "y"))).territories
    assert (found.fit.property, found.fit.header) == ("branch", "place")


def test_several_features_of_one_name_are_one_territory():
    study = loaded(customers(), borders((*BRANCHES, "north harbour")))
    (one,) = [one for one in study.territories.areas if one.code == "North Harbour"]
    assert (len(one.polygons), len(study.territories.areas)) == (2, 6)


@pytest.mark.parametrize("blank", ["Unknown", "n/a", "UNKNOWN"])
def test_a_territory_named_as_a_blank_does_not_collect_the_customers_without_a_value(blank):
    study = loaded(customers((*BRANCHES[:5], "")), borders((*BRANCHES[:5], blank)))
    assert codes(study) == {name: name for name in BRANCHES[:5]}
    assert (study.territories.empty, study.territories.fit.territories) == (0, 5)
    assert "areas.geojson: 1 of its territories have no “branch” and are left out." in warnings_of(study)


def test_a_partial_fit_is_counted():
    study = loaded(customers((*BRANCHES, "Online", "Head Office")), borders((*BRANCHES, "Far Islands")))
    assert warnings_of(study)[-1] == "60 customers have a “branch” without a border: Head Office, Online."
    assert study.territories.described.endswith("6 of 8 values; 1 of 7 territories have no customers")
    hidden = warnings_of(study, few=lambda *_: True)
    assert hidden[-1] == "Customers have a “branch” without a border: Head Office, Online."


def test_counts_are_written_as_the_analyst_writes_numbers():
    fit = Fit("areas.json", "name", "branch", 1_200, 1_500, 1_300)
    found = Territories((BordersFile("areas.json", 1_300, 0),), fit, unplaced=12_345, outside=("Online",))
    with written_as(style_of("de", "EUR")):
        assert "1.200 of 1.500 values" in found.described
        assert found.sentences() == ["12.345 customers have a “branch” without a border: Online."]


def test_no_fit_says_what_came_nearest_with_examples_of_both_sides():
    study = loaded(customers(), borders(("North Harbour", "Central", "Docks", "Lakes", "Woods")))
    assert (study.territories.fit, study.territories.country) == (None, None)
    assert study.territories.doubt == (
        "areas.geojson: no borders are drawn. “branch” comes nearest, with 1 of 6 values of “branch”. Without the "
        "other, “branch” has East Coast, North Hills, South Harbour and more, “branch” has Central, Docks, Lakes "
        "and more. "
        "Choose another property on the Data page, or correct the names in one of the files."
    )
    (finding,) = [one for one in findings(study, segment(study, 2)) if one.key == "borders"]
    assert (finding.text, finding.doubts) == ("not drawn, of areas.geojson", (study.territories.doubt,))


def test_of_two_files_the_better_fitting_is_used():
    study = loaded(customers(), borders(BRANCHES[:4]), borders())
    assert study.territories.fit.file == "areas 1.json"
    assert study.territories.said == ("areas 0.json: not drawn, since areas 1.json fits better.",)
    assert {file.name: study.territories.use_of(file) for file in study.territories.files} == {
        "areas 0.json": ("borders, not drawn", ""),
        "areas 1.json": ("borders", "6 territories by “branch”"),
    }


def moved(content, right, up=0, *, swapped=False):
    """Borders at another place, or with latitude first."""
    document = json.loads(content)
    for one in document["features"]:
        ((*ring,),) = one["geometry"]["coordinates"]
        ring = [[x + right, y + up] for x, y in ring]
        one["geometry"]["coordinates"] = [[point[::-1] for point in ring] if swapped else ring]
    return json.dumps(document).encode()


def test_files_with_different_territories_of_one_property_are_one_map():
    study = loaded(
        customers(), borders(BRANCHES[:2]), moved(borders(BRANCHES[2:4]), 3), moved(borders(BRANCHES[4:]), 6)
    )
    found = study.territories
    assert found.fit == Fit("areas 0.json", "branch", "branch", 6, 6, 6, ("areas 1.json", "areas 2.json"))
    assert codes(study) == {name: name for name in BRANCHES}
    assert (found.said, found.country.name) == ((), "areas 0, areas 1, areas 2")
    assert found.described.startswith("areas 0.json, areas 1.json, areas 2.json, “branch” for “branch”, 6 of 6 values")
    assert {found.use_of(file) for file in found.files} == {("borders", "2 territories by “branch”")}
    assert [one.matched for one in found.options if one.property == "branch"] == [6]
    read = Analysis(*opened(FILES["summary.zip"].make(analysis_of(study)), "stamp"))
    assert read.study.territories == found


BRITISH = customers().replace(b"NSW", b"England").replace(b"VIC", b"Scotland")
FAR_AWAY = "areas.geojson: its borders are far from the country of the customers, Australia."
EXCHANGED = (
    "areas.geojson: its borders are in the country of the customers, United Kingdom, only if latitude and longitude "
    "are exchanged. Export the borders in WGS 84 (EPSG:4326), with longitude before latitude."
)


@pytest.mark.parametrize(
    ("bank", "areas", "sentences"),
    [
        (customers(), moved(borders(), 20), ()),
        (customers(), borders(), ()),
        (
            customers(),
            moved(borders(), -90),
            (FAR_AWAY,),
        ),
        (BRITISH, moved(borders(), -105, 82), ()),
        (BRITISH, moved(borders(), -105, 82, swapped=True), (EXCHANGED,)),
    ],
    ids=["inside", "beside", "far", "inside again", "swapped"],
)
def test_borders_outside_the_country_of_the_customers_are_mentioned(bank, areas, sentences):
    study = loaded(bank, areas)
    assert (study.country, study.territories.said) == ("GB" if bank is BRITISH else "AU", sentences)


@pytest.mark.parametrize("second", [BRANCHES[3:], (*BRANCHES[4:], "a", "b", "c")], ids=["common", "foreign"])
def test_files_with_common_or_foreign_territories_are_not_joined(second):
    study = loaded(customers(), moved(borders(BRANCHES[:4]), 20), borders(second))
    assert study.territories.said == ("areas 1.json: not drawn, since areas 0.json fits better.",)


def test_the_analyst_chooses_the_property_or_none_and_the_rules_keep_it():
    areas = borders(code=lambda number: f"{number:02d}", branch_name=lambda number: BRANCHES[number % 6])
    chosen = loaded(customers(), areas, choice=("branch_name", "branch"))
    assert chosen.territories.fit.property == "branch_name"
    assert from_toml(chosen.rules.to_toml()) == chosen.rules
    assert "borders" not in RULES.to_toml()
    none = loaded(customers(), areas, choice=("none",))
    assert (none.territories.fit, none.territories.doubt) == (None, "")
    assert [one.property for one in none.territories.options][:2] == ["branch", "branch_name"]
    other = loaded(customers(), areas, choice=("what", "branch"))  # of other files
    assert other.territories.fit.property == "branch"
    sentence = "areas.geojson: no value of “branch” is in “what”, which the rules choose for the borders."
    assert sentence in warnings_of(other)
    assert not any("the rules choose" in said for said in (*warnings_of(chosen), *warnings_of(none)))
    with pytest.raises(RulesError, match="“what” is no choice of borders"):
        Intake(borders=("what",))


def test_borders_without_customers_are_refused():
    with pytest.raises(
        DataError, match=r"areas.json: These are borders, and there are no customers\. Add the customer"
    ):
        load([FileSource("areas.json", borders())], RULES)


HOSTILE = ("__proto__", "<img src=x onerror=alert(1)>", "constructor", "{line}", "=1+1", "</script>")


def analysis_of(study):
    return Analysis(study, segment(study, 2))


def test_hostile_names_are_texts_on_the_map_and_in_the_report():
    one = analysis_of(loaded(customers(HOSTILE), borders(HOSTILE)))
    drawn = picture(VISUALS["map"], one)
    features = json.loads(VISUALS["map"].deck(drawn.data, theme="light", clicked=(), turn=0).to_json())["layers"][0]
    titles = {feature["properties"]["title"] for feature in features["data"]["features"]}
    assert {"__proto__", "&lt;img src=x onerror=alert(1)&gt;", "constructor", "&lt;/script&gt;"} <= titles
    assert "<img src=x" not in report(one).decode()


def shaded(one):
    drawn = picture(VISUALS["map"], one)
    return drawn.title, drawn.note, drawn.data.states.set_index("state")["customers"].to_dict()


def test_an_opened_result_has_the_map_of_the_analysis_and_so_has_its_report():
    one = analysis_of(loaded(customers((*BRANCHES, "Online")), borders()))
    read = Analysis(*opened(FILES["summary.zip"].make(one), "stamp"))
    assert read.study.territories == one.study.territories
    assert shaded(read) == shaded(one)
    assert shaded(one)[0] == "Mass affluent by branch (%)"
    for page in (report(one).decode(), report(read).decode()):
        assert 'aria-label="Mass affluent by branch (%)"' in page
        assert page.count("<path") > 6


def test_own_borders_win_for_the_map_and_its_clicks_and_a_country_stays_for_the_rest():
    one = analysis_of(loaded(customers(), borders()))
    assert picture(VISUALS["map"], one).data.country.code == "own"
    assert picture(VISUALS["states"], one).title == "Customers by branch (% mass affluent of those known)"
    assert one.study.column("balance").currency == "AUD"
    assert (
        picture(VISUALS["map"], analysis_of(loaded(customers(), borders(), choice=("none",)))).data.country.code == "AU"
    )


def test_a_place_has_one_spelling_on_chips_in_insights_and_in_the_table():
    one = analysis_of(loaded(customers([name.upper() for name in BRANCHES]), borders()))
    code = "NORTH HARBOUR"
    click, write = Click("regions", (code,), "branch"), written_in(one)
    assert code in one.study.formula_columns["branch"]
    assert describe(click, one.text, write) == "Branch: North Harbour"
    assert "North Harbour" in VISUALS["regions"].draw(one, picture(VISUALS["regions"], one).data).rows["name"].tolist()
    found = Insight(MASS_AFFLUENT, "branch", code, 0.5, 0.5, 2.0, 1.5, 2.5)
    assert sentences((found,), {}, write=write)[0].startswith("Branch: North Harbour is 50.0% of customers")
    assert write("state", "NSW") == "New South Wales"


def test_own_borders_leave_regions_and_postcodes_in_the_words_of_their_country():
    places = (("CA", 90000), ("CA", 94100), ("TX", 75000))
    lines = (f"c{i},{BRANCHES[i % 6]},{20 + i % 50},{1000 + 37 * i},{places[i % 3][0]},{places[i % 3][1] + i % 9}"
             for i in range(360))  # fmt: skip
    bank = "\n".join(["customer_id,branch,age,balance,state,zip", *lines]).encode()
    one = analysis_of(loaded(bank, borders()))
    assert (one.study.country, picture(VISUALS["map"], one).data.country.code) == ("US", "own")
    california = replace(one, filters={"state": ("CA",)}, visual="postcodes")
    found = picture(VISUALS["postcodes"], california)
    assert found.title.endswith("by ZIP area (first 3) in California")
    assert {*found.data["postcodes"]} == {"900", "941"}
    sheet = VISUALS["regions"].draw(one, picture(VISUALS["regions"], one).data)
    assert {row[0] for row in sheet.texts} == {*BRANCHES}


def with_territories(content, change):
    """A result whose territories are changed."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    told = json.loads(files["summary.json"])
    change(told["told"]["territories"])
    return zip_bytes(files | {"summary.json": json.dumps(told).encode()})


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda one: one.update(column="balance"), "its territories are of no column"),
        (lambda one: one.update(column="nothing"), "its territories are of no column"),
        (lambda one: one.update(fit=None), "its territories are of no column"),
        (lambda one: one["areas"].append(one["areas"][0]), "two of its territories are one"),
        (lambda one: one["areas"][0].update(polygons=[]), "a territory has no area"),
        (lambda one: one["areas"][0].update(polygons=[[]]), "a territory has no area"),
        (lambda one: one["areas"][0].update(polygons=[[[[0, 0], [1, 1]]]]), "a territory has no area"),
        (lambda one: one["areas"][0]["polygons"][0][0].append([500, 0]), "a territory lies beyond the world"),
        (lambda one: one["areas"][0]["polygons"][0][0].extend([[1, 1]] * 60_000), "its territories are too many"),
        (lambda one: one["areas"][0].update(name="x" * 300), "its territories are too many"),
        (lambda one: one["areas"][0]["polygons"][0][0].append(["a", 0]), "areas"),
    ],
    ids=["number", "unknown", "no fit", "twice", "nothing", "empty", "two points", "outside", "points", "name", "text"],
)
def test_a_result_with_other_territories_is_refused(change, sentence):
    content = FILES["summary.zip"].make(analysis_of(loaded(customers(), borders())))
    with pytest.raises(DocumentError, match=sentence):
        opened(with_territories(content, change), "stamp")


def test_a_result_of_before_has_none():
    content = FILES["summary.zip"].make(analysis_of(loaded(customers(), borders(), choice=("none",))))

    def drop(territories):
        territories.clear()

    read, _, _ = opened(with_territories(content, drop), "stamp")
    assert read.territories.country is None


def test_the_command_line_takes_borders(tmp_path, capsys):
    (tmp_path / "bank.csv").write_bytes(customers())
    (tmp_path / "areas.json").write_bytes(borders())
    bank, areas, out = (str(tmp_path / name) for name in ("bank.csv", "areas.json", "out"))
    how = ["--as-of", "2026-01-01", "--k", "2", "--out", out]
    assert main(["segment", bank, "--borders", areas, *how]) == 0
    assert "areas.json, “branch” for “branch”, 6 of 6 values" in capsys.readouterr().out
    assert main(["segment", bank, "--borders", bank, *how]) == 2
    assert "bank.csv: These are no borders. Give --borders GeoJSON or TopoJSON." in capsys.readouterr().err
    assert main(["segment", bank, "--borders", areas, "--engine", "spark", *how]) == 2
    assert "Spark draws no borders." in capsys.readouterr().err
    assert main(["read", areas, "--out", out]) == 2
    assert "There are borders and no table." in capsys.readouterr().err


def test_a_click_on_a_territory_selects_its_customers():
    one = analysis_of(loaded(customers(), borders()))
    column = column_shown("map", one)
    click = from_text(Click("map", ("North Harbour",), column).text)
    assert click.where == {"branch": "North Harbour"}
    assert replace(one, clicks=(click,)).totals.customers == 40
