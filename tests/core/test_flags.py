"""The engineered columns: each flag against every way to fill what is missing, and the age groups."""

from dataclasses import replace
from datetime import date
from itertools import product

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.intake.flags import (
    about_bounds,
    age_groups,
    clauses,
    describe_high_potential,
    describe_mass_affluent,
    flag_rows,
)
from core.rules import HighPotential, MassAffluent, Rules
from core.schema import AGE_GROUP, HIGH_POTENTIAL, MASS_AFFLUENT, UNKNOWN
from core.wealth import Wealth

BALANCE = MassAffluent(measure="balance", min_measure=100_000, max_measure=1_000_000)
DEFAULT = Rules(date(2018, 1, 1), mass_affluent=BALANCE)
UNUSUAL = Rules(
    date(2018, 1, 1),
    age_starts=(40,),
    mass_affluent=MassAffluent(
        ("Other",), ("Affluent Customer", "Mass Customer"), 8.5, ("Mass Customer",), "balance", 0, 100_000
    ),
    high_potential=HighPotential(90, ("Other",), 12),
)
# On both sides of every threshold of both rules.
VALUES = {
    "wealth_segment": ("Affluent Customer", "Mass Customer", "High Net Worth", "Other"),
    "property_valuation": (8, 9, 12),
    "age": (17, 39, 40, 90),
    "balance": (-1, 0, 99_999, 100_000, 999_999, 1_000_000),
}


def every_customer(*names):
    """Every combination of the columns' values and of None, for missing."""
    return [dict(zip(names, row, strict=True)) for row in product(*((*VALUES[name], None) for name in names))]


def as_cleaned(rows):
    """The rows as cleaning leaves them: "Unknown" or NaN where a value is missing."""
    frame = pd.DataFrame(rows)
    if "wealth_segment" in frame:
        frame["wealth_segment"] = frame["wealth_segment"].fillna(UNKNOWN).astype("category")
    return frame.astype({name: "float32" for name in frame if name != "wealth_segment"})


def answer(question, row, rules):
    """Yes or No if it is that for every way to fill what is missing, else Unknown."""
    rule = rules.mass_affluent
    named = {*rule.segments_in, *rule.segment_by_valuation, *rule.segments_out, *rules.high_potential.segments}
    if row.get("wealth_segment") not in {*VALUES["wealth_segment"][:3], *named}:
        row = row | {"wealth_segment": None}  # a word that nobody knows says nothing
    missing = [name for name in VALUES if row.get(name) is None]
    ways = product(*(VALUES[name] for name in missing))
    answers = {question(row | dict(zip(missing, way, strict=True)), rules) for way in ways}
    return UNKNOWN if len(answers) > 1 else "Yes" if answers == {True} else "No"


def is_mass_affluent(row, rules):
    rule, segment = rules.mass_affluent, row["wealth_segment"]
    valued = row["property_valuation"] >= rule.min_property_valuation
    included = segment in rule.segments_in or (segment in rule.segment_by_valuation and valued)
    return included and segment not in rule.segments_out


def is_mass_affluent_by_balance(row, rules):
    return rules.mass_affluent.min_measure <= row["balance"] < rules.mass_affluent.max_measure


def is_high_potential_by_balance(row, rules):
    valued = row["property_valuation"] >= rules.high_potential.min_property_valuation
    return row["age"] < rules.high_potential.below_age and (valued or row["balance"] >= rules.mass_affluent.min_measure)


def is_high_potential(row, rules):
    rule = rules.high_potential
    valued = row["property_valuation"] >= rule.min_property_valuation
    return row["age"] < rule.below_age and (row["wealth_segment"] in rule.segments or valued)


