"""What a campaign brought: uplifts, their intervals, the order of segments, money and sentences."""

import json
from itertools import pairwise
from math import inf, isnan

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.proportion import confint_proportions_2indep, proportions_ztest
from statsmodels.stats.weightstats import CompareMeans, DescrStatsW

from core.files import json_bytes
from core.outcomes.effects import BOOTSTRAP, WELCH, complier_effect, mean_effect, rate_effect
from core.outcomes.files import outcome_files
from core.outcomes.plan import Plan, read_plan
from core.outcomes.ranking import _autoc_weights, rank_segments
from core.outcomes.read import read_trial
from core.outcomes.result import Result, result_of
from core.outcomes.trial import CONTROL, Trial
from core.outcomes.uplift import by_segment, of_all, uplift_table
from core.outcomes.value import Prices, power_for
from core.outcomes.words import beside_forecast, facts, headline, whom_next
from core.sources.file import FileSource
from core.strategy.campaign import default_campaign
from core.strategy.scenario import Scenario, to_json
from core.targets.assignment import Split, arms_of


def trial_of(rows: list[tuple[str, str, int, int]], plan: Plan | None = None, **columns: list[float]) -> Trial:
    """A trial of (segment, arm, customers, conversions)."""
    parts = [(segment, arm, at < yes) for segment, arm, n, yes in rows for at in range(n)]
    customers = pd.DataFrame(parts, columns=["segment", "arm", "converted"])
    arms = [CONTROL, *sorted({*customers["arm"]} - {CONTROL})]
    customers["arm"] = pd.Categorical(customers["arm"], arms)
    customers["segment"] = pd.Categorical(customers["segment"])
    return Trial(customers.assign(**columns), CONTROL, tuple(arms[1:]), plan=plan)


WORKED = [
    ("1", "Contact", 200, 40), ("1", CONTROL, 100, 5),
    ("2", "Contact", 200, 10), ("2", CONTROL, 100, 5),
]  # fmt: skip


@pytest.mark.parametrize(
    ("contacted", "control"), [((56, 70), (48, 80)), ((9, 10), (3, 10)), ((0, 30), (0, 20)), ((10, 10), (0, 20))]
)
@pytest.mark.parametrize("level", [0.05, 0.01])
def test_intervals_of_rates_are_those_of_statsmodels(contacted, control, level):
    found = rate_effect(contacted, control, level)
    expected = confint_proportions_2indep(*contacted, *control, method="newcomb", compare="diff", alpha=level)
    assert (found.low, found.high) == pytest.approx(expected, abs=1e-9)
    if 0 < contacted[0] + control[0] < contacted[1] + control[1]:
        _, p = proportions_ztest([contacted[0], control[0]], [contacted[1], control[1]])
        assert found.p == pytest.approx(p, abs=1e-9)


def test_the_interval_is_that_of_newcombes_first_example():
    found = rate_effect((56, 70), (48, 80))
    assert (found.estimate, round(found.low, 4), round(found.high, 4)) == (pytest.approx(0.2), 0.0524, 0.3339)


@pytest.mark.parametrize("sizes", [(40, 60), (500, 30), (3, 2)])
def test_intervals_of_amounts_are_those_of_statsmodels(sizes):
    rng = np.random.default_rng(7)
    one, other = rng.normal(100, 20, sizes[0]), rng.normal(90, 35, sizes[1])
    found = mean_effect(one, other)
    compared = CompareMeans(DescrStatsW(one), DescrStatsW(other))
    assert found.method == WELCH
    assert (found.low, found.high) == pytest.approx(compared.tconfint_diff(usevar="unequal"), abs=1e-9)
    assert found.p == pytest.approx(compared.ttest_ind(usevar="unequal")[1], abs=1e-9)


def test_skewed_amounts_have_a_bootstrap_interval_that_is_the_same_each_time():
    rng = np.random.default_rng(3)
    one, other = (np.where(rng.random(900) < 0.05, rng.lognormal(4, 1.2, 900), 0.0) for _ in range(2))
    found, again = mean_effect(one, other, seed=5), mean_effect(one, other, seed=5)
    assert found.method == BOOTSTRAP
    assert found == again
    assert found.low < found.estimate < found.high
    welch = CompareMeans(DescrStatsW(one), DescrStatsW(other)).tconfint_diff(usevar="unequal")
    assert (found.low, found.high) == pytest.approx(welch, abs=2 * (welch[1] - welch[0]) / 4)


