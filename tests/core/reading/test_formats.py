"""Every kind of file gives the same table, and what is no table is named with what to do."""

import bz2
import gzip
import io
import lzma
import zipfile

import numpy as np
import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.feather
import pyreadstat
import pytest

from core.errors import UnreadableFileError
from core.intake.read import ReadChoices, SourceFile, read
from core.intake.reading import arrow_file, bounds, packed

CSV = b"customer_id,born,balance\nC1,1980-05-06,0.1\nC2,1981-06-10,2\n"
ROWS = {"customer_id": ["C1", "C2"], "born": ["1980-05-06", "1981-06-10"], "balance": ["0.1", "2"]}
FRAME = pd.DataFrame(ROWS | {"born": pd.to_datetime(ROWS["born"]), "balance": [0.1, 2.0]})


def tables(content, choices=None):
    """The tables of a file whose name says nothing."""
    return read(SourceFile("file", content), choices or ReadChoices()).tables


def cells(table):
    """Header → cells, as plain lists."""
    return table.frame.astype("str").to_dict("list")


def stata():
    """A Stata file."""
    target = io.BytesIO()
    FRAME.to_stata(target, write_index=False, convert_dates={"born": "td"}, version=118)
    return target.getvalue()


def written(function, path, **choices):
    """What pyreadstat writes."""
    getattr(pyreadstat, function)(FRAME.assign(born=FRAME["born"].dt.date), path, **choices)
    return path.read_bytes()


def feather(packing="zstd", frame=FRAME):
    """A Feather file."""
    target = io.BytesIO()
    pyarrow.feather.write_feather(frame, target, compression=packing)
    return target.getvalue()


def stream():
    """A stream of Arrow."""
    target, table = io.BytesIO(), pa.table(FRAME)
    with pa.ipc.new_stream(target, table.schema) as writer:
        writer.write_table(table)
    return target.getvalue()


