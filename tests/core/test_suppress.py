"""Small groups are hidden, and so is what would give them away."""

from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from core.schema import CLUSTER
from core.views import suppress
from core.views.rounding import rounded_mean, rounded_share
from core.views.suppress import (
    BLANK,
    HIDDEN,
    MINIMUM,
    hidden_note,
    hide_means,
    hide_shares,
    hide_small,
    is_small,
    shown,
    with_rest,
)
from core.views.tables import WHOLE


def table(*sizes):
    return pd.DataFrame({CLUSTER: [str(i) for i in range(len(sizes))], "customers": sizes})


@pytest.mark.parametrize(
    ("sizes", "shown"),
    [
        ([], []),
        ([30, 20, 10], [30, 20, 10]),
        ([50, 9, 30, 20], [50, 30]),  # 20 would give 9 away
        ([50, 9, 8, 20], [50, 20]),  # 17 hidden in two groups
        ([50, 4, 6, 20], [50, 20]),  # 4 and 6 together are just no small group
        ([50, 4, 5, 20], [50]),  # 4 and 5 together are a small group still
        ([50, 9, 9, 20], [50]),  # 18 in two small groups: each has 9
        ([50, *[1] * 12, 20], [50]),  # 12 customers in 12 groups: each has 1
        ([50, 3], []),
        ([5], []),
    ],
)
def test_groups_under_the_minimum_go_with_what_gives_them_away(sizes, shown):
    assert hide_small(table(*sizes))["customers"].tolist() == shown


sizes = st.lists(st.integers(1, 30), min_size=1, max_size=12)


@given(sizes)
@example([10, 9, 10])
def test_no_shown_group_is_small(drawn):
    assert hide_small(table(*drawn))["customers"].min() >= MINIMUM or hide_small(table(*drawn)).empty


@given(st.lists(st.integers(1, 7), min_size=1, max_size=5))
def test_no_hidden_group_can_be_worked_out_from_the_shown_ones_and_the_total(drawn):
    """Every hidden group has at least two sizes that agree with all that is seen, as long as the total is not small."""
    minimum = 3
    shown = hide_small(table(*drawn), minimum=minimum)
    number, whole = len(drawn) - len(shown), sum(drawn) - shown["customers"].sum()
    if not number or sum(drawn) < minimum:
        return
    possible = [one for one in product(range(1, whole + 1), repeat=number) if sum(one) == whole]
    if len(shown):
        assert all(len(set(column)) > 1 for column in zip(*possible, strict=True))
        small = [one for one in possible if max(one) < minimum]
        assert all(len(set(column)) != 1 for column in zip(*small, strict=True))


cells = st.lists(st.integers(0, 40), min_size=12, max_size=12)


@given(cells)
def test_within_every_total_seen_nothing_or_several_groups_are_hidden(drawn):
    keys = [(a, b) for a in "1234" for b in ("Health", "IT", "Retail")]
    rows = [(*key, n) for key, n in zip(keys, drawn, strict=True) if n]
    whole = pd.DataFrame(rows, columns=[CLUSTER, "job_industry", "customers"])
    shown = hide_small(whole)
    assert (shown["customers"] >= MINIMUM).all()
    for column in (CLUSTER, "job_industry"):
        for value, line in whole.groupby(column):
            seen = shown[shown[column] == value]
            hidden = line["customers"].sum() - seen["customers"].sum()
            assert len(seen) in (0, len(line)) or (len(line) - len(seen) > 1 and hidden >= MINIMUM)


@pytest.mark.parametrize(
    ("selected", "everybody", "small"),
    [
        (0, 50, False),
        (1, 50, True),
        (9, 50, True),
        (10, 50, False),
        (41, 50, True),
        (40, 50, False),
        (50, 50, False),
        (9, 9, True),
    ],
)
def test_a_selection_is_small_where_it_or_the_rest_is(selected, everybody, small):
    assert is_small(selected, everybody) == small


def test_a_hidden_total_hides_its_rows_even_where_they_are_large():
    """3 has few, so the pie hides 2 as well; the tiles of 2 must not give its total back."""
    rows = [("1", "Health", 50), ("1", "IT", 60), ("2", "Health", 20), ("2", "IT", 20), ("3", "Health", 9)]
    whole = pd.DataFrame(rows, columns=[CLUSTER, "job_industry", "customers"])
    assert hide_small(whole)[CLUSTER].unique().tolist() in ([], ["1"])


def test_ages_are_hidden_by_segment_and_not_age_by_age():
    ages = pd.DataFrame({CLUSTER: ["1"] * 10 + ["2"] * 9 + ["3"] * 12 + ["4"] * 30, "age": 1.0, "customers": 1})
    ages["age"] = range(len(ages))
    assert hide_small(ages, cells=False)[CLUSTER].value_counts().to_dict() == {"4": 30, "3": 12}