def test_intervals_of_skewed_amounts_cover_a_true_difference_as_often_as_they_say():
    true = 0.1 * 100 * np.exp(0.5)  # a tenth more spend, lognormal around 100
    covered = 0
    for seed in range(100):
        rng = np.random.default_rng(seed)
        one, other = (np.where(rng.random(400) < rate, 100 * rng.lognormal(0, 1, 400), 0.0) for rate in (0.3, 0.2))
        found = mean_effect(one, other, seed=seed)
        covered += found.low <= true <= found.high
    assert 90 <= covered <= 99


def test_the_worked_example():
    """By hand: 50 of 400 less 10 of 200 are 7.5 points, 30 conversions of 400; 30 × 50 − 400 × 2 = 700."""
    trial = trial_of(WORKED)
    result = result_of(trial, Prices(conversion=50, contact=2))
    row = result.of_all("Contact")
    assert (row["contacted_mean"], row["control_mean"], row["uplift"]) == pytest.approx((0.125, 0.05, 0.075))
    money = {name: figure.estimate for name, figure in result.money("Contact").items()}
    assert money == pytest.approx({"conversions": 30, "value": 1500, "cost": 800, "net_value": 700, "roi": 0.875})
    net = result.money("Contact")["net_value"]
    assert (net.low, net.high) == pytest.approx((400 * 50 * row["low"] - 800, 400 * 50 * row["high"] - 800))
    segments = by_segment(result.table, "converted", "Contact")
    assert segments["uplift"].tolist() == pytest.approx([0.15, 0.0])
    assert segments["level"].tolist() == [0.025, 0.025], "two segments together err in 5 %"


def test_the_worked_example_in_words():
    result = result_of(trial_of(WORKED), Prices(conversion=50, contact=2))
    ranking = result.ranking("Contact")
    assert headline(result, "Contact", ranking) == (
        "Contacting brought 7.5 points more conversions (95%: 2.6 to 11.8): 30 conversions, 700 net; "
        "segment 1 gained most."
    )
    assert whom_next(result, "Contact", ranking) == (
        "Contact segment 1 next: 300 customers, a budget of 600. "
        "Contact only a part of segment 2, to find out whether it pays there."
    )


def test_an_uplift_that_may_be_chance_is_not_called_one():
    result = result_of(trial_of([("", "Contact", 50, 5), ("", CONTROL, 50, 4)]))
    assert headline(result, "Contact", None).startswith("Contacting is not shown to bring conversions: 2.0 points more")
    assert "stays unseen" in " ".join(facts(result, "Contact", None))
    assert whom_next(result, "Contact", None).startswith("A contact may work, but that it does is not shown.")


def test_a_campaign_that_did_harm_is_said_to():
    result = result_of(trial_of([("", "Contact", 1000, 50), ("", CONTROL, 1000, 100)]))
    assert headline(result, "Contact", None).startswith("Contacting lost 5.0 points of conversions (95%: −7.3 to −2.7)")
    assert whom_next(result, "Contact", None).startswith("Do not repeat this campaign as it is")


def test_several_arms_are_each_compared_with_the_control_group():
    trial = trial_of([("", "A", 100, 20), ("", "B", 100, 30), ("", CONTROL, 100, 10)])
    table = uplift_table(trial)
    assert [of_all(table, "converted", arm)["uplift"] for arm in ("A", "B")] == pytest.approx([0.1, 0.2])
    result = result_of(trial)
    assert result.best_arm == "B"
    assert headline(result, "B", None).startswith("“B” brought 20.0 points more")


def test_an_empty_segment_of_the_control_group_has_no_interval():
    table = uplift_table(trial_of([("1", "Contact", 30, 3), ("2", "Contact", 30, 6), ("2", CONTROL, 30, 3)]))
    first, second = (row for _, row in by_segment(table, "converted", "Contact").iterrows())
    assert isnan(first["uplift"])
    assert second["uplift"] == pytest.approx(0.1)


def test_power_is_the_inverse_of_the_smallest_uplift_that_shows():
    result = result_of(trial_of([("", "Contact", 2000, 140), ("", CONTROL, 500, 25)]))
    least = result.least_uplift("Contact")
    assert power_for(result.of_all("Contact"), least) == pytest.approx(0.8, abs=1e-6)
    assert power_for(result.of_all("Contact"), 0.0) == pytest.approx(0.025, abs=0.001), "by chance, on this side"
    planned = result_of(trial_of([("", "Contact", 2000, 140), ("", CONTROL, 500, 25)], Plan(uplift=least)))
    assert "would have shown with a chance of 80%" in " ".join(facts(planned, "Contact", None))


