"""Notes on visuals and segments: one each, kept in a project, left out where they are on other segments."""

from datetime import date
from html import unescape

import pytest

from core.analysis import Analysis
from core.errors import DataError
from core.files import json_bytes
from core.pipeline import load, segment
from core.project import Project, from_json
from core.remarks import LONGEST, MOST, Remark, of_segment, of_these, on, segment_of, with_remark
from core.reporting.report import report
from core.rules import Rules
from core.sources.file import FileSource
from tests.core.test_reporting import customers

RULES = Rules(date(2018, 1, 1))


def test_a_note_takes_the_place_of_the_one_before_and_an_empty_one_removes_it():
    one = with_remark((), "pie", " Look. ")
    assert one == (Remark("pie", "Look."),)
    two = with_remark(with_remark(one, "age", "Old."), "pie", "Again.")
    assert two == (Remark("pie", "Again."), Remark("age", "Old."))
    assert with_remark(two, "pie", "  ") == (Remark("age", "Old."),)
    assert (on(two, "pie"), on(two, "jobs")) == ("Again.", "")
    assert len(with_remark((), "pie", "x" * 5000)[0].text) == LONGEST


def test_there_are_not_more_than_a_project_takes():
    many = tuple(Remark(f"v{n}", "x") for n in range(MOST))
    with pytest.raises(DataError, match="There are 100 notes already"):
        with_remark(many, "one more", "x")
    with pytest.raises(DataError):
        Remark("pie", "x" * (LONGEST + 1))


def test_notes_on_other_segments_are_left_out():
    found = of_these(
        (Remark("pie", "a"), Remark(of_segment("2", "these"), "b"), Remark(of_segment("2", "others"), "c")), "these"
    )
    assert found == (Remark("pie", "a"), Remark(of_segment("2"), "b"))
    assert [*map(segment_of, found)] == ["", "2"]


def test_a_project_keeps_them_and_one_of_before_has_none():
    project = Project(RULES, remarks=(Remark("pie", "<b>=1"), Remark("gone", "kept")))
    assert from_json(project.to_json()) == project
    before = {name: value for name, value in Project(RULES).to_dict().items() if name != "remarks"}
    assert from_json(json_bytes(before)).remarks == ()
    with pytest.raises(DataError, match="two notes on the same thing"):
        Project(RULES, remarks=(Remark("pie", "a"), Remark("pie", "b")))


def test_the_report_has_them_beside_their_visual_and_segment_as_text():
    study = load([FileSource("bank.csv", customers().to_csv(index=False).encode())], RULES)
    notes = (
        Remark("pie", "Half <b>and</b> half."),
        Remark("map", "In the west."),
        Remark(of_segment("2"), "The young."),
    )
    page = report(Analysis(study, segment(study, 2), remarks=notes)).decode()
    assert "<b>and</b>" not in page
    shown = unescape(page)
    for text in ("Half <b>and</b> half.", "In the west.", "The young."):
        assert shown.count(f'<p class="remark">{text}</p>') == 1
    assert shown.index("Customers by segment (") < shown.index("Half <b>and")
