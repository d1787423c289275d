"""The registry of visuals: an entry is all it takes, and one that lacks something is refused."""

import re
from dataclasses import replace
from datetime import date
from html import unescape
from importlib import import_module
from pathlib import Path

import pandas as pd
import pytest

from core import cli
from core.analysis import Analysis
from core.cubes.contents import contents
from core.cubes.file import to_bytes
from core.cubes.opened import opened
from core.pipeline import load, segment
from core.reporting.report import report
from core.rules import Rules
from core.schema import CLUSTER, MASS_AFFLUENT
from core.sources.file import FileSource
from core.views import tables
from core.views.suppress import HIDDEN
from core.visuals import table as visual_table
from core.visuals import tables as visual_tables
from core.visuals.clicks import Click, describe, from_text
from core.visuals.kinds import boxplot, mean_bars, stacked_shares, treemap
from core.visuals.kpis import KPIS, cards
from core.visuals.registry import PAGES, VISUALS, of_page
from core.visuals.value import VALUE, named
from core.visuals.visual import picture
from data.generate import SAMPLE
from tests.toys import COLUMN, TOY, bank, forgotten, titles, toys  # noqa: F401

CONTRIBUTING = Path(__file__).parents[2] / ".github" / "CONTRIBUTING.md"
RULES = Rules(date(2026, 1, 1))
DRILLED = ("within", "subregions")  # visuals of one of several countries


def analysis(content: bytes, **more):
    study = load([FileSource("bank.csv", content)], RULES)
    return Analysis(study, segment(study, 2), **more)


def in_sums(whole):
    """The same analysis of an opened result."""
    made = contents(whole.study, whole.study.with_segments(whole.segments), whole.segments, None, whole.frozen)
    study, segments, score = opened(to_bytes(made), "stamp")
    return replace(whole, study=study, segments=segments, structure=score)


def rows_of(chart):
    """The data that a chart draws."""
    [rows] = chart.to_dict()["datasets"].values()
    return rows


def said(one):
    return unescape(report(one).decode())


@pytest.fixture(scope="module")
def whole():
    return analysis(bank())


@pytest.mark.usefixtures("toys")
def test_a_toy_is_in_the_report_after_those_of_its_section(whole):
    page = said(whole)
    assert "Job title by segment" in page
    assert page.index("Age by segment") < page.index("Job title by segment") < page.index("Mass affluent strategy")
    assert "Toy customers" in page


@pytest.mark.usefixtures("toys")
def test_a_toy_is_in_an_opened_result_by_a_cube_of_its_own(whole):
    sums = in_sums(whole)
    assert [list(cube) for cube in sums.study.cubes if COLUMN in cube] == [
        [
            CLUSTER,
            "Is_Mass_Affluent_Custom",
            "High_Potential_Flag",
            COLUMN,
            "Age_Group",
            "job_industry",
            "owns_car",
            "wealth_segment",
            "customers",
            "property_valuation_n",
            "property_valuation_sum_0",
        ]
    ]
    assert sums.table(titles).equals(whole.table(titles))
    assert said(sums).count("Job title by segment") == said(whole).count("Job title by segment") > 0


@pytest.mark.usefixtures("forgotten")
def test_a_table_says_itself_why_an_opened_result_lacks_it(whole):
    sums = in_sums(whole)
    by_id = replace(TOY.table, columns=lambda: (CLUSTER, "customer_id"))
    visual_table.describe(replace(by_id, why_lacking=lambda base, _: f"Not by {base.value_measures[0]}."))
    assert (sums.table(titles), sums.why_not(titles)) == (None, "Not by property_valuation.")


def test_without_the_toy_the_report_has_no_such_visual(whole):
    assert "Job title by segment" not in said(whole)


@pytest.mark.usefixtures("toys")
def test_a_toy_is_clicked_as_any_other(whole):
    click = from_text("toy:1:Cook")
    assert click == Click("toy", ("1", "Cook"))
    assert describe(click) == "Segment: 1, Job title: Cook"
    clicked = replace(whole, clicks=(click,))
    cooks = whole.table(titles).query(f"{CLUSTER} == '1' and {COLUMN} == 'Cook'")["customers"].sum()
    assert clicked.totals.customers == cooks > 0
    assert replace(in_sums(whole), clicks=(click,)).table(titles).equals(clicked.table(titles))


def test_without_the_toy_its_click_is_none():
    assert from_text("toy:1:Cook") is None


@pytest.mark.usefixtures("toys")
def test_a_toy_hides_small_groups(whole):
    """Four are divers."""
    assert "Diver" in set(picture(TOY, whole).data[COLUMN])
    shown = picture(TOY, replace(whole, hide=True))
    assert "Diver" not in set(shown.data[COLUMN])
    assert shown.data.attrs[HIDDEN]
    assert "hidden: fewer than 10 customers" in shown.note


