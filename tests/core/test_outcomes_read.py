"""Files of a campaign as people have them → one row per customer, and what is said of the rest."""

import io
import zipfile
from datetime import date

import numpy as np
import pandas as pd
import pytest

from core.cli import main
from core.errors import DataError
from core.outcomes.columns import ColumnQuestionError, Columns, control_among
from core.outcomes.read import TrialChoices, read_trial
from core.outcomes.result import result_of
from core.outcomes.value import Prices
from core.outcomes.words import whom_next
from core.sources.file import FileSource

ASSIGNMENT = (
    "Customer ID,Segment,Arm\n0001,1,Contact\n0002,1,Control\n0003,2,Contact\n0004,2,Control\n0005,2,Contact\n"
    "0006,1,Contact\n"
)


def source(text: str, name: str = "outcomes.csv") -> FileSource:
    return FileSource(name, text.encode())


def read(outcomes: str, assignment: str = ASSIGNMENT, **choices):
    return read_trial([source(outcomes)], [source(assignment, "assignment.csv")], TrialChoices(**choices))


def rows(trial) -> list[tuple]:
    return list(trial.customers.astype({"arm": "str", "segment": "str"}).itertuples(index=False, name=None))


def test_everybody_assigned_counts_whatever_happened_then():
    trial = read("id,converted\n0001,yes\n0002,no\n0003,no\n0009,yes\n")
    assert rows(trial) == [
        ("Contact", "1", True), ("Control", "1", False), ("Contact", "2", False),
        ("Control", "2", False), ("Contact", "2", False), ("Contact", "1", False),
    ]  # fmt: skip
    assert "1 customer in the outcomes and not in the assignment: not counted." in trial.notes
    assert "3 customers assigned, without a row of outcomes: counted as not converted." in trial.notes


def test_ids_that_lost_their_zeros_are_found_and_said():
    trial = read("id,converted\n1,1\n2,0\n3.0,1\n")
    assert trial.customers["converted"].sum() == 2
    assert "3 ids found again but for zeros, blanks or case: taken as the same." in trial.notes


def test_several_outcomes_of_a_customer_are_added_up():
    trial = read("id;bought;Betrag (EUR)\n0001;nein;0\n0001;ja;1.234,50\n0001;ja;10,00\n0002;nein;0\n0004;ja;7,25\n")
    assert rows(trial)[0] == ("Contact", "1", True, 1244.5)
    assert trial.currency == "EUR"
    assert (
        "1 customer with several rows of outcomes: amounts are added up, and one conversion is enough." in trial.notes
    )


def test_a_file_of_amounts_alone_tells_who_converted():
    trial = read("id,spend\n0001,$12.50\n0002,0\n0003,$3\n")
    assert [row[2:] for row in rows(trial)[:3]] == [(True, 12.5), (False, 0.0), (True, 3.0)]
    assert "Whoever has “spend” above 0 has converted." in trial.notes


def test_a_list_of_ids_is_of_those_who_converted():
    trial = read("customer\n0001\n0002\n")
    assert trial.customers["converted"].tolist() == [True, True, False, False, False, False]
    assert "The file of outcomes has no column of outcomes: everybody in it has converted." in trial.notes


def test_a_day_of_conversion_is_one():
    trial = read("id,converted_on\n0001,2026-03-05\n0002,\n0003,2026-04-01\n")
    assert trial.customers["converted"].sum() == 2


def test_outcomes_outside_of_the_days_of_the_campaign_are_not_counted():
    outcomes = "id,converted,amount,date\n0001,1,5.5,2026-03-05\n0002,1,2.5,2026-01-01\n0003,1,4.5,2026-07-01\n"
    trial = read(outcomes, since=date(2026, 3, 1), until=date(2026, 6, 30))
    assert [row[2:] for row in rows(trial)[:3]] == [(True, 5.5), (False, 0.0), (False, 0.0)]
    assert "2 outcomes before 2026-03-01 or after 2026-06-30: not counted." in trial.notes


