"""Regions and postcodes ranked by their share of mass affluent, as tables for people."""

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.analysis import Analysis
from core.figures import written_as
from core.number_style import style_of
from core.pipeline import load, segment
from core.reporting.report import report
from core.rules import Rules
from core.schema import MASS_AFFLUENT
from core.sources.file import FileSource
from core.views import placed
from core.views.export import to_csv
from core.views.placed import PLACED
from core.views.sheet import Sheet, SheetColumn, file_of, styled
from core.views.suppress import BLANK, shown
from core.visuals.clicks import Click
from core.visuals.ranked import AREA
from core.visuals.ranking import KNOWN, MOST, YES, ranked
from core.visuals.registry import VISUALS
from core.visuals.visual import picture
from tests.core.test_visuals import analysis, in_sums


def table(**groups):
    """Name → customers, mass affluent, of how many known; each has 10 as value."""
    rows = [(name, *counts) for name, counts in groups.items()]
    counts = pd.DataFrame(rows, columns=["city", "customers", YES, KNOWN])
    return counts.assign(income_n=counts["customers"], income_sum_0=counts["customers"] * 10)


def sheet_of(counts, measure="income", sign=""):
    names = [SheetColumn("name", "City")]
    return ranked(
        counts, names, measure=measure, measure_title="Average income ($)", sign=sign,
        label=lambda keys: {"name": keys["city"].str.title()}, marks=["city"],
    )  # fmt: skip


def test_a_group_of_few_does_not_lead_and_one_of_unknown_place_is_last():
    sheet = sheet_of(table(few=(2, 2, 2), many=(400, 300, 400), none=(9, 0, 0), Unknown=(50, 50, 50)))
    assert sheet.header == ("City", "Customers", "Mass affluent", "Share", "Average income ($)")
    assert sheet.texts == [
        ("Many", "400", "300", "75.0% (71–79%)", "10.0"),
        ("Few", "2", "2", "100.0% (34–100%)", "10.0"),
        ("None", "9", "–", "–", "10.0"),
        ("Unknown", "50", "50", "100.0% (93–100%)", "10.0"),
    ]
    assert sheet.marks == [("many",), ("few",), ("none",), ("Unknown",)]


def test_the_more_groups_are_compared_the_less_a_few_customers_lead():
    """Six of six are rare in one of two places, and common in one of a thousand."""
    two = table(small=(6, 6, 6), large=(60, 33, 60))
    others = {f"place {number}": (20, 2, 20) for number in range(1000)}
    thousand = table(small=(6, 6, 6), large=(60, 33, 60), **others)
    assert [sheet_of(one).texts[0][0] for one in (two, thousand)] == ["Small", "Large"]


def test_ten_are_shown_the_others_are_one_row_and_all_are_in_the_file():
    sheet = sheet_of(table(**{f"city {number:02}": (100, 50 - number, 100) for number in range(12)}))
    assert [row[0] for row in sheet.texts] == [*(f"City {number:02}" for number in range(10)), "Other (2)"]
    assert sheet.texts[-1] == ("Other (2)", "200", "79", "39.5% (33–46%)", "10.0")
    assert sheet.marks[-2:] == [("city 09",), ()]
    lines = to_csv(file_of(sheet)).decode().split("\r\n")
    assert lines[0] == "City,Customers,Mass affluent,Share,Share from,Share to,Average income ($)"
    assert len(lines) == 1 + 12 + 1
    eleven = sheet_of(table(**{f"city {number:02}": (100, 50 - number, 100) for number in range(11)}))
    assert eleven.texts[-1][0] == "City 10", "one group as others would tell less"


def test_others_have_no_figure_of_which_a_part_is_hidden():
    """Of each of the last two groups one figure is hidden: what is left of the others is not that of all."""
    counts = table(**{f"city {number:02}": (100, 50 - number, 100) for number in range(14)})
    counts.loc[12, [YES, KNOWN]] = 0
    counts.loc[13, ["income_n", "income_sum_0"]] = 0
    assert sheet_of(counts).texts[-1] == ("Other (4)", "400", "116", "38.7% (33–44%)", "10.0")
    counts.attrs[BLANK] = {MASS_AFFLUENT: 1, "income": 1}
    assert sheet_of(counts).texts[-1] == ("Other (4)", "400", "–", "–", "–")
    counts.attrs[BLANK] = {MASS_AFFLUENT: 0, "income": 1}
    assert sheet_of(counts).texts[-1][2:] == ("116", "38.7% (33–44%)", "–")


