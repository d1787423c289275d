"""The segment that customers are nearest to, beside their own."""

import csv
import io
from collections import Counter
from datetime import date

import numpy as np
import pandas as pd
import pytest

from core.analysis import Analysis
from core.figures import money
from core.pipeline import load, segment
from core.results import FILES
from core.rules import Rules
from core.schema import SECOND, Column
from core.segments.next_segment import describe_next, next_segments, what_differs, with_worth
from core.sources.file import FileSource

COLUMNS = (
    Column("age", "number", "Age", "years"),
    Column("balance", "number", "Balance", "$"),
    Column("visits", "number", "Visits"),
)
NAMES = {"1": "Savers", "2": "Young"}


@pytest.fixture(scope="module")
def analysis():
    """Two groups along the balance, and a few between them."""
    rng = np.random.default_rng(5)
    balance = np.concatenate([rng.normal(1000, 100, 60), rng.normal(4000, 100, 60), rng.normal(9000, 100, 30)])
    lines = [f"{at},{value:.0f},{30 + at % 20}" for at, value in enumerate(balance)]
    source = FileSource("bank.csv", "\n".join(["id,balance,age", *lines]).encode())
    study = load([source], Rules(date(2020, 1, 1)))
    return Analysis(study, segment(study, 3, ["balance"]), shown_value="balance")


def test_customers_are_counted_by_their_segment_and_the_next_one(analysis):
    found = analysis.next_segments
    assert found[["cluster", "next", "customers"]].values.tolist()[0] == ["1", "2", 30]
    assert found[["cluster", "next", "customers"]].values.tolist()[-1] == ["3", "2", 60]
    assert found.groupby("cluster")["customers"].sum().tolist() == [30, 60, 60], "everybody is counted once"
    centres = analysis.segments.profile["balance"].to_numpy()
    by_hand = [np.argsort(np.abs(centres - value))[1] + 1 for value in analysis.study.customers["balance"]]
    counted = Counter(zip(analysis.segments.labels.astype("str"), map(str, by_hand), strict=True))
    assert {tuple(row[:2]): row[2] for row in found[["cluster", "next", "customers"]].values.tolist()} == counted
    assert found.set_index(["cluster", "next"])["worth"]["3", "2"] == pytest.approx(centres[1] / centres[2])


def test_those_who_are_in_no_segment_have_no_next_one(analysis):
    second = analysis.certainties[SECOND].copy()
    second.iloc[:20] = None
    counted = next_segments(analysis.segments, second, None)
    assert counted["customers"].sum() == 130
    assert counted["unsure"].isna().all(), "without certainty nobody knows who is unsure"
    certainty = pd.Series(np.where(np.arange(150) < 30, 0.5, 1.0))
    assert next_segments(analysis.segments, second, certainty)["unsure"].sum() == 10


def test_a_worth_needs_two_averages_above_0():
    table = pd.DataFrame({"cluster": list("1123"), "next": list("2311")})
    worth = with_worth(table, {"1": 200.0, "2": 50.0, "3": -1.0})["worth"]
    assert worth.tolist() == pytest.approx([0.25, np.nan, 4, np.nan], nan_ok=True)


def test_what_differs_goes_from_the_one_average_to_the_other_in_the_fields_own_unit(analysis):
    segments = analysis.segments
    start, end = (money(segments.profile["balance"][at], "$", 1) for at in (2, 1))
    (text,) = what_differs(segments, "3", "2", COLUMNS)
    assert text == f"Balance {start} → {end}"
    assert what_differs(segments, "2", "2", COLUMNS) == [], "nothing differs from itself"


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (("2", "1", 142, 12, 2.34), "142 of segment 2 are nearest to segment 1 “Savers”, whose average balance is 2.3 "
         "× as high. 12 of them are unsure of their segment."),
        (("1", "2", 1, 1, 0.4321), "1 of segment 1 is nearest to segment 2 “Young”, whose average balance is "
         "0.43 × as high. 1 of them is unsure of their segment."),
        (("1", "2", 9, 0, 1.02), "9 of segment 1 are nearest to segment 2 “Young”, whose average balance is "
         "about the same. None of them is unsure of their segment."),
        (("1", "2", 9, np.nan, np.nan), "9 of segment 1 are nearest to segment 2 “Young”."),
    ],
)  # fmt: skip
def test_a_sentence_says_how_many_are_near_to_what(row, said):
    columns = ["cluster", "next", "customers", "unsure", "worth"]
    assert describe_next(dict(zip(columns, row, strict=True)), NAMES, "balance") == said


def test_the_file_has_every_pair_and_is_there_only_where_there_is_a_second_segment(analysis):
    file = FILES["next_segments.csv"]
    rows = list(csv.DictReader(io.StringIO(file.make(analysis).decode("utf-8-sig"))))
    assert len(rows) == len(analysis.next_segments)
    assert list(rows[0]) == ["Segment", "Nearest_segment", "customers", "unsure", "value_ratio", "what_differs"]
    assert rows[0]["what_differs"].startswith("Balance 9")
    assert file.hidden_with_groups, "a count may be of few customers"
    assert file.exists(analysis)
    one = Analysis(analysis.study, segment(analysis.study, 1, ["balance"]))
    assert not file.exists(one)
    assert one.next_segments.empty
