"""The KPIs: what their cards say, on each surface, and what of it is hidden."""

from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import pandas as pd
import pytest

from core.analysis import Analysis
from core.pipeline import load, segment
from core.rules import Rules
from core.schema import CLUSTER, MASS_AFFLUENT
from core.sources.file import FileSource
from core.views import tables
from core.views.card import Card
from core.views.tables import Totals
from core.visuals import kpis
from core.visuals.kpis import Kpi, SegmentKpi, average, card, never_few, unknown_affluence
from core.visuals.segment_kpis import by_segment, segment_columns
from core.wealth import Wealth

OURS = ("customers", "mass_affluent", "high_potential", "not_clustered", "outliers")
FEW, SHARE = "protects a small group", "share hidden"
YES, KNOWN = f"{MASS_AFFLUENT}_yes", f"{MASS_AFFLUENT}_known"


def looked_at(totals, groups=None):
    """What the KPIs ask of an analysis; where small groups are hidden, `groups` are those that may be shown."""
    rules, wealth = Rules(date(2026, 1, 1)), Wealth(by_segment=True)
    study = SimpleNamespace(size=4000, names=("wealth_segment",), rules=rules, wealth=wealth, filled={"age"})
    clusters = pd.DataFrame({CLUSTER: sorted(groups or ())})
    return SimpleNamespace(totals=totals, study=study, hide=groups is not None, clusters=clusters)


@pytest.mark.parametrize(
    ("totals", "groups", "expected"),
    [
        (
            Totals(1200, 300, 1000, 0, 0, 12),
            None,
            [
                ("Total customers", "1,200", "of 4,000 in the data"),
                ("Total mass affluent", "300", "30.0% of 1,000 known"),
                ("High potential", "Unknown", "– of 0 known"),
                ("Not clustered", "12", "1.0% of those selected"),
            ],
        ),
        (
            Totals(1200, 300, 1195, 5, 1200, 30, 20),
            {"1", "2", "Outliers"},
            [
                ("Total customers", "1,200", "of 4,000 in the data"),
                ("Total mass affluent", "300", SHARE),
                ("High potential", "Hidden", FEW),
                ("Not clustered", "Hidden", FEW),
                ("Outliers", "20", "1.7% of those selected"),
            ],
        ),
    ],
)
def test_each_card_says_what_it_is_a_part_of(totals, groups, expected):
    """30 are not clustered, and hidden: they would give a segment of few away."""
    for surface in ("overview", "report"):
        shown = [one for key in OURS if (one := card(kpis.KPIS[key], looked_at(totals, groups), surface))]
        assert [(one.label, one.value, one.note) for one in shown] == expected


@pytest.mark.parametrize(
    ("filled", "mass_affluent", "high_potential"),
    [
        ({"age"}, "no column measures wealth", "no column measures wealth"),
        ({"age", "property_valuation"}, "no column measures wealth", None),
        ({"income"}, "no column measures wealth", "no age is known"),
    ],
)
@pytest.mark.parametrize("surface", ["overview", "summary"])
def test_a_flag_that_nothing_tells_is_not_defined_and_says_why(surface, filled, mass_affluent, high_potential):
    one = looked_at(Totals(1200, 0, 0, 0, 0, 0))
    one.study.filled, one.study.wealth = filled, Wealth(why="no column measures wealth")
    for key, why in (("mass_affluent", mass_affluent), ("high_potential", high_potential)):
        shown = card(kpis.KPIS[key], one, surface)
        assert (shown.value, shown.note) == ("Not defined", why) if why else shown.value == "Unknown"


def test_the_summary_of_the_command_line_has_its_own_words():
    one = looked_at(Totals(1200, 300, 1000, 0, 0, 12))
    assert [card(kpis.KPIS[key], one, "summary") for key in OURS[:3]] == [
        Card("Customers", "1,200", "as of 2026-01-01"),
        Card("Mass affluent", "300", "30.0% of those known"),
        Card("High potential", "Unknown", "– of those known"),
    ]


@pytest.mark.parametrize("surface", ["overview", "summary"])
def test_a_share_by_a_relative_band_says_so(surface):
    one = looked_at(Totals(1200, 300, 1000, 0, 0, 12))
    one.study.wealth = Wealth("income", low=10, high=20, relative=True)
    assert card(kpis.KPIS["mass_affluent"], one, surface).note.endswith(", relative")


def test_hints_say_the_rules():
    found = {key: card(kpis.KPIS[key], looked_at(Totals(1, 1, 1, 1, 1, 1)), "overview").hint for key in OURS[:4]}
    assert found["mass_affluent"].startswith("In: wealth segment Affluent Customer")
    assert found["high_potential"].startswith("Younger than 40")
    assert found["not_clustered"] == "Customers who lack a feature that the segments are made from."


TOY = Kpi("toy", "Toy", lambda of: of.totals.customers, str, never_few)


@pytest.mark.parametrize(
    ("kpi", "message"),
    [
        (replace(TOY, key="outliers"), "There is a KPI 'outliers' already: choose another key"),
        (replace(TOY, key=""), "'' cannot be the key of a KPI"),
        (replace(TOY, key="a:b"), "'a:b' is no key of a KPI"),
        (replace(TOY, surfaces=("front page",)), "no 'front page' to show 'toy' on: overview, strategy, report"),
        (replace(TOY, hiding=None), "'toy' does not say how it hides small groups"),
    ],
)
def test_an_entry_that_lacks_something_is_refused(kpi, message):
    before = {**kpis.KPIS}
    with pytest.raises(ValueError, match=message):
        kpis.KPIS.add(kpi)
    assert before == kpis.KPIS


