"""Whether a contact pays: what makes a verdict impossible, the prices it follows from, and one verdict everywhere."""

import json
from pathlib import Path

import pytest

from core.cli import main
from core.files import json_bytes
from core.outcomes.columns import ColumnQuestionError
from core.outcomes.files import outcome_files
from core.outcomes.plan import Plan
from core.outcomes.read import read_trial
from core.outcomes.result import Result, result_of
from core.outcomes.trial import Trial
from core.outcomes.value import Prices
from core.outcomes.words import beside_forecast, facts, forecast_differs, headline, prices_lacking, whom_next
from core.sources.file import FileSource
from tests.core.test_outcomes import CONTROL, WORKED, plan, trial_of

IDS = [f"{at:03}" for at in range(60)]
ASSIGNMENT = "id,Segment,Arm\n" + "".join(f"{one},1,{CONTROL if one[-1] in '02' else 'Contact'}\n" for one in IDS)
HELD_OUT, CONTACTED = ([one for one in IDS if (one[-1] in "02") == held] for held in (True, False))


def read(outcomes: str, assignment: str = ASSIGNMENT) -> Trial:
    return read_trial(
        [FileSource("outcomes.csv", outcomes.encode())], [FileSource("assignment.csv", assignment.encode())]
    )


def rows(ids: list[str], converted: list[str] = (), header: str = "id,converted") -> str:
    return f"{header}\n" + "".join(f"{one},{one in converted:d}\n" for one in ids)


STRANGERS = [f"x{at:03}" for at in range(60)]


@pytest.mark.parametrize(
    ("outcomes", "found"),
    [
        (rows(IDS), "Nobody converted."),
        (rows(IDS, IDS), "Everybody converted."),
        (rows(CONTACTED, CONTACTED[:9]), "Nobody of the control group is in the outcomes, though customers"),
        (rows(HELD_OUT + STRANGERS, HELD_OUT[:4]), "Fewer than half of the 60 customers assigned are in the outcomes."),
        (rows(IDS[:20] + STRANGERS, IDS[:9]), "Fewer than half of the 60 customers assigned are in the outcomes."),
    ],
)
def test_where_nothing_can_be_said_the_reason_takes_the_place_of_the_verdict(outcomes, found):
    trial = read(outcomes)
    result = result_of(trial, Prices(conversion=100, contact=2))
    assert headline(result, "Contact", None).startswith(f"No verdict: {found}")
    assert whom_next(result, "Contact", None) == trial.no_verdict["Contact"].remedy
    assert facts(result, "Contact", None) == []
    assert result.verdict("Contact") == "–"
    assert json.loads(outcome_files(result)["outcomes.json"])["arms"][0]["no_verdict"].startswith(found)


def test_nobody_of_an_arm_in_the_outcomes_leaves_the_other_arms_their_verdict():
    assignment = ASSIGNMENT.replace("1,1,Contact", "1,1,Mail")
    there = [one for one in IDS if one[-1] != "1"]
    trial = read(rows(there, CONTACTED[1:20:2]), assignment)
    assert {arm: why.found for arm, why in trial.no_verdict.items()} == {
        "Mail": "Nobody of “Mail” is in the outcomes, though customers who did not convert are."
    }


@pytest.mark.parametrize(
    "outcomes",
    [
        rows(CONTACTED[:9], CONTACTED[:9]),
        "id\n" + "\n".join(CONTACTED[:9]) + "\n",
        "id,spend\n" + "".join(f"{one},5\n" for one in CONTACTED[:9]),
        rows(IDS + STRANGERS + [f"y{at}" for at in range(900)], CONTACTED[:9]),
    ],
    ids=["a list of those who converted", "their ids", "their amounts", "all customers of the bank"],
)
def test_files_that_lack_customers_by_right_have_a_verdict(outcomes):
    assert read(outcomes).no_verdict == {}


def test_a_conversion_before_the_campaign_in_a_list_of_those_who_converted_leaves_the_verdict():
    outcomes = "id,converted_on\n" + "".join(
        f"{one},2026-0{1 if at == 0 else 4}-01\n" for at, one in enumerate(CONTACTED[:9])
    )
    record = json_bytes({"salt": "a", "created": "2026-03-01"})
    trial = read_trial(
        [FileSource("outcomes.csv", outcomes.encode())],
        [FileSource("assignment.csv", ASSIGNMENT.encode()), FileSource("assignment.json", record)],
    )
    assert "1 outcome before 2026-03-01: not counted." in trial.notes
    assert trial.no_verdict == {}


def test_where_everybody_spent_the_amounts_are_the_headline():
    outcomes = "id,spend\n" + "".join(f"{one},{90 + int(one) % 7 + 20 * (one in CONTACTED)}\n" for one in IDS)
    result = result_of(read(outcomes))
    assert headline(result, "Contact", None).startswith("Per customer it brought 2")
    assert not any("too small" in sentence for sentence in facts(result, "Contact", None))