@pytest.mark.usefixtures("toys")
def test_a_toy_kpi_is_hidden_where_it_counts_few(whole):
    divers = replace(whole, filters={COLUMN: ("Diver",)})
    found = [
        {card.label: card.value for card in cards(one, "overview")}["Toy customers"]
        for one in (divers, replace(divers, hide=True), replace(whole, hide=True))
    ]
    assert found == ["2 toys", "Hidden", "80 toys"]


@pytest.mark.usefixtures("toys")
def test_a_toy_kpi_is_in_the_summary_of_the_command_line(tmp_path, capsys):
    (tmp_path / "bank.csv").write_bytes(bank())
    command = ["segment", str(tmp_path / "bank.csv"), "--k", "2", "--as-of", "2026-01-01"]
    assert cli.main([*command, "--out", str(tmp_path / "out")]) == 0
    assert "Toy customers       80 toys   as a toy\n" in capsys.readouterr().out


def test_a_visual_of_a_column_that_the_file_lacks_says_so(whole):
    gender = stacked_shares("gender", "demographics", "gender")
    shown = picture(gender, whole)
    assert not gender.is_possible(whole)
    assert (shown.data, shown.empty) == (None, True)
    assert shown.note == "The file has no gender: choose on the Data page which column it is."


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"key": "jobs"}, "There is a visual 'jobs' already: choose another key"),
        ({"key": ""}, "'' cannot be the key of a visual"),
        ({"key": "a:b"}, "'a:b' is no key of a visual"),
        ({"key": "segment"}, "'segment' is no key of a visual"),
        ({"section": "front page"}, "in the section 'front page': choose one of overview, segments, demographics"),
        ({"table": titles}, "'toy' has no Table: it says how small groups are hidden"),
        ({"table": visual_tables.PLACES}, "The table of 'toy' has its small groups: give it a `shape` that hides them"),
        ({"table": replace(TOY.table, hiding=None)}, "titles does not say how it hides small groups"),
        ({"table": replace(TOY.table, build=tables.count)}, "count is described twice"),
        ({"clicks": (COLUMN, "state")}, "'toy' is clicked by several columns"),
        ({"clicks": ("gender",)}, "'toy' is clicked by 'gender': choose from Cluster, job_title"),
        ({"columns": ()}, "The table of 'toy' needs job_title: name what it needs in `columns`"),
        ({"columns": (COLUMN, "gendre")}, "There is no 'gendre' to show here: choose one of the value measure, age"),
    ],
)
def test_an_entry_that_lacks_something_is_refused(change, message):
    before = {**VISUALS}
    with pytest.raises(ValueError, match=message):
        VISUALS.add(replace(TOY, **change))
    assert before == VISUALS


@pytest.mark.parametrize(
    ("kind", "column", "possible"),
    [
        (treemap, "gendre", "gender, state, postcode"),
        (treemap, "age", "gender, state, postcode"),
        (stacked_shares, "balance", "gender, state, postcode"),
        (boxplot, "balance", "age, property_valuation, purchases, tenure"),
        (mean_bars, "gender", "the value measure, age"),
    ],
)
def test_a_kind_of_visual_names_the_columns_it_can_draw(kind, column, possible):
    with pytest.raises(ValueError, match=f"There is no '{column}' to show here: choose one of {possible}"):
        kind("toy", "demographics", column)


@pytest.mark.parametrize("visual", [mean_bars("toy", "segments", "tenure"), boxplot("toy", "segments", "tenure")])
@pytest.mark.parametrize("column", ["state", "tenure", MASS_AFFLUENT])
def test_what_is_no_group_of_a_table_cannot_be_clicked(visual, column):
    with pytest.raises(ValueError, match=rf"'toy' is clicked by '{column}': choose from Cluster\."):
        VISUALS.add(replace(visual, clicks=(column,)))


EXAMPLES = re.findall(r"```python\n(# (core/visuals/\w+).py\n.*?)```", CONTRIBUTING.read_text("utf-8"), re.DOTALL)


@pytest.fixture
def examples(forgotten):  # noqa: ARG001, F811
    """The entries that CONTRIBUTING shows, registered."""
    entries = []
    for code, path in EXAMPLES:
        module = import_module(path.replace("/", "."))
        names = {**vars(module)}
        exec(code, names)
        entries += [entry for entry in names["ENTRIES"] if entry is not ...]
        known = VISUALS if path.endswith("registry") else KPIS
        known._entries.pop(entries[-1].key, None)  # somebody may have added it
        known.add(entries[-1])
    return entries


def test_the_examples_of_contributing_run(sample, examples):
    chart, kpi = examples
    for hide in (False, True):
        one = replace(sample, hide=hide)
        assert {row["inner"] for row in rows_of(chart.draw(one, picture(chart, one).data))} >= {"Female", "Male"}
        assert [found.value for found in cards(one, "overview") if found.label == kpi.label] == ["39.8 years"]
        assert [found in said(one) for found in ("Gender by segment", kpi.label)] == [True, True]
    sums = in_sums(sample)
    assert picture(chart, sums).data.equals(picture(chart, sample).data)
    assert cards(sums, "overview") == cards(sample, "overview")


