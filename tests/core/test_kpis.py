"""The KPIs: what their cards say, on each surface, and what of it is hidden."""

from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import pandas as pd
import pytest

from core.rules import Rules
from core.schema import CLUSTER, MASS_AFFLUENT
from core.views.card import Card
from core.views.tables import Totals
from core.visuals import kpis
from core.visuals.kpis import Kpi, by_segment, cards, never_few, register, unknown_affluence

FEW, SHARE = "protects a small group", "share hidden"
YES, KNOWN = f"{MASS_AFFLUENT}_yes", f"{MASS_AFFLUENT}_known"


def looked_at(totals, groups=None):
    """What the KPIs ask of an analysis; where small groups are hidden, `groups` are those that may be shown."""
    study = SimpleNamespace(size=4000, names=("wealth_segment",), rules=Rules(date(2026, 1, 1)))
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
        found = cards(looked_at(totals, groups), surface)
        assert [(card.label, card.value, card.note) for card in found] == expected


def test_the_summary_of_the_command_line_has_its_own_words():
    assert cards(looked_at(Totals(1200, 300, 1000, 0, 0, 12)), "summary") == [
        Card("Customers", "1,200", "as of 2026-01-01"),
        Card("Mass affluent", "300", "30.0% of those known"),
        Card("High potential", "0", "– of those known"),
    ]


def test_hints_say_the_rules():
    found = {card.label: card.hint for card in cards(looked_at(Totals(1, 1, 1, 1, 1, 1)), "overview")}
    assert found["Total mass affluent"].startswith("In: wealth segment Affluent Customer")
    assert found["High potential"].startswith("Younger than 40")
    assert found["Not clustered"] == "Customers who lack a feature that the segments are made from."


TOY = Kpi("toy", "Toy", lambda of: of.totals.customers, str, never_few)


@pytest.mark.parametrize(
    ("kpi", "message"),
    [
        (replace(TOY, key="outliers"), "two KPIs 'outliers'"),
        (replace(TOY, surfaces=("front page",)), "no 'front page' to show 'toy' on: overview, strategy, report"),
        (replace(TOY, hiding=None), "'toy' does not say how it hides small groups"),
    ],
)
def test_an_entry_that_lacks_something_is_refused(kpi, message):
    before = {**kpis.KPIS}
    with pytest.raises(ValueError, match=message):
        register(kpi)
    assert before == kpis.KPIS


def test_hiding_cannot_be_left_out():
    with pytest.raises(TypeError, match="hiding"):
        Kpi("toy", "Toy", lambda of: of.totals.customers, str)


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
        ("", ("37.5%", "Average tenure 6.0 years")),
        ("1", ("25.0%", "Average tenure 2.5 years")),
        ("2", ("50.0%", "Average tenure 8.3 years")),
        ("Not clustered", ("–", "Average tenure –")),
    ]


def test_penetration_without_a_tenure_says_so():
    assert [texts for _, texts in by_segment(BY_CLUSTER[[CLUSTER, YES, KNOWN]])] == [
        ("37.5%", "Average tenure –"),
        ("25.0%", "Average tenure –"),
        ("50.0%", "Average tenure –"),
        ("–", "Average tenure –"),
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