def archive(**members):
    """A zip archive; `__` stands for a dot."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, content in members.items():
            zipped.writestr(name.replace("__", "."), content)
    return target.getvalue()


HTML = (
    "<!-- made by a portal --><html><style>td{}</style><table><tr><th>customer_id<th>born<th>balance</tr>"
    "<tr><td>C1</td><td>1980-05-06</td><td>0.1</td></tr><tr><td>C2<td>1981-06-10<td>2</table></html>"
)
EXCEL_2003 = (
    '<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
    'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="S"><Table>'
    "<Row><Cell><Data>customer_id</Data></Cell><Cell><Data>born</Data></Cell><Cell><Data>balance</Data></Cell></Row>"
    '<Row><Cell><Data>C1</Data></Cell><Cell><Data ss:Type="DateTime">1980-05-06T00:00:00.000</Data></Cell>'
    '<Cell><Data ss:Type="Number">0.1</Data></Cell></Row><Row ss:Index="5"><Cell><Data>C2</Data></Cell>'
    '<Cell><Data>1981-06-10</Data></Cell><Cell ss:Index="3"><Data>2</Data></Cell></Row></Table></Worksheet></Workbook>'
)
RECORDS = (
    '{"customer_id":"C1","born":"1980-05-06","balance":0.1}',
    '{"customer_id":"C2","born":"1981-06-10","balance":2}',
)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(lambda _: gzip.compress(CSV[:30]) + gzip.compress(CSV[30:]), id="gzip in two streams"),
        pytest.param(lambda _: bz2.compress(CSV), id="bzip2"),
        pytest.param(lambda _: lzma.compress(CSV), id="xz"),
        pytest.param(lambda _: archive(customers__csv=CSV), id="zip"),
        pytest.param(lambda _: stata(), id="Stata"),
        pytest.param(lambda path: written("write_sav", path), id="SPSS"),
        pytest.param(lambda path: written("write_sav", path, compress=True), id="SPSS, packed"),
        pytest.param(lambda path: written("write_xport", path, file_format_version=8), id="SAS transport"),
        pytest.param(lambda _: feather("lz4"), id="Feather, lz4"),
        pytest.param(lambda _: feather("uncompressed"), id="Feather"),
        pytest.param(lambda _: stream(), id="Arrow stream"),
        pytest.param(lambda _: HTML.encode(), id="web page"),
        pytest.param(lambda _: HTML.encode("utf-16"), id="web page in UTF-16"),
        pytest.param(lambda _: EXCEL_2003.encode(), id="Excel XML"),
        pytest.param(lambda _: "\n".join(RECORDS).encode(), id="JSON lines"),
        pytest.param(lambda _: f"[\n{','.join(RECORDS)}]".encode(), id="JSON records"),
        pytest.param(lambda _: f'{{"ok": true, "data": [{",".join(RECORDS)}]}}'.encode(), id="JSON of an API"),
        pytest.param(lambda _: FRAME.astype({"born": "str"}).to_json().encode(), id="JSON by column"),
        pytest.param(lambda _: FRAME.astype({"born": "str"}).to_json(orient="split").encode(), id="JSON, split"),
    ],
)
def test_each_kind_gives_the_same_table(content, tmp_path):
    (table,) = tables(content(tmp_path / "written"))
    assert cells(table) == ROWS


def test_values_with_a_label_are_their_label_and_a_numbered_column_has_its_own(tmp_path):
    path = tmp_path / "x.sav"
    frame = pd.DataFrame({"ID": ["1", "2", "3"], "q1": [1.0, 2.0, np.nan]})
    labels = {"variable_value_labels": {"q1": {1: "Low", 2: "High"}}, "column_labels": {"q1": "Income group"}}
    pyreadstat.write_sav(frame, path, **labels)
    (table,) = tables(path.read_bytes())
    assert cells(table) == {"ID": ["1", "2", "3"], "Income group": ["Low", "High", ""]}


def test_an_archive_gives_each_table_once_and_names_the_rest():
    other = CSV.replace(b"balance", b"income")
    read_tables = tables(archive(b__csv=other, a__csv=CSV, copy__csv=CSV, about__pdf=b"%PDF-1.7", __MACOSX__x=b"\0"))
    assert [(table.name, list(table.frame)[2]) for table in read_tables] == [
        ("file: a.csv", "balance"), ("file: b.csv", "income"),
    ]  # fmt: skip
    assert read_tables[0].decisions["files without a table"] == "about.pdf (a PDF document)"


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (archive(a__csv=CSV, inner__zip=archive(b__csv=CSV)), "a zip archive inside another"),
        (archive(), "The zip archive is empty"),
        (archive(x__pdf=b"%PDF-1.7"), "This is a PDF document"),
        (gzip.compress(CSV, mtime=0)[:-9], "The gzip file is damaged: its end is missing"),
        (gzip.compress(b"a,b\n" + b"1,2\n" * 4_000_000, mtime=0), "bytes when unpacked"),
        (archive(a__csv="0" * 12_000_000), "times as large when unpacked; the limit is 400 times."),
        (b"FEA1" + bytes(40), "an old Feather file"),
        (b"SQLite format 3\0", "an SQLite database"),
        (archive(**{"Index/Document__iwa": b"x"}), "a Numbers document"),
        (archive(**{"[Content_Types]__xml": b"<Types/>", "word/document__xml": b"<x/>"}), "an Office document"),
        (b"<html><h1>502 Bad Gateway</h1></html>", "a web page (HTML) without a table"),
        (b"<?xml version='1.0'?><a/>", "This is XML, not a table"),
        (EXCEL_2003.replace("<Workbook", '<!DOCTYPE x [<!ENTITY a "b">]><Workbook').encode(), "a document type"),
        (EXCEL_2003.replace('"5"', '"2000000"').encode(), "2,000,000 rows"),
        (b'{"error": "not found"}', "JSON without a list of records"),
        (b"[" * 100_000, "nested too deeply"),
        (b"<table>" * 100, "tables inside each other"),
        (b"<table><tr>" + b"<td colspan=99>x" * 30, "columns"),
        (stata()[:400], "The Stata file cannot be read"),
        (b"$FL2" + bytes(200), "The SPSS file cannot be read"),
        (feather()[:-200], "The Arrow file cannot be read"),
    ],
)
def test_what_gives_no_table_is_named(content, found):
    with pytest.raises(UnreadableFileError) as error:
        tables(content)
    assert found in str(error.value)
    assert error.value.remedy


def test_a_packed_buffer_is_refused_by_the_size_it_claims(monkeypatch):
    monkeypatch.setattr(bounds, "MAX_UNZIPPED", 1_000_000)
    monkeypatch.setattr(arrow_file, "text_table", lambda *_, **__: pytest.fail("unpacked"))
    with pytest.raises(UnreadableFileError, match="bytes when unpacked"):
        tables(feather(frame=pd.DataFrame({"a": np.zeros(200_000)})))


def test_an_archive_of_many_files_is_refused(monkeypatch):
    monkeypatch.setattr(packed, "MAX_FILES", 1)
    with pytest.raises(UnreadableFileError, match="2 files in the archive"):
        tables(archive(a__csv=CSV, b__csv=CSV))


def test_records_inside_one_become_columns_and_lists_are_named():
    (table,) = tables(b'[{"id":"001","at":{"city":"P\\u00e9rth","geo":{"x":1}},"tags":[1]},{"id":"002","v":true}]')
    assert cells(table) == {"id": ["001", "002"], "at.city": ["Pérth", ""], "v": ["", "True"]}
    assert table.decisions["nested columns"] == "dropped: at.geo, tags"


def test_a_line_that_is_no_record_is_rejected():
    (table,) = tables(b'{"id":1,"age":NaN}\n{"id":2,\n\n{"id":3,"age":4.0}\n')
    assert (cells(table), list(table.frame.index)) == ({"id": ["1", "3"], "age": ["", "4"]}, [1, 4])
    assert table.rejected[["line", "reason", "raw_text"]].to_numpy().tolist() == [[2, "not a JSON record", '{"id":2,']]


def book(hide=(), **sheets):
    """A workbook, some sheets of which are hidden."""
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    for title, rows in sheets.items():
        sheet = workbook.create_sheet(title)
        for row in rows:
            sheet.append(row)
        sheet.sheet_state = "hidden" if title in hide else "visible"
    return workbook


def saved(workbook):
    """Its bytes."""
    target = io.BytesIO()
    workbook.save(target)
    return target.getvalue()


def test_a_hidden_sheet_is_used_only_if_it_is_chosen():
    content = saved(book(hide={"Old"}, Now=[["id", "age"], [1, 30]], Old=[["id", "age"], [1, 20]]))
    (now,) = tables(content)
    assert (cells(now)["age"], now.decisions["hidden sheets not used"], now.sheets) == (["30"], "Old", ("Now", "Old"))
    (old,) = tables(content, ReadChoices(sheets=("Old",)))
    assert cells(old)["age"] == ["20"]


def test_a_text_merged_over_rows_stands_in_each_and_a_number_once():
    workbook = book(S=[["state", "id", "income"], ["VIC", 1, 500], [None, 2, None], ["NSW", 3, "#REF!"]])
    workbook["S"].merge_cells("A2:A3")
    workbook["S"].merge_cells("C2:C3")
    (table,) = tables(saved(workbook))
    assert cells(table) == {"state": ["VIC", "VIC", "NSW"], "id": ["1", "2", "3"], "income": ["500", "", ""]}
    assert table.decisions["merged cells of numbers"] == "1 cells below left blank"
    assert table.decisions["formulas that failed, read as blank"] == "1"


def test_a_workbook_that_counts_from_1904_says_so():
    workbook = book(S=[["id", "born"], [1, 20458]])
    workbook.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    (table,) = tables(saved(workbook))
    assert table.decisions["date system"] == "1904"