def test_the_effect_on_those_contacted_by_the_plan_is_that_of_all_over_the_share_contacted():
    """By hand: half of the arm was contacted, nobody else; 4 of 10 less 2 of 10, over one half, are 0.4."""
    y, d = np.array([1.0] * 4 + [0.0] * 6), np.array([1.0] * 5 + [0.0] * 5)
    y_c, d_c = np.array([1.0] * 2 + [0.0] * 8), np.zeros(10)
    found = complier_effect((y, d), (y_c, d_c))
    assert found.estimate == pytest.approx(0.4)
    assert found.low < 0 < found.high
    assert isnan(complier_effect((y, d), (y_c, d)).estimate), "both contacted alike"


def test_the_curve_ends_at_the_uplift_of_all_and_its_area_is_the_coefficient():
    trial = trial_of(
        [("1", "Contact", 900, 270), ("1", CONTROL, 900, 90), ("2", "Contact", 900, 90), ("2", CONTROL, 900, 90)]
    )
    found = rank_segments(trial, "converted", "Contact")
    last = found.curve.iloc[-1]
    assert (last["share"], last["gain"], last["random"]) == pytest.approx((1, 0.1, 0.1))
    assert found.qini.estimate == pytest.approx(0.025, abs=1e-9), "½ × ½ × (0.2 − 0.1): a triangle above the line"
    area = np.trapezoid(found.curve["gain"] - found.curve["random"], found.curve["share"])
    assert area == pytest.approx(found.qini.estimate, abs=1e-9)
    assert found.autoc.estimate == pytest.approx(0.1 * np.log(2), abs=1e-9), "∫ of 0.1, then 0.1 / u − 0.1"
    assert found.qini.low > 0


def test_the_weights_of_autoc_are_the_integral_of_the_targeting_operator():
    ends = np.array([0.0, 0.2, 0.5, 1.0])
    places = (np.arange(1_000_000) + 0.5) / 1_000_000
    expected = [float((-np.log(places) - 1)[(places > a) & (places < b)].mean()) for a, b in pairwise(ends)]
    assert _autoc_weights(ends) == pytest.approx(expected, abs=1e-5)


def test_the_order_of_segments_that_are_alike_seldom_beats_chance():
    """Its interval covers zero about as often as it says, since nobody's outcome ranks their own segment."""
    covered = 0
    for seed in range(100):
        rng = np.random.default_rng(seed)
        n = 3000
        customers = pd.DataFrame({"converted": rng.random(n) < 0.2})
        customers["segment"] = pd.Categorical(rng.integers(1, 5, n).astype(str))
        customers["arm"] = pd.Categorical(np.where(rng.random(n) < 0.5, "Contact", CONTROL), [CONTROL, "Contact"])
        found = rank_segments(Trial(customers, CONTROL, ("Contact",)), "converted", "Contact").qini
        covered += found.low <= 0 <= found.high
    assert 92 <= covered <= 99


def test_segments_with_few_customers_are_not_ranked():
    trial = trial_of([*WORKED, ("3", "Contact", 30, 3), ("3", CONTROL, 9, 1)])
    assert rank_segments(trial, "converted", "Contact").left_out == ("3",)
    assert rank_segments(trial_of(WORKED[:2]), "converted", "Contact") is None


def csv(frame: pd.DataFrame, name: str) -> FileSource:
    return FileSource(name, frame.to_csv(index=False).encode())


