"""The KPI cards as text."""

import pytest

from core.views.kpis import Card, kpis, unknown_affluence
from core.views.tables import Totals

FEW, SHARE = "protects a small group", "share hidden"


@pytest.mark.parametrize(
    ("totals", "groups", "cards"),
    [
        (
            Totals(1200, 300, 1000, 0, 0, 12),
            None,
            [
                Card("Total customers", "1,200", "of 4,000 in the data"),
                Card("Total mass affluent", "300", "30.0% of 1,000 known"),
                Card("High potential", "Unknown", "– of 0 known"),
                Card("Not clustered", "12", "1.0% of those selected"),
            ],
        ),
        (
            Totals(1200, 300, 1195, 5, 1200, 30, 20),
            {"1", "2", "Outliers"},
            [
                Card("Total customers", "1,200", "of 4,000 in the data"),
                Card("Total mass affluent", "300", SHARE),
                Card("High potential", "Hidden", FEW),
                Card("Not clustered", "Hidden", FEW),
                Card("Outliers", "20", "1.7% of those selected"),
            ],
        ),
    ],
)
def test_each_card_says_what_it_is_a_part_of(totals, groups, cards):
    """30 are not clustered, and hidden: they would give a segment of few away."""
    assert kpis(totals, 4000, groups=groups) == cards


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
