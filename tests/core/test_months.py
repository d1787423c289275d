"""A file a month: which month it is of, what is kept of it, who moved, and what is hidden of that."""

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from core.errors import DataError
from core.intake.match import frozen_roles
from core.months.dates import month_of_name, month_of_text, shifted, written
from core.months.files import month_files
from core.months.month import Month, currency_of, in_order, month_of, read_month
from core.months.moves import Moves, moves_between, why_no_moves
from core.months.table import moves_of_each, over_time
from core.pipeline import load, segment
from core.rules import Rules
from core.schema import CLUSTER, ID, MASS_AFFLUENT
from core.segments.model import freeze
from core.segments.refresh import movers
from core.sources.file import FileSource
from core.strategy.rates import change
from core.views import tables
from core.views.months import month_lines
from core.views.moves import matrix

NAMES = {"1": "Rich", "2": "Poor"}
JAN, FEB, MAR = date(2024, 1, 1), date(2024, 2, 1), date(2024, 3, 1)
GROUPS = ["1", "2", "Not clustered"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("customers_2024-03.csv", "2024-03"),
        ("customers_20240331.csv.gz", "2024-03"),
        ("Kunden März 2024.xlsx", "2024-03"),
        ("customersMar24.csv", "2024-03"),
        ("03_2024.csv", "2024-03"),
        ("2024_q1.csv", "2024-03"),
        ("mar.csv", "2024-03"),
        ("sep.csv", "2023-09"),  # the last one before June 2024
        ("customers_2024.csv", None),
        ("customers_03_04_2024.csv", None),  # 3 April or 4 March
        ("customers.csv", None),
    ],
)
def test_the_month_in_a_name(name, expected):
    found = month_of_name(name, date(2024, 6, 15))
    assert (found and written(found)) == expected


@pytest.mark.parametrize(
    ("text", "expected"), [(" 2024-03 ", MAR), ("03/2024", MAR), ("March 2024", MAR), ("", None), ("soon", None)]
)
def test_a_month_as_somebody_writes_it(text, expected):
    assert month_of_text(text, date(2024, 6, 15)) == expected


@pytest.mark.parametrize(
    ("day", "first", "month", "expected"),
    [
        (date(2026, 1, 1), MAR, JAN, date(2025, 11, 1)),
        (date(2024, 3, 31), MAR, FEB, date(2024, 2, 29)),
        (date(2024, 3, 31), MAR, date(2025, 1, 1), date(2025, 1, 31)),
    ],
)
def test_ages_count_at_a_day_as_far_from_every_month(day, first, month, expected):
    assert shifted(day, first, month) == expected


def made(month, people, file="", ids=True):
    """A month of `id: (segment, flag)`."""
    groups, flags = ([row[at] for row in people.values()] for at in (0, 1))
    members = pd.DataFrame(
        {
            ID: pd.Series([*people], dtype="str"),
            CLUSTER: pd.Categorical(groups, GROUPS, ordered=True),
            MASS_AFFLUENT: pd.Categorical(flags, ["Yes", "No", "Unknown"]),
        }
    )
    counts = tables.count(members, (CLUSTER,), flags=(MASS_AFFLUENT,))
    return Month(file or f"{month:%b}.csv", month, f"content of {month} {file}", counts, members if ids else None)


THEN = {"a": ("1", "Yes"), "b": ("1", "No"), "c": ("2", "No"), "d": ("2", "Yes"), "e": ("Not clustered", "Unknown")}
NOW = {"b": ("2", "Yes"), "a": ("1", "Yes"), "d": ("2", "No"), "e": ("1", "No"), "f": ("2", "No"), "g": ("1", "Yes")}


def rows(table):
    return [tuple(row) for row in table.itertuples(index=False)]


