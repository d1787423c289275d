"""The workbook: every number of the pages in typed cells, no text that runs, nothing of few customers while hidden."""

import io
import math
import re
import zipfile
from dataclasses import replace
from datetime import date, datetime

import openpyxl
import pandas as pd
import pytest
from defusedxml import ElementTree

from core.analysis import Analysis
from core.cubes.contents import contents
from core.cubes.file import to_bytes
from core.cubes.opened import opened
from core.figures import written_as
from core.measures.measure import Measure
from core.number_style import style_of
from core.pipeline import load, matrix_of, segment, structure
from core.remarks import Remark, of_segment
from core.reporting.workbook import workbook
from core.reporting.workbook_file import write
from core.reporting.workbook_tab import Cell, Field, Tab, code, number_field
from core.reporting.workbook_text import LONGEST, names, plain
from core.rules import Rules
from core.schema import MASS_AFFLUENT
from core.segments.evidence import sample
from core.sources.file import FileSource
from core.strategy.audience import USUAL
from core.strategy.campaign import default_campaign
from core.strategy.scenario import Scenario
from core.views.sheet import Sheet, file_of
from core.views.summary import share
from core.visuals.clicks import Click
from core.visuals.kpis import cards
from core.visuals.places import Places
from core.visuals.registry import VISUALS
from core.visuals.visual import picture
from data.generate import SAMPLE
from tests.core.test_reporting import customers
from tests.toys import forgotten, toys  # noqa: F401

DAY = date(2018, 1, 1)
HOSTILE = [
    "=1+1", "+1", "-1", "@SUM(A1)", "=HYPERLINK(\"http://a.b\")", "http://example.com", "mailto:a@b.c", "007", "1e5",
    "a\x00b\x0bc", "half \ud800", "<r><t>x</t></r>", "<b>&amp;", "_x0041_", "line\r\nbreak",
    "\u202eright to left", "👩‍👩‍👧",
]  # fmt: skip


def analysis(table, k=2, **more):
    study = load([FileSource("bank.csv", table.to_csv(index=False).encode())], Rules(DAY))
    segments = segment(study, k)
    return Analysis(study, segments, structure(segments, sample(matrix_of(study))), **more)


@pytest.fixture(scope="module")
def whole():
    return analysis(customers())


@pytest.fixture(scope="module")
def sample_data():
    study = load([FileSource("sample.csv", SAMPLE.read_bytes())], Rules(date(2026, 1, 1)))
    segments = segment(study, 5)
    return Analysis(study, segments, structure(segments, sample(matrix_of(study))))


def read(content):
    return openpyxl.load_workbook(io.BytesIO(content))


def tables_of(content):
    """Key of a sheet → its table as read back, by the range that is named."""
    book = read(content)
    found = {}
    for name, defined in book.defined_names.items():
        ((sheet, cells),) = defined.destinations
        header, *rows = ([cell.value for cell in row] for row in book[sheet][cells])
        found[name.removeprefix("table_")] = [dict(zip(header, row, strict=True)) for row in rows]
    return found


def texts_of(content):
    """All texts of a workbook."""
    return [
        str(cell.value)
        for sheet in read(content)
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    ]


def in_sums(of):
    made = contents(of.study, of.study.with_segments(of.segments), of.segments, of.structure, of.frozen)
    study, segments, score = opened(to_bytes(made), "stamp")
    return replace(of, study=study, segments=segments, structure=score)


def segment_of(row):
    return " ".join(str(row[name]) for name in ("Segment", "Name") if row[name] is not None)


def close(found, expected):
    return math.isclose(found, expected, rel_tol=1e-12, abs_tol=1e-12)