def test_that_the_day_of_the_assignment_is_not_known_is_said():
    said = "The day of the assignment is not known (assignment.json has it): outcomes of any day are counted."
    dated = "id,converted,date\n" + "".join(f"{one},{one[-1] in '13':d},2026-10-01\n" for one in IDS)
    assert said in read(dated).notes
    assert said not in read(rows(IDS, IDS[:9])).notes


def test_the_incentive_is_what_the_analyst_says_and_not_that_of_the_simulation():
    """By hand: 30 conversions of 30 are 900 of value; 400 contacts of 2 are 800; 50 conversions of 4 are 200."""
    simulated = Plan(**{**plan().__dict__, "inputs": {**plan().inputs, "incentive": 50.0}})
    assert result_of(trial_of(WORKED, simulated)).money("Contact")["net_value"].estimate == pytest.approx(100)
    paid = result_of(trial_of(WORKED, simulated), Prices(incentive=4.0))
    assert paid.money("Contact")["cost"].estimate == pytest.approx(1000)
    assert paid.money("Contact")["net_value"].estimate == pytest.approx(-100)
    assert "The forecast pays £50.00 per conversion; what was measured, £4.00." in forecast_differs(paid, "£")
    assert forecast_differs(result_of(trial_of(WORKED, plan()))) == []


def test_the_budget_counts_what_the_campaign_cost():
    """By hand: a quarter of 400 converted; 600 × (2 + 8 × ¼) are 2,400."""
    rows_of = [("", "Contact", 400, 100), ("", CONTROL, 200, 10)]
    paid = result_of(trial_of(rows_of), Prices(conversion=500, contact=2, incentive=8))
    assert paid.money("Contact")["cost"].estimate == pytest.approx(1600)
    assert whom_next(paid, "Contact", None) == (
        "Contact all 600 next, a budget of 2,400 with incentives: the campaign pays."
    )
    free = result_of(trial_of(rows_of), Prices(conversion=500, contact=0))
    assert whom_next(free, "Contact", None) == "Contact all 600 next: the campaign pays."


def test_a_contact_that_was_not_made_costs_nothing_next_time_either():
    """By hand: one of two was contacted; 600 × 2 × ½ are 600, and an uplift of 0.2 × 10 pays 1 each."""
    rows_of = [("", "Contact", 400, 100), ("", CONTROL, 200, 10)]
    contacted = [float(at < 200) for at in range(600)]
    result = result_of(trial_of(rows_of, contacted=contacted), Prices(conversion=10, contact=2))
    assert "a budget of 600:" in whom_next(result, "Contact", None)
    assert result.break_even("Contact") == pytest.approx(0.1)


def test_one_of_several_arms_is_for_everybody():
    trial = trial_of([("", "Call", 200, 60), ("", "Mail", 200, 20), ("", CONTROL, 100, 5)])
    result = result_of(trial, Prices(contact=2.5))
    assert whom_next(result, "Call", None) == "Contact all 500 by “Call” next, a budget of 1,250: the campaign works."
    assert result.all_and_segments("Call", "converted", ())["customers"].tolist() == [500]


@pytest.mark.parametrize(
    ("prices", "said"),
    [
        (Prices(), "Put in what a contact costs and what a conversion is worth, to see whether a contact pays."),
        (Prices(contact=2.5), "Put in what a conversion is worth, to see whether a contact pays."),
        (Prices(conversion=9), "Put in what a contact costs, to see whether a contact pays."),
        (Prices(conversion=9, contact=2.5), ""),
    ],
)
def test_only_the_price_that_lacks_is_asked_for(prices, said):
    assert prices_lacking(result_of(trial_of(WORKED), prices)) == said


def with_amounts(each: float) -> Trial:
    """A trial in which all of the arm spend, and some of the control group do."""
    trial = trial_of([("", "Contact", 400, 200), ("", CONTROL, 400, 40)])
    amounts = [each * (1 + at % 3) * made for at, made in enumerate(trial.customers["converted"])]
    return Trial(trial.customers.assign(amount=amounts), CONTROL, trial.arms)


@pytest.mark.parametrize("measure", ["converted", "amount"])
@pytest.mark.parametrize(
    ("cost", "verdict", "next_"),
    [(1.0, "pays", "Contact all 800 next"), (8.0, "may pay", "A contact may pay"), (90.0, "does not pay", "Do not")],
)
def test_one_verdict_whichever_measure_is_shown(measure, cost, verdict, next_):
    result = result_of(with_amounts(10), Prices(conversion=10_000, contact=cost, margin=1.0))
    assert result.all_and_segments("Contact", measure, ())["verdict"].tolist() == [verdict]
    assert whom_next(result, "Contact", None).startswith(next_)
    net = result.money("Contact")["net_value"]
    assert (net.low > 0, net.high > 0) == (verdict == "pays", verdict != "does not pay")