def test_everybody_of_both_months_is_counted_once():
    found = moves_between(made(JAN, THEN), made(FEB, NOW))
    assert rows(found.segments) == [
        ("Yes", "Yes", "Stayed", "1", "1", 1),
        ("Yes", "Yes", "Moved", "1", "2", 1),
        ("Yes", "Yes", "Stayed", "2", "2", 1),
        ("Yes", "No", "Gone", "2", "Gone", 1),
        ("Yes", "Yes", "Moved", "Not clustered", "1", 1),
        ("No", "Yes", "New", "New", "1", 1),
        ("No", "Yes", "New", "New", "2", 1),
    ]
    assert found.kinds == {"Stayed": 2, "Moved": 2, "New": 2, "Gone": 1}
    assert (found.became, found.ceased) == (1, 1)
    assert rows(found.of_segments) == [("1", "1", 1, 2, 0.5), ("1", "2", 1, 2, 0.5), ("2", "2", 1, 2, 0.5),
                                       ("2", "Gone", 1, 2, 0.5)]  # fmt: skip
    assert found.in_words(NAMES) == (
        "Of 4 customers in both 2024-01 and 2024-02, 2 (50.0%) stayed where they were. The largest move is that of 1 "
        "from 1 Rich to 2 Poor. 2 are new, 1 is gone. 1 became mass affluent, 1 no longer is. "
        "The share of mass affluent changed by 0.0 points (95% interval −52.9 to +52.9)."
    )


def test_moves_between_months_are_the_movers_of_the_command_line():
    then, now = made(JAN, THEN), made(FEB, NOW)
    spaced = replace(now, members=now.members.assign(customer_id=now.members["customer_id"] + " "))
    table = movers(then.members, spaced.members, CLUSTER)
    assert table.loc["1"].to_dict() == {"1": 1, "2": 1, "Gone": 0}
    assert {(before, after): number for *_, before, after, number in rows(moves_between(then, spaced).segments)} == {
        (before, after): number for before, after, number in rows(table.reset_index().melt("then")) if number
    }


def test_the_interval_of_customers_measured_twice_covers_the_difference():
    rng, covered, runs, n = np.random.default_rng(1), 0, 1000, 400
    p, became, ceased = 0.2, 0.05, 0.1  # of the others, and of those who were
    truth = (1 - p) * became - p * ceased
    for _ in range(runs):
        always, stopped, started, never = rng.multinomial(
            n, [p * (1 - ceased), p * ceased, (1 - p) * became, (1 - p) * (1 - became)]
        )
        was, now = always + stopped, always + started
        found = change((was, n), (now, n), (n, was, now, always))
        covered += found[1] <= truth <= found[2]
    table = pd.DataFrame(
        {
            "before": ["Yes", "Yes", "No", "No"], "after": ["Yes", "No", "Yes", "No"],
            "customers": [always, stopped, started, never],
        }
    )  # fmt: skip
    assert Moves(FEB, FEB, table, table, table, {}).change == found
    assert covered / runs == pytest.approx(0.95, abs=0.02)


def test_customers_are_found_by_ids_that_lost_their_zeros():
    found = moves_between(made(JAN, {"007": ("1", "No"), "8": ("2", "No")}), made(FEB, {"7": ("2", "No")}))
    assert found.kinds == {"Stayed": 0, "Moved": 1, "New": 0, "Gone": 1}
    assert found.ids.startswith("1 customer ids were found although they differ in leading zeros")


def test_files_of_other_people_share_nobody():
    found = moves_between(made(JAN, {"x": ("1", "No")}), made(FEB, {"7": ("1", "No")}))
    assert found.ids == "No customer of then has an id of now, such as x and 7"
    assert "Nobody is in both 2024-01 and 2024-02" in found.in_words(NAMES)


def test_a_flag_that_nobody_has_is_not_said_to_stay():
    unknown = {"a": ("1", "Unknown")}
    found = moves_between(made(JAN, unknown), made(FEB, unknown))
    assert (found.became, found.ceased) == (None, None)
    assert "mass affluent" not in found.in_words(NAMES)