def test_a_share_that_tells_of_few_is_hidden_and_so_is_a_second():
    clusters = pd.DataFrame(
        {CLUSTER: ["1", "2", "3"], "customers": [100, 100, 100], "f_yes": [3, 20, 50], "f_known": [100, 100, 100]}
    )
    hidden = hide_shares(clusters, "f")
    assert hidden["f_known"].tolist() == [0, 0, 100]
    assert hidden["customers"].tolist() == [100, 100, 100]
    assert hide_shares(clusters.iloc[1:], "f")["f_yes"].tolist() == [20, 50]


@pytest.mark.parametrize(
    ("lacking", "shown"),
    [
        ([0, 0, 0], [100, 100, 100]),
        ([5, 0, 0], [0, 100, 100]),  # of all it is unknown for few, too, which is not shown
        ([5, 30, 20], [0, 70, 0]),  # the total less 30 and 20 is 5
        ([5, 30, 0], [0, 0, 100]),
        ([9, 9, 30], [0, 0, 0]),  # 18 in two small groups: each has 9
        ([5, 6, 30], [0, 0, 70]),
    ],
)
def test_of_whom_something_is_unknown_is_hidden_with_what_gives_it_away(lacking, shown):
    known = [100 - n for n in lacking]
    clusters = pd.DataFrame({CLUSTER: ["1", "2", "3"], "customers": 100, "f_yes": 40, "f_known": known})
    assert hide_shares(clusters, "f")["f_known"].tolist() == shown
    means = pd.DataFrame({CLUSTER: ["1", "2", "3"], "customers": 100, "age_n": known, "age_sum_0": 4000})
    assert hide_means(means, "age")["age_n"].tolist() == shown


lines = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=6, max_size=6)


@given(lines)
@example([(30, 5), (30, 0), (30, 12), (30, 20), (30, 30), (30, 40)])
def test_no_total_gives_away_of_how_few_something_is_known_or_unknown(drawn):
    """Of a segment, a region and all, the total less the rows told is of nobody, or of several and ten together."""
    keys = [(segment, state) for segment in "123" for state in ("NSW", "VIC")]
    rows = [(*key, sum(one), one[0], one[0] * 7) for key, one in zip(keys, drawn, strict=True) if sum(one)]
    whole = pd.DataFrame(rows, columns=[CLUSTER, "state", "customers", "age_n", "age_sum_0"])
    segments = whole.groupby(CLUSTER, as_index=False)[["customers", "age_n", "age_sum_0"]].sum()
    for table in (segments, whole):
        known, everybody = table["age_n"], table["customers"]
        is_told = hide_means(table, "age")["age_n"] > 0
        by_key = [table[name] == value for name in table.columns[:-3] for value in {*table[name]}]
        for line in (table.index >= 0, *(by_key if table is whole else [])):
            for number in (known[line], (everybody - known)[line]):
                left = number[~is_told[line] & (number > 0)]
                some_told = (is_told[line] & (number > 0)).any()
                if (left < MINIMUM).any() and some_told and not is_small(number.sum(), everybody[line].sum()):
                    assert len(left) > 1
                    assert left.sum() >= MINIMUM


@given(lines)
def test_other_counts_look_the_same_where_a_share_or_a_mean_is_shown(drawn):
    """Nothing that is sent tells one customer more or less with the flag, or of whom it is unknown."""
    table = pd.DataFrame(
        [(f"{at}", yes + no + at * 6, yes, yes + no, yes + no, yes * 3 + no) for at, (yes, no) in enumerate(drawn)],
        columns=[CLUSTER, "customers", "f_yes", "f_known", "age_n", "age_sum_0"],
    ).query("customers > 0")
    kept = shown(table).set_index(CLUSTER)
    rows = table.set_index(CLUSTER).loc[kept.index]

    def seen(row, **changed):
        one = pd.DataFrame([row.to_dict() | changed])
        yes, known = rounded_share(one["f_yes"], one["f_known"], one["customers"])
        n, units = rounded_mean(one["age_n"], one["age_sum_0"], one["customers"], whole=True)
        return [int(column.iloc[0]) for column in (yes, known, n, units)]

    for label, row in rows[(kept["f_known"] > 0) & (kept["age_n"] > 0)].iterrows():
        assert kept.loc[label, ["f_yes", "f_known", "age_n", "age_sum_0"]].tolist() == seen(row)
        if 0 < row["f_yes"] < row["f_known"]:
            assert any(seen(row, f_yes=row["f_yes"] + by) == seen(row) for by in (-1, 1))
        if row["f_known"] < row["customers"]:
            fewer = [seen(row, f_known=row["f_known"] + by, age_n=row["age_n"] + by)[:3] for by in (-1, 1)]
            assert seen(row)[:3] in fewer or row["f_yes"] in (0, row["f_known"])
        assert any(seen(row, age_sum_0=row["age_sum_0"] + by) == seen(row) for by in (-1, 1))


