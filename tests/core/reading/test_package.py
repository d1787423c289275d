"""Workbooks made to cost time or memory: each is refused by a bound, before it costs either."""

import io
import tracemalloc
import zipfile
from datetime import date

import pytest

from core.errors import UnreadableFileError
from core.intake.read import SourceFile, read
from core.intake.reading import bounds, package, sheet_scan, xlsx
from tests.workbooks import workbook

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
TYPES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
SHEET, BOOK, STYLES = "xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml"
HEADER = (
    '<row r="1"><c r="A1" t="inlineStr"><is><t>id</t></is></c><c r="B1" t="inlineStr"><is><t>age</t></is></c></row>'
)


def packed(parts, method=zipfile.ZIP_DEFLATED):
    """A zip archive of parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, body in parts.items():
            archive.writestr(name, body)
    return out.getvalue()


def parts_of(content):
    """The parts of a workbook."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def book(**parts):
    """A workbook of a sheet with two rows, with some parts replaced."""
    known = {"sheet": SHEET, "workbook": BOOK, "styles": STYLES}
    return packed(
        parts_of(workbook(People=[["id", "age"], [1, 2], [2, 3]])) | {known[name]: parts[name] for name in parts}
    )


def sheet(rows, before="", after=""):
    """A workbook whose sheet has these rows."""
    return book(sheet=f"<worksheet {MAIN}>{before}<sheetData>{rows}</sheetData>{after}</worksheet>")


def values(content):
    """What the one table of a workbook says."""
    (table,) = read(SourceFile("book.xlsx", content)).tables
    return table.frame.astype("str").to_dict("list")


def with_texts(part, texts):
    """A workbook whose cells refer to shared texts in a part of any name."""
    parts = parts_of(sheet('<row><c t="s"><v>0</v></c></row><row><c t="s"><v>1</v></c></row>'))
    link = f'<Relationship Type="{TYPES}/sharedStrings" Target="/{part}" Id="texts"/></Relationships>'
    rels = parts["xl/_rels/workbook.xml.rels"].decode().replace("</Relationships>", link)
    return packed(parts | {"xl/_rels/workbook.xml.rels": rels, part: f"<sst {MAIN}>{texts}</sst>"})


def many_sheets():
    listed = parts_of(book())[BOOK].decode()
    one = listed[listed.index("<sheet ") : listed.index("</sheets>")]
    return book(workbook=listed.replace(one, "".join(one.replace("People", f"P{at}") for at in range(20))))


def encrypted():
    content = bytearray(book())
    content[content.index(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


SMALL = {
    "MAX_ROW": 2_000, "MAX_CELL_ELEMENTS": 500, "MAX_ENTRIES": 2_000, "MAX_SHEETS": 10, "MAX_SHARED": 50,
    "MAX_SHARED_TEXT": 5_000, "MAX_TEXT": 3_000, "MAX_SHEET_CELLS": 1_000, "MAX_MEMBERS": 50, "MAX_PART": 100_000,
}  # fmt: skip


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (sheet("<row><c><f>1</f>" + " " * 4_000 + "</c></row>"), "bytes in one element"),
        (sheet("<!--" + "x" * 4_000 + "-->"), "bytes in one element"),
        (sheet("<row>" + "<c/>" * 900 + "</row>"), "903 cells and values"),
        (sheet("<d/>" * 900), "cells and values"),
        (sheet(f'<x:row xmlns:x="{MAIN[7:-1]}"><x:c/></x:row>' * 300), "cells and values"),
        (sheet('<row r="99999999999"><c><v>1</v></c></row>'), "the number 99,999,999,999; the limit is 1,048,576"),
        (sheet('<row r="2"/><row r="1"/>'), "row 1 comes after row 2"),
        (sheet('<row><c r="ZZZ1"><v>1</v></c></row>'), "18,278 columns"),
        (sheet(HEADER + "<row><c><v>1</v></c></row>" * 3 + '<row><c r="OJ5"><v>1</v></c></row>'), "cells, blank ones"),
        (sheet("<row><c><v>1</v></c></row><row><c><f>"), "damaged"),
        (sheet("<f <f <f"), "damaged"),
        (many_sheets(), "20 sheets"),
        (book(styles=f"<styleSheet {MAIN}><cellXfs>{'<xf/>' * 3_000}</cellXfs></styleSheet>"), "entries in xl/styles"),
        (book(styles=f"<styleSheet {MAIN}>{' ' * 100_000}</styleSheet>"), "bytes in xl/styles"),
        (with_texts("xl/worksheets/elsewhere.xml", "<si/>" * 60), "61 shared texts"),
        (with_texts("xl/worksheets/elsewhere.xml", f"<si><t>{'x' * 6_000}</t></si>"), "bytes of shared text"),
        (with_texts("any/where.xml", f"<si><t>{'x' * 1_600}</t></si>" * 2), "3,200 characters in all cells"),
        (packed({f"{at}": "" for at in range(60)}), "60 files"),
        (encrypted(), "protected by a password"),
        (packed(parts_of(book()), zipfile.ZIP_BZIP2), "packed by a method that no workbook uses"),
        (packed({"_rels/.rels": "<Relationships/>"}), "the list of its parts is missing"),
    ],
)  # fmt: skip
def test_a_workbook_beyond_a_bound_is_refused(monkeypatch, content, found):
    for name, limit in SMALL.items():
        monkeypatch.setattr(bounds, name, limit)
    monkeypatch.setattr(package, "CHUNK_BYTES", 100)
    monkeypatch.setattr(package, "HEAD", 100)
    with pytest.raises(UnreadableFileError, match="book") as error:
        read(SourceFile("book.xlsx", content))
    assert found in str(error.value)
    assert error.value.remedy


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("inside", ['<!ENTITY a "aaaa">', '<!ATTLIST c t CDATA "inlineStr">', ""])
def test_a_document_type_is_refused_and_named(monkeypatch, encoding, inside):
    monkeypatch.setattr(package, "COUNTED", 7)
    xml = f"<!DOCTYPE worksheet [{inside}]><worksheet {MAIN}><sheetData><row><c/></row></sheetData></worksheet>"
    with pytest.raises(UnreadableFileError, match=f"{SHEET} in the workbook declares a document type"):
        read(SourceFile("book.xlsx", book(sheet=xml.encode(encoding))))