def test_without_ids_there_are_shares_and_no_moves():
    months = [made(JAN, THEN, ids=False), made(FEB, NOW)]
    assert why_no_moves(*months) == "No moves, shares only: Jan.csv lacks a customer id."
    assert moves_of_each(months) == [None]
    with pytest.raises(ValueError, match="no ids"):
        moves_between(*months)
    found = over_time(months, [None])
    assert found.months[["customers", "new"]].fillna(-1).to_numpy().tolist() == [[5, -1], [6, -1]]
    assert list(month_files(found, NAMES)) == ["months.csv"]


def crowd(**sizes):
    """So many customers per segment and flag, such as `s1_Yes=20`, numbered throughout."""
    people = {}
    for name, size in sizes.items():
        group, flag = name.removeprefix("s").split("_")
        people |= {f"{len(people) + i}": (group, flag) for i in range(size)}
    return people


def test_the_table_of_months_adds_up():
    months = [made(JAN, THEN), made(FEB, NOW)]
    found = over_time(months, moves_of_each(months))
    assert rows(found.shares) == [
        ("2024-01", "1", 2, 0.4), ("2024-01", "2", 2, 0.4), ("2024-01", "Not clustered", 1, 0.2),
        ("2024-02", "1", 3, 0.5), ("2024-02", "2", 3, 0.5),
    ]  # fmt: skip
    first, second = found.months.to_dict("records")
    assert (first["mass_affluent"], first["known"], first["share"]) == (2, 4, 0.5)
    assert (first["low"], first["high"]) == pytest.approx((0.150, 0.850), abs=1e-3)
    assert [second[name] for name in ("new", "gone", "became", "ceased")] == [2, 1, 1, 1]
    assert found.by_group("customers").fillna(0).to_numpy().tolist() == [[2, 2, 1], [3, 3, 0]]
    assert found.note == ""


def test_files_have_a_row_per_month_and_per_move():
    months = [made(JAN, THEN), made(FEB, NOW)]
    files = month_files(over_time(months, moves_of_each(months)), NAMES)
    head, first, _ = files["months.csv"].decode().split()
    assert head.endswith("customers_1,customers_2,customers_not_clustered,share_1,share_2,share_not_clustered")
    assert first.startswith("2024-01,Jan.csv,5,0,2,4,0.5,")
    assert first.endswith("2,2,1,0.4,0.4,0.2")
    assert files["moves.csv"].decode().splitlines()[:2] == [
        "from_month,to_month,from,to,from_name,to_name,customers", "2024-01,2024-02,1,1,Rich,Rich,1",
    ]  # fmt: skip


def moved_crowd(few):
    """Two months of 600: 40 go from each segment to the other, `few` come into segment 1, 30 are gone, 30 new."""
    sides = {("1", "1"): 160, ("1", "2"): 40, ("2", "2"): 130, ("2", "1"): 40, ("2", ""): 30,
             ("Not clustered", "Not clustered"): 200 - few - 20, ("Not clustered", "1"): few,
             ("Not clustered", "2"): 20, ("", "1"): 30}  # fmt: skip
    pairs = [pair for pair, times in sides.items() for _ in range(times)]
    then, now = ({f"{i}": (pair[at], "No") for i, pair in enumerate(pairs) if pair[at]} for at in (0, 1))
    return moves_between(made(JAN, then), made(FEB, now))


def test_small_moves_are_hidden_with_what_would_give_them_away():
    found = moved_crowd(few=4)
    assert found.kinds == {"Stayed": 466, "Moved": 104, "New": 30, "Gone": 30}
    hidden = found.hidden
    assert hidden.kinds == found.kinds
    table = hidden.segments
    assert len(table)
    assert table["customers"].min() >= 10
    assert hidden.in_words(NAMES) == (
        "Of 570 customers in both 2024-01 and 2024-02, 466 (81.8%) stayed where they were. 30 are new, 30 are gone. "
        "0 became mass affluent, 0 no longer are. "
        "The share of mass affluent changed by 0.0 points (95% interval −0.6 to +0.6)."
    )
    assert hidden.note().endswith("hidden: fewer than 10 customers, or subtraction would reveal such a group.")