def test_the_unknown_of_all_regions_are_one_row():
    states = [f"S{number}" for number in range(20)]
    rows = [(state, city, 100, 20, 100) for state in states for city in ("Unknown", f"{state} city")]
    counts = pd.DataFrame(rows, columns=["state", "city", "customers", YES, KNOWN])
    sheet = ranked(counts, [SheetColumn("name", "City"), SheetColumn("state", "State")], marks=["city"],
                   label=lambda keys: {"name": keys["city"], "state": keys["state"]})  # fmt: skip
    assert [row[0] for row in sheet.texts[-2:]] == ["Other (10)", "Unknown"]
    assert sheet.texts[-1][1:4] == ("", "2,000", "400")
    assert (len(sheet.texts), len(sheet.marks), sheet.marks[-1]) == (12, 12, ())
    assert len(sheet.everything) == 40, "a file has them all"


def test_figures_are_short_enough_for_a_column():
    """A cell that is cut off reads as another number: ₹5,72,812 as ₹5,72,8."""
    counts = table(some=(1000, 30, 1000), few=(100, 9, 100)).assign(income_n=1, income_sum_0=[572_812, 9_999])
    assert [row[-2:] for row in sheet_of(counts, sign="€").texts] == [("9.0% (4.8–16%)", "€9,999"), (
        "3.0% (2.1–4.3%)", "€572.8\N{NO-BREAK SPACE}k",
    )]  # fmt: skip
    with written_as(style_of("de")):
        assert sheet_of(counts, sign="€").texts[1][-2] == "3,0\N{NO-BREAK SPACE}% (2,1–4,3\N{NO-BREAK SPACE}%)"
    assert to_csv(file_of(sheet_of(counts))).decode().splitlines()[1].endswith(",9999"), "a file has them whole"


def test_a_table_without_mass_affluent_or_value_has_neither_column():
    counts = table(small=(6, 0, 0), large=(60, 0, 0)).drop(columns=["income_n", "income_sum_0"])
    sheet = sheet_of(counts)
    assert (sheet.header, sheet.texts) == (("City", "Customers"), [("Large", "60"), ("Small", "6")])


def test_an_average_of_money_has_its_sign():
    sheet = sheet_of(table(small=(6, 0, 0)), sign="₹")
    assert sheet.texts == [("Small", "6", "₹10.0")]
    cells = styled(sheet)._translate(sparse_index=False, sparse_cols=False)["body"][0]
    assert [cell["display_value"] for cell in cells if cell["type"] == "td"] == ["Small", "6", "₹10.0"]
    assert to_csv(file_of(sheet)).decode().splitlines()[1] == "Small,6,10"


def test_the_map_and_the_tables_have_the_sign_of_the_value():
    rows = "".join(f"c{i},{20 + i},{'VIC' if i % 2 else 'NSW'},{1000 * i}\n" for i in range(60))
    study = load(
        [FileSource("bank.csv", f"customer_id,age,state,balance ($)\n{rows}".encode())], Rules(date(2026, 1, 1))
    )
    one = Analysis(study, segment(study, 1), shown_value="balance")
    assert picture(VISUALS["map"], one).data.averages["balance"].sign == "$"
    sheet = VISUALS["regions"].draw(one, picture(VISUALS["regions"], one).data)
    assert sheet.texts[0][-1] == "$29\N{NO-BREAK SPACE}k"


def test_a_browser_sorts_by_numbers_and_shows_texts():
    sheet = sheet_of(table(few=(2, 2, 2), many=(400, 300, 400)))
    shown_ = styled(sheet)
    assert shown_.data["share"].tolist() == [0.75, 1.0]
    cells = shown_._translate(sparse_index=False, sparse_cols=False)["body"]
    assert [cell["display_value"] for cell in cells[0] if cell["type"] == "td"] == [
        "Many", "400", "300", "75.0% (71–79%)", "10.0",
    ]  # fmt: skip


@given(st.lists(st.tuples(st.integers(1, 60), st.integers(0, 60), st.integers(0, 60)), min_size=1, max_size=40))
def test_the_rows_shown_add_up_to_all(drawn):
    counts = table(**{f"c{n}": (a, min(a, b, c), min(a, c)) for n, (a, b, c) in enumerate(drawn)})
    sheet = sheet_of(counts)
    assert sheet.rows["customers"].sum() == counts["customers"].sum() == sheet.everything["customers"].sum()
    assert sheet.rows["affluent"].sum() == counts[YES].sum()
    assert len(sheet.marks) == len(sheet.rows) <= MOST + 1