@pytest.mark.parametrize("rules", [DEFAULT, UNUSUAL], ids=["default", "unusual"])
@pytest.mark.parametrize(
    ("columns", "affluent", "promising"),
    [
        (["wealth_segment", "property_valuation", "age", "balance"], is_mass_affluent, is_high_potential),
        (["wealth_segment", "age"], is_mass_affluent, is_high_potential),
        (["age", "property_valuation", "balance"], is_mass_affluent_by_balance, is_high_potential_by_balance),
        (["age", "property_valuation"], is_mass_affluent_by_balance, is_high_potential),
    ],
)
def test_a_flag_is_unknown_exactly_when_what_is_missing_could_change_it(columns, affluent, promising, rules):
    rows = every_customer(*columns)
    flags = flag_rows(as_cleaned(rows), rules)
    assert flags[MASS_AFFLUENT].tolist() == [answer(affluent, row, rules) for row in rows]
    assert flags[HIGH_POTENTIAL].tolist() == [answer(promising, row, rules) for row in rows]


@pytest.mark.parametrize("columns", [["wealth_segment", "property_valuation"], ["age"]], ids=["no age", "no wealth"])
def test_nobody_has_or_lacks_potential_where_the_files_cannot_tell(columns):
    flags = flag_rows(as_cleaned(every_customer(*columns)), DEFAULT)
    assert {*flags[HIGH_POTENTIAL]} == {"Unknown"}


def test_flags_are_added_to_the_customers_as_ordered_categories():
    customers = as_cleaned(
        [
            {"customer_id": 1, "age": 30, "wealth_segment": "Affluent Customer", "property_valuation": 3},
            {"customer_id": 2, "age": 64, "wealth_segment": "Mass Customer", "property_valuation": 9},
            {"customer_id": 3, "age": None, "wealth_segment": "High Net Worth", "property_valuation": 12},
            {"customer_id": 4, "age": 65, "wealth_segment": None, "property_valuation": 1},
        ]
    )
    flagged = flag_rows(customers, DEFAULT)
    assert flagged.to_csv(index=False) == (
        "customer_id,age,wealth_segment,property_valuation,Is_Mass_Affluent_Custom,Age_Group,High_Potential_Flag\n"
        "1.0,30.0,Affluent Customer,3.0,Yes,25–34,Yes\n"
        "2.0,64.0,Mass Customer,9.0,Yes,55–64,No\n"
        "3.0,,High Net Worth,12.0,No,Unknown,Unknown\n"
        "4.0,65.0,Unknown,1.0,Unknown,65+,No\n"
    )
    assert {name: list(flagged[name].cat.categories) for name in (MASS_AFFLUENT, AGE_GROUP, HIGH_POTENTIAL)} == {
        MASS_AFFLUENT: ["Yes", "No", "Unknown"],
        AGE_GROUP: ["<18", "18–24", "25–34", "35–44", "45–54", "55–64", "65+", "Unknown"],
        HIGH_POTENTIAL: ["Yes", "No", "Unknown"],
    }
    assert all(flagged[name].cat.ordered for name in (MASS_AFFLUENT, AGE_GROUP, HIGH_POTENTIAL))


@pytest.mark.parametrize(
    ("rules", "groups"),
    [
        (
            DEFAULT,
            {0: "<18", 17: "<18", 18: "18–24", 24: "18–24", 25: "25–34", 64: "55–64", 65: "65+", 120: "65+"},
        ),
        (UNUSUAL, {0: "<40", 39: "<40", 40: "40+", None: UNKNOWN}),
    ],
)
def test_an_age_belongs_to_the_group_it_reaches(rules, groups):
    assert list(age_groups(as_cleaned([{"age": age} for age in groups]), rules)) == list(groups.values())


def test_without_an_age_every_age_group_is_unknown():
    assert list(age_groups(pd.DataFrame({"balance": [1.0, 2.0]}), DEFAULT)) == [UNKNOWN, UNKNOWN]


@settings(derandomize=True, deadline=None)
@given(st.sampled_from([DEFAULT, UNUSUAL]), st.data())
def test_any_slice_of_the_rows_is_flagged_as_in_the_whole(rules, data):
    rows = data.draw(
        st.lists(st.sampled_from(every_customer("wealth_segment", "property_valuation", "age")), min_size=1)
    )
    first = data.draw(st.integers(0, len(rows)))
    last = data.draw(st.integers(first, len(rows)))
    customers = as_cleaned(rows)
    part = flag_rows(customers.iloc[first:last], rules)
    pd.testing.assert_frame_equal(part, flag_rows(customers, rules).iloc[first:last])