def lines_shown(found, over):
    """The rows behind each total of the table of months: sizes, segments, who stayed, moved, is new or gone."""
    table = found.segments
    yield from (table["in before"].eq("Yes"), table["in after"].eq("Yes"))
    for side, month in (("before", "2024-01"), ("after", "2024-02")):
        shares = over.shares[over.shares["month"] == month]
        yield from (table[side].eq(group) for group in shares["Cluster"])
    yield from (table["kind"].eq(kind) for kind, number in over.moves[0].kinds.items() if number is not None)


def determined(lines, hidden):
    """Which hidden rows have one possible number only, given the totals of some lines and the rows that are shown."""
    equations = np.array([*lines], float)[:, hidden]
    rank = np.linalg.matrix_rank(equations)
    return [np.linalg.matrix_rank(np.vstack([equations, unit])) == rank for unit in np.eye(equations.shape[1])]


@pytest.mark.parametrize("seed", range(40))
def test_no_small_move_follows_from_what_is_shown(seed):
    rng = np.random.default_rng(seed)
    sides = {
        (one, other): int(rng.integers(0, 9) if rng.random() < 0.3 else rng.integers(10, 200))
        for one in ("", "1", "2", "Not clustered")
        for other in ("", "1", "2", "Not clustered")
        if (one or other) and rng.random() < 0.8
    }
    pairs = [pair for pair, times in sides.items() for _ in range(times)]
    then, now = ({f"{i}": (pair[at], "No") for i, pair in enumerate(pairs) if pair[at]} for at in (0, 1))
    months = [made(JAN, then), made(FEB, now)]
    found = moves_between(*months)
    over = over_time(months, [found], hide=True)
    hidden = over.moves[0]
    keys = ["before", "after"]
    lost = ~found.segments.set_index(keys).index.isin(hidden.segments.set_index(keys).index)
    small = found.segments.loc[lost, "customers"].lt(10).tolist()
    told = determined(lines_shown(found, over), lost)
    assert not [few for few, known in zip(small, told, strict=True) if few and known]
    assert not {*hidden.segments["customers"]} & {*range(10)}


def test_large_moves_are_shown():
    found = moved_crowd(few=12)
    assert rows(found.hidden.segments) == rows(found.segments)
    assert found.hidden.kinds == found.kinds


def test_a_pair_with_few_new_is_hidden_whole():
    then = crowd(s1_No=100, s2_No=100)
    found = moves_between(made(JAN, then), made(FEB, then | {"n": ("1", "No")})).hidden
    assert found.segments.empty
    assert found.in_words(NAMES) == ""


def test_the_table_of_months_hides_small_groups():
    months = [made(JAN, crowd(s1_Yes=5, s1_No=60, s2_No=40)), made(FEB, crowd(s1_Yes=30, s1_No=60, s2_No=3))]
    found = over_time(months, moves_of_each(months), hide=True)
    assert rows(found.shares[["month", "customers"]]) == [("2024-01", 65), ("2024-01", 40)]
    first, second = found.months.to_dict("records")
    assert pd.isna(first["share"])  # 5 of 105
    assert second["mass_affluent"] == 30
    assert pd.isna(first["rejected"])
    assert "hidden" in found.note


def test_months_stand_in_order_and_each_content_and_month_once():
    jan, feb = made(JAN, THEN), made(FEB, NOW)
    again, other = replace(jan, file="copy.csv", month=MAR), made(FEB, THEN, file="b.csv")
    kept, errors = in_order([feb, jan, again, other])
    assert kept == [jan, feb]
    assert [str(error) for error in errors] == [
        "copy.csv: Its content is that of Jan.csv. Remove it, or add the file of the other month.",
        "b.csv: It is of 2024-02, as Feb.csv is. Change the month of one, or remove it.",
    ]


HEAD = "customer_id,birth_date,balance (AUD)\n"
ROWS = "".join(f"c{i},{1950 + i}-03-15,{1000 * (i % 2) * i + i}\n" for i in range(40))


def source(name, text):
    return FileSource(name, text.encode())


