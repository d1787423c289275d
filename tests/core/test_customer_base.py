"""What every base of customers answers: the rows of a study, the cells of an opened result, and a third from here."""

import inspect
from dataclasses import dataclass, replace
from datetime import date

import pandas as pd
import pytest

from core.analysis import Analysis
from core.cubes.contents import contents
from core.cubes.file import to_bytes
from core.cubes.opened import OpenedResult, opened
from core.customer_base import CustomerBase, rows_of
from core.measures.measure import Measure
from core.pipeline import load, segment
from core.results import results
from core.rules import Rules
from core.schema import CLUSTER, HIGH_POTENTIAL, MASS_AFFLUENT
from core.sources.file import FileSource
from core.study import Study
from core.territories.territories import Territories
from core.views import tables
from core.views.suppress import HIDDEN
from core.wealth import Wealth

STATES = ["NSW"] * 30 + ["VIC"] * 30 + ["QLD"] * 12 + ["NT"] * 3
PEOPLE = pd.DataFrame(
    {
        "customer_id": [f"c{i}" for i in range(75)],
        "age": [20 + i % 2 if i % 2 else 60 + i % 3 for i in range(75)],
        "state": STATES,
        "gender": ["Female" if i % 2 else "Male" for i in range(75)],
        "property_valuation": [i % 12 + 1 for i in range(75)],
    }
)


@pytest.fixture(scope="module")
def rows():
    """An analysis of rows."""
    file = FileSource("bank.csv", PEOPLE.to_csv(index=False).encode())
    study = load([file], Rules(date(2020, 1, 1)))
    return Analysis(study, segment(study, 2, ["age"]))


@pytest.fixture(scope="module")
def counted(rows):
    """The same, its result opened."""
    made = contents(rows.study, rows.study.with_segments(rows.segments), rows.segments, None, rows.frozen)
    return Analysis(*opened(to_bytes(made), "stamp"))


@pytest.fixture(params=["rows", "counted"])
def one(request):
    """An analysis of either base."""
    return request.getfixturevalue(request.param)


def test_both_implementations_stand_alone():
    assert not issubclass(OpenedResult, Study)
    assert not issubclass(Study, OpenedResult)


# What a base promises → what it answers here, alike for rows and for cells.
ANSWERS = {
    "columns": (
        lambda base, _: [(column.name, column.kind) for column in base.columns],
        [("customer_id", "id"), ("age", "number"), ("state", "category"), ("gender", "category"),
         ("property_valuation", "number")],
    ),
    "column": (
        lambda base, _: (base.column("age").label, base.column("tenure")),
        ("Age", None),
    ),
    "names": (lambda base, _: base.names, ("customer_id", "age", "state", "gender", "property_valuation")),
    "steps": (lambda base, _: base.steps[-1].rows_out, 75),
    "rules": (lambda base, _: base.rules, Rules(date(2020, 1, 1))),
    "files": (lambda base, _: base.files, ("bank.csv",)),
    "digest": (lambda base, _: len(base.digest), 64),
    "identity": (lambda base, _: bool(base.identity), True),
    "sources": (lambda base, _: [source.rows for source in base.sources], [75]),
    "quality": (lambda base, _: base.quality.set_index("column").loc["age", "cells"], 75),
    "decided": (lambda base, _: base.decided, {}),
    "questions": (lambda base, _: base.questions, ()),
    "country": (lambda base, _: base.country, "AU"),
    "result_columns": (lambda base, _: base.result_columns["age"], "age"),
    "wealth": (lambda base, _: (base.wealth.measure, base.wealth.relative), ("property_valuation", True)),
    "size": (lambda base, _: base.size, 75),
    "rows_read": (lambda base, _: base.rows_read, 75),
    "rows_merged": (lambda base, _: base.rows_merged, 0),
    "rejected_count": (lambda base, _: base.rejected_count, 0),
    "filled": (
        lambda base, _: sorted(base.filled),
        ["Age_Group", HIGH_POTENTIAL, MASS_AFFLUENT, "age", "customer_id", "gender", "property_valuation", "state"],
    ),
    "value_measures": (lambda base, _: base.value_measures, ("property_valuation",)),
    "formula_columns": (
        lambda base, _: (sorted(base.formula_columns["state"]), base.formula_columns["property_valuation"]),
        (["NSW", "NT", "QLD", "VIC"], 0),
    ),
    "categories": (
        lambda base, _: base.categories,
        {
            "state": ("NSW", "NT", "QLD", "VIC"),
            "Age_Group": ("18–24", "55–64"),
            "gender": ("Female", "Male"),
            MASS_AFFLUENT: ("Yes", "No"),
        },
    ),
    "cells": (
        lambda base, segments: tables.by_cluster(base.cells(segments))["customers"].tolist(),
        [37, 38],
    ),
    "keys": (lambda base, _: {CLUSTER, "state"} <= {*base.keys(0)}, True),
    "number_with": (
        lambda base, _: (base.number_with({CLUSTER, "state"}), base.number_with({"age", "postcode"}) is not None),
        (0, True),  # no customer has a postcode
    ),
    "territories": (lambda base, _: (base.territories.column, base.territories.country), ("", None)),
    "cell_size": (lambda base, _: base.cell_size, None),  # no customer has coordinates
    "bin_width": (lambda base, _: base.bin_width("property_valuation"), 1.0),
    "differences": (
        lambda base, segments: base.differences(segments).query("value == 'Male'")["here"].tolist(),
        [0.0, 1.0],
    ),
    "drivers": (lambda base, segments: [said.split(" accounts")[0] for said in base.drivers(segments)],
                ["Age", "Gender"]),
}  # fmt: skip