@pytest.mark.parametrize("key", VISUALS)
def test_no_visual_shows_a_group_under_ten(key):
    """Few live in the Northern Territory, and few are older than 70."""
    rows = [
        f"c{i},{75 if i < 3 else 25 + i % 40},{1 + i % 12},{i % 7},{('NT', 'NSW', 'VIC')[0 if i < 4 else 1 + i % 2]},"
        f"{('Mining', 'Health', 'IT')[0 if i < 5 else 1 + i % 2]},{'Yes' if i < 6 else 'No'},"
        f"{'Affluent Customer' if i % 3 else 'Mass Customer'},{'Male' if i < 7 else 'Female'},"
        f"{800 if i < 4 else 2000 + i % 5},{-12.5 if i < 4 else -33 - i % 2 / 2},{130.8 if i < 4 else 151}"
        for i in range(160)
    ]
    header = "customer_id,age,property_valuation,purchases,state,job_industry,owns_car,wealth_segment,gender"
    header += ",postcode,latitude,longitude"
    if key == "rfm":
        header += ",days since last visit,total spend"
        rows = [f"{row},{1 + i % 90},{3 * i}" for i, row in enumerate(rows)]
    if key in DRILLED:  # the map of one of several countries, while only that is selected
        header += ",country"
        provinces = {",NT,": ",Yukon,", ",NSW,": ",ON,", ",VIC,": ",Quebec,"}
        for state, province in provinces.items():
            rows = [f"{row.replace(state, province)},Canada" if state in row else row for row in rows]
        rows += [f"u{i},{20 + i},5,1,{('NY', 'TX')[i % 2]},IT,No,Mass Customer,Male,,,,USA" for i in range(40)]
    one = analysis("\n".join([header, *rows, ""]).encode(), hide=True)
    if key in DRILLED:
        one = replace(one, filters={"state": ("Canada",)})
    data = picture(VISUALS[key], one).data
    for table in [data] if isinstance(data, pd.DataFrame) else [data.states, data.regions]:
        by = CLUSTER if key == "age" else list(table.columns[: table.columns.get_loc("customers")])
        sizes = table.groupby(by, observed=True)["customers"].sum()
        assert sizes.min() >= 10 or table.empty
        regions = set(table["state"]) if table.columns[0] == "state" and key not in ("points", "squares") else set()
        assert regions <= {"NSW", "VIC", "ON", "QC"}


def test_every_visual_is_on_a_page():
    assert {visual.key for page in set(PAGES.values()) for visual in of_page(page)} == set(VISUALS)


@pytest.fixture(scope="module")
def sample():
    return analysis(SAMPLE.read_bytes())


@pytest.mark.parametrize("key", VISUALS)
def test_title_and_alternative_text_name_what_is_shown(sample, key):
    visual = VISUALS[key]
    shown = picture(visual, sample)
    clicked = [named(name, sample) for name in visual.clicks if name != CLUSTER]
    for name in {*visual.required(sample), *clicked} or {CLUSTER}:
        said_of = "segment" if name == CLUSTER else sample.text(name).lower()
        assert said_of in shown.title.lower()
        assert said_of in visual.alt(sample).lower()


@pytest.mark.parametrize("column", ["gender", "wealth_segment", "owns_car", "state", "Age_Group"])
@pytest.mark.parametrize("kind", [treemap, stacked_shares])
def test_any_column_of_few_values_is_drawn_of_the_sample(sample, kind, column):
    visual = kind("toy", "demographics", column)
    shown = picture(visual, sample)
    rows = rows_of(visual.draw(sample, shown.data))
    values = set(sample.customers[column].cat.remove_unused_categories().cat.categories)
    assert {row["inner"] for row in rows} == values
    assert shown.title.startswith(("Gender", "Wealth segment", "Car ownership", "State", "Age group"))


@pytest.mark.parametrize("visual", [boxplot("toy", "demographics", "tenure"), mean_bars("toy", "segments", "tenure")])
def test_a_number_has_its_own_title(sample, visual):
    shown = picture(visual, sample)
    assert "tenure" in shown.title.lower()
    assert "enure (years)" in str(visual.draw(sample, shown.data).to_dict())


def test_a_value_visual_follows_the_analyst(sample):
    visual = mean_bars("toy", "segments", VALUE)
    titles = [visual.title(replace(sample, shown_value=name), None) for name in ("property_valuation", "tenure")]
    assert titles == ["Average property valuation (band 1–12)", "Average tenure (years)"]


def test_the_entries_are_those_that_links_name():
    keys = {"pie", "value", "purchases", "age", "cars", "jobs", "map", "states", "scatter"}
    assert keys <= set(VISUALS)
