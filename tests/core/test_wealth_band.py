"""The wealth measure, and the band of the mass affluent: absolute where that is sensible, else relative."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.rules import MassAffluent
from core.schema import BY_NAME, Column
from core.segments.rows import InMemory
from core.segments.wealth_band import SENSIBLE, decide_wealth, in_memory

AUTO = MassAffluent()

NO_BAND = "money parts the customers into no sensible group", "hardly anybody has more than 0"


def column(name, meaning, currency="", header=""):
    known = BY_NAME.get(name) or Column(name, "number", name)
    return replace(known, meaning=meaning, currency=currency, header=header)


def decided(values, *columns, rule=AUTO, **more):
    return decide_wealth(in_memory(pd.DataFrame(values)), columns, rule, **more)


def band(wealth):
    return wealth.low, wealth.high, wealth.relative


RISING = [float(value) for value in range(100)]
THOUSANDS = [value * 10_000 for value in RISING]  # 0 to 990,000


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ({"income": "income", "worth": "net_worth", "stocks": "assets"}, "worth"),
        ({"income": "income", "balance": "balance", "property_valuation": "valuation"}, "property_valuation"),
        ({"credit_limit": "credit_limit", "house": "property_value"}, "credit_limit"),
        ({"loan": "debt", "bill": "spend"}, "bill"),
        ({"savings": "balance", "balance": "balance"}, "balance"),
        ({"loan": "debt", "points": "score", "id": "code", "median_income": "area"}, ""),
    ],
)
def test_the_measure_is_the_best_by_its_meaning_and_never_a_debt(columns, expected):
    described = [column(name, meaning) for name, meaning in columns.items()]
    for some in (described, described[::-1]):
        assert decided(dict.fromkeys(columns, RISING), *some).measure == expected


def test_of_several_columns_of_one_meaning_the_largest_measures_wealth():
    values = {"current": RISING, "deposits": [value * 9 for value in RISING]}
    assert decided(values, column("current", "balance"), column("deposits", "balance")).measure == "deposits"


def test_of_several_columns_of_one_meaning_that_in_most_hands_measures_wealth():
    values = {"savings": RISING, "certificates": [*[0.0] * 90, *[900.0] * 10]}
    assert decided(values, column("savings", "balance"), column("certificates", "balance")).measure == "savings"


def test_assets_that_are_less_than_the_balances_are_a_part_of_wealth():
    values = {"pension": RISING, "balance": [value * 9 for value in RISING]}
    pension, balance = column("pension", "assets"), column("balance", "balance")
    assert decided(values, pension, balance).measure == "balance"
    assert decided(values | {"balance": [value / 9 for value in RISING]}, pension, balance).measure == "pension"


def test_a_measure_that_most_customers_lack_comes_after_others():
    values = {"worth": [*RISING[:40], *[np.nan] * 60], "income": RISING}
    assert decided(values, column("worth", "net_worth"), column("income", "income")).measure == "income"


def test_a_measure_that_parts_nobody_off_makes_way_for_the_next():
    values = {"balance": [0.0] * 98 + [5.0, 6], "income": RISING}
    assert decided(values, column("balance", "balance"), column("income", "income")).measure == "income"


@pytest.mark.parametrize(
    ("values", "meaning", "currency", "expected"),
    [
        (THOUSANDS[:20], "balance", "EUR", (100_000, 1_000_000, False)),
        (THOUSANDS[:20], "balance", "", (140_000, 190_000, True)),
        (THOUSANDS[:20], "income", "EUR", (140_000, 190_000, True)),
        (THOUSANDS, "balance", "EUR", (700_000, 950_000, True)),  # 90 % would be mass affluent
        (RISING, "balance", "EUR", (70, 95, True)),  # nobody would
        (RISING, "balance", "XXX", (70, 95, True)),
        ([*RISING, *[np.nan] * 900], "balance", "", (70, 95, True)),
        ([0.0] * 80 + RISING[1:21], "balance", "", (1, 16, True)),
        ([*[0.0] * 50, *[1.0] * 20, *[2.0] * 20, *[3.0] * 10], "balance", "", (2, 3, True)),
        ([1.0, 2, 3, 4, 5] * 20, "balance", "", (4, None, True)),
        ([0.0, 1] * 50, "balance", "", (1, None, True)),
        ([0.0] * 97 + [1.0, 2, 3], "balance", "", (None, None, False)),
        ([1.0] * 100, "balance", "", (None, None, False)),
        ([1.0], "balance", "", (None, None, False)),
        ([-value for value in RISING], "balance", "", (None, None, False)),
    ],
)
def test_the_band_is_absolute_where_that_holds_a_sensible_share_else_relative(values, meaning, currency, expected):
    assert band(decided({"money": values}, column("money", meaning, currency))) == expected


@pytest.mark.parametrize(
    ("values", "meaning", "currency", "why"),
    [
        (THOUSANDS[:20], "balance", "EUR", "usual band of amounts"),
        (RISING, "balance", "", "70th to below 95th percentile; no one currency is known"),
        (RISING, "income", "", "70th to below 95th percentile"),
        (
            RISING,
            "balance",
            "EUR",
            "70th to below 95th percentile; too few have 100,000 to below 1,000,000",
        ),
        (
            [1.0, 2, 3, 4, 5],
            "income",
            "",
            "nearest to the 70th to below 95th percentile, the customers are few",
        ),
        ([0.0, 1] * 50, "income", "", "nearest to the 70th to below 95th percentile, many are equal"),
        ([1.0] * 9, "balance", "", "Money parts the customers into no sensible group, too many are equal"),
    ],
)
def test_why_the_band_is_this_one_is_said(values, meaning, currency, why):
    assert decided({"money": values}, column("money", meaning, currency, "Money")).why == why


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (MassAffluent(measure="income"), ("income", 70, 95)),
        (MassAffluent(measure="balance"), ("savings", 140, 190)),  # no such column, but a column of this meaning
        (MassAffluent(measure="debt", min_measure=1, max_measure=2), ("loan", 1, 2)),  # whoever asks for it
        (MassAffluent(min_measure=10), ("savings", 10, 190)),
        (MassAffluent(max_measure=1000), ("savings", 140, 1000)),
        (MassAffluent(measure="savings", min_measure=5, max_measure=3), ("savings", 5, 3)),
        (MassAffluent(measure="credit_limit"), ("", None, None)),
    ],
)
def test_what_the_rule_says_wins(rule, expected):
    values = {"savings": [value * 2 for value in RISING], "income": RISING, "loan": RISING}
    columns = (column("savings", "balance"), column("income", "income"), column("loan", "debt"))
    wealth = decided(values, *columns, rule=rule)
    assert (wealth.measure, wealth.low, wealth.high) == expected


def test_where_a_segment_tells_the_measure_numbers_segments_and_there_is_no_band():
    wealth = decided({"balance": RISING}, column("balance", "balance", "EUR"), by_segment=True)
    assert (wealth.measure, wealth.has_band, wealth.tells, band(wealth)) == (
        "balance",
        False,
        True,
        (None, None, False),
    )


def test_lost_values_make_the_share_doubtful():
    lost = {"balance": "The largest balances could not be read.", "income": "Other."}
    assert decided({"balance": RISING}, column("balance", "balance"), lost=lost).doubt == lost["balance"]


class Parts:
    """Rows in several blocks, as Spark has them."""

    def __init__(self, blocks):
        self.blocks = blocks

    def partial_sums(self, ask):
        found = [ask(block) for block in self.blocks]
        join = {"least": np.fmin, "most": np.fmax}
        return {name: join.get(name.split()[0], np.add).reduce([part[name] for part in found]) for name in found[0]}

    def ranked(self, ranks):
        return InMemory(np.vstack(self.blocks)).ranked(ranks)


@settings(derandomize=True, deadline=None, max_examples=200)
@given(
    st.lists(
        st.none() | st.integers(-5, 5) | st.floats(-1e6, 1e6).map(lambda value: round(value, 3)),
        min_size=1,
        max_size=60,
    ),
    st.sampled_from(["EUR", ""]),
    st.randoms(use_true_random=False),
)
def test_the_band_holds_a_sensible_share_or_is_not_defined_whatever_the_order_and_the_parts(values, currency, random):
    money = column("money", "balance", currency)
    wealth = decided({"money": np.array(values, "float64")}, money)
    known = pd.Series(values, dtype="Float64").dropna()
    if wealth.has_band:
        assert SENSIBLE[0] <= wealth.contains(known).mean() <= SENSIBLE[1]
    else:
        assert wealth.low is None
        assert known.empty or wealth.why.startswith(
            ("money parts the customers into no sensible group", "hardly anybody has more than 0")
        )
    shuffled = random.sample(values, len(values))
    at = random.randint(0, len(values))
    parts = Parts([np.array(part, "float64").reshape(-1, 1) for part in (shuffled[:at], shuffled[at:])])
    assert decide_wealth(lambda _: parts, [money], AUTO) == wealth
