"""Small tables of counts and sums: they hold whole numbers and add up."""

import dataclasses
import functools
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.exact import MOST_DECIMALS
from core.schema import AGE_GROUP, CLUSTER, HIGH_POTENTIAL, MASS_AFFLUENT, NOT_CLUSTERED, UNKNOWN, YES_NO
from core.views import tables

CATEGORIES = {
    CLUSTER: ["1", "2", NOT_CLUSTERED],
    "state": ["NSW", "VIC", UNKNOWN],
    "postcode": ["0800", "2000", "3000", UNKNOWN],
    "job_industry": ["Health", "IT", UNKNOWN],
    "owns_car": list(YES_NO),
    AGE_GROUP: ["<18", "18–24", UNKNOWN],
    MASS_AFFLUENT: list(YES_NO),
    HIGH_POTENTIAL: list(YES_NO),
}


def people(rows, columns):
    """Customers from tuples; the known columns are categorical, as they come out of the pipeline."""
    frame = pd.DataFrame(rows, columns=columns)
    kinds = {name: pd.CategoricalDtype(CATEGORIES[name], ordered=True) for name in columns if name in CATEGORIES}
    return frame.astype(kinds | {name: "float64" for name in columns if name not in CATEGORIES})


FOUR = people(
    [
        ("1", "NSW", "2000", "Yes", "No", "18–24", 19, 0.1),
        ("1", "NSW", "2000", "Unknown", "Yes", "18–24", 24, 0.2),
        ("2", "VIC", "3000", "No", "No", "Unknown", None, None),
        ("Not clustered", "NSW", "Unknown", "Yes", "Unknown", "18–24", 24, 0.4),
    ],
    [CLUSTER, "state", "postcode", MASS_AFFLUENT, HIGH_POTENTIAL, AGE_GROUP, "age", "balance"],
)
YES, KNOWN = f"{MASS_AFFLUENT}_yes", f"{MASS_AFFLUENT}_known"
POTENTIAL_YES, POTENTIAL_KNOWN = f"{HIGH_POTENTIAL}_yes", f"{HIGH_POTENTIAL}_known"


def rows(table):
    return table.astype({name: "str" for name in table if name in CATEGORIES}).to_dict("records")


def test_options_are_the_values_that_occur_with_unknown_last():
    assert tables.options(FOUR) == {
        "state": ["NSW", "VIC"],
        "job_industry": [],  # a column the file lacks
        AGE_GROUP: ["18–24", "Unknown"],
        "owns_car": [],
        MASS_AFFLUENT: ["Yes", "No", "Unknown"],
    }


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({}, [0, 1, 2, 3]),
        ({"state": ()}, [0, 1, 2, 3]),
        ({"state": ("NSW",)}, [0, 1, 3]),
        ({"state": ("NSW", "VIC"), MASS_AFFLUENT: ("Yes",)}, [0, 3]),
        ({"job_industry": ("IT",)}, [0, 1, 2, 3]),  # a column the file lacks
        ({"state": ("TAS",)}, []),
    ],
)
def test_select_keeps_the_customers_every_filter_lets_through(filters, expected):
    assert tables.select(FOUR, filters).index.tolist() == expected


def test_by_cluster_counts_customers_and_flags_and_sums_whole_units():
    assert rows(tables.by_cluster(FOUR, {"balance": 2})) == [
        {
            CLUSTER: "1", "customers": 2, YES: 1, KNOWN: 1, POTENTIAL_YES: 1, POTENTIAL_KNOWN: 2,
            "balance_n": 2, "balance_sum_2": 30,
        },
        {
            CLUSTER: "2", "customers": 1, YES: 0, KNOWN: 1, POTENTIAL_YES: 0, POTENTIAL_KNOWN: 1,
            "balance_n": 0, "balance_sum_2": 0,
        },
        {
            CLUSTER: NOT_CLUSTERED, "customers": 1, YES: 1, KNOWN: 1, POTENTIAL_YES: 0, POTENTIAL_KNOWN: 0,
            "balance_n": 1, "balance_sum_2": 40,
        },
    ]  # fmt: skip


def test_totals_are_the_counts_of_the_cards():
    assert tables.totals(FOUR) == tables.Totals(
        customers=4,
        mass_affluent=2,
        mass_affluent_known=3,
        high_potential=1,
        high_potential_known=3,
        not_clustered=1,
    )


def test_ages_is_a_histogram_of_whole_years_without_the_unknown():
    assert rows(tables.histogram(FOUR, "age")) == [
        {CLUSTER: "1", "age": 19, "customers": 1},
        {CLUSTER: "1", "age": 24, "customers": 1},
        {CLUSTER: NOT_CLUSTERED, "age": 24, "customers": 1},
    ]