def bank(rows=600):
    """Postcodes of three states; few live in the Northern Territory, and two in postcode 3009."""
    places = [("NSW", 2000), ("NSW", 2001), ("VIC", 3000), ("VIC", 3004), ("QLD", 4000)]
    lines = ["customer_id,age,property_valuation,state,postcode,wealth_segment"]
    for i in range(rows):
        state, postcode = ("NT", 800) if i < 4 else places[i % 5]
        postcode += 9 if 4 <= i < 14 and postcode == 3000 else 0
        wealth = "Affluent Customer" if i % 7 < (3 if state == "NSW" else 2) else "High Net Worth"
        lines.append(f"c{i},{20 + i % 50},{1 + i % 12},{state},{postcode:04},{wealth}")
    return "\n".join([*lines, ""]).encode()


@pytest.fixture(scope="module")
def whole():
    return analysis(bank())


def drawn(one, key):
    found = picture(VISUALS[key], one)
    return found, VISUALS[key].draw(one, found.data)


def test_regions_have_their_full_names_and_are_clicked_by_their_codes(whole):
    found, sheet = drawn(whole, "regions")
    assert found.title == "Highest share of mass affluent by state"
    assert [row[0] for row in sheet.texts] == ["New South Wales", "Victoria", "Queensland", "Northern Territory"]
    assert sheet.marks == [("NSW",), ("VIC",), ("QLD",), ("NT",)]
    assert sheet.rows["customers"].sum() == 600


def test_postcodes_are_of_the_region_that_is_filtered(whole):
    found, sheet = drawn(whole, "postcodes")
    assert found.title == "Highest share of mass affluent by postcode"
    assert sheet.header[:2] == ("Postcode", "State")
    assert {row[1] for row in sheet.texts} == {"New South Wales", "Victoria", "Queensland", "Northern Territory"}
    victoria = replace(whole, clicks=(Click("regions", ("VIC",)),), visual="postcodes")
    found, sheet = drawn(victoria, "postcodes")
    assert found.title == "Highest share of mass affluent by postcode in Victoria"
    assert sheet.header[:2] == ("Postcode", "Customers")
    assert {row[0] for row in sheet.texts} == {"3000", "3004", "3009"}


def test_postcodes_are_whole_where_none_can_be_one_of_the_chosen_country():
    rows = "".join(f"c{i},{20 + i},Sachsen,0106{i % 3},{1000 * i}\n" for i in range(60))
    intake = replace(Rules(date(2026, 1, 1)).intake, country="GB")
    rules = replace(Rules(date(2026, 1, 1)), intake=intake)
    study = load([FileSource("bank.csv", f"customer_id,age,bundesland,plz,balance (eur)\n{rows}".encode())], rules)
    found, sheet = drawn(Analysis(study, segment(study, 1)), "postcodes")
    assert found.title == "Highest share of mass affluent by postcode in Sachsen"
    assert sorted(row[0] for row in sheet.texts) == ["01060", "01061", "01062"]
    assert len(sheet.everything) == 3


@pytest.mark.parametrize("key", ["regions", "postcodes"])
@pytest.mark.parametrize("hide", [False, True])
def test_an_opened_result_shows_the_same_table(whole, key, hide):
    one, other = replace(whole, hide=hide), replace(in_sums(whole), hide=hide)
    (found, sheet), (opened, of_sums) = drawn(one, key), drawn(other, key)
    assert (found.title, found.note, sheet.texts) == (opened.title, opened.note, of_sums.texts)
    assert len(sheet.texts) > 1


def test_small_groups_are_in_neither_table(whole):
    """With the Northern Territory goes the smallest state, and all postcodes of both; with 3009 another near it."""
    hidden = replace(whole, hide=True)
    (regions, _), (postcodes, _) = drawn(hidden, "regions"), drawn(hidden, "postcodes")
    assert regions.note.startswith("2 groups hidden: fewer than 10 customers")
    assert set(postcodes.data["state"]) == set(regions.data["state"]) == {"NSW", "VIC"}
    assert {*postcodes.data["postcodes"]} == {"2000", "2001", "3004"}
    assert postcodes.data["customers"].min() >= 10


