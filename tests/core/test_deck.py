"""The deck: what its slides say, that its charts have the numbers of the pages, and nothing of few or of a machine."""

import io
import re
import shutil
import subprocess
import zipfile
from dataclasses import replace
from datetime import date, datetime
from functools import cache

import openpyxl
import pandas as pd
import pytest
from pptx import Presentation
from pptx.util import Emu

from core.analysis import Analysis
from core.cubes.opened import opened
from core.figures import written_as
from core.number_style import style_of
from core.pipeline import load, matrix_of, segment, structure
from core.remarks import Remark, of_segment
from core.reporting.deck import deck
from core.reporting.deck_numbers import number_format, stacks, steps
from core.reporting.deck_xml import found
from core.results import DECK, FILES, results
from core.rules import Rules
from core.schema import ADDED
from core.segments.evidence import sample
from core.sources.file import FileSource
from core.strategy.audience import USUAL
from core.strategy.campaign import default_campaign
from core.strategy.ranges import around
from core.strategy.scenario import Scenario
from core.visuals import registry
from core.visuals.visual import picture
from tests.core.test_reporting import customers

# Kind of a plot → the columns of the page's chart that have its numbers.
DRAWN = {
    ("doughnut", "count"): ("customers",), ("bars", "number"): ("mean",), ("bars", "count"): ("customers",),
    ("ranges", "number"): ("lower", "median", "upper"), ("stacked", "share"): ("share",),
    ("stacked", "count"): ("customers",),
}  # fmt: skip


def analysed(table, k=2, **more):
    study = load([FileSource("bank.csv", table.to_csv(index=False).encode())], Rules(date(2018, 1, 1)))
    segments = segment(study, k)
    return Analysis(study, segments, structure(segments, sample(matrix_of(study))), **more)


@cache
def in_segments(k):
    return analysed(customers(), k)


@cache
def deck_of(k=2):
    """The deck of everybody in so many segments, made once: a deck takes a second or two."""
    return deck(in_segments(k))


@pytest.fixture(scope="module")
def whole():
    return in_segments(2)


def read(content):
    return Presentation(io.BytesIO(content))


def titles(presentation):
    return [slide.shapes.title.text_frame.text for slide in presentation.slides]


def texts(presentation):
    """All texts of slides and notes."""
    found = []
    for slide in presentation.slides:
        for shape in slide.shapes:
            if shape.has_text_frame:
                found.append(shape.text_frame.text)
            if shape.has_table:
                found += [cell.text_frame.text for row in shape.table.rows for cell in row.cells]
            if shape.has_chart:
                found += [*shape.chart.plots[0].categories, *(one.name for one in shape.chart.plots[0].series)]
        found.append(slide.notes_slide.notes_text_frame.text if slide.has_notes_slide else "")
    return found


def charts(presentation):
    """Description → chart."""
    return {
        shape._element.nvGraphicFramePr.cNvPr.get("descr"): shape.chart
        for slide in presentation.slides
        for shape in slide.shapes
        if shape.has_chart
    }


def numbers(chart):
    return [value for one in chart.plots[0].series for value in one.values if value is not None]


def test_each_slide_has_one_message_made_from_the_numbers(whole):
    found = titles(read(deck_of()))
    names = whole.names
    assert found[:4] == [
        "Mass affluent report",
        "Do not decide yet. To contact the 60 mass affluent may lose money: $94 net, −$112 to $310 in 80% of 10,000 "
        "draws.",
        f"Segment 1, “{names['1']}”, has most customers: 50.0% of those shown.",
        whole.profiles_headline,
    ]
    for part in (
        f"The mass affluent are most frequent in Victoria (100%); segment 1, “{names['1']}”, has the highest share of "
        "mass affluent (100%).",
        "4 things to know before you trust the figures",
        "Do not decide yet. To contact the 60 mass affluent may lose money: $94 net is likely, and the chance of a "
        "loss is 30%",
        "Moderate structure: these segments are groups whose edges overlap.",
        "2 segments, and two rules: who is mass affluent, who has high potential",
        "Appendix: How this deck was made",
    ):
        assert part in found
    assert all(found)


def few_columns(**columns):
    """120 customers with some columns, as a file."""
    table = pd.DataFrame({"customer_id": [f"{n:04}" for n in range(120)], **columns})
    return load([FileSource("bank.csv", table.to_csv(index=False).encode())], Rules(date(2018, 1, 1)))


