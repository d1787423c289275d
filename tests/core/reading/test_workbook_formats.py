"""Workbooks of other formats than XLSX, written byte by byte: read alike, and refused alike."""

import base64
import struct
import zlib

import pytest

from core.errors import UnreadableFileError
from core.intake.read import SourceFile, read
from core.intake.reading import bounds
from tests.core.reading.test_package import packed

PEOPLE = {"id": ["007", "008"], "born": ["1980-02-01", "1981-02-01"], "age": ["30.5", "31"]}
XLS = zlib.decompress(base64.b85decode(
    'c-rk)O=uHA6#izrX?|$)XDYNp2?e9p7Aqd?rCk-YCrk9Ah@goHQradZc&P`i)*J=Flj5aN4<b~(_=5_1QxPkA5CkF7qbEVZL!0%z'
    'm))Ay3JqwXI$xM?X5P#<^Rn}|v#)0(rKvk@Wh_BI8c?zQXsod*3Vt^e29?`3C*9ab!PZz)@cU>W8$Ec~{L;%~$m3mxf!pR&V&Ef%'
    'qZq?rK9`NJBKC+6DaAhY5i49HOAxK%RaE$d@H*jJQuC4UF0ot`?xVUTbp*54U}vv0iw_$eQWgZadrvg)#j+hOc*e8%>?KvL>%s2A'
    'P-<k26||d8m<A2#KsJ{xa6W|V2ms@R?$OciOs0ew4fZs?*>T{jyQ-hWwS9H%3S|Gj*zWy}-A9AC)PC78feF~hWswwVQisgyLQZD$'
    'V<Xu)BxqJZ0!{Iu43(zyg<J!WI+-Qz>DejV8{q9-wuA7Z?VwqfNfU7fAxTGMv4qK=xf@^J>`y1HV`7<*BcOUvY-GP+;~XnU9F&rV'
    '1@08ZR^ju~>IO--3CGA^iWA8eC$Vo*>Rgc01og8+@YdQ?lip0};^zbR+l!y9EtH-aD4&kaytAgzK?hfc^!%Gdm+DeiuP`21ZmgV5'
    '<%4kRFB^={2s^&p&S@CJJTECiM7Wycr=u2fhV!ggt(H+MQS<Y7O#QQWQAD3}8#lMHnsvr9Izx1(qccSJ;uY)8NU!}y6nD82ZH7M)'
    'fQE*KhK7cQhQ@ymRlOF-E2!yQ6Zoay>wMRlr%=(KN&Z<JM4o=9=u){CIf@GyuWSCShex?>sTFG6?}dy*)O!KLNQ)oCb<bbA{HWUh'
    'vtnWR&n=;P`>)jF=U?vs2i5=8_5'
))  # fmt: skip
RELS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
LINKS = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">%s</Relationships>'
LINK = '<Relationship Id="r1" Type="%s/%s" Target="%s"/>'
NAMES = "".join(
    f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
)
MANIFEST = '<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">%s</m:manifest>'


def text(value):
    return f'<table:table-cell office:value-type="string"><text:p>{value}</text:p></table:table-cell>'


def row(*cells):
    return f"<table:table-row>{''.join(cells)}</table:table-row>"


def ods(rows, manifest="", more=""):
    """An OpenDocument spreadsheet of one table and some more."""
    return ods_of(f'<table:table table:name="People">{rows}</table:table>{more}', manifest)


def ods_of(tables, manifest=""):
    """An OpenDocument spreadsheet of tables."""
    table = f"<office:spreadsheet>{tables}</office:spreadsheet>"
    return packed({
        "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
        "META-INF/manifest.xml": MANIFEST % manifest,
        "content.xml": f"<office:document-content{NAMES}><office:body>{table}</office:body></office:document-content>",
    })  # fmt: skip