def test_age_by_value_counts_bins_named_by_their_lower_edge():
    measured = people(
        [("1", 24, 99), ("1", 20, 50), ("1", 25, 100), ("2", 24, -1), ("2", None, 50), ("2", 20, None)],
        [CLUSTER, "age", "balance"],
    )
    assert rows(tables.age_by_value(measured, "balance", 50)) == [
        {CLUSTER: "1", "age": 20, "balance": 50, "customers": 2},
        {CLUSTER: "1", "age": 25, "balance": 100, "customers": 1},
        {CLUSTER: "2", "age": 20, "balance": -50, "customers": 1},
    ]


def test_age_groups_are_in_the_order_of_age():
    assert [(row[AGE_GROUP], row["customers"]) for row in rows(tables.count(FOUR, [AGE_GROUP]))] == [
        ("18–24", 3),
        ("Unknown", 1),
    ]


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        (["state", "postcode"], [("NSW", "2000", 2), ("NSW", "Unknown", 1), ("VIC", "3000", 1)]),
        (["state"], [("NSW", 3), ("VIC", 1)]),
    ],
)
def test_places_count_by_state_and_postcode_as_far_as_the_file_has_them(columns, expected):
    table = tables.places(FOUR[[*columns, MASS_AFFLUENT, HIGH_POTENTIAL]])
    assert [(*(row[name] for name in columns), row["customers"]) for row in rows(table)] == expected


@pytest.mark.parametrize(
    ("values", "step"),
    [
        ([1, 12], 1),
        ([0, 12.5], 2),
        ([0, 24], 2),
        ([0, 60], 5),
        ([0, 61], 10),
        ([18, 90], 10),
        ([0, 1_000_000], 100_000),
        ([5, 5], 1),
        ([np.nan], 1),
        ([], 1),
    ],
)
def test_a_bin_is_1_2_or_5_times_a_power_of_ten(values, step):
    assert tables.value_step(pd.Series(values, dtype="float64")) == step


@settings(derandomize=True, deadline=None)
@given(st.lists(st.floats(-1e12, 1e12), min_size=1))
def test_values_fall_into_few_bins(values):
    step = tables.value_step(pd.Series(values))
    assert len(np.unique(np.floor(np.array(values) / step))) <= tables.VALUE_BINS + 1


def test_money_is_summed_without_rounding_errors():
    cents = people([("1", 0.29)] * 1000, [CLUSTER, "balance"])
    table = tables.count(cents, [CLUSTER], sums=tables.measured(cents, ["balance"]))
    assert tables.total(table, "balance").tolist() == [290]


def test_only_measures_that_the_file_has_are_summed_each_once():
    assert tables.measured(FOUR, ["balance", "income", "balance"]) == {"balance": 15}


SUMMED = {
    "totals": lambda frame: pd.DataFrame([dataclasses.asdict(tables.totals(frame))]),
    "by cluster": lambda frame: tables.by_cluster(frame, {"balance": 2, "age": 0}),
    "ages": lambda one: tables.histogram(one, "age"),
    "age by value": lambda frame: tables.age_by_value(frame, "balance", 20),
    "age groups": lambda frame: tables.count(frame, [AGE_GROUP], flags=tables.FLAGS),
    "places": tables.places,
    "car ownership": lambda frame: tables.count(frame, (CLUSTER, "owns_car")),
    "industries": lambda frame: tables.count(frame, (CLUSTER, "job_industry")),
}
MEASURES = {"age": st.integers(0, 110), "balance": st.integers(-10_000, 10_000).map(lambda cents: cents / 100)}
DRAWN = {name: st.sampled_from(values) for name, values in CATEGORIES.items()} | {
    name: st.none() | values for name, values in MEASURES.items()
}
customers = st.lists(st.tuples(*DRAWN.values()), min_size=1, max_size=30).map(lambda drawn: people(drawn, list(DRAWN)))


def add(*parts):
    """The sum of several small tables, key by key, in the order of the keys' text."""
    whole = pd.concat(parts, ignore_index=True)
    keys = [name for name in whole if name in {*CATEGORIES, *MEASURES}]
    return whole.groupby(keys, as_index=False, observed=True).sum() if keys else whole.sum().to_frame().T


@pytest.mark.parametrize("build", SUMMED.values(), ids=SUMMED)
@settings(derandomize=True, deadline=None, max_examples=25)
@given(frame=customers, random=st.randoms(use_true_random=False))
def test_the_tables_of_two_halves_sum_to_that_of_the_whole(build, frame, random):
    first = np.array([random.random() < 0.5 for _ in range(len(frame))])
    whole = build(frame)
    pd.testing.assert_frame_equal(add(build(frame[first]), build(frame[~first])), add(whole))
    assert len(add(whole)) == len(whole)
    counts = whole.drop(columns=[*CATEGORIES, *MEASURES], errors="ignore")
    assert set(counts.dtypes) == {np.dtype("int64")}


