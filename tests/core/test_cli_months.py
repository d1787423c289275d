"""`python -m core months`: a file a month, from the command line."""

import csv
import io
import shlex
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pandas as pd
import pytest

from core.cli import main

HEAD = "customer_id,age,property_valuation,purchases\n"
JAN = HEAD + "".join(f"{i},{20 + i % 7 + 30 * (i % 2)},{1 + 9 * (i % 2)},{i % 5}\n" for i in range(40))
# Of the 40, 2 are gone, 3 are new, and customer 0 has become like the others.
FEB = HEAD + "0,50,10,0\n" + "".join(JAN.splitlines(keepends=True)[2:39]) + "".join(f"9{i},51,10,2\n" for i in range(3))


FILES = {
    "jan_2024.csv": JAN, "feb_2024.csv": FEB, "third.csv": FEB.replace("0,50,10,0\n", ""), "same_2024_05.csv": JAN,
    "mar_2024.csv": "customer_id,age\n0,19\n1,51\n",
    "apr_2024.csv": "".join(f"{line.partition(',')[2]}\n" for line in JAN.splitlines()),
}  # fmt: skip


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    """The model of January."""
    folder = tmp_path_factory.mktemp("january")
    (folder / "jan_2024.csv").write_text(JAN)
    assert run(f"segment {folder}/jan_2024.csv --as-of 2024-01-31 --k 2 --out {folder}/out") == 0
    return folder / "out" / "model.json"


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch, model):
    monkeypatch.chdir(tmp_path)
    for name, text in FILES.items():
        Path(name).write_text(text)
    shutil.copy(model, tmp_path)
    return tmp_path


def run(command):
    return main(shlex.split(command))


def table(path):
    return list(csv.DictReader(io.StringIO(Path(path).read_text("utf-8"), newline="")))


def test_tables_of_a_database_are_months_too():
    with closing(sqlite3.connect("bank.db")) as connection:
        for name in ("jan_2024", "feb_2024"):
            pd.read_csv(f"{name}.csv").to_sql(name, connection, index=False)
    command = "months --from sqlite:///bank.db --table feb_2024 --table jan_2024 --model model.json --out later"
    assert run(command) == 0
    rows = [(row["month"], row["file"], row["customers"]) for row in table("later/months.csv")]
    assert rows == [("2024-01", "jan_2024", "40"), ("2024-02", "feb_2024", "41")]


def test_the_months_and_the_moves_are_written(capsys):
    assert run("months feb_2024.csv jan_2024.csv 2024-03=third.csv --model model.json --out later") == 0
    rows = table("later/months.csv")
    names = ("month", "file", "customers", "new", "gone", "customers_1", "customers_2")
    assert [tuple(row[name] for name in names) for row in rows] == [
        ("2024-01", "jan_2024.csv", "40", "", "", "20", "20"),
        ("2024-02", "feb_2024.csv", "41", "3", "2", "23", "18"),
        ("2024-03", "third.csv", "40", "0", "1", "22", "18"),
    ]
    moves = {
        (row["from_month"], row["to_month"], row["from"], row["to"]): row["customers"]
        for row in table("later/moves.csv")
    }
    assert moves[("2024-01", "2024-02", "2", "1")] == "1"
    assert moves[("2024-01", "2024-03", "2", "Gone")] == "2"
    out = capsys.readouterr().out
    assert "Of 38 customers in both 2024-01 and 2024-02, 37 (97.4%) stayed where they were." in out
    assert "3 are new, 2 are gone." in out
    assert "2024-02            41 customers   " in out
    assert "Written to later" in out


def test_without_ids_there_are_shares_only(capsys):
    assert run("months jan_2024.csv apr_2024.csv --model model.json --out later") == 0
    assert [row["customers_1"] for row in table("later/months.csv")] == ["20", "20"]
    assert not Path("later/moves.csv").exists()
    assert "No moves, shares only: apr_2024.csv lacks a customer id." in capsys.readouterr().out


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ("jan_2024.csv third.csv", "third.csv: Neither its name nor a column says which month it is of."),
        ("jan_2024.csv mar_2024.csv", "mar_2024.csv: The model needs"),
        ("jan_2024.csv same_2024_05.csv", "same_2024_05.csv: Its content is that of jan_2024.csv."),
        ("jan_2024.csv 2024-01=feb_2024.csv", "feb_2024.csv: It is of 2024-01, as jan_2024.csv is."),
        ("2024-13=third.csv", "third.csv: 2024-13 is no month."),
        ("none.csv", "none.csv"),
    ],
)
def test_a_file_that_cannot_be_used_ends_the_command_and_writes_nothing(capsys, files, said):
    assert run(f"months {files} --model model.json --out later") == 2
    assert said in capsys.readouterr().err
    assert not Path("later").exists()


def test_changes_are_written_and_persons_only_when_asked_for(capsys):
    assert run("months jan_2024.csv feb_2024.csv --model model.json --out later") == 0
    out = capsys.readouterr().out
    assert "From 2024-01 to 2024-02, with the 95% interval of each change:" in out
    assert "40 →        41   +1\n" in out
    assert "New, and mass affluent" in out
    rows = table("later/changes.csv")
    assert [(row["figure"], row["segment"]) for row in rows][:2] == [("customers", ""), ("mass_affluent", "")]
    assert float(rows[1]["low"]) < float(rows[1]["change"]) < float(rows[1]["high"])
    assert not Path("later/mass_affluent_moves.csv").exists()
    assert run("months jan_2024.csv feb_2024.csv --model model.json --list --out later") == 0
    people = table("later/mass_affluent_moves.csv")
    assert {row["customer_id"] for row in people if row["what"] == "New, and mass affluent"} == {"90", "91", "92"}
    assert [row["reason"] for row in people if row["customer_id"] == "0"] == ["rose"]
