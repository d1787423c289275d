"""A result opened again: what the pages and the report are made of is the same from its sums as from the customers."""

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.analysis import Analysis
from core.cubes import make
from core.cubes.contents import contents
from core.cubes.file import to_bytes
from core.cubes.opened import open_folder, opened
from core.errors import DocumentError
from core.measures.measure import Measure
from core.pipeline import load, matrix_of, segment, segment_by, structure
from core.reporting.report import report
from core.results import results
from core.rules import Rules
from core.schema import AGE_GROUP, BY_NAME, CLUSTER, MASS_AFFLUENT, Column
from core.segments.choice import FeatureChoice
from core.segments.evidence import sample
from core.sources.file import FileSource
from core.strategy.audience import Audience, moves
from core.strategy.fairness import selected
from core.strategy.insights import facts
from core.views import tables
from core.visuals.clicks import Click
from data.generate import write_sample

RULES = Rules(date(2026, 1, 1))


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """An analysis of some customers."""
    path = tmp_path_factory.mktemp("bank") / "bank.csv"
    write_sample(path, customers=600, seed=2)
    study = load([FileSource(path.name, path.read_bytes())], RULES)
    matrix = matrix_of(study)
    segments = segment(study, 3, matrix=matrix)
    return Analysis(study, segments, structure(segments, sample(matrix)))


def in_sums(whole):
    made = contents(
        whole.study, whole.study.with_segments(whole.segments), whole.segments, whole.structure, whole.frozen
    )
    study, segments, score = opened(to_bytes(made), "stamp")
    return Analysis(study, segments, score)


@pytest.fixture(scope="module")
def sums(whole):
    """The same, its result opened."""
    return in_sums(whole)


def built(analysis, *, whole):
    """Every table of the pages, by name; `whole` has the customers."""
    rule = whole.study.rules.mass_affluent
    tried = replace(rule, min_property_valuation=5)
    audience = Audience("Mass affluent", ("1", "3"), tried)
    measured = tables.measured(analysis.customers, ["purchases", "property_valuation"])
    return {
        "totals": analysis.table(tables.totals),
        "by_cluster": analysis.table(tables.by_cluster, measured),
        "ages": analysis.table(tables.histogram, "age"),
        "cars": analysis.table(tables.count, (CLUSTER, "owns_car")),
        "jobs": analysis.table(tables.count, (CLUSTER, "job_industry")),
        "scatter": analysis.table(tables.age_by_value, analysis.value, analysis.step),
        "places": analysis.table(tables.places, "state", analysis.decimals(analysis.value)),
        "facts": analysis.table(facts),
        "moves": analysis.table(moves, RULES, rule),
        "tried": analysis.table(moves, RULES, tried),
        "fair": analysis.table(selected, RULES, audience, "gender"),
    }


MOST = {("age",): 200, ("wealth_segment",): 20}  # cells that are allowed, by the first of a cube's own keys
FILTERS = {"state": ["NSW", "VIC", "QLD"], "job_industry": ["Health", "IT", "Retail"], AGE_GROUP: ["18–24", "35–44"],
           "owns_car": ["Yes", "No"], MASS_AFFLUENT: ["Yes", "Unknown"]}  # fmt: skip
filters = st.fixed_dictionaries(
    {name: st.lists(st.sampled_from(values), unique=True, max_size=2).map(tuple) for name, values in FILTERS.items()}
)
CLICKS = [("jobs", "1", "Health"), ("pie", "2"), ("map", "NSW"), ("cars", "1", "Yes")]
clicks = st.lists(st.sampled_from(CLICKS), unique=True, max_size=2).map(
    lambda drawn: tuple(Click(visual, tuple(values)) for visual, *values in drawn)
)


@settings(max_examples=12)
@given(filters=filters, clicks=clicks)
def test_every_table_of_the_pages_is_that_of_the_customers_under_any_filter(whole, sums, filters, clicks):
    looked_at = {"filters": filters, "clicks": clicks}
    one, other = (built(replace(analysis, **looked_at), whole=whole) for analysis in (sums, whole))
    assert one.pop("totals") == other.pop("totals")
    for name, table in other.items():
        pd.testing.assert_frame_equal(one[name], table, obj=name)


def test_the_report_is_the_same_but_for_rules_of_thumb(whole, sums):
    looked_at = {"filters": {"state": ("NSW",)}, "measures": (Measure("Old", "share(age >= 40)", "%"),), "hide": True}
    assert report(replace(sums, **looked_at)) == report(replace(whole, **looked_at))


def test_the_downloads_are_those_that_take_no_rows(sums):
    made = {name: make() for name, make in results(sums).items()}
    assert [*made] == [
        "report.html",
        "segments.csv",
        "segment_evidence.csv",
        "model.json",
        "segments.sql",
        "steps.json",
    ]
    assert all(made.values())


def test_what_is_known_of_study_and_segments_is_the_same(whole, sums):
    for name in ("size", "names", "rules", "files", "digest", "rows_read", "rows_merged", "rejected_count",
                 "decided", "value_measures"):  # fmt: skip
        assert getattr(sums.study, name) == getattr(whole.study, name), name
    assert sums.study.columns == whole.study.columns
    assert sums.study.filled == whole.study.filled
    assert sums.segments.profile.equals(whole.segments.profile)
    assert sums.structure == whole.structure
    assert sums.model.to_dict() == whole.model.to_dict()
    assert (sums.step, sums.drivers, sums.why_not_clustered) == (whole.step, whole.drivers, whole.why_not_clustered)
    assert sums.distinguishing_traits("1") == whole.distinguishing_traits("1")
    assert set(sums.formula_columns) == set(whole.formula_columns) - {"job_title"}