BANDED = Wealth("balance", "Saldo (EUR)", "balance", 100_000, 1_000_000, currency="EUR", why="usual band of amounts")
RELATIVE = Wealth("income", "Pay", "income", 70, None, relative=True, why="70th to below 95th percentile")
NONE = Wealth(why="no column measures wealth")


@pytest.mark.parametrize(
    ("wealth", "sentence"),
    [
        (
            Wealth("property_valuation", by_segment=True),
            "In: wealth segment Affluent Customer, or Mass Customer with a property valuation of 9 or more "
            "(a proxy for wealth). Out: High Net Worth, and the deceased.",
        ),
        (
            BANDED,
            "In: Saldo 100,000 to below 1,000,000 EUR "
            "(usual band of amounts; one bank's figure is only part of wealth).",
        ),
        (
            replace(RELATIVE, doubt="Of Pay only small values could be read."),
            "In: Pay 70 or more (relative band, 70th to below 95th percentile; a proxy for wealth). "
            "Of Pay only small values could be read.",
        ),
        (NONE, "Not defined: no column measures wealth. Pick a wealth measure, or its bounds."),
    ],
)
def test_the_rule_is_said_in_a_sentence_that_tells_proxy_from_measure_and_relative_from_absolute(wealth, sentence):
    assert describe_mass_affluent(DEFAULT, wealth) == sentence


@pytest.mark.parametrize(
    ("filled", "wealth", "sentence"),
    [
        (
            ["age"], Wealth(by_segment=True),
            "Younger than 40, and Affluent Customer or High Net Worth or a property valuation of 9 or more.",
        ),
        (["age", "balance"], BANDED, "Younger than 40, and Saldo of 100,000 EUR or more."),
        (
            ["age", "property_valuation"], BANDED,
            "Younger than 40, and a property valuation of 9 or more or Saldo of 100,000 EUR or more.",
        ),
        (["age", "income"], RELATIVE, "Younger than 40, and Pay of 70 or more (the lower end of a relative band)."),
        (["age"], NONE, "Not defined: no column measures wealth."),
        (["balance"], BANDED, "Not defined: no age is known."),
    ],
)  # fmt: skip
def test_high_potential_is_said_in_a_sentence(filled, wealth, sentence):
    assert describe_high_potential(filled, DEFAULT, wealth) == sentence


@pytest.mark.parametrize(
    ("wealth", "sentences"),
    [
        (BANDED, []),
        (Wealth(by_segment=True), []),
        (NONE, ["Mass affluent is not defined: no column measures wealth. Pick a wealth measure, or its bounds."]),
        (
            replace(BANDED, high=100_000),
            ["Nobody is mass affluent by these bounds: the first must be below the second."],
        ),
    ],
)
def test_what_is_wrong_with_a_band_is_a_warning(wealth, sentences):
    assert about_bounds(wealth) == sentences


def test_a_column_of_segments_that_nobody_knows_tells_nothing():
    customers = as_cleaned([{"wealth_segment": word, "balance": 200_000, "age": 30} for word in ("little", "rich")])
    flags = flag_rows(customers, DEFAULT)
    assert flags[[MASS_AFFLUENT, HIGH_POTENTIAL]].to_numpy().tolist() == [["Yes", "Yes"]] * 2


@pytest.mark.parametrize(("balance", "holds"), [(99_999, "No"), (100_000, "Yes"), (999_999, "Yes"), (1_000_000, "No")])
def test_the_clause_of_a_measure_has_the_bounds_of_the_rule(balance, holds):
    customers = pd.DataFrame({"balance": [float(balance)]})
    [clause] = clauses(customers, DEFAULT).query("flag == @MASS_AFFLUENT").to_dict("records")
    assert (clause["result"], clause["holds"], clause["value"]) == (holds, holds, f"{balance:,}")
