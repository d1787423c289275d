"""What must be known of the files before trusting the numbers."""

from dataclasses import replace

import pandas as pd
import pytest

from core.intake.match import TableSource
from core.intake.quality_warnings import quality_warnings
from core.intake.read import SourceFile, read
from core.intake.roles import Match, propose

QUALITY = pd.DataFrame(
    {
        "label": ["Birth date", "State", "Age"],
        "cells": [200, 200, 200],
        "blank": [0, 100, 200],
        "invalid": [100, 4, 0],
    }
)
CLEAN = QUALITY.assign(invalid=0)


def source(use: str = "customers", header: str = "line 1") -> TableSource:
    return TableSource("file.csv", 200, 0, {"header row": header}, (), use)


def test_many_values_that_are_not_valid_are_told():
    birth_date = "Birth date: 100 of 200 values are not valid and count as missing. The Data page shows why."
    assert quality_warnings([source()], QUALITY) == [birth_date]
    assert quality_warnings([source()], QUALITY, few=lambda part, whole: part == 100 and whole == 200) == []


def test_a_table_that_is_not_used_or_has_no_header_is_told():
    assert quality_warnings([source("not used: no customer id to join it by")], CLEAN) == [
        "file.csv is not used: no customer id to join it by."
    ]
    assert quality_warnings([source(header="none; the columns are numbered")], CLEAN) == [
        "file.csv seems to have no header: its columns are numbered. Give them roles on the Data page."
    ]


@pytest.mark.parametrize(("rejected", "told"), [(20, False), (21, True), (21, False)])
def test_many_rows_that_are_set_aside_are_told(rejected, told):
    rows = 420 if told else 421
    (*texts,) = quality_warnings([TableSource("bank.csv", rows, rejected, {}, (), "customers")], CLEAN)
    assert (
        texts
        == [
            f"bank.csv: {rejected} of {rows} rows do not fit the table and are set aside. The Data page and"
            " rejected_rows.csv show why."
        ]
        * told
    )


@pytest.mark.parametrize(
    ("header", "cells", "expected"),
    [
        ("Kunde", ["6.1001E+15", "6.1002E+15", "6,1003E+15"], "the ids in “Kunde” are in scientific notation"),
        ("is_alive", ["1", "0", "1"], "“is_alive” seems to say who lives"),
        ("data zgonu", ["wiosna", "lato", "zima"], "“data zgonu” seems to say who has died"),
        ("tenure", ["since spring", "since autumn", "for ever"], "“tenure” looks like tenure"),
        ("Kunde", ["6.1", "E15", "61001"], ""),
    ],
)
def test_ids_that_are_cut_off_and_columns_of_the_dead_are_told(header, cells, expected):
    frame = pd.DataFrame({header: cells, "age": ["30", "40", "50"]}, dtype="str")
    found = TableSource("bank.csv", 3, 0, {}, propose(frame, {}), "customers")
    told = quality_warnings([found], CLEAN)
    assert [text.partition(",")[0].partition(" but")[0][: len(expected) + 10] for text in told] == (
        [f"bank.csv: {expected}"] if expected else []
    )
    assert not any(cells[0] in text for text in quality_warnings([found], CLEAN, few=lambda *_: True))


def test_a_header_one_name_short_is_told():
    content = b"id,name,age\n1,Ann,30,\n2,Bo,40,\n"
    (table,) = read(SourceFile("bank.csv", content)).tables
    found = TableSource("bank.csv", 2, 0, table.decisions, (), "customers")
    assert quality_warnings([found], CLEAN) == [
        "bank.csv: the header has 3 names above rows of 4 cells, of which the last is blank. If the header lacks a "
        "delimiter, all names behind it stand above wrong values: compare them on the Data page."
    ]


@pytest.mark.parametrize(
    ("header", "values", "use", "said"),
    [
        ("DR/CR", ("DR", "CR"), "customers", "which amounts are debits"),
        ("Soll_Haben", ("Haben", "Soll"), "customers: counted per customer", "which amounts are debits"),
        ("product", ("Savings", "Mortgage loan"), "customers: accounts added up per customer", "“Mortgage loan”"),
        ("product", ("Savings", "Mortgage loan"), "customers", ""),
        ("grade", ("A", "D"), "customers", ""),
    ],
)
def test_amounts_that_are_owed_are_not_added_up_without_a_word(header, values, use, said):
    match = Match(header, "category", 0.9, "", values)
    told = quality_warnings([replace(source(use), matches=(match,))], CLEAN)
    assert [said in sentence for sentence in told] == ([True] if said else [])