def test_the_differences_are_those_of_the_customers(whole):
    """Also of those who are in no segment, and in numbers that are no feature."""
    table = whole.study.customers
    changed = table.assign(
        tenure=table["tenure"].where(table["tenure"] > 2),
        purchases=table["purchases"].where(table.index > 5, 9e3),
        postcode=table["state"].cat.rename_categories(lambda state: f"{len(state)} {state}"),  # few, yet no category
    )
    few = replace(whole.study, customers=changed)
    made = segment(few, 3, FeatureChoice(("purchases", "tenure"), outliers=True))
    assert made.outliers
    assert made.not_clustered
    customers = Analysis(few, made)
    columns = ["cluster", "column", "value"]
    expected = customers.differences.query("column != 'job_title'").sort_values(columns, ignore_index=True)
    found = in_sums(customers).differences.sort_values(columns, ignore_index=True)
    assert {"age", "property_valuation"} <= set(found.loc[found["value"] == "", "column"])
    pd.testing.assert_frame_equal(found, expected)


def test_the_differences_that_may_be_shown_are_those_of_the_customers(whole, sums):
    """Those in the wealth segment, too, by which the first cube is not."""
    hidden = (replace(analysis, hide=True) for analysis in (sums, whole))
    one, other = (analysis.shown_differences(analysis.differences) for analysis in hidden)
    assert {"wealth_segment", "state", "purchases", AGE_GROUP} <= set(one["column"])
    assert "age" not in set(one["column"]), "it is known of seven who are not clustered"
    pd.testing.assert_frame_equal(one, other.query("column != 'job_title'").reset_index(drop=True))


def test_a_segment_of_a_saved_model_that_nobody_is_in_differs_in_nothing(whole):
    first = whole.segments.labels.codes == 0
    others = replace(whole.study, customers=whole.study.customers[~first].reset_index(drop=True))
    made = in_sums(Analysis(others, segment_by(others, whole.frozen)))
    assert set(made.differences["cluster"]) == {"2", "3"}


def test_the_file_tells_no_value_of_a_customer(whole, sums):
    samples = [match.samples for source in sums.study.sources for match in source.matches]
    assert samples
    assert not any(samples)
    assert any(match.samples for source in whole.study.sources for match in source.matches)
    assert any(step.example for step in whole.study.steps)
    assert sums.study.steps == tuple(replace(step, example="") for step in whole.study.steps)


def test_a_filter_that_a_cube_cannot_bear_is_said_where_it_is_missed(whole, monkeypatch):
    full = make.bounded
    monkeypatch.setattr(make, "bounded", lambda cube, cells, _: full(cube, cells, MOST.get(cube.own[:1], 1_000)))
    few = in_sums(whole)
    filtered = replace(few, filters={"job_industry": ("IT",)})
    assert filtered.table(tables.totals) == replace(whole, filters=filtered.filters).table(tables.totals)
    assert filtered.table(tables.histogram, "age") is None
    assert "here none by job industry" in filtered.why_not(tables.histogram, "age")
    assert few.why_not(moves, RULES, replace(RULES.mass_affluent, min_property_valuation=5)).startswith(
        "This result has sums only, and none for this"
    )
    assert b"Segment demographics" in report(replace(filtered, measures=(Measure("Old", "share(age > 40)"),)))


@pytest.mark.parametrize("customers", [1, 40], ids=["a single customer", "one value of all"])
def test_the_spread_of_a_value_that_does_not_vary_is_there(whole, customers):
    few = whole.study.customers.dropna(subset=["age"])[:customers].assign(property_valuation=9.0)
    study = replace(whole.study, customers=few)
    one = Analysis(study, segment(study, 2, ("purchases",)))
    other = in_sums(one)
    assert study.value_measures == other.study.value_measures == ()
    table = other.table(tables.age_by_value, other.value, other.step)
    pd.testing.assert_frame_equal(table, one.table(tables.age_by_value, one.value, one.step))
    assert table["customers"].sum() == few["age"].notna().sum()


def test_of_a_value_beyond_those_whose_spread_is_kept_that_is_said(whole):
    names = ("balance", "income", "credit_limit", "tickets")
    columns = [BY_NAME.get(name) or Column(name, "number", name) for name in names]
    more = whole.study.customers.assign(**{name: np.arange(len(whole.study.customers)) * 1.0 for name in names})
    wide = in_sums(replace(whole, study=replace(whole.study, customers=more, columns=(*whole.study.columns, *columns))))
    said = [wide.why_not(tables.age_by_value, name, wide.study.bin_width(name)) for name in wide.study.value_measures]
    assert [bool(sentence) for sentence in said] == [False] * 4 + [True]
    assert "the spread by age of its first 4 numbers" in said[-1]


def test_a_folder_without_a_summary_is_no_result(tmp_path):
    with pytest.raises(DocumentError, match=r"There is no summary\.zip in"):
        open_folder(tmp_path)


def test_a_measure_that_no_sums_answer_says_so(sums):
    wanted = (Measure("a", "share(purchases > 3)"), Measure("b", "nonsense("), Measure("c", "mean(tenure)"))
    found = sums.results(wanted, sums.formula_columns)
    assert [bool(one.error) for one in found] == [True, True, False]
    assert "sums only" in str(found[0].error)