def test_hiding_cannot_be_left_out():
    with pytest.raises(TypeError, match="hiding"):
        Kpi("toy", "Toy", lambda of: of.totals.customers, str)


def ages(oldest, *, lacking=(), third=8):
    """60 and 60 customers in two segments and few in a third; the age's cell is blank for those in `lacking`."""
    rows = [
        f"c{i},{'' if i in lacking else age},{tenure}"
        for i, (age, tenure) in enumerate([(20, 1)] * 60 + [(40, 20)] * 60 + [(oldest, 40)] * third)
    ]
    return "\n".join(["customer_id,age,tenure", *rows]).encode()


def analysis_of(content):
    study = load([FileSource("bank.csv", content)], Rules(date(2026, 1, 1)))
    return Analysis(study, segment(study, 3, features=("tenure",)))


@pytest.mark.parametrize(
    ("lacking", "shown", "hiding"),
    [
        ((), "33.8 years of 128 known", "33.8 years of 128 known"),
        (range(55, 60), "34.3 years of 123 known", f"Hidden {FEW}"),
        (range(50, 60), "34.9 years of 118 known", "34.9 years of 118 known"),
    ],
)
def test_an_average_is_of_everybody_while_groups_are_hidden(lacking, shown, hiding):
    """The segment of 8 is hidden, and with it another."""
    one = analysis_of(ages(90, lacking=lacking))
    kpi = average("toy", "Average age", "age", unit="years")
    cards = [card(kpi, replace(one, hide=hide), "overview") for hide in (False, True)]
    assert len(replace(one, hide=True).clusters) < len(one.clusters)
    assert [f"{one.value} {one.note}" for one in cards] == [shown, hiding]


def test_an_average_does_not_give_away_a_segment_of_few_known():
    """Of 60 in a segment 54 lack an age: another hides its average, too, or the six were what is left of all."""
    one = replace(analysis_of(ages(40, lacking=range(54), third=60)), hide=True)
    assert card(average("toy", "Average age", "age"), one, "overview").value == "39.0"
    means = one.table(tables.by_cluster, one.decimals("age"))
    assert len(means) == 3
    assert (means["age_n"] > 0).sum() == 1


def test_there_is_no_average_of_a_number_that_the_files_lack():
    assert card(average("toy", "Average income", "income"), analysis_of(ages(90)), "overview") is None


BY_CLUSTER = pd.DataFrame(
    {
        CLUSTER: pd.Categorical(["1", "2", "Not clustered"], ordered=True),
        YES: [1, 2, 0],
        KNOWN: [4, 4, 0],
        "tenure_n": [2, 3, 0],
        "tenure_sum_2": [500, 2500, 0],
    }
)


def test_the_kpis_by_segment_are_those_of_all_then_by_cluster():
    assert by_segment(BY_CLUSTER) == [
        ("", ("37.5%", "Tenure 6.0 years")),
        ("1", ("25.0%", "Tenure 2.5 years")),
        ("2", ("50.0%", "Tenure 8.3 years")),
        ("Not clustered", ("–", "Tenure –")),
    ]


def test_a_table_has_the_unit_in_its_header_and_no_column_that_nobody_has():
    penetration = {"Mass affluent, of those known": ["37.5%", "25.0%", "50.0%", "–"]}
    assert segment_columns(BY_CLUSTER) == {**penetration, "Tenure (years)": ["6.0", "2.5", "8.3", "–"]}
    assert segment_columns(BY_CLUSTER[[CLUSTER, YES, KNOWN]]) == penetration
    assert segment_columns(BY_CLUSTER.assign(**{KNOWN: 0, "tenure_n": 0})) == {}


def test_penetration_without_a_tenure_says_so():
    assert [texts for _, texts in by_segment(BY_CLUSTER[[CLUSTER, YES, KNOWN]])] == [
        ("37.5%", "Tenure –"),
        ("25.0%", "Tenure –"),
        ("50.0%", "Tenure –"),
        ("–", "Tenure –"),
    ]


@pytest.mark.parametrize(
    ("known", "hide", "start"), [(100, False, ""), (99, False, "1 customer may"), (99, True, "Some customers may")]
)
def test_who_may_be_mass_affluent_is_counted(known, hide, start):
    said = unknown_affluence(Totals(100, 5, known, 0, 0, 0), hide=hide)
    assert said.startswith(start)
    assert bool(said) == bool(start)


def test_the_sentence_beside_the_card_does_not_tell_how_few_are_not_mass_affluent():
    """50 of 55 known: with the 45 unknown, 5 are left."""
    assert unknown_affluence(Totals(100, 50, 55, 0, 0, 0), hide=True).startswith("Some customers may")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"key": "tenure"}, "There is a KPI by segment 'tenure' already: choose another key"),
        ({"key": ""}, "'' cannot be the key of a KPI by segment"),
        ({"of": "tenuer"}, "There is no 'tenuer' to show here: choose one of age, latitude"),
        ({"of": "age", "is_flag": True}, "There is no 'age' to show here: choose one of Is_Mass_Affluent_Custom"),
    ],
)
def test_a_kpi_by_segment_that_lacks_something_is_refused(change, message):
    before = {**kpis.BY_SEGMENT}
    with pytest.raises(ValueError, match=message):
        kpis.BY_SEGMENT.add(replace(SegmentKpi("toy", "Toy", "Toy", "age", str), **change))
    assert before == kpis.BY_SEGMENT


def test_the_average_of_a_column_that_is_no_number_is_refused():
    with pytest.raises(ValueError, match="There is no 'gender' to show here"):
        average("toy", "Average gender", "gender")