def people(repeated=1):
    """Three rows, the last one repeated, above blank rows to the end of the sheet, as programs write them."""
    rows = row(*map(text, PEOPLE))
    for at, (name, born, age) in enumerate(zip(*PEOPLE.values(), strict=True)):
        date = f'<table:table-cell office:value-type="date" office:date-value="{born}"/>'
        number = f'<table:table-cell office:value-type="float" office:value="{age}"/>'
        line = row(text(name), date, number, '<table:table-cell table:number-columns-repeated="16381"/>')
        rows += line.replace("<table:table-row", f'<table:table-row table:number-rows-repeated="{repeated}"') * (
            at >= 0
        )
    blank = '<table:table-cell table:number-columns-repeated="16384"/>'
    return rows + f'<table:table-row table:number-rows-repeated="1048570">{blank}</table:table-row>'


def record(kind, body=b""):
    """A record of a binary workbook."""
    number = bytes([kind]) if kind < 128 else bytes([kind & 127 | 128, kind >> 7])
    return number + bytes([len(body)]) + body


def wide(value):
    return struct.pack("<I", len(value)) + value.encode("utf-16-le")


def xlsb(rows):
    """A binary workbook of rows: number (from 0) and cells by column; a text or a number each."""
    sheet = record(129) + record(148, bytes(16)) + record(145)
    for number, cells in rows:
        sheet += record(0, struct.pack("<I", number) + bytes(13))
        for column, value in cells.items():
            place = struct.pack("<II", column, 0)
            sheet += (
                record(6, place + wide(value))
                if isinstance(value, str)
                else record(5, place + struct.pack("<d", value))
            )
    book = record(131) + record(143) + record(156, bytes(8) + wide("r1") + wide("People")) + record(144) + record(132)
    return packed({
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": LINKS % (LINK % (RELS, "officeDocument", "xl/workbook.bin")),
        "xl/workbook.bin": book,
        "xl/_rels/workbook.bin.rels": LINKS % (LINK % (RELS, "worksheet", "worksheets/sheet1.bin")),
        "xl/worksheets/sheet1.bin": sheet + record(146) + record(130),
    })  # fmt: skip


def values(content):
    (table,) = read(SourceFile("book", content)).tables
    return table.frame.astype("str").to_dict("list")


@pytest.mark.parametrize("content", [XLS, ods(people())], ids=["xls", "ods"])
def test_each_format_gives_the_same_table(content):
    assert values(content) == PEOPLE


def test_a_binary_workbook_is_read():
    content = xlsb([(0, {0: "id", 1: "age"}), (1, {0: "007", 1: 30.5}), (3, {0: "008", 1: 31.0})])
    (table,) = read(SourceFile("book.xlsb", content)).tables
    assert table.frame.astype("str").to_dict("index") == {
        2: {"id": "007", "age": "30.5"},
        4: {"id": "008", "age": "31"},
    }


