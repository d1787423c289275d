"""A column of countries beside one of their regions: when a file is of several countries."""

from datetime import date

import pytest

from core.pipeline import load
from core.rules import Rules
from core.schema import SUBREGION
from core.sources.file import FileSource

AMERICA = [("USA", "Texas"), ("USA", "Ohio"), ("USA", "California")]


def study(places):
    rows = [f"c{i},{20 + i % 50},{','.join(places[i % len(places)])},{3000 * (i + 1)}" for i in range(120)]
    content = "\n".join(["customer_id,age,country,state,balance", *rows]).encode()
    return load([FileSource("bank.csv", content)], Rules(date(2026, 1, 1)))


@pytest.mark.parametrize(
    ("places", "several"),
    [
        ([("USA", "Texas"), ("Canada", "Ontario")], True),
        ([("USA", "Texas"), ("Canada", "Ontario"), ("Spain", "Madrid")], True),
        ([*AMERICA, ("Canada", "Ontario"), ("Spain", "Madrid")], True),
        ([*AMERICA, ("Canada", "Ontario"), ("Canada", "Quebec")], True),
        ([*AMERICA, ("Canada", "Ontario")], False),  # may be a typing error
        ([*AMERICA, ("Canada", "Texas")], False),
    ],
)
def test_a_file_is_of_several_countries_where_regions_of_several_stand_beside_them(places, several):
    found = study(places)
    assert (SUBREGION in found.customers) is several
    assert (found.country == "world") is several
