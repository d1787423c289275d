"""The yardstick answers what the app asks: the SQL gives the tables of our own functions."""

from dataclasses import astuple
from datetime import date

import pandas as pd
import pytest

from core.pipeline import load, segment
from core.rules import Rules
from core.sources.file import FileSource
from core.views import tables
from data.generate import SAMPLE
from tests.bench import pagetables

STUDY = load([FileSource(SAMPLE.name, b"\n".join(SAMPLE.read_bytes().splitlines()[:801]))], Rules(date(2026, 1, 1)))
CUSTOMERS = STUDY.with_segments(segment(STUDY, 4))
OURS = pagetables.ours(STUDY)
# What DuckDB's column says by other words, as ours does.
TRIED = {True: "Yes", False: "No", None: "Unknown"}


def asked(name: str, where: str = "") -> list[pd.DataFrame]:
    queries = pagetables.sql(STUDY.rules)
    return pagetables.run(pagetables.database(CUSTOMERS), {name: queries[name]}, where)


def rows(table: pd.DataFrame) -> list[tuple]:
    return sorted(table.astype("object").itertuples(index=False, name=None), key=str)


def in_own_units(table: pd.DataFrame) -> pd.DataFrame:
    """Without the columns of sums in units of a decimal, which stand before their measure's own."""
    sums = {name: str(name).rpartition("_sum_")[0] for name in table if "_sum_" in str(name)}
    return table.assign(**{name: tables.total(table, measure) for name, measure in sums.items()})


@pytest.mark.parametrize("name", ["by_cluster", "ages", "cars", "jobs", "places"])
def test_a_table_of_groups(name: str) -> None:
    assert rows(asked(name)[0]) == rows(in_own_units(OURS[name](CUSTOMERS)))


def test_totals() -> None:
    (found,) = asked("totals")
    assert tuple(found.iloc[0]) == astuple(OURS["totals"](CUSTOMERS))[:6]


def test_bins_are_made_of_finer_ones() -> None:
    (found,) = asked("age_by_value")
    _, age, value, _ = found
    step = tables.value_step(STUDY.customers[pagetables.VALUE])
    binned = found.assign(**{age: found[age] * tables.AGE_BIN, value: found[value] // step * step})
    assert rows(binned.groupby([*binned][:3], observed=True, as_index=False).sum()) == rows(
        OURS["age_by_value"](CUSTOMERS)
    )


def test_facts() -> None:
    ours = OURS["facts"](CUSTOMERS)
    flat, within = ours[ours["state"] == ""], ours[ours["state"] != ""]
    *each, last = asked("facts")
    for table in each:
        (field, *_) = table
        assert rows(table) == rows(flat[flat["field"] == field].drop(columns=["field", "state"]))
    assert rows(last) == rows(within.drop(columns="field"))


def test_moves() -> None:
    (found,) = asked("moves")
    tried = found.columns[2]
    known = found[tried].astype("object").where(found[tried].notna(), None)
    assert rows(found.assign(**{tried: known.map(lambda one: TRIED[one])})) == rows(OURS["moves"](CUSTOMERS))


def test_a_filter_filters_both() -> None:
    sliced = tables.select(CUSTOMERS, {"state": ("NSW", "VIC")})
    assert rows(asked("jobs", " AND state IN ('NSW', 'VIC')")[0]) == rows(OURS["jobs"](sliced))
