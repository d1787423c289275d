"""Workbooks and Parquet files to text; hostile ones refused before the memory is spent."""

import io
import os
import tracemalloc
import zipfile
from datetime import date, datetime
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from core.errors import UnreadableFileError
from core.intake.read import ReadChoices, SourceFile, read
from core.intake.reading import cells
from tests.workbooks import workbook

HEADER = ["id", "name", "born", "age"]
SPENT = 1_000_000  # bytes; a refusal needs far less than the gigabytes that the file asks for


def repacked(content, **replaced):
    """The workbook with members replaced."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(name, replaced.get(name, source.read(name)))
    return out.getvalue()


def test_each_sheet_is_a_table_and_a_title_sheet_is_rejected():
    content = workbook(
        Title=[["The bank"], [None, "Confidential"]],
        People=[["All customers"], HEADER, [1, "Ann", datetime(1980, 2, 1), 30.0], [2, True, date(1990, 1, 2), 0.1]],
        Cards=[["id", "card"], [1, "x"], [2, "y"]],
    )
    reading = read(SourceFile("book.xlsx", content))
    people, cards = reading.tables
    assert (people.name, cards.name) == ("book.xlsx › People", "book.xlsx › Cards")
    assert people.frame.astype("str").to_dict("list") == {
        "id": ["1", "2"], "name": ["Ann", "True"], "born": ["1980-02-01", "1990-01-02"], "age": ["30", "0.1"],
    }  # fmt: skip
    assert list(people.frame.index) == [3, 4]
    assert people.rejected[["line", "reason"]].to_numpy().tolist() == [[1, "above the header"]]
    assert reading.rejected[["file", "line", "reason", "raw_text"]].to_numpy().tolist() == [
        ["book.xlsx › Title", 1, "the sheet holds no table", "The bank"],
        ["book.xlsx › Title", 2, "the sheet holds no table", ",Confidential"],
    ]
    chosen = read(SourceFile("book.xlsx", content), ReadChoices(sheets=("Cards",)))
    assert [table.name for table in chosen.tables] == ["book.xlsx"]


@pytest.mark.parametrize("chunk_rows", [1, 2, 3, 1000])
def test_rows_in_several_chunks_are_read_like_those_of_one(monkeypatch, chunk_rows):
    monkeypatch.setattr(cells, "CHUNK_ROWS", chunk_rows)
    rows = [[1.0, 0.5, "x"], [-2.0, 3.0, None], [None, None, " "], [999999999999999.0, 1e15, "y"], [1.0, 1e20, True]]
    table = read(SourceFile("book.xlsx", workbook(People=[["id", "amount", "note"], *rows]))).tables[0]
    assert table.frame.astype("str").to_dict("list") == {
        "id": ["1", "-2", "999999999999999", "1"],
        "amount": ["0.5", "3", "1000000000000000", "1e+20"],
        "note": ["x", "", "y", "True"],
    }
    assert table.rejected[["line", "reason"]].to_numpy().tolist() == [[4, "every cell is blank"]]


def test_formulas_without_a_stored_value_are_counted():
    content = workbook(People=[["id", "age"], [1, "=1+1"], [2, "=2+1"]])
    table = read(SourceFile("book.xlsx", content)).tables[0]
    assert table.decisions["formulas without a stored value"].startswith("2 in the workbook")


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"PK\x03\x04 and no more", "The zip archive cannot be read: File is not a zip file."),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "The workbook is damaged."),
        (b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "The workbook is protected by a password."),
        (workbook(Title=[["The bank"]]), "No sheet holds a table."),
        (workbook(People=[HEADER, [1, 2, 3, 4]])[:-300], "The workbook is damaged."),
    ],
)
def test_what_is_no_workbook_to_use_is_refused(content, found):
    with pytest.raises(UnreadableFileError) as error:
        read(SourceFile("book.xlsx", content))
    assert error.value.found == found


def far_corner():
    sheet = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1"><c r="A1">'
        '<v>1</v></c></row><row r="100000"><c r="XFD100000"><v>1</v></c></row></sheetData></worksheet>'
    )
    return repacked(workbook(People=[[1]]), **{"xl/worksheets/sheet1.xml": sheet})


def entities():
    lol = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + "".join(
        f'<!ENTITY {one} "{f"&{other};" * 10}">' for other, one in zip("abcdefgh", "bcdefghi", strict=True)
    )
    body = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1">'
        '<c r="A1" t="inlineStr"><is><t>&i;</t></is></c></row></sheetData></worksheet>'
    )
    return repacked(workbook(People=[[1]]), **{"xl/worksheets/sheet1.xml": f"{lol}]>{body}"})


def bomb():
    return repacked(workbook(People=[[1]]), **{"xl/worksheets/sheet1.xml": b" " * 30_000_000})


@pytest.mark.parametrize("hostile", [far_corner, entities, bomb])
def test_a_hostile_workbook_is_refused_with_little_memory(hostile):
    content = hostile()
    tracemalloc.start()
    try:
        with pytest.raises(UnreadableFileError):
            read(SourceFile("book.xlsx", content))
        assert tracemalloc.get_traced_memory()[1] < SPENT
    finally:
        tracemalloc.stop()


def test_parquet_keeps_digits_and_drops_what_is_nested():
    table = pa.table(
        {
            "id": ["007", None],
            "big": pa.array([12345678901234567, 1]),
            "share": [0.1, 2.0],
            "born": pa.array([datetime(1980, 1, 2), None], pa.timestamp("us")),
            "deep": [[1], [2]],
        }
    )
    content = io.BytesIO()
    pq.write_table(table, content)
    found = read(SourceFile("bank.parquet", content.getvalue())).tables[0]
    assert found.frame.astype("str").to_dict("list") == {
        "id": ["007", ""], "big": ["12345678901234567", "1"], "share": ["0.1", "2"], "born": ["1980-01-02", ""],
    }  # fmt: skip
    assert found.decisions["nested columns"] == "dropped: deep"
    with pytest.raises(UnreadableFileError, match="cannot be read"):
        read(SourceFile("bank.parquet", content.getvalue()[:-9]))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (",".join(map(str, range(3000))) + "\n", "columns"),
        ("a,b\n1," + "x" * 200_000 + "\n", "characters in one cell"),
    ],
)
def test_a_text_beyond_a_bound_is_refused(text, found):
    with pytest.raises(UnreadableFileError, match=found):
        read(SourceFile("bank.csv", text.encode()))


@pytest.mark.real_data
@pytest.mark.skipif("REAL_DATA_DIR" not in os.environ, reason="REAL_DATA_DIR is not set")
def test_the_real_workbook_holds_the_tables_of_the_files_beside_it():
    folder = Path(os.environ["REAL_DATA_DIR"])
    reading = read(SourceFile("book.xlsx", (folder / "KPMG_raw_workbook.xlsx").read_bytes()))
    assert len(reading.rejected) > 0
    for table in reading.tables:
        name = table.name.partition(" › ")[2]
        beside = read(SourceFile("x.csv", (folder / f"{name}.csv").read_bytes())).tables[0].frame
        assert len(table.frame) == len(beside)
        assert len(table.rejected) == 0
        plain = set(beside) - {"DOB", "default", "transaction_date", "online_order", "standard_cost"}
        for column in plain:
            pd.testing.assert_series_equal(
                table.frame[column].astype("str"), beside[column].astype("str"), check_index=False
            )
    assert len(reading.tables) == 4
