"""The KPI cards as text."""

import pytest

from core.views.kpis import Card, kpis, unknown_affluence
from core.views.tables import Totals

FEW = "fewer than 10 customers"


@pytest.mark.parametrize(
    ("totals", "hide", "cards"),
    [
        (
            Totals(1200, 300, 1000, 0, 0, 12),
            False,
            [
                Card("Total customers", "1,200", "of 4,000 in the data"),
                Card("Total mass affluent", "300", "30.0% of 1,000 known"),
                Card("High potential", "Unknown", "– of 0 known"),
                Card("Not clustered", "12", "1.0% of customers"),
            ],
        ),
        (
            Totals(1200, 300, 1195, 5, 1200, 9, 20),
            True,
            [
                Card("Total customers", "1,200", "of 4,000 in the data"),
                Card("Total mass affluent", "Hidden", FEW),
                Card("High potential", "Hidden", FEW),
                Card("Not clustered", "Hidden", FEW),
                Card("Outliers", "20", "1.7% of customers"),
            ],
        ),
    ],
)
def test_each_card_says_what_it_is_a_part_of(totals, hide, cards):
    assert kpis(totals, 4000, hide=hide) == cards


@pytest.mark.parametrize(
    ("known", "hide", "start"), [(100, False, ""), (99, False, "1 customer may"), (99, True, "A few customers may")]
)
def test_who_may_be_mass_affluent_is_counted(known, hide, start):
    said = unknown_affluence(Totals(100, 5, known, 0, 0, 0), hide=hide)
    assert said.startswith(start)
    assert bool(said) == bool(start)