numbers = st.sampled_from([1e-9, 0.004, 1, 90, 1e10, 1e18]).flatmap(
    lambda most: st.lists(
        # A number next to nothing has no decimal place (`exact.MOST_DECIMALS`).
        st.none() | st.floats(-most, most).map(lambda value: value if abs(value) > 1e-280 else 0.0),
        min_size=1,
        max_size=30,
    )
)


@settings(derandomize=True, deadline=None, max_examples=100)
@given(values=numbers, random=st.randoms(use_true_random=False))
def test_sums_of_any_size_add_up_exactly_and_keep_their_digits(values, random):
    frame = people([(random.choice("12"), value) for value in values], [CLUSTER, "balance"])
    first = np.array([random.random() < 0.5 for _ in values])
    build = functools.partial(tables.count, by=[CLUSTER], sums=tables.measured(frame, ["balance"]))
    whole = add(build(frame))
    pd.testing.assert_frame_equal(add(build(frame[first]), build(frame[~first])), whole)
    pd.testing.assert_frame_equal(add(build(frame.sample(frac=1, random_state=len(values)))), whole)
    known = frame.dropna()["balance"]
    exact, room = math.fsum(known), len(known) * (1e-12 * known.abs().max() + 10.0**-MOST_DECIMALS)
    assert tables.total(whole, "balance").sum() == pytest.approx(exact, rel=1e-12, abs=room)


@settings(derandomize=True, deadline=None, max_examples=50)
@given(frame=customers)
def test_every_breakdown_sums_to_the_totals(frame):
    totals = tables.totals(frame)
    for name, known in {"ages": ["age"], "age by value": ["age", "balance"]}.items():
        assert SUMMED[name](frame)["customers"].sum() == len(frame.dropna(subset=known))
    for name in ("by cluster", "age groups", "places", "car ownership", "industries"):
        assert SUMMED[name](frame)["customers"].sum() == totals.customers == len(frame)
    for name in ("by cluster", "age groups", "places"):
        sums = SUMMED[name](frame)[[YES, KNOWN, POTENTIAL_YES, POTENTIAL_KNOWN]].sum().tolist()
        assert sums == list(dataclasses.astuple(totals))[1:5]


@settings(derandomize=True, deadline=None, max_examples=50)
@given(frame=customers)
def test_many_groups_are_counted_as_few_are(frame):
    few = tables.places(frame), tables.by_cluster(frame, {"balance": 2})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tables, "MANY_GROUPS", 0)
        many = tables.places(frame), tables.by_cluster(frame, {"balance": 2})
    for one, other in zip(few, many, strict=True):
        pd.testing.assert_frame_equal(one, other)


def test_nobody_has_totals_of_zero_and_empty_tables():
    nobody = people([], list(DRAWN))
    assert tables.totals(nobody) == tables.Totals(0, 0, 0, 0, 0, 0)
    assert [name for name, build in SUMMED.items() if len(build(nobody))] == ["totals"]


def cells(frame):
    """The customers counted already, by all columns that the tables count by, the numbers as bins or as they are."""
    keys = {name: frame[name] for name in CATEGORIES} | {
        "age": frame["age"],
        "balance by 20": frame["balance"] // 20 * 20,
    }
    sums = tables.count(frame.assign(row=pd.Categorical(range(len(frame)))), ["row"], sums={"balance": 2, "age": 0})
    whole = pd.DataFrame(keys).assign(**sums.drop(columns="row"))
    return whole.groupby([*keys], observed=True, dropna=False, as_index=False).sum()


@pytest.mark.parametrize("build", SUMMED.values(), ids=SUMMED)
@settings(max_examples=25)
@given(frame=customers)
def test_the_tables_of_customers_counted_already_are_those_of_the_customers(build, frame):
    pd.testing.assert_frame_equal(build(cells(frame)), build(frame), check_dtype=False)
    assert tables.size(cells(frame)) == len(frame)


@settings(max_examples=25)
@given(frame=customers)
def test_a_count_of_a_count_is_a_count(frame):
    fine = tables.count(frame, [CLUSTER, "state", "owns_car"], sums={"balance": 2})
    fine = fine.astype({name: frame[name].dtype for name in (CLUSTER, "state", "owns_car")})
    coarse = functools.partial(tables.count, by=["state"], flags=["owns_car"], sums={"balance": 2})
    pd.testing.assert_frame_equal(coarse(fine), coarse(frame))
    assert tables.measured(fine, ["balance", "income"]) == {"balance": 2}
