"""Outcomes that do not say what they seem to: blanks, wrong days, contacts of everybody, another record, rows twice."""

import json
import re
from datetime import date

import pandas as pd
import pytest

from core.documents import DocumentError
from core.files import json_bytes
from core.outcomes.columns import ColumnQuestionError
from core.outcomes.doubts import unlike_record
from core.outcomes.plan import VERSION, read_plan
from core.outcomes.read import TrialChoices, read_trial
from core.outcomes.result import result_of
from core.outcomes.trial import ARM, Trial
from core.outcomes.value import Prices
from core.outcomes.words import headline, whom_next
from core.sources.file import FileSource
from core.targets.assignment import CONTACT, CONTROL, Split, arms_of
from core.targets.files import FORMAT

IDS = [f"{at:03}" for at in range(200)]
HELD_OUT = [one for one in IDS if one[-1] in "024"]
ASSIGNMENT = "id,Segment,Arm\n" + "".join(f"{one},1,{'Control' if one in HELD_OUT else 'Contact'}\n" for one in IDS)
COUNTS = [{"Segment": "1", "Arm": arm, "customers": n} for arm, n in (("Contact", 140), ("Control", 60))]
RECORD = {"version": VERSION, "created": "2026-01-01", "salt": "a", "control": {"arm": "Control"}, "counts": COUNTS}


def read(outcomes: str, record: dict | None = None, **choices: date) -> Trial:
    files = [FileSource("assignment.csv", ASSIGNMENT.encode())]
    if record:
        files.append(FileSource("assignment.json", json_bytes(record)))
    return read_trial([FileSource("outcomes.csv", outcomes.encode())], files, TrialChoices(**choices))


def table(header: str, cell) -> str:
    return f"id,{header}\n" + "".join(f"{one},{cell(one)}\n" for one in IDS)


def said(trial: Trial, start: str) -> list[str]:
    return [note for note in trial.notes if re.match(start, note)]


def test_a_blank_beside_a_no_is_no_answer():
    """By hand: of 20 ids in a row, 2 are blank, one of them of the control group."""
    trial = read(table("converted", lambda one: "" if int(one) % 20 in (3, 4) else int(int(one) % 20 in (2, 5))))
    assert (trial.size("Contact"), trial.size("Control")) == (130, 50)
    assert trial.customers["converted"].sum() == 20
    assert said(trial, "20 customers ") == [
        "20 customers (10.0%) whose “converted” is blank, while others have a no: left out of all figures."
    ]
    assert not said(trial, "Some arms")


def test_a_blank_row_of_a_customer_with_an_answer_changes_nothing():
    text = table("converted", lambda one: int(one[-1] in "12"))
    assert read(text + "".join(f"{one},\n" for one in IDS)).size("Control") == 60


def test_blanks_of_one_arm_are_said_to_be_no_chance_and_of_a_whole_arm_to_give_no_verdict():
    one_sided = read(table("converted", lambda one: "" if one[-1] == "0" else int(one[-1] in "12")))
    assert said(one_sided, "Some arms have more of these than chance allows")
    assert one_sided.no_verdict == {}
    for there, name in ((True, "“Contact”"), (False, "the control group")):
        trial = read(
            table("converted", lambda one, there=there: "" if (one in HELD_OUT) != there else int(one < "090"))
        )
        assert trial.no_verdict["Contact"].found == f"No cell of “converted” says yes or no of {name}."
        assert whom_next(result_of(trial), "Contact", None) == "Give the outcomes of everybody who was assigned."


@pytest.mark.parametrize("mark", ["x", "1", "yes"])
def test_a_blank_where_no_cell_says_no_is_a_no_and_said_to_be(mark):
    trial = read(table("converted", lambda one: mark if one[-1] in "12" else ""))
    assert (len(trial.customers), trial.customers["converted"].sum()) == (200, 40)
    assert "160 cells of “converted”: blank, counted as no, since none says no." in trial.notes


def test_blanks_in_a_file_with_arms_are_no_answers_either():
    text = "id,arm,converted\n" + "".join(
        f"{one},{'control' if one in HELD_OUT else 'mail'},{'' if one[-1] == '9' else int(one[-1] in '12')}\n"
        for one in IDS
    )
    trial = read_trial([FileSource("one.csv", text.encode())])
    assert (trial.size("mail"), trial.size("control")) == (120, 60)


def test_a_column_of_the_outcomes_is_no_segment_beside_an_assignment():
    trial = read(table("converted,group", lambda one: f"{int(one[-1] in '12')},Contact"))
    assert trial.columns.segment == trial.columns.treatment == ""
    assert trial.segments == ("1",)


def on(day: str, of_one: str = "") -> str:
    """Outcomes of a day, that of the first customer of another one."""
    return table("converted,date", lambda one: f"{int(one < '100')},{of_one if of_one and one == '000' else day}")


