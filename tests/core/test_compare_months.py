"""A month beside an earlier one: changes with intervals, who became mass affluent, and what is hidden of that."""

from dataclasses import replace
from math import isnan

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.proportion import confint_proportions_2indep

from core.compare.files import changes_csv, people_csv
from core.compare.months import WEALTH, changes_between, counted, people_between
from core.months.moves import moves_between
from core.schema import HIGH_POTENTIAL, ID
from core.views import tables
from tests.core.test_months import FEB, JAN, NAMES, made

AFFLUENT = "mass_affluent"
THEN = {"a": ("1", "Yes"), "b": ("1", "No"), "c": ("2", "No"), "d": ("2", "Yes"), "e": ("Not clustered", "Unknown")}
NOW = {"b": ("2", "Yes"), "a": ("1", "Yes"), "d": ("2", "No"), "e": ("1", "No"), "f": ("2", "No"), "g": ("1", "Yes")}
WEALTH_THEN = [5, 1, 1, 6, np.nan]
WEALTH_NOW = [4, 5, 1, 1, 1, 7]


def month(day, people, wealth=(), ids=True):
    one = made(day, people, ids=ids)
    return replace(one, members=one.members.assign(**{WEALTH: [*map(float, wealth)]})) if wealth else one


def row(changes, figure, segment=""):
    table = changes.table.set_index(["figure", "segment"])
    return tuple(table.loc[(figure, segment), ["before", "after", "change"]])


def test_figures_of_both_months_stand_beside_each_other():
    found = changes_between(made(JAN, THEN), made(FEB, NOW), None)
    assert row(found, "customers") == (5, 6, 1)
    assert row(found, AFFLUENT) == pytest.approx((2 / 4, 3 / 6, 0))
    assert row(found, "segment_share", "1") == pytest.approx((2 / 5, 3 / 6, 1 / 10))
    assert row(found, "segment_share", "Not clustered") == pytest.approx((1 / 5, 0, -1 / 5))
    assert row(found, AFFLUENT, "2") == pytest.approx((1 / 2, 1 / 3, -1 / 6))
    assert found.text("customers") == "+1 since 2024-01"
    assert found.text("not_clustered").startswith("−20.0 points since 2024-01 (−")
    assert found.text("outliers") == "", "there are none in either month"


def affluent(earlier, later):
    """By how much their share has changed, with the ends of its interval."""
    found = changes_between(earlier, later, None).table.set_index(["figure", "segment"])
    return tuple(found.loc[(AFFLUENT, ""), ["change", "low", "high"]])


@pytest.mark.parametrize("seed", range(5))
def test_the_change_of_the_mass_affluent_is_that_of_the_moves(seed):
    """How often its interval covers a true change is in `test_months.py`."""
    draw = np.random.default_rng(seed)

    def people(name, flags):
        return {f"{name}{i}": ("1", flag) for i, flag in enumerate(flags)}

    was = draw.choice(["Yes", "No", "Unknown"], 150, p=(0.3, 0.6, 0.1))
    now = np.where(draw.random(150) < 0.2, draw.permutation(was), was)
    one = made(JAN, people("both", was) | people("gone", draw.choice(["Yes", "No"], 30)))
    other = made(FEB, people("both", now) | people("new", draw.choice(["Yes", "No"], 40)))
    assert affluent(one, other) == pytest.approx(moves_between(one, other).change)


def test_without_ids_the_interval_is_that_of_two_samples():
    one, other = (made(day, people, ids=False) for day, people in ((JAN, THEN), (FEB, NOW)))
    expected = confint_proportions_2indep(3, 6, 2, 4, method="newcomb")
    assert affluent(one, other)[1:] == pytest.approx(expected, abs=1e-6)


