"""How people and hosts lay tables out in text: headers of two rows, totals inside, fixed width, wrapped cells."""

import pytest

from core.errors import UnreadableFileError
from core.intake.match import TableSource
from core.intake.read import SourceFile, read
from core.intake.reading_warnings import reading_warnings


def read_text(text, encoding="utf-8"):
    """The table of a text."""
    return read(SourceFile("bank.csv", text.encode(encoding))).tables[0]


def cells(table):
    """Header → cells, as plain lists."""
    return table.frame.astype("str").to_dict("list")


def test_cells_wrapped_for_excel_are_unwrapped_and_counted():
    table = read_text('="id",born,n\n="00100",="13/01/1980",1\n"=""00101""",=T("14/01/1980"),=1+1\n')
    assert cells(table) == {"id": ["00100", "00101"], "born": ["13/01/1980", "14/01/1980"], "n": ["1", "=1+1"]}
    assert table.decisions['cells wrapped as ="…"'] == "5"


@pytest.mark.parametrize(
    ("cell", "expected"),
    [("'007", "007"), ("'-5", "-5"), ("409000611074'", "409000611074"), ("6'", "6'"), ("'s-Hertogenbosch",) * 2],
)
def test_apostrophes_that_mark_text_are_no_part_of_a_cell(cell, expected):
    table = read_text(f"id,kept,age\n1,{cell},30\n2,x,40\n3,{cell},50\n")
    assert cells(table)["kept"] == [expected, "x", expected]
    assert ("apostrophes removed" in table.decisions) == (cell != expected)


def test_marks_inside_are_no_part_of_a_header_or_an_id():
    table = read_text("id,bo\u00adrn\n1,\u200e2\u200e/2/1961\n\ufeffid,born\n\ufeff2,3/2/1961\n")
    assert cells(table) == {"id": ["1", "2"], "born": ["2/2/1961", "3/2/1961"]}
    assert table.rejected["reason"].tolist() == ["repeats the header"]
    assert table.decisions["invisible marks removed"] == "5"


@pytest.mark.parametrize(
    ("header", "names"),
    [
        ("Customer,,,Savings,,Loan\nID,Name,Age,Balance,Rate,Balance",
         ["ID", "Name", "Age", "Savings Balance", "Savings Rate", "Loan Balance"]),
        ("ID,Name,Age,Savings,,Loan\n,,,Balance,Rate,Balance",
         ["ID", "Name", "Age", "Savings Balance", "Savings Rate", "Loan Balance"]),
    ],
)  # fmt: skip
def test_names_of_groups_come_in_front_of_the_names_below(header, names):
    table = read_text(f"{header}\n1,Ann,31,1000,0.5,20\n2,Bo,32,2000,0.5,30\n")
    assert (list(table.frame), table.decisions["header row"]) == (names, "lines 1 and 2, joined")
    assert table.rejected.empty


def test_a_title_above_a_header_is_no_group():
    rows = "ID,Name,Age,Balance,Rate\n1,Ann,31,1000,0.5\n2,Bo,32,2000,0.5\n"
    table = read_text(f"Customer report,,,,Printed 2024-01-01\n{rows}")
    assert list(table.frame) == ["ID", "Name", "Age", "Balance", "Rate"]


def test_sums_inside_a_table_are_rejected_and_names_like_them_are_not():
    table = read_text(
        "state,id,income\nVIC,1,10\nVIC,2,20\nVIC Total,,30\n"
        "NSW,3,5\nZwischensumme,,5\nTotal Bay,4,7\nNSW,5,1\nNSW,6,1\n"
    )
    assert cells(table)["id"] == ["1", "2", "3", "4", "5", "6"]
    assert table.rejected[["line", "reason"]].to_numpy().tolist() == [
        [4, "a total, not a row"], [6, "a total, not a row"],
    ]  # fmt: skip


HOST = """CUSTNO NAME      AGE BALANCE
000001 Ann Lee   31  1000.50
000002 Bo        32
000003 Cy de Vos 33    20.00
000004 Di        34     7.00
"""


def test_columns_of_fixed_width_are_read_by_place():
    assert cells(read_text(HOST)) == {
        "CUSTNO": ["000001", "000002", "000003", "000004"],
        "NAME": ["Ann Lee", "Bo", "Cy de Vos", "Di"],
        "AGE": ["31", "32", "33", "34"],
        "BALANCE": ["1000.50", "", "20.00", "7.00"],
    }


def test_a_ruled_line_gives_the_columns_and_a_count_below_is_no_row():
    table = read_text("id   date of birth\n---- -------------\n   1 1980-05-06\n   2 1980-05-07\n\n(2 rows affected)\n")
    assert cells(table) == {"id": ["1", "2"], "date of birth": ["1980-05-06", "1980-05-07"]}
    assert table.rejected["line"].tolist() == [2, 6]


def test_fixed_width_without_names_is_refused():
    with pytest.raises(UnreadableFileError, match="not certain where each begins"):
        read_text("".join(line + "\n" for line in ("0001 ANN LEE   VIC", "0002 BOB       NSW", "0003 ANNA      VIC",
                                                   "0004 A  LEE    NSW")))  # fmt: skip


def test_a_stated_delimiter_is_taken():
    table = read_text("sep=;\nid;name;share\n1;Lee, Ann;1,5\n2;Chi, Bo;2,5\n", "utf-16")
    assert cells(table) == {"id": ["1", "2"], "name": ["Lee, Ann", "Chi, Bo"], "share": ["1,5", "2,5"]}


def test_what_may_be_read_differently_is_said_once_per_file():
    said = {"encoding": "GB18030", "encoding judged by": "its letters"}
    sources = [TableSource("b.xlsx › A", 1, 0, {"hidden sheets not used": "Old"}, ()),
               TableSource("b.xlsx › B", 1, 0, {"hidden sheets not used": "Old"}, ()),
               TableSource("c.csv", 1, 0, said, ())]  # fmt: skip
    assert [warning.split(".")[1:3] for warning in reading_warnings(sources)] == [
        ["xlsx has hidden sheets that were not used: Old",
         " Choose them on the Data page if they belong to the customers"],
        ["csv was read as GB18030, judged by its letters",
         " If names look wrong, choose the encoding on the Data page"],
    ]  # fmt: skip
