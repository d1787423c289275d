"""Who moves from which segment to which: table, words, chart, and what is hidden of it."""

from datetime import date

import pandas as pd
import pytest

from core.pipeline import load, segment
from core.rules import Rules
from core.sources.file import FileSource
from core.views.moves import AFTER, BEFORE, in_words, matrix, moves, shares, sizes
from core.visuals.comparison import compare
from core.visuals.segmented import SegmentedCustomers
from tests.core.test_palette import contrast, luminance


def labels(counts, side):
    """One side of pairs of segments, each so many times."""
    values = [pair[side] for pair, times in counts.items() for _ in range(times)]
    names = [*sorted({*values} - {"Not clustered"}), "Not clustered"]
    return pd.Categorical(values, names, ordered=True)


def moved(counts):
    return moves(labels(counts, 0), labels(counts, 1))


SPLIT = {("1", "1"): 60, ("2", "3"): 25, ("2", "2"): 15, ("Not clustered", "Not clustered"): 4}


def rows_of(table):
    return [tuple(row) for row in table.astype({BEFORE: "str", AFTER: "str"}).itertuples(index=False)]


def test_customers_are_counted_by_both_segments_in_the_order_of_their_numbers():
    assert rows_of(moved(SPLIT)) == [
        ("1", "1", 60), ("2", "2", 15), ("2", "3", 25), ("Not clustered", "Not clustered", 4),
    ]  # fmt: skip
    assert sizes(moved(SPLIT), BEFORE)["customers"].tolist() == [60, 40, 4]
    assert sizes(moved(SPLIT), AFTER)["customers"].tolist() == [60, 15, 25, 4]


def test_shares_are_of_the_segment_that_is_left():
    table = moved(SPLIT)
    assert shares(table, sizes(table, BEFORE))["share"].tolist() == [1, 15 / 40, 25 / 40]


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        (SPLIT, "85% of the customers stay with most of their segment; segment 2 splits into 2 and 3."),
        (
            {("1", "1"): 50, ("2", "2"): 30, ("3", "2"): 20},
            "100% of the customers stay with most of their segment; segments 2 and 3 merge into 2.",
        ),
        ({("1", "1"): 81, ("1", "2"): 19}, "81% of the customers stay with most of their segment."),
        ({}, ""),
    ],
)
def test_what_becomes_of_the_segments_is_said_in_words(counts, words):
    table = moved(counts)
    assert in_words(shares(table, sizes(table, BEFORE))) == words


def test_a_cell_has_its_share_in_percent_and_no_figure_where_hardly_anybody_moves():
    counts = {("1", "1"): 995, ("1", "2"): 5, ("2", "2"): 100}
    table = moved(counts)
    names = {"1": "Older", "2": "Younger", "Not clustered": "Not clustered"}
    chart = matrix(shares(table, sizes(table, BEFORE)), names, names)
    data = chart.data
    assert list(zip(data["segment"], data["goes_to"], data["text"], data["written"], strict=True)) == [
        ("1 Older", "1 Older", "100", "over 99%"),
        ("1 Older", "2 Younger", "<1", "under 1%"),
        ("2 Younger", "2 Younger", "100", "100%"),
    ]
    encoding = chart.layer[0].to_dict()["encoding"]
    assert encoding["y"]["scale"]["domain"] == ["1 Older", "2 Younger"]
    assert encoding["x"]["scale"]["domain"] == ["1", "2"]


AGES = [20] * 40 + [45] * 30 + [50] * 6 + [80] * 35  # with two segments, and with four: the six are few


@pytest.mark.parametrize(
    ("hide", "pairs", "after", "note"),
    [
        (
            False,
            [("1", "1", 35), ("2", "2", 6), ("2", "3", 30), ("2", "4", 40)],
            {"1": 35, "2": 6, "3": 30, "4": 40},
            "",
        ),
        (
            True,
            [("1", "1", 35), ("2", "4", 40)],
            {"1": 35, "4": 40},
            "2 groups hidden: fewer than 10 customers, or subtraction would reveal such a group.",
        ),
    ],
)
def test_two_numbers_of_segments_are_compared_without_their_small_groups(hide, pairs, after, note):
    rows = "customer_id,age\n" + "".join(f"{at},{age}\n" for at, age in enumerate(AGES))
    study = load([FileSource("made.csv", rows.encode())], Rules(date(2026, 1, 1)))
    found = compare(SegmentedCustomers(study, segment(study, 2), hide=hide), segment(study, 2), segment(study, 4))
    assert rows_of(found.moves[[BEFORE, AFTER, "customers"]]) == pairs
    assert {segment: int(size.split()[0]) for segment, size in found.after.items()} == after
    assert found.note == note


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_cell_of_few_is_near_to_the_page_in_both_themes_and_every_text_is_read(theme):
    table = moved({("1", "1"): 56, ("1", "2"): 44})
    names = {"1": "Older", "2": "Younger"}
    cells, texts = matrix(shares(table, sizes(table, BEFORE)), names, names, theme=theme).to_dict()["layer"]
    pale, deep = cells["encoding"]["color"]["scale"]["range"]
    assert (luminance(pale) > luminance(deep)) == (theme == "light")
    ink = texts["encoding"]["color"]
    turns = float(ink["condition"]["test"].split()[-1])
    assert contrast(pale, ink["value"] if turns else ink["condition"]["value"]) >= 4.5
    assert contrast(deep, ink["condition"]["value"]) >= 4.5
