"""The made-up customers: the same for a seed, messy as promised, with places that fit and segments to find."""

import csv
import re
import shlex
from collections import Counter
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from core.cli import main
from core.countries.registry import countries
from core.pipeline import load, segment
from core.rules import Rules
from core.schema import INDUSTRIES, NOT_CLUSTERED, normalise
from core.sources.file import FileSource
from data import generate
from data.generate import GROUPS, SAMPLE, write_sample

STATE_CODES = {"NSW", "VIC", "QLD", "WA", "SA", "TAS", "ACT", "NT"}
DOCUMENTED = re.search(r"`python -m core (sample .*)`", generate.__doc__)[1]
RANGES = Path(generate.__file__).with_name("countries") / "AU" / "places.csv"


@pytest.fixture(scope="module")
def rows():
    """The bundled sample as text."""
    with SAMPLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def study():
    """The bundled sample after cleaning."""
    return load([FileSource(SAMPLE.name, SAMPLE.read_bytes())], Rules(date(2025, 12, 31)))


def test_the_bundled_file_is_what_the_documented_command_makes(tmp_path):
    words = shlex.split(DOCUMENTED)
    out = words.index("--out") + 1
    assert Path(words[out]).name == SAMPLE.name
    words[out] = str(tmp_path / "made.csv")
    assert main(words) == 0
    assert (tmp_path / "made.csv").read_bytes() == SAMPLE.read_bytes()


@pytest.mark.parametrize("customers", [1, 10, 11, 250])
def test_there_are_as_many_customers_as_asked_for_under_one_header(tmp_path, monkeypatch, customers):
    monkeypatch.setattr(generate, "CHUNK_ROWS", 100)
    write_sample(tmp_path / "made.csv", customers=customers, seed=2)
    with (tmp_path / "made.csv").open(encoding="utf-8", newline="") as file:
        ids = [row["customer_id"] for row in csv.DictReader(file)]
    assert ids == [str(number) for number in range(1, customers + 1)]


@pytest.mark.parametrize(
    ("column", "wrong"),
    [
        ("state", {"New South Wales", "Victoria", "qld", "S.A.", "ACT ", ""}),
        ("gender", {"F", "M", "Femal", "U"}),
        ("job_industry", {"n/a", "Argiculture"}),
        ("date_of_birth", {"21/12/1843", ""}),
        ("tenure", {""}),
        ("postcode", {""}),
        ("property_valuation", {""}),
        ("owns_car", {""}),
        ("deceased", {"Y"}),
    ],
)
def test_the_sample_is_messy_as_real_files_are(rows, column, wrong):
    found = Counter(row[column] for row in rows)
    assert {value for value in wrong if not found[value]} == set()
    assert sum(found[value] for value in wrong) < len(rows) / 4


def test_one_customer_was_born_in_1843(rows):
    assert [row["date_of_birth"] for row in rows if "18" in row["date_of_birth"][-4:-2]] == ["21/12/1843"]


def test_cleaning_undoes_the_mess(study):
    customers = study.customers
    assert len(customers) + len(study.rejected) == 4000
    assert set(study.rejected["reason"]) == {"Deceased"}
    assert set(customers["state"].cat.categories) == STATE_CODES | {"Unknown"}
    assert set(customers["job_industry"].cat.categories) < {*INDUSTRIES.values(), "Unknown"}
    assert set(customers["gender"].cat.categories) == {"Female", "Male", "Undisclosed"}
    assert customers["age"].min() >= 18
    assert customers["age"].max() < 100


def test_every_postcode_lies_in_its_state(rows):
    with RANGES.open(encoding="utf-8", newline="") as file:
        ranges = [(r["region"], range(int(r["first"]), int(r["last"]) + 1)) for r in csv.DictReader(file)]
    postcodes = {state: {code for here, codes in ranges if here == state for code in codes} for state in STATE_CODES}
    placed = [row for row in rows if row["state"]]
    assert len(placed) > 3900
    misplaced = [
        row for row in placed
        if int(row["postcode"]) not in postcodes[countries()["AU"].spellings[normalise(row["state"])]]
    ]  # fmt: skip
    assert misplaced == []
    assert {len(row["postcode"]) for row in placed} == {4}


def test_the_segments_put_in_are_found_again(study):
    found = segment(study, len(GROUPS))
    clustered = found.labels[found.labels != NOT_CLUSTERED]
    by_wealth = sorted(GROUPS, key=lambda group: -group.valuation[0])
    for group, (_, cluster) in zip(by_wealth, found.profile.iterrows(), strict=True):
        means = cluster[["age", "property_valuation", "purchases", "tenure"]].tolist()
        expected = [group.age[0], group.valuation[0], group.purchases[0], group.tenure[0]]
        np.testing.assert_array_less(np.abs(np.subtract(means, expected)), [1.5, 0.4, 1.5, 0.5])
        assert cluster["customers"] / len(clustered) == pytest.approx(group.share, abs=0.02)