def test_the_same_customers_make_the_interval_shorter():
    then = {f"{i}": ("1", "Yes" if i < 40 else "No") for i in range(100)}
    now = {f"{i}": ("1", "Yes" if i < 44 else "No") for i in range(100)}
    (_, low, high), (_, wide_low, wide_high) = (
        affluent(made(JAN, then, ids=ids), made(FEB, now, ids=ids)) for ids in (True, False)
    )
    assert 0 < low < 0.04 < high < 0.1
    assert high - low < (wide_high - wide_low) / 2


def test_high_potential_is_there_where_the_months_have_it():
    def with_flag(day, people, flags):
        one = made(day, people)
        members = one.members.assign(**{HIGH_POTENTIAL: pd.Categorical(flags, ["Yes", "No", "Unknown"])})
        return replace(one, members=members, counts=tables.count(members, ("Cluster",), flags=tables.FLAGS))

    one = with_flag(JAN, THEN, ["Yes", "No", "No", "No", "Unknown"])
    other = with_flag(FEB, NOW, ["Yes", "Yes", "No", "No", "No", "No"])
    assert row(changes_between(one, other, None), "high_potential") == pytest.approx((1 / 4, 2 / 6, 1 / 12))


def test_who_became_mass_affluent_and_who_left_is_named_with_what_their_wealth_did():
    found = people_between(month(JAN, THEN, WEALTH_THEN), month(FEB, NOW, WEALTH_NOW))
    assert [tuple(one) for one in found.drop(columns=["wealth_before", "wealth_after"]).itertuples(index=False)] == [
        ("b", "Became mass affluent", "1", "2", "rose"),
        ("d", "No longer mass affluent", "2", "2", "fell"),
        ("g", "New, and mass affluent", "", "1", ""),
    ]
    assert [tuple(one) for one in counted(found).itertuples(index=False)] == [
        ("Became mass affluent", "2", "rose", 1),
        ("No longer mass affluent", "2", "fell", 1),
        ("New, and mass affluent", "1", "", 1),
    ]
    assert people_csv(found).decode().splitlines()[:2] == [
        f"{ID},what,segment_before,segment_after,wealth_before,wealth_after,reason",
        "b,Became mass affluent,1,2,1,4,rose",
    ]


def test_who_is_gone_was_in_the_earlier_month():
    found = people_between(month(FEB, NOW, WEALTH_NOW), month(JAN, THEN, WEALTH_THEN))
    assert found.loc[found["what"] == "Gone, and was mass affluent", ID].tolist() == ["g"]


def test_nobody_is_named_without_ids():
    assert people_between(made(JAN, THEN, ids=False), made(FEB, NOW)) is None


def test_small_groups_give_no_change():
    few = changes_between(made(JAN, THEN), made(FEB, NOW), moves_between(made(JAN, THEN), made(FEB, NOW)), hide=True)
    assert few.table.empty
    then = {f"{i}": ("1", "Yes" if i < 40 else "No") for i in range(100)}
    one, other = made(JAN, then), made(FEB, then | {f"{i}": ("1", "Yes") for i in range(40, 60)})
    shown = changes_between(one, other, moves_between(one, other), hide=True)
    assert shown.table["figure"].tolist() == ["customers", AFFLUENT]
    few_became = made(FEB, then | {"40": ("1", "Yes")})
    hidden = changes_between(one, few_became, moves_between(one, few_became), hide=True)
    assert hidden.table["figure"].tolist() == ["customers"], "one customer became mass affluent"


def test_the_table_reads_and_is_written():
    found = changes_between(made(JAN, THEN), made(FEB, NOW), None)
    texts = found.readable(NAMES)
    assert texts["figure"].tolist()[:3] == ["Customers", "Mass affluent", "1 Rich"]
    assert texts.iloc[1].tolist()[1:4] == ["50.0%", "50.0%", "0.0 points"]
    assert changes_csv([found]).decode().splitlines()[1] == "2024-01,2024-02,customers,,5.0,6.0,1.0,,"
    assert isnan(found.table["low"][0])
