"""What leaves the app while small groups are hidden, attacked: by subtraction from totals, and by digits of shares."""

import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

import numpy as np
import openpyxl
import pandas as pd
import pytest
from pptx import Presentation

from core.analysis import Analysis
from core.pipeline import load, segment
from core.reporting.deck import deck
from core.reporting.report import report
from core.reporting.workbook import workbook
from core.rules import Rules
from core.schema import CLUSTER, MASS_AFFLUENT
from core.sources.file import FileSource
from core.views import tables
from core.views.chart_parts import label
from core.views.sheet import Sheet
from core.views.summary import share
from core.visuals.registry import VISUALS
from core.visuals.visual import picture

# By tenure: customers, and of how many of them wealth, valuation and age are unknown. Few only in the first.
SIZES, UNKNOWN = (163, 131, 107, 83, 71), (6, 33, 23, 0, 0)
YES, KNOWN = f"{MASS_AFFLUENT}_yes", f"{MASS_AFFLUENT}_known"
MEASURES = ("property_valuation", "age")


def customers():
    """Made-up customers; six live in NT, and are all of a small group."""
    rows = []
    for at, (size, unknown) in enumerate(zip(SIZES, UNKNOWN, strict=True)):
        for i in range(size):
            wealth = ("Affluent Customer", "Mass Customer")[i % 5 > at // 2]
            told = (wealth, 3 + (i + at) % 8, 25 + 7 * at + i % 11 + i % 3)
            rows.append((20 * at + i % 2, ("NSW", "VIC", "QLD")[i % 3], *(told if i >= unknown else [None] * 3)))
    table = pd.DataFrame(rows, columns=["tenure", "state", "wealth_segment", "property_valuation", "age"])
    table.loc[table.index[-6:], "state"] = "NT"
    return table.assign(customer_id=[f"c{i}" for i in range(len(table))])


@pytest.fixture(scope="module")
def exact():
    study = load([FileSource("bank.csv", customers().to_csv(index=False).encode())], Rules(date(2018, 1, 1)))
    return Analysis(study, segment(study, 5, ("tenure",)))


def sheets(content):
    """The cells of all sheets of a workbook."""
    book = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
    return [list(row) for sheet in book.worksheets for row in sheet.iter_rows(values_only=True)]


def pages(of):
    """What the charts and tables of the pages send."""
    return [pages_of(of, key) for key, visual in VISUALS.items() if visual.is_possible(of)]


def pages_of(of, key):
    shown = picture(VISUALS[key], of)
    drawn = None if shown.empty else shown.visual.draw(of, shown.data)
    if isinstance(drawn, Sheet):
        return [drawn.rows.to_dict("list"), drawn.texts]
    return drawn.to_dict() if drawn else []


def behind_the_deck(of):
    """The workbooks behind the charts of the deck."""
    slides = Presentation(io.BytesIO(deck(of))).slides
    shapes = [shape for slide in slides for shape in slide.shapes if shape.has_chart]
    return [sheets(shape.chart.part.chart_workbook.xlsx_part.blob) for shape in shapes]


SENT = {
    "pages": pages,
    "report": lambda of: re.findall(r"(?<![\w.])\d+(?:\.\d+)?(?![\w.])", report(of).decode()),
    "deck": behind_the_deck,
    "workbook": lambda of: sheets(workbook(of)),
}


def numbers(sent):
    """All numbers in what is sent."""
    if isinstance(sent, Mapping):
        return numbers([*sent.values()])
    if isinstance(sent, str):
        return {float(sent)} if re.fullmatch(r"\d+(\.\d+)?", sent) else set()
    if isinstance(sent, Iterable):
        return set().union(*map(numbers, sent))
    return {float(sent)} if isinstance(sent, int | float | np.number) and sent == sent else set()


def secrets(exact):
    """Of each segment and figure: of how many it is known, and the count or sum that its share or mean is made of."""
    table = exact.table(tables.by_cluster, exact.decimals(*MEASURES))
    pairs = [(KNOWN, YES), *((f"{name}_n", f"{name}_sum_0") for name in MEASURES)]
    return [(*pair, row) for pair in pairs for row in table[[CLUSTER, "customers", *pair]].itertuples(index=False)]


@pytest.mark.parametrize("medium", SENT)
def test_no_count_follows_from_the_digits_of_a_share_or_mean(exact, medium):
    """An attacker knows whole numbers of customers, multiplies, and keeps what is whole to the sixth digit."""
    sent = numbers(SENT[medium](replace(exact, hide=True)))
    told = [
        (figure, row)
        for _, figure, row in secrets(exact)
        if row[3] % 5  # a count that is rounded already stays
        if any(abs(number * row[2] - row[3]) < 1e-6 for number in sent)
    ]
    assert told == []
    assert any(0 < number < 1 for number in sent), "there are shares to attack"


def test_no_count_is_what_the_share_of_a_segment_rounds_to(exact):
    """The size of a segment in which nothing is unknown is the base of its share."""
    left = replace(exact, hide=True).clusters.set_index(CLUSTER)
    whole = exact.clusters.set_index(CLUSTER)
    everyone = whole.index[(whole[KNOWN] == whole["customers"]) & (whole[YES] % 5 > 0)]
    worked_out = (share(left, MASS_AFFLUENT) * left["customers"]).round()
    assert len(everyone)
    assert (worked_out[everyone] != whole.loc[everyone, YES]).all()


def with_a_value(of):
    """By segment, the customers behind each mean as the bars of the page send them."""
    sent = pages_of(of, "value")["datasets"]
    return {row["segment"]: row["known"] for rows in sent.values() for row in rows}


def test_a_total_less_the_other_segments_gives_no_few_of_whom_a_number_is_unknown(exact):
    """How many have a number is known of all from the share on a card, and the sizes are in the pie."""
    of = replace(exact, hide=True)
    sizes = {label(one, of.names): n for one, n in zip(of.clusters[CLUSTER], of.clusters["customers"], strict=True)}
    known = with_a_value(of)
    left = [sizes[segment] for segment in sizes if segment not in known]
    assert sum(sizes.values()) == len(customers())
    assert len(left) > 1, "else its number is the total less those of all others"
    assert sum(left) - (exact.totals.mass_affluent_known - sum(known.values())) >= 10


def test_rounded_numbers_are_those_of_the_pages_without_hiding(exact):
    assert sum(with_a_value(exact).values()) == exact.totals.mass_affluent_known


def test_the_share_of_a_flag_is_the_same_in_profiles_as_in_charts(exact):
    of = replace(exact, hide=True)
    found = of.differences.query("column == @MASS_AFFLUENT and value == 'Yes'").set_index("cluster")["here"]
    told = share(of.clusters, MASS_AFFLUENT).set_axis(of.clusters[CLUSTER].astype("str")).dropna().round(2)
    assert found.sort_index().to_dict() == told.to_dict()