def test_bounds_hold_in_utf_16_and_an_honest_part_in_it_is_read(monkeypatch):
    rows = HEADER + '<row r="2"><c r="A2"><v>1</v></c><c r="B2"><v>30.0</v></c></row>'
    xml = f'<?xml version="1.0" encoding="UTF-16"?><worksheet {MAIN}><sheetData>{rows}</sheetData></worksheet>'
    assert values(book(sheet=xml.encode("utf-16"))) == {"id": ["1"], "age": ["30"]}
    monkeypatch.setattr(bounds, "MAX_CELL_ELEMENTS", 10)
    with pytest.raises(UnreadableFileError, match="cells and values"):
        read(SourceFile("book.xlsx", book(sheet=xml.encode("utf-16"))))


def test_names_of_parts_prefixes_quotes_gaps_and_comments_do_not_matter():
    rows = HEADER.replace('"', "'") + "<!-- <row> --><row r='1000000'><c r='B1000000'><v>7</v></c></row>"
    prefixed = rows.replace("</", "</x:").replace("<row", "<x:row").replace("<c ", "<x:c ").replace("<v>", "<x:v>")
    prefixed = prefixed.replace("<is>", "<x:is>").replace("<t>", "<x:t>").replace("<!-- <x:row>", "<!-- <row>")
    xml = f"<x:worksheet xmlns:x={MAIN[6:]}><x:sheetData>{prefixed}</x:sheetData></x:worksheet>"
    (table,) = read(SourceFile("book.xlsx", book(sheet=xml))).tables
    assert table.frame.astype("str").to_dict("index") == {1_000_000: {"id": "", "age": "7"}}


def test_what_comes_after_the_rows_is_not_parsed():
    rows = HEADER + '<row r="2"><c r="A2"><v>1</v></c><c r="B2"><v>30</v></c></row>'
    tail = '<mergeCells><mergeCell ref="none"/></mergeCells><conditionalFormatting odd="1"/>'
    assert values(sheet(rows, after=tail)) == {"id": ["1"], "age": ["30"]}


def test_dates_are_known_by_their_style_and_shared_texts_are_joined():
    styles = (
        f'<styleSheet {MAIN}><numFmts><numFmt numFmtId="200" formatCode="dd/mm/yyyy"/></numFmts>'
        '<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>'
        '<cellXfs><xf/><xf numFmtId="14"/><xf numFmtId="200"/><xf numFmtId="2"/></cellXfs></styleSheet>'
    )
    cells = "".join(f'<c r="{column}2" s="{at}"><v>29252</v></c>' for at, column in enumerate("ABCD"))
    names = "".join(f'<c t="inlineStr"><is><t>{name}</t></is></c>' for name in ("plain", "short", "own", "number"))
    xml = f"<worksheet {MAIN}><sheetData><row>{names}</row><row>{cells}</row></sheetData></worksheet>"
    assert values(book(sheet=xml, styles=styles)) == {
        "plain": ["29252"], "short": ["1980-02-01"], "own": ["1980-02-01"], "number": ["29252"],
    }  # fmt: skip
    spoken = "<si><t>name</t></si><si><r><t>An</t></r><r><t>na</t></r><rPh><t>x</t></rPh></si>"
    assert values(with_texts("xl/texts.xml", spoken)) == {"name": ["Anna"]}