def test_a_control_group_that_was_contacted_is_said_and_stays_where_it_was_drawn():
    trial = read("id,converted,contacted\n0001,1,1\n0002,1,1\n0003,0,0\n0004,0,0\n0005,1,1\n0006,0,1\n")
    assert any(
        note.startswith("Contacted all the same: 1 customer of the control group (50.0%)") for note in trial.notes
    )
    assert any(note.startswith("Not contacted, though planned: 1 customer (25.0%)") for note in trial.notes)
    result = result_of(trial)
    assert result.of_all("Contact")["control_mean"] == pytest.approx(0.5)
    assert result.complier("Contact").estimate == pytest.approx((0.5 - 0.5) / (0.75 - 0.5))


def test_a_contact_that_was_not_made_costs_nothing():
    trial = read("id,converted,contacted\n0001,1,1\n0002,0,0\n0003,0,0\n0004,0,0\n0005,1,1\n0006,0,1\n")
    from core.outcomes.value import Prices

    assert result_of(trial, Prices(10, 2)).money("Contact")["cost"].estimate == pytest.approx(3 * 2)


@pytest.mark.parametrize(
    ("outcomes", "said"),
    [
        ("id,converted\n0001,1\n0002,0\n", "“Control” has 2 customers"),
        ("id,converted\n0001,perhaps\n0002,0\n0003,1\n", "1 cell of “converted”: neither yes nor no"),
    ],
)
def test_what_is_doubtful_is_said(outcomes, said):
    columns = Columns(converted="converted")
    assert [note for note in read(outcomes, columns=columns).notes if note.startswith(said)]


def test_customers_in_two_arms_are_left_out():
    trial = read("id,converted\n0001,1\n0002,0\n", ASSIGNMENT + "0006,1,Control\n0005,2,Contact\n")
    assert len(trial.customers) == 5
    assert "1 customer in several arms of the assignment: left out." in trial.notes


def test_a_share_held_out_that_differs_by_segment_is_said():
    assigned = "id,Segment,Arm\n" + "".join(
        f"{at},{1 + at % 2},{'Control' if at % 10 < (8 if at % 2 else 2) else 'Contact'}\n" for at in range(600)
    )
    trial = read("id,converted\n1,1\n2,0\n3,1\n", assigned)
    assert any(note.startswith("The share held out differs between the segments") for note in trial.notes)


def test_one_arm_says_nothing():
    with pytest.raises(DataError, match="Everybody is in the arm “Contact”"):
        read("id,converted\n0001,1\n", "id,Segment,Arm\n0001,1,Contact\n0002,2,Contact\n")


def test_ids_of_other_customers_are_refused():
    with pytest.raises(DataError, match="None of its ids"):
        read("id,converted\nx,1\ny,0\n")


def test_an_archive_of_a_target_list_brings_assignment_and_plan():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("assignment.csv", ASSIGNMENT)
        archive.writestr(
            "assignment.json", '{"salt": "a", "created": "2026-03-01", "model": {"segments": {"1": "Older"}}}'
        )
        archive.writestr("target_list.csv", "Customer ID\n0001\n")
    outcomes = "Customer ID,converted,date\n0001,1,2026-02-01\n0003,1,2026-03-02\n0004,0,\n"
    trial = read_trial([source(outcomes), FileSource("target_list.zip", packed.getvalue())])
    assert trial.customers["converted"].sum() == 1
    assert "1 outcome before 2026-03-01: not counted." in trial.notes
    assert result_of(trial).segments("Contact")["name"].tolist() == ["1 Older", "2"]


def test_which_file_is_the_assignment_is_told_by_its_columns():
    for first in (0, 1):
        both = [source("id,converted\n0001,1\n0002,0\n"), source(ASSIGNMENT, "a.csv")]
        assert read_trial([both[first], both[1 - first]]).control == "Control"


def test_a_workbook_is_read_as_a_text(tmp_path):
    path = tmp_path / "outcomes.xlsx"
    pd.DataFrame({"customer": [1, 2, 3], "converted": [1, 0, 1]}).to_excel(path, index=False)
    trial = read_trial([FileSource("outcomes.xlsx", path.read_bytes())], [source(ASSIGNMENT, "assignment.csv")])
    assert trial.customers["converted"].tolist() == [True, False, True, False, False, False]