def test_what_is_read_back_of_simulated_campaigns_covers_the_true_uplift_as_often_as_it_says():
    campaign = default_campaign(
        {"contactable": 1, "contact_cost": 1, "baseline": 0.05, "uplift": 0.03, "value": 100, "margin": 0.5,
         "incentive": 0, "horizon": 12, "discount": 0}
    )  # fmt: skip
    likely = campaign.likely()
    n, covered = 2000, 0
    for seed in range(100):
        rng = np.random.default_rng(seed)
        ids = [f"{at:05}" for at in range(n)]
        arm = np.asarray(arms_of(ids, Split(f"campaign {seed}", 0.4)))
        converted = rng.random(n) < likely["baseline"] + likely["uplift"] * (arm == "Contact")
        segments = rng.integers(1, 4, n)
        customers = pd.DataFrame({"segment": pd.Categorical(segments.astype("str")), "converted": converted})
        customers["arm"] = pd.Categorical(arm, [CONTROL, "Contact"])
        row = of_all(uplift_table(Trial(customers, CONTROL, ("Contact",))), "converted", "Contact")
        covered += row["low"] <= likely["uplift"] <= row["high"]
        if seed < 5:  # read back from files they are the same; to read takes long
            assignment = csv(pd.DataFrame({"customer_id": ids, "Segment": segments, "Arm": arm}), "assignment.csv")
            outcomes = csv(pd.DataFrame({"customer_id": np.array(ids)[converted], "converted": "yes"}), "outcomes.csv")
            back = result_of(read_trial([outcomes], [assignment])).of_all("Contact")
            assert back["contacted_sum"] + back["control_sum"] == converted.sum()
            names = ["uplift", "low", "high"]
            assert back[names].tolist() == row[names].tolist()
    assert 92 <= covered <= 98


def plan() -> Plan:
    campaign = default_campaign(
        {"contactable": 1, "contact_cost": 2, "baseline": 0.05, "uplift": 0.1, "value": 60, "margin": 0.5,
         "incentive": 0, "horizon": 12, "discount": 0}
    )  # fmt: skip
    [forecast] = json.loads(to_json([Scenario("Spring", "Everybody", 600, campaign)]))["scenarios"]
    record = {
        "format": "target list", "created": "2026-03-01", "salt": "a", "arms": ["Contact"], "later": [1],
        "audience": {"words": "Mass affluent"}, "model": {"segments": {"1": "Older"}}, "currency": "£",
        "control": {"uplift": None}, "size": {"contact_cost": None}, "forecast": forecast,
    }  # fmt: skip
    return read_plan(json_bytes(record), "assignment.json")


def test_a_plan_has_the_prices_names_and_forecast_of_its_file():
    found = plan()
    assert (str(found.created), found.audience, found.names, found.currency) == (
        "2026-03-01", "Mass affluent", {"1": "Older"}, "£",
    )  # fmt: skip
    assert (found.uplift, found.contact_cost, found.worth) == pytest.approx((0.1, 2, 30))
    result = result_of(trial_of(WORKED, found))
    assert result.prices == Prices(30.0, 2.0, 1.0, 0.0)
    assert result.segments("Contact")["name"].tolist() == ["1 Older", "2"]
    measured = {name: (found, planned) for name, _, (found, *_), (planned, *_) in beside_forecast(result, "Contact")}
    assert measured["conversions"] == pytest.approx((30, 54))
    assert measured["net_value"] == pytest.approx((100, 54 * 30 - 1080))


@pytest.mark.parametrize("content", [b"{}", b"[1]", b'{"forecast": 3, "created": 5, "model": {"segments": [1]}}'])
def test_a_plan_without_anything_says_nothing(content):
    assert read_plan(content, "assignment.json") == Plan()


def test_the_files_have_the_same_figures():
    result = result_of(trial_of(WORKED), Prices(conversion=50, contact=2))
    files = outcome_files(result)
    assert [*files] == ["uplift.csv", "qini.csv", "outcomes.json"]
    record = json.loads(files["outcomes.json"])
    [arm] = record["arms"]
    assert arm["effects"]["converted"]["uplift"] == pytest.approx(0.075)
    assert arm["money"]["net_value"]["estimate"] == pytest.approx(700)
    assert arm["headline"].startswith("Contacting brought 7.5 points")
    rows = files["uplift.csv"].decode().splitlines()
    assert len(rows) == 4
    assert "qini.csv" not in outcome_files(result_of(trial_of(WORKED[:2])))


def test_files_have_no_number_that_is_none(recwarn):
    result = result_of(trial_of([("1", "Contact", 30, 0), ("2", CONTROL, 30, 0)]))
    record = json.loads(outcome_files(result)["outcomes.json"], parse_constant=pytest.fail)
    assert record["arms"][0]["least_uplift"] not in (inf, "Infinity")
    assert not recwarn.list


def test_prices_given_take_the_place_of_those_planned():
    result: Result = result_of(trial_of(WORKED, plan()), Prices(contact=3.0))
    assert result.prices == Prices(30.0, 3.0, 1.0, 0.0)