def check_chart(rows, chart, *, hide):
    """Every number that a chart draws of a mark stands in the row of that mark; how many are known, unless hidden."""
    known = [] if hide else ["known"]
    [drawn] = chart.to_dict()["datasets"].values()
    assert drawn
    for mark in drawn:
        if 0 in (mark.get("customers"), mark.get("known")):  # it stands pale behind the marks, before a click
            continue
        numbers = [
            mark[name]
            for name in ("customers", "share", "mean", *known, *["median", "lower", "upper", "low", "high"])
            if name in mark
        ]
        if "inner" in mark or "age_bin" in mark:
            cells = [row for row in rows if segment_of(row) == mark["segment"]]
            cells = [row for row in cells if mark.get("inner") in row.values() or "age_bin" in mark]
        else:
            cells = [row for row in rows if segment_of(row) == mark["segment"]]
        assert any(
            all(
                any(isinstance(cell, int | float) and close(cell, number) for cell in row.values())
                for number in numbers
            )
            for row in cells
        ), mark


def check_sheet(rows, sheet):
    whole = file_of(sheet)
    numbers = [[cell for cell in row.values() if isinstance(cell, int | float)] for row in rows]
    expected = [
        [value for value in row if not isinstance(value, str) and value == value]
        for row in whole.itertuples(index=False)
    ]
    assert len(numbers) == len(expected)
    for found, wanted in zip(numbers, expected, strict=True):
        assert len(found) == len(wanted)
        assert all(map(close, found, wanted))


def check_places(rows, places):
    by_name = {row[next(iter(row))]: row for row in rows}
    names = {region.code: region.name for region, _ in places.country.borders}
    shares = share(places.states, MASS_AFFLUENT)
    assert len(by_name) == len(places.states)
    for at, row in places.states.iterrows():
        found = by_name[names.get(row["state"], row["state"])]
        assert found["Customers"] == row["customers"]
        if shares[at] == shares[at]:
            assert close(found["Share mass affluent"], shares[at])
        else:
            assert found["Share mass affluent"] is None


CASES = {
    "all": {},
    "hidden": {"hide": True},
    "clicked": {"clicks": (Click("pie", ("1",)),)},
    "filtered": {"filters": {"state": ("VIC", "NSW")}},
    "hidden and filtered": {"hide": True, "filters": {"owns_car": ("Yes",)}},
}


@pytest.mark.usefixtures("toys")
@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize(("data", "base"), [("whole", "sums"), ("sample_data", "rows")])
def test_every_number_of_every_visual_is_that_of_the_page(data, base, case, request):
    of = request.getfixturevalue(data)
    of = replace(of if base == "rows" else in_sums(of), **CASES[case])
    found, seen = tables_of(workbook(of)), set()
    for key, visual in VISUALS.items():
        shown = picture(visual, of) if visual.is_possible(of) else None
        if shown is None or shown.data is None or shown.empty:
            assert key not in found
            continue
        seen.add(key)
        if isinstance(shown.data, Places):
            check_places(found[key], shown.data)
            continue
        drawn = visual.draw(of, shown.data)
        if isinstance(drawn, Sheet):
            check_sheet(found[key], drawn)
        else:
            check_chart(found[key], drawn, hide=of.hide)
    assert {"pie", "value", "age", "regions"} <= seen


@pytest.mark.parametrize("hide", [False, True])
def test_the_figures_of_the_summary_are_those_of_the_cards(sample_data, hide):
    of = replace(sample_data, hide=hide)
    rows = {row["Figure"]: row for row in tables_of(workbook(of))["summary"]}
    shown = cards(of, "report")
    assert [*rows] == [card.label for card in shown]
    for card in shown:
        value = rows[card.label]["Value"]
        assert (f"{value:,}" if isinstance(value, int | float) else value) == card.value
        assert rows[card.label]["Note"] == card.note
    if not hide:
        assert close(rows["Total mass affluent"]["Share"], of.totals.mass_affluent / of.totals.mass_affluent_known)


def test_its_sheets_are_those_of_the_pages_in_order(whole):
    book = read(workbook(replace(whole, remarks=(Remark("pie", "Look."),))))
    assert book.sheetnames[:4] == ["Summary", "Segments", "Profile", "Customers by segment"]
    assert book.sheetnames[-5:] == ["Notes", "Data dictionary", "Applied steps", "Rejected rows", "Definitions"]


