"""Those selected beside all others: by hand, against another library, in a result without rows, and hidden."""

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest
from scipy.stats import ttest_ind
from statsmodels.stats.proportion import confint_proportions_2indep

from core.analysis import Analysis
from core.compare.rest import against_rest, size_name
from core.compare.rest_words import in_words, note, readable
from core.cubes.contents import contents
from core.cubes.file import to_bytes
from core.cubes.opened import opened
from core.pipeline import load, segment
from core.rules import Rules
from core.schema import CLUSTER, UNKNOWN
from core.sources.file import FileSource
from core.views import tables
from core.visuals.clicks import Click, column_shown

SIZE = 400
DRAW = np.random.default_rng(5)
PEOPLE = pd.DataFrame(
    {
        "customer_id": [f"c{i}" for i in range(SIZE)],
        "age": [25 + i % 9 if i % 2 else 60 + i % 9 for i in range(SIZE)],
        "gender": ["Female" if DRAW.random() < 0.6 else "Male" for _ in range(SIZE)],
        "state": ["NSW" if i % 4 else "VIC" for i in range(SIZE)],
        "job_industry": ["Health" if i % 2 else "Retail" if i % 5 else "" for i in range(SIZE)],
        "balance": [1000.0 * (1 + i % 7) + (9000 if i % 2 else 0) for i in range(SIZE)],
    }
)


def made(people):
    file = FileSource("bank.csv", people.to_csv(index=False).encode())
    study = load([file], Rules(date(2020, 1, 1)))
    return Analysis(study, segment(study, 2, ["age"]))


@pytest.fixture(scope="module")
def rows():
    return made(PEOPLE)


@pytest.fixture(scope="module")
def counted(rows):
    kept = contents(rows.study, rows.study.with_segments(rows.segments), rows.segments, None, rows.frozen)
    return Analysis(*opened(to_bytes(kept), "stamp"))


def one(found, column, value=""):
    [row] = found.table[(found.table["column"] == column) & (found.table["value"] == value)].to_dict("records")
    return row


def of_women(analysis):
    return replace(analysis, filters={"gender": ("Female",)})


def test_a_mean_is_compared_by_welch(rows):
    found = one(against_rest(of_women(rows)), "balance")
    women = PEOPLE["gender"] == "Female"
    here, rest = PEOPLE.loc[women, "balance"], PEOPLE.loc[~women, "balance"]
    interval = ttest_ind(here, rest, equal_var=False).confidence_interval()
    assert (found["here"], found["rest"]) == pytest.approx((here.mean(), rest.mean()))
    assert (found["low"], found["high"]) == pytest.approx((interval.low, interval.high))


def test_a_share_is_compared_by_newcombe(rows):
    found = one(against_rest(of_women(rows)), "state", "VIC")
    table = pd.crosstab(PEOPLE["gender"], PEOPLE["state"])
    women, men = table.loc["Female"], table.loc["Male"]
    expected = confint_proportions_2indep(women["VIC"], women.sum(), men["VIC"], men.sum(), method="newcomb")
    assert (found["low"], found["high"]) == pytest.approx(expected, abs=1e-6)
    assert found["difference"] == pytest.approx(women["VIC"] / women.sum() - men["VIC"] / men.sum())


def test_the_largest_differences_come_first_and_only_those_that_matter(rows):
    found = against_rest(replace(rows, clicks=(Click("pie", ("1",)),)))
    assert (found.size, found.others) == (200, 200)
    assert found.table["effect"].abs().round(9).is_monotonic_decreasing
    matter = set(found.mattering["column"])
    assert {"age", "balance", "job_industry"} <= matter
    assert "gender" not in matter
    assert CLUSTER not in set(found.table["column"]), "it is what they are selected by"
    assert UNKNOWN not in set(found.table["value"])


def test_numbers_that_a_clicked_band_selects_by_are_not_compared(rows):
    of = replace(rows, shown_value="balance")
    counted = of.table(tables.age_by_value, of.value, of.step)
    largest = counted.loc[counted["customers"].idxmax()]
    values = (largest[CLUSTER], *(f"{largest[name]:.0f}" for name in ("age", "balance")))
    found = against_rest(replace(of, clicks=(Click("scatter", values, column_shown("scatter", of)),)))
    assert found.size == largest["customers"]
    assert {"age", "balance", CLUSTER}.isdisjoint(found.table["column"])
    assert "gender" in set(found.table["column"])