def test_ids_of_a_large_file_are_plain_text():
    ids = [f"{at:07}" for at in range(120_000)]
    assigned = "customer_id,Segment,Arm\n" + "".join(
        f"{one},1,{'Control' if one[-1] == '0' else 'Contact'}\n" for one in ids
    )
    outcomes = "customer_id,converted\n" + "".join(f"{one},{one[-2] == '7'}\n" for one in ids)
    trial = read(outcomes, assigned)
    assert trial.size("Control") == 12_000
    assert trial.customers["converted"].sum() == 12_000


def hillstrom(n: int = 1200) -> str:
    """A made-up file with the columns of the public e-mail experiment, whose treatment is called `segment`."""
    rng = np.random.default_rng(1)
    arm = rng.choice(["Mens E-Mail", "Womens E-Mail", "No E-Mail"], n)
    visit = rng.random(n) < np.where(arm == "No E-Mail", 0.1, 0.2)
    conversion = visit & (rng.random(n) < 0.4)
    return pd.DataFrame(
        {
            "recency": rng.integers(1, 13, n),
            "history_segment": rng.choice(["1) $0 - $100", "2) $100 - $200", "3) $200 - $350"], n),
            "history": rng.lognormal(5, 1, n).round(2),
            "mens": rng.integers(0, 2, n),
            "womens": rng.integers(0, 2, n),
            "zip_code": rng.choice(["Surburban", "Urban", "Rural"], n),
            "newbie": rng.integers(0, 2, n),
            "channel": rng.choice(["Phone", "Web", "Multichannel"], n),
            "segment": arm,
            "visit": visit.astype(int),
            "conversion": conversion.astype(int),
            "spend": np.where(conversion, rng.lognormal(4, 1, n).round(2), 0),
        }
    ).to_csv(index=False)


def test_an_experiment_in_one_file_is_understood():
    trial = read_trial([source(hillstrom(), "hillstrom.csv")])
    assert trial.columns == Columns("", "segment", "conversion", "spend", "", "history_segment", "")
    assert (trial.control, trial.arms) == ("No E-Mail", ("Mens E-Mail", "Womens E-Mail"))
    assert trial.segments == ("1) $0 - $100", "2) $100 - $200", "3) $200 - $350")
    frame = pd.read_csv(io.StringIO(hillstrom()))
    spent = frame.groupby("segment")["spend"].agg(["mean", "size"])
    row = result_of(trial).of_all("Womens E-Mail", "amount")
    assert (row["contacted"], row["control"]) == (spent.loc["Womens E-Mail", "size"], spent.loc["No E-Mail", "size"])
    assert row["uplift"] == pytest.approx(spent.loc["Womens E-Mail", "mean"] - spent.loc["No E-Mail", "mean"])


def test_the_analyst_picks_other_columns():
    columns = Columns(converted="visit", amount="-", segment="channel")
    trial = read_trial([source(hillstrom())], choices=TrialChoices(columns))
    assert trial.measures == ("converted",)
    assert trial.segments == ("Multichannel", "Phone", "Web")
    assert trial.customers["converted"].sum() == pd.read_csv(io.StringIO(hillstrom()))["visit"].sum()


def test_an_amount_picked_as_the_outcome_is_one():
    trial = read_trial([source(hillstrom())], choices=TrialChoices(Columns(converted="spend")))
    assert trial.columns.amount == "spend"
    assert trial.columns.converted == ""


def test_a_yes_or_no_of_treatment_names_its_arms():
    trial = read_trial([source("treatment,purchase\n1,1\n0,0\n1,0\n0,1\n")])
    assert rows(trial) == [("Contact", "", True), ("Control", "", False), ("Contact", "", False), ("Control", "", True)]


def test_what_is_not_known_is_asked():
    with pytest.raises(ColumnQuestionError, match="No column says who was contacted") as asked:
        read_trial([source("name,converted\na,1\nb,0\n")])
    assert (asked.value.part, asked.value.choices) == ("treatment", ("name", "converted"))
    with pytest.raises(ColumnQuestionError, match="No value reads as the control group") as asked:
        read_trial([source("variant,converted\nA,1\nB,0\n")])
    assert (asked.value.part, asked.value.choices) == ("control", ("A", "B"))
    assert read_trial([source("variant,converted\nA,1\nB,0\n")], choices=TrialChoices(control="A")).arms == ("B",)
    with pytest.raises(ColumnQuestionError, match="No column says who converted"):
        read_trial([source("arm,age\ncontrol,31\nmail,42\n")])


