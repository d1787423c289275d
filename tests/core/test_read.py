"""CSV bytes to text: nothing typed, nothing lost, and what cannot be read is refused with a remedy."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import DataError, UnreadableFileError
from core.intake.read import ReadChoices, SourceFile, read
from core.intake.reading.chunks import plan
from core.intake.reading.marks import without_marks

repeatable = settings(derandomize=True, deadline=None)


def read_text(text):
    """The table of a UTF-8 file."""
    return read(SourceFile("bank.csv", text.encode())).tables[0]


def cells(table):
    """Header → cells, as plain lists."""
    return table.frame.astype("str").to_dict("list")


def test_cells_stay_the_text_they_are():
    table = read_text("customer_id,surname,postcode,balance,born\n007,NA,0800,1e3,\n8,null, 2000 ,1_000,01/02/1980\n")
    assert cells(table) == {
        "customer_id": ["007", "8"],
        "surname": ["NA", "null"],
        "postcode": ["0800", " 2000 "],
        "balance": ["1e3", "1_000"],
        "born": ["", "01/02/1980"],
    }
    assert list(table.frame.index) == [2, 3]
    assert table.rejected.empty


def test_rows_of_another_width_are_kept_aside_with_line_and_text():
    table = read_text('a,b,c\n1,2,3\n1,2,3,"4"\n4,5\n5,6,7\n')
    assert cells(table) == {"a": ["1", "5"], "b": ["2", "6"], "c": ["3", "7"]}
    assert list(table.frame.index) == [2, 5]
    assert table.rejected.to_dict("split", index=False) == {
        "columns": ["file", "line", "outcome", "reason", "raw_text"],
        "data": [
            ["bank.csv", 3, "rejected", "4 cells where the header has 3", '1,2,3,"4"'],
            ["bank.csv", 4, "rejected", "2 cells where the header has 3", "4,5"],
        ],
    }


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_lines_count_as_an_editor_counts_them(newline):
    table = read_text(newline.join(["", "a,b", '1,"two', 'lines"', "", "3,4", "5", ""]))
    assert list(table.frame.index) == [3, 6]
    assert cells(table) == {"a": ["1", "3"], "b": [f"two{newline}lines", "4"]}
    assert table.rejected[["line", "raw_text"]].to_numpy().tolist() == [[7, "5"]]


@pytest.mark.parametrize(("delimiter", "shown"), [(",", ","), (";", ";"), ("\t", "tab"), ("|", "|")])
def test_the_delimiter_is_the_one_that_gives_even_rows(delimiter, shown):
    rows = [["name", "note"], ["Ann", "a; b, c | d"], ["Bo", "e, f"], ["Cy", "g; h"]]
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    table = read_text(text.getvalue())
    assert cells(table) == {"name": ["Ann", "Bo", "Cy"], "note": ["a; b, c | d", "e, f", "g; h"]}
    assert table.decisions["delimiter"] == shown


@pytest.mark.parametrize("delimiter", [",", "\t", "\x1f"])
def test_a_text_in_pieces_is_said_to_be_read_as_one_at_once(delimiter):
    text = f"id{delimiter}age\n1{delimiter}30\n2{delimiter}40\n"
    how = plan("bank.csv", text.encode(), text.encode(), "utf-8", ReadChoices())
    assert {"encoding": "UTF-8", **how.decisions} == read_text(text).decisions


def test_a_file_of_one_column_is_a_table():
    assert cells(read_text("age\n30\n40\n")) == {"age": ["30", "40"]}


@pytest.mark.parametrize(
    ("encoded_as", "reported"),
    [("utf-8", "UTF-8"), ("utf-8-sig", "UTF-8"), ("cp1252", "Windows-1252"), ("utf-16", "UTF-16")],
)
def test_the_encoding_is_recognised_and_said(encoded_as, reported):
    table = read(SourceFile("bank.csv", "customer_id,job\n1,Café – 5 €\n".encode(encoded_as))).tables[0]
    assert cells(table) == {"customer_id": ["1"], "job": ["Café – 5 €"]}
    assert table.decisions["encoding"] == reported


def test_stray_nul_characters_are_stripped():
    table = read_text("customer_id,job_title\n1,nu\x00rse" + " and much else" * 20 + "\n")
    assert cells(table) == {"customer_id": ["1"], "job_title": ["nurse" + " and much else" * 20]}


@pytest.mark.parametrize(
    ("header", "names"),
    [
        ("a,b,c", ["a", "b", "c"]),
        (" first   name ,b,c", ["first name", "b", "c"]),
        ("a,,", ["a", "column 2", "column 3"]),
        ("a,a,a", ["a", "a (2)", "a (3)"]),
        ("a (2),a,a", ["a (2)", "a", "a (3)"]),
        ("column 2,,", ["column 2", "column 2 (2)", "column 3"]),
    ],
)
def test_every_header_gets_a_name_of_its_own(header, names):
    table = read_text(f"{header}\n1,2,3\n")
    assert cells(table) == dict(zip(names, [["1"], ["2"], ["3"]], strict=True))


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"", "The file is empty."),
        (b"\n \r\n\t\n", "The file is empty."),
        (b"\x00" * 50, "The file is empty."),
        (b"\xef\xbb\xbf", "There is no row of data below the header."),
        (b"customer_id,age", "There is no row of data below the header."),
        (b"customer_id,age\n\n\n", "There is no row of data below the header."),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00", "This is a PNG picture, not a table."),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF\x00", "This is a JPEG picture, not a table."),
        (b"GIF89a\x01\x00\x01\x00", "This is a GIF picture, not a table."),
        (b"%PDF-1.7\n%\xe2\xe3", "This is a PDF document, not a table."),
        (b"\x1f\x8b\x08\x00", "The gzip file is damaged: its end is missing."),
        (bytes(range(1, 32)) * 20, "This is not a text file."),
    ],
)
def test_what_is_no_table_is_refused_with_file_finding_and_remedy(content, found):
    with pytest.raises(UnreadableFileError) as error:
        read(SourceFile("holiday.csv", content))
    assert (error.value.file, error.value.found) == ("holiday.csv", found)
    assert error.value.remedy in {
        "Choose a file with one row per customer.",
        "Save the table as CSV and choose that file.",
        "Ask for the table as CSV or XLSX.",
        "Ask for the table as CSV or XLSX, or copy it into a workbook.",
        "Unpack the file, and choose what is in it.",
    }
    assert str(error.value) == f"holiday.csv: {found} {error.value.remedy}"


def test_rows_that_all_differ_from_the_header_in_width_are_named_as_the_reason():
    with pytest.raises(UnreadableFileError, match="3 cells where the header has 2"):
        read_text("customer_id,age\n1,30,5\n2,40,6\n")


@pytest.mark.parametrize(
    ("rest", "kept"),
    [
        pytest.param('2,"nurse\n3,cook\n4,baker\n', 3, id="to the end of a short file"),
        pytest.param('2,"nurse\n' + "3,cook\n" * 30_000, 30_001, id="over a long file"),
        pytest.param('2,"nurse\n3,cook\n4,"baker"\n', 3, id="to the next quoted cell"),
    ],
)
def test_a_quote_that_is_never_closed_costs_its_own_line_only(rest, kept):
    table = read_text(f"customer_id,job_title\n1,cook\n{rest}")
    assert len(table.frame) == kept
    assert table.rejected[["line", "reason", "raw_text"]].to_numpy().tolist() == [
        [3, "a quote opens and is not closed", '2,"nurse']
    ]


def test_a_quote_inside_a_cell_rejects_the_row():
    table = read_text('id,note\n1,"ab"c\n2,"x"\n3,5" pipe\n')
    assert cells(table) == {"id": ["2"], "note": ["x"]}
    assert table.rejected[["line", "reason", "raw_text"]].to_numpy().tolist() == [
        [2, "a quote is closed in the middle of a cell", '1,"ab"c'],
        [4, "a stray quote", '3,5" pipe'],
    ]


@pytest.mark.parametrize(
    ("place", "message"),
    [
        ({}, "Found this. Do that."),
        ({"file": "a.csv"}, "a.csv: Found this. Do that."),
        ({"column": "age"}, "column “age”: Found this. Do that."),
        ({"file": "a.csv", "column": "age", "line": 1234}, "a.csv, column “age”, line 1,234: Found this. Do that."),
    ],
)
def test_an_error_says_where_what_and_the_remedy(place, message):
    assert str(DataError("Found this.", "Do that.", **place)) == message


# Control characters are left out: a file full of them is taken for a binary.
written = st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\t\r\n"), max_size=8)
# Invisible marks, and wrappers such as ="01", are taken off on purpose.
cell_text = written.map(without_marks).filter(lambda cell: not cell.strip().startswith(("'", "=")))


@repeatable
@given(st.lists(st.tuples(cell_text, cell_text), min_size=1), st.sampled_from([",", ";", "\t", "|"]))
def test_a_table_written_with_every_cell_quoted_reads_back(rows, delimiter):
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows(
        [("id", "a", "b"), *((1, *row) for row in rows)]
    )
    table = read_text(text.getvalue())
    assert table.decisions["header row"] == "line 1"
    found = list(zip(*cells(table).values(), strict=True))
    assert len(found) + len(table.rejected) == len(rows)
    kept = {row[1:] for row in found}
    assert [row[1:] for row in found] == [row for row in rows if row in kept]


lines_of_files = st.lists(st.text(alphabet="ab1,;\t|\"' \u2028", max_size=12), min_size=1, max_size=12)


@repeatable
@given(st.binary(max_size=200))
def test_any_bytes_are_a_table_or_refused(content):
    try:
        table = read(SourceFile("bank.csv", content)).tables[0]
    except UnreadableFileError:
        return
    lines = list(table.frame.index)
    assert lines
    assert lines == sorted(set(lines))