def test_what_shares_and_means_are_made_of_is_rounded_and_sizes_are_not():
    clusters = pd.DataFrame(
        {CLUSTER: ["1", "2", "3"], "customers": [123, 77, 58], "f_yes": [38, 0, 58], "f_known": [102, 77, 58]}
        | {"money_n": [102, 77, 58], "money_sum_2": [601_203_417, 77_000, 0], "age_n": 58, "age_sum_0": [2399, 4, 3]}
    )
    kept = shown(clusters)
    assert kept.drop(columns=CLUSTER).to_dict("list") == {
        "customers": [123, 77, 58],
        "f_yes": [40, 0, 58],  # of nobody and of everybody stays
        "f_known": [103, 77, 58],  # 20 are unknown
        "money_n": [103, 77, 58],
        "money_sum_2": [606_670_000, 77_000, 0],  # 58,900 each
        "age_n": [58, 57, 58],
        "age_sum_0": [2400, 5, 5],
    }
    assert all(kept[name].dtype == "int64" for name in kept.columns[1:])


def test_what_is_hidden_is_counted_and_said():
    kept = shown(table(50, 9, 30, 20))
    assert kept["customers"].tolist() == [50, 30]
    assert kept.attrs == {HIDDEN: 2, BLANK: {}, WHOLE: {"0": 50, "2": 30}}
    assert hidden_note(kept, None, kept).startswith("4 groups hidden: fewer than 10 customers")
    assert hidden_note(shown(table(50, 30))) == ""


def test_the_order_of_the_rows_does_not_decide_what_is_hidden():
    rows = table(50, 9, 20, 20)
    assert set(hide_small(rows)[CLUSTER]) == set(hide_small(rows[::-1])[CLUSTER]) == {"0", "3"}


@pytest.mark.parametrize(("known", "shown"), [(100, 20), (99, 0), (91, 0), (90, 20)])
def test_a_share_is_hidden_where_of_few_it_is_unknown(known, shown):
    clusters = pd.DataFrame({CLUSTER: ["1"], "customers": [100], "f_yes": [20], "f_known": [known]})
    assert hide_shares(clusters, "f")["f_yes"].tolist() == [shown]


@pytest.mark.parametrize(("known", "shown"), [(1, 0), (9, 0), (10, 500), (90, 500), (91, 0), (100, 500)])
def test_a_mean_is_hidden_where_few_have_the_measure_or_lack_it(known, shown):
    clusters = pd.DataFrame({CLUSTER: ["1"], "customers": [100], "age_n": [known], "age_sum_2": [500]})
    assert hide_means(clusters, "age")["age_sum_2"].tolist() == [shown]


def test_hidden_figures_are_counted_by_what_they_are_of():
    clusters = pd.DataFrame(
        {CLUSTER: ["1", "2"], "customers": [100, 100], "f_yes": [50, 40], "f_known": [100, 99]}
        | {"tenure_n": [100, 99], "tenure_sum_2": [7, 8], "age_n": [100, 0], "age_sum_2": [9, 0]}
    )
    kept = shown(clusters)
    assert kept["tenure_n"].tolist() == [100, 0]
    assert kept.attrs[BLANK] == {"f": 1, "tenure": 1, "age": 0}
    assert hidden_note(kept) == ""
    assert hidden_note(kept, of=["f", "tenure"]).startswith("2 figures hidden: fewer than 10 customers")


def test_whom_a_table_leaves_out_are_a_group_of_its_first_key():
    bins = pd.DataFrame({CLUSTER: ["1", "1", "2"], "age": [20.0, 30.0, 20.0], "customers": [30, 20, 40]})
    sizes = pd.DataFrame({CLUSTER: ["1", "2", "3"], "customers": [54, 40, 12]})
    rest = with_rest(bins, sizes)[3:]
    assert rest[CLUSTER].tolist() == ["1", "3"]
    assert rest["customers"].tolist() == [4, 12]
    assert rest["age"].isna().all()
    assert shown(bins)["customers"].tolist() == [30, 20, 40]
    assert shown(bins, whole=sizes)["customers"].tolist() == [30, 40]  # 54 less 30 and 20 are 4


def test_a_hidden_state_has_no_region():
    regions = pd.DataFrame(
        [("NSW", "Sydney", 60), ("NSW", "Hunter", 40), ("NT", "Darwin", 9), ("ACT", "Canberra", 30)],
        columns=["state", "region", "customers"],
    )
    states = regions.groupby("state", as_index=False)["customers"].sum()
    assert shown(states)["state"].tolist() == ["NSW"]
    assert shown(regions, whole=states)["region"].tolist() == ["Sydney", "Hunter"]


places = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30), st.integers(0, 12)), min_size=9, max_size=9)


@settings(max_examples=20)
@given(places)
def test_no_state_gives_away_a_region_nor_how_many_there_have_a_flag(drawn):
    """A state less its shown regions is nobody, or ten and more: in all, with the flag, and without."""
    keys = [(state, f"{state} {i}") for state in ("NSW", "QLD", "VIC") for i in range(3)]
    rows = [(*key, sum(one), one[0], one[0] + one[1]) for key, one in zip(keys, drawn, strict=True) if sum(one)]
    whole = pd.DataFrame(rows, columns=["state", "region", "customers", "f_yes", "f_known"])
    states = whole.groupby("state", as_index=False)[["customers", "f_yes", "f_known"]].sum()
    regions = whole[~whole["region"].str.endswith("2")]  # those of the last are of no known region
    seen, totals = shown(regions, whole=states), shown(states)
    exact, of_region = states.set_index("state"), whole.set_index("region")
    for state, total in totals.set_index("state").iterrows():
        parts = seen[seen["state"] == state]
        told = of_region.loc[parts.loc[parts["f_known"] > 0, "region"], ["customers", "f_yes", "f_known"]].sum()
        left = exact.loc[state, ["customers", "f_yes", "f_known"]] - told
        gone = [total["customers"] - parts["customers"].sum()]
        if total["f_known"]:
            gone += [left["f_yes"], left["f_known"] - left["f_yes"], left["customers"] - left["f_known"]]
        else:
            assert told["customers"] < total["customers"], "the regions add up to the state"
        assert all(one == 0 or one >= MINIMUM for one in gone)
    assert set(seen["state"]) <= set(totals["state"])


def test_a_key_may_be_called_as_a_figure_is():
    bins = pd.DataFrame({CLUSTER: ["1", "1"], "score_n": [0.0, 3.0], "f_yes": ["a", "b"], "customers": [30, 20]})
    assert shown(bins)["score_n"].tolist() == [0.0, 3.0]


def slowly_hidden(keys, sizes, margins, minimum=MINIMUM):
    """The same row by row: of the first line that gives a group away, the smallest shown group goes."""
    hidden, lines = sizes < minimum, [np.arange(len(sizes))]
    for margin in margins:
        values, number = np.unique(keys[:, margin], axis=0, return_inverse=True)
        of_line = [np.flatnonzero(number.reshape(-1) == one) for one in range(len(values))]
        within = [tuple(map(margin.index, coarser)) for coarser in margins if set(coarser) < set(margin)]
        sums = np.array([sizes[line].sum() for line in of_line], "int64")
        hidden |= slowly_hidden(values, sums, within, minimum)[number.reshape(-1)]
        lines += of_line
    again = True
    while again:
        again = False
        for line in lines:
            gone, kept = sizes[line[hidden[line]]], line[~hidden[line]]
            open_ = len(gone) < 2 or gone.sum() < minimum or gone.sum() in (len(gone), len(gone) * (minimum - 1))
            if len(gone) and len(kept) and open_:
                hidden[kept[np.argmin(sizes[kept])]] = again = True
                break
    return hidden


three_keys = st.tuples(st.integers(0, 2), st.integers(0, 2), st.integers(0, 3), st.integers(0, 25))
MARGINS = [[], [(0,), (1,), (2,)], [(0,), (0, 1)], [(0,), (0, 2), (1,), (1, 2), (2,)]]


@given(st.lists(three_keys, max_size=30, unique_by=lambda row: row[:3]), st.sampled_from(MARGINS))
def test_what_is_hidden_is_what_a_slow_search_hides(drawn, margins):
    rows = np.array(sorted(drawn), "int64").reshape(-1, 4)
    keys, numbers = rows[:, :3], rows[:, 3]
    found = suppress._hidden_cells(keys, numbers, margins, True, MINIMUM)
    assert found.tolist() == slowly_hidden(keys, numbers, margins).tolist()


class Counted:
    """Numbers that count how often one of them is read."""

    def __init__(self, values):
        self.values, self.read = values, 0

    def __getitem__(self, at):
        self.read += 1
        return self.values[at]


def test_a_line_of_many_groups_is_not_looked_through_for_each_that_is_hidden():
    """In lines of two one is small: the line of all groups is asked again after each that is hidden."""
    sizes, line = np.full(4_000, 10), np.arange(4_000) // 2
    sizes[::2] = 9
    lines = suppress._Lines(sizes, sizes < MINIMUM, np.column_stack([line * 0, line + 1]), 2_001, MINIMUM)
    lines._by_size = Counted(lines._by_size)
    for number in lines.open.tolist():
        if (group := lines.next_to_hide(number)) is not None:
            lines.hide(group)
        lines.next_to_hide(0)
    assert lines._hidden.all()
    assert lines._by_size.read < 4 * len(sizes)
