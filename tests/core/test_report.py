"""The report's page: everything that is said stands in it as text, and nothing in it runs or loads."""

import re
from html import unescape

import altair as alt
import pandas as pd
import pytest

from core.errors import DrawingWarning
from core.views.card import Card
from core.views.report import Figure, Report, Section, SegmentCard, Table, render
from tests.core.test_svg import HOSTILE


def everything(text):
    chart = alt.Chart(pd.DataFrame({"text": [text]})).mark_text().encode(text="text:N")
    section = Section(
        f"Title {text}",
        f"Lead {text}",
        (Card(f"Label {text}", f"Value {text}", f"Note {text}"),),
        (f"Point {text}",),
        (SegmentCard(f"Name {text}", "#2f7ed8", f"Size {text}", (f"Apart {text}",), f"Rule {text}", f"Said {text}"),),
        (Table((f"Head {text}", "n"), ((f"Cell {text}", "1"),), f"Below {text}"),),
        (
            Figure(f"Figure {text}", chart, f"Caption {text}", remark=f"Remark {text}"),
            Figure(f"None {text}", None, f"Why {text}", wide=True),
        ),
        (f"Notes {text}",),
        f"Code {text}",
    )
    return Report(f"Report {text}", ((f"Fact {text}", f"Is {text}"),), (section, Section("Other")), f"Warning {text}")


def page(report):
    return render(report).decode("utf-8")


def test_every_text_is_shown_as_it_is():
    for text in HOSTILE:
        shown = unescape(re.sub(r"<[^>]*>", "", page(everything(text))))
        said = re.findall(rf"(\w+) {re.escape(text)}", shown)
        assert set(said) == {
            "Report", "Fact", "Is", "Warning", "Title", "Lead", "Label", "Value", "Note", "Point", "Name", "Size",
            "Apart", "Rule", "Head", "Cell", "Below", "Figure", "Caption", "None", "Why", "Notes", "Code",
            "Said", "Remark",
        }  # fmt: skip


def test_no_text_becomes_a_tag_or_an_attribute():
    def tags(text):
        return re.findall(r"<[a-z]+(?: [a-z-]+(?==))*", page(everything(text)).replace(text, ""))

    plain = tags("plain")
    assert [tags(text) for text in HOSTILE] == [plain] * len(HOSTILE)


def test_nothing_in_it_runs_or_loads():
    shown = page(everything("plain"))
    assert "<script" not in shown
    assert "<link" not in shown
    assert "<img" not in shown
    assert not re.findall(r"https?:|url\(\w|@import|href=|\bsrc=|\son\w+=", shown)
    assert "default-src 'none'" in shown


def test_the_same_report_gives_the_same_bytes():
    assert render(everything("a")) == render(everything("a"))
    assert render(everything("a")) != render(everything("b"))


def test_half_a_character_does_not_spoil_the_file():
    assert "Report a?b" in page(Report("Report a\ud800b", (), ()))


@pytest.mark.filterwarnings("always::core.errors.DrawingWarning")
def test_a_chart_that_cannot_be_drawn_costs_only_itself():
    charts = [alt.Chart(pd.DataFrame({"x": [1, 2]})).mark_bar().encode(x="x:Q") for _ in range(2)]
    charts[0].transform = [{"calculate": "no expression (", "as": "y"}]
    figures = tuple(Figure(f"Figure {i}", chart, f"Note {i}") for i, chart in enumerate(charts))
    with pytest.warns(DrawingWarning, match="The chart “Figure 0” could not be drawn: ") as warned:
        shown = page(Report("Report", (), (Section("Title", figures=figures),)))
    assert len(warned) == 1
    before, _, after = shown.partition("This chart could not be drawn.")
    assert "Figure 0" in before
    assert "Note 0" in after
    assert after.count('aria-label="Figure 1"') == 1


def test_a_fault_of_ours_is_not_taken_for_a_failed_drawing():
    with pytest.raises(AttributeError):
        page(Report("Report", (), (Section("Title", figures=(Figure("Figure", "no chart"),)),)))


def test_in_the_tests_a_failed_drawing_is_an_error():
    chart = alt.Chart(pd.DataFrame({"x": [1]})).mark_bar().transform_calculate(y="no expression (")
    with pytest.raises(DrawingWarning):
        page(Report("Report", (), (Section("Title", figures=(Figure("Figure", chart),)),)))