def test_segments_have_sizes_names_traits_and_evidence(whole):
    rows = tables_of(workbook(whole))["segments"]
    assert [(row["Segment"], row["Name"], row["Customers"]) for row in rows] == [
        (1, whole.names["1"], 60), (2, whole.names["2"], 59), (None, "Not clustered", 1),
    ]  # fmt: skip
    assert rows[0]["What sets it apart"] == "\n".join(whole.distinguishing_traits("1"))
    assert (rows[0]["A group of its own"], rows[0]["Share mass affluent"]) == ("Yes", 1)


def test_the_profile_has_every_difference_in_its_own_unit(whole):
    book = read(workbook(whole))
    rows = tables_of(workbook(whole))["profile"]
    assert len(rows) == len(whole.differences)
    for row, (_, found) in zip(rows, whole.differences.iterrows(), strict=True):
        assert close(row["In the segment"], found["here"])
        assert close(row["Effect"], found["effect"])
    formats = {cell.number_format for cell in book["Profile"]["E"]}
    assert {"0.0%", "#,##0.00"} <= formats


def test_columns_steps_and_rejected_rows_tell_of_no_person():
    table = customers().assign(first_name="Zebedee").astype({"customer_id": "str"})
    table.loc[5, "customer_id"] = table.loc[4, "customer_id"] = "twice-4711"
    of = analysis(table)
    content = workbook(of)
    rows = tables_of(content)
    columns = {row["Header"]: row for row in rows["data_dictionary"]}
    assert columns["first_name"]["Taken for"] == "Personal, left out"
    assert (columns["age"]["Unit"], columns["age"]["Filled"]) == ("years", 118 / 119)
    assert (columns["state"]["Distinct values"], columns["state"]["Filled"]) == (3, 1)
    assert rows["rejected_rows"] == [
        {"File": "bank.csv", "Outcome": "rejected", "Reason": "Another row has the same customer id", "Rows": 1}
    ]
    assert not [text for text in texts_of(content) if "Zebedee" in text or "4711" in text]
    with_persons = workbook(of, customers=True)
    assert any("4711" in row["Text of the row"] for row in tables_of(with_persons)["rejected_rows"])
    assert not [text for text in texts_of(with_persons) if "Zebedee" in text]


def test_the_customers_are_a_sheet_only_on_request():
    born = {"date_of_birth": lambda rows: ["" if not at else "1970-03-04" for at in rows.index]}
    table = customers().drop(columns="age").assign(**born, balance=lambda rows: rows.index / 4 + 0.1)
    of = analysis(table)
    assert "customers" not in tables_of(workbook(of))
    content = workbook(of, customers=True)
    rows = tables_of(content)["customers"]
    expected = of.study.with_segments(of.segments).assign(**of.certainties)
    assert [*rows[0]] == [*expected]
    assert [row["customer_id"] for row in rows] == expected["customer_id"].tolist()
    assert {row["date_of_birth"] for row in rows[1:]} == {datetime(1970, 3, 4)}
    assert [row["balance"] for row in rows][:3] == [0.1, 0.35, 0.6]
    assert (rows[0]["date_of_birth"], rows[0]["age"]) == (None, None)
    assert "persons" in str(read(content)["Customers"]["A2"].value)


def test_segments_of_customers_are_numbers_and_the_lack_of_one_is_a_text(whole):
    rows = tables_of(workbook(whole, customers=True))["customers"]
    expected = whole.study.with_segments(whole.segments)["Cluster"].astype("str")
    assert [str(row["Cluster"]) for row in rows] == expected.tolist()
    assert {type(row["Cluster"]) for row in rows if row["Cluster"] != "Not clustered"} == {int}
    assert {row["Second_segment"] for row in rows} == {1, 2, None}


def test_no_text_of_the_data_runs_or_becomes_something_else():
    table = customers()
    for n, text in enumerate(HOSTILE):
        table.loc[n * 2 : n * 2 + 1, "job_industry"] = text.encode("utf-8", "replace").decode()
    of = analysis(table)
    of = replace(of, segments=of.segments.renamed({"1": "=1+1", "2": "<r><t>x</t></r>"}))
    for content in (workbook(of), workbook(of, customers=True)):
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            assert parts.testzip() is None
            for name in parts.namelist():
                ElementTree.fromstring(parts.read(name))
                assert b"<f>" not in parts.read(name) or "charts/" in name
                assert b"<hyperlink" not in parts.read(name)
        cells = [cell for sheet in read(content) for row in sheet.iter_rows() for cell in row]
        assert not [cell for cell in cells if cell.data_type == "f" or cell.hyperlink]
        assert {"=1+1", "@SUM(A1)", "007"} <= {cell.value for cell in cells if cell.data_type == "s"}