def test_nobody_and_everybody_have_no_rest(rows):
    assert against_rest(rows).table.empty
    assert against_rest(replace(rows, filters={"gender": ("None",)})).table.empty


@pytest.mark.parametrize("column", ["age", "balance", "state", "job_industry"])
def test_a_result_without_rows_has_the_same_differences(rows, counted, column):
    click = (Click("pie", ("1",)),)
    ours, theirs = (against_rest(replace(base, clicks=click)) for base in (rows, counted))
    names = ["value", "here", "rest", "difference", "effect"]
    left, right = (one.table[one.table["column"] == column][names].to_numpy().tolist() for one in (ours, theirs))
    assert len(left) == len(right) > 0
    for mine, other in zip(left, right, strict=True):
        assert mine[0] == other[0]
        assert mine[1:] == pytest.approx(other[1:])


def test_a_result_says_what_it_has_no_sums_for(counted):
    of = replace(of_women(counted), study=replace(counted.study, deviations={}))
    found = against_rest(of)
    assert set(found.lacking) == {"age", "balance"}
    assert "This result has sums only, and none of those selected by: age, balance." in note(found, of)


def test_a_value_of_few_customers_is_hidden_with_what_would_give_it_away():
    people = PEOPLE.assign(state=["NT" if i < 12 else "VIC" if i % 4 else "NSW" for i in range(SIZE)])
    of = of_women(made(people))
    few = min(pd.crosstab(people["gender"], people["state"])["NT"])
    assert few < 10
    values = set(against_rest(of).table.query("column == 'state'")["value"])
    assert values == {"NSW", "NT", "VIC"}
    shown = against_rest(replace(of, hide=True))
    left = set(shown.table.query("column == 'state'")["value"])
    assert "NT" not in left
    assert len(left) <= 1, "one more is hidden, or the rest would be it"


def test_a_mean_that_few_lack_is_hidden():
    people = PEOPLE.assign(balance=[value if i >= 3 else "" for i, value in enumerate(PEOPLE["balance"])])
    of = of_women(made(people))
    assert "balance" in set(against_rest(of).table["column"])
    hidden = against_rest(replace(of, hide=True))
    assert "balance" not in set(hidden.table["column"])
    assert "balance" in hidden.hidden


def test_while_small_groups_are_hidden_the_figures_are_of_rounded_counts(rows):
    found = against_rest(replace(of_women(rows), hide=True))
    women = PEOPLE[PEOPLE["gender"] == "Female"]
    assert one(found, "balance")["here"] == float(f"{women['balance'].mean():.3g}")
    nsw, vic = (5 * round(n / 5) for n in women["state"].value_counts()[["NSW", "VIC"]])
    assert nsw + vic != len(women)
    assert one(found, "state", "NSW")["here"] == nsw / (nsw + vic)


@pytest.mark.parametrize(("effect", "name"), [(-0.9, "large"), (0.5, "medium"), (0.2, "small"), (0.19, "hardly any")])
def test_the_size_of_an_effect_in_a_word(effect, name):
    assert size_name(effect) == name


def test_the_comparison_in_words(rows):
    of = replace(rows, clicks=(Click("pie", ("1",)),))
    found = against_rest(of)
    table = readable(found.table, of).set_index("what")
    assert table.loc["Age"].tolist()[:3] == ["29.0 years", "64.0 years", "−35.0 years"]
    assert table.loc["Job industry: Health"].tolist()[:3] == ["100.0%", "0.0%", "+100.0 points"]
    assert in_words(found, of).startswith("200 customers beside the 200 others. Most of all, they differ in ")
    assert "Segments are made from age: that they differ in this is no finding." in note(found, of)
    women = of_women(rows)
    assert "Segments are made from" not in note(against_rest(women), women)


def test_groups_that_are_alike_differ_in_nothing():
    people = PEOPLE.assign(
        gender=["Female" if i % 4 < 2 else "Male" for i in range(SIZE)], state="NSW", job_industry=""
    )
    of = of_women(made(people))
    found = against_rest(of)
    assert found.mattering.empty
    assert in_words(found, of).endswith("In no number and no category do they differ by more than a little.")