KEY = "<m:file-entry><m:encryption-data/></m:file-entry>"


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (ods(people(), KEY), "protected by a password"),
        (ods(people(repeated=2_000)), "cells, blank ones included"),
        (ods(people(repeated=2_000_000)), "rows"),
        (ods(row(text("id")) + row('<table:table-cell table:number-columns-repeated="16384"><text:p>x</text:p>'
                                   "</table:table-cell>")), "columns"),
        (ods(people())[:-200], "damaged"),
        (xlsb([(0, {0: "a"}), (9_999_999, {1: "b"})]), "cells, blank ones included"),
        (xlsb([(0, {0: "a"}), (1, {99_999: "b"})]), "100,000 columns"),
        (XLS[:3_000], "damaged"),
        (XLS[:512] + b"\xff" * 512 + XLS[1024:], "damaged"),
        (XLS.replace("Workbook".encode("utf-16-le"), "WordBook".encode("utf-16-le")), "an Office document"),
        (XLS + "EncryptedPackage".encode("utf-16-le"), "protected by a password"),
        (b"<html><table><tr><td>id</td></tr></table></html>", "a web page"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_before_it_is_parsed(monkeypatch, content, found):
    monkeypatch.setattr(bounds, "MAX_SHEET_CELLS", 5_000)
    with pytest.raises(UnreadableFileError) as error:
        read(SourceFile("book", content))
    assert found in str(error.value)
    assert error.value.remedy


def cell(content="", **attributes):
    """A cell of an OpenDocument table."""
    written = "".join(f' {name.replace("__", ":").replace("_", "-")}="{value}"' for name, value in attributes.items())
    return f"<table:table-cell{written}>{content}</table:table-cell>"


def number(value):
    return cell("<text:p>shown</text:p>", office__value_type="float", office__value=value)


def timed(value):
    return cell("<text:p>shown</text:p>", office__value_type="time", office__time_value=value)


FORMULA = {"table__formula": "of:=1+1"}


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        (number("12345678901234567"), "12345678901234567"),
        (number("-5"), "-5"),
        (number("1.10"), "1.1"),
        (number("1E3"), "1000"),
        (text("<![CDATA[abc]]>"), "abc"),
        (text("a<![CDATA[b&c]]>d"), "ab&cd"),
        (text("a<text:tab/>b<text:line-break/>c"), "a\tb\nc"),
        (text('a<text:s text:c="2"/>b<text:span>c</text:span>d'), "a  bcd"),
        (text("a<office:annotation><text:p>note</text:p></office:annotation>b"), "ab"),
        (text("a</text:p><text:p>b"), "a\nb"),
        (timed("PT25H10M00S"), "1 day, 1:10:00"),
        (timed("PT01H02M03S"), "01:02:03"),
        (timed("-PT1H"), "-1 day, 23:00:00"),
        (timed("soon"), "soon"),
        (cell(office__value_type="date", office__date_value="1980-02-01T10:11:12"), "1980-02-01T10:11:12"),
        (cell(office__value_type="date", office__date_value="-4712-01-01"), "-4712-01-01"),
        (cell(office__value_type="boolean", office__boolean_value="true"), "True"),
        (cell(office__value_type="percentage", office__value="0.125"), "0.125"),
        (cell("<text:p>#DIV/0!</text:p>", office__value_type="string", office__string_value="", **FORMULA), ""),
        (cell(office__value_type="float", office__value="2", **FORMULA), "2"),
    ],
)
def test_a_cell_of_an_open_document_spreadsheet_is_read_as_in_other_workbooks(written, read_as):
    (table,) = read(SourceFile("book", ods(row(text("id"), text("v")) + row(text("1"), written)))).tables
    assert table.frame.astype("str").to_dict("list") == {"id": ["1"], "v": [read_as]}
    assert "formulas without a stored value" not in table.decisions


def test_formulas_without_a_value_are_counted():
    rows = row(text("id"), text("v")) + row(text("1"), cell(**FORMULA)) + row(text("2"), text("x"))
    (table,) = read(SourceFile("book", ods(rows))).tables
    assert table.decisions["formulas without a stored value"] == "1 in the workbook, read as blank"


def test_rows_and_columns_may_be_repeated_and_blank():
    blank = row(cell(table__number_columns_repeated="3"))
    rows = blank + row(cell(), text("id"), text("age")) + blank * 2
    rows += row(cell(), text("1"), number("5")).replace("-row>", '-row table:number-rows-repeated="2">', 1)
    rows += row(cell("<text:p>x</text:p>", table__number_columns_repeated="3"))
    (table,) = read(SourceFile("book", ods(rows))).tables
    assert table.frame.astype("str").to_numpy().tolist() == [["", "1", "5"], ["", "1", "5"], ["x", "x", "x"]]
    assert table.frame.index.tolist() == [5, 6, 7]


NESTED = f'<table:table table:name="Inner">{row(text("i"))}</table:table>'
SHEETS = "".join(f'<table:table table:name="{at}"/>' for at in range(1_000))


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (ods(people(), more=SHEETS), "There are 1,001 sheets; the limit is 1,000."),
        (ods(people(), more='<table:table table:name="People"/>'), "two sheets have the same title"),
        (ods(row(text("id"), text("v")) + row(cell(NESTED), text("x"))), "A table lies inside a cell."),
        (ods(row(text('a<text:s text:c="999999999"/>'))), "characters in one cell"),
        (ods(row(number("abc"))), "damaged"),
        (ods_of(""), "damaged: it is an OpenDocument spreadsheet without a sheet"),
    ],
)
def test_an_open_document_spreadsheet_that_is_none_or_too_much_is_refused(content, found):
    with pytest.raises(UnreadableFileError) as error:
        read(SourceFile("book", content))
    assert found in str(error.value)
    assert error.value.remedy