def test_every_promise_is_looked_at():
    assert {name for name in vars(CustomerBase) if not name.startswith("_")} == {
        *ANSWERS,
        "rows",
        "model",
        "deviations",
    }


@pytest.mark.parametrize("name", ANSWERS)
def test_a_base_keeps_its_promise(name, one):
    ask, expected = ANSWERS[name]
    assert ask(one.study, one.segments) == expected


def test_what_takes_rows_says_that_there_are_none(rows, counted):
    assert rows_of(rows.study) is rows.study
    assert rows.study.model is None
    assert rows.study.deviations == {}
    assert counted.study.deviations["age"] == pytest.approx(PEOPLE["age"].std(ddof=0))
    assert counted.study.rows is None
    assert counted.study.model.to_dict() == rows.frozen.to_dict()
    with pytest.raises(TypeError, match="ask for `rows` first"):
        rows_of(counted.study)


@dataclass
class ByState:
    """A third base: counts by segment, state and flags, with nothing of this program's other bases."""

    cells_: pd.DataFrame
    rules: Rules
    columns = ()
    categories = {"state": ("NSW", "VIC")}  # noqa: RUF012
    steps = ()
    files = ("head office",)
    digest = identity = "counts of head office"
    sources = ()
    quality = pd.DataFrame(columns=["column", "label", "cells", "blank", "invalid"])
    decided = {}  # noqa: RUF012
    deviations = {}  # noqa: RUF012
    country = ""
    wealth = Wealth()
    questions = ()
    result_columns = {}  # noqa: RUF012
    rows_read = rows_merged = rejected_count = 0
    names = ("state",)
    value_measures = ()
    filled = frozenset(["state", MASS_AFFLUENT, HIGH_POTENTIAL])
    model = rows = cell_size = None
    territories = Territories()

    @property
    def size(self):
        """How many are counted."""
        return int(self.cells_["customers"].sum())

    @property
    def formula_columns(self):
        """The state alone."""
        return {"state": ("NSW", "NT", "QLD", "VIC")}

    def column(self, _):
        """No description."""

    def cells(self, _, number=0):
        """The only table."""
        return [self.cells_][number]

    def keys(self, _):
        """Its columns."""
        return set(self.cells_)

    def number_with(self, columns):
        """The only table, if it has the columns."""
        return 0 if set(columns) <= set(self.cells_) else None

    def bin_width(self, _):
        """Any."""
        return 1.0

    def differences(self, _):
        """None."""
        return pd.DataFrame()

    def drivers(self, _):
        """None."""
        return []


@pytest.fixture(scope="module")
def by_state(rows):
    """An analysis of the third base."""
    keys = [CLUSTER, "state", MASS_AFFLUENT, HIGH_POTENTIAL]
    cells = rows.customers.groupby(keys, observed=True).size().rename("customers").reset_index()
    return Analysis(ByState(cells, rows.study.rules), rows.segments)


def test_the_third_base_promises_all(by_state):
    assert all(hasattr(by_state.study, name) for name in ANSWERS)
    for name, member in vars(CustomerBase).items():
        if inspect.isfunction(member):
            assert callable(getattr(by_state.study, name))


@pytest.mark.parametrize("of", ["rows", "counted", "by_state"])
def test_any_base_makes_the_tables_it_has_the_columns_of_and_hides_small_groups(of, request):
    analysis = request.getfixturevalue(of)
    states = analysis.table(tables.count, ("state",))
    assert dict(zip(states["state"], states["customers"], strict=True)) == {"NSW": 30, "VIC": 30, "QLD": 12, "NT": 3}
    hidden = replace(analysis, hide=True).table(tables.count, ("state",))
    assert dict(zip(hidden["state"], hidden["customers"], strict=True)) == {"NSW": 30, "VIC": 30}
    assert hidden.attrs[HIDDEN] == 2  # NT is small, and QLD would give it away
    chosen = replace(analysis, filters={"state": ("QLD",)})
    assert chosen.table(tables.totals).customers == 12


def test_the_third_base_says_what_it_has_no_columns_for(by_state):
    assert by_state.table(tables.histogram, "age") is None
    assert by_state.why_not(tables.histogram, "age").startswith("This result has sums only, and none for this")
    assert (
        replace(by_state, filters={"gender": ("Male",)})
        .why_not(tables.totals)
        .startswith("This result has sums only, and here none by gender")
    )
    assert by_state.advice == by_state.drivers == []


def test_measures_are_made_of_any_base(by_state):
    measures = (Measure("In NSW", 'count(state = "NSW")'), Measure("Old", "share(age > 40)"))
    inside, old = by_state.results(measures, by_state.formula_columns)
    assert inside.values[0] == ("", "30")
    assert old.error


def test_only_rows_are_exported(rows, counted, by_state):
    takes_rows = {
        "customer_data_cleaned.csv", "rejected_rows.csv", "summary.zip", "segment_rules.sql", "next_segments.csv",
    }  # fmt: skip
    assert set(results(rows)) - set(results(counted)) == takes_rows
    assert set(results(counted)) == set(results(by_state))
