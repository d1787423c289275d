"""A typical customer of each segment: a real one at its centre, told roughly."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from core.intake.flags import flag_rows
from core.intake.read import SourceFile
from core.pipeline import load, segment
from core.rules import Rules
from core.schema import AGE_GROUP, HIGH_POTENTIAL, MASS_AFFLUENT
from core.segments.features import matrix_under
from core.typical import typical

RULES = Rules(date(2018, 1, 1))


def people(rows=60):
    """Two groups, of whom the medians and the commonest answers do not go together."""
    i = np.arange(rows)
    older = i % 2 == 0
    return pd.DataFrame(
        {
            "customer_id": [f"c{n}" for n in i],
            "date_of_birth": [f"{(1950 if one else 1985) + n % 5}-03-09" for n, one in zip(i, older, strict=True)],
            "postcode": 2000 + i,
            "property_valuation": np.where(older, 9 + i % 3, 2 + i % 3),
            "balance": np.where(older, 1234.5, 58941.37) + i,
            "wealth_segment": np.where(i % 3 == 0, "High Net Worth", "Affluent Customer"),
            "gender": np.where(i % 5 == 0, "Male", "Female"),
            "job_industry": np.where(i < 9, "Mining", np.where(i % 2, "Health", "IT")),
            "owns_car": np.where(i % 4 < 2, "Yes", "No"),
        }
    )


def study_of(table):
    return load([SourceFile("bank.csv", table.to_csv(index=False).encode())], RULES)


def told(study, k=2, features=("age", "property_valuation")):
    found = typical(study, segment(study, k, features))
    return {at: dict(zip(part["column"], part["value"], strict=True)) for at, part in found.groupby("cluster")}


def test_a_typical_customer_is_told_in_round_numbers_without_id_date_or_place():
    assert told(study_of(people()))["2"] == {
        "gender": "Female", "age": "30", "wealth_segment": "Affluent Customer",
        "owns_car": "No", "property_valuation": "3", "balance": "59,000", AGE_GROUP: "25–34",
        MASS_AFFLUENT: "Yes", HIGH_POTENTIAL: "Yes",
    }  # fmt: skip


def test_it_is_the_customer_nearest_to_the_centre():
    study = study_of(people())
    segments = segment(study, 2, ("age", "property_valuation"))
    matrix = matrix_under(study.customers, segments.details)
    for cluster, one in told(study).items():
        at = int(cluster) - 1
        inside = np.flatnonzero(segments.labels.codes == at)
        distance = ((matrix.values[inside] - segments.centres[at]) ** 2).sum(axis=1)
        best = study.customers.iloc[inside[distance <= distance.min() + 1e-9]]
        assert (int(one["age"]), int(one["property_valuation"])) in set(
            zip(best["age"], best["property_valuation"], strict=True)
        )


@pytest.mark.parametrize("seed", range(5))
def test_the_flags_are_those_of_the_values_shown(seed):
    rng = np.random.default_rng(seed)
    rows = 200
    table = pd.DataFrame(
        {
            "customer_id": [f"c{n}" for n in range(rows)],
            "age": rng.integers(18, 80, rows),
            "balance": rng.choice([99_700, 100_400, 995_000, 1_004_000, 50_000], rows) + rng.integers(0, 300, rows),
        }
    )
    study = study_of(table)
    for one in told(study, 4, ("age", "balance")).values():
        shown = pd.DataFrame({"age": [float(one["age"])], "balance": [float(one["balance"].replace(",", ""))]})
        flags = flag_rows(shown, RULES).iloc[0]
        assert (one[AGE_GROUP], one[MASS_AFFLUENT]) == (str(flags[AGE_GROUP]), str(flags[MASS_AFFLUENT]))


def test_a_rare_answer_is_not_told_and_takes_the_flags_that_need_it_along():
    table = people().assign(wealth_segment=[f"Tier {n}" if n % 7 else "Affluent Customer" for n in range(60)])
    for one in told(study_of(table)).values():
        assert "wealth_segment" not in one
        assert MASS_AFFLUENT not in one
        assert one.get("job_industry") != "Mining"


def test_of_customers_as_near_the_order_of_the_rows_does_not_decide():
    table = people()
    order = np.random.default_rng(1).permutation(len(table))
    assert told(study_of(table)) == told(study_of(table.iloc[order]))


def test_without_segments_there_is_nobody():
    study = study_of(people())
    assert typical(study, segment(study, 2, ())).empty