@pytest.fixture(scope="module")
def model():
    study = load([source("feb_2024.csv", HEAD + ROWS)], Rules(date(2024, 2, 20)))
    return freeze(
        segment(study, 2), study.rules, files=study.files, digest=study.digest, columns=study.result_columns,
        described=study.columns, wealth=study.wealth, country=study.country, roles=frozen_roles(study.sources),
        decided=study.decided,
    )  # fmt: skip


def test_the_months_of_the_same_people_change_by_their_age_only(model):
    found = read_month(source("mar_2024.csv", HEAD + ROWS), model, FEB)
    assert (found.month, found.customers) == (MAR, 40)
    same = read_month(source("feb_2024.csv", HEAD + ROWS), model, FEB)
    assert same.counts["customers"].tolist() == [*model.sizes.values()][:2]


def test_an_open_study_is_a_month_as_its_file_is(model):
    study = load([source("feb_2024.csv", HEAD + ROWS)], model.reading_rules)
    own = month_of(study, segment(study, 2), FEB)
    read = read_month(source("feb_2024.csv", HEAD + ROWS), model, FEB)
    assert own.members.equals(read.members)
    assert (own.digest, own.key) == (read.digest, read.key)


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.csv", HEAD + ROWS, "a.csv: Neither its name nor a column says which month it is of."),
        ("mar_2024.csv", HEAD.replace("balance (AUD)", "score") + ROWS, "mar_2024.csv: The model needs"),
        ("mar_2024.csv", HEAD.replace("AUD", "USD") + ROWS, "It is in USD, and the segments are of amounts in AUD."),
        ("mar_2024.csv", "", "mar_2024.csv: The file is empty."),
    ],
)
def test_a_file_that_cannot_be_used_says_why(model, name, text, said):
    assert currency_of(model) == "AUD"
    with pytest.raises(DataError) as caught:
        read_month(source(name, text), model, FEB)
    assert said in str(caught.value)


def dated(*months):
    lines = ROWS.splitlines()
    return HEAD.strip() + ",report_date\n" + "".join(f"{line},{month}\n" for month in months for line in lines)


def test_a_column_of_dates_names_the_month(model):
    assert read_month(source("a.csv", dated("2024-03-31")), model, FEB).month == MAR


def test_rows_of_several_months_ask_which(model):
    text = dated("2024-02-29", "2024-03-31")
    with pytest.raises(DataError, match="It has rows of several months, 2024-02 to 2024-03"):
        read_month(source("a.csv", text), model, FEB)
    assert read_month(source("a.csv", text), model, FEB, MAR).customers == 40


def test_a_file_without_ids_has_no_members(model):
    text = "".join(line.partition(",")[2] + "\n" for line in (HEAD + ROWS).splitlines())
    found = read_month(source("mar_2024.csv", text), model, FEB)
    assert (found.members, found.customers) == (None, 40)


def test_the_lines_have_a_point_per_month_and_segment_and_leave_gaps():
    months = [made(JAN, THEN), made(FEB, NOW)]
    chart = month_lines(over_time(months, [None]).shares, ["2024-01", "2024-02"], names=dict.fromkeys(GROUPS, "x"))
    spec = chart.to_dict()
    [points] = spec["datasets"].values()
    assert [(row["month"], row["segment"], row["text"]) for row in points] == [
        ("2024-01", "1 x", ""), ("2024-01", "2 x", ""), ("2024-01", "Not clustered", "None"),
        ("2024-02", "1 x", "1"), ("2024-02", "2 x", "2"),
    ]  # fmt: skip


def test_the_matrix_has_a_column_for_the_gone():
    found: Moves = moves_between(made(JAN, THEN), made(FEB, NOW))
    spec = matrix(found.of_segments, NAMES, NAMES | {"Gone": "(left)"}, title="Segment in 2024-02").to_dict()
    [cells] = spec["datasets"].values()
    assert [(row["segment"], row["goes_to"], row["text"]) for row in cells][-1] == ("2 Poor", "Gone (left)", "50")
    assert spec["layer"][0]["encoding"]["x"]["title"] == "Segment in 2024-02 (% of the row)"