def test_outcomes_that_nearly_all_lie_outside_of_the_days_give_no_verdict():
    for days in (("2020-01-01",), ("2020-01-01", "2026-02-01")):
        trial = read(on(*days), RECORD)
        result = result_of(trial, Prices(conversion=100, contact=2))
        gone = 100 - (len(days) - 1)
        assert headline(result, "Contact", None) == f"No verdict: {gone} of 100 outcomes came before 2026-01-01."
        assert whom_next(result, "Contact", None).startswith("Check the days of the outcomes")
    until = read(on("2027-05-01"), until=date(2026, 12, 31))
    assert until.no_verdict["Contact"].found == "100 of 100 outcomes came after 2026-12-31."
    assert read(on("2026-05-01", "2020-01-01"), RECORD).no_verdict == {}


def test_the_days_of_the_outcomes_are_said_beside_that_of_the_assignment():
    assert "The outcomes are of 2099-01-01; the assignment is of 2026-01-01." in read(on("2099-01-01"), RECORD).notes
    assert (
        "The others are of 2026-05-01; the assignment is of 2026-01-01."
        in read(on("2026-05-01", "2020-01-01"), RECORD).notes
    )
    given = read(on("2026-05-01", "2026-04-02"), since=date(2026, 3, 1))
    assert "The outcomes are of 2026-04-02 to 2026-05-01." in given.notes


@pytest.mark.parametrize(
    ("reached", "shares"), [(lambda _: 1, ("100.0%", "100.0%")), (lambda _: 0, ("0.0%", "0.0%")),
                            (lambda one: int(one not in ("000", "001")), ("98.3%", "99.3%"))],
)  # fmt: skip
def test_groups_that_were_contacted_alike_give_no_verdict(reached, shares):
    trial = read(table("converted,contacted", lambda one: f"{int(one[-1] in '123')},{reached(one)}"))
    assert trial.no_verdict["Contact"].found == (
        f"The control group was contacted about as often ({shares[0]}) as “Contact” ({shares[1]})."
    )


def test_few_who_could_be_reached_leave_the_verdict():
    trial = read(table("converted,contacted", lambda one: f"{int(one[-1] in '123')},{int(one[1:] == '01')}"))
    assert trial.no_verdict == {}


def test_a_record_of_a_newer_program_is_refused():
    assert VERSION == FORMAT
    with pytest.raises(DocumentError, match=f"its version is 99, and this program reads up to {VERSION}"):
        read(on("2026-05-01"), {**RECORD, "version": 99})


def test_where_a_record_and_its_assignment_disagree_is_said():
    assert not said(read(on("2026-05-01"), RECORD), "assignment.json says")
    other = {**RECORD, "control": {"arm": "Contact"}, "counts": [*COUNTS, {**COUNTS[0], "Segment": "2"}]}
    assert said(read(on("2026-05-01"), other), "assignment.json") == [
        "assignment.json says that the control group is “Contact” (here “Control”) and that “Contact” has 280 "
        "customers (here 140): see whether it is of this assignment."
    ]


def test_arms_that_the_salt_does_not_give_are_counted():
    split = Split("wave 1", 0.3)
    arms = arms_of(IDS, split)
    record = {"salt": split.salt, "arms": list(split.arms), "control": {"share": split.control}}
    assigned = pd.DataFrame({"id": IDS, ARM: arms})
    plan = read_plan(json.dumps(record).encode(), "assignment.json")
    assert unlike_record(assigned, CONTROL, plan) == []
    assigned.loc[:2, ARM] = [CONTACT if arm == CONTROL else CONTROL for arm in arms[:3]]
    assert unlike_record(assigned, CONTROL, plan) == [
        "assignment.json says by its salt another arm of 3 customers of 200: see whether it is of this assignment."
    ]


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        (("Sold", "Lost"), "“converted” is neither yes or no, nor a day or an amount: “Sold”, “Lost”."),
        (("100%", "0"), "nor a day or an amount: “100%”."),
        (("", ""), "All cells of “converted” are blank."),
        (("a", "b", "c", "d"), ": “a”, “b”, “c”, …."),
    ],
)  # fmt: skip
def test_values_that_are_not_understood_are_named(cells, found):
    with pytest.raises(ColumnQuestionError) as asked:
        read(table("converted", lambda one: cells[int(one) % len(cells)]))
    assert asked.value.found.endswith(found)
    assert (asked.value.part, asked.value.choices) == ("converted", ("id", "converted"))


def test_rows_that_repeat_another_one_are_counted():
    text = table("amount,day", lambda one: f"{int(one) % 7}.5,2026-05-01")
    note = "Like another row in every column: 200 rows. These amounts are added up, too."
    assert note in read(text + text.partition("\n")[2]).notes
    assert not said(read(text + text.partition("\n")[2].replace("05-01", "05-02")), "Like another")