def test_what_is_next_says_of_no_segment_what_the_table_does_not():
    """The campaign as a whole pays, segment 2 does not; or the whole does not, and segment 1 may."""
    rows_of = [("1", "Contact", 600, 90), ("1", CONTROL, 300, 30), ("2", "Contact", 300, 10), ("2", CONTROL, 300, 60)]
    lost = result_of(trial_of(rows_of), Prices(conversion=10, contact=0.6))
    assert lost.segments("Contact")["verdict"].tolist() == ["may pay", "does not pay"]
    assert lost.verdict("Contact") == "does not pay"
    assert whom_next(lost, "Contact", None) == (
        "Do not repeat this campaign as it is: it is not worth its contacts, "
        "and whether it is in segment 1 is not shown."
    )
    rows_of = [("1", "Contact", 3000, 390), ("1", CONTROL, 900, 90), ("2", "Contact", 3000, 330),
               ("2", CONTROL, 900, 72), ("3", "Contact", 90, 0), ("3", CONTROL, 90, 20)]  # fmt: skip
    won = result_of(trial_of(rows_of), Prices(conversion=100, contact=0.4))
    assert (won.verdict("Contact"), won.segments("Contact")["verdict"].tolist()) == (
        "pays", ["may pay", "may pay", "does not pay"],
    )  # fmt: skip
    assert whom_next(won, "Contact", None) == ("Contact all but segment 3 next, a budget of 3,120: the campaign pays.")


def test_no_segment_that_lost_is_the_most_promising():
    rows_of = [(one, arm, 300, yes) for one, less in (("1", 1), ("2", 2)) for arm, yes in
               (("Contact", 30 - less), (CONTROL, 30))]  # fmt: skip
    said = whom_next(result_of(trial_of(rows_of)), "Contact", None)
    assert said.startswith("A contact may work")
    assert "promising" not in said


def test_amounts_so_far_are_said_to_be_no_forecast_of_months():
    trial = Trial(with_amounts(10).customers, CONTROL, ("Contact",), plan=plan())
    result: Result = result_of(trial)
    assert beside_forecast(result, "Contact")
    assert forecast_differs(result) == [
        "The forecast counts 12 months of a conversion, discounted; what was measured are the amounts so far."
    ]


def files_of(folder: Path, outcomes: str) -> list[str]:
    (folder / "outcomes.csv").write_text(outcomes)
    (folder / "assignment.csv").write_text(ASSIGNMENT)
    return ["outcomes", str(folder / "outcomes.csv"), "--assignment", str(folder / "assignment.csv"), "--out",
            str(folder / "out")]  # fmt: skip


def test_the_command_line_refuses_a_price_that_would_not_count(tmp_path, capsys):
    amounts = "id,spend\n" + "".join(f"{one},{int(one) % 7}\n" for one in IDS)
    assert main([*files_of(tmp_path, amounts), "--value", "120"]) == 2
    assert "--value does not count, as the outcomes have amounts (“spend”)." in capsys.readouterr().err
    assert main([*files_of(tmp_path, rows(IDS, IDS[:9])), "--margin", "30%"]) == 2
    assert "--margin does not count, as the outcomes have no amounts." in capsys.readouterr().err


def test_the_command_line_takes_an_incentive(tmp_path):
    priced = ["--value", "100", "--cost", "2", "--incentive", "5"]
    assert main([*files_of(tmp_path, rows(IDS, CONTACTED[:20])), *priced]) == 0
    record = json.loads((tmp_path / "out" / "outcomes.json").read_text())
    assert record["prices"]["incentive"] == 5.0
    assert record["arms"][0]["money"]["cost"]["estimate"] == pytest.approx(2 * len(CONTACTED) + 5 * 20)


def test_what_is_asked_names_the_file_that_may_lack_and_no_option():
    for text, lacking in (
        (rows(IDS), "Add assignment.csv or target_list.zip"),
        (ASSIGNMENT, "Add the file of the out"),
    ):
        with pytest.raises(ColumnQuestionError, match=lacking) as asked:
            read_trial([FileSource("one.csv", text.encode())])
        assert "--" not in str(asked.value)
    with pytest.raises(ColumnQuestionError) as asked:
        read_trial([FileSource("one.csv", b"variant,converted\nA,1\nB,0\n")])
    assert "--" not in str(asked.value)


def test_a_file_with_arms_in_which_nobody_converted_has_no_verdict():
    text = "id,arm,converted\n" + "".join(f"{one},{'mail' if one in CONTACTED else 'control'},0\n" for one in IDS)
    trial = read_trial([FileSource("one.csv", text.encode())])
    assert trial.no_verdict["mail"].found == "Nobody converted."
