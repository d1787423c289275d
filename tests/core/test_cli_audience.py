"""`python -m core audience`: a target list from the command line."""

import csv
import io
import json
import shlex
from pathlib import Path

import pytest

from core.cli import main
from tests.toys import bank


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("bank.csv").write_bytes(bank())
    return tmp_path


def run(command):
    return main(shlex.split(command))


def table(path):
    return list(csv.DictReader(io.StringIO(Path(path).read_text("utf-8"), newline="")))


ASKED = "audience bank.csv --as-of 2026-01-01 --k 3 --out list"


def test_the_best_of_a_segment_are_written_with_a_control_group(capsys):
    asked = (
        '--where "segment = 1 and is_mass_affluent" --top 20 --by age --control 30% --salt spring --columns Segment,age'
    )
    assert run(f"{ASKED} {asked}") == 0
    rows, assigned = table("list/target_list.csv"), table("list/assignment.csv")
    assert (len(rows), [*rows[0]]) == (20, ["customer_id", "Rank", "Segment", "age"])
    assert {row["Segment"] for row in assigned} == {"1"}
    held_out = sum(row["Arm"] == "Control" for row in assigned)
    assert len(assigned) == 20 + held_out
    record = json.loads(Path("list/assignment.json").read_text("utf-8"))
    assert (record["created"], record["salt"], record["size"]["top"]) == ("2026-01-01", "spring", 20)
    assert table("list/balance.csv")
    out = capsys.readouterr().out
    assert f"to contact; beside them {held_out} held out as control group" in out
    assert "Salt: spring." in out
    assert "hold persons" in out
    before = Path("list/assignment.csv").read_bytes()
    assert run(f"{ASKED} {asked}") == 0
    assert Path("list/assignment.csv").read_bytes() == before


def test_the_segments_of_a_saved_model_keep_each_customer_on_their_side_next_month():
    assert run("segment bank.csv --as-of 2026-01-01 --k 3 --out made") == 0
    Path("later.csv").write_bytes(b"\n".join([*bank().splitlines()[:80], b"new1,30,10,Affluent Customer,Cook,IT,Yes"]))
    for file, folder in (("bank.csv", "one"), ("later.csv", "two")):
        assert run(f"audience {file} --model made/model.json --control 0.3 --out {folder}") == 0
    one, two = ({row["customer_id"]: row["Arm"] for row in table(f"{name}/assignment.csv")} for name in ("one", "two"))
    assert {name: arm for name, arm in two.items() if name != "new1"} == {
        name: arm for name, arm in one.items() if name in two
    }
    assert len(two) == 80
    assert json.loads(Path("two/assignment.json").read_text("utf-8"))["model"]["saved"] is True


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ('--where "sgment = 2"', "A column is expected, not “sgment”. Did you mean segment? Columns: age, "),
        ("--by agee", "Customers cannot be ranked by “agee”. Did you mean age? Numbers: age, property_valuation."),
        ("--columns nme", "A list has no column “nme”. Columns: Segment, Segment_name, "),
        ("--control 10% --uplift 2%", "--control and --uplift both say how many are held out."),
        ("--control 100%", "--control holds out everybody."),
        ("--uplift 2%", "A wished uplift needs the conversion without contact."),
        ("--uplift 1% --baseline 2%", "This audience of 120 is too few to show an uplift of 1.0 points"),
        ("--budget 100", "A budget needs what a contact costs."),
        ("--top 0", "--top is 0."),
        ("--arms Mail,mail", "The arms Mail, mail are not told apart."),
        ("--k 99", "--k is 99."),
        ('--where "age > 200"', "Nobody is in this audience."),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(capsys, options, said):
    assert run(f"{ASKED} {options}") == 2
    assert said in capsys.readouterr().err
    assert not Path("list").exists()


def test_a_model_and_features_are_one_too_many(capsys):
    assert run("segment bank.csv --as-of 2026-01-01 --k 3 --out made") == 0
    assert run("audience bank.csv --model made/model.json --features age --out list") == 2
    assert "The model says what --features says, too." in capsys.readouterr().err


@pytest.mark.parametrize("share", ["ten", "-1", "120%", "nan", ""])
def test_what_is_no_share_is_refused(capsys, share):
    with pytest.raises(SystemExit):
        run(f"{ASKED} --control '{share}'")
    assert "is no share: give one such as 10% or 0.1" in capsys.readouterr().err


def test_points_without_a_percent_sign_are_asked_for_as_a_share(capsys):
    with pytest.raises(SystemExit):
        run(f"{ASKED} --uplift 5 --baseline 2%")
    said = capsys.readouterr().err
    assert "--uplift: '5' is no share: give one such as 10% or 0.1; did you mean 5%?" in said
    assert "--uplift SHARE" in said


def test_the_files_are_not_written_over_what_is_read(capsys):
    Path("target_list.csv").write_bytes(bank())
    assert run("audience target_list.csv --as-of 2026-01-01 --out .") == 2
    assert "which is read" in capsys.readouterr().err
    assert Path("target_list.csv").read_bytes() == bank()