def test_memory_does_not_grow_with_the_rows_that_are_refused(monkeypatch):
    monkeypatch.setattr("core.intake.reading.bounds.MAX_ROW", 800_000)
    content = sheet("<row>" + "<c/>" * 400_000 + "</row>")
    tracemalloc.start()
    try:
        with pytest.raises(UnreadableFileError, match="bytes in one element"):
            read(SourceFile("book.xlsx", content))
        assert tracemalloc.get_traced_memory()[1] < 40_000_000
    finally:
        tracemalloc.stop()


def test_a_member_that_is_longer_than_it_declares_is_damaged():
    content = bytearray(book())
    entry = content.index(b"PK\x01\x02")
    while not content[entry + 46 :].startswith(SHEET.encode()):
        entry = content.index(b"PK\x01\x02", entry + 1)
    content[entry + 24 : entry + 28] = (40).to_bytes(4, "little")
    with pytest.raises(UnreadableFileError, match="damaged"):
        read(SourceFile("book.xlsx", bytes(content)))


def test_strict_open_xml_is_read():
    strict = {
        b"http://schemas.openxmlformats.org/spreadsheetml/2006/main": b"http://purl.oclc.org/ooxml/spreadsheetml/main",
        TYPES.encode(): b"http://purl.oclc.org/ooxml/officeDocument/relationships",
    }
    rows = [["id", "born", "name"], [1, date(1980, 2, 1), "Ann"], [2, date(1990, 3, 4), "=1+1"]]
    parts = parts_of(workbook(People=rows))
    for usual, other in strict.items():
        parts = {name: body.replace(usual, other) for name, body in parts.items()}
    assert values(packed(parts)) == {"id": ["1", "2"], "born": ["1980-02-01", "1990-03-04"], "name": ["Ann", ""]}


def test_a_long_element_is_parsed_in_growing_chunks(monkeypatch):
    monkeypatch.setattr(package, "CHUNK_BYTES", 10)
    source = package.Chunks("book.xlsx", SHEET, io.BytesIO(b"x" * 1_000))
    assert [len(source.read()) for _ in range(6)] == [10, 10, 20, 40, 80, 160]


@pytest.mark.parametrize("value", ["-1", "2", "1.5", "x"])
def test_a_reference_to_no_shared_text_is_damaged(value):
    parts = parts_of(with_texts("xl/texts.xml", "<si><t>id</t></si><si><t>name</t></si>"))
    parts[SHEET] = parts[SHEET].replace(b"<v>1</v>", f"<v>{value}</v>".encode())
    with pytest.raises(UnreadableFileError, match="damaged"):
        read(SourceFile("book.xlsx", packed(parts)))


def test_what_is_no_number_in_a_number_cell_stays_as_it_is():
    names = ["NaN", "INF", "0x10", "1,5", "1_0", "7"]
    rows = "".join(
        f'<row r="{at}"><c r="A{at}"><v>{at}</v></c><c r="b{at}"><v>{name}</v></c></row>'
        for at, name in enumerate(names, 2)
    )
    assert values(sheet(HEADER + rows)) == {"id": [*"234567"], "age": names}


def test_rows_far_apart_cost_no_memory(monkeypatch):
    monkeypatch.setattr(xlsx, "read_cells", None)  # the reader that keeps all blank cells between them
    rows = HEADER + '<row r="1048576"><c r="A1048576"><v>1</v></c><c r="B1048576"><v>2</v></c></row>'
    assert values(sheet(rows)) == {"id": ["1"], "age": ["2"]}


def test_a_usual_sheet_is_read_by_calamine(monkeypatch):
    monkeypatch.setattr(xlsx, "SheetRows", None)
    rows = [["id", "born", "name"], [1, date(1980, 2, 1), "Ann"], [2.5, date(1990, 3, 4), True], [-3, None, "a & b"]]
    assert values(workbook(People=rows))["id"] == ["1", "2.5", "-3"]


def test_a_long_text_in_many_cells_is_kept_once(monkeypatch):
    monkeypatch.setattr(sheet_scan, "MAX_COPIED", 2)
    monkeypatch.setattr(xlsx, "read_cells", None)
    assert values(with_texts("xl/texts.xml", "<si><t>id</t></si><si><t>name</t></si>")) == {"id": ["name"]}
