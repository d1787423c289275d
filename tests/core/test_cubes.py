"""Cubes: they add up, stay within bounds, and give every table of the pages as the customers do."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.cubes import make
from core.cubes.plan import MOST_CATEGORIES, Cube, Numbers, most_cubes, numbers_of, plan
from core.intake.flags import flag_rows
from core.rules import Rules
from core.schema import BY_NAME, CLUSTER, HIGH_POTENTIAL, MASS_AFFLUENT, RFM, SUBREGION, UNKNOWN, YES_NO, Column
from core.visuals.tables import MOST_VALUES

RULES = Rules(date(2026, 1, 1))
LABELS = ["1", "2", "Not clustered"]
TEXTS = {
    "state": ["NSW", "VIC", UNKNOWN],
    "postcode": ["2000", "3000", UNKNOWN],
    "job_industry": ["Health", "IT", UNKNOWN],
    "gender": ["Female", "Male"],
    "wealth_segment": ["Affluent Customer", "High Net Worth", "Mass Customer"],
    "owns_car": ["No", "Yes"],
    CLUSTER: LABELS,
}
NUMBERS = {
    "age": st.none() | st.integers(0, 100),
    "property_valuation": st.none() | st.integers(1, 12),
    "spend": st.none() | st.floats(-1e6, 1e6),
}
COLUMNS = (*(BY_NAME[name] for name in TEXTS if name in BY_NAME), *(BY_NAME[n] for n in ("age", "property_valuation")),
           Column("spend", "number", "Spend"))  # fmt: skip
DRAWN = {name: st.sampled_from(values) for name, values in TEXTS.items()} | NUMBERS


def people(rows):
    """Flagged customers from tuples in the order of `DRAWN`."""
    frame = pd.DataFrame(rows, columns=[*DRAWN]).astype(dict.fromkeys(NUMBERS, "float64"))
    kinds = {name: pd.CategoricalDtype(values, ordered=name == CLUSTER) for name, values in TEXTS.items()}
    return flag_rows(frame.astype(kinds), RULES)


customers = st.lists(st.tuples(*DRAWN.values()), min_size=1, max_size=25).map(people)


def as_text(cells):
    named = [name for name in cells if isinstance(cells[name].dtype, pd.CategoricalDtype)]
    return cells.astype(dict.fromkeys(named, "str"))


def planned(frame):
    return plan(frame.columns, numbers_of(frame, COLUMNS, ["property_valuation", "spend"]))


def test_a_cube_counts_by_its_keys_and_sums_its_numbers():
    cube = Cube(("state",), (), {"spend": 2}, {})
    rows = [
        ("NSW", "2000", "IT", "Male", "Mass Customer", "No", "1", 20, 1, 0.29),
        ("NSW", "3000", "IT", "Male", "Mass Customer", "No", "1", 22, 2, 0.29),
        ("VIC", "3000", "IT", "Male", "Mass Customer", "No", "2", None, None, None),
    ]
    (made,) = make.cubes(people(rows), [cube], RULES, LABELS)
    assert made.astype(dict.fromkeys((CLUSTER, MASS_AFFLUENT, HIGH_POTENTIAL, "state"), "str")).to_dict("records") == [
        {
            CLUSTER: "1", MASS_AFFLUENT: "No", HIGH_POTENTIAL: "No", "state": "NSW", "customers": 2,
            "spend_n": 2, "spend_sum_2": 58,
        },
        {
            CLUSTER: "2", MASS_AFFLUENT: "Unknown", HIGH_POTENTIAL: "Unknown", "state": "VIC", "customers": 1,
            "spend_n": 0, "spend_sum_2": 0,
        },
    ]  # fmt: skip


def test_the_plan_has_a_cube_for_each_group_of_visuals_that_the_columns_allow():
    numbers = Numbers({"age": 0}, {"spend": 100.0})
    everything = plan([*DRAWN, "deceased"], numbers)
    assert [cube.own for cube in everything] == [
        (), ("age",), ("age by 5", "spend by 100"), ("wealth_segment", "property_valuation", "deceased"),
        ("state", "postcode"),
    ]  # fmt: skip
    assert everything[0].keys == (
        CLUSTER, MASS_AFFLUENT, HIGH_POTENTIAL, "Age_Group", "state", "job_industry", "owns_car", "gender",
    )  # fmt: skip
    assert [cube.own for cube in plan(["spend"], numbers)] == [()]


def test_few_measures_have_their_spread_kept():
    frame = people([("NSW", "2000", "IT", "Male", "Mass Customer", "No", "1", 20, 1, 0.5)] * 2)
    names = [f"measure_{i}" for i in range(9)]
    many = frame.assign(**dict.fromkeys(names, 1.0))
    columns = [Column(name, "number", name) for name in names]
    assert len(numbers_of(many, columns, names).values) == MOST_VALUES


@settings(max_examples=8)
@given(frame=customers, random=st.randoms(use_true_random=False))
def test_the_cubes_of_two_halves_sum_to_those_of_the_whole(frame, random):
    first = np.array([random.random() < 0.5 for _ in range(len(frame))])
    for cube in planned(frame):
        halves = pd.concat([as_text(make.part(frame[some], cube)) for some in (first, ~first)])
        whole, added = (make.typed(cells, RULES, LABELS) for cells in
                        (make.part(frame, cube), make.summed(halves, cube.keys)))  # fmt: skip
        pd.testing.assert_frame_equal(added, whole)
        assert whole["customers"].sum() == len(frame)


@pytest.mark.parametrize(
    ("most", "keys"), [(12, ("gender", "state", "job_industry")), (11, ("gender", "state")), (5, ("gender",)), (1, ())]
)
def test_the_key_with_the_most_values_goes_first_until_the_cells_are_few(most, keys):
    rows = [
        (state, "2000", job, gender, "Mass Customer", "No", "1", 20, 1, 0.0)
        for state in ("NSW", "VIC", UNKNOWN)
        for job in ("IT", "Health")
        for gender in ("Male", "Female")
    ]
    frame = people(rows).assign(job_industry=pd.Categorical([f"job {i}" for i in range(12)]))
    cube = Cube((), ("gender", "state", "job_industry"))
    found = make.bounded(cube, make.part(frame, cube), most)
    assert tuple(name for name in cube.by if name in found) == keys
    assert found["customers"].sum() == 12
    assert len(found) <= most


def test_a_cube_whose_own_keys_make_too_many_cells_is_not_there():
    frame = people([("NSW", "2000", "IT", "Male", "Mass Customer", "No", "1", age, 1, 0.0) for age in range(9)])
    cube = Cube(("age",), ("state",))
    assert make.bounded(cube, make.part(frame, cube), 8) is None


def test_a_cube_of_many_columns_has_as_few_cells_as_can_be_opened_again():
    wide = Cube((), (), dict.fromkeys(map(str, range(300)), 0))
    assert (Cube((), ()).most_cells, wide.most_cells) == (1_000_000, 2**30 // (8 * 604))


def test_a_result_has_at_most_the_cubes_of_customers_with_every_column():
    measures = {f"measure {number}": 1.0 for number in range(MOST_VALUES)}
    categories = [f"category {number}" for number in range(20)]
    there = [*DRAWN, *measures, "deceased", SUBREGION, "latitude", "longitude", *RFM, *categories]
    assert most_cubes() == len(plan(there, Numbers({}, measures), categories)) == 11 + MOST_CATEGORIES
    assert len(plan(there, Numbers({}, measures))) == 11


def test_a_file_without_the_usual_filters_is_counted_by_its_first_categories_instead():
    """Four further filters of every cube, as of the usual ones; each other category has a cube of its own."""
    first, *others = plan(["age", "a", "b", "c", "d"], Numbers({"age": 0}, {}), ["a", "b", "c", "d"])
    assert first.keys == (CLUSTER, MASS_AFFLUENT, HIGH_POTENTIAL, "Age_Group", "a", "b", "c")
    assert [(cube.own, cube.by) for cube in others] == [
        (("d",), ("Age_Group", "a", "b", "c")),
        (("age",), ("Age_Group", "a", "b", "c")),
    ]


def test_yes_no_and_unknown_are_in_the_order_of_the_flags():
    frame = people([("NSW", "2000", "IT", "Male", "Mass Customer", "No", "1", None, None, None)])
    (made,) = make.cubes(frame, [Cube((), ())], RULES, LABELS)
    assert made[MASS_AFFLUENT].cat.categories.tolist() == [*YES_NO]