cells = st.lists(
    st.tuples(st.sampled_from("ab"), st.sampled_from("xyz"), st.integers(0, 4), st.integers(1, 25)), min_size=1
)


@given(cells)
def test_what_is_hidden_in_a_part_is_several_groups_of_ten_together(drawn_cells):
    """So that no postcode is what a region, or a bubble in it, has more than the postcodes shown."""
    raw = pd.DataFrame(drawn_cells, columns=["state", "place", "code", "customers"])
    raw = raw.assign(place=raw["state"] + raw["place"], code=raw["place"] + raw["code"].astype("str"))
    counts = raw.groupby(["state", "place", "code"], as_index=False).sum()
    seen = shown(counts.assign(**{YES: 0, KNOWN: 0}), nested=True)
    merged = counts.merge(seen[["state", "place", "code"]].assign(seen=True), how="left")
    merged["seen"] = merged["seen"].fillna(value=False).astype(bool)
    for keys in ([], ["state"], ["state", "place"]):
        for _, part in merged.groupby(keys) if keys else [("", merged)]:
            gone = part.loc[~part["seen"], "customers"]
            assert gone.empty or len(gone) == len(part) or (len(gone) > 1 and gone.sum() >= 10)


def test_the_report_has_the_tables_after_the_map(whole):
    page = report(whole).decode()
    places = [page.index(text) for text in ("by state (%)", "Highest share of mass affluent by state", "Victoria</td>")]
    assert places == sorted(places)
    assert "Highest share of mass affluent by postcode</figcaption>" in page
    hidden = report(replace(whole, hide=True)).decode()
    assert "Northern Territory</td>" not in hidden


def test_a_click_on_a_row_filters_the_others(whole):
    clicked = replace(whole, clicks=(Click("regions", ("QLD",)),))
    assert clicked.totals.customers == 120
    assert picture(VISUALS["regions"], replace(clicked, visual="regions")).data["customers"].sum() == 600


def test_a_sheet_without_marks_can_be_made():
    rows = pd.DataFrame({"name": ["=1+1"], MASS_AFFLUENT: [1]})
    sheet = Sheet([SheetColumn("name", "@City")], rows, rows)
    assert to_csv(file_of(sheet)) == b"'@City\r\n'=1+1\r\n"


somewhere = st.tuples(
    st.sampled_from(["3221", "3490", "3758", "3580", "3004", "3000", "3999", "Unknown"]),
    st.sampled_from(["VIC", "NSW"]),
    st.integers(1, 70),
    st.floats(0, 1),
    st.floats(0, 1),
)


@given(st.lists(somewhere, min_size=3, max_size=14, unique_by=lambda row: row[:2]))
@example([(code, "VIC", n, 0.5, 1.0) for code, n in (("3221", 4), ("3490", 20), ("3758", 20), ("3580", 60))])
def test_the_map_and_the_table_hide_the_same_places(whole, drawn_places):
    rows = [(state, postcode, n, int(n * a * b), int(n * a)) for postcode, state, n, b, a in drawn_places]
    table = pd.DataFrame(rows, columns=["state", "postcode", "customers", YES, KNOWN])
    of = replace(whole, hide=True)
    bubbles = VISUALS["map"].shape(of, table)
    areas = VISUALS["postcodes"].shape(of, table)
    if bubbles is None:
        return
    assert {*areas["state"]} <= {*bubbles.states["state"]}
    sums = placed.located(areas.drop(columns=AREA).groupby(["state", PLACED], as_index=False).sum(), bubbles.country)
    seen = sums.merge(bubbles.regions, "left", ["state", "region"], suffixes=("", "_map"))
    assert seen["customers_map"].notna().all(), "a place of the table is a bubble"
    for name in ("customers", YES, KNOWN):  # a bubble less the postcodes shown is nobody, or ten and more
        told = seen[seen[f"{KNOWN}_map"] > 0] if name != "customers" else seen
        gone = told[f"{name}_map"] - told[name]
        assert ((gone == 0) | (gone >= 10) | (told[name] == 0)).all()


@pytest.mark.parametrize(
    ("code", "word"),
    [("GB", "postcode area"), ("US", "ZIP area (first 3)"), ("AU", "postcode"), ("CA", "postal code area")],
)
def test_what_is_a_part_of_a_postcode_is_called_an_area(whole, code, word):
    study = replace(whole.study, country=code)
    assert VISUALS["postcodes"].alt(replace(whole, study=study)) == f"Table of mass affluent by {word}"
