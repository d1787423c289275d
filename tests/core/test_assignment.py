"""The draw of the control group: uniform, the same for the same customer, and the groups alike but for chance."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chi2, chisquare

from core.errors import RulesError
from core.strategy.control import detectable, least_held_out
from core.targets.assignment import ARM, CONTACT, CONTROL, SIDE, TIE, WHICH_ARM, Split, arms_of, numbers
from core.targets.balance import balance, in_words

IDS = [f"{number:05}" for number in range(800)]
SALTS = [f"salt {number}" for number in range(300)]


def held_out(ids, salt="spring", share=0.1):
    arms = arms_of(ids, Split(salt, share))
    return {one for one, arm in zip(ids, arms, strict=True) if arm == CONTROL}


@pytest.fixture(scope="module")
def drawn():
    """The numbers of all customers (salts, customers)."""
    return np.array([numbers(IDS, salt) for salt in SALTS])


def test_the_numbers_of_many_salts_are_uniform(drawn):
    bins = np.array([np.histogram(each, 20, (0, 1))[0] for each in drawn])
    found = chisquare(bins, axis=1).pvalue
    assert chisquare(bins.sum(axis=0)).pvalue > 0.001, "all together"
    assert chisquare(np.histogram(found, 10, (0, 1))[0]).pvalue > 0.001, "no salt more even or uneven than chance"


@pytest.mark.parametrize("parts", [1, 4])
def test_the_control_groups_of_many_salts_are_as_large_as_chance_has_them(drawn, parts):
    segments = np.arange(len(IDS)) % parts  # each has its share up to chance
    sizes = np.array([np.bincount(segments, each < 0.1, parts) for each in drawn])
    expected = len(IDS) / parts * 0.1
    assert 0.001 < chi2.cdf(((sizes - expected) ** 2 / (expected * 0.9)).sum(), sizes.size) < 0.999


def test_nobody_is_held_out_more_often_than_others(drawn):
    times = (drawn < 0.1).sum(axis=0)
    assert 0.001 < chi2.cdf(((times - 30) ** 2 / (30 * 0.9)).sum(), len(IDS)) < 0.999


def test_a_customer_stays_on_the_same_side_in_any_order_and_among_others():
    before = held_out(IDS)
    assert held_out(IDS[::-1]) == before
    more = held_out([f"new {number}" for number in range(300)] + IDS[::2])
    assert {one for one in more if not one.startswith("new")} == before.intersection(IDS[::2])


def test_a_customer_stays_on_the_same_side_where_programs_changed_the_id():
    spelt = pd.Series(["00042", "Zoë-7", "AB 12"]), pd.Series(["42", "zoe\u0308-7", "ab12"])
    assert numbers(spelt[0], "s").tolist() == numbers(spelt[1], "s").tolist()
    assert numbers(["42.0"], "s") == numbers(["42"], "s")
    assert numbers(["=cmd|' /C calc'!A0", "42", "", "客户", "\ud800"], "s").max() < 1
    assert len(numbers([], "s")) == 0


def test_a_larger_share_holds_out_more_and_lets_nobody_go():
    assert held_out(IDS, share=0.05) < held_out(IDS, share=0.1) < held_out(IDS, share=0.2)
    assert held_out(IDS, share=0.0) == set()


def test_other_salts_and_uses_draw_anew():
    both = len(held_out(IDS, "spring") & held_out(IDS, "autumn"))
    assert 1 <= both <= 20, "a tenth of a tenth, 8, not the same ones again"
    drawn = np.array([numbers(IDS, "spring", use) for use in (SIDE, TIE, WHICH_ARM)])
    assert np.abs(np.corrcoef(drawn) - np.eye(3)).max() < 4 / np.sqrt(len(IDS))


def test_arms_share_those_contacted_evenly_and_know_nothing_of_the_control_group():
    one = arms_of(IDS, Split("spring", 0.1))
    three = arms_of(IDS, Split("spring", 0.1, ("Mail", "Call", "Visit")))
    assert [*three.categories] == ["Mail", "Call", "Visit", CONTROL]
    assert ((one == CONTROL) == (three == CONTROL)).all()
    assert chisquare([(three == arm).sum() for arm in ("Mail", "Call", "Visit")]).pvalue > 0.01
    assert [*one.categories] == [CONTACT, CONTROL]


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"salt": " "}, "The salt is empty, or long."),
        ({"salt": "s" * 101}, "The salt is empty, or long."),
        ({"arms": ()}, "There are 0 arms."),
        ({"arms": ("Mail", "mail ")}, "The arms Mail, mail  are not told apart."),
        ({"arms": ("control",)}, "The arms control are not told apart."),
        ({"arms": ("",)}, "An arm has no name, or a long one."),
        ({"control": 1.0}, "control"),
        ({"control": float("nan")}, "control"),
    ],
)
def test_a_split_that_cannot_be_is_refused(how, said):
    with pytest.raises(RulesError) as refused:
        Split(**{"salt": "s", **how})
    assert said in str(refused.value)


def test_the_groups_are_alike_but_for_chance():
    rng = np.random.default_rng(0)
    customers = pd.DataFrame(
        {
            "age": rng.normal(40, 12, len(IDS)),
            "balance": np.where(rng.random(len(IDS)) < 0.1, np.nan, rng.lognormal(8, 2, len(IDS))),
            "job": pd.Categorical.from_codes(rng.integers(-1, 5, len(IDS)), list("abcde")),
        }
    )
    tables = [balance(customers, arms_of(IDS, Split(salt))) for salt in SALTS[:300]]
    assert {len(table) for table in tables} == {8}, "two numbers, five jobs, and those without one"
    beyond = np.mean([table["difference"].abs().gt(table["by_chance"]).any() for table in tables])
    assert 0.01 < beyond < 0.08, "one table of twenty"


def test_balance_by_hand():
    arms = pd.Categorical.from_codes([0, 0, 0, 0, 1, 1], [CONTACT, CONTROL])
    customers = pd.DataFrame(
        {
            "age": [30.0, 40, 50, 60, 60, 70],
            "job": pd.Categorical(["a", "a", "b", None, "b", "b"], ["a", "b", "c"]),
            "same": [1.0] * 6,
        }
    )
    found = balance(customers, arms).set_index(["column", "value"])
    # Means 45 and 65, variances 125 and 25: -20 / √75.
    assert found.loc[("age", ""), "difference"] == pytest.approx(-20 / 75**0.5)
    # Shares ½ and 0: ½ / √(¼ ÷ 2); ¼ and 1: −¾ / √((3/16) ÷ 2).
    assert found.loc[("job", "a"), "difference"] == pytest.approx(0.5 / 0.125**0.5)
    assert found.loc[("job", "b"), "difference"] == pytest.approx(-0.75 / (3 / 32) ** 0.5)
    assert found.loc[("job", "Unknown"), ["in_arm", "in_control"]].tolist() == [0.25, 0]
    assert found.loc[("same", ""), "difference"] == 0
    assert ("job", "c") not in found.index
    # As far as chance goes, the furthest of five: 2.576 × √(1/4 + 1/2).
    assert found["by_chance"].unique() == pytest.approx(2.5758 * 0.75**0.5, abs=1e-4)
    assert found["stands_out"].tolist() == ["Yes", "No", "Yes", "No", "No"]
    assert in_words(balance(customers, arms)).startswith("The control group is so small")


def test_what_stands_out_is_said():
    arms = pd.Categorical.from_codes([0] * 900 + [1] * 900, [CONTACT, CONTROL])
    ages = np.tile(np.arange(20.0, 70), 36)
    customers = pd.DataFrame({"age": ages + np.where(arms == CONTROL, 9, 0), "tenure": ages})
    found = balance(customers, arms)
    assert found["stands_out"].tolist() == ["Yes", "No"]
    assert in_words(found) == (
        "The customers contacted and the control group differ more than chance does, in: age. "
        "Before the campaign starts, another salt draws them anew."
    )
    alike = "The customers contacted and the control group are alike, but for what chance does."
    assert in_words(balance(customers[["tenure"]], arms)) == alike
    assert in_words(balance(customers, arms[:0])) == ""
    nobody = pd.Categorical.from_codes([0] * 1800, [CONTACT, CONTROL])
    assert balance(customers, nobody).empty


@settings(max_examples=60)
@given(st.integers(2, 100_000), st.floats(0, 0.6), st.floats(0.001, 0.3))
def test_as_many_are_held_out_as_show_the_uplift(customers, baseline, uplift):
    found = least_held_out(lambda held_out: customers - held_out, customers // 2, uplift, baseline)
    if found is None:
        assert detectable(customers // 2, customers - customers // 2, baseline) > uplift
        return
    assert detectable(found, customers - found, baseline) <= uplift
    assert found == 1 or detectable(found - 1, customers - found + 1, baseline) > uplift


def test_the_arm_is_called_as_the_format_says():
    assert (ARM, CONTACT, CONTROL) == ("Arm", "Contact", "Control")
