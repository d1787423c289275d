"""Faults found by probing, each as a small text → the whole frame and what is rejected."""

import pytest

from core.errors import UnreadableFileError
from core.intake.read import SourceFile, read

EMBEDDED = "a second table starts here"
STRAY = "a stray quote"
LETTER = "\n".join(f"line {at}" for at in range(60))


def found(content):
    """Columns, rows, rejects (line → reason) and decisions of a file."""
    content = content if isinstance(content, bytes) else content.encode()
    table = read(SourceFile("a.csv", content)).tables[0]
    rows = [list(row) for row in table.frame.astype("str").itertuples(index=False)]
    rejected = dict(zip(table.rejected["line"], table.rejected["reason"], strict=True))
    return list(table.frame.columns), rows, rejected, table.decisions


@pytest.mark.parametrize(
    ("text", "columns", "rows", "rejected"),
    [
        pytest.param('id,s,sum,note\n1,y,2.5,"a, b"\n4,x,395.73"call, later"\n5,z,1.5,c\n', ["id", "s", "sum", "note"],
            [["1", "y", "2.5", "a, b"], ["5", "z", "1.5", "c"]], {3: STRAY}, id="stray quote"),
        pytest.param('id,tv\n1,55"\n2,40"\n3,32"\n', ["id", "tv"], [["1", '55"'], ["2", '40"'], ["3", '32"']], {},
            id="inches"),
        pytest.param('id,tv "\n1,a\n2,"b"\n', ["id", 'tv "'], [["1", "a"], ["2", "b"]], {}, id="quote in the header"),
        pytest.param("id,'n'\n1,'a, b'\n2,O'Brien\n3,'c'\n", ["id", "n"], [["1", "a, b"], ["2", "O'Brien"], ["3", "c"]],
            {}, id="apostrophe"),
        pytest.param("id,name,age\n1,A,30\n2,B,40\ncode,city,lead\nx,Perth,Bo\ny,Cairns,Cy\n", ["id", "name", "age"],
            [["1", "A", "30"], ["2", "B", "40"]], {4: EMBEDDED, 5: EMBEDDED, 6: EMBEDDED}, id="second table"),
        pytest.param("id,name\n1,A\n2,B\n\ncode,city\n7,Perth\n8,Cairns,x\n", ["id", "name"], [["1", "A"], ["2", "B"]],
            {5: EMBEDDED, 6: EMBEDDED, 7: EMBEDDED}, id="second table after a blank line"),
        pytest.param("name,city,age\nA,Perth,30\nB,Cairns,40\nname,age,job\nC,50,nurse\n", ["name", "city", "age"],
            [["A", "Perth", "30"], ["B", "Cairns", "40"]], dict.fromkeys((4, 5), EMBEDDED),
            id="another header of such names"),
        pytest.param("name,city,age\nA,Perth,30\nB,Cairns,40\nname,age,job\nC,50,nurse\nD,60\nTotal,,\n",
            ["name", "city", "age"], [["A", "Perth", "30"], ["B", "Cairns", "40"]],
            dict.fromkeys(range(4, 8), EMBEDDED), id="a second table with a total"),
        pytest.param("name,age\nA,30\nB,40\nC,dead\nD,50\n", ["name", "age"],
            [["A", "30"], ["B", "40"], ["C", "dead"], ["D", "50"]], {}, id="a word among figures"),
        pytest.param(f'id,note\n1,"{LETTER}"\n2,"{LETTER}"\n', ["id", "note"], [["1", LETTER], ["2", LETTER]], {},
            id="sixty lines"),
        pytest.param("1;2,5;3,5\n2;3,5;4,5\n", ["column 1", "column 2", "column 3"],
            [["1", "2,5", "3,5"], ["2", "3,5", "4,5"]], {}, id="decimal commas"),
        pytest.param("amount\n$1,200.50\n$3,400.10\n", ["amount"], [["$1,200.50"], ["$3,400.10"]], {}, id="money"),
        pytest.param("full name\nAnn Lee\nBo Ek\n", ["full name"], [["Ann Lee"], ["Bo Ek"]], {}, id="names"),
        pytest.param("address\n12 Main St, Sydney\n4 Low Rd, Perth\n", ["address"],
            [["12 Main St, Sydney"], ["4 Low Rd, Perth"]], {}, id="addresses"),
        pytest.param('name,note\nBo,"x"\nAnn,"Dear Sir,\nyes, thanks\nBob"\nCy,y\n', ["name", "note"],
            [["Bo", "x"], ["Cy", "y"]], {3: "a quote opens, and whole rows stand before the next one closes it"},
            id="unclear cell"),
        pytest.param("Bank,report,2018\nid,name,age\n1,Ann,30\n2,Bo,40\n", ["id", "name", "age"],
            [["1", "Ann", "30"], ["2", "Bo", "40"]], {1: "above the header"}, id="full title"),
        pytest.param("state,2016,2017\nNSW,120,130\nVIC,90,95\n", ["state", "2016", "2017"],
            [["NSW", "120", "130"], ["VIC", "90", "95"]], {}, id="years"),
        pytest.param("NSW,2016,2017\nVIC,2015,2018\n", ["column 1", "column 2", "column 3"],
            [["NSW", "2016", "2017"], ["VIC", "2015", "2018"]], {}, id="years are values"),
        pytest.param("\ufeff\ufeffid,n\n1,A\n", ["id", "n"], [["1", "A"]], {}, id="two marks"),
        pytest.param("id,n\n1,A\n" + "\0" * 999, ["id", "n"], [["1", "A"]], {}, id="padded"),
        pytest.param("id,n\n   \n1,A\n\t\n", ["id", "n"], [["1", "A"]], {}, id="lines of blanks"),
        pytest.param('id,n\n   \n1,"A"\n\t\n', ["id", "n"], [["1", "A"]], {}, id="lines of blanks beside quotes"),
    ],
)  # fmt: skip
def test_the_whole_frame_and_what_is_rejected(text, columns, rows, rejected):
    assert found(text)[:3] == (columns, rows, rejected)


def test_a_few_invalid_bytes_leave_the_rest_utf_8():
    columns, rows, rejected, decisions = found("id,n\n1,Zoë\n2,Núñez\n".encode() + b"3,Caf\xe9\n")
    assert (columns, rows, rejected) == (["id", "n"], [["1", "Zoë"], ["2", "Núñez"], ["3", "Café"]], {})
    assert decisions["encoding"] == "UTF-8"
    assert decisions["bytes that are not UTF-8"] == "1, read as Windows-1252"


def test_what_is_passed_over_is_counted():
    assert found("id,n\n1,A\n" + "\0" * 999)[3]["NUL characters removed"] == "999"
    assert found("id,n\n   \n1,A\n\t\n")[3]["blank lines"] == "2, passed over"


def test_quoted_cells_longer_than_the_sample_are_no_single_column():
    note = "some words\n" * 2000
    with pytest.raises(UnreadableFileError, match="Choose the delimiter"):
        read(SourceFile("a.csv", f'id,note\n1,"{note}"\n2,"{note}"\n'.encode()))


def test_a_cell_of_two_apostrophes_alone_is_no_quoted_cell():
    (table,) = read(SourceFile("a.csv", b"id,note,age\n1,X,30\n2,'',40\n")).tables
    assert table.frame["note"].tolist() == ["X", "''"]
    (table,) = read(SourceFile("a.csv", b"id,note,age\n1,'X, Y',30\n2,'',40\n")).tables
    assert table.frame["note"].tolist() == ["X, Y", ""]