@pytest.mark.parametrize(
    ("columns", "k", "title", "rules"),
    [
        (
            {"age": [40] * 120, "tenure": [3] * 120}, 1,
            "No segments, and no rule: neither mass affluent nor high potential is defined",
            ["Mass affluent. Not defined: ", "High potential. Not defined: no column measures wealth."],
        ),
        (
            {"balance": [*range(1, 121)], "tenure": [n % 7 for n in range(120)]}, 1,
            "1 segment, and one rule: who is mass affluent",
            ["Mass affluent. In: balance ", "High potential. Not defined: no age is known."],
        ),
    ],
)  # fmt: skip
def test_a_rule_that_does_not_apply_is_not_said(columns, k, title, rules):
    study = few_columns(**columns)
    made = read(deck(Analysis(study, segment(study, k))))
    slide = next(one for one in made.slides if one.shapes.title.text_frame.text == title)
    said = slide.placeholders[1].text_frame.text
    assert all(rule in said for rule in rules)
    assert "Younger than" not in "\n".join(texts(made))


def test_columns_that_the_program_makes_are_called_by_their_labels():
    study = few_columns(age=[25 if n % 2 else 65 for n in range(120)], balance=[n % 2 * 900 + n for n in range(120)])
    found = texts(read(deck(Analysis(study, segment(study, 2)))))
    assert any(text.startswith("Age group: ") for text in found)
    assert any("Customers by age group." in text for text in found)
    assert not [text for text in found for name in ADDED if name in text and "_" in name]


@pytest.mark.parametrize(
    ("worth", "verdict"),
    [
        (400, "Run “Spring”: "),
        (150, "Do not decide yet. To run “Spring” may lose money: "),
        (1, "Do not run “Spring”: "),
    ],
)
def test_both_slides_on_the_decision_say_the_same_and_no_other_slide_says_whom_to_contact(whole, worth, verdict):
    spread = 0.9 if worth == 150 else 0.1
    campaign = replace(default_campaign(USUAL["Everybody"]), value=around(worth, spread), uplift=around(0.02, spread))
    made = read(deck(replace(whole, scenarios=(Scenario("Spring", "all", 1000, campaign),))))
    assert [title.startswith(verdict) for title in titles(made)].count(True) == 2
    assert not re.search("go after", "\n".join(texts(made)), re.IGNORECASE)


def test_slides_are_wide_and_say_number_day_and_files():
    made = read(deck_of())
    assert round(made.slide_width / made.slide_height, 3) == 1.778
    for number, slide in enumerate(list(made.slides)[1:], 2):
        foot = [shape.text_frame.text for shape in slide.placeholders]
        assert "As of 1 January 2018 · bank.csv" in foot
        assert str(number) in foot
        assert "Mass affluent: " in slide.notes_slide.notes_text_frame.text or "Appendix" in foot[0]


@pytest.mark.parametrize("k", [1, 2, 12])
def test_charts_have_the_numbers_of_the_pages(k):
    analysis, found = in_segments(k), charts(read(deck_of(k)))
    compared = 0
    for visual in registry.VISUALS.values():
        if visual.plot is None or not visual.is_possible(analysis):
            continue
        data = picture(visual, analysis).data
        plot, drawn = visual.plot(analysis, data), visual.draw(analysis, data).data
        expected = [value for name in DRAWN[plot.kind, plot.form] for value in drawn[name] if value == value]
        inside = numbers(found[visual.alt(analysis)])
        if plot.kind == "ranges":
            low, more, most = (one.values for one in found[visual.alt(analysis)].plots[0].series)
            inside = [sum(parts) for at in (1, 2, 3) for parts in zip(*(low, more, most)[:at], strict=True)]
        assert sorted(inside) == pytest.approx(sorted(expected), rel=1e-12)
        compared += 1
    assert compared == 6


def test_every_chart_and_picture_has_a_text_for_a_screen_reader():
    for slide in read(deck_of()).slides:
        for shape in slide.shapes:
            if shape.has_chart or shape.has_table or shape.shape_type == 13:
                found = shape._element.xpath(".//p:cNvPr")[0].get("descr")
                assert found
                assert not found.endswith(".png")


def test_quartiles_on_both_sides_of_zero_are_bars_of_their_own(whole):
    visual = registry.VISUALS["age"]
    plot = visual.plot(whole, picture(visual, whole).data)
    assert stacks(plot)
    first = plot.series[0]
    below = replace(plot, series=(replace(first, values=tuple(-1.0 for _ in first.values)), *plot.series[1:]))
    assert not stacks(below)
    assert steps(below) == below.series


