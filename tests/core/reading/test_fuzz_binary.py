"""Workbooks and Parquet files with bytes changed: a reading or a clear refusal, and nothing else."""

import io
import zipfile
from datetime import date, datetime

import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import UnreadableFileError
from core.intake.read import Reading, SourceFile, read
from tests.core.reading.test_package import packed, parts_of
from tests.core.reading.test_workbook_formats import (
    FORMULA,
    NESTED,
    XLS,
    cell,
    number,
    ods,
    people,
    row,
    text,
    timed,
    xlsb,
)
from tests.workbooks import workbook

PEOPLE = [["id", "born", "age"], [1, datetime(1980, 2, 1), 30.5], [2, True, "=1+1"], [3, "x", None]]
BOOK = workbook(People=PEOPLE, Cards=[["id", "card"], [1, "x"], [2, "y"]])
with zipfile.ZipFile(io.BytesIO(BOOK)) as source:
    PARTS = {name: source.read(name) for name in source.namelist()}
# What means something to a parser of XML, of cells or of the parts' relationships.
MARKS = [
    b"<row>", b'<row r="9999999">', b"</row>", b"<c>", b'<c r="ZZZ1"/>', b"<v>", b"</v>", b"<f>", b"<!--", b"<![CDATA[",
    b"<?x", b"<!DOCTYPE x>", b"<x:", b"&a;", b'"', b"\0", b"\xff", b' t="s"', b' t="d"', b' t="b"', b' t="n"',
    b' s="999"', b' s="-1"', b' r="A0"', b' r="1"', b' r="x"', b"1e999", b"nan", b"-", b"9" * 5_000, b"../",
    b' encoding="utf-16"', b' encoding="idna"', b"",
]  # fmt: skip
TABLE = {
    "id": ["a", "b", None, "a"] * 5,
    "share": [0.5, None, 1.0, 2.0] * 5,
    "born": [date(1980, 1, 2), None] * 10,
    "seen": [datetime(2020, 1, 2, 3), None] * 10,
    "flag": [True, False] * 10,
    "deep": [[1]] * 20,
}
WAYS = [
    {},
    {"compression": "zstd", "row_group_size": 7},
    {"compression": "none", "use_dictionary": False, "data_page_version": "2.0"},
    {"compression": "none", "use_dictionary": False, "column_encoding": {"id": "DELTA_BYTE_ARRAY"}},
]


def parquet(**how):
    """A Parquet file, written in one way."""
    content = io.BytesIO()
    pq.write_table(pa.table(TABLE), content, **how)
    return content.getvalue()


FILES = [parquet(**how) for how in WAYS]
edits = st.lists(st.tuples(st.floats(0, 1), st.integers(0, 20), st.sampled_from(MARKS)), min_size=1, max_size=4)
flips = st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), min_size=1, max_size=8)


def edited(body, changes):
    """Bytes with some places replaced."""
    for place, length, mark in changes:
        at = int(place * len(body))
        body = body[:at] + mark + body[at + length :]
    return body


def flipped(content, changes):
    """A file with some bytes changed, its first four apart, which tell what it is."""
    found = bytearray(content)
    for place, byte in changes:
        found[4 + int(place * (len(found) - 5))] = byte
    return bytes(found)


def outcome(content):
    """What reading ended in; a refusal names the file and says what to do."""
    try:
        return type(read(SourceFile("hostile", content)))
    except UnreadableFileError as error:
        return (error.file.partition(" ›")[0], bool(error.found), bool(error.remedy))


ALLOWED = (Reading, ("hostile", True, True))


@settings(max_examples=150, derandomize=True, deadline=None)
@given(st.sampled_from(sorted(PARTS)), edits)
def test_any_part_of_a_workbook_changed(part, changes):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, body in PARTS.items():
            archive.writestr(name, edited(body, changes) if name == part else body)
    assert outcome(content.getvalue()) in ALLOWED


@settings(max_examples=100, derandomize=True, deadline=None)
@given(flips)
def test_any_bytes_of_a_zip_archive_changed(changes):
    assert outcome(flipped(BOOK, changes)) in ALLOWED


OTHERS = [XLS, ods(people()), xlsb([(0, {0: "id", 1: "age"}), (1, {0: "007", 1: 30.5})])]


@settings(max_examples=150, derandomize=True, deadline=None)
@given(st.sampled_from(OTHERS), flips)
def test_any_bytes_of_a_workbook_of_another_format_changed(content, changes):
    assert outcome(flipped(content, changes)) in ALLOWED


@settings(max_examples=150, derandomize=True, deadline=None)
@given(flips, st.sampled_from(["xl/workbook.bin", "xl/worksheets/sheet1.bin"]))
def test_any_bytes_of_a_binary_part_changed(changes, part):
    parts = parts_of(OTHERS[2])
    assert outcome(packed(parts | {part: flipped(parts[part], changes)})) in ALLOWED


@settings(max_examples=200, derandomize=True, deadline=None)
@given(st.sampled_from(FILES), flips)
def test_any_bytes_of_a_parquet_file_changed(content, changes):
    assert outcome(flipped(content, changes)) in ALLOWED


TEXTS = ["<![CDATA[x]]>", "<text:tab/>", '<text:s text:c="-5"/>', '<text:s text:c="x"/>', NESTED]
ODS_CELLS = [
    *map(number, ["1", "1e999", "nan", "-", "9" * 5_000, "", " 5 ", "0x10"]),
    *map(timed, ["PT1H", "P", "P99999999999D", "PT1,5S", "x"]),
    *map(text, TEXTS),
    *(cell("<text:p>x</text:p>", table__number_columns_repeated=times) for times in ["0", "-1", "3", "99999", "x"]),
    *[cell(), cell(NESTED), cell(**FORMULA), "<table:covered-table-cell/>", "<text:p>x</text:p>"],
]


@settings(max_examples=150, derandomize=True, deadline=None)
@given(st.lists(st.lists(st.sampled_from(ODS_CELLS), max_size=4), max_size=3))
def test_odd_cells_of_an_open_document_spreadsheet(rows):
    odd = "".join(row(*cells) for cells in rows)
    assert outcome(ods(row(text("id"), text("v")) + odd + row(text("1"), text("2")))) in ALLOWED
