"""Customers as cells: every table of them is that of the rows, whatever they are filtered by."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core import exact
from core.rules import Rules
from core.schema import CLUSTER, MASS_AFFLUENT
from core.strategy.audience import moves
from core.views import condense, tables
from core.views.condense import Condensed
from core.views.wealth_band import measure_histogram
from core.visuals.table import TABLES
from tests.core.test_cubes import NUMBERS, RULES, customers, people

FILTERS = {
    "state": st.sets(st.sampled_from(["NSW", "VIC", "WA"])),
    "gender": st.sets(st.sampled_from(["Female", "Male"])),
    "job_industry": st.sets(st.sampled_from(["IT", "Health"])),
}
STRICT = Rules(RULES.as_of).mass_affluent


def condensed_of(frame, further):
    return Condensed(frame, further, lambda name: exact.decimals(frame[name]))


def asked(frame):
    """Tables of the pages, with arguments that these customers have."""
    decimals = tables.measured(frame, [*NUMBERS])
    yield tables.totals, ()
    yield tables.sums, (decimals,)
    yield tables.by_cluster, (decimals,)
    yield tables.count, ((CLUSTER, "gender", MASS_AFFLUENT),)
    yield tables.histogram, ("age",)
    yield tables.histogram, ("spend", tables.value_step(frame["spend"]))
    yield tables.age_by_value, ("property_valuation", 1.0)
    yield tables.age_by_value, ("spend", tables.value_step(frame["spend"]), "property_valuation", 2.0)
    yield tables.places, ("state", decimals)
    yield measure_histogram, ("spend", tables.value_step(frame["spend"]))
    yield moves, (RULES, STRICT)


def plain(table):
    """A table as values, whatever the order of its rows."""
    if not isinstance(table, pd.DataFrame):
        return table
    return sorted(map(repr, table.astype("object").to_dict("records")))


@settings(deadline=None, max_examples=25)
@given(
    frame=customers,
    filters=st.fixed_dictionaries(FILTERS),
    most=st.sampled_from([1, 40, 2**18]),
    room=st.sampled_from([40, 2_000, 2**24]),
)
def test_a_table_of_cells_is_that_of_the_rows(frame, filters, most, room):
    filters = {name: tuple(sorted(values)) for name, values in filters.items()}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(condense, "MOST_CELLS", most)
        patch.setattr(condense, "ROOM", room)
        condensed = condensed_of(frame, ["gender", "state", "owns_car"])
        for build, arguments in asked(frame):
            columns = {*TABLES[build].columns(*arguments)} | {name for name, values in filters.items() if values}
            if (cells := condensed.cells(columns)) is not None:
                found = build(tables.select(cells, filters), *arguments)
                assert plain(found) == plain(build(tables.select(frame, filters), *arguments))


def one(*values):
    return people([("NSW", "2000", "IT", "Male", "Mass Customer", "No", "1", 20, 1, value) for value in values])


def test_what_was_counted_is_kept_and_serves_what_needs_fewer_columns():
    condensed = condensed_of(one(0.5, 0.5), ["gender"])
    cells = condensed.cells({CLUSTER, "state", "spend_n"})
    assert {*cells} == {CLUSTER, "state", "gender", "customers", "spend_n", "spend_sum_15"}
    assert cells[["customers", "spend_n"]].to_numpy().tolist() == [[2, 2]]
    assert condensed.cells({CLUSTER, "gender"}) is cells
    assert condensed.cells({"job_industry"}) is not cells


def test_numbers_in_parts_and_too_many_values_are_left_to_the_rows():
    condensed = condensed_of(one(0.5, 1e9), [])
    assert condensed.cells({"spend"}) is None
    assert condensed.cells({"spend by 1"}) is None
    assert condensed.cells({"spend by 100000000"})["spend by 100000000"].tolist() == [0.0, 1e9]


def test_what_the_customers_lack_is_left_out():
    cells = condensed_of(one(np.nan), []).cells({CLUSTER, "nothing", "nothing_n", "spend by 10"})
    assert cells.astype(object).where(cells.notna(), None).to_dict("records") == [
        {CLUSTER: "1", "spend by 10": None, "customers": 1}
    ]


def test_no_more_frames_are_kept_than_allowed(monkeypatch):
    monkeypatch.setattr(condense, "MOST_KEPT", 2)
    condensed = condensed_of(one(1), [])
    for name in ("state", "gender", "job_industry", "owns_car"):
        condensed.cells({name})
    assert [[*frame] for frame in condensed.frames] == [["job_industry", "customers"], ["owns_car", "customers"]]