@pytest.mark.parametrize("constant_memory", [False, True])
def test_texts_are_kept_as_far_as_a_cell_can_hold_them(constant_memory):
    rows = [(text,) for text in [*HOSTILE, "x" * 40_000, "😀" * 20_000]]
    content = write(
        [Tab("one", "One", [Field("Text")], rows)], title="T", made=DAY, footer="f", constant_memory=constant_memory
    )
    *found, long, emoji = (row["Text"] for row in tables_of(content)["one"])
    assert found == [
        "=1+1", "+1", "-1", "@SUM(A1)", "=HYPERLINK(\"http://a.b\")", "http://example.com", "mailto:a@b.c", "007",
        "1e5", "a�b�c", "half �", "<r><t>x</t></r> ", "<b>&amp;", "_\u200bx0041_", "line\nbreak",
        "\u202eright to left", "👩‍👩‍👧",
    ]  # fmt: skip
    assert long == "x" * (LONGEST - 1) + "…"
    assert emoji == "😀" * ((LONGEST - 1) // 2) + "…"


def test_names_of_sheets_are_those_that_excel_takes():
    wanted = ["Age [years]: a/b\\c*?", "x" * 40, "X" * 40, "'quoted'", "", "History", "a\x00b", "😀" * 20, "x" * 40]
    found = names(wanted)
    assert found[0] == "Age  years   a b c"
    assert len({name.casefold() for name in found}) == len(wanted)
    for name in found:
        assert 0 < len(name.encode("utf-16-le")) // 2 <= 31
        assert not re.search(r"[\[\]:*?/\\]|^'|'$", name)
        assert name.casefold() != "history"


def test_numbers_have_the_format_of_their_kind_and_currency():
    assert code(Field("", "share")) == "0.0%"
    assert code(Field("", "count")) == "#,##0"
    assert code(Field("", "date")) == "yyyy-mm-dd"
    assert code(number_field("", [1.5, 2])) == "#,##0.00"
    assert code(number_field("", [1500.5], "$")) == '"$"#,##0'
    with written_as(style_of("de", "EUR")):
        assert code(number_field("", [1.5], "€")) == '#,##0.00"\u00a0€"'
    with written_as(style_of("auto", "INR")):
        assert code(number_field("", [1e7], "₹")) == (
            r'[>=10000000]"₹"##\,##\,##\,##0;[>=100000]"₹"##\,##\,##0;"₹"#,##0'
        )


def test_cells_have_types_and_what_is_unknown_is_empty():
    fields = [Field("Text"), Field("Count", "count"), Field("Share", "share"), Field("Day", "date")]
    rows = [
        ("a", 3, 0.25, date(2020, 2, 29)),
        (None, float("nan"), float("inf"), date(1890, 5, 6)),
        ("b", Cell(0.5, Field("", "share")), None, pd.Timestamp("2021-01-02")),
    ]
    content = write([Tab("t", "T", fields, rows)], title="T", made=DAY, footer="")
    assert [[*row.values()] for row in tables_of(content)["t"]] == [
        ["a", 3, 0.25, datetime(2020, 2, 29)],
        [None, None, None, "1890-05-06"],
        ["b", 0.5, None, datetime(2021, 1, 2)],
    ]
    sheet = read(content)["T"]
    assert [sheet.cell(6, at).number_format for at in (2, 3, 4)] == ["0.0%", "General", "yyyy-mm-dd"]


def test_tables_can_be_read_filtered_and_printed(whole):
    book = read(workbook(whole))
    for sheet in book:
        assert sheet.auto_filter.ref or sheet.max_row < 5
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert "bank.csv" in sheet.oddFooter.left.text
    assert book["Segments"].freeze_panes == "A6"
    charts = [len(sheet._charts) for sheet in book]
    assert charts[0] == 3
    assert not any(charts[1:])


def test_a_chart_refers_to_the_cells_of_a_sheet(whole):
    with zipfile.ZipFile(io.BytesIO(workbook(whole))) as parts:
        charts = [parts.read(name).decode() for name in parts.namelist() if name.startswith("xl/charts/chart")]
    assert [re.findall("<c:f>(.*?)</c:f>", chart) for chart in charts] == [
        ["Segments!$B$6:$B$8", "Segments!$C$6:$C$8"],
        ["Segments!$B$6:$B$8", "Segments!$G$6:$G$8"],
        ["'Average property valuation'!$B$4:$B$6", "'Average property valuation'!$D$4:$D$6"],
    ]


def test_a_chart_refers_to_the_same_figures_while_small_groups_are_hidden(whole):
    content = workbook(replace(whole, hide=True))
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        charts = [parts.read(name).decode() for name in parts.namelist() if name.startswith("xl/charts/chart")]
    [cells] = [re.findall("<c:f>(.*?)</c:f>", chart) for chart in charts if "Share mass affluent" in chart]
    column, first = re.search(r"\$([A-Z])\$(\d+)", cells[1]).groups()
    assert read(content)["Segments"][f"{column}{int(first) - 1}"].value == "Share mass affluent"


def test_equal_analyses_give_equal_bytes_made_on_the_day_of_the_data(whole):
    first = workbook(whole)
    assert first == workbook(replace(whole))
    assert read(first).properties.created == datetime(2018, 1, 1)
    assert not read(first).properties.creator


def test_nothing_of_few_customers_is_in_it_while_these_are_hidden():
    table = customers()
    of = analysis(table, hide=True)
    content = workbook(of)
    rows = tables_of(content)
    assert "Western Australia" not in texts_of(content)
    assert "Not clustered" not in [row["Name"] for row in rows["segments"]]
    assert {"applied_steps", "rejected_rows", "customers"}.isdisjoint(rows)
    assert {"Filled", "Distinct values"}.isdisjoint(rows["data_dictionary"][0])
    assert "120 of 120" in texts_of(content)
    few = workbook(replace(of, filters={"state": ("WA",)}))
    assert read(few).sheetnames == ["Summary", "Definitions"]
    assert "3" not in texts_of(few)


def test_nobody_is_said_and_not_an_error(whole):
    nobody = workbook(replace(whole, filters={"state": ("WA",), "owns_car": ("Unknown",)}))
    assert read(nobody).sheetnames == ["Summary", "Definitions"]
    assert "No customer passes all filters." in texts_of(nobody)


@pytest.mark.parametrize("k", [1, 12])
def test_one_segment_and_twelve(k):
    assert len([row for row in tables_of(workbook(analysis(customers(), k)))["segments"] if row["Segment"]]) == k


def test_scenarios_measures_and_notes_are_in_it(whole):
    scenario = Scenario("=Spring", "all", 20, default_campaign(USUAL["Everybody"]))
    notes = (Remark("pie", "=1+1"), Remark(of_segment("1"), "The old."), Remark("gone", "Kept."))
    measure = Measure("Old", "share(age >= 40)", "%")
    rows = tables_of(workbook(replace(whole, scenarios=(scenario,), measures=(measure,), remarks=notes)))
    assert (rows["scenarios"][0]["Scenario"], rows["scenarios"][0]["Customers"]) == ("=Spring", 20)
    assert close(rows["scenarios"][0]["Net value"], float(scenario.forecast().likely.net_value))
    assert [(row["Note on"], row["Note"]) for row in rows["notes"]] == [
        ("Customers by segment", "=1+1"), (f"Segment 1 {whole.names['1']}", "The old."),
        ("gone (not shown now)", "Kept."),
    ]  # fmt: skip
    assert {"Term": "Measure: Old", "Definition": "share(age >= 40) (%)"} in rows["definitions"]


def test_a_plain_text_stays_as_it_is():
    assert plain("Zoë's 5 % <b> é\n😀") == "Zoë's 5 % <b> é\n😀"
