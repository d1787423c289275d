"""The commands that use a saved model, and the record of one customer."""

import csv
import io
import json
import shlex
import shutil
from pathlib import Path

import pytest

from core.cli import main

OLD = "customer_id,age,property_valuation,purchases\n" + "".join(
    f"{i},{20 + i % 7 + 30 * (i % 2)},{1 + 9 * (i % 2)},{i % 5}\n" for i in range(40)
)
NEW = "customer_id,age,property_valuation,purchases\n0,19,1,1\n1,51,10,2\n2,,10,2\n99,20,1,0\n"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A folder with two files and the model of the first."""
    folder = tmp_path_factory.mktemp("made")
    (folder / "old.csv").write_text(OLD)
    (folder / "new.csv").write_text(NEW)
    (folder / "other.csv").write_text("customer_id,age\n0,19\n1,51\n")
    (folder / "bad.json").write_text("{}")
    (folder / "shelf").mkdir()
    with pytest.MonkeyPatch.context() as there:
        there.chdir(folder)
        assert run("segment old.csv --as-of 2018-01-01 --k 2 --out out") == 0
    return folder


@pytest.fixture(autouse=True)
def folder(made, tmp_path, monkeypatch):
    """A working folder of its own."""
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(command):
    return main(shlex.split(command))


def table(path):
    return list(csv.DictReader(io.StringIO(Path(path).read_text("utf-8"), newline="")))


def test_score_writes_the_segment_of_each_customer_and_says_what_is_odd(capsys):
    assert run("score new.csv --model out/model.json --out scored.csv") == 0
    rows = table("scored.csv")
    assert [(row["customer_id"], row["Cluster"], row["Outside_range"]) for row in rows] == [
        ("0", "2", "age"), ("1", "1", ""), ("2", "Not clustered", ""), ("99", "2", ""),
    ]  # fmt: skip
    assert rows[2]["Not_clustered_because"] == "lacks age"
    out = capsys.readouterr().out
    assert "Customers                 4   as of 2018-01-01" in out
    assert "Outside range             1   beyond what the model has seen" in out
    assert "lacks age: 1" in out


def test_scoring_the_same_file_gives_the_labels_of_the_fit():
    run("score old.csv --model out/model.json --out scored.csv")
    fitted = [row["Cluster"] for row in table("out/customer_data_cleaned.csv")]
    assert [row["Cluster"] for row in table("scored.csv")] == fitted


def test_another_day_can_be_given(capsys):
    run("score new.csv --model out/model.json --as-of 2020-02-02 --out scored.csv")
    assert "as of 2020-02-02" in capsys.readouterr().out


@pytest.mark.parametrize(
    "command",
    [
        "segment new.csv --rules odd.toml --as-of 2018-01-01 --out later",
        "score new.csv --model odd.json --out scored.csv",
        "refresh new.csv --model odd.json --before old.csv --out later",
    ],
)
def test_rules_by_which_nobody_could_be_mass_affluent_are_refused(folder, capsys, command):
    Path("odd.toml").write_text("[mass_affluent]\nmin_measure = 5\nmax_measure = 4\n", "utf-8")
    model = json.loads(Path("out/model.json").read_text("utf-8"))
    model["rules"]["mass_affluent"] |= {"min_measure": 5, "max_measure": 4}
    Path("odd.json").write_text(json.dumps(model), "utf-8")
    assert run(command) == 2
    assert "min_measure is not below max_measure. Nobody could be mass affluent" in capsys.readouterr().err
    assert not any((folder / name).exists() for name in ("scored.csv", "later"))


def test_refresh_writes_shares_shifts_and_movers(folder, capsys):
    assert run("refresh new.csv --model out/model.json --before old.csv --out later") == 0
    assert {path.name for path in (folder / "later").iterdir()} == {
        "segment_shares.csv", "feature_shifts.csv", "movers.csv", "refit_movers.csv",
    }  # fmt: skip
    assert [(row["cluster"], row["then"], row["now"]) for row in table("later/segment_shares.csv")] == [
        ("1", "20", "1"), ("2", "20", "2"), ("Not clustered", "0", "1"),
    ]  # fmt: skip
    assert [row["feature"] for row in table("later/feature_shifts.csv")] == ["age", "property_valuation", "purchases"]
    assert "Of 3 customers in both, 2 stayed in their segment" in capsys.readouterr().out


def test_refresh_says_what_has_shifted_most_in_the_same_words_for_segments_and_features(capsys):
    run("refresh new.csv --model out/model.json --out later")
    out = capsys.readouterr().out
    psi = {row["feature"]: float(row["psi"]) for row in table("later/feature_shifts.csv")}
    assert "Stable: neither the segments nor a feature have shifted by more than chance.\n" in out, "four customers"
    assert psi["age"] == max(psi.values()) > 1
    assert "\n  Property valuation: 0.000 (stable; chance gives up to " in out
    assert "A refit on these customers would " in out


def test_a_scheduler_sees_drift_by_the_exit_status(folder, capsys):
    lines = "".join(f"{i},30,5,5\n" for i in range(200))
    (folder / "drifted.csv").write_text(f"customer_id,age,property_valuation,purchases\n{lines}")
    command = "--model out/model.json --out later --drift-above"
    assert run(f"refresh drifted.csv {command} 0.1") == 3
    assert "A shift beyond chance in " in capsys.readouterr().out
    assert (folder / "later" / "segment_shares.csv").exists(), "the results are written all the same"
    assert run(f"refresh drifted.csv {command} 100") == 0
    assert run(f"refresh old.csv {command} 0") == 0
    with pytest.raises(SystemExit):
        run(f"refresh old.csv {command} much")
    assert "'much' is no stability index: give a number from 0, such as 0.1." in capsys.readouterr().err


@pytest.mark.parametrize(
    ("now", "before"), [("new.csv", "lines.csv"), ("lines.csv", "old.csv"), ("lines.csv", "lines.csv")]
)
def test_who_moved_is_not_told_by_line_numbers(folder, capsys, now, before):
    (folder / "lines.csv").write_text("age,property_valuation,purchases\n19,1,1\n51,10,2\n")
    assert run(f"refresh {now} --model out/model.json --before {before} --out later") == 2
    assert "error: lines.csv: There is no customer id, so nobody can be found again." in capsys.readouterr().err
    assert not (folder / "later").exists()
    assert run("refresh lines.csv --model out/model.json --out later") == 0


def test_what_can_be_read_in_two_ways_can_be_decided_for_a_saved_model(folder, capsys):
    (folder / "thousands.csv").write_text("customer_id,age,property_valuation,purchases\n1,20,1,1.500\n2,50,10,2.500\n")
    command = "score thousands.csv --model out/model.json --out scored.csv"
    assert run(command) == 2
    assert "--decimal-mark on the command line" in capsys.readouterr().err
    assert run(f"{command} --decimal-mark comma") == 0


def test_refresh_needs_no_old_file(folder):
    assert run("refresh new.csv --model out/model.json --out later") == 0
    assert not (folder / "later" / "movers.csv").exists()


def test_audit_prints_the_record_of_one_customer(capsys):
    assert run("audit old.csv --as-of 2018-01-01 --k 2 --id 1") == 0
    out = capsys.readouterr().out
    for title in (
        "Customer 1: segment 1 High valuation",
        "As it was read",
        "What cleaning made of it",
        "Rules",
        "Distance to the",
    ):
        assert title in out


@pytest.mark.parametrize(
    ("command", "message"),
    [
        ("score new.csv --model bad.json --out scored.csv", "bad.json: This is not a saved model"),
        ("score new.csv --model out/model.json --out shelf", "shelf is a folder."),
        (
            "score other.csv --model out/model.json --out x.csv",
            "other.csv: The model needs age, property_valuation, "
            "purchases; the data has no property_valuation, purchases. Add these columns, or give the columns",
        ),
        ("refresh new.csv --model out/model.json --before other.csv --out x", "other.csv: The model needs age, "),
        ("score new.csv --model gone.json --out scored.csv", "gone.json"),
        ("audit old.csv --as-of 2018-01-01 --id 77", "No customer has the id 77."),
        ("audit old.csv --as-of 2018-01-01 --id 1 --k 0", "--k is 0."),
        ("segment old.csv --as-of 2018-01-01 --features age:cubic --out x", "“cubic” is not a scaling"),
    ],
)
def test_what_cannot_be_done_is_said_and_nothing_written(folder, capsys, command, message):
    before = sorted(path.name for path in folder.iterdir())
    assert run(command) == 2
    assert message in capsys.readouterr().err
    assert sorted(path.name for path in folder.iterdir()) == before
