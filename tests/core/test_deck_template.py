"""A bank's own template: its masters, theme and layouts are taken, found by type; what cannot be used is refused."""

import io
import zipfile
from copy import deepcopy
from dataclasses import replace

import pytest
from pptx import Presentation
from pptx.util import Inches

from core.cli import main
from core.errors import DataError
from core.reporting import deck_template
from core.reporting.deck import deck
from core.reporting.deck_template import base_of, kinds, usable
from tests.core.test_deck import charts, customers, deck_of, read, texts, titles, whole  # noqa: F401


def template(*, keep=None, title="Old slide"):
    """The presentation that python-pptx starts from, 4:3, with a slide; only the layouts of some names."""
    presentation = Presentation()
    slide = presentation.slides.add_slide(presentation.slide_layouts[5])
    slide.shapes.title.text = title
    if keep is not None:
        slides = presentation.slides._sldIdLst
        presentation.part.drop_rel(slides[0].rId)
        slides.remove(slides[0])
        for layout in [one for one in presentation.slide_layouts if one.name not in keep]:
            presentation.slide_layouts.remove(layout)
    file = io.BytesIO()
    presentation.save(file)
    return file.getvalue()


def changed(content, **files):
    """A package with other files; a function changes the one that is there."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, files.pop(name)(old.read(name)) if name in files else old.read(name))
        for name, more in files.items():
            new.writestr(name, more)
    return file.getvalue()


def types(old, new):
    return {"[Content_Types].xml": lambda text: text.replace(old, new)}


MAIN = b"presentation.main+xml"


@pytest.mark.parametrize("kind", [MAIN, b"template.main+xml"], ids=["pptx", "potx"])
def test_masters_theme_and_layouts_of_the_template_are_used_and_its_slides_are_not(whole, kind):  # noqa: F811
    bank = changed(template(title="Secret"), **types(MAIN, kind))
    made = deck(replace(whole, template=bank))
    presentation = read(made)
    assert presentation.slide_width == Presentation().slide_width, "the masters are drawn for this size"
    layouts = [slide.slide_layout.name for slide in presentation.slides]
    assert layouts[:2] == ["Title Slide", "Title Only"]
    assert "Title and Content" in layouts
    assert titles(presentation)[0] == "Mass affluent report"
    with zipfile.ZipFile(io.BytesIO(made)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    assert not [name for name, content in parts.items() if b"Secret" in content]
    assert b"4F81BD" in parts["ppt/theme/theme1.xml"]
    drawn = [content for name, content in parts.items() if name.startswith("ppt/charts/chart")]
    assert all(b'schemeClr val="accent1"' in content for content in drawn)


def test_where_a_template_lacks_a_title_there_is_a_box(whole):  # noqa: F811
    presentation = read(deck(replace(whole, template=template(keep=["Blank"]))))
    assert {slide.slide_layout.name for slide in presentation.slides} == {"Blank"}
    assert "Mass affluent report" in texts(presentation)
    assert len(charts(presentation)) == len(charts(read(deck_of())))


def test_a_divider_is_no_layout_of_a_slide():
    base = base_of(template(keep=["Section Header", "Blank", "Title and Content"]))
    assert base.plain.name == "Title and Content"
    assert base.text.name == "Title and Content"


def sized(width, height, keep=None):
    """The presentation that python-pptx starts from, drawn for 10 by 7.5 inches, with slides of another size."""
    presentation = Presentation(io.BytesIO(template(keep=keep)))
    presentation.slide_width, presentation.slide_height = Inches(width), Inches(height)
    file = io.BytesIO()
    presentation.save(file)
    return file.getvalue()


@pytest.mark.parametrize(("width", "height"), [(13.333, 7.5), (7.5, 10), (10, 5.625)])
def test_layouts_that_were_drawn_for_another_size_are_fitted_to_the_slides(width, height):
    base = base_of(sized(width, height))
    for layout in (base.plain, base.text, base.cover):
        for one in layout.placeholders:
            if one.placeholder_format.type.name in ("TITLE", "BODY", "OBJECT", "CENTER_TITLE"):
                assert one.left + one.width / 2 == pytest.approx(Inches(width) / 2, rel=0.01)
                assert one.left + one.width <= Inches(width)
    body = next(one for one in base.text.placeholders if one.placeholder_format.type.name == "OBJECT")
    assert body.width / Inches(width) == pytest.approx(0.9, abs=0.01)
    assert 0.8 * Inches(height) < body.top + body.height < Inches(height)


def test_layouts_that_leave_room_for_a_picture_stay_as_they_are():
    presentation = Presentation(io.BytesIO(sized(13.333, 7.5)))
    tree = presentation.slide_master.shapes._spTree
    tree.append(strip := deepcopy(next(tree.iter_shape_elms())))
    strip.x, strip.cx = Inches(12), Inches(1.333)
    strip.nvSpPr.nvPr.remove(strip.ph)
    file = io.BytesIO()
    presentation.save(file)
    assert base_of(file.getvalue()).plain.placeholders[0].width == Inches(9)


def test_a_text_that_is_turned_is_not_written_into():
    base = base_of(template(keep=["Title and Vertical Text", "Vertical Title and Text"]))
    assert [layout.name for layout in (base.cover, base.plain, base.text)] == ["Title and Vertical Text"] * 3
    assert kinds(base.plain) == ["TITLE"]


def test_a_subtitle_is_written_across_where_all_texts_of_a_template_are_turned(whole):  # noqa: F811
    first = read(deck(replace(whole, template=template(keep=["Title and Vertical Text"])))).slides[0]
    [subtitle] = [one for one in first.shapes if "120 of 120 customers" in one.text_frame.text]
    assert not subtitle.is_placeholder


def test_a_note_that_needs_more_lines_is_not_cut(whole):  # noqa: F811
    made = read(deck(replace(whole, template=template())))
    assert any(text.endswith("no order of segments to fund follows from them.") for text in texts(made)[:-1])
    notes = [one.text_frame for slide in made.slides for one in slide.shapes if one.has_text_frame]
    assert not [one.text for one in notes if one.text.startswith("Low and high end") and one.text.endswith("…")]


def test_sections_of_the_template_do_not_name_slides_that_are_gone():
    section = (
        b'<p:extLst><p:ext uri="{521415D9-36F7-43E2-AB2F-B90AF26B5E84}"><p14:sectionLst '
        b'xmlns:p14="http://schemas.microsoft.com/office/powerpoint/2010/main"/></p:ext></p:extLst></p:presentation>'
    )
    bank = changed(template(), **{"ppt/presentation.xml": lambda text: text.replace(b"</p:presentation>", section)})
    root = base_of(bank).presentation.part._element
    assert not root.xpath(".//*[local-name()='sectionLst']")
    assert not root.xpath("p:sldIdLst/*")


def test_properties_that_libreoffice_names_differently_are_not_written_twice(whole):  # noqa: F811
    theirs = (b"/package/2006/relationships/metadata/core", b"/officedocument/2006/relationships/metadata/core")
    bank = changed(template(), **{"_rels/.rels": lambda text: text.replace(*theirs)})
    assert bank != template()
    with zipfile.ZipFile(io.BytesIO(deck(replace(whole, template=bank)))) as package:
        assert package.read("_rels/.rels").count(b"core-properties") == 1


def zipped(**files):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in files.items():
            package.writestr(name, content)
    return file.getvalue()


ENTITY = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aa">]><x>&a;</x>'


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "damaged, or no presentation"),
        (b"no archive", "damaged, or no presentation"),
        (b"\xd0\xcf\x11\xe0 an old .ppt", "damaged, or no presentation"),
        (template()[:-300], "damaged, or no presentation"),
        (zipped(a="b"), "It is no presentation"),
        (zipped(**{"[Content_Types].xml": "presentationml.presentation.main+xml"}), "damaged, or no presentation"),
        (changed(template(), **types(b"presentation.main+xml", b"presentation.macroEnabled.main+xml")), "has macros"),
        (changed(template(), **{"ppt/vbaProject.bin": b"x"}), "has macros"),
        (changed(template(), **{"ppt/theme/theme9.xml": ENTITY}), "defines entities"),
        (
            changed(template(), **{"ppt/media/a.png": b"\0" * 40_000_000}),
            r"it is [\d,]+ times as large when unpacked",
        ),
        (changed(template(), **{"ppt/presentation.xml": lambda _: b"<broken"}), "damaged, or no presentation"),
    ],
    ids=["no bytes", "text", "ppt", "cut", "zip", "empty", "pptm", "vba", "entities", "bomb", "xml"],
)
def test_what_is_no_template_is_refused_with_a_reason(content, why):
    with pytest.raises(DataError, match=why) as error:
        usable(content)
    assert "Give a .pptx or .potx without macros" in str(error.value)


@pytest.mark.parametrize(("width", "height"), [(1, 1), (10, 2), (4, 7.5)])
def test_slides_without_room_for_a_chart_are_refused(width, height):
    with pytest.raises(DataError, match=r"too small for charts and tables\. Give one whose slides have 19 by 14 cm"):
        usable(sized(width, height))


def test_a_huge_template_is_refused_before_it_is_opened(monkeypatch):
    monkeypatch.setattr(deck_template, "MOST", 100)
    with pytest.raises(DataError, match=r"template: It has more than 100 bytes\. Leave out its pictures"):
        base_of(template())


def test_the_command_line_writes_a_deck_or_refuses_the_template_first(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    customers().to_csv("bank.csv", index=False)
    study = ["segment", "bank.csv", "--as-of", "2018-01-01", "--k", "2", "--out", "out"]
    (tmp_path / "empty.pptx").write_bytes(b"")
    assert main([*study, "--pptx", "--template", "empty.pptx"]) == 2
    assert "template: It is damaged, or no presentation." in capsys.readouterr().err
    (tmp_path / "bank.pptm").write_bytes(changed(template(), **{"ppt/vbaProject.bin": b"x"}))
    assert main([*study, "--template", "bank.pptm"]) == 2
    assert "It has macros." in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
    (tmp_path / "bank.pptx").write_bytes(template())
    assert main([*study, "--template", "bank.pptx"]) == 0
    assert read((tmp_path / "out/deck.pptx").read_bytes()).slide_width == Presentation().slide_width
    assert main([*study, "--pptx"]) == 0
    assert read((tmp_path / "out/deck.pptx").read_bytes()).slide_width > Presentation().slide_width
    assert main(study) == 0
    assert not (tmp_path / "out/deck.pptx").exists()