def test_equal_analyses_give_equal_bytes_that_name_no_machine_and_no_clock(whole):
    made = deck_of()
    assert made == deck(replace(whole))
    properties = read(made).core_properties
    assert properties.created == properties.modified == datetime(2018, 1, 1)
    assert {properties.author, properties.last_modified_by} == {"Mass affluent dashboard"}
    with zipfile.ZipFile(io.BytesIO(made)) as package:
        assert {one.date_time for one in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        names = package.namelist()
        assert not [name for name in names if "thumbnail" in name or "printer" in name]
        books = [name for name in names if name.endswith(".xlsx")]
        for name in books:
            with zipfile.ZipFile(io.BytesIO(package.read(name))) as book:
                assert b"2000-01-01" in book.read("docProps/core.xml")
    assert len(books) == 8


LONG = "y" * 10_000
HOSTILE = ('=HYPERLINK("http://x")', "a\x01b\x0bc\ufffe", LONG, "عربي", "😀👩‍👩‍👧", "<b>&amp;", "http://127.0.0.1:9/")


def test_hostile_texts_are_cut_and_cleaned_and_no_formula_runs():
    table = customers()
    table["job_industry"] = [HOSTILE[i % len(HOSTILE)] for i in range(len(table))]
    analysis = analysed(table)
    names = {"1": f"{LONG} \x00\x07", "2": "الأثرياء \u202e reversed"}
    made = deck(replace(analysis, segments=analysis.segments.renamed(names)))
    found = texts(read(made))
    assert max(map(len, found)) < 4_200
    assert not [text for text in found if re.search("[\0-\x08\x0e-\x1f\u202a-\u202e]", text)]
    assert '=HYPERLINK("http://x")' in found
    with zipfile.ZipFile(io.BytesIO(made)) as package:
        for name in package.namelist():
            if name.endswith(".xlsx"):
                book = openpyxl.load_workbook(io.BytesIO(package.read(name)))
                cells = [cell for row in book.active for cell in row]
                assert {cell.data_type for cell in cells} <= {"s", "n"}
                assert not [cell for cell in cells if cell.hyperlink]


@pytest.mark.parametrize("k", [1, 2, 12])
def test_all_shapes_lie_on_the_slide_and_texts_do_not_cover_charts(k):
    made = read(deck_of(k))
    for slide in made.slides:
        boxes = [shape for shape in slide.shapes if shape.width and shape.height]
        for shape in boxes:
            assert shape.left >= 0
            assert shape.top >= 0
            assert shape.left + shape.width <= made.slide_width + 1
            assert shape.top + shape.height <= made.slide_height + Emu(1)
        large = [shape for shape in boxes if shape.has_chart or shape.has_table or shape.is_placeholder]
        for at, one in enumerate(large):
            for other in large[at + 1 :]:
                apart = (
                    one.left + one.width <= other.left or other.left + other.width <= one.left
                    or one.top + one.height <= other.top or other.top + other.height <= one.top
                )  # fmt: skip
                assert apart, (slide.shapes.title.text_frame.text, one.name, other.name)


def test_small_groups_are_hidden(whole):
    campaign = default_campaign(USUAL["Everybody"])
    scenarios = tuple(Scenario(f"For {n}", "all", n, campaign) for n in (9, 60))
    hidden = replace(whole, hide=True, scenarios=scenarios)
    made = read(deck(hidden))
    found = texts(made)
    assert "For 60" in found
    assert "For 9" not in found
    assert "A group of its own?" not in found
    assert "A group of its own?" in texts(read(deck_of()))
    assert not [text for text in found if "rows read" in text]
    plain = charts(read(deck(replace(whole, scenarios=scenarios[1:]))))
    for alt, chart in charts(made).items():
        known = [*numbers(plain[alt])]
        assert all(any(one == pytest.approx(other, rel=0.05) for other in known) for one in numbers(chart)), alt
    assert min(numbers(charts(made)["Share of customers by segment"])) >= 10
    assert "Appendix: What is not shown" in titles(made)
    assert DECK in results(hidden, DECK)


def test_a_selection_of_few_or_of_nobody_has_no_figures(whole):
    for analysis, why in (
        (replace(whole, hide=True, filters={"state": ("WA",)}), "fewer than 10 customers: it is hidden"),
        (replace(whole, filters={"state": ("TAS",)}), "No customer passes all filters."),
    ):
        made = read(deck(analysis))
        assert titles(made) == ["Mass affluent report", "Nothing is shown"]
        assert why in "\n".join(texts(made))


def test_notes_stand_in_the_appendix_and_are_spoken_at_their_chart(whole):
    remarks = (Remark("cars", "Ask the lenders."), Remark(of_segment("1"), "Call =them\x01 first."))
    made = read(deck(replace(whole, remarks=remarks)))
    assert "Appendix: The analyst's notes" in titles(made)
    assert {"Ask the lenders.", "Call =them first."} <= {*texts(made)}
    spoken = [slide.notes_slide.notes_text_frame.text for slide in made.slides if slide.has_notes_slide]
    assert sum(text.startswith("Ask the lenders.") for text in spoken) == 1
    assert "Appendix: The analyst's notes" not in titles(read(deck_of()))


def test_made_up_customers_are_called_so(whole):
    made = read(deck(replace(whole, sample=True)))
    assert titles(made)[0] == "Mass affluent report on sample data"
    assert "As of 1 January 2018 · Sample data" in texts(made)


def test_it_follows_filters_and_a_saved_scenario_is_the_decision(whole):
    scenario = Scenario("Spring", "all", 1000, default_campaign(USUAL["Everybody"]))
    made = read(deck(replace(whole, filters={"owns_car": ("Yes",)}, scenarios=(scenario,))))
    found = "\n".join(texts(made))
    assert "60 of 120 customers · as of 1 January 2018 · Car ownership: Yes" in found
    assert "“Spring”" in titles(made)[1]
    assert "Appendix: Saved scenarios" in titles(made)


def test_an_opened_result_has_a_deck(whole):
    again = Analysis(*opened(FILES["summary.zip"].make(whole), stamp=""))
    ours, theirs = charts(read(deck_of())), charts(read(deck(again)))
    assert [*ours] == [*theirs]
    assert [numbers(one) for one in ours.values()] == [pytest.approx(numbers(one)) for one in theirs.values()]


@pytest.mark.parametrize(
    ("form", "sign", "most", "style", "expected"),
    [
        ("count", "", 1234.0, ("en", ""), "#,##0"),
        ("number", "", 12.3, ("en", ""), "0.0"),
        ("share", "", 0.5, ("en", ""), "0%"),
        ("share", "", 0.05, ("en", ""), "0.0%"),
        ("share", "", 0.5, ("de", "EUR"), '0"\u00a0"%'),
        ("number", "$", 5e6, ("en", "USD"), '"$"0.0,,"\u00a0m"'),
        ("count", "$", 50.0, ("en", "USD"), '"$"#,##0'),
        ("count", "€", 1234.0, ("de", "EUR"), '[>=1000]###"."##0"\u00a0€";0"\u00a0€"'),
        ("count", "", 2e9, ("de", ""), '[>=1000000000]###"."###"."###"."##0;[>=1000000]###"."###"."##0;0'),
        ("count", "", 1e7, ("en_IN", "INR"), '[>=10000000]##","##","##","##0;[>=100000]##","##","##0;0'),
    ],
)  # fmt: skip
def test_numbers_are_written_as_the_country_does(form, sign, most, style, expected):
    with written_as(style_of(*style)):
        assert number_format(form, sign, most) == expected


def test_a_range_without_a_width_has_a_mark():
    study = few_columns(age=[40] * 120, balance=[*range(1, 121)])
    made = charts(read(deck(Analysis(study, segment(study, 2)))))
    chart = made["Boxplot of age by segment"]
    assert [one.values for one in chart.plots[0].series] == [(40, 40), (0, 0), (0, 0)]
    marked = chart.plots[0].series[1]
    assert [marked.points[at].format.line.width.pt for at in (0, 1)] == [3, 3]
    shown = found(chart.plots[0].series[0]._element, "c:dLbls/c:dLbl/c:showVal")
    assert [one.get("val") for one in shown] == ["1", "1"], "the number stands at the mark"
    assert chart.value_axis.minimum_scale is None, "the mark lies on the axis where it begins at the value"


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
def test_libreoffice_opens_it_with_all_slides(tmp_path):
    made = deck_of()
    (tmp_path / "deck.pptx").write_bytes(made)
    command = ["soffice", "--headless", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"]
    command += ["--convert-to", "pdf", "--outdir", str(tmp_path), str(tmp_path / "deck.pptx")]
    subprocess.run(command, capture_output=True, timeout=180, check=True)
    pages = len(re.findall(rb"/Type\s*/Page\b[^s]", (tmp_path / "deck.pdf").read_bytes()))
    assert pages == len(read(made).slides)
