"""What leaves as CSV: everything as it was, and no text that a spreadsheet would run."""

import csv
import io

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.schema import CLUSTER
from core.views.export import FORMULA_START, segment_sheet, to_csv


def cells(content):
    """The rows of a CSV file as any reader sees them, header first."""
    return list(csv.reader(io.StringIO(content.decode("utf-8"), newline="")))


def test_a_whole_table_comes_back_as_it_was():
    table = pd.DataFrame(
        {
            "customer_id": ["0007", "8"],
            "date_of_birth": pd.to_datetime(["1980-02-01", None]).astype("datetime64[s]"),
            "age": np.array([37, np.nan], "float32"),
            "latitude": [-33.89, np.nan],
            "balance": np.array([-1250.5, 0.25], "float32"),
            "delta": [-5, 0],
            "job_title": ['Engineer, "senior"\nnights', "Zoë"],
            "state": pd.Categorical(["NSW", "Unknown"]),
            CLUSTER: pd.Categorical(["1", "Not clustered"], ["1", "2", "Not clustered"], ordered=True),
        }
    )
    assert cells(to_csv(table)) == [
        ["customer_id", "date_of_birth", "age", "latitude", "balance", "delta", "job_title", "state", "Cluster"],
        ["0007", "1980-02-01", "37", "-33.89", "-1250.5", "-5", 'Engineer, "senior"\nnights', "NSW", "1"],
        ["8", "", "", "", "0.25", "0", "Zoë", "Unknown", "Not clustered"],
    ]


RISKY = [
    " =1",
    "\n=1",
    "\u3000=1",
    "\xa0 -1",
    "\ufeff=1",
    "\u200b@a",
    "＝1+1",
    "＋1",
    "－1",
    "＠A1",
    "﹦1",
    "−1",
    "=1+1",
    "+61 2 9999",
    "-5",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\0=1",
    "=",
    "-",
]
HARMLESS = ["", "1+1", "a=b", "'=1", " plain", "5-3", "a@b.au", "–", "… -", "ー1", "·=1"]


@pytest.mark.parametrize("kind", ["str", "category", "object"])
@pytest.mark.parametrize(
    ("text", "expected"), [(text, f"'{text}") for text in RISKY] + [(text, text) for text in HARMLESS]
)
def test_text_a_spreadsheet_would_run_is_defused_in_cells_and_headers(text, expected, kind):
    table = pd.DataFrame({f"{text}x": pd.Series([text, "other"], dtype=kind)})
    assert cells(to_csv(table))[:2] == [[f"{expected}x"], [expected]]


def test_categories_that_are_no_text_stay_as_they_are():
    assert cells(to_csv(pd.DataFrame({"band": pd.Categorical([-1, 2])}))) == [["band"], ["-1"], ["2"]]


def test_missing_text_stays_missing_beside_risky_text():
    table = pd.DataFrame({"a": pd.Series(["=1", None], dtype="str"), "b": pd.Categorical(["=1", None]), "c": [1, 2]})
    assert cells(to_csv(table)) == [["a", "b", "c"], ["'=1", "'=1", "1"], ["", "", "2"]]


@pytest.mark.parametrize("kind", ["int64", "float64", "float32", "Int64", "Float64"])
def test_negative_numbers_stay_numbers(kind):
    assert cells(to_csv(pd.DataFrame({"n": pd.Series([-1, 2], dtype=kind)}))) == [["n"], ["-1"], ["2"]]


def test_the_table_that_is_exported_is_left_as_it_was():
    table = pd.DataFrame({"=a": ["=1"], "n": [1.0]})
    before = table.copy()
    to_csv(table)
    pd.testing.assert_frame_equal(table, before)


texts = st.text(st.sampled_from("=+-@\t\r\0＝＠'\"\n, aé1\u3000"), max_size=5)


@settings(derandomize=True, deadline=None, max_examples=200)
@given(st.lists(texts, min_size=1, max_size=5), texts)
def test_no_cell_is_a_formula_and_none_is_lost(values, header):
    table = pd.DataFrame({header: pd.Series(values, dtype="str"), "row": range(len(values))})
    found = cells(to_csv(table))
    assert not any(FORMULA_START.match(row[0]) for row in found)
    expected = [(f"'{text}" if FORMULA_START.match(text) else text) for text in (header, *values)]
    assert [row[0] for row in found] == expected
    assert [row[1] for row in found[1:]] == [str(i) for i in range(len(values))]


def test_the_segment_sheet_has_shares_of_all_customers_and_all_sure_figures():
    profile = pd.DataFrame(
        {"cluster": ["1", "2"], "name": ["Older", "Younger"], "customers": [2, 1], "risk": [0.1 + 0.2, 1.23e-7]}
    )
    assert cells(to_csv(segment_sheet(profile, everybody=6))) == [
        ["Cluster", "name", "customers", "share_of_all_customers", "risk"],
        ["1", "Older", "2", "0.33333333", "0.3"],
        ["2", "Younger", "1", "0.16666667", "1.23e-07"],
    ]


def test_whole_numbers_beyond_those_a_float_can_count_stay_as_they_are():
    assert to_csv(pd.DataFrame({"small": [1.0, 2e15], "large": [1.0, 1e20]})).decode() == (
        "small,large\r\n1,1.0\r\n2000000000000000,1e+20\r\n"
    )
