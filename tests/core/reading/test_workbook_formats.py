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


def ods(rows, manifest=""):
    """An OpenDocument spreadsheet."""
    table = f'<office:spreadsheet><table:table table:name="People">{rows}</table:table></office:spreadsheet>'
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