@pytest.mark.parametrize(
    ("values", "control"),
    [
        (["mail", "control"], "control"),
        (["E-Mail", "No E-Mail"], "No E-Mail"),
        (["Testgruppe", "Kontrollgruppe"], "Kontrollgruppe"),
        (["traité", "témoin"], "témoin"),
        (["correo", "sin correo"], "sin correo"),
        (["处理组", "对照组"], "对照组"),
        (["A", "B"], ""),
    ],
)
def test_the_control_group_in_several_languages(values, control):
    assert control_among(values) == control


def test_the_command_line_writes_the_files(tmp_path, capsys):
    (tmp_path / "outcomes.csv").write_text("id,converted\n1,1\n2,0\n3,1\n5,1\n4,0\n")
    (tmp_path / "assignment.csv").write_text(ASSIGNMENT)
    folder = tmp_path / "out"
    arguments = [str(tmp_path / "outcomes.csv"), "--assignment", str(tmp_path / "assignment.csv")]
    assert main(["outcomes", *arguments, "--value", "10", "--cost", "1", "--out", str(folder)]) == 0
    assert sorted(path.name for path in folder.iterdir()) == ["outcomes.json", "uplift.csv"]
    said = capsys.readouterr().out
    assert "6 customers of outcomes.csv, assignment.csv" in said
    assert "75.0 points" in said
    (tmp_path / "assignment.json").write_text('{"salt": "a", "model": {"segments": {"1": "Older"}}}')
    assert main(["outcomes", *arguments, "--out", str(folder)]) == 0
    assert "Older" in capsys.readouterr().out, "what lies beside the assignment is read, too"
    assert main(["outcomes", str(tmp_path / "outcomes.csv"), "--out", str(folder)]) == 2
    assert (
        "Add assignment.csv or target_list.zip, or pick the column that does. (--treatment)" in capsys.readouterr().err
    )


def test_the_command_line_takes_one_file(tmp_path, capsys):
    (tmp_path / "hillstrom.csv").write_text(hillstrom())
    assert (
        main(["outcomes", str(tmp_path / "hillstrom.csv"), "--outcome", "visit", "--out", str(tmp_path / "out")]) == 0
    )
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["outcomes.json", "qini.csv", "uplift.csv"]
    assert "Control group: No E-Mail" in capsys.readouterr().out


def test_a_column_that_says_who_was_held_out_is_asked_about():
    text = "id,is_control,converted\n" + "".join(
        f"{at},{'Yes' if at % 2 else 'No'},{at % 3 == 0:d}\n" for at in range(40)
    )
    with pytest.raises(ColumnQuestionError) as asked:
        read_trial([source(text)])
    assert asked.value.part == "control"
    assert read_trial([source(text)], choices=TrialChoices(control="yes")).size("Control") == 20
    with pytest.raises(ColumnQuestionError, match="No value is “nobody”"):
        read_trial([source(text)], choices=TrialChoices(control="nobody"))


def test_days_in_the_column_of_outcomes_count_too():
    text = "id,arm,converted_on\n" + "".join(
        f"{at},{'Control' if at % 2 else 'Mail'},{'2020-01-15' if at < 20 else ''}\n" for at in range(40)
    )
    early = read_trial([source(text)], choices=TrialChoices(since=date(2026, 1, 1)))
    assert not early.customers["converted"].any()
    assert "20 outcomes before 2026-01-01: not counted." in early.notes


def test_rows_without_an_id_are_counted_in_a_sentence():
    trial = read("id,converted\n1,1\n,1\n,0\n2,0\n")
    assert "2 rows of the outcomes without a customer id: not counted." in trial.notes


def test_without_the_worth_of_a_conversion_nothing_is_said_to_pay():
    text = "".join(
        f"{at},{'Mail' if at % 2 else 'Control'},{(at // 2) % (2 if at % 2 else 10) == 0:d}\n" for at in range(800)
    )
    trial = read_trial([source("id,arm,converted\n" + text)])
    result = result_of(trial, Prices(contact=500.0))
    assert "pays" not in whom_next(result, trial.arms[0], None)
    worthless = result_of(trial, Prices(conversion=0.0, contact=500.0))
    assert worthless.verdict(trial.arms[0]) == "does not pay"
